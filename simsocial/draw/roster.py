"""From teams and shifts to windows: who is on duty when, at what pace, and for which queues (R30–R35)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from simsocial.model.piecewise import Piecewise
from simsocial.model.roster import Roster
from simsocial.model.scenario import Break, Scenario, Shift, Team
from simsocial.units import DAY, NEVER, WEEK

Ticks = npt.NDArray[np.int64]


def compile_roster(scenario: Scenario, *, until: int | None = None) -> Roster:
    """Lay out the windows of every agent over ``[0, until)``.

    Parameters
    ----------
    scenario
        Teams, shifts and the start.
    until
        Ticks; by default three weeks beyond the horizon, and as far as every calendar's next checkpoint, because R49
        compares the backlog at the last checkpoint with the capacity up to the next one.
    """
    if until is None:
        after = [int(calendar.next_checkpoint(scenario.horizon)) for calendar in scenario.calendars]
        until = max(scenario.horizon + 3 * WEEK, *after, 0)
    agents: list[tuple[int, _Spans, _Spans]] = []
    for index, team in enumerate(scenario.teams):
        dealt = deal([shift.weight for shift in team.shifts], int(team.headcount.values.max()))
        weekly = {shift: _lay_out(team, shift, start=scenario.start, until=until) for shift in set(dealt)}
        for number, shift in enumerate(dealt):
            employed = _employed(team.headcount, number).clip(0, until)
            windows, breaks = weekly[shift]
            agents.append((index, windows.inside(employed), breaks.inside(employed)))
    return _assemble(scenario.teams, agents)


def deal(weights: Sequence[float], agents: int) -> list[int]:
    """Deal agents to shifts, one after another, each to the shift that is furthest behind its proportion (R32).

    Parameters
    ----------
    weights
        Shape (shifts,), proportions (counts or shares).
    agents
        How many to deal; the first n of more are dealt as n would be.

    Returns
    -------
    list of int
        Shape (agents,), indexes of shifts. When an agent is dealt, all shifts together are one agent short, so the one
        that gets him is behind: none is ever a whole agent ahead, and counts that add up to the number are met exactly.
    """
    exact = [Fraction(weight).limit_denominator(1_000_000) for weight in weights]  # as written: ties are ties
    total = sum(exact)
    dealt: list[int] = []
    for number in range(1, agents + 1):
        behind = [weight * number - total * dealt.count(shift) for shift, weight in enumerate(exact)]
        dealt.append(behind.index(max(behind)))
    return dealt


@dataclass(frozen=True, eq=False)
class _Spans:
    """Stretches of time under a shift, ascending, disjoint; shapes (spans,), ticks and indexes into ``Team.shifts``."""

    start: Ticks
    end: Ticks
    shift: Ticks

    @classmethod
    def of(cls, rows: list[tuple[int, int, int]]) -> _Spans:
        return cls(*np.array(rows, dtype=np.int64).reshape(-1, 3).T)

    @classmethod
    def joined(cls, many: Sequence[_Spans]) -> tuple[_Spans, Ticks]:
        """Return all spans one after another, with the index of each one's origin."""
        nothing = np.array([], dtype=np.int64)
        columns = (
            np.concatenate([nothing, *(getattr(spans, name) for spans in many)]) for name in ("start", "end", "shift")
        )
        return cls(*columns), np.repeat(np.arange(len(many)), [len(spans.start) for spans in many])

    def inside(self, periods: Ticks) -> _Spans:
        """Return what lies in ``periods``, shape (periods, 2), ascending and disjoint."""
        start = np.maximum(self.start[:, None], periods[:, 0]).ravel()
        end = np.minimum(self.end[:, None], periods[:, 1]).ravel()
        there = end > start
        return _Spans(start[there], end[there], np.repeat(self.shift, len(periods))[there])


