"""From a team's shifts to the paid time of its agents: on the desk, on a break, in a meeting, at other duties."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np

from simsocial.draw.people.paid import Paid, slots_away
from simsocial.draw.people.spans import Spans, Ticks, Weeks
from simsocial.model.away import Away
from simsocial.model.piecewise import Piecewise
from simsocial.model.teams import Break, Shift, Team
from simsocial.units import DAY, NEVER


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
    has = [0] * len(exact)
    dealt: list[int] = []
    for number in range(1, agents + 1):
        behind = [weight * number - total * has[shift] for shift, weight in enumerate(exact)]
        dealt.append(behind.index(max(behind)))
        has[dealt[-1]] += 1
    return dealt


def paid_time(team: Team, weeks: Weeks) -> list[Paid]:
    """Return the paid time of every agent that the team ever has, while it has him (R32, R92)."""
    every = in_force_of_all(team)
    dealt = deal([shift.weight for shift in team.shifts], len(every))
    seen = Counter[int]()
    laid_out: dict[tuple[int, tuple[int, ...]], Paid] = {}
    employed: dict[tuple[int, tuple[int, ...], bytes], Paid] = {}
    agents = []
    for number, shift in enumerate(dealt):
        groups = tuple(seen[shift] % duty.groups for duty in team.other_duties)
        periods = every[number]
        seen[shift] += 1
        pattern = shift, groups
        if pattern not in laid_out:
            laid_out[pattern] = _lay_out(team, shift, groups, weeks)
        one = (*pattern, periods.tobytes())
        if one not in employed:
            employed[one] = laid_out[pattern].inside(periods.clip(min=0))
        agents.append(employed[one])
    return agents


def in_force_of_all(team: Team) -> list[Ticks]:
    """Return the periods of every agent: those of the headcount, then those whom requisitions add (R92)."""
    hires = team.career.hires if team.career else ()
    hired = [np.array([[hire.tick, NEVER]]) for hire in hires for _ in range(hire.seats)]
    return [in_force(team.headcount, number) for number in range(int(team.headcount.values.max()))] + hired


def in_force(headcount: Piecewise, number: int) -> Ticks:
    """Return the periods, shape (periods, 2), in which a team has an agent of this number (R32)."""
    there = np.concatenate([[False], headcount.values > number, [False]])
    edges = np.concatenate([[-NEVER], headcount.breaks[1:], [NEVER]])
    return edges[np.flatnonzero(there[1:] != there[:-1])].reshape(-1, 2)


def _lay_out(team: Team, dealt: int, groups: tuple[int, ...], weeks: Weeks) -> Paid:
    """Return the paid time of the agents dealt to a shift and to groups for other duties, hired for ever."""
    shifts: list[tuple[int, int, int, int]] = []
    windows: list[tuple[int, int, int, int]] = []
    breaks: list[tuple[int, int, int, int]] = []
    free = -NEVER
    for begin, end, shift, date in _worked(team, dealt, weeks):
        # Rotation can call for an early shift while the night shift lasts: the earlier one wins until its end.
        at_work, off = _cut_by_breaks(begin, max(begin, free), end, team.shifts[shift].breaks)
        shifts += [(max(begin, free), end, shift, date)] * (end > free)
        windows += [(*span, shift, date) for span in at_work]
        breaks += [(*span, shift, date) for span in off]
        free = max(free, end)
    at_slots = slots_away(team, groups, weeks)
    return Paid.of(Spans.of(shifts), Spans.of(windows), {Away.BREAK: Spans.of(breaks)}, at_slots)


def _worked(team: Team, dealt: int, weeks: Weeks) -> Iterator[tuple[int, int, int, int]]:
    """Yield (begin, end, shift, date) of the shifts of the agents dealt to one, ascending by begin (R33)."""
    rotation = team.rotate if dealt in team.rotate else (dealt,)
    for week in weeks.numbers:
        index = rotation[(rotation.index(dealt) + week) % len(rotation)]
        shift = team.shifts[index]
        if not _in_cycle(shift, week):
            continue
        for begin, end in sorted(shift.hours):
            if weeks.day(week, begin // DAY) not in team.days_off:
                yield weeks.tick(week) + begin, weeks.tick(week) + end, index, 7 * (week + 1) + begin // DAY


def _in_cycle(shift: Shift, week: int) -> bool:
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
