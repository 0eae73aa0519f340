"""What may be meant, but should be looked at: who is missing when, where, and against which promise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from simsocial.draw.people.shifts import deal
from simsocial.draw.roster import RosterPlan
from simsocial.measure.coming import expected_messages
from simsocial.measure.fluid import Forecast
from simsocial.model.adoption import Adoption
from simsocial.model.desk import Route
from simsocial.model.promises import Measured, Promise
from simsocial.model.roster import Roster
from simsocial.model.scenario import Scenario
from simsocial.model.streams import Stream
from simsocial.model.teams import Team
from simsocial.study.check.concerns import Concern as Concern
from simsocial.study.check.concerns import Remark as Remark
from simsocial.study.check.coverage import beyond_reach, gaps, in_normal_week, uncovered
from simsocial.study.check.rota_remarks import slips
from simsocial.study.check.short_files import short_file, short_rota
from simsocial.units import HOUR, WEEK, format_amount, format_duration

Ticks = npt.NDArray[np.int64]

FAR_TOO_MUCH: Final = 2
"""A stage with so many times the work that its people can do in a run is no plan (R65)."""


def remarks(scenario: Scenario, plan: RosterPlan, made: Forecast) -> Iterator[Remark]:
    """Yield what should be looked at in a scenario."""
    roster = plan.planned
    yield from _open_without_people(scenario, roster, made)
    for index in range(len(scenario.streams)):
        yield from _beyond_reach(scenario, index, roster, made)
    yield from _unserved(scenario, roster, made)
    yield from _overloaded(made)
    for index, (team, time) in enumerate(zip(scenario.teams, plan.times, strict=True)):
        yield from _miscounted(team)
        yield from _leave_owed(team, time.leave_owed)
        yield from short_rota(scenario, index)
        if team.rota is not None and team.names:
            yield from (Remark(Concern.ROTA_SLIP, team.name, text) for text in slips(scenario, team.rota))
    for stream, route in zip(scenario.streams, scenario.desk.routes, strict=True):
        yield from _uncharged(stream, route)
        yield from short_file(scenario, stream)
    for adoption in scenario.adoptions:
        yield from _too_few_classes(scenario, adoption)


def _open_without_people(scenario: Scenario, roster: Roster, made: Forecast) -> Iterator[Remark]:
    """Yield the calendars that count a stage's promises in hours in which nobody who serves it is on duty."""
    for stage in (one.stage for one in made.stages):
        promises = [promise for stream in scenario.streams for promise in stream.promises]
        counting = {promises[row].calendar for row in stage.promises} - {None}
        for calendar in (one for index, one in enumerate(scenario.calendars) if index in counting):
            empty = gaps(scenario.desk, roster, stage.queues, but_meetings=True)
            missed, first = uncovered(calendar, empty, horizon=scenario.horizon)
            if missed:
                hours = format_amount(missed / HOUR / (scenario.horizon / WEEK))
                text = (
                    f"nobody who serves it is on duty in {hours} open hours a week of calendar {calendar.name}, "
                    f"first from {scenario.when(first):%a %Y-%m-%d %H:%M}"
                )
                yield Remark(Concern.NOBODY_ON_DUTY, stage.name, text)


def _beyond_reach(scenario: Scenario, index: int, roster: Roster, made: Forecast) -> Iterator[Remark]:
    """Yield the promises of elapsed time that must break for want of people at their stage, or at the first one."""
    stream, route = scenario.streams[index], scenario.desk.routes[index]
    for promise, step in _elapsed_promises(stream, route):
        empty = gaps(scenario.desk, roster, [route.steps[step].queue])
        spells = beyond_reach(empty, within=promise.within or 0, horizon=scenario.horizon)
        coming = np.diff(expected_messages(scenario, index, spells)).ravel()
        if promise.measured is not Measured.STEP:  # a step's counts from joining it, whenever that is (R7)
            spells = spells[coming > 0]
        if len(spells):
            where, needed = f"{stream.name}.{route.steps[step].name}", stream.steps[step].share < 1
            yield Remark(Concern.BEYOND_REACH, where, _broken(scenario, promise, spells, made.edges, needed=needed))


def _elapsed_promises(stream: Stream, route: Route) -> Iterator[tuple[Promise, int]]:
    """Yield promises of elapsed time, each with the steps whose queue people must reach in time for it."""
    for promise in stream.promises:
        if promise.calendar is None and promise.within is not None and route.steps:
            steps = {promise.step} if promise.measured is Measured.STEP else {0, promise.step}
            yield from ((promise, step) for step in sorted(steps) if not route.steps[step].nobody)


