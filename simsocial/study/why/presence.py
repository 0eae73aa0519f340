"""Who was on duty on a date, who was not, and when nobody was (R30)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.model.roster import Roster
from simsocial.model.scenario import Scenario
from simsocial.study.check.coverage import gaps
from simsocial.units import DAY

Ticks = npt.NDArray[np.int64]
Span = tuple[dt.datetime, dt.datetime]


@dataclass(frozen=True)
class Presence:
    """A team on a date; agents count from 0 in their team (R62).

    Parameters
    ----------
    team
        Name.
    on_duty
        Agent → when.
    absent
        Those whom the plan has on duty on that date, and who never were.
    cut_short
        Those whom the plan has on duty longer than they were.
    off
        Those employed whose plan has no duty that begins or lasts on that date.
    """

    team: str
    on_duty: dict[int, tuple[Span, ...]]
    absent: tuple[int, ...]
    cut_short: tuple[int, ...]
    off: tuple[int, ...]


def presence(scenario: Scenario, planned: Roster, roster: Roster, team: int, date: dt.date) -> Presence:
    """Compare who was on duty with the plan.

    Parameters
    ----------
    scenario
        What was run.
    planned, roster
        Windows as shifts have them, and as they were in the replication; of the same agents.
    team
        Index.
    date
        Of the run.
    """
    begin = scenario.tick(dt.datetime.combine(date, dt.time()))
    agents = np.flatnonzero(roster.team == team)
    employed = range(min(int(scenario.teams[team].headcount.at(begin + DAY // 2)), len(agents)))
    plan = {number: _within(planned, int(agents[number]), begin, begin + DAY) for number in employed}
    real = {number: _within(roster, int(agents[number]), begin, begin + DAY) for number in employed}
    return Presence(
        team=scenario.desk.teams[team],
        on_duty={number: _spans(scenario, real[number]) for number in employed if len(real[number])},
        absent=tuple(number for number in employed if len(plan[number]) and not len(real[number])),
        cut_short=tuple(number for number in employed if 0 < _length(real[number]) < _length(plan[number])),
        off=tuple(number for number in employed if not len(plan[number]) and not len(real[number])),
    )


@dataclass(frozen=True)
class Absent:
    """An agent who was on duty for less of a date than planned; he counts from 0 in his team."""

    team: str
    agent: int
    date: dt.date


def absences(
    scenario: Scenario, planned: Roster, roster: Roster, teams: Iterable[int], begin: int, end: int
) -> tuple[Absent, ...]:
    """Return who of some teams was absent between two ticks, by date, then team and agent."""
    first, last = scenario.when(begin).toordinal(), scenario.when(end).toordinal()
    dates = [dt.date.fromordinal(day) for day in range(first, last + 1)]
    there = [(date, presence(scenario, planned, roster, team, date)) for date in dates for team in teams]
    return tuple(
        Absent(found.team, agent, date) for date, found in there for agent in sorted((*found.absent, *found.cut_short))
    )


def uncovered_hours(
    scenario: Scenario, roster: Roster, queues: Iterable[int], calendar: int | None, date: dt.date
) -> tuple[Span, ...]:
    """Return when on ``date`` the calendar was open and nobody who serves ``queues`` was on duty.

    Without a calendar the whole day counts as open.
    """
    begin = scenario.tick(dt.datetime.combine(date, dt.time()))
    empty = _clipped(gaps(scenario.desk, roster, queues), begin, begin + DAY)
    if calendar is None:
        return _spans(scenario, empty)
    clock = scenario.calendars[calendar]
    hours = _clipped(np.column_stack([clock.open_start, clock.open_end]), begin, begin + DAY)
    both = [_clipped(empty, *map(int, span)) for span in hours]
    return tuple(span for part in both for span in _spans(scenario, part))


def _within(roster: Roster, agent: int, begin: int, end: int) -> Ticks:
    own = slice(*roster.windows_of[agent : agent + 2])
    return _clipped(np.column_stack([roster.start[own], roster.end[own]]), begin, end)


def _clipped(spans: Ticks, begin: int, end: int) -> Ticks:
    """Return what of spans, shape (spans, 2), lies in ``[begin, end)``."""
    inside = spans.clip(begin, end)
    return inside[inside[:, 0] < inside[:, 1]]


def _length(spans: Ticks) -> int:
    return int((spans[:, 1] - spans[:, 0]).sum())


def _spans(scenario: Scenario, spans: Ticks) -> tuple[Span, ...]:
    return tuple((scenario.when(begin), scenario.when(end)) for begin, end in spans.tolist())
