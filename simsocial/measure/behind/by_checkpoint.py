"""P(behind by d): the share of replications that have fallen behind, from checkpoint to checkpoint (R52)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simsocial.measure.behind.definitions import STAGE_BEHIND_BY, TEAM_BEHIND_BY, AtCheckpoints
from simsocial.measure.behind.path import Path, TeamPath, team_paths
from simsocial.measure.rows import Row
from simsocial.measure.series import SeriesTable
from simsocial.measure.stats import wilson


def by_checkpoint(replications: Sequence[Sequence[Path]], *, confidence: float = 0.95) -> tuple[SeriesTable, ...]:
    """Return P(behind by d) of every stage, then of every team, or of teams named together.

    Parameters
    ----------
    replications
        In each, one path per stage.
    confidence
        Of the intervals; each holds for its own checkpoint, not for all together.

    Returns
    -------
    tuple of SeriesTable
        One row each, at its own checkpoints; what has none is left out.
    """
    stages = [_row(STAGE_BEHIND_BY, stream=path.stage.stream, step=path.stage.step) for path in replications[0]]
    teams = [_row(TEAM_BEHIND_BY, team=path.stages[0].team) for path in team_paths(replications[0])]
    fared = [*zip(*replications, strict=True), *zip(*map(team_paths, replications), strict=True)]
    tables = (_behind_by(row, paths, confidence) for row, paths in zip(stages + teams, fared, strict=True))
    return tuple(table for table in tables if len(table.start))


def _row(measure: AtCheckpoints, *, stream: str = "", step: str = "", team: str = "") -> Row:
    return Row(stream, step, team, measure.name, measure.unit, measure.kind)


def _behind_by(row: Row, paths: Sequence[Path | TeamPath], confidence: float) -> SeriesTable:
    """Return the share of ``paths``, one per replication, whose first onset is at or before each checkpoint."""
    checkpoints = paths[0].checkpoints
    counts = np.sort([path.first_onset for path in paths]).searchsorted(checkpoints, side="right")
    met, where = np.unique(counts, return_inverse=True)
    estimates = [wilson(count, len(paths), confidence) for count in met.tolist()]
    value, low, high = np.array([(each.value, each.low, each.high) for each in estimates]).reshape(-1, 3).T[:, where]
    return SeriesTable(
        (row,), checkpoints, value[np.newaxis], low[np.newaxis], high[np.newaxis], confidence, len(paths)
    )
