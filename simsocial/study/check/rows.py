"""Load against capacity as rows: streams, stages and teams, over the run and week by week."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from simsocial.measure.fluid import Forecast, StageForecast, TeamForecast
from simsocial.measure.people import mean_people
from simsocial.model.desk import Desk
from simsocial.model.roster import Roster
from simsocial.model.scenario import Scenario
from simsocial.study.check.coverage import lost_before_duty
from simsocial.units import HOUR, WEEK


@dataclass(frozen=True)
class StreamLoad:
    """A stream.

    Parameters
    ----------
    stream
        Name.
    messages
        Expected in the whole run, noise included.
    messages_per_week
        Mean over the run.
    noise_share
        Share that is noise (R17).
    lost_before_duty
        Share whose patience ends before anyone who serves their first step is on duty.
    """

    stream: str
    messages: float
    messages_per_week: float
    noise_share: float
    lost_before_duty: float


@dataclass(frozen=True)
class StageLoad:
    """A stage, rework included.

    Parameters
    ----------
    stage
        ``<stream>.<step>``.
    teams
        Those that serve it.
    visits_per_week, hours_per_week
        Expected visits and work at pace 1, means over the run.
    busiest_hours
        Work per week in the week with the most (the last one may be longer than seven days).
    erlangs
        Work over elapsed time: agents at pace 1 that it would keep busy day and night.
    capacity_hours
        Net capacity of the windows that serve it, mean per week.
    overloaded_weeks, first_overloaded
        R53: how many weeks are overloaded; date and time at which the first one begins.
    filled_by
        Of the stages ranked above or beside it, the one with the most work in that week; ``None`` when its own work is
        too much by itself.
    """

    stage: str
    teams: tuple[str, ...]
    visits_per_week: float
    hours_per_week: float
    busiest_hours: float
    erlangs: float
    capacity_hours: float
    overloaded_weeks: int
    first_overloaded: dt.datetime | None
    filled_by: str | None


@dataclass(frozen=True)
class TeamLoad:
    """A team.

    Parameters
    ----------
    team
        Name.
    agents
        People, averaged over the run; of a team with careers those whom the planned roster has (R93).
    on_duty_hours
        Slot time, mean per week.
    capacity_hours, least_capacity_hours
        Net capacity (slot time ÷ pace), mean per week and in the week with the least.
    hours_per_week
        Expected work of the queues that only this team serves, mean over the run.
    """

    team: str
    agents: float
    on_duty_hours: float
    capacity_hours: float
    least_capacity_hours: float
    hours_per_week: float


@dataclass(frozen=True)
class StageWeek:
    """A stage in one week, in hours of work at pace 1: a row of its :class:`~simsocial.measure.fluid.StageForecast`."""

    stage: str
    week: int
    start: dt.datetime
    visits: float
    hours: float
    capacity_hours: float
    load_hours: float
    shared_capacity_hours: float
    overloaded: bool


@dataclass(frozen=True)
class TeamWeek:
    """A team in one week: slot hours on duty, net capacity, and the hours of work that only it does."""

    team: str
    week: int
    start: dt.datetime
    on_duty_hours: float
    capacity_hours: float
    hours: float


def stream_load(scenario: Scenario, roster: Roster, made: Forecast, index: int) -> StreamLoad:
    """Sum up a stream, by its index."""
    messages = float(made.offered.messages[index].sum())
    return StreamLoad(
        stream=scenario.streams[index].name,
        messages=messages,
        messages_per_week=messages / _weeks(scenario),
        noise_share=1 - scenario.streams[index].actionable,
        lost_before_duty=lost_before_duty(scenario, roster, index),
    )


def stage_load(scenario: Scenario, made: StageForecast, forecast: Forecast) -> StageLoad:
    """Sum up a stage of a forecast."""
    work, weeks, edges = float(made.work.sum()), _weeks(scenario), forecast.edges
    return StageLoad(
        stage=made.stage.name,
        teams=made.stage.team_names,
        visits_per_week=float(made.visits.sum()) / weeks,
        hours_per_week=work / HOUR / weeks,
        busiest_hours=float((made.work / np.diff(edges)).max()) * WEEK / HOUR,
        erlangs=work / scenario.horizon,
        capacity_hours=float(made.capacity.sum()) / HOUR / weeks,
        overloaded_weeks=int(made.overloaded.sum()),
        first_overloaded=None if made.first_overloaded is None else scenario.when(edges[made.first_overloaded]),
        filled_by=_filled_by(scenario, made, forecast),
    )


def _filled_by(scenario: Scenario, made: StageForecast, forecast: Forecast) -> str | None:
    week = made.first_overloaded
    if week is None or made.overloaded_alone[week]:
        return None
    work: defaultdict[str, float] = defaultdict(float)
    for queue in made.competing:
        work[_stage_of(scenario.desk, queue)] += forecast.offered.work.item(queue, week)
    return max(work, key=work.__getitem__)


def _stage_of(desk: Desk, queue: int) -> str:
    route = desk.routes[desk.queues[queue].stream]
    return f"{route.stream}.{route.steps[desk.queues[queue].step].name}"


def team_load(scenario: Scenario, roster: Roster, index: int, made: Forecast) -> TeamLoad:
    """Sum up a team, by its index; ``roster`` is the planned one."""
    weeks, edges, forecast = _weeks(scenario), made.edges, made.teams[index]
    return TeamLoad(
        team=forecast.name,
        agents=mean_people(scenario, roster, index),
        on_duty_hours=float(forecast.on_duty.sum()) / HOUR / weeks,
        capacity_hours=float(forecast.capacity.sum()) / HOUR / weeks,
        least_capacity_hours=float((forecast.capacity / np.diff(edges)).min()) * WEEK / HOUR,
        hours_per_week=float(forecast.work.sum()) / HOUR / weeks,
    )


def stage_weeks(made: StageForecast, starts: list[dt.datetime]) -> Iterator[StageWeek]:
    """Yield a stage's weeks."""
    for week, start in enumerate(starts):
        yield StageWeek(
            stage=made.stage.name,
            week=week,
            start=start,
            visits=float(made.visits[week]),
            hours=float(made.work[week]) / HOUR,
            capacity_hours=float(made.capacity[week]) / HOUR,
            load_hours=float(made.load[week]) / HOUR,
            shared_capacity_hours=float(made.shared_capacity[week]) / HOUR,
            overloaded=bool(made.overloaded[week]),
        )


def team_weeks(made: TeamForecast, starts: list[dt.datetime]) -> Iterator[TeamWeek]:
    """Yield a team's weeks."""
    for week, start in enumerate(starts):
        yield TeamWeek(
            team=made.name,
            week=week,
            start=start,
            on_duty_hours=float(made.on_duty[week]) / HOUR,
            capacity_hours=float(made.capacity[week]) / HOUR,
            hours=float(made.work[week]) / HOUR,
        )


def _weeks(scenario: Scenario) -> float:
    return scenario.horizon / WEEK
