"""When something fails in a replication, and what that does to arrivals and rosters (R108, R109)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from simsocial.draw.durations import durations
from simsocial.draw.people.spans import Spans
from simsocial.draw.randomness import Dice, DrawArrivals, Kind, Lineage
from simsocial.draw.rates import Rates
from simsocial.model.arrivals import RateArrivals
from simsocial.model.away import Away
from simsocial.model.outages import AtRandom, Outage, together
from simsocial.model.roster import Roster

Ticks = npt.NDArray[np.int64]
DrawStretches = Callable[[Dice | None], Ticks]
"""Draws when it fails, shape (stretches, 2), ticks, ascending and disjoint; without dice what is planned (R84)."""


def plan_outages(outages: Iterable[Outage], *, start: dt.datetime, until: int) -> DrawStretches:
    """Prepare to draw when at least one of ``outages`` lasts, of those that begin in ``[0, until)`` or last then."""
    every = tuple(outages)
    planned = together(outage.planned(start=start, until=until) for outage in every)
    at_random = [(outage.name, outage.when) for outage in every if isinstance(outage.when, AtRandom)]
    begins = [(name, when, _beginnings(name, when, start, until)) for name, when in at_random]

    def draw(dice: Dice | None) -> Ticks:
        if dice is None or not begins:
            return planned
        return together([planned, *(_lasting(name, when, *begin(dice), dice) for name, when, begin in begins)])

    return draw


def _beginnings(name: str, when: AtRandom, start: dt.datetime, until: int) -> DrawArrivals:
    often = RateArrivals(np.array([0, until]), np.array([1 / when.every]))
    return Rates.of(often, stream=name, start=start, kind=Kind.OUTAGE).draw


def _lasting(name: str, when: AtRandom, begin: Ticks, lineage: Lineage, dice: Dice) -> Ticks:
    length = durations(when.length, dice(name, Kind.OUTAGE_LENGTH).of(lineage))
    return np.column_stack([begin, begin + length])


def plan_held(arrivals: DrawArrivals, outages: Sequence[Outage], *, start: dt.datetime, horizon: int) -> DrawArrivals:
    """Prepare to draw what is left of a stream's arrivals, and when it comes, under its outages (R108)."""
    if not outages:
        return arrivals
    out = plan_outages(outages, start=start, until=horizon)
    losing = plan_outages([outage for outage in outages if outage.loses], start=start, until=horizon)

    def draw(dice: Dice) -> tuple[Ticks, Lineage]:
        sent, lineage = arrivals(dice)
        comes = _after(sent, out(dice))
        kept = (_after(sent, losing(dice)) == sent) & (comes < horizon)
        return comes[kept], lineage.take(kept)

    return draw


def _after(instant: Ticks, stretches: Ticks) -> Ticks:
    """Return the first instant from each on that lies in no stretch; ascending if ``instant`` is."""
    place = np.searchsorted(stretches[:, 0], instant, side="right")
    ends = np.append(0, stretches[:, 1])
    after: Ticks = np.maximum(instant, ends[place])
    return after


def stopped(roster: Roster, stretches: Sequence[Ticks]) -> Roster:
    """Cut the windows of teams in which they cannot work; that time is paid, off duty (R109).

    Parameters
    ----------
    roster
        Without outages.
    stretches
        By team.
    """
    if not any(len(each) for each in stretches):
        return roster
    of_team = _by_team(roster, roster.agent, roster.start, roster.end, teams=len(stretches))
    left, _ = Spans.joined([spans.outside(each) for spans, each in zip(of_team, stretches, strict=True)])
    left = left.only(np.lexsort((left.start, left.post)))
    out, _ = Spans.joined([spans.inside(each) for spans, each in zip(of_team, stretches, strict=True)])
    apart = _apart(roster, stretches)
    return replace(
        roster,
        twin_agent=roster.twin_agent[apart.post],
        twin_start=apart.start,
        twin_end=apart.end,
        twin_gain=roster.twin_gain[apart.post],
        agent=roster.agent[left.post],
        start=left.start,
        end=left.end,
        pace=roster.pace[left.post],
        quality=roster.quality[left.post],
        serves=roster.serves[left.post],
        away_agent=np.append(roster.away_agent, roster.agent[out.post]),
        away_start=np.append(roster.away_start, out.start),
        away_end=np.append(roster.away_end, out.end),
        away_why=np.append(roster.away_why, np.full(len(out), Away.OUTAGE)),
    )


def _by_team(roster: Roster, agent: Ticks, start: Ticks, end: Ticks, *, teams: int) -> list[Spans]:
    """Return stretches of agents by team; ``post`` and ``date`` are their rows."""
    team, row = roster.team[agent], np.arange(len(agent))
    whole = Spans(start, end, row, row)
    return [whole.only(team == number) for number in range(teams)]


def _apart(roster: Roster, stretches: Sequence[Ticks]) -> Spans:
    """Return when agents still do more or less than in the untrained twin, which cannot work then either (R110)."""
    differences = (roster.twin_agent, roster.twin_start, roster.twin_end)
    of_team = _by_team(roster, *differences, teams=len(stretches))
    left, _ = Spans.joined([spans.outside(each) for spans, each in zip(of_team, stretches, strict=True)])
    return left
