"""The support ratio: enabled employees per person who supports them, now and as many as are carried (R103)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.measure.behind.path import Path, TeamPath, team_paths
from simsocial.measure.stats import Estimate, order_quantile
from simsocial.model.adoption import Adoption, enabled_of
from simsocial.model.scenario import Scenario

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Support:
    """Enabled employees per person of one team, of teams named together, or per trainer.

    Parameters
    ----------
    team
        ``desk``, or ``desk + pool``; empty for trainers.
    adoption
        Whose trainers they are; empty for teams, which support the employees of all adoptions.
    people, enabled
        At the start, and at the horizon; people are means over the replications.
    carried
        The largest ratio before the first onset, over the replications; infinite where fewer than half fall behind;
        ``None`` for trainers.
    """

    team: str
    adoption: str
    people: tuple[float, float]
    enabled: tuple[int, int]
    carried: Estimate | None = None

    @property
    def ratios(self) -> tuple[float, float]:
        """At the start, and at the horizon."""
        start, horizon = (_per(*pair) for pair in zip(self.enabled, self.people, strict=True))
        return start, horizon


def support(scenario: Scenario, paths: Sequence[Sequence[Path]]) -> tuple[Support, ...]:
    """Return the support ratios of teams, then of trainers; none without adoption.

    Parameters
    ----------
    scenario
        What was run.
    paths
        In each replication, one per stage.
    """
    if not scenario.adoptions:
        return ()
    by_team = zip(*map(team_paths, paths), strict=True)
    teams = tuple(_of_teams(scenario, replications) for replications in by_team)
    return teams + tuple(_of_trainers(scenario, each) for each in scenario.adoptions if each.trainers is not None)


def support_ratio(scenario: Scenario, people: Floats, instant: npt.ArrayLike) -> Floats:
    """Return enabled employees per person at an instant, any shape, ticks; infinite without people."""
    with np.errstate(divide="ignore", invalid="ignore"):  # nobody for nobody is no number
        ratio: Floats = enabled_of(scenario.adoptions, instant) / people
    return ratio


def _of_teams(scenario: Scenario, replications: Sequence[TeamPath]) -> Support:
    there = np.array([path.paths[0].people[[0, -1]] for path in replications]).mean(axis=0)
    carried = [_carried(scenario, path) for path in replications]
    return Support(
        team=replications[0].stages[0].team,
        adoption="",
        people=(float(there[0]), float(there[1])),
        enabled=_pair(enabled_of(scenario.adoptions, np.array([0, scenario.horizon - 1]))),
        carried=order_quantile(np.array(carried), 0.5, scenario.run.confidence),
    )


def _carried(scenario: Scenario, of_team: TeamPath) -> float:
    """Return the largest ratio at the start and the checkpoints before the first onset; infinite without one."""
    if math.isinf(of_team.first_onset):
        return math.inf
    return max(_largest_before(scenario, path, of_team.first_onset) for path in of_team.paths)


def _largest_before(scenario: Scenario, path: Path, onset: float) -> float:
    ahead = path.checkpoints[path.checkpoints < onset] - 1
    ratio = support_ratio(scenario, path.people[: len(ahead) + 1], np.append(0, ahead))
    return float(ratio.max())


def _of_trainers(scenario: Scenario, adoption: Adoption) -> Support:
    assert adoption.trainers is not None, "only who has classes has trainers"
    ends = np.array([0, scenario.horizon - 1])
    return Support("", adoption.name, _pair(adoption.trainers.at(ends)), _pair(adoption.at(ends)))


def _pair(values: npt.ArrayLike) -> tuple[int, int]:
    start, horizon = np.asarray(values).astype(np.int64).tolist()
    return start, horizon


def _per(enabled: int, people: float) -> float:
    return enabled / people if people else math.nan if not enabled else math.inf
