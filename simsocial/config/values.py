"""The kinds of value in the vocabulary, each in the planner's own units; all may carry a source and a range.

They annotate the fields of the tables (`simsocial.config.tables`); words are ``Annotated[Literal[…], Choice()]``.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from typing import Annotated, Final

from simsocial.config import amounts, instants, weekly
from simsocial.config.amounts import NUMBER, PER
from simsocial.config.scalar import Scalar, bare_number, shown
from simsocial.units import DAY, DURATIONS

# ---- bare numbers ---------------------------------------------------------------------------------------------------


def number(
    what: str, *, low: float = -math.inf, high: float = math.inf, above: float = -math.inf
) -> Callable[[object], float]:
    """Return the reader of a finite number; ``what`` completes "write …" in its faults."""

    def read(raw: object) -> float:
        if not bare_number(raw) or not math.isfinite(raw):
            raise ValueError(f"write {what} (got {shown(raw)})")
        if not low <= raw <= high or raw <= above:
            raise ValueError(f"write {what} (got {shown(raw)})")
        return float(raw)

    return read


def whole(what: str, *, low: int) -> Callable[[object], int]:
    """Return the reader of a whole number ≥ ``low``."""

    def read(raw: object) -> int:
        if not isinstance(raw, int) or isinstance(raw, bool) or not low <= raw <= 2**53:
            raise ValueError(f"write {what} (got {shown(raw)})")
        return raw

    return read


def _identity(value: float) -> float:
    return value


def _scalar_number(
    what: str, *, low: float = -math.inf, high: float = math.inf, above: float = -math.inf
) -> Scalar[float]:
    limits = {"minimum": low, "maximum": high, "exclusiveMinimum": above}
    schema = {"type": "number"} | {key: limit for key, limit in limits.items() if math.isfinite(limit)}
    return Scalar(number(what, low=low, high=high, above=above), schema=schema, order=_identity)


def _scalar_whole(what: str, *, low: int) -> Scalar[int]:
    return Scalar(whole(what, low=low), schema={"type": "integer", "minimum": low}, order=_identity)


Number = Annotated[float, _scalar_number("a number")]
NonNegative = Annotated[float, _scalar_number("a number, 0 or more", low=0)]
PositiveRatio = Annotated[float, _scalar_number("a number greater than 0", above=0)]
Share = Annotated[float, _scalar_number("a share between 0 and 1, such as 0.4", low=0, high=1)]
Count = Annotated[int, _scalar_whole("a whole number, 1 or more", low=1)]
CountOrZero = Annotated[int, _scalar_whole("a whole number, 0 or more", low=0)]


# ---- texts ----------------------------------------------------------------------------------------------------------


def read_text(raw: object) -> str:
    """Read a text that is not empty."""
    if not isinstance(raw, str) or not raw.strip():
        raise ValueError(f"write a text in quotes (got {shown(raw)})")
    return raw


def read_name(raw: object) -> str:
    """Read the name of a table that a user names: dots and stars have a meaning in queues' names."""
    if not isinstance(raw, str) or not re.fullmatch(r"\w[\w -]*", raw):
        raise ValueError(f"name it with letters, digits, _ and - (got {shown(raw)})")
    return raw


def read_flag(raw: object) -> bool:
    """Read ``true`` or ``false``."""
    if not isinstance(raw, bool):
        raise ValueError(f"write true or false (got {shown(raw)})")
    return raw


Text = Annotated[str, Scalar(read_text, schema={"type": "string", "pattern": r"\S"})]
Name = Annotated[str, Scalar(read_name, schema={"type": "string", "pattern": r"^\w[\w -]*$"})]
Flag = Annotated[bool, Scalar(read_flag, schema={"type": "boolean"})]


# ---- amounts with a unit --------------------------------------------------------------------------------------------


def _pattern(text: str) -> dict[str, str]:
    return {"type": "string", "pattern": rf"^\s*{text}\s*$"}


_LENGTH: Final = _pattern(rf"{NUMBER}\s*({'|'.join(DURATIONS)})")
_LENGTH_OR_ZERO: Final = {"anyOf": [_LENGTH, {"const": 0}]}

Duration = Annotated[int, Scalar(amounts.read_duration, amounts.write_duration, _LENGTH, _identity)]
DurationOrZero = Annotated[
    int, Scalar(amounts.read_duration_or_zero, amounts.write_duration, _LENGTH_OR_ZERO, _identity)
]
Rate = Annotated[
    amounts.Rate,
    Scalar(
        amounts.read_rate,
        amounts.write_rate,
        _pattern(rf"{NUMBER}\s*/\s*({PER})"),
        lambda rate: rate.number / (rate.ticks or DAY),
    ),
]
Growth = Annotated[
    amounts.Growth,
    Scalar(
        amounts.read_growth,
        amounts.write_growth,
        _pattern(rf"{NUMBER}\s*%\s*/\s*({PER})"),
        lambda growth: growth.log_per_tick,
    ),
]
Percent = Annotated[float, Scalar(amounts.read_percent, amounts.write_percent, _pattern(rf"{NUMBER}\s*%"), _identity)]


# ---- instants, weeks, promises --------------------------------------------------------------------------------------

_TEXTS: Final = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}

Date = Annotated[dt.date, Scalar(instants.read_date, dt.date.isoformat, instants.DATE_SCHEMA)]
DateTime = Annotated[dt.datetime, Scalar(instants.read_datetime, dt.datetime.isoformat, instants.DATETIME_SCHEMA)]
Days = Annotated[tuple[int, ...], Scalar(weekly.read_days, weekly.write_days, {"type": "string"})]
"""Weekdays, 0 for Monday: "Mon-Fri"."""
ClockRange = Annotated[
    tuple[int, int],
    Scalar(weekly.read_clock_range, lambda clock: weekly.write_clock_ranges([clock]), {"type": "string"}),
]
"""(start, end) in ticks from midnight, the end after it when the range is over midnight: "22:00-06:00"."""
ClockRanges = Annotated[
    tuple[tuple[int, int], ...], Scalar(weekly.read_clock_ranges, weekly.write_clock_ranges, _TEXTS)
]
"""One or several of ``ClockRange``."""
WeeklyHours = Annotated[
    tuple[tuple[int, int], ...], Scalar(weekly.read_weekly_hours, weekly.write_weekly_hours, _TEXTS)
]
"""(start, end) of each stretch, ticks from Monday 00:00: "Mon-Fri 08:00-18:00, Sat 09:00-13:00", "always"."""
WeeklyTimes = Annotated[tuple[int, ...], Scalar(weekly.read_weekly_times, weekly.write_weekly_times, _TEXTS)]
"""Ticks from Monday 00:00: "Mon-Fri 09:00, 13:00"."""
Within = Annotated[instants.Within, Scalar(instants.read_within, lambda within: within.text, instants.WITHIN_SCHEMA)]
"""What a promise allows: "60 min" or "end of business day + 1"."""
WeeksOfCycle = Annotated[
    instants.WeeksOfCycle, Scalar(instants.read_weeks, str, _pattern(r"\d+(\s*,\s*\d+)*\s+of\s+\d+"))
]
"""Weeks worked of a cycle: "1, 3 of 4"."""
