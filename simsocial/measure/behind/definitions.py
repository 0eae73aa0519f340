"""Measures of falling behind, each defined once (R50–R52)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from simsocial.measure.behind.path import Path, TeamPath
from simsocial.measure.definitions import Entity, Kind
from simsocial.measure.series_definitions import SeriesMeasure
from simsocial.units import DAY


@dataclass(frozen=True)
class BehindMeasure:
    """A measure of a stage, or of a team, and its definition.

    Parameters
    ----------
    name
        As in tables.
    unit
        Of the value; empty for shares.
    kind
        How it is estimated from the replications.
    definition
        In one sentence.
    numerator
        Value of one replication's path, NaN where it has none; of a ratio, the numerator.
    denominator
        Of a ratio.
    """

    name: str
    unit: str
    kind: Kind
    definition: str
    numerator: Callable[[Any], float]
    denominator: Callable[[Any], float] | None = None


def _falls_behind(path: Path | TeamPath) -> float:
    return float(math.isfinite(path.first_onset))


def _behind_at_the_end(path: Path | TeamPath) -> float:
    return float(math.isfinite(path.onset_for_good))


TEAM: Final = (
    BehindMeasure(
        "p_behind", "", Kind.SHARE, "Share of replications that fall behind within the horizon (R50).", _falls_behind
    ),
    BehindMeasure(
        "first_onset", "days", Kind.QUANTILE,
        "Start of the first stay behind, days from the start of the run: the median over replications, infinite where "
        "fewer than half fall behind within the horizon (R52).",
        lambda path: path.first_onset / DAY,
    ),
    BehindMeasure(
        "p_behind_for_good", "", Kind.SHARE, "Share of replications that are behind at the horizon.", _behind_at_the_end
    ),
    BehindMeasure(
        "onset_for_good", "days", Kind.QUANTILE,
        "Start of the stay behind that is open at the horizon, days from the start of the run: the median over "
        "replications, infinite where fewer than half are behind at the horizon (R52).",
        lambda path: path.onset_for_good / DAY,
    ),
)  # fmt: skip
"""Of stages, and of teams: a team is behind with the first of the stages that it alone serves (R51)."""

STAGE: Final = (
    *TEAM,
    BehindMeasure(
        "days_ahead", "checkpoints", Kind.MEAN,
        "Checkpoints before the first onset, all of them when there is none (R52).",
        lambda path: path.days_ahead,
    ),
    BehindMeasure("episodes", "episodes", Kind.MEAN, "Stays behind (R50).", lambda path: len(path.episodes)),
    BehindMeasure(
        "drain_time", "checkpoints", Kind.RATIO,
        "Mean length of a stay behind that ended within the horizon (R52).",
        lambda path: sum(path.drains), lambda path: len(path.drains),
    ),
    BehindMeasure(
        "late_share", "", Kind.MEAN, "Share of the checkpoints at which the stage was late (R49).",
        lambda path: path.late_share,
    ),
    BehindMeasure(
        "struggling", "", Kind.SHARE,
        "Share of replications that are late on at least a third of the checkpoints outside their stays behind (R50).",
        lambda path: float(path.struggling),
    ),
)  # fmt: skip
"""Of stages."""


@dataclass(frozen=True, eq=False)
class AtCheckpoints(SeriesMeasure):
    """A share of replications for every checkpoint, in the place of a reporting interval."""

    kind = Kind.SHARE


STAGE_BEHIND_BY: Final = AtCheckpoints(
    "behind_by", "", Entity.STEP,
    "P(behind by d): share of replications whose first stay behind began at or before the checkpoint in `start` (R52).",
)  # fmt: skip
TEAM_BEHIND_BY: Final = AtCheckpoints(
    "behind_by", "", Entity.TEAM, "The same for the first of the steps that the team, or teams together, serve (R51)."
)  # fmt: skip
