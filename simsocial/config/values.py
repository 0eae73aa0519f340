"""The kinds of value in the vocabulary, each in the planner's own units; all may carry a source and a range.

They annotate the fields of the tables (`simsocial.config.tables`); words are ``Annotated[Literal[…], Choice()]``.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Annotated, Any, Final

from simsocial.config import amounts, csv_instants, instants, weekly
from simsocial.config.amounts import CLOCK_PER, NUMBER, PER
from simsocial.config.scalar import Scalar, bare_number, shown
from simsocial.units import DAY, DURATIONS


def _identity(value: float) -> float:
    return value


def _text(title: str, pattern: str, *examples: str) -> dict[str, Any]:
    return {"title": title, "type": "string", "pattern": rf"^\s*{pattern}\s*$", "examples": list(examples)}


# ---- bare numbers ---------------------------------------------------------------------------------------------------


def number(
    what: str, *, low: float = -math.inf, high: float = math.inf, above: float = -math.inf, below: float = math.inf
) -> Scalar[float]:
    """Return the scalar of a finite number in [low, high], ``above`` and ``below`` excluded; "write …" ``what``."""

    def read(raw: object) -> float:
        if not bare_number(raw) or abs(raw) == math.inf or not low <= raw <= high or not above < raw < below:
            raise ValueError(f"write {what} (got {shown(raw)})")
        if abs(raw) > amounts.LARGEST:
            raise ValueError(f"too large; at most 9e15 (got {shown(raw)})")
        return float(raw)

    limits = {"minimum": low, "maximum": min(high, amounts.LARGEST), "exclusiveMinimum": above,
              "exclusiveMaximum": below}  # fmt: skip
    finite = {key: limit for key, limit in limits.items() if math.isfinite(limit)}
    return Scalar(read, schema={"title": what, "type": "number", **finite}, order=_identity)


def or_percent(share: Scalar[float]) -> Scalar[float]:
    """Return the scalar of a share that may also be written as "6 %"."""

    def read(raw: object) -> float:
        match = re.fullmatch(rf"\s*\+?({NUMBER})\s*%\s*", raw) if isinstance(raw, str) else None
        if match is None:
            return share.read(raw)
        try:
            return share.read(float(match[1]) / 100)
        except ValueError:
            raise ValueError(f"write {share.schema['title']} (got {shown(raw)})") from None

    title, bare = share.schema["title"], {key: limit for key, limit in share.schema.items() if key != "title"}
    percent = {"type": "string", "pattern": rf"^\s*\+?{NUMBER}\s*%\s*$"}
    return Scalar(read, schema={"title": title, "anyOf": [bare, percent]}, order=_identity)


def whole(what: str, *, low: int) -> Scalar[int]:
    """Return the scalar of a whole number from ``low`` on; ``what`` completes "write …" in its faults."""

    def read(raw: object) -> int:
        if not isinstance(raw, int) or isinstance(raw, bool) or not low <= raw <= amounts.LARGEST:
            raise ValueError(f"write {what} (got {shown(raw)})")
        return raw

    schema = {"title": what, "type": "integer", "minimum": low, "maximum": amounts.LARGEST}
    return Scalar(read, schema=schema, order=_identity)


NonNegative = Annotated[float, number("a number, 0 or more", low=0)]
PositiveRatio = Annotated[float, number("a number greater than 0", above=0)]
OneOrMore = Annotated[float, number("a number of 1 or more, such as 1.2", low=1)]
Share = Annotated[float, or_percent(number("a share between 0 and 1, such as 0.4", low=0, high=1))]
BelowOne = Annotated[float, or_percent(number("a number of 0 or more and less than 1", low=0, below=1))]
BetweenZeroAndOne = Annotated[float, or_percent(number("a share greater than 0 and less than 1", above=0, below=1))]
Count = Annotated[int, whole("a whole number, 1 or more", low=1)]
CountOrZero = Annotated[int, whole("a whole number, 0 or more", low=0)]


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


Text = Annotated[str, Scalar(read_text, schema={"title": "a text in quotes", "type": "string", "pattern": r"\S"})]
Name = Annotated[str, Scalar(read_name, schema={"title": "a name", "type": "string", "pattern": r"^[^.*]+$"})]
Flag = Annotated[bool, Scalar(read_flag, schema={"title": "true or false", "type": "boolean"})]


# ---- amounts with a unit --------------------------------------------------------------------------------------------

_LENGTH: Final = _text("a length of time", rf"\+?{NUMBER}\s*({'|'.join(DURATIONS)})", "6 min", "26 weeks")
_LENGTH_OR_ZERO: Final = {"title": "a length of time, or 0", "anyOf": [_LENGTH, {"const": 0}]}
_RATE: Final = _text("a rate", rf"\+?{NUMBER}\s*/\s*({PER})", "220 / day", "3 / open day")
_GROWTH: Final = _text("growth", rf"[-+]?{NUMBER}\s*%\s*/\s*({PER})", "4 % / month")
_INCREASE: Final = _text("growth of 0 % or more", rf"\+?{NUMBER}\s*%\s*/\s*({CLOCK_PER})", "6 % / month")
_CLOCK_RATE: Final = _text("a rate", rf"\+?{NUMBER}\s*/\s*({CLOCK_PER})", "20 / week")
_PERCENT: Final = _text("a percentage", rf"\+?{NUMBER}\s*%", "2 %")

Duration = Annotated[int, Scalar(amounts.read_duration, amounts.write_duration, _LENGTH, _identity)]
DurationOrZero = Annotated[
    int, Scalar(amounts.read_duration_or_zero, amounts.write_duration, _LENGTH_OR_ZERO, _identity)
]
Rate = Annotated[
    amounts.Rate, Scalar(amounts.read_rate, amounts.write_rate, _RATE, lambda rate: rate.number / (rate.ticks or DAY))
]
Growth = Annotated[
    amounts.Growth,
    Scalar(amounts.read_growth, amounts.write_growth, _GROWTH, lambda growth: growth.log_per_tick),
]
ClockRate = Annotated[
    amounts.Rate,
    Scalar(amounts.read_clock_rate, amounts.write_rate, _CLOCK_RATE, lambda rate: rate.number / (rate.ticks or DAY)),
]
"""A rate that is not per open day: "20 / week"."""
Increase = Annotated[
    amounts.Growth,
    Scalar(amounts.read_increase, amounts.write_growth, _INCREASE, lambda growth: growth.log_per_tick),
]
"""Growth that is not negative: "6 % / month"."""
Percent = Annotated[float, Scalar(amounts.read_percent, amounts.write_percent, _PERCENT, _identity)]


# ---- dates and weeks ------------------------------------------------------------------------------------------------


def _texts(title: str, *examples: str) -> dict[str, Any]:
    several = {"type": "array", "items": {"type": "string"}, "minItems": 1}
    return {"title": title, "anyOf": [{"type": "string", "examples": list(examples)}, several]}


_HOURS: Final = _texts("hours of the week", "Mon-Fri 08:00-18:00, Sat 09:00-13:00", "always")
_TIMES: Final = _texts("times of the week", "Mon 09:00", "Mon-Fri 09:00, 13:00")
_DAYS: Final = _text("weekdays", r"[A-Za-z]{3}(\s*[-,]\s*[A-Za-z]{3})*", "Mon-Fri", "Mon, Wed")
_DATE: Final = _text("a date", r"\d{4}-\d{2}-\d{2}", "2026-01-05")
_DATETIME: Final = _text(
    "a date, or a date and time", r"\d{4}-\d{2}-\d{2}([Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?", "2026-01-05T09:00:00"
)
_END_OF_DAY: Final = r"end\s+of\s+business\s+day(\s*\+\s*\d+)?"
_WITHIN: Final = _text(
    "what a promise allows",
    rf"(\+?{NUMBER}\s*({'|'.join(DURATIONS)})|{_END_OF_DAY})",
    "60 min",
    "end of business day + 1",
)
_WEEKS: Final = _text("weeks of a cycle", r"\d+(\s*,\s*\d+)*\s+of\s+\d+", "1, 3 of 4")
_FORMAT: Final = _text("how instants look", r".*(%|since).*", "%d.%m.%Y %H:%M", "s since 1999-02-01")
_ZONE: Final = _text("a time zone", r"\S+", "Europe/Berlin")

Date = Annotated[dt.date, Scalar(instants.read_date, dt.date.isoformat, _DATE)]
Format = Annotated[csv_instants.InstantFormat, Scalar(csv_instants.read_format, lambda form: form.text, _FORMAT)]
"""How instants look in a file: "%d.%m.%Y %H:%M" or "s since 1999-02-01"."""
Zone = Annotated[str, Scalar(csv_instants.read_zone, schema=_ZONE)]
"""The name of a time zone: "Europe/Berlin"."""
DateTime = Annotated[dt.datetime, Scalar(instants.read_datetime, dt.datetime.isoformat, _DATETIME)]
"""A local wall-clock instant; a date means its midnight."""
Days = Annotated[tuple[int, ...], Scalar(weekly.read_days, weekly.write_days, _DAYS)]
"""Weekdays, 0 for Monday: "Mon-Fri"."""
WeeklyHours = Annotated[
    tuple[tuple[int, int], ...], Scalar(weekly.read_weekly_hours, weekly.write_weekly_hours, _HOURS)
]
"""(start, end) of each stretch, ticks from Monday 00:00: "Mon-Fri 08:00-18:00, Sat 09:00-13:00", "always"."""
WeeklyTimes = Annotated[tuple[int, ...], Scalar(weekly.read_weekly_times, weekly.write_weekly_times, _TIMES)]
"""Ticks from Monday 00:00: "Mon-Fri 09:00, 13:00"."""
Within = Annotated[instants.Within, Scalar(instants.read_within, lambda within: within.text, _WITHIN)]
"""What a promise allows: "60 min" or "end of business day + 1"."""
WeeksOfCycle = Annotated[instants.WeeksOfCycle, Scalar(instants.read_weeks, str, _WEEKS)]
"""Weeks worked of a cycle: "1, 3 of 4"."""
