"""Outages: when streams cannot arrive and teams cannot work, planned or at random (R108, R109)."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.model.away import Hours
from simsocial.model.intervals import merged
from simsocial.model.laws import Law
from simsocial.units import DAY, WEEK

Ticks = npt.NDArray[np.int64]
NONE: Ticks = np.empty((0, 2), dtype=np.int64)


@dataclass(frozen=True)
class Dated:
    """One outage in ``[start, end)``, ticks; ``start`` may lie before the run."""

    start: int
    end: int


@dataclass(frozen=True)
class Weekly:
    """An outage in weekly ``hours``, in weeks ``weeks`` of each ``cycle`` (R33)."""

    hours: Hours
    weeks: tuple[int, ...] = (1,)
    cycle: int = 1


@dataclass(frozen=True)
class AtRandom:
    """Outages that begin ``every`` so many ticks on average, from the start on, each of a ``length`` by its law."""

    every: int
    length: Law

    @property
    def share(self) -> float:
        """Share of the time in which at least one of them lasts: that of a busy M/G/∞ (Takács 1962, ch. 3)."""
        return -math.expm1(-self.length.mean / self.every)


@dataclass(frozen=True, eq=False)
class Outage:
    """What fails together.

    Parameters
    ----------
    name
        The entity of the addresses.
    when
        It fails.
    streams, teams
        Indexes of what cannot arrive, and of who cannot work meanwhile.
    loses
        Whether messages of that time never come, instead of when it is over.
    """

    name: str
    when: Dated | Weekly | AtRandom
    streams: frozenset[int] = frozenset()
    teams: frozenset[int] = frozenset()
    loses: bool = False

    @property
    def is_random(self) -> bool:
        """Whether it differs between replications."""
        return isinstance(self.when, AtRandom)

    def planned(self, *, start: dt.datetime, until: int) -> Ticks:
        """Return its stretches, shape (stretches, 2), ticks, that meet ``[0, until)``; none of one at random."""
        match self.when:
            case Dated(start=begin, end=end):
                found = np.array([[begin, end]], dtype=np.int64)
            case Weekly(hours=hours, weeks=weeks, cycle=cycle):
                found = _repeated(hours, weeks, cycle, start=start, until=until)
            case AtRandom():
                found = NONE
        return found[(found[:, 1] > 0) & (found[:, 0] < until)]


def _repeated(hours: Hours, weeks: tuple[int, ...], cycle: int, *, start: dt.datetime, until: int) -> Ticks:
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    monday = (midnight - start) // dt.timedelta(milliseconds=1) - start.weekday() * DAY
    number = np.arange(-1, (until - monday) // WEEK + 1)
    begins = monday + number[np.isin(number % cycle + 1, weeks)] * WEEK
    return (begins[:, None, None] + np.array(hours, dtype=np.int64)).reshape(-1, 2)


def together(stretches: Iterable[Ticks]) -> Ticks:
    """Join stretches that touch or overlap; shape (stretches, 2), ticks, ascending and disjoint."""
    every = np.concatenate([NONE, *stretches])
    return np.column_stack(merged(every[:, 0], every[:, 1]))


def up_share(outages: Iterable[Outage]) -> float:
    """Return the share of the time in which none of these fails that fail at random."""
    return math.prod(1 - outage.when.share for outage in outages if isinstance(outage.when, AtRandom))
