"""Arrivals at a rate: Poisson, or with days that are busier than others (R12–R14, R20)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from simsocial.draw.randomness import Dice, Floats, Kind, Lineage, Uniforms
from simsocial.model.arrivals import RateArrivals
from simsocial.model.laws import Gamma
from simsocial.units import DAY, WEEK

Ticks = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Rates:
    """The rates of a stream in pieces that lie in one week each, and in one date each if dates have factors (R14).

    Parameters
    ----------
    stream
        Name: the entity of the addresses.
    breaks
        Shape (pieces + 1,), ticks.
    base
        Shape (pieces,), messages per tick, without the day factor.
    weeks
        The pieces of each week.
    date
        Shape (pieces,), counted from that of the start.
    day_cv
        Coefficient of variation of the day factor.
    kind
        Of the addresses.
    """

    stream: str
    breaks: Ticks
    base: Floats
    weeks: list[slice]
    date: Ticks
    day_cv: float
    kind: Kind = Kind.ARRIVAL

    @classmethod
    def of(cls, arrivals: RateArrivals, *, stream: str, start: dt.datetime, kind: Kind = Kind.ARRIVAL) -> Rates:
        """Cut the rates of a stream; ``start`` is the wall-clock instant of tick 0."""
        end = int(arrivals.breaks[-1])
        midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
        since_midnight = (start - midnight) // dt.timedelta(milliseconds=1)
        weeks = np.arange(0, end, WEEK)
        midnights = np.arange(DAY - since_midnight, end if arrivals.day_cv > 0 else 0, DAY)
        merged = np.sort(np.concatenate([arrivals.breaks, weeks, midnights]), kind="stable")
        breaks = merged[np.diff(merged, prepend=-1) > 0]
        left = breaks[:-1]
        edges = np.searchsorted(breaks, [*weeks, end])
        return cls(
            stream=stream,
            breaks=breaks,
            base=arrivals.rates[np.searchsorted(arrivals.breaks, left, side="right") - 1],
            weeks=[slice(first, last) for first, last in pairwise(edges.tolist())],
            date=(left + since_midnight) // DAY,
            day_cv=arrivals.day_cv,
            kind=kind,
        )

    def draw(self, dice: Dice) -> tuple[Ticks, Lineage]:
        """Invert unit exponentials, cumulated in each week, through the week's cumulative rate (R20).

        An instant is reckoned from the left end of its piece only, so the pieces that follow do not touch its last
        digit.

        Returns
        -------
        arrival
            Shape (messages,), ticks, ascending, each in the half-open piece in which its instant falls (R2).
        lineage
            Of the same messages.
        """
        rates = self.base * self._day_factors(dice)[self.date] if self.day_cv > 0 else self.base
        before, up_to = self._cumulated(rates) if self.day_cv > 0 else self._steady
        uniforms = dice(self.stream, self.kind)
        weeks = [_invert(mass, uniforms, week) for week, mass in enumerate(up_to)]
        piece = np.repeat(np.arange(len(rates)), np.concatenate([count for _, count in weeks]))
        since_left = (np.concatenate([epoch for epoch, _ in weeks]) - before[piece]) / rates[piece]
        arrival = self.breaks[piece] + np.floor(since_left).astype(np.int64)
        week_of = np.repeat(np.arange(len(weeks)), [len(epoch) for epoch, _ in weeks])
        return np.minimum(arrival, self.breaks[piece + 1] - 1), Lineage.numbered(week_of)

    def _day_factors(self, dice: Dice) -> Floats:
        return Gamma(1.0, self.day_cv).quantile(dice(self.stream, Kind.DAY_FACTOR).of(self._dates))

    @cached_property
    def _dates(self) -> Lineage:
        """Each date from that of the start; seven dates make a week of the addresses."""
        return Lineage.numbered(np.arange(self.date[-1] + 1) // 7)

    @cached_property
    def _steady(self) -> tuple[Floats, list[Floats]]:
        return self._cumulated(self.base)

    def _cumulated(self, rates: Floats) -> tuple[Floats, list[Floats]]:
        """Return what is expected in a week before each piece, and week by week up to the end of each piece."""
        mass = rates * np.diff(self.breaks)
        up_to = [mass[part].cumsum() for part in self.weeks]
        before = np.concatenate([[0.0], *up_to])[:-1]
        before[[part.start for part in self.weeks]] = 0.0
        return before, up_to


def _invert(mass: Floats, uniforms: Uniforms, week: int) -> tuple[Floats, Ticks]:
    """Draw the arrivals of a week exactly and without thinning (R20).

    Parameters
    ----------
    mass
        Shape (pieces,), expected messages from the week's beginning to the end of each of its pieces.
    uniforms
        Of the stream's arrivals.
    week
        Of the addresses.

    Returns
    -------
    epoch
        Shape (messages,), expected messages from the week's beginning to each arrival.
    count
        Shape (pieces,), arrivals in each piece.
    """
    epoch = _epochs(mass[-1], uniforms, week)
    passed = epoch.searchsorted(mass)
    count = passed.copy()
    count[1:] -= passed[:-1]
    return epoch[: passed[-1]], count


def _epochs(mass: float, uniforms: Uniforms, week: int) -> Floats:
    """Return partial sums of the week's unit exponentials, as many as it takes to reach ``mass``."""
    count = int(mass + 6 * mass**0.5) + 12
    while (epoch := (-np.log1p(-uniforms.vector(count, week=week))).cumsum())[-1] < mass:
        count *= 2
    return epoch
