"""The rate of a stream: level × profile × season × growth × holidays × special days, piece by piece (R12, R13)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import special

from simsocial.config.resolve.world import Span
from simsocial.model.arrivals import RateArrivals
from simsocial.units import DAY, WEEK

Floats = npt.NDArray[np.float64]
Ticks = npt.NDArray[np.int64]

KEPT: Final = 32
"""Layouts that are kept for other variants of a config, which differ in the level or growth of a rate alone."""


def compile_rate(
    per_week: float, weights: Sequence[float], *, span: Span, log_growth: float, by_date: Floats, day_cv: float
) -> RateArrivals:
    """Lay a rate out over the run.

    Parameters
    ----------
    per_week
        Messages in a normal week at the start, before growth.
    weights
        Weekly profile from Monday 00:00; as many as divide the week, with a positive sum.
    span
        Of the run.
    log_growth
        Exponent per tick: volume at t is multiplied by exp(log_growth · t).
    by_date
        Shape (dates,), factor of each of the span's dates.
    day_cv
        Of the day factor (R14).

    Returns
    -------
    RateArrivals
        From 0 to the horizon; neighbours of equal rate are one piece. A piece's rate does not depend on the horizon.
    """
    step = WEEK // len(weights)
    profile = np.asarray(weights, dtype=np.float64)
    profile = profile * (per_week / profile.sum() / step)
    begin, end, weight, of_date = _pieces(span, step, by_date.tobytes())
    rates = profile[weight % len(profile)] * of_date * mean_growth(log_growth, begin, end)
    first = np.flatnonzero(np.concatenate([[True], rates[1:] != rates[:-1]]))
    return RateArrivals(np.append(begin[first], span.horizon), rates[first], day_cv)


@lru_cache(maxsize=KEPT)
def _pieces(span: Span, step: int, by_date: bytes) -> tuple[Ticks, Ticks, Ticks, Floats]:
    """Lay out the steps that the run touches, cut at its start and where the dates' factor changes.

    Returns
    -------
    tuple
        Shape (pieces,) each: begin and end, how many steps lie before it, and the factor of its date.
    """
    factors = np.frombuffer(by_date)
    edges = np.arange(span.monday, span.horizon + step, step)
    midnights = span.midnight + DAY * (np.flatnonzero(np.diff(factors)) + 1)
    edges = np.sort(np.concatenate([[0], edges[edges > 0], midnights]), kind="stable")  # quick for runs in order
    edges = edges[np.diff(edges, prepend=-1) > 0]
    begin, end = edges[:-1], edges[1:]
    touched = begin < span.horizon
    begin, end = begin[touched], end[touched]
    return begin, end, (begin - span.monday) // step, factors[(begin - span.midnight) // DAY]


def mean_growth(log_growth: float, begin: Ticks, end: Ticks) -> Floats:
    """Return the means of exp(log_growth · t) over ``[begin, end)`` (any shape, ticks)."""
    mean: Floats = np.exp(log_growth * begin) * special.exprel(log_growth * (end - begin))
    return mean


def date_factors(
    span: Span,
    *,
    season: Sequence[float],
    holidays: frozenset[dt.date],
    holiday_factor: float,
    special_days: Mapping[dt.date, float],
) -> Floats:
    """Return the product of season, holiday factor and special days for each date of the span, shape (dates,).

    ``season`` has 12 factors by month, 53 by week of the year (ISO 8601: week 1 holds the first Thursday), or none.
    """
    return _date_factors(span, tuple(season), holidays, holiday_factor, tuple(special_days.items()))


@lru_cache(maxsize=KEPT)
def _date_factors(
    span: Span,
    season: tuple[float, ...],
    holidays: frozenset[dt.date],
    holiday_factor: float,
    special_days: tuple[tuple[dt.date, float], ...],
) -> Floats:
    dates = span.dates
    factor = np.ones(len(dates))
    if len(season) == 12:
        factor *= np.asarray(season)[dates.astype("datetime64[M]").astype(np.int64) % 12]
    elif len(season) == 53:
        factor *= np.asarray(season)[_iso_week(dates) - 1]
    factor[np.isin(dates, np.array(sorted(holidays), dtype="datetime64[D]"))] *= holiday_factor
    for date, times in special_days:
        factor[dates == np.datetime64(date, "D")] *= times
    factor.flags.writeable = False
    return factor


def _iso_week(dates: npt.NDArray[np.datetime64]) -> npt.NDArray[np.int64]:
    weekday = (dates.astype(np.int64) + 3) % 7  # day 0 of datetime64, 1970-01-01, was a Thursday
    thursday = dates + (3 - weekday)
    week: npt.NDArray[np.int64] = (thursday - thursday.astype("datetime64[Y]")).astype(np.int64) // 7 + 1
    return week
