"""Phrases of the verdict: dates, shares of replications and medians in plain words."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence

from simsocial.measure.behind.kept import Kept
from simsocial.measure.behind.stages import Stage
from simsocial.measure.stats import Estimate
from simsocial.measure.turning_point import TurningPoint
from simsocial.model.scenario import Scenario
from simsocial.units import DAY, MINUTE, format_duration

TOO_FEW = "unknown, too few replications"
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def closing_day(scenario: Scenario, close: int) -> dt.date:
    """Return the date that a checkpoint closes, given in ticks: midnight closes the date before it (R48)."""
    return scenario.when(close - 1).date()


def closing_date(scenario: Scenario, close: float) -> dt.date:
    """Return the date that a checkpoint closes, given in days from the start."""
    return closing_day(scenario, round(close * DAY))


def spelled_day(scenario: Scenario, close: float) -> str:
    """Write the day that ends with a checkpoint, such as ``Tue 2026-03-17``."""
    day = closing_date(scenario, close)
    return f"{WEEKDAYS[day.weekday()]} {day.isoformat()}"


def days(stage: Stage) -> str:
    """Name the time between two checkpoints of ``stage``, in the plural."""
    return "business days" if stage.on_calendar else "days"


def teams_in_words(names: Sequence[str]) -> str:
    """Write ``team desk``, or ``teams desk and principals``."""
    return f"team {names[0]}" if len(names) == 1 else f"teams {', '.join(names[:-1])} and {names[-1]}"


def median_in_words(scenario: Scenario, onset: Estimate) -> str:
    """Write a median instant (days from the start, finite) with its limits; the later may lie beyond the run."""
    return f"{spelled_day(scenario, onset.value)} ({_level(onset)}: {_range_of_dates(scenario, onset)})"


def replications_in_words(share: Estimate) -> str:
    """Write a share of replications as a count, with its interval rounded outwards: never surer than it is."""
    count = f"{round(share.value * share.n)} of {share.n} replications"
    return f"{count} ({_level(share)}: {_range_of_shares(share)})"


def share_in_words(share: Estimate) -> str:
    """Write a mean share, such as ``40 % (95 %: 37–43 %)``."""
    return f"{100 * share.value:.0f} % ({_level(share)}: {_range_of_shares(share)})"


def promises_in_words(broken: Sequence[Kept]) -> str:
    """Write how far promises were kept, such as ``first_response kept to 72 % (95 %: 71–73 %), promised to 80 %``."""
    return "; ".join(
        f"{each.promise} kept to {share_in_words(each.share)}, promised to {100 * each.promised:.4g} %"
        for each in broken
    )


def elsewhere_in_words(promises: Sequence[Kept]) -> str:
    """Write where the time passes that a promise takes, if it passes before the stage to which it is charged."""
    found = {promise.elsewhere for promise in promises if promise.elsewhere is not None}
    return "; ".join(
        f"but most of the time passes before, at {each.step}: messages wait {_wait(each.wait)} there on average, "
        f"{_wait(each.wait_here)} here"
        for each in sorted(found, key=lambda each: each.step)
    )


def turning_in_words(point: TurningPoint) -> str:
    """Write what would turn the verdict, such as ``by the fluid forecast it holds unless …`` (R86)."""
    most, now = format_duration(point.most), format_duration(point.work)
    if point.holds:
        return f"by the fluid forecast it holds unless the work of a visit exceeds {most} (now {now})"
    return f"by the fluid forecast it would hold if the work of a visit were at most {most} (now {now})"


def _wait(minutes: float) -> str:
    return format_duration(minutes * MINUTE) if minutes * MINUTE >= 1 else "not"


def _level(estimate: Estimate) -> str:
    return f"{100 * estimate.confidence:.4g} %"


def _range_of_dates(scenario: Scenario, onset: Estimate) -> str:
    if math.isnan(onset.low):
        return TOO_FEW
    low = closing_date(scenario, onset.low).isoformat()
    return (
        f"{low} to {closing_date(scenario, onset.high).isoformat()}" if math.isfinite(onset.high) else f"{low} or later"
    )


def _range_of_shares(share: Estimate) -> str:
    if math.isnan(share.low):
        return TOO_FEW
    low, high = math.floor(_percent(share.low)), math.ceil(_percent(share.high))
    if low <= 0:
        return f"at most {high} %"
    return f"at least {low} %" if high >= 100 else f"{low}–{high} %"


def _percent(share: float) -> float:
    return round(100 * share, 6)  # 0.07 is 7 %, not 7.000000000000001 %
