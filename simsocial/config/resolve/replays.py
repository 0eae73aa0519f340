"""Files of counts or time stamps as the replayed arrivals of a stream (R16)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simsocial.config.arrivals import CountsReplay, Scale, StampsReplay
from simsocial.config.resolve.spot import Spot
from simsocial.config.resolve.world import World
from simsocial.model.scenario import Placing, ReplayCounts, ReplayStamps
from simsocial.units import format_duration

Ticks = npt.NDArray[np.int64]


def replayed_counts(replay: CountsReplay, *, world: World, spot: Spot) -> ReplayCounts | None:
    """Read counts per interval; rows before the start or after the horizon are ignored.

    Returns
    -------
    ReplayCounts or None
        ``None`` when a fault was noted.

    Raises
    ------
    InputError
        What is wrong with the file.
    """
    file = world.read(replay.file, {replay.time: "time", replay.value: "value"}, spot / "file")
    start = world.span.ticks(file.instants(replay.time))
    counts = file.numbers(replay.value, low=0, whole=True).astype(np.int64)
    length = interval_length(replay.interval, start, spot / "interval")
    inside = _inside(start, world, spot / "file")
    if length is None or not inside.any():
        return None
    first, last = _scale(replay.scale)
    placing = Placing(replay.placing)
    return ReplayCounts(start[inside], start[inside] + length, counts[inside], first, last, placing)


def replayed_stamps(replay: StampsReplay, *, world: World, spot: Spot) -> ReplayStamps | None:
    """Read time stamps; the rest is as in :func:`replayed_counts`."""
    file = world.read(replay.file, {replay.time: "time"}, spot / "file")
    stamps = world.span.ticks(file.instants(replay.time, repeats=True))
    inside = _inside(stamps, world, spot / "file")
    if not inside.any():
        return None
    return ReplayStamps(stamps[inside], *_scale(replay.scale), spread=replay.spread)


def interval_length(written: int | None, start: Ticks, spot: Spot) -> int | None:
    """Return the length of an interval, as written or the smallest spacing of the rows; note a fault at ``spot``."""
    if len(start) == 1 and written is None:
        spot.fault("missing; the file has a single row, whose length cannot be seen from the next")
        return None
    spacing = int(np.diff(start).min()) if len(start) > 1 else written
    if written is not None and spacing is not None and written > spacing:
        spot.fault(f"is longer than the {format_duration(spacing)} between two rows of the file; write at most that")
        return None
    return written or spacing


def _inside(instants: Ticks, world: World, spot: Spot) -> npt.NDArray[np.bool_]:
    """Return which items lie in the run; note a fault when none does."""
    inside: npt.NDArray[np.bool_] = (instants >= 0) & (instants < world.span.horizon)
    if not inside.any():
        first, last = (f"{world.span.when(instant):%Y-%m-%d %H:%M}" for instant in (instants[0], instants[-1]))
        begin, end = (f"{world.span.when(instant):%Y-%m-%d %H:%M}" for instant in (0, world.span.horizon))
        spot.fault(f"its rows, {first} to {last}, lie outside the run, {begin} to {end}; change time.start or the file")
    return inside


def _scale(scale: float | Scale) -> tuple[float, float]:
    return (scale.from_, scale.to) if isinstance(scale, Scale) else (scale, scale)
