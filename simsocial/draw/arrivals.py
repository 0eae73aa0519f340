"""When the messages of a stream arrive, and where each stands in the addresses (R12–R16, R20)."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from simsocial.draw.randomness import Dice, Floats, Kind, Lineage, Uniforms
from simsocial.draw.replay import draw_replayed_counts, draw_replayed_stamps
from simsocial.model.laws import Gamma
from simsocial.model.scenario import Arrivals, RateArrivals, ReplayCounts, ReplayStamps, Timetable
from simsocial.units import DAY, WEEK

Ticks = npt.NDArray[np.int64]


def draw_arrivals(
    arrivals: Arrivals, *, stream: str, start: dt.datetime, horizon: int, dice: Dice
) -> tuple[Ticks, Lineage]:
    """Draw the arrivals of one stream in ``[0, horizon)``.

    Parameters
    ----------
    arrivals
        How they come.
    stream
        Name of the stream: the entity of the addresses.
    start
        Wall-clock instant of tick 0; dates begin at its midnights.
    horizon
        Ticks. A longer one leaves what arrives before the shorter one as it was, unless it stretches a replay's scale.
    dice
        Uniforms of the replication.

    Returns
    -------
    arrival
        Shape (messages,), ticks, ascending; what arrives at the same tick is in the order of week, branch, index.
    lineage
        Of the same messages.
    """
    match arrivals:
        case RateArrivals():
            arrival, lineage = _draw_rate(arrivals, stream, start, dice)
        case Timetable():
            arrival, lineage = arrivals.instants, Lineage.numbered(arrivals.instants // WEEK)
        case ReplayCounts():
            arrival, lineage = draw_replayed_counts(arrivals, stream=stream, horizon=horizon, dice=dice)
        case ReplayStamps():
            arrival, lineage = draw_replayed_stamps(arrivals, stream=stream, horizon=horizon, dice=dice)
    assert len(arrival) == 0 or arrival.min() >= 0, "R2: nothing arrives before the start"
    order = np.lexsort((lineage.index, lineage.branch, lineage.week, arrival))
    order = order[: np.searchsorted(arrival, horizon, sorter=order)]
    return arrival[order], lineage.take(order)


def _draw_rate(arrivals: RateArrivals, stream: str, start: dt.datetime, dice: Dice) -> tuple[Ticks, Lineage]:
    """Invert unit exponentials, cumulated in each week, through the week's cumulative rate (R20)."""
    breaks, rates = _cut_at_weeks_and_dates(arrivals, stream, start, dice)
    uniforms = dice(stream, Kind.ARRIVAL)
    week_begins = np.arange(0, breaks[-1], WEEK)
    edges = np.searchsorted(breaks, [*week_begins, breaks[-1]])
    weeks = [
        invert(breaks[first : last + 1], rates[first:last], uniforms, week)
        for week, (first, last) in enumerate(pairwise(edges))
    ]
    week_of = np.repeat(np.arange(len(weeks)), [len(week) for week in weeks])
    return np.concatenate(weeks), Lineage.numbered(week_of)


def _cut_at_weeks_and_dates(
    arrivals: RateArrivals, stream: str, start: dt.datetime, dice: Dice
) -> tuple[Ticks, Floats]:
    """Return breaks and rates of pieces that lie in one week each, and in one date each if dates have factors (R14)."""
    end = arrivals.breaks[-1]
    since_midnight = (start - start.replace(hour=0, minute=0, second=0, microsecond=0)) // dt.timedelta(milliseconds=1)
    cuts = [arrivals.breaks, np.arange(0, end, WEEK)]
    if arrivals.day_cv > 0:
        cuts.append(np.arange(DAY - since_midnight, end, DAY))
    merged = np.sort(np.concatenate(cuts), kind="stable")
    breaks = merged[np.diff(merged, prepend=-1) > 0]
    left = breaks[:-1]
    rates = arrivals.rates[np.searchsorted(arrivals.breaks, left, side="right") - 1]
    if arrivals.day_cv > 0:
        date = (left + since_midnight) // DAY
        rates = rates * _day_factors(int(date[-1]) + 1, arrivals.day_cv, dice(stream, Kind.DAY_FACTOR))[date]
    return breaks, rates


def _day_factors(dates: int, cv: float, uniforms: Uniforms) -> Floats:
    """Return the factor of each date from that of the start; seven dates make a week of the addresses."""
    week = np.arange(dates) // 7
    return Gamma(1.0, cv).quantile(uniforms.of(Lineage.numbered(week)))


def invert(breaks: Ticks, rates: Floats, uniforms: Uniforms, week: int) -> Ticks:
    """Draw the arrivals of one week at rates that are constant in each piece, exactly and without thinning (R20).

    An instant is reckoned from the left end of its piece only, so the pieces that follow do not touch its last digit.

    Parameters
    ----------
    breaks
        Shape (pieces + 1,), ticks.
    rates
        Shape (pieces,), messages per tick.
    uniforms
        Of the stream's arrivals.
    week
        Of the addresses.

    Returns
    -------
    ndarray
        Shape (messages,), ticks, ascending, each in the half-open piece in which its instant falls (R2).
    """
    mass = np.concatenate(([0.0], np.cumsum(rates * np.diff(breaks))))
    epoch = _epochs(mass[-1], uniforms, week)
    piece = np.repeat(np.arange(len(rates)), np.diff(np.searchsorted(epoch, mass)))
    since_left = np.floor((epoch[: len(piece)] - mass[piece]) / rates[piece]).astype(np.int64)
    return np.asarray(np.minimum(breaks[piece] + since_left, breaks[piece + 1] - 1))


def _epochs(mass: float, uniforms: Uniforms, week: int) -> Floats:
    """Return partial sums of the week's unit exponentials, as many as it takes to reach ``mass``."""
    count = int(mass + 6 * mass**0.5) + 12
    epoch = np.cumsum(-np.log1p(-uniforms.vector(count, week=week)))
    while epoch[-1] < mass:
        count *= 2
        epoch = np.cumsum(-np.log1p(-uniforms.vector(count, week=week)))
    return epoch
