"""Planned leave: dealt to the agents of a team, week by week or date by date (R79)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.draw.people.spans import Bools, Weeks
from simsocial.model.away import Leave

Floats = npt.NDArray[np.float64]

GOLDEN = (5**0.5 - 1) / 2
"""Its multiples modulo 1 are spread evenly, however many there are."""
ROUNDING = 1e-9
"""So much may be missing of a leave that is earned, so that sums of fractions of days come out."""


@dataclass(frozen=True, eq=False)
class Dealt:
    """The leave of a team.

    Parameters
    ----------
    away
        Shape (agents, dates): who is on leave when, weekends of a week of leave included.
    owed
        Shape (agents,), dates earned and not taken at the end.
    """

    away: Bools
    owed: Floats


def deal_leave(leave: Leave, *, shifts: Bools, employed: Bools, weeks: Weeks) -> Dealt:
    """Deal leave from the start's week on.

    Parameters
    ----------
    leave
        How much, when, and for how many at once.
    shifts
        Shape (agents, dates), whether a shift of the agent begins on the date.
    employed
        Shape (agents, dates), whether the agent earns leave on it.
    weeks
        Whose dates these are.
    """
    earned = employed * _earned(leave, weeks)
    head_start = np.arange(len(shifts)) * GOLDEN % 1
    away, owed = np.zeros_like(shifts), np.zeros(len(shifts))
    period = 7 if leave.by_weeks else 1
    for first in range(7, shifts.shape[1], period):
        part = slice(first, first + period)
        owed += earned[:, part].sum(axis=1)
        length = shifts[:, part].sum(axis=1)
        turn = np.where(length > 0, owed / length.clip(min=1) + head_start, 0)
        goes = np.flatnonzero(turn >= 1 - ROUNDING)
        goes = goes[np.argsort(-turn[goes], kind="stable")][: leave.at_once]
        away[goes, part] = True
        owed[goes] -= length[goes]
    return Dealt(away, owed)


def _earned(leave: Leave, weeks: Weeks) -> Floats:
    """Return what is earned on each date: its month's weight over those of all dates of its year."""
    months = weeks.months
    years = months.astype("datetime64[Y]")
    first = years.min().astype("datetime64[M]")
    all_months = first + np.arange(12 * (int((years.max() - years.min()).astype(int)) + 1))
    lengths = np.diff(np.append(all_months, all_months[-1:] + 1).astype("datetime64[D]")).astype(int)
    weight = np.tile(leave.season, len(all_months) // 12)
    of_year = (weight * lengths).reshape(-1, 12).sum(axis=1)
    place = (months - first).astype(int)
    earned: Floats = leave.days * weight[place] / of_year[place // 12]
    return earned
