"""Falling behind over replications: how probably, how soon and for how long, with intervals (R51, R52)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.measure.behind.definitions import STAGE, TEAM, BehindMeasure
from simsocial.measure.behind.path import Path, TeamPath, team_paths
from simsocial.measure.behind.stages import Stage, served_together
from simsocial.measure.measures import estimate
from simsocial.measure.rows import Row
from simsocial.measure.stats import Estimate

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Outlook:
    """When something falls behind: the measures of :data:`~simsocial.measure.behind.definitions.TEAM`."""

    p_behind: Estimate
    first_onset: Estimate
    p_behind_for_good: Estimate
    onset_for_good: Estimate


@dataclass(frozen=True)
class StageOutlook(Outlook):
    """What the replications say together about a stage.

    The other fields are the measures of :data:`~simsocial.measure.behind.definitions.STAGE`.

    Parameters
    ----------
    stage
        The stage.
    """

    days_ahead: Estimate
    episodes: Estimate
    drain_time: Estimate
    late_share: Estimate
    struggling: Estimate
    stage: Stage


@dataclass(frozen=True)
class TeamOutlook(Outlook):
    """What the replications say together about a team, or about the teams that serve some stages together (R51).

    Parameters
    ----------
    stages
        The stages that these teams, and no others, serve.
    """

    stages: tuple[Stage, ...]


def rows(stages: Sequence[Stage]) -> tuple[Row, ...]:
    """Return the rows of tables: every stage, then every team or teams named together (``desk + pool``)."""
    of_stages = [Row(s.stream, s.step, "", each.name, each.unit, each.kind) for s in stages for each in STAGE]
    together = [stages[served[0]].team for served in served_together(stages)]
    return (*of_stages, *(Row("", "", team, each.name, each.unit, each.kind) for team in together for each in TEAM))


def evaluate(paths: Sequence[Path]) -> tuple[Floats, Floats]:
    """Return the values of one replication.

    Parameters
    ----------
    paths
        One per stage.

    Returns
    -------
    numerator, denominator
        Shape (rows,) each, in the order of :func:`rows`; the denominator is 1 except for ratios.
    """
    of_stages = [(each, path) for path in paths for each in STAGE]
    return _values([*of_stages, *((each, team) for team in team_paths(paths) for each in TEAM)])


def stage_outlook(paths: Sequence[Path], *, confidence: float = 0.95) -> StageOutlook:
    """Put together what happened to one stage, one path per replication (R43)."""
    assert len({path.stage.name for path in paths}) == 1, "paths of one stage, one per replication"
    return StageOutlook(stage=paths[0].stage, **_estimates(STAGE, paths, confidence))


def team_outlooks(replications: Sequence[Sequence[Path]], *, confidence: float = 0.95) -> tuple[TeamOutlook, ...]:
    """Put together what happened to the teams.

    Parameters
    ----------
    replications
        In each, one path per stage.
    confidence
        Of the intervals.
    """
    by_team = zip(*map(team_paths, replications), strict=True)
    return tuple(TeamOutlook(stages=of[0].stages, **_estimates(TEAM, of, confidence)) for of in by_team)


def _estimates(
    measures: Sequence[BehindMeasure], replications: Sequence[Path | TeamPath], confidence: float
) -> dict[str, Estimate]:
    values = {each.name: (each.kind, *_values([(each, path) for path in replications])) for each in measures}
    return {name: estimate(*of, confidence) for name, of in values.items()}


def _values(asked: Sequence[tuple[BehindMeasure, Path | TeamPath]]) -> tuple[Floats, Floats]:
    numerator = np.array([each.numerator(path) for each, path in asked], np.float64)
    denominator = np.array([each.denominator(path) if each.denominator else 1.0 for each, path in asked], np.float64)
    return numerator, denominator
