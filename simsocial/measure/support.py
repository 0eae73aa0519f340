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
        At the start, and at the horizon.
    carried
        The largest ratio before the first onset, over the replications; infinite where fewer than half fall behind;
        ``None`` for trainers.
    """

    team: str
    adoption: str
    people: tuple[int, int]
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


def support_ratio(scenario: Scenario, teams: Sequence[int], instant: npt.ArrayLike) -> Floats:
    """Return enabled employees per person of ``teams`` (indexes); any shape, ticks; infinite without people."""
    people = sum((scenario.teams[team].positions(instant) for team in teams), start=np.zeros(np.shape(instant)))
    with np.errstate(divide="ignore", invalid="ignore"):  # nobody for nobody is no number
        ratio: Floats = enabled_of(scenario.adoptions, instant) / people
    return ratio


def _of_teams(scenario: Scenario, replications: Sequence[TeamPath]) -> Support:
    stage, ends = replications[0].stages[0], np.array([0, scenario.horizon - 1])
    people = sum(scenario.teams[team].positions(ends) for team in stage.teams)
    carried = [_carried(scenario, path) for path in replications]
    return Support(
        team=stage.team,
        adoption="",
        people=_pair(people),
        enabled=_pair(enabled_of(scenario.adoptions, ends)),
        carried=order_quantile(np.array(carried), 0.5, scenario.run.confidence),
    )


def _carried(scenario: Scenario, path: TeamPath) -> float:
    """Return the largest ratio at the start and the checkpoints before the first onset; infinite without one."""
    if math.isinf(path.first_onset):
        return math.inf
    ahead = path.checkpoints[path.checkpoints < path.first_onset] - 1  # R48: at midnight, the day before it
    return float(support_ratio(scenario, path.stages[0].teams, np.append(0, ahead)).max())


def _of_trainers(scenario: Scenario, adoption: Adoption) -> Support:
    assert adoption.trainers is not None, "only who has classes has trainers"
    ends = np.array([0, scenario.horizon - 1])
    return Support("", adoption.name, _pair(adoption.trainers.at(ends)), _pair(adoption.at(ends)))


def _pair(values: npt.ArrayLike) -> tuple[int, int]:
    start, horizon = np.asarray(values).astype(np.int64).tolist()
    return start, horizon


def _per(enabled: int, people: int) -> float:
    return enabled / people if people else math.nan if not enabled else math.inf
