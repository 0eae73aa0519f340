"""Ticks and the user's units: one millisecond is one tick; how durations are read, and how amounts are written."""

from __future__ import annotations

import math
import re
from typing import Final

SECOND: Final = 1_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
WEEK: Final = 7 * DAY
YEAR: Final = 31_557_600_000  # 365.25 days (R3)
MONTH: Final = YEAR // 12  # 365.25 / 12 days (R3)

NEVER: Final = 2**62
"""An instant that never comes: later than any horizon, and safe to add a duration to."""
LONGEST: Final = 1000 * YEAR
"""The longest length of time that may be written."""

DURATIONS: Final[dict[str, int]] = {
    "ms": 1,
    "s": SECOND, "sec": SECOND, "second": SECOND, "seconds": SECOND,
    "min": MINUTE, "minute": MINUTE, "minutes": MINUTE,
    "h": HOUR, "hour": HOUR, "hours": HOUR,
    "day": DAY, "days": DAY,
    "week": WEEK, "weeks": WEEK,
    "month": MONTH, "months": MONTH,
    "year": YEAR, "years": YEAR,
}  # fmt: skip

SIZES: Final = {"kB": 1e3, "MB": 1e6, "GB": 1e9}

_QUANTITY = re.compile(r"\s*([-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)\s*([A-Za-z]+)\s*")


def parse_duration(text: str) -> int:
    """Read a duration such as ``"6 min"`` or ``"26 weeks"``.

    Parameters
    ----------
    text
        A number and a unit.

    Returns
    -------
    int
        Ticks (milliseconds), rounded to the nearest; at most 1000 years.

    Raises
    ------
    ValueError
        With a sentence that says what would be right.
    """
    match = _QUANTITY.fullmatch(text)
    if match is None:
        raise ValueError(f'write a length of time as a number and a unit, such as "6 min" (got {text!r})')
    number, unit = float(match[1]), match[2]
    if unit not in DURATIONS:
        raise ValueError(f"unknown unit of time {unit!r}; use ms, s, min, h, days, weeks, months or years")
    if abs(number) * DURATIONS[unit] > LONGEST:  # infinite, when the number has too many digits for any
        raise ValueError("too long; write at most 1000 years")
    return round(number * DURATIONS[unit])


def format_duration(ticks: float, *, digits: int = 3) -> str:
    """Write a duration in the largest unit in which it reads well, such as ``"6 min"``, ``"1.5 h"`` or ``"100 days"``.

    Parameters
    ----------
    ticks
        Ticks (milliseconds).
    digits
        To which it is rounded.
    """
    units = ((WEEK, "weeks"), (DAY, "days"), (HOUR, "h"), (MINUTE, "min"), (SECOND, "s"))
    fitting = [(unit, name) for unit, name in units if abs(ticks) >= unit * (2 if unit >= DAY else 1)]
    if not fitting:
        return f"{ticks:.0f} ms"
    whole = [(unit, name) for unit, name in fitting if unit >= DAY and ticks % unit == 0 and abs(ticks) < 1000 * unit]
    unit, name = next(iter(whole or fitting))
    rounded = float(f"{ticks / unit:.{digits}g}")
    return f"{rounded:g} {name}" if abs(ticks) < 1000 * unit else f"{ticks / unit:,.0f} {name}"


def format_amount(number: float) -> str:
    """Write an amount with about three digits, such as ``1,240`` or ``0.187``."""
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"


def parse_size(text: str) -> float:
    """Read an amount of memory such as ``"2 GB"``.

    Raises
    ------
    ValueError
        With a sentence that says what would be right.
    """
    match = _QUANTITY.fullmatch(text)
    if match is None or match[2] not in SIZES or not 0 < float(match[1]) < math.inf:
        raise ValueError(f'write an amount of memory as a number and kB, MB or GB, such as "2 GB" (got {text!r})')
    return float(match[1]) * SIZES[match[2]]


def format_size(octets: float) -> str:
    """Write an amount of memory, such as ``180 MB``."""
    for unit, name in ((1e9, "GB"), (1e6, "MB")):
        if octets >= unit:
            return f"{format_amount(octets / unit)} {name}"
    return f"{format_amount(octets / 1e3)} kB"
