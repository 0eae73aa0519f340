"""Expected arrivals of a stream up to any instant, whatever their source (R12–R16, R73, R74)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simsocial.model.arrivals import Arrivals, RateArrivals, ReplayCounts, ReplayStamps, Timetable
from simsocial.model.bursts import BurstyArrivals
from simsocial.model.laws import Exponential, Law

Ticks = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

DELAY_LEVELS = 200
"""Quantiles that stand for a law of delay: what has come of a burst is off by 1 / 400 of its size at most."""


def expected_arrivals(arrivals: Arrivals, instant: npt.ArrayLike, *, horizon: int) -> Floats:
    """Return the expected number of messages in ``[0, instant)``.

    Parameters
    ----------
    arrivals
        How they come. Day factors have mean 1 and do not matter; what a replay places evenly in an interval is
        expected uniformly over it.
    instant
        Any shape, ticks; nothing arrives at or after the horizon.
    horizon
        Ticks; over it a replay's scale goes from one value to the other.

    Returns
    -------
    ndarray of float
        Shape of ``instant``.
    """
    instant = np.minimum(instant, horizon)
    match arrivals:
        case RateArrivals(breaks=breaks, rates=rates):
            return np.interp(instant, breaks, _from_zero(rates * np.diff(breaks)))
        case Timetable(instants=instants):
            return np.searchsorted(instants, instant).astype(np.float64)
        case ReplayCounts(start=start, end=end, counts=counts):
            reached = _from_zero(counts * _scale(arrivals, start, horizon))
            edges = np.column_stack([start, end]).ravel()
            return np.interp(instant, edges, np.repeat(reached, 2)[1:-1])
        case ReplayStamps(stamps=stamps, spread=spread):
            scale = _scale(arrivals, stamps, horizon)
            copies = (scale - 1).clip(min=0)
            first = _from_zero(scale - copies)[np.searchsorted(stamps, instant)]
            return first + _spread_by(stamps, copies, max(spread, 1), instant)
        case BurstyArrivals():
            return _with_bursts(arrivals, instant, horizon)


def _with_bursts(arrivals: BurstyArrivals, instant: Ticks, horizon: int) -> Floats:
    """Add what bursts and excitement bring.

    With an exponential kernel of ratio n and time constant τ, the descendants of a message are n / (1 − n) on average,
    exponentially delayed by τ / (1 − n) (the resolvent of the kernel; Hawkes 1971, Biometrika 58).
    """
    total = expected_arrivals(arrivals.own, instant, horizon=horizon)
    if (excitement := arrivals.excitement) is not None:
        left = 1 - excitement.ratio
        brought = _delayed(arrivals.own, Exponential(excitement.decay / left), instant, horizon)
        total = total + excitement.ratio / left * brought
    for burst in arrivals.bursts:
        total = total + burst.size * _delayed(burst.begins, burst.decay, instant, horizon)
    return total


def _delayed(arrivals: Arrivals, law: Law, instant: Ticks, horizon: int) -> Floats:
    """Return what is expected by ``instant`` when each of ``arrivals`` comes later by the law."""
    delays = np.rint(law.quantile((np.arange(DELAY_LEVELS) + 0.5) / DELAY_LEVELS)).astype(np.int64)
    total = np.zeros(np.shape(instant))
    for delay in delays.tolist():
        total += expected_arrivals(arrivals, instant - delay, horizon=horizon)
    return total / DELAY_LEVELS


def _scale(replay: ReplayCounts | ReplayStamps, origin: Ticks, horizon: int) -> Floats:
    """Return the scale in force at ``origin`` (R16)."""
    return np.asarray(replay.scale_from + (replay.scale_to - replay.scale_from) * (origin / horizon))


def _from_zero(amounts: Floats) -> Floats:
    """Return the running sum of ``amounts``, shape (amounts + 1,)."""
    return np.concatenate(([0.0], np.cumsum(amounts)))


def _spread_by(origin: Ticks, amount: Floats, length: int, instant: Ticks) -> Floats:
    """Return what has come by ``instant`` when each ``amount`` comes evenly over ``length`` ticks from ``origin``."""

    def area(by: Ticks) -> Floats:
        begun = np.searchsorted(origin, by)
        return np.asarray(by * _from_zero(amount)[begun] - _from_zero(amount * origin)[begun])

    return (area(instant) - area(instant - length)) / length
