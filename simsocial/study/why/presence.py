"""Who was on duty on a date, who was not and why, and when nobody was (R30, R83)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.model.away import Away
from simsocial.model.careers import Stage
from simsocial.model.roster import Roster
from simsocial.model.scenario import Scenario
from simsocial.study.check.coverage import gaps
from simsocial.study.why.names import name_of_agent
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
    names
        Of its agents, by number; empty where they have only numbers.
    on_duty
        Agent → when.
    away
        ``absent``, ``leave``, ``meeting``, ``other_duty``, ``training``, ``teaching`` → agent → when: paid time off the
        desk, without breaks (R83).
    off
        Those employed who are not paid for any of that date.
    """

    team: str
    names: tuple[str, ...]
    on_duty: dict[int, tuple[Span, ...]]
    away: dict[str, dict[int, tuple[Span, ...]]]
    off: tuple[int, ...]


def presence(scenario: Scenario, roster: Roster, team: int, date: dt.date) -> Presence:
    """Tell who was on duty and who was not, and why.

    Parameters
    ----------
    scenario
        What was run.
    roster
        Of the replication.
    team
        Index.
    date
        Of the run.
    """
    begin = scenario.tick(dt.datetime.combine(date, dt.time()))
    agents = np.flatnonzero(roster.team == team)
    employed = _employed(scenario, roster, team, agents, begin + DAY // 2)

    def paid(whose: Ticks, start: Ticks, end: Ticks) -> dict[int, tuple[Span, ...]]:
        own = [np.column_stack([start, end])[whose == agents[number]] for number in employed]
        spans = {number: _spans(scenario, _clipped(each, begin, begin + DAY)) for number, each in enumerate(own)}
        return {number: each for number, each in spans.items() if each}

    on_duty = paid(roster.agent, roster.start, roster.end)
    columns = (roster.away_agent, roster.away_start, roster.away_end)
    by_reason = {why: paid(*(column[roster.away_why == why] for column in columns)) for why in Away}
    there = on_duty.keys() | {number for those in by_reason.values() for number in those}
    return Presence(
        team=scenario.desk.teams[team],
        names=scenario.teams[team].names,
        on_duty=on_duty,
        away={why.name.lower(): those for why, those in by_reason.items() if those and why is not Away.BREAK},
        off=tuple(number for number in employed if number not in there),
    )


def _employed(scenario: Scenario, roster: Roster, team: int, agents: Ticks, noon: int) -> Sequence[int]:
    """Return the numbers of the agents whom a team has: by its headcount, or in whose seat somebody sits (R92)."""
    if scenario.teams[team].career is None:
        return range(min(int(scenario.teams[team].headcount.at(noon)), len(agents)))
    sits = (roster.stage_start <= noon) & (noon < roster.stage_end) & (roster.stage != Stage.WAITING)
    numbers: list[int] = np.flatnonzero(np.isin(agents, roster.stage_agent[sits])).tolist()
    return numbers


@dataclass(frozen=True)
class Absent:
    """An agent who missed a shift that begins on a date; he counts from 0 in his team, ``name`` is that of a rota."""

    team: str
    agent: int
    name: str | None
    date: dt.date


def absences(scenario: Scenario, roster: Roster, teams: Iterable[int], begin: int, end: int) -> tuple[Absent, ...]:
    """Return who of some teams was absent between two ticks, by date, then team and agent."""
    missed = (roster.away_why == Away.ABSENT) & (roster.away_start < end) & (roster.away_end > begin)
    found = set()
    for row in np.flatnonzero(missed & np.isin(roster.team[roster.away_agent], list(teams))).tolist():
        agent = int(roster.away_agent[row])
        team = int(roster.team[agent])
        number = agent - int(np.searchsorted(roster.team, team))
        found.add((scenario.when(int(roster.away_start[row])).date(), team, number))
    return tuple(
        Absent(scenario.desk.teams[team], number, name_of_agent(scenario, team, number), date)
        for date, team, number in sorted(found)
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


def _clipped(spans: Ticks, begin: int, end: int) -> Ticks:
    """Return what of spans, shape (spans, 2), lies in ``[begin, end)``."""
    inside = spans.clip(begin, end)
    return inside[inside[:, 0] < inside[:, 1]]


def _spans(scenario: Scenario, spans: Ticks) -> tuple[Span, ...]:
    return tuple((scenario.when(begin), scenario.when(end)) for begin, end in spans.tolist())
