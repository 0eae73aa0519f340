"""The fluid forecast: expected work of every stage against the net capacity of its people, week by week (R53)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.measure.behind.stages import Stage, stages
from simsocial.measure.offered import Offered, offered
from simsocial.model.capacity import Capacity, capacity, rankings_serving
from simsocial.model.desk import Desk
from simsocial.model.outages import up_share
from simsocial.model.roster import Roster
from simsocial.model.scenario import Scenario
from simsocial.units import WEEK

Ticks = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

ROUNDING = 1e-9
"""Work is larger than capacity only beyond this relative difference, so that equal sums of fractions stay equal."""


@dataclass(frozen=True, eq=False)
class StageForecast:
    """One stage; shapes (weeks,).

    Parameters
    ----------
    stage
        The stage.
    visits
        Expected visits, rework included.
    work
        Their expected work, ticks at pace 1, work factor included.
    capacity
        Net capacity of the windows that serve it, ticks at pace 1.
    competing
        Queues that its teams rank above or equal to it and no other team serves.
    load
        Work plus that of the competing queues.
    shared_capacity
        Net capacity of its teams' windows that serve any of these.
    """

    stage: Stage
    visits: Floats
    work: Floats
    capacity: Floats
    competing: tuple[int, ...]
    load: Floats
    shared_capacity: Floats

    @property
    def overloaded_alone(self) -> npt.NDArray[np.bool_]:
        """Shape (weeks,), whether its own work is more than the people who serve it can do."""
        return np.asarray(self.work > self.capacity * (1 + ROUNDING))

    @property
    def overloaded(self) -> npt.NDArray[np.bool_]:
        """Shape (weeks,), whether more work is expected than its people can do."""
        return np.asarray(self.overloaded_alone | (self.load > self.shared_capacity * (1 + ROUNDING)))

    @property
    def first_overloaded(self) -> int | None:
        """Index of the first overloaded week, ``None`` when there is none."""
        return int(self.overloaded.argmax()) if self.overloaded.any() else None


@dataclass(frozen=True, eq=False)
class TeamForecast:
    """One team; shapes (weeks,).

    Parameters
    ----------
    name
        Its name.
    work
        Expected work of the queues that only this team serves, ticks at pace 1.
    capacity
        Net capacity, ticks at pace 1.
    on_duty
        Slot time on duty, ticks.
    """

    name: str
    work: Floats
    capacity: Floats
    on_duty: Ticks


@dataclass(frozen=True, eq=False)
class Forecast:
    """What is expected in every week.

    Parameters
    ----------
    edges
        Shape (weeks + 1,), ticks: see :func:`weeks`.
    offered
        Messages, visits and work.
    stages, teams
        In the scenario's order; steps served by nobody are no stages.
    """

    edges: Ticks
    offered: Offered
    stages: tuple[StageForecast, ...]
    teams: tuple[TeamForecast, ...]


def weeks(horizon: int) -> Ticks:
    """Return the edges of the forecast's weeks, ticks from the start; what is left at the end joins the last week.

    By itself a Sunday would look overloaded, just because its work waits for Monday.
    """
    return np.array([*range(0, horizon - WEEK + 1, WEEK), horizon] if horizon >= WEEK else [0, horizon])


def forecast(scenario: Scenario, roster: Roster) -> Forecast:
    """Compare expected work with expected capacity in every week of a run (R53).

    A message counts with all its rework in the week in which it arrives, at the factors of that week; nobody leaves or
    expires.

    Parameters
    ----------
    scenario
        Streams and desk.
    roster
        The planned one; of its time the share that is missed at random is left out (R84, R109).
    """
    desk, edges = scenario.desk, weeks(scenario.horizon)
    coming = offered(scenario, roster, edges)
    able = _present(scenario, capacity(roster, rankings=len(desk.rankings), edges=edges))
    return Forecast(
        edges=edges,
        offered=coming,
        stages=tuple(_of_stage(desk, stage, coming, able) for stage in stages(scenario)),
        teams=tuple(_of_team(desk, team, coming, able) for team in range(len(desk.teams))),
    )


def _present(scenario: Scenario, planned: Capacity) -> Capacity:
    """Return what is expected of planned capacity when agents are absent and things fail at random (R84, R109)."""
    present = np.array([_present_share(scenario, ranking.team) for ranking in scenario.desk.rankings]).reshape(-1, 1)
    return Capacity(on_duty=np.rint(planned.on_duty * present).astype(np.int64), net=planned.net * present)


def _present_share(scenario: Scenario, team: int) -> float:
    """Return the share of a team's planned time on duty in which its people are there and nothing fails (R84, R109)."""
    outages = (outage for outage in scenario.outages if team in outage.teams)
    return (1 - scenario.teams[team].absent_share) * up_share(outages)


def _of_stage(desk: Desk, stage: Stage, coming: Offered, able: Capacity) -> StageForecast:
    own = list(stage.queues)
    competing = _before_or_beside(desk, stage)
    counted = [*own, *competing]
    sharing = [index for index in rankings_serving(desk, counted) if desk.rankings[index].team in stage.teams]
    return StageForecast(
        stage=stage,
        visits=coming.visits[own].sum(axis=0),
        work=coming.work[own].sum(axis=0),
        capacity=able.net[list(stage.rankings)].sum(axis=0),
        competing=tuple(competing),
        load=coming.work[counted].sum(axis=0),
        shared_capacity=able.net[sharing].sum(axis=0),
    )


def _before_or_beside(desk: Desk, stage: Stage) -> list[int]:
    """Return the queues that the stage's teams rank above or equal to it and that no other team serves."""
    ranked: set[int] = set()
    for ranking in (desk.rankings[index] for index in stage.rankings):
        last = max(
            place for place, group in enumerate(ranking.groups) if not set(stage.queues).isdisjoint(group.queues)
        )
        ranked.update(queue for group in ranking.groups[: last + 1] for queue in group.queues)
    return sorted(queue for queue in ranked.difference(stage.queues) if _teams(desk, queue) <= set(stage.teams))


def _of_team(desk: Desk, team: int, coming: Offered, able: Capacity) -> TeamForecast:
    mine = [index for index, ranking in enumerate(desk.rankings) if ranking.team == team]
    alone = [queue for queue in range(len(desk.queues)) if _teams(desk, queue) == {team}]
    return TeamForecast(
        name=desk.teams[team],
        work=coming.work[alone].sum(axis=0),
        capacity=able.net[mine].sum(axis=0),
        on_duty=able.on_duty[mine].sum(axis=0),
    )


def _teams(desk: Desk, queue: int) -> set[int]:
    return {desk.rankings[index].team for index in rankings_serving(desk, [queue])}
