"""How one stage fared in one replication: late or not, its stays behind, and when they began (R50, R52)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from simsocial.measure.behind.episodes import Episode, episodes, struggling
from simsocial.measure.behind.lateness import lateness
from simsocial.measure.behind.stages import Stage, Ticks, served_together
from simsocial.measure.people import people
from simsocial.model.roster import Roster
from simsocial.model.scenario import Scenario
from simsocial.model.tallies import Tallies

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

NOT_WITHIN_THE_HORIZON = math.inf
"""The instant of an onset that did not come before the horizon: later than every instant that did."""


@dataclass(frozen=True, eq=False)
class Path:
    """One stage in one replication.

    Parameters
    ----------
    stage
        The stage.
    late
        Shape (checkpoints,).
    episodes
        Its stays behind, in order.
    people
        Shape (checkpoints + 2,): how many its teams have at the start, just before each checkpoint, and just before the
        horizon (R103); empty without adoption.
    """

    stage: Stage
    late: Bools = field(repr=False)
    episodes: tuple[Episode, ...]
    people: Floats = field(repr=False, default_factory=lambda: np.empty(0))

    @classmethod
    def of(cls, stage: Stage, late: Bools, *, persistence: int, people: Floats | None = None) -> Path:
        """Find the episodes of ``late`` (R50)."""
        return cls(stage, late, episodes(late, persistence), np.empty(0) if people is None else people)

    @property
    def checkpoints(self) -> Ticks:
        """Those of the stage."""
        return self.stage.checkpoints

    @property
    def first_onset(self) -> float:
        """Start of the first episode, ticks; infinite when there is none."""
        return self._start(self.episodes[:1])

    @property
    def onset_for_good(self) -> float:
        """Start of the episode that is open at the horizon, ticks; infinite when there is none."""
        return self._start(tuple(stay for stay in self.episodes if stay.end is None))

    @property
    def days_ahead(self) -> int:
        """Checkpoints before the first onset; all of them when there is none (R52)."""
        return self.episodes[0].start if self.episodes else len(self.late)

    @property
    def drains(self) -> tuple[int, ...]:
        """Lengths of the closed episodes, in checkpoints (R52)."""
        return tuple(stay.end - stay.start for stay in self.episodes if stay.end is not None)

    @property
    def drain_ticks(self) -> tuple[int, ...]:
        """Lengths of the closed episodes, ticks."""
        at = self.stage.checkpoints
        return tuple(int(at[stay.end] - at[stay.start]) for stay in self.episodes if stay.end is not None)

    @property
    def late_share(self) -> float:
        """Share of the checkpoints that were late; not a number without checkpoints."""
        return np.count_nonzero(self.late) / len(self.late) if len(self.late) else math.nan

    @property
    def struggling(self) -> bool:
        """Whether it was late on at least a third of the checkpoints outside episodes (R50)."""
        return struggling(self.late, self.episodes)

    def _start(self, stays: tuple[Episode, ...]) -> float:
        return float(self.stage.checkpoints[stays[0].start]) if stays else NOT_WITHIN_THE_HORIZON


@dataclass(frozen=True, eq=False)
class TeamPath:
    """A team, or teams named together, in one replication: behind as soon as one of its stages is (R51)."""

    paths: tuple[Path, ...]
    first_onset: float
    onset_for_good: float

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Those that they serve."""
        return tuple(path.stage for path in self.paths)

    @property
    def checkpoints(self) -> Ticks:
        """Those of all the stages, in order."""
        return np.unique(np.concatenate([stage.checkpoints for stage in self.stages]))


def team_paths(paths: Sequence[Path]) -> tuple[TeamPath, ...]:
    """Return how the teams fared in a replication, from one path per stage; in the order of the teams."""
    groups = [[paths[index] for index in served] for served in served_together([path.stage for path in paths])]
    return tuple(
        TeamPath(
            paths=tuple(group),
            first_onset=min(path.first_onset for path in group),
            onset_for_good=min(path.onset_for_good for path in group),
        )
        for group in groups
    )


def paths(scenario: Scenario, stages: Sequence[Stage], tallies: Tallies, roster: Roster) -> tuple[Path, ...]:
    """Return how each of ``stages`` fared in the replication of ``tallies`` and ``roster``; one path per stage."""
    return next(paths_of_several(scenario, stages, tallies.as_several(), [roster]))


def paths_of_several(
    scenario: Scenario, stages: Sequence[Stage], tallies: Tallies, rosters: Sequence[Roster]
) -> Iterator[tuple[Path, ...]]:
    """Yield how each of ``stages`` fared in each of several replications."""
    flags, persistence = lateness(scenario, stages, tallies, rosters), scenario.run.persistence
    for number, roster in enumerate(rosters):
        pairs = zip(stages, flags, strict=True)
        yield tuple(
            Path.of(stage, late[number], persistence=persistence, people=_people(scenario, stage, roster))
            for stage, late in pairs
        )


def _people(scenario: Scenario, stage: Stage, roster: Roster) -> Floats | None:
    """Return how many there are before each checkpoint (R48: at midnight, the day before it); none without adoption."""
    if not scenario.adoptions:
        return None
    return people(scenario, roster, stage.teams, np.array([0, *stage.checkpoints - 1, scenario.horizon - 1]))
