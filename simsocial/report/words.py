"""Numbers as people read them: shares with their intervals, amounts, dates."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence

from simsocial.measure.behind.wording import WEEKDAYS
from simsocial.measure.stats import Estimate
from simsocial.units import HOUR, format_amount, format_duration

NOTHING = "–"


def percent(share: float) -> str:
    """Write a share, such as ``80 %``; what is not quite 0 or 1 does not look like it."""
    if math.isnan(share):
        return NOTHING
    rounded = round(100 * share)
    if 0 < share < 1 and rounded in (0, 100):
        return "<1 %" if rounded == 0 else ">99 %"
    return f"{rounded} %"


def percent_with_interval(estimate: Estimate) -> str:
    """Write an estimated share with half its interval's width, such as ``62 ±1 %``."""
    half = estimate.half_width
    if math.isnan(estimate.value) or not math.isfinite(half) or half == 0:
        return percent(estimate.value)
    digits = 1 if 100 * half < 1 else 0
    return f"{100 * estimate.value:.{digits}f} ±{100 * half:.{digits}f} %"


def counted(number: float, noun: str) -> str:
    """Write how many there are of something, such as ``1 week`` or ``25 weeks``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def roughly(number: float) -> float:
    """Return a number rounded to two digits, as no estimate is sure of more."""
    return float(f"{number:.2g}")


def duration(ticks: float) -> str:
    """Write a length of time; nothing when it is no number, ``never`` when it is infinite."""
    if math.isnan(ticks):
        return NOTHING
    if ticks == 0:
        return "0"
    return format_duration(ticks) if math.isfinite(ticks) else "never"


def amount(number: float) -> str:
    """Write an amount with about three digits; nothing when it is no number."""
    return NOTHING if math.isnan(number) else format_amount(number)


def day(instant: dt.date) -> str:
    """Write a date, such as ``Mon 2026-01-05``."""
    return f"{WEEKDAYS[instant.weekday()]} {instant.isoformat()}"


def moment(instant: dt.datetime) -> str:
    """Write a date and time, such as ``Mon 2026-01-05 09:30``."""
    return f"{day(instant.date())} {clock(instant)}"


def clock(instant: dt.datetime) -> str:
    """Write a time of day to the minute."""
    return f"{instant:%H:%M}"


def hours(number: float) -> str:
    """Write a length of time given in hours, such as ``12 min``, ``6.5 h`` or ``3.2 days``."""
    return duration(round(number * HOUR))


def work(number: float) -> str:
    """Write an amount of work given in hours, which has no days: ``12 min``, ``6.5 h`` or ``120 h``."""
    return f"{format_amount(number)} h" if number >= 1 else hours(number)


def agent_called(name: str | None, number: int) -> str:
    """Call an agent by the name in the rota, or by number."""
    return f"agent {number}" if name is None else name


def ranges(numbers: Sequence[int], names: Sequence[object] | None = None) -> str:
    """Write ascending numbers, or their names, with runs of them shortened: ``0–3, 5``, ``Mon–Fri``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    said = {number: number for number in numbers} if names is None else names
    return ", ".join(f"{said[run[0]]}–{said[run[-1]]}" if len(run) > 1 else f"{said[run[0]]}" for run in runs)
