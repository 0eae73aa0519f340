"""What may be meant, but should be looked at: who is missing when, where, and against which promise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from simsocial.draw.roster import deal
from simsocial.measure.fluid import Forecast
from simsocial.model.desk import Route
from simsocial.model.roster import Roster
from simsocial.model.scenario import ReplayCounts, ReplayStamps, Scenario, Stream, Team
from simsocial.study.check.coverage import gaps, uncovered
from simsocial.units import DAY, HOUR, WEEK, format_amount, format_duration


class Concern(Enum):
    """What a remark is about."""

    NOBODY_ON_DUTY = "open hours with nobody on duty"
    UNSERVED = "a queue that nobody on duty serves"
    COUNTS = "shift counts that do not add up to the headcount"
    UNCHARGED = "a promise that makes no stage late"
    SHORT_FILE = "a replayed file that covers less than the run"


@dataclass(frozen=True)
class Remark:
    """Something that may be meant, but should be looked at.

    Parameters
    ----------
    concern
        What it is about.
    where
        Stage, queue, team, stream or promise.
    text
        A sentence.
    """

    concern: Concern
    where: str
    text: str


def remarks(scenario: Scenario, roster: Roster, made: Forecast) -> Iterator[Remark]:
    """Yield what should be looked at in a scenario."""
    yield from _open_without_people(scenario, roster, made)
    yield from _unserved(scenario, roster, made)
    for team in scenario.teams:
        yield from _miscounted(team)
    for stream, route in zip(scenario.streams, scenario.desk.routes, strict=True):
        yield from _uncharged(stream, route)
        yield from _short_file(scenario, stream)


def _open_without_people(scenario: Scenario, roster: Roster, made: Forecast) -> Iterator[Remark]:
    """Yield the calendars that count a stage's promises in hours in which nobody who serves it is on duty."""
    for stage in (one.stage for one in made.stages):
        promises = [promise for stream in scenario.streams for promise in stream.promises]
        counting = {promises[row].calendar for row in stage.promises} - {None}
        for calendar in (one for index, one in enumerate(scenario.calendars) if index in counting):
            missed, first = uncovered(calendar, gaps(scenario.desk, roster, stage.queues), horizon=scenario.horizon)
            if missed:
                hours = format_amount(missed / HOUR / (scenario.horizon / WEEK))
                text = (
                    f"nobody who serves it is on duty in {hours} open hours a week of calendar {calendar.name}, "
                    f"first from {scenario.when(first):%a %Y-%m-%d %H:%M}"
                )
                yield Remark(Concern.NOBODY_ON_DUTY, stage.name, text)


def _unserved(scenario: Scenario, roster: Roster, made: Forecast) -> Iterator[Remark]:
    desk, visits = scenario.desk, made.offered.visits.sum(axis=1)
    for queue in (queue for one in made.stages for queue in one.stage.queues):
        begin, end = gaps(desk, roster, [queue])[0]
        if visits[queue] > 0 and begin == 0 and end >= scenario.horizon:
            text = f"nobody on duty ever serves it; {format_amount(visits[queue])} visits are expected"
            yield Remark(Concern.UNSERVED, desk.queues[queue].name, text)


def _miscounted(team: Team) -> Iterator[Remark]:
    """Yield a team whose shifts have counts (whole numbers, not all 1, which nobody may have written) that miss it."""
    weights, agents = [shift.weight for shift in team.shifts], int(team.headcount.at(0))
    counts = all(weight.is_integer() for weight in map(float, weights)) and sum(weights) > 1 and set(weights) != {1}
    if counts and sum(weights) != agents:
        dealt = deal(weights, agents)
        parts = ", ".join(f"{shift.name} {dealt.count(index)}" for index, shift in enumerate(team.shifts))
        text = f"the counts of its shifts add up to {sum(weights):.0f}, the headcount is {agents}: {parts}"
        yield Remark(Concern.COUNTS, team.name, text)


def _uncharged(stream: Stream, route: Route) -> Iterator[Remark]:
    """Yield the promises that are charged to a step served by nobody: no stage can be late with them (R47)."""
    for promise in stream.promises:
        if route.steps and route.steps[promise.step].nobody:
            step = route.steps[promise.step].name
            text = f"is charged to step {step}, which nobody serves: breaking it makes no stage late"
            yield Remark(Concern.UNCHARGED, f"{stream.name}.{promise.name}", text)


def _short_file(scenario: Scenario, stream: Stream) -> Iterator[Remark]:
    """Yield a stream whose replayed file leaves more than a day of the run uncovered."""
    match stream.arrivals:
        case ReplayCounts(start=start, end=end):
            covered = int((end.clip(max=scenario.horizon) - start).sum())
            first, last = start[0], end[-1]
        case ReplayStamps(stamps=stamps):
            first, last = stamps[[0, -1]]
            covered = int(last - first)
        case _:
            return
    missing = scenario.horizon - covered
    if missing > DAY:  # files are cut at midnights, at full hours, or at their last time stamp
        text = (
            f"its file covers {scenario.when(first):%a %Y-%m-%d %H:%M} to {scenario.when(last):%a %Y-%m-%d %H:%M}; "
            f"nothing arrives in the other {format_duration(missing)} of the run"
        )
        yield Remark(Concern.SHORT_FILE, stream.name, text)
