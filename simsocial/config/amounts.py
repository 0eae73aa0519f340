"""Amounts with a unit, read and written exactly: lengths of time, rates, growth, percentages."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final

from simsocial.config.scalar import bare_number, shown
from simsocial.units import DAY, DURATIONS, HOUR, MINUTE, MONTH, SECOND, WEEK, YEAR, parse_duration

OPEN_DAY: Final = "open day"
LARGEST: Final = 2**53  # whole numbers up to here are exact in a float too
NUMBER: Final = r"\d+(?:\.\d*)?(?:[eE][-+]?\d+)?"
CLOCK_PER: Final = "|".join(unit for unit in DURATIONS if unit != "ms")
PER: Final = rf"{CLOCK_PER}|open\s+day"
_PERIODS: Final = {"s": SECOND, "min": MINUTE, "h": HOUR, "day": DAY, "week": WEEK, "month": MONTH, "year": YEAR}


def _read_ticks(raw: object) -> int:
    if bare_number(raw) and 0 < raw < math.inf:
        raise ValueError(f'a length of time needs its unit: write "{raw} min", not {raw}')
    if not isinstance(raw, str):
        raise ValueError(f'write a length of time such as "6 min" (got {shown(raw)})')
    return parse_duration(raw)


def read_duration(raw: object) -> int:
    """Read a length of time greater than 0, in ticks."""
    if (ticks := _read_ticks(raw)) <= 0:
        raise ValueError(f"a length of time must be greater than 0 (got {shown(raw)})")
    return ticks


def read_duration_or_zero(raw: object) -> int:
    """Read a length of time, 0 or more, in ticks; a bare 0 needs no unit."""
    if bare_number(raw) and raw == 0:
        return 0
    if (ticks := _read_ticks(raw)) < 0:
        raise ValueError(f"a length of time must not be negative (got {shown(raw)})")
    return ticks


def write_duration(ticks: int) -> str:
    """Write ticks exactly, in the largest unit that divides them."""
    for unit, name in ((WEEK, "weeks"), (DAY, "days"), (HOUR, "h"), (MINUTE, "min"), (SECOND, "s")):
        if ticks and ticks % unit == 0:
            return f"{ticks // unit} {name}"
    return f"{ticks} ms"


@dataclass(frozen=True)
class Rate:
    """``number`` per ``per``: "s", "min", "h", "day", "week", "month", "year" or "open day" (R12)."""

    number: float
    per: str

    @property
    def ticks(self) -> int | None:
        """Ticks of one ``per``; ``None`` for an open day, whose number in a week depends on the calendar."""
        return _PERIODS.get(self.per)


@dataclass(frozen=True)
class Growth:
    """Growth of ``percent`` in every ``per``: "s", "min", "h", "day", "week", "month" or "year" (R13)."""

    percent: float
    per: str

    @property
    def log_per_tick(self) -> float:
        """The exponent g: volume at tick t is multiplied by exp(g · t)."""
        return math.log1p(self.percent / 100) / _PERIODS[self.per]

    def over(self, per: str) -> Growth:
        """Return the same growth told of another period."""
        return self if per == self.per else Growth(100 * math.expm1(self.log_per_tick * _PERIODS[per]), per)


def _per(raw: object, pattern: str, example: str) -> tuple[float, str]:
    match = re.fullmatch(pattern, raw) if isinstance(raw, str) else None
    if match is None:
        raise ValueError(f"write {example} (got {shown(raw)})")
    unit = " ".join(match[2].split())
    if unit == OPEN_DAY or unit in _PERIODS:
        return float(match[1]), unit
    ticks = DURATIONS.get(unit)
    for name, period in _PERIODS.items():
        if ticks == period:
            return float(match[1]), name
    raise ValueError(f"unknown unit of time {unit!r}; use s, min, h, day, open day, week, month or year")


def read_rate(raw: object) -> Rate:
    """Read a rate such as ``"220 / day"`` or ``"3 / open day"``."""
    if bare_number(raw) and 0 <= raw < math.inf:
        raise ValueError(f'a rate needs its unit: write "{raw} / day", not {raw}')
    rate = Rate(*_per(raw, rf"\s*([-+]?{NUMBER})\s*/\s*([A-Za-z ]+?)\s*", 'a rate such as "220 / day" or "40 / h"'))
    if not 0 <= rate.number <= LARGEST:
        wrong = "must not be negative" if rate.number < 0 else "is too large"
        raise ValueError(f"a rate {wrong} (got {shown(raw)})")
    return rate


def read_clock_rate(raw: object) -> Rate:
    """Read a rate per length of time, which an open day is not."""
    if (rate := read_rate(raw)).per == OPEN_DAY:
        raise ValueError(f'open days belong to a stream; write "{_digits(rate.number)} / day" (got {shown(raw)})')
    return rate


def read_growth(raw: object) -> Growth:
    """Read growth such as ``"4 % / month"``."""
    if bare_number(raw) and abs(raw) < math.inf:
        raise ValueError(f'growth needs its unit: write "{raw} % / month", not {raw}')
    pattern = rf"\s*([-+]?{NUMBER})\s*%\s*/\s*([A-Za-z ]+?)\s*"
    percent, unit = _per(raw, pattern, 'growth such as "4 % / month" or "-1 % / week"')
    if unit == OPEN_DAY or not -100 < percent <= 10_000:
        raise ValueError(f"growth must be more than -100 % and at most 10000 % of a day, week, … (got {shown(raw)})")
    return Growth(percent, unit)


def read_increase(raw: object) -> Growth:
    """Read growth that is not negative."""
    if (growth := read_growth(raw)).percent < 0:
        raise ValueError(f'must not be negative; write growth such as "6 % / month" (got {shown(raw)})')
    return growth


def read_percent(raw: object) -> float:
    """Read ``"2 %"`` as 0.02."""
    match = re.fullmatch(rf"\s*([-+]?{NUMBER})\s*%\s*", raw) if isinstance(raw, str) else None
    if match is None or not 0 < float(match[1]) <= 100:
        raise ValueError(f'write a percentage greater than 0, such as "2 %" (got {shown(raw)})')
    return float(match[1]) / 100


def _digits(value: float) -> str:
    return repr(value).removesuffix(".0")


def write_rate(rate: Rate) -> str:
    return f"{_digits(rate.number)} / {rate.per}"


def write_growth(growth: Growth) -> str:
    return f"{_digits(growth.percent)} % / {growth.per}"


def write_percent(share: float) -> str:
    return f"{share * 100:.15g} %"
