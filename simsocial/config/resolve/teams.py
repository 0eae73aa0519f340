"""Teams: headcount over time, shifts with rankings, rotation, days off (R30-R35), or a rota (R68, R69)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from simsocial.config import teams as written
from simsocial.config.resolve.careers import resolve_career
from simsocial.config.resolve.dips import resolve_dips
from simsocial.config.resolve.layout import Layout
from simsocial.config.resolve.people import resolve_people
from simsocial.config.resolve.rankings import Rankings, read_serves
from simsocial.config.resolve.rotas import resolve_headcounts, resolve_rota
from simsocial.config.resolve.size import fits
from simsocial.config.resolve.spot import Spot
from simsocial.config.resolve.world import Span, World
from simsocial.errors import InputError
from simsocial.model.desk import Ranking
from simsocial.model.piecewise import Piecewise
from simsocial.model.rota import Rota
from simsocial.model.teams import Break, Shift, Team
from simsocial.units import WEEK

_NONE = np.array([], dtype=np.int64)
NOBODY = Rota((), _NONE, _NONE, _NONE, _NONE)
"""Stands for a rota at fault."""


def resolve_team(
    name: str, team: written.AnyTeam, *, number: int, layout: Layout, rankings: Rankings, world: World, spot: Spot
) -> Team:
    """Resolve a team.

    Parameters
    ----------
    name, team, number
        Its name, as written, and its index.
    layout
        The queues there are.
    rankings
        Takes in the team's: its own first, then those of its shifts.
    world, spot
        Time and calendars; the team's place.
    """
    if isinstance(team, written.TeamOfShifts):
        return _of_shifts(name, team, number=number, layout=layout, rankings=rankings, world=world, spot=spot)
    ranking = rankings.place(Ranking(number, read_serves(team.serves or (), layout=layout, spot=spot / "serves")))
    rota = _rota(name, team, world, spot)
    slots = len(rota.agents) * world.span.horizon / WEEK * _slots_a_week(team)
    fits("shifts worked", len(rota.start) + slots, "write a shorter horizon or fewer people", spot)
    return Team(
        name=name,
        headcount=Piecewise.constant(len(rota.agents)),
        shifts=(Shift("rota", (), 1.0, ranking, pace=team.pace, quality=team.quality),),
        slots=team.concurrency.slots,
        slot_pace=team.concurrency.pace,
        rota=rota,
        dips=resolve_dips(team.dips, world=world, spot=spot / "dips"),
        **resolve_people(team, ranking=ranking, spot=spot),
    )


def _rota(name: str, team: written.TeamOfRota | written.TeamOfIntervals, world: World, spot: Spot) -> Rota:
    """Return who works when by the team's file; nobody when it is at fault."""
    try:
        if isinstance(team, written.TeamOfRota):
            return resolve_rota(team.rota, team=name, world=world, spot=spot / "rota")
        place = spot / "headcount_by_interval"
        return resolve_headcounts(team.headcount_by_interval, world=world, spot=place) or NOBODY
    except InputError as error:
        spot.pass_on(error)
        return NOBODY


def _of_shifts(
    name: str,
    team: written.TeamOfShifts,
    *,
    number: int,
    layout: Layout,
    rankings: Rankings,
    world: World,
    spot: Spot,
) -> Team:
    if not team.shifts:
        spot.fault('has no shift; write when it works, such as shifts.day = { hours = "Mon-Fri 08:00-16:30" }')
    headcount = _headcount(team, world.span, spot)
    own, ranking = _rank(team, number, layout, rankings, spot)
    weights = _weights(team.shifts, spot / "shifts")
    shifts = tuple(_shift(key, team, weights[key], ranking[key]) for key in team.shifts)
    career = resolve_career(
        team,
        number=number,
        headcount=headcount,
        posts=[*([own] * bool(team.on_call)), *ranking.values()],
        layout=layout,
        rankings=rankings,
        span=world.span,
        spot=spot,
    )
    seats = headcount.values.max() + (career.seats if career else 0)
    fits(
        "shifts worked",
        seats * world.span.horizon / WEEK * _most_a_week(team, shifts),
        "write a shorter horizon or fewer people",
        spot / "headcount",
    )
    return Team(
        name=name,
        headcount=headcount,
        shifts=shifts,
        slots=team.concurrency.slots,
        slot_pace=team.concurrency.pace,
        rotate=_rotation(team, spot / "rotate"),
        days_off=_days_off(team, world, spot / "holidays"),
        career=career,
        dips=resolve_dips(team.dips, world=world, spot=spot / "dips"),
        **resolve_people(team, ranking=own, spot=spot),
    )


# ---- headcount ------------------------------------------------------------------------------------------------------