def _broken(scenario: Scenario, promise: Promise, spells: Ticks, edges: Ticks, *, needed: bool) -> str:
    weekly, within = in_normal_week(spells, edges), format_duration(promise.within or 0)
    hours = f"{format_amount(weekly / HOUR)} h of a normal week" if weekly else "some hours of some weeks"
    return (
        f"in {hours} nobody who serves it is on duty within the next {within}, "
        f"first from {scenario.when(spells[0, 0]):%a %Y-%m-%d %H:%M}: "
        f"what arrives then{' and needs it' if needed else ''} breaks {promise.name}"
    )


def _unserved(scenario: Scenario, roster: Roster, made: Forecast) -> Iterator[Remark]:
    desk, visits = scenario.desk, made.offered.visits.sum(axis=1)
    for queue in (queue for one in made.stages for queue in one.stage.queues):
        begin, end = gaps(desk, roster, [queue])[0]
        if visits[queue] > 0 and begin == 0 and end >= scenario.horizon:
            text = f"nobody on duty ever serves it; {format_amount(visits[queue])} visits are expected"
            yield Remark(Concern.UNSERVED, desk.queues[queue].name, text)


def _overloaded(made: Forecast) -> Iterator[Remark]:
    """Yield the stages with so much more work than capacity that something must have been written wrongly."""
    for stage in made.stages:
        pairs = (stage.work.sum(), stage.capacity.sum()), (stage.load.sum(), stage.shared_capacity.sum())
        times = max(float(work / can) for work, can in pairs if can > 0) if pairs[0][1] > 0 else 0.0
        if times >= FAR_TOO_MUCH:
            text = (
                f"{format_amount(times)} times as much work is expected over the run as those who serve it can do; "
                "is it the unit of a rate or of work, or the headcount?"
            )
            yield Remark(Concern.OVERLOADED, stage.stage.name, text)


def _miscounted(team: Team) -> Iterator[Remark]:
    """Yield a team whose shifts have counts (whole numbers, not all 1, which nobody may have written) that miss it."""
    weights, agents = [shift.weight for shift in team.shifts], int(team.headcount.at(0))
    counts = all(weight.is_integer() for weight in map(float, weights)) and sum(weights) > 1 and set(weights) != {1}
    if counts and sum(weights) != agents:
        dealt = deal(weights, agents)
        parts = ", ".join(f"{shift.name} {dealt.count(index)}" for index, shift in enumerate(team.shifts))
        text = f"the counts of its shifts add up to {sum(weights):.0f}, the headcount is {agents}: {parts}"
        yield Remark(Concern.COUNTS, team.name, text)


def _leave_owed(team: Team, owed: npt.NDArray[np.float64]) -> Iterator[Remark]:
    """Yield a team that earns more leave than it can take (R79): two weeks, or two dates, are owed in the end."""
    if team.leave is None or owed.max(initial=0.0) < 2 * (7 if team.leave.by_weeks else 1):
        return
    limit = "" if team.leave.at_once is None else f" with at most {team.leave.at_once} away at once"
    text = f"{format_amount(owed.max())} days of leave are owed to one agent in the end: more than can be taken{limit}"
    yield Remark(Concern.LEAVE_OWED, team.name, text)


def _uncharged(stream: Stream, route: Route) -> Iterator[Remark]:
    """Yield the promises that are charged to a step served by nobody: no stage can be late with them (R47)."""
    for promise in stream.promises:
        if route.steps and route.steps[promise.step].nobody:
            step = route.steps[promise.step].name
            text = f"is charged to step {step}, which nobody serves: breaking it makes no stage late"
            yield Remark(Concern.UNCHARGED, f"{stream.name}.{promise.name}", text)


def _too_few_classes(scenario: Scenario, adoption: Adoption) -> Iterator[Remark]:
    """Yield an adoption that trainers hold up: somebody waits at an instant at which classes begin (R101)."""
    instants = np.append(np.unique(adoption.taught[adoption.taught < scenario.horizon]), scenario.horizon - 1)
    left = adoption.waiting(instants)
    if adoption.trainers is not None and left.max() > 0:
        called = adoption.called[adoption.called < scenario.horizon]
        taught = np.append(adoption.taught, np.full(len(adoption.called), scenario.horizon))[: len(called)]
        longest = int((taught.clip(max=scenario.horizon) - called).max())
        when = scenario.when(instants[left.argmax()])
        text = (
            f"up to {left.max():,} employees wait for a class, on {when:%a %Y-%m-%d}, "
            f"and one of them for {format_duration(longest)}; write more trainers, or larger classes"
        )
        yield Remark(Concern.CLASSES, adoption.name, text)