def _employed(headcount: Piecewise, number: int) -> Ticks:
    """Return the periods, shape (periods, 2), in which a team has an agent of this number (R32)."""
    there = np.concatenate([[False], headcount.values > number, [False]])
    edges = np.concatenate([[-NEVER], headcount.breaks[1:], [NEVER]])
    return edges[np.flatnonzero(there[1:] != there[:-1])].reshape(-1, 2)


def _lay_out(team: Team, dealt: int, *, start: dt.datetime, until: int) -> tuple[_Spans, _Spans]:
    """Return the windows and breaks up to ``until`` of the agents dealt to a shift, hired for ever."""
    windows: list[tuple[int, int, int]] = []
    breaks: list[tuple[int, int, int]] = []
    free = -NEVER
    for begin, end, shift in _duties(team, dealt, start=start, until=until):
        # Rotation can call for an early shift while the night shift lasts: the earlier one wins until its end.
        at_work, off = _cut_by_breaks(begin, max(begin, free), end, team.shifts[shift].breaks)
        windows += [(*span, shift) for span in at_work]
        breaks += [(*span, shift) for span in off]
        free = max(free, end)
    return _Spans.of(windows), _Spans.of(breaks)


def _duties(team: Team, dealt: int, *, start: dt.datetime, until: int) -> Iterator[tuple[int, int, int]]:
    """Yield (begin, end, shift) of the duties of the agents dealt to a shift, ascending by begin, in ticks (R33)."""
    monday = start.date() - dt.timedelta(days=start.weekday())
    first_week = (dt.datetime.combine(monday, dt.time()) - start) // dt.timedelta(milliseconds=1)
    rotation = team.rotate if dealt in team.rotate else (dealt,)
    for week in range(-1, (until - first_week) // WEEK + 1):  # a duty of the week before may reach into the run
        index = rotation[(rotation.index(dealt) + week) % len(rotation)]
        shift = team.shifts[index]
        if not _worked(shift, week):
            continue
        for begin, end in sorted(shift.hours):
            if monday + dt.timedelta(weeks=week, days=begin // DAY) not in team.days_off:
                yield first_week + week * WEEK + begin, first_week + week * WEEK + end, index


def _worked(shift: Shift, week: int) -> bool:
    return week % shift.cycle + 1 in shift.weeks


def _cut_by_breaks(
    begin: int, start: int, end: int, breaks: tuple[Break, ...]
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Split ``[start, end)`` of a shift that began at ``begin`` into time at work and breaks (R34)."""
    at_work, off = [], []
    for pause in sorted(breaks, key=lambda pause: pause.after):
        leaves = min(max(begin + pause.after, start), end)
        returns = min(max(begin + pause.after + pause.length, leaves), end)
        at_work.append((start, leaves))
        off.append((leaves, returns))
        start = returns
    at_work.append((start, end))
    return [span for span in at_work if span[0] < span[1]], [span for span in off if span[0] < span[1]]


def _assemble(teams: tuple[Team, ...], agents: list[tuple[int, _Spans, _Spans]]) -> Roster:
    """Make a roster of (team, windows, breaks) per agent; a window has the pace, quality and ranking of its shift."""
    team = np.array([index for index, _, _ in agents], dtype=np.int64)
    windows, agent = _Spans.joined([windows for _, windows, _ in agents])
    breaks, break_agent = _Spans.joined([breaks for _, _, breaks in agents])
    shifts = [shift for each in teams for shift in each.shifts]
    first_shift = np.cumsum([0, *(len(each.shifts) for each in teams)])
    shift = first_shift[team[agent]] + windows.shift
    slot_pace = np.array([each.slot_pace for each in teams])
    return Roster(
        team=team,
        slots=np.array([each.slots for each in teams], dtype=np.int64)[team],
        agent=agent,
        start=windows.start,
        end=windows.end,
        pace=np.array([one.pace for one in shifts])[shift] * slot_pace[team[agent]],  # R35
        quality=np.array([one.quality for one in shifts])[shift],
        serves=np.array([one.ranking for one in shifts], dtype=np.int64)[shift],
        break_agent=break_agent,
        break_start=breaks.start,
        break_end=breaks.end,
    )