def _headcount(team: written.TeamOfShifts, span: Span, spot: Spot) -> Piecewise:
    """Return the agents over time: ``headcount`` until the first change, each change from its date on."""
    agents = {0: team.headcount}
    current = team.headcount
    set_by: dict[dt.datetime, str] = {}
    for name, change in sorted(team.changes.items(), key=lambda item: (item[1].date, item[1].add is not None)):
        if change.headcount is not None and set_by.setdefault(change.date, name) != name:
            (spot / "changes" / name).fault(f"{set_by[change.date]} sets the headcount on that date too; leave one out")
        current = change.headcount if change.headcount is not None else current + (change.add or 0)
        if current < 0:
            (spot / "changes" / name).fault(f"leaves {current} people; take away at most those who are there")
        agents[max(span.tick(change.date), 0)] = current
    return Piecewise(np.array(list(agents)), np.array(list(agents.values())))


# ---- shifts ---------------------------------------------------------------------------------------------------------


def _rank(
    team: written.TeamOfShifts, number: int, layout: Layout, rankings: Rankings, spot: Spot
) -> tuple[int, dict[str, int]]:
    """Return the team's ranking and that of each shift; its own is listed first, if a shift or call uses it (R37)."""

    def place(entries: Sequence[written.Entry], here: Spot) -> int:
        return rankings.place(Ranking(number, read_serves(entries, layout=layout, spot=here)))

    inherits = team.on_call or [shift for shift in team.shifts.values() if shift.serves is None]
    own = place(team.serves or (), spot / "serves") if inherits or not team.shifts else 0
    return own, {
        name: place(shift.serves, spot / "shifts" / name / "serves") if shift.serves is not None else own
        for name, shift in team.shifts.items()
    }


def _weights(shifts: Mapping[str, written.Shift], spot: Spot) -> dict[str, float]:
    """Return the proportions in which agents are dealt to the shifts (R32); equal ones when none is written."""
    counts = {name: float(shift.count) for name, shift in shifts.items() if shift.count is not None}
    shares = {name: shift.share for name, shift in shifts.items() if shift.share is not None}
    weights = counts or shares
    for name in shifts:
        if counts and name in shares:
            (spot / name / "share").fault("another shift has a count; write counts for all shifts, or shares")
        elif weights and name not in weights:
            (spot / name).fault("has neither count nor share; write one, as for the other shifts")
    if weights and not sum(weights.values()):
        spot.fault("nobody works in any of them; write at least one count that is greater than 0")
    elif not counts and shares.keys() == shifts.keys() and shares and abs(sum(shares.values()) - 1) > 1e-9:
        spot.fault(f"the shares add up to {sum(shares.values()):g}; they must add up to 1")
    return {name: weights.get(name, 0.0 if weights else 1.0) for name in shifts}


def _shift(name: str, team: written.TeamOfShifts, weight: float, ranking: int) -> Shift:
    shift = team.shifts[name]
    breaks = sorted(shift.all_breaks.values(), key=lambda b: b.after)
    return Shift(
        name=name,
        hours=shift.weekly,
        weight=weight,
        ranking=ranking,
        breaks=tuple(Break(b.after, b.length) for b in breaks),
        pace=team.pace if shift.pace is None else shift.pace,
        quality=team.quality if shift.quality is None else shift.quality,
        weeks=shift.weeks.weeks if shift.weeks else (1,),
        cycle=shift.weeks.cycle if shift.weeks else 1,
    )


def _most_a_week(team: written.TeamOfShifts, shifts: Sequence[Shift]) -> int:
    """Return how many windows an agent can have in a week, roughly."""
    calls = sum(len(each.hours) for each in team.on_call.values())
    return max((len(shift.hours) for shift in shifts), default=0) + _slots_a_week(team) + calls


def _slots_a_week(team: written.Team) -> int:
    meetings = sum(len(each.hours) for each in team.meetings.values())
    return meetings + sum(len(each.hours) for each in team.other_duties.values())


def _rotation(team: written.TeamOfShifts, spot: Spot) -> tuple[int, ...]:
    """Return the shifts through which agents move; note those whose hours would meet at the turn of the week (R33)."""
    shifts = list(team.shifts)
    for position, name in enumerate(team.rotate):
        if name not in shifts:
            (spot / position).unknown("shift", name, shifts)
        elif name in team.rotate[:position]:
            (spot / position).fault(f"names {name} a second time; write each shift once")
    ring = [name for name in dict.fromkeys(team.rotate) if name in shifts]
    if len(team.rotate) == 1:
        spot.fault("a single shift cannot rotate; name two or more, or leave it out")
    for this, following in pairwise([*ring, *ring[:1]]):
        if max(end for _, end in team.shifts[this].weekly) - WEEK > team.shifts[following].weekly[0][0]:
            spot.fault(f"{this} ends in the next week after {following} has begun; change their hours or their order")
    return tuple(shifts.index(name) for name in ring)


def _days_off(team: written.TeamOfShifts, world: World, spot: Spot) -> frozenset[dt.date]:
    if team.holidays is None or world.calendar(team.holidays, spot) is None:
        return frozenset()
    return world.calendars[team.holidays].holidays
