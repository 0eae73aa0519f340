"""Files of counts or time stamps as the replayed arrivals of a stream (R16, R71)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from simsocial.config.arrivals import CountsReplay, Replay, Scale, StampsReplay
from simsocial.config.csv_files import CsvFile
from simsocial.config.resolve.spot import Spot
from simsocial.config.resolve.world import World
from simsocial.model.arrivals import Placing, ReplayCounts, ReplayStamps
from simsocial.units import DURATIONS, NEVER, format_duration

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
    file = _rows(replay, {replay.time: "time", replay.value: "value"}, world, spot)
    start = world.span.ticks(_instants(file, replay, world))
    counts = _counts(file, replay, spot)
    length = interval_length(replay.interval, start, spot / "interval")
    if length is None:
        return None
    file.notes.append(f"intervals of {format_duration(length)}")
    start, counts = _one_of_each(file, start, counts)
    end = np.minimum(start + length, np.append(start[1:], NEVER))  # a day on which clocks are put forward is shorter
    _tell_gaps(file, start, end, world)
    inside = _inside(start, world, spot / "file")
    if not inside.any():
        return None
    first, last = _scale(replay.scale)
    placing = Placing(replay.placing)
    return ReplayCounts(start[inside], end[inside], counts[inside], first, last, placing)


def replayed_stamps(replay: StampsReplay, *, world: World, spot: Spot) -> ReplayStamps | None:
    """Read time stamps; the rest is as in :func:`replayed_counts`."""
    file = _rows(replay, {replay.time: "time"}, world, spot)
    found = world.span.ticks(_instants(file, replay, world, repeats=True, ascending=replay.order == "ascending"))
    stamps = np.sort(found)
    twice, repeated = int((np.diff(stamps) == 0).sum()), file.rows.repeated
    file.notes.append(f"at the same instant as another: {twice:,}, repeating another row in every column: {repeated:,}")
    if (stamps != found).any():
        file.notes.append("not in order of time: sorted")
    inside = _inside(stamps, world, spot / "file")
    if not inside.any():
        return None
    return ReplayStamps(stamps[inside], *_scale(replay.scale), spread=replay.spread)


def _rows(replay: Replay, columns: Mapping[str, str], world: World, spot: Spot) -> CsvFile:
    """Read the rows of a file that are the stream's."""
    wanted: dict[str, str | None] = {**columns, **dict.fromkeys(replay.rows, "rows")}
    if replay.time_of_day:
        wanted[replay.time_of_day.column] = "time_of_day"
    file = world.read(replay.file, wanted, spot / "file", decimal=replay.decimal)
    words = {name: (word,) if isinstance(word, str) else word for name, word in replay.rows.items()}
    return file.having(words) if words else file


def _instants(
    file: CsvFile, replay: Replay, world: World, *, repeats: bool = False, ascending: bool = True
) -> npt.NDArray[np.datetime64]:
    clock, of_day = world.clock(replay), replay.time_of_day
    offset, time = None, replay.time
    if of_day is not None and of_day.unit is not None:
        offset = np.rint(file.numbers(of_day.column, low=0) * DURATIONS[of_day.unit]).astype(np.int64)
    elif of_day is not None:
        file, time = file.joined(replay.time, of_day.column), of_day.column
    return file.instants(time, repeats=repeats, ascending=ascending, clock=clock, offset=offset)


def _counts(file: CsvFile, replay: CountsReplay, spot: Spot) -> npt.NDArray[np.float64]:
    """Return the counts; those with fractions are refused unless they come by chance."""
    by_chance = replay.fractions == "by chance"
    if not by_chance and file.has_fractions(replay.value):
        how = file.named.saying({"fractions": '"by chance"'})
        (spot / "fractions").fault(f"counts with fractions are refused without it; write {how}")
    counts = file.numbers(replay.value, low=0, whole=not by_chance)
    if broken := int(np.count_nonzero(counts % 1)):
        file.notes.append(f"{broken:,} counts with fractions, by chance")
    return counts


def _one_of_each(file: CsvFile, start: Ticks, counts: npt.NDArray[np.float64]) -> tuple[Ticks, npt.NDArray[np.float64]]:
    """Add up counts that begin at the same time on the desk's clock, which is put back in autumn (R71)."""
    if (np.diff(start) > 0).all():
        return start, counts
    file.notes.append("clocks are put back: counts of the hour that comes twice are added up")
    once, place = np.unique(start, return_inverse=True)
    return once, np.bincount(place, weights=counts).astype(np.float64)


def _tell_gaps(file: CsvFile, start: Ticks, end: Ticks, world: World) -> None:
    gaps = np.flatnonzero(start[1:] > end[:-1])
    if not len(gaps):
        return file.notes.append("gaps: 0")
    first, longest = gaps[0], format_duration(int((start[1:] - end[:-1]).max()))
    begin, finish = (f"{world.span.when(tick):%Y-%m-%d %H:%M}" for tick in (end[first], start[first + 1]))
    return file.notes.append(f"gaps: {len(gaps):,}, the first {begin} to {finish}, the longest of {longest}")


def interval_length(written: int | None, start: Ticks, spot: Spot) -> int | None:
    """Return the length of an interval, as written or the smallest spacing of the rows; note a fault at ``spot``."""
    if len(start) == 1 and written is None:
        spot.fault("missing; the file has a single row, whose length cannot be seen from the next")
        return None
    steps = np.diff(start)
    steps = steps[steps > 0]  # what is put back stands still (R71)
    spacing = int(steps.min()) if len(steps) else written
    if written is not None and spacing is not None and written > spacing:
        spot.fault(f"is longer than the {format_duration(spacing)} between two rows of the file; write at most that")
        return None
    return written or spacing


def _inside(instants: Ticks, world: World, spot: Spot) -> npt.NDArray[np.bool_]:
    """Return which items lie in the run; note a fault when none does."""
    inside: npt.NDArray[np.bool_] = (instants >= 0) & (instants < world.span.horizon)
    if world.timed and not inside.any():
        first, last = (f"{world.span.when(instant):%Y-%m-%d %H:%M}" for instant in (instants[0], instants[-1]))
        begin, end = (f"{world.span.when(instant):%Y-%m-%d %H:%M}" for instant in (0, world.span.horizon))
        spot.fault(f"its rows, {first} to {last}, lie outside the run, {begin} to {end}; change time.start or the file")
    return inside


def _scale(scale: float | Scale) -> tuple[float, float]:
    return (scale.from_, scale.to) if isinstance(scale, Scale) else (scale, scale)
