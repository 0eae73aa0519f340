"""When nobody is on duty: the gaps in who serves a queue, who is lost in them, and which open hours they hit."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from simsocial.measure.coming import expected_messages
from simsocial.measure.passes import first_steps
from simsocial.model.away import Away
from simsocial.model.calendar import Calendar
from simsocial.model.capacity import rankings_serving
from simsocial.model.desk import Desk
from simsocial.model.intervals import merged
from simsocial.model.roster import Roster
from simsocial.model.scenario import Scenario
from simsocial.units import NEVER, WEEK

Ticks = npt.NDArray[np.int64]

PATIENCE_LEVELS = 500
"""Quantiles that stand for a law of patience: a share read from them is off by 1 / 1000 at most."""


def gaps(desk: Desk, roster: Roster, queues: Iterable[int], *, but_meetings: bool = False) -> Ticks:
    """Return when nobody who serves one of ``queues`` is on duty.

    Parameters
    ----------
    desk, roster
        Rankings and windows.
    queues
        Indexes into ``Desk.queues``.
    but_meetings
        Leave out the time of meetings of those who serve one (R81): it was ordered.

    Returns
    -------
    ndarray of int
        Shape (gaps, 2), ticks from 0 on, ascending; the last one ends ``NEVER``.
    """
    rankings = rankings_serving(desk, queues)
    serving = np.isin(roster.serves, rankings)
    start, end = roster.start[serving], roster.end[serving]
    if but_meetings:
        teams = [desk.rankings[ranking].team for ranking in rankings]
        met = (roster.away_why == Away.MEETING) & np.isin(roster.team[roster.away_agent], teams)
        start, end = np.append(start, roster.away_start[met]), np.append(end, roster.away_end[met])
    start, end = merged(start, end)
    empty = np.column_stack([np.append(0, end), np.append(start, NEVER)])
    return empty[empty[:, 0] < empty[:, 1]]


def lost_before_duty(scenario: Scenario, roster: Roster, stream: int) -> float:
    """Return the share of a stream's messages whose patience ends before anyone who serves their first step is on duty.

    Nothing is simulated: for each level of patience p, those are lost that arrive in a gap more than p before its end
    (one whose patience ends as the window begins is served, R36). Work that nobody does begins at once (R28).
    """
    of_stream, route = scenario.streams[stream], scenario.desk.routes[stream]
    if of_stream.patience is None:
        return 0.0
    levels = (np.arange(PATIENCE_LEVELS) + 0.5) / PATIENCE_LEVELS
    patience = np.rint(of_stream.patience.quantile(levels)).astype(np.int64)
    share = 0.0
    for step, first in zip(route.steps, first_steps([laws.share for laws in of_stream.steps]), strict=True):
        if first > 0 and not step.nobody:
            share += float(first) * _lost(scenario, stream, gaps(scenario.desk, roster, [step.queue]), patience)
    return share


def _lost(scenario: Scenario, stream: int, empty: Ticks, patience: Ticks) -> float:
    begin, end = empty[:, 0], empty[:, 1]
    before = expected_messages(scenario, stream, begin)
    latest = np.maximum(end - patience[:, None], begin)
    lost = (expected_messages(scenario, stream, latest) - before).sum(axis=1).mean()
    total = float(expected_messages(scenario, stream, scenario.horizon))
    return float(lost) / total if total > 0 else 0.0


def uncovered(calendar: Calendar, empty: Ticks, *, horizon: int) -> tuple[int, int]:
    """Return the open ticks before the horizon that lie in gaps, and the first of them (``NEVER`` if there is none)."""
    begin, end = empty.clip(max=horizon).T
    missed = calendar.open_time(end) - calendar.open_time(begin)
    if not missed.any():
        return 0, NEVER
    first = begin[np.flatnonzero(missed)[0]]
    return int(missed.sum()), int(calendar.due(first, 1)) - 1


def beyond_reach(empty: Ticks, *, within: int, horizon: int) -> Ticks:
    """Return when messages arrive for whom nobody comes on duty within a length of time that ends by the horizon.

    Parameters
    ----------
    empty
        Gaps, as from :func:`gaps`.
    within, horizon
        Ticks; what is due after the horizon is not booked (R8).

    Returns
    -------
    ndarray of int
        Shape (spells, 2), ticks, ascending.
    """
    begin, end = empty[:, 0], empty[:, 1].clip(max=horizon) - within
    return np.column_stack([begin, end])[begin < end]


def in_normal_week(spells: Ticks, edges: Ticks) -> float:
    """Return the time in spells per seven days: the median over the weeks between ``edges``, which holidays miss."""
    clipped = spells.clip(edges[:-1, None, None], edges[1:, None, None])
    inside = np.diff(clipped, axis=2).sum(axis=(1, 2))
    return float(np.median(inside / np.diff(edges))) * WEEK
