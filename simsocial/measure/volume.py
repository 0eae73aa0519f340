"""Expected arrivals of a stream up to any instant, whatever their source (R12–R16)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simsocial.model.scenario import Arrivals, RateArrivals, ReplayCounts, ReplayStamps, Timetable

Ticks = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


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
