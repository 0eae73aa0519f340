"""Continuing education: which groups go on which dates (R96)."""

from __future__ import annotations

import numpy as np

from simsocial.draw.people.spans import Bools, Index, Ticks, Weeks
from simsocial.model.careers import Continuing


def plan_sessions(continuing: Continuing | None, works: Bools, weeks: Weeks) -> Ticks:
    """Give every group a date in every period.

    Parameters
    ----------
    continuing
        How much, how often, how many together and how many stay; ``None`` for none.
    works
        Shape (agents, dates), whether a shift begins that the agent works unless he is absent.
    weeks
        Whose dates these are.

    Returns
    -------
    Shape (agents, dates), ticks.
    """
    sessions = np.zeros(works.shape, np.int64)
    if continuing is None or not continuing.ticks:
        return sessions
    groups = [slice(first, first + continuing.group) for first in range(0, len(works), continuing.group)]
    on_shift = works.sum(axis=0)
    for dates in _periods(continuing, weeks):
        stay = on_shift[dates] - continuing.cover
        for number, group in enumerate(groups):
            present = works[group][:, dates].sum(axis=0)
            goes = _best(np.where(present <= stay, present, 0), (2 * number + 1) * len(dates) // (2 * len(groups)))
            if goes is not None:
                sessions[group, dates[goes]] = continuing.ticks * works[group, dates[goes]]
                stay[goes] -= present[goes]
    return sessions


def _periods(continuing: Continuing, weeks: Weeks) -> list[Index]:
    """Return the dates of each period, from the start's on."""
    dates = np.arange(weeks.today, weeks.dates)
    period = weeks.months.astype(np.int64)[dates] // continuing.months if continuing.months else dates // 7
    return np.split(dates, np.flatnonzero(np.diff(period)) + 1)


def _best(present: Index, wanted: int) -> int | None:
    """Return the place with the most, the first of them from ``wanted`` on and round; ``None`` where all are 0."""
    turned = np.roll(present, -wanted)
    return (int(turned.argmax()) + wanted) % len(present) if turned.any() else None
