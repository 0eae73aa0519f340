"""Careers: how people come to a team, learn its work, and leave it (R92–R99)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from itertools import accumulate
from typing import Final

import numpy as np
import numpy.typing as npt

from simsocial.units import MONTH

Floats = npt.NDArray[np.float64]

VETERAN = 36_525
"""Dates of tenure, a century, of those who have always been there."""

BANDS: Final = (1, 3, 6, 12)
"""Months up to which tenures are told together, and so is whatever is longer (R112)."""


def band_of(tenure: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the place among :data:`BANDS` of how long people have been there; any shape, ticks."""
    return np.searchsorted(np.array(BANDS) * MONTH, tenure)


class Stage(IntEnum):
    """Where somebody stands: waiting, or employed and in exactly one of four stages, certified or not (R98)."""

    WAITING = 0
    IN_CLASS = 1
    NESTING = 2
    RAMPING = 3
    FULL = 4
    CERTIFIED = 5
    EMPLOYED = 6


@dataclass(frozen=True)
class Path:
    """What becomes of somebody date by date after he began; the last value of ``pace`` and ``quality`` is 1 (R94).

    Parameters
    ----------
    in_class, nesting
        Dates in class, and then in nesting.
    pace, quality
        Factors by dates since he began; he is fully ramped from the last of these on.
    """

    in_class: int = 0
    nesting: int = 0
    pace: tuple[float, ...] = (1.0,)
    quality: tuple[float, ...] = (1.0,)

    @property
    def dates(self) -> int:
        """How many until he is fully ramped."""
        return len(self.pace) - 1

    @property
    def changes_nothing(self) -> bool:
        """Whether he is at once as good as everybody."""
        return not self.in_class and {*self.pace, *self.quality} == {1.0}

    @property
    def untrained(self) -> tuple[float, ...]:
        """By dates since he began, the pace that somebody keeps who learns no more: the slowest still ahead (R110)."""
        return tuple(accumulate(reversed(self.pace), max))[::-1]


@dataclass(frozen=True)
class Leaving:
    """How often people leave, by tenure (R93).

    Parameters
    ----------
    since
        Dates of tenure from which each hazard holds, from 0, ascending.
    hazard
        Per date.
    replaced_after
        Dates until a successor is due; ``None`` for no replacement.
    """

    since: tuple[int, ...]
    hazard: tuple[float, ...]
    replaced_after: int | None = None

    def cumulative(self, tenure: npt.ArrayLike) -> Floats:
        """Return the hazard cumulated from tenure 0 on; any shape, dates."""
        piece = np.searchsorted(self.since, tenure, side="right") - 1
        before = np.cumsum([0.0, *(np.diff(self.since) * self.hazard[:-1])])
        since = np.asarray(tenure, np.float64) - np.asarray(self.since)[piece]
        total: Floats = before[piece] + np.asarray(self.hazard)[piece] * since
        return total

    def lasts(self, exponential: Floats, tenure: Floats) -> Floats:
        """Return after how many more dates people leave; infinite for those who never do.

        Parameters
        ----------
        exponential
            Shape (people,), of mean 1: the hazard that each survives.
        tenure
            Shape (people,), dates that each has been there.
        """
        goal = self.cumulative(tenure) + exponential
        since, hazard = np.asarray(self.since), np.asarray(self.hazard)
        before = self.cumulative(since)
        piece = np.searchsorted(before, goal, side="left") - 1
        with np.errstate(divide="ignore"):
            lasts: Floats = since[piece] + (goal - before[piece]) / hazard[piece] - tenure
        return lasts


@dataclass(frozen=True)
class Hire:
    """A requisition (R92).

    Parameters
    ----------
    tick
        When those hired are due.
    seats
        How many seats it adds.
    refills
        Whether it also fills the seats that are vacant then and have no successor under way.
    """

    tick: int
    seats: int
    refills: bool = False


@dataclass(frozen=True)
class Continuing:
    """Continuing education: sessions of so many ticks per agent in every period (R96).

    Parameters
    ----------
    ticks
        On the desk, that one session takes.
    months
        Length of a period, months; 0 for a week.
    group
        How many agents go together.
    cover
        At least so many agents who have a shift on the date stay on the desk.
    """

    ticks: int
    months: int
    group: int
    cover: int = 0


@dataclass(frozen=True)
class Certificate:
    """What lets people serve some steps (R97).

    Parameters
    ----------
    name
        Name inside its team.
    queues
        Indexes into ``Desk.queues`` that nobody serves without it.
    ticks, refresher
        On the desk, that it takes to obtain and to renew.
    valid
        Dates; ``None`` for ever.
    early
        Dates before its end at which the refresher may begin.
    obtained
        Tick at which those had obtained it who are there at the start; ``None`` for spread evenly.
    """

    name: str
    queues: frozenset[int]
    ticks: int
    refresher: int
    valid: int | None = None
    early: int = 0
    obtained: int | None = None


@dataclass(frozen=True)
class Career:
    """How people of a team come, learn and leave.

    Parameters
    ----------
    path
        From the first date in class to being fully ramped.
    trainers
        Trainers per person in class, ``None`` for none of the team.
    size
        At most so many in class at once, ``None`` for any number.
    tenure
        (proportion, dates) of those there at the start; empty when all are fully ramped.
    leaving
        ``None`` when nobody does.
    hires
        Ascending by tick.
    continuing
        ``None`` for none.
    certificates
        In the config's order.
    rankings
        Shape (rankings of the team, 2 ** certificates): ranking in force → the one without the queues of certificates
        that are lacking, bit i of the second index for the i-th; empty without certificates.
    """

    path: Path = Path()
    trainers: Fraction | None = None
    size: int | None = None
    tenure: tuple[tuple[float, int], ...] = ()
    leaving: Leaving | None = None
    hires: tuple[Hire, ...] = ()
    continuing: Continuing | None = None
    certificates: tuple[Certificate, ...] = ()
    rankings: tuple[tuple[int, tuple[int, ...]], ...] = ()

    @property
    def seats(self) -> int:
        """How many the requisitions add."""
        return sum(hire.seats for hire in self.hires)

    @property
    def trains(self) -> bool:
        """Whether anybody may learn anything: what its untrained twin does not (R110)."""
        sessions = self.continuing is not None and self.continuing.ticks > 0
        certified = any(certificate.ticks or certificate.refresher for certificate in self.certificates)
        return not self.path.changes_nothing or sessions or certified
