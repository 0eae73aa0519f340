"""Counts and time stamps of the past as messages: each item becomes as many copies as the scale says (R16)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simsocial.draw.randomness import Dice, Floats, Kind, Lineage
from simsocial.model.scenario import Placing, ReplayCounts, ReplayStamps
from simsocial.units import WEEK

Ticks = npt.NDArray[np.int64]


def draw_replayed_counts(replay: ReplayCounts, dice: Dice, *, stream: str, horizon: int) -> tuple[Ticks, Lineage]:
    """Draw the arrivals of replayed counts; some of an interval that passes the horizon may lie beyond it.

    Evenly placed, item k of n arrives at (k + φ) / n of its interval, with φ = 1/2 for its first copy and 1/4, 3/4,
    1/8, … (van der Corput's sequence) for further ones, so that more copies move none.

    Returns
    -------
    arrival
        Shape (messages,), ticks, ascending; at the same tick in the order of week, branch, index.
    lineage
        Week of the interval's start, copy, and item inside the week.
    """
    interval = np.repeat(np.arange(len(replay.counts)), np.where(replay.start < horizon, replay.counts, 0))
    item, lineage = _copy(replay.start[interval], replay, stream, horizon, dice)
    interval = interval[item]
    if replay.placing is Placing.UNIFORM:
        share = dice(stream, Kind.REPLAY_PLACE).of(lineage)
    else:
        first = np.cumsum(replay.counts) - replay.counts
        share = (item - first[interval] + _van_der_corput(lineage.branch + 1)) / replay.counts[interval]
    length = (replay.end - replay.start)[interval]
    return _sorted(replay.start[interval] + np.floor(share * length).astype(np.int64), lineage)


def draw_replayed_stamps(replay: ReplayStamps, dice: Dice, *, stream: str, horizon: int) -> tuple[Ticks, Lineage]:
    """Draw the arrivals of replayed stamps: first copies at the stamp, others within ``spread`` after.

    Returns
    -------
    arrival
        Shape (messages,), ticks, ascending; at the same tick in the order of week, branch, index.
    lineage
        Week of the stamp, copy, and item inside the week.
    """
    stamps = replay.stamps[replay.stamps < horizon]
    item, lineage = _copy(stamps, replay, stream, horizon, dice)
    after = np.floor(dice(stream, Kind.REPLAY_PLACE).of(lineage) * replay.spread).astype(np.int64)
    return _sorted(stamps[item] + np.where(lineage.branch == 0, 0, after), lineage)


def _copy(
    origin: Ticks, replay: ReplayCounts | ReplayStamps, stream: str, horizon: int, dice: Dice
) -> tuple[npt.NDArray[np.int64], Lineage]:
    """Return the item and the lineage of every copy; ``origin`` is the instant at which each item's scale is read."""
    items = Lineage.numbered(origin // WEEK)
    scale = replay.scale_from + (replay.scale_to - replay.scale_from) * (origin / horizon)
    whole = np.floor(scale)
    copies = (whole + (dice(stream, Kind.REPLAY_COPY).of(items) < scale - whole)).astype(np.int64)
    item = np.repeat(np.arange(len(origin)), copies)
    branch = np.arange(len(item)) - (np.cumsum(copies) - copies)[item]
    return item, Lineage(items.week[item], branch, items.index[item])


def _sorted(arrival: Ticks, lineage: Lineage) -> tuple[Ticks, Lineage]:
    """Sort copies of items, of which the items are in order: so are then, among equals, the indexes."""
    order = np.lexsort((lineage.branch, lineage.week, arrival))
    return arrival[order], lineage.take(order)


def _van_der_corput(number: npt.NDArray[np.int64]) -> Floats:
    """Mirror the binary digits of ``number`` at the point: 1, 2, 3, 4 → 1/2, 1/4, 3/4, 1/8 (van der Corput 1935)."""
    mirrored = np.zeros(len(number))
    digit = 0.5
    while number.any():
        mirrored += digit * (number & 1)
        number, digit = number >> 1, digit / 2
    return mirrored
