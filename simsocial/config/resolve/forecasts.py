"""A file of expected volumes as a rate, and its band as a day factor (R76)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from simsocial.config.csv_files import CsvFile
from simsocial.config.csv_instants import Clock
from simsocial.config.csv_rows import alike
from simsocial.config.forecast import Forecast
from simsocial.config.resolve.replays import interval_length
from simsocial.config.resolve.size import fits
from simsocial.config.resolve.spot import Spot
from simsocial.config.resolve.world import Span, World
from simsocial.errors import Fault, InputError
from simsocial.model.arrivals import RateArrivals
from simsocial.units import DAY, WEEK, format_duration

Floats = npt.NDArray[np.float64]
Ticks = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class _Pieces:
    """The forecast's time cut at its intervals, the profile's steps and midnights; shapes (pieces + 1,), (pieces,).

    What of the run is left after the forecast is of its last interval.
    """

    breaks: Ticks
    interval: Ticks
    weight: Floats
    date: Ticks

    def until(self, end: int) -> _Pieces:
        """Return those before a tick at which one ends."""
        number = int(np.searchsorted(self.breaks, end))
        return _Pieces(self.breaks[: number + 1], self.interval[:number], self.weight[:number], self.date[:number])


def forecast_rate(
    forecast: Forecast, weights: Sequence[float], *, day_cv: float, world: World, spot: Spot
) -> RateArrivals | None:
    """Lay a forecast out over the run.

    Parameters
    ----------
    forecast
        As written.
    weights
        Weekly profile from Monday 00:00, which spreads an interval's volume inside it.
    day_cv
        Of the day factor where the forecast has no band.
    world, spot
        Time and files; the place of the forecast.

    Returns
    -------
    RateArrivals or None
        From 0 to the horizon; ``None`` when a fault was noted.

    Raises
    ------
    InputError
        What is wrong with the file.
    """
    band = {} if forecast.band is None else {forecast.lower: "lower", forecast.upper: "upper"}
    file = world.read(
        forecast.file,
        {forecast.time: "time", forecast.value: "value"} | band,
        spot / "file",
        decimal=forecast.decimal,
    )
    begin = world.span.ticks(file.instants(forecast.time, clock=Clock(forecast.format)))
    volume = file.numbers(forecast.value, low=0)
    length = interval_length(forecast.interval, begin, spot / "interval")
    if length is None:
        return None
    file.notes.append(f"intervals of {format_duration(length)}")
    _refuse_holes(forecast, file, begin, length, world.span)
    end = int(begin[-1]) + length
    if not _covers(begin, end, world, spot / "file"):
        return None
    number = (begin[-1] + length - begin[0]) / WEEK * len(weights)
    if not fits("pieces of rate", number, "write a coarser profile or a shorter forecast", spot / "file"):
        return None
    pieces = _pieces(np.append(begin, end), weights, world.span)
    mass = _mass(pieces, end, volume, file, forecast)
    if forecast.band is not None:
        spread = _spread(file, forecast, volume, forecast.band)
        day_cv = _day_cv(pieces.until(end), mass, volume, spread)
        file.notes.append(f"its band gives every date a factor with a cv of {day_cv:.3g}")
    _tell_more(file, forecast, world.span.horizon - end)
    return _in_run(pieces, mass, world.span.horizon, day_cv)


def _refuse_holes(forecast: Forecast, file: CsvFile, begin: Ticks, length: int, span: Span) -> None:
    """Raise `InputError` at the first row that does not follow the one before it at the distance of an interval."""
    late = np.flatnonzero(np.diff(begin) > length)
    if len(late):
        row = int(late[0]) + 1
        missing = f"{span.when(begin[row - 1] + length):%Y-%m-%d %H:%M}"
        every = f"a forecast has one every {format_duration(length)}, without holes"
        told = f"no row for {missing}; {every} (got {file.columns[forecast.time][row]})"
        raise InputError(Fault(told, forecast.time, file.path, file.lines[row]))


def _tell_more(file: CsvFile, forecast: Forecast, beyond: int) -> None:
    """Tell of a run that goes on after the forecast, and of a band that nobody asked for."""
    if beyond > 0:
        file.notes.append(f"the last interval's level goes on for {format_duration(beyond)}, to the end of the run")
    there = {alike(name): name for name in file.rows.header}
    unread = [there[alike(name)] for name in (forecast.lower, forecast.upper) if alike(name) in there]
    if forecast.band is None and unread:
        how = file.named.saying({"band": "0.8"})
        file.notes.append(f"{' and '.join(unread)} look like a band; to use it, write {how}, or which share it holds")


def _covers(begin: Ticks, end: int, world: World, spot: Spot) -> bool:
    """Say whether the forecast reaches over the run, but for the rest of a day; note a fault if not (R76)."""
    span = world.span
    if not world.timed or (begin[0] <= 0 and end >= span.horizon - DAY):
        return world.timed
    has, needed = (
        f"{span.when(first):%Y-%m-%d %H:%M} to {span.when(last):%Y-%m-%d %H:%M}"
        for first, last in ((begin[0], end), (0, span.horizon))
    )
    spot.fault(f"forecasts {has}, but the run goes from {needed}; change time.start, time.horizon or the file")
    return False


def _pieces(edges: Ticks, weights: Sequence[float], span: Span) -> _Pieces:
    step = WEEK // len(weights)
    first, last = int(edges[0]), max(int(edges[-1]), span.horizon)
    steps = np.arange(span.monday + (first - span.monday) // step * step, last, step)
    midnights = np.arange(span.midnight + (first - span.midnight) // DAY * DAY, last, DAY)
    breaks = np.unique(np.concatenate([edges, steps, midnights, np.clip([0, span.horizon], first, last)]))
    breaks = breaks[breaks >= first]
    begin = breaks[:-1]
    return _Pieces(
        breaks=breaks,
        interval=np.minimum(np.searchsorted(edges, begin, side="right"), len(edges) - 1) - 1,
        weight=np.asarray(weights, dtype=np.float64)[(begin - span.monday) // step % len(weights)],
        date=(begin - span.midnight) // DAY,
    )


def _mass(pieces: _Pieces, end: int, volume: Floats, file: CsvFile, forecast: Forecast) -> Floats:
    """Return the messages expected in each piece: an interval's volume in the proportions of the profile."""
    share = pieces.weight * np.diff(pieces.breaks)
    whole = np.bincount(pieces.interval, share * (pieces.breaks[:-1] < end), minlength=len(volume))
    lost = np.flatnonzero((whole == 0) & (volume > 0))
    if len(lost):
        told = "the profile has no weight in this interval; write 0, or another profile"
        got = file.columns[forecast.value][lost[0]]
        raise InputError(Fault(f"{told} (got {got})", forecast.value, file.path, file.lines[lost[0]]))
    mass: Floats = share * (volume / np.where(whole > 0, whole, 1))[pieces.interval]
    return mass


