"""A stream's arrivals: its rate or forecast laid out, its timetable's instants, or its replay (R12-R16, R102)."""

from __future__ import annotations

import math

import numpy as np

from simsocial.config import arrivals as written
from simsocial.config.amounts import Rate
from simsocial.config.profiles import PROFILES
from simsocial.config.resolve.bursts import with_bursts
from simsocial.config.resolve.forecasts import forecast_rate
from simsocial.config.resolve.rates import compile_rate, date_factors
from simsocial.config.resolve.replays import replayed_counts, replayed_stamps
from simsocial.config.resolve.size import arrivals_fit, fits
from simsocial.config.resolve.spot import Spot
from simsocial.config.resolve.world import World
from simsocial.config.suggestions import did_you_mean
from simsocial.errors import InputError
from simsocial.model.adoption import Adoption
from simsocial.model.arrivals import Arrivals, OwnArrivals, Timetable
from simsocial.model.calendar import Calendar
from simsocial.units import WEEK

AtARate = written.RateArrivals | written.EmployeeArrivals
NOTHING = Timetable(np.empty(0, dtype=np.int64))
"""Stands for arrivals at fault."""
MOST_GROWTH = math.log(1e12)
"""Logarithm of how often the volume of the start may fit into that of the horizon."""


def resolve_arrivals(arrivals: written.Arrivals, calendar: Calendar | None, *, world: World, spot: Spot) -> Arrivals:
    """Lay a stream's arrivals out over the run.

    Parameters
    ----------
    arrivals
        As written.
    calendar
        The stream's (R10).
    world, spot
        Time, calendars and files; the place of the arrivals.
    """
    try:
        found = _resolved(arrivals, calendar, world, spot)
    except InputError as error:
        spot.pass_on(error)
        return NOTHING
    return found if arrivals_fit(found, horizon=world.span.horizon, spot=spot) else NOTHING


def _resolved(arrivals: written.Arrivals, calendar: Calendar | None, world: World, spot: Spot) -> Arrivals:
    own = _own(arrivals, calendar, world, spot)
    match arrivals:
        case written.RateArrivals() | written.EmployeeArrivals() | written.ForecastArrivals():
            return with_bursts(own, arrivals.bursts, arrivals.self_exciting, world=world, spot=spot)
        case written.ReplayArrivals():
            return with_bursts(own, arrivals.bursts, None, world=world, spot=spot)
    return own


def _own(arrivals: written.Arrivals, calendar: Calendar | None, world: World, spot: Spot) -> OwnArrivals:
    """Return what comes without bursts and excitement."""
    match arrivals:
        case written.RateArrivals(rate=rate):
            return _rate(arrivals, calendar, world, spot, rate=_per_week(rate, calendar, spot / "rate"))
        case written.EmployeeArrivals(per_employee=rate):
            per_employee = _per_week(rate, calendar, spot / "per_employee")
            adoption = world.adoption(arrivals.of, spot / "of")
            return _rate(arrivals, calendar, world, spot, rate=per_employee, adoption=adoption)
        case written.ForecastArrivals(forecast=forecast, profile=profile, day_level_cv=day_cv):
            weights = _weights(profile, world, spot / "profile")
            return forecast_rate(forecast, weights, day_cv=day_cv, world=world, spot=spot / "forecast") or NOTHING
        case written.TimetableArrivals():
            return _timetable(arrivals, calendar, world)
        case written.ReplayArrivals(replay=written.CountsReplay() as replay):
            return replayed_counts(replay, world=world, spot=spot / "replay") or NOTHING
        case written.ReplayArrivals(replay=written.StampsReplay() as replay):
            return replayed_stamps(replay, world=world, spot=spot / "replay") or NOTHING
    raise AssertionError("a kind of arrivals that the vocabulary does not have")


def _rate(
    arrivals: AtARate,
    calendar: Calendar | None,
    world: World,
    spot: Spot,
    *,
    rate: float,
    adoption: Adoption | None = None,
) -> OwnArrivals:
    """Lay out a rate per week, or that of each enabled employee."""
    weights = _weights(arrivals.profile, world, spot / "profile")
    if arrivals.holiday_factor != 1 and calendar is None:
        (spot / "holiday_factor").fault("needs the holidays of a calendar; write which is the stream's calendar")
    if not _can_be_laid_out(arrivals, len(weights), world, spot):
        return NOTHING
    by_date = date_factors(
        world.span,
        season=arrivals.season or (),
        holidays=frozenset() if calendar is None else calendar.holidays,
        holiday_factor=arrivals.holiday_factor,
        special_days=arrivals.special_days,
    )
    if adoption is not None:
        by_date = by_date * adoption.at(world.span.midnights)  # R102
    growth, cv = arrivals.growth.log_per_tick, arrivals.day_level_cv
    return compile_rate(rate, weights, span=world.span, log_growth=growth, by_date=by_date, day_cv=cv)


def _can_be_laid_out(arrivals: AtARate, weights: int, world: World, spot: Spot) -> bool:
    """Say whether the pieces of the rate fit in memory, and its growth in numbers; note what does not."""
    if arrivals.growth.log_per_tick * world.span.horizon > MOST_GROWTH:
        (spot / "growth").fault(
            "multiplies the volume by more than 10^12 before the horizon; write less growth, or a shorter horizon"
        )
        return False
    pieces = world.span.horizon / WEEK * weights
    return fits("pieces of rate", pieces, "write a coarser profile or a shorter horizon", spot / "profile")


def _per_week(rate: Rate, calendar: Calendar | None, spot: Spot) -> float:
    """Return the messages of a normal week (R12)."""
    ticks = rate.ticks
    if ticks is not None:
        return rate.number * WEEK / ticks
    if calendar is None:
        spot.fault('"/ open day" needs a calendar; write which is the stream\'s calendar, or "/ day"')
        return 0.0
    return rate.number * calendar.business_days_per_week


def _weights(profile: str | tuple[float, ...], world: World, spot: Spot) -> tuple[float, ...]:
    """Return the profile's weights; a flat one's where they are at fault."""
    if isinstance(profile, str) and profile in PROFILES:
        return PROFILES[profile]
    if isinstance(profile, str) and not profile.endswith(".csv"):
        spot.fault(f"there is no profile '{profile}', and it is no .csv file; {did_you_mean(profile, PROFILES)}")
        return PROFILES["flat"]
    if isinstance(profile, str):
        profile = tuple(world.read(profile, {"weight": None}, spot).numbers("weight", low=0).tolist())
    if not profile or WEEK % len(profile):
        spot.fault(f"{len(profile)} weights do not divide a week; write 7 for days, 168 for hours, 2016 for 5 minutes")
    elif not any(profile):
        spot.fault("all weights are 0; write at least one that is greater")
    else:
        return profile
    return PROFILES["flat"]


def _timetable(arrivals: written.TimetableArrivals, calendar: Calendar | None, world: World) -> Timetable:
    span = world.span
    instants = np.add.outer(np.arange(span.monday, span.horizon, WEEK), arrivals.timetable).ravel()
    instants = instants[(instants >= 0) & (instants < span.horizon)]
    if calendar is not None and not arrivals.on_holidays:
        holidays = np.array(sorted(calendar.holidays), dtype="datetime64[D]")
        instants = instants[~np.isin(span.dates_of(instants), holidays)]
    return Timetable(instants)
