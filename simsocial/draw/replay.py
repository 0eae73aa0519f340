"""Counts and time stamps of the past as messages: each item becomes as many copies as the scale says (R16)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.draw.randomness import Dice, DrawArrivals, Floats, Kind, Lineage, Uniforms
from simsocial.model.arrivals import Placing, ReplayCounts, ReplayStamps
from simsocial.units import WEEK

Ticks = npt.NDArray[np.int64]


def plan_replayed_counts(replay: ReplayCounts, *, stream: str, horizon: int) -> DrawArrivals:
    """Prepare to draw replayed counts; some messages of an interval that passes the horizon may arrive beyond it.

    Evenly placed, item k of n arrives at (k + φ) / n of its interval, with φ = 1/2 for its first copy and 1/4, 3/4,
    1/8, … (van der Corput's sequence) for further ones, so that more copies move none. The lineage has the week of the
    interval's start, the copy, and the item inside the week.
    """
    counts = np.ceil(replay.counts).astype(np.int64)
    interval = np.repeat(np.arange(len(counts)), np.where(replay.start < horizon, counts, 0))
    start, length = replay.start[interval], (replay.end - replay.start)[interval]
    number = np.arange(len(interval)) - (np.cumsum(counts) - counts)[interval]
    items = _Items.of(start, replay, horizon, part=np.minimum(replay.counts[interval] - number, 1.0))

    def draw(dice: Dice) -> tuple[Ticks, Lineage]:
        item, lineage = items.copy(dice(stream, Kind.REPLAY_COPY))
        if replay.placing is Placing.UNIFORM:
            share = dice(stream, Kind.REPLAY_PLACE).of(lineage)
        else:
            share = (number[item] + _van_der_corput(lineage.branch + 1)) / counts[interval[item]]
        return _sorted(start[item] + np.floor(share * length[item]).astype(np.int64), lineage)

    return draw


def plan_replayed_stamps(replay: ReplayStamps, *, stream: str, horizon: int) -> DrawArrivals:
    """Prepare to draw replayed stamps: first copies arrive at the stamp, others within ``spread`` after it.

    The lineage has the week of the stamp, the copy, and the item inside the week.
    """
    stamps = replay.stamps[replay.stamps < horizon]
    items = _Items.of(stamps, replay, horizon)

    def draw(dice: Dice) -> tuple[Ticks, Lineage]:
        item, lineage = items.copy(dice(stream, Kind.REPLAY_COPY))
        after = np.floor(dice(stream, Kind.REPLAY_PLACE).of(lineage) * replay.spread).astype(np.int64)
        return _sorted(stamps[item] + np.where(lineage.branch == 0, 0, after), lineage)

    return draw


@dataclass(frozen=True, eq=False)
class _Items:
    """What is replayed, with the copies that the scale makes of each: a whole number, and one more by chance."""

    lineage: Lineage
    whole: Ticks
    chance: Floats

    @classmethod
    def of(
        cls, origin: Ticks, replay: ReplayCounts | ReplayStamps, horizon: int, *, part: Floats | float = 1.0
    ) -> _Items:
        """Read the scale of each item at its ``origin``; ``part`` is less than 1 for the fraction of a count (R71)."""
        scale = part * (replay.scale_from + (replay.scale_to - replay.scale_from) * (origin / horizon))
        whole = np.floor(scale)
        return cls(Lineage.numbered(origin // WEEK), whole.astype(np.int64), scale - whole)

    def copy(self, uniforms: Uniforms) -> tuple[Ticks, Lineage]:
        """Return the item and the lineage of every copy, in the order of items."""
        copies = self.whole + (uniforms.of(self.lineage) < self.chance)
        item = np.repeat(np.arange(len(copies)), copies)
        branch = np.arange(len(item)) - (np.cumsum(copies) - copies)[item]
        return item, Lineage(self.lineage.week[item], branch, self.lineage.index[item])


def _sorted(arrival: Ticks, lineage: Lineage) -> tuple[Ticks, Lineage]:
    """Sort by arrival, then week, branch and index; copies come in the order of items, so their indexes ascend."""
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
