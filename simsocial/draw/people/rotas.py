"""From a team's rota to the paid time of its agents (R68, R69)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np

from simsocial.draw.people.paid import Paid, slots_away
from simsocial.draw.people.spans import Bools, Index, Spans, Stretches, Weeks
from simsocial.model.away import Away
from simsocial.model.rota import ON_DUTY, Rota
from simsocial.model.teams import Team
from simsocial.units import DAY

WORKED = (ON_DUTY, Away.BREAK, Away.MEETING, Away.OTHER_DUTY)
"""What an agent does in a shift unless he is absent."""


def time_by_rota(team: Team, rota: Rota, weeks: Weeks) -> list[Paid]:
    """Return the paid time of every agent of a rota; the i-th is of group i mod ``groups`` for other duties (R80)."""
    rows, why = _dated(rota, weeks)
    slots = cache(lambda groups: slots_away(team, groups, weeks))
    agents = []
    for number, (first, last) in enumerate(_of_each(rows.agent, len(rota.agents))):
        spans, reasons = rows.spans.only(slice(first, last)), why[first:last]
        away = {reason: spans.only(reasons == reason) for reason in Away}
        groups = tuple(number % duty.groups for duty in team.other_duties)
        shifts = _shifts(spans.only(np.isin(reasons, WORKED)))
        agents.append(Paid.of(shifts, spans.only(reasons == ON_DUTY), away, slots(groups)))
    return agents


def _dated(rota: Rota, weeks: Weeks) -> tuple[Stretches, Index]:
    """Return the rows with the dates of their shifts, and what each is for.

    Rows that touch are one shift, of the date on which it begins; where they last longer than a day, each date is a
    shift of its own, and rows are cut at midnight.
    """
    first = np.append(True, (np.diff(rota.agent) != 0) | (rota.start[1:] != rota.end[:-1]))[: len(rota.agent)]
    shift = first.cumsum() - 1
    begins, ends = rota.start[first], rota.end[np.roll(first, -1)]
    rows = Spans(rota.start, rota.end, np.arange(len(shift)), weeks.date(begins)[shift])
    long = (ends - begins > DAY)[shift]
    cut = rows.only(long).inside(np.column_stack([weeks.midnights, weeks.midnights + DAY]))
    cut = Spans(cut.start, cut.end, cut.post, weeks.date(cut.start))
    every, _ = Spans.joined([rows.only(~long & _known(rows.date, weeks)), cut])
    every = every.only(np.lexsort((every.start, every.post)))
    row = every.post
    return Stretches(rota.agent[row], Spans(every.start, every.end, np.zeros_like(row), every.date)), rota.why[row]


def _known(date: Index, weeks: Weeks) -> Bools:
    known: Bools = (date >= 0) & (date < weeks.dates)
    return known


def _shifts(worked: Spans) -> Spans:
    """Join the stretches of each shift that touch."""
    apart = (worked.start[1:] != worked.end[:-1]) | (np.diff(worked.date) != 0)
    first, last = np.append(True, apart)[: len(worked)], np.append(apart, True)[: len(worked)]
    return Spans(worked.start[first], worked.end[last], worked.post[first], worked.date[first])


def _of_each(agent: Index, agents: int) -> Iterator[tuple[int, int]]:
    """Yield the first of each agent's rows and the first that is no longer his."""
    edges = np.searchsorted(agent, np.arange(agents + 1))
    yield from zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)