def _spread(file: CsvFile, forecast: Forecast, volume: Floats, band: float) -> Floats:
    """Return the standard deviation that the band of each interval gives a normal law, shape (intervals,)."""
    lower, upper = (file.numbers(name, low=0) for name in (forecast.lower, forecast.upper))
    wrong = np.flatnonzero((lower > volume) | (volume > upper))
    if len(wrong):
        row = wrong[0]
        got = ", ".join(file.columns[name][row] for name in (forecast.lower, forecast.value, forecast.upper))
        told = f"the band must hold the value: {forecast.lower} ≤ {forecast.value} ≤ {forecast.upper} (got {got})"
        raise InputError(Fault(told, file=file.path, line=file.lines[row]))
    spread: Floats = (upper - lower) / (2 * special.ndtri((1 + band) / 2))
    return spread


def _day_cv(pieces: _Pieces, mass: Floats, volume: Floats, spread: Floats) -> float:
    """Return the cv with which the variances of all intervals add up to those of the band (R76).

    An interval of volume v, of which v_d falls on date d, has the variance v + cv² Σ v_d² (R14).
    """
    together = np.flatnonzero(np.diff(pieces.interval, prepend=-1) | np.diff(pieces.date, prepend=pieces.date[0] - 1))
    squares = float((np.add.reduceat(mass[: len(pieces.interval)], together) ** 2).sum())
    excess = float((spread**2 - volume).sum())
    return (excess / squares) ** 0.5 if excess > 0 and squares > 0 else 0.0


def _in_run(pieces: _Pieces, mass: Floats, horizon: int, day_cv: float) -> RateArrivals:
    """Cut the pieces at the run's ends; neighbours of equal rate are one piece."""
    rates = mass / np.diff(pieces.breaks)
    begin = pieces.breaks[:-1]
    inside = (begin >= 0) & (begin < horizon)
    begin, rates = begin[inside], rates[inside]
    first = np.flatnonzero(np.diff(rates, prepend=-1.0))
    return RateArrivals(np.append(begin[first], horizon), rates[first], day_cv)
