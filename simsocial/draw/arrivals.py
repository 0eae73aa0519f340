"""When the messages of a stream arrive, and where each stands in the addresses (R12–R16, R20, R73, R74)."""

from __future__ import annotations

import datetime as dt

import numpy as np
import numpy.typing as npt

from simsocial.draw.bursts import plan_bursty
from simsocial.draw.randomness import Dice, DrawArrivals, Lineage
from simsocial.draw.rates import Rates
from simsocial.draw.replay import plan_replayed_counts, plan_replayed_stamps
from simsocial.model.arrivals import Arrivals, RateArrivals, ReplayCounts, ReplayStamps, Timetable
from simsocial.model.bursts import BurstyArrivals
from simsocial.units import WEEK

Ticks = npt.NDArray[np.int64]


def plan_arrivals(arrivals: Arrivals, *, stream: str, start: dt.datetime, horizon: int) -> DrawArrivals:
    """Prepare to draw the arrivals of one stream in ``[0, horizon)``, in as many replications as wanted.

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

    Returns
    -------
    DrawArrivals
        What arrives at the same tick is in the order of week, branch, index.
    """
    draw = _plan(arrivals, stream, start, horizon)

    def until_horizon(dice: Dice) -> tuple[Ticks, Lineage]:
        arrival, lineage = draw(dice)
        assert len(arrival) == 0 or arrival[0] >= 0, "R2: nothing arrives before the start"
        inside = slice(int(np.searchsorted(arrival, horizon)))
        return arrival[inside], lineage.take(inside)

    return until_horizon


def _plan(arrivals: Arrivals, stream: str, start: dt.datetime, horizon: int) -> DrawArrivals:
    match arrivals:
        case RateArrivals():
            return Rates.of(arrivals, stream=stream, start=start).draw
        case Timetable():
            timetable = arrivals.instants, Lineage.numbered(arrivals.instants // WEEK)
            return lambda _: timetable
        case ReplayCounts():
            return plan_replayed_counts(arrivals, stream=stream, horizon=horizon)
        case ReplayStamps():
            return plan_replayed_stamps(arrivals, stream=stream, horizon=horizon)
        case BurstyArrivals(own=own, excitement=excitement, bursts=bursts):
            begins = [(each, _plan(each.begins, f"{stream}.{each.name}", start, horizon)) for each in bursts]
            plain = _plan(own, stream, start, horizon)
            return plan_bursty(plain, stream=stream, excitement=excitement, bursts=begins)
