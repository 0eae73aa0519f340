"""Dates, instants, what a promise allows, and weeks of a cycle, as a planner writes them."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from dataclasses import dataclass

from simsocial.config.amounts import read_duration
from simsocial.config.scalar import shown


def read_date(raw: object) -> dt.date:
    """Read a TOML date, or a text such as ``"2026-01-05"``."""
    if isinstance(raw, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", raw):
        try:
            return dt.date.fromisoformat(raw)
        except ValueError as error:
            raise ValueError(f"there is no such date: {error} (got {shown(raw)})") from None
    if isinstance(raw, dt.date) and not isinstance(raw, dt.datetime):
        return raw
    raise ValueError(f"write a date such as 2026-01-05 (got {shown(raw)})")


def read_datetime(raw: object) -> dt.datetime:
    """Read a TOML date (its midnight) or local date-time, or the same as text; no time zones (R1)."""
    instant: object = raw
    if isinstance(raw, str):
        with contextlib.suppress(ValueError):
            instant = dt.datetime.fromisoformat(raw)
    if isinstance(instant, dt.date) and not isinstance(instant, dt.datetime):
        instant = dt.datetime(instant.year, instant.month, instant.day)
    if not isinstance(instant, dt.datetime):
        raise ValueError(f"write a date or a date and time such as 2026-01-05T09:00:00 (got {shown(raw)})")
    if instant.tzinfo is not None:
        raise ValueError(f"write local time, without a time zone (got {shown(raw)})")
    if instant.microsecond % 1000:
        raise ValueError(f"write at most milliseconds (got {shown(raw)})")
    return instant


@dataclass(frozen=True)
class Within:
    """What a promise allows (R5).

    Parameters
    ----------
    ticks
        A length of time, ``None`` for an end of business day.
    end_of_day
        The n of "end of business day + n", ``None`` for a length.
    text
        As written.
    """

    ticks: int | None
    end_of_day: int | None
    text: str

    @property
    def in_days(self) -> bool:
        """Whether the length is written in days or longer units, which on a calendar would be ambiguous."""
        return self.ticks is not None and re.search(r"(day|week|month|year)s?\s*$", self.text) is not None


def read_within(raw: object) -> Within:
    """Read ``"60 min"``, ``"end of business day"`` or ``"end of business day + 1"``."""
    if isinstance(raw, str) and raw.split()[:1] == ["end"]:
        match = re.fullmatch(r"\s*end\s+of\s+business\s+day\s*(?:\+\s*(\d{1,4}))?\s*", raw)
        if match is None:
            raise ValueError(f'write "end of business day" or "end of business day + 1" (got {shown(raw)})')
        return Within(None, int(match[1] or 0), raw)
    ticks = read_duration(raw)
    assert isinstance(raw, str)
    return Within(ticks, None, raw)


@dataclass(frozen=True)
class WeeksOfCycle:
    """Weeks ``weeks`` (counted from 1) of each ``cycle`` weeks (R33)."""

    weeks: tuple[int, ...]
    cycle: int

    def __str__(self) -> str:
        return f"{', '.join(map(str, self.weeks))} of {self.cycle}"


def read_weeks(raw: object) -> WeeksOfCycle:
    """Read ``"1, 3 of 4"``."""
    match = re.fullmatch(r"\s*(\d{1,3}(?:\s*,\s*\d{1,3})*)\s+of\s+(\d{1,3})\s*", raw) if isinstance(raw, str) else None
    if match is None:
        raise ValueError(f'write the weeks worked of a cycle, such as "1, 3 of 4" (got {shown(raw)})')
    weeks, cycle = tuple(sorted(int(week) for week in match[1].split(","))), int(match[2])
    if not 1 <= weeks[0] <= weeks[-1] <= cycle or len(set(weeks)) < len(weeks):
        raise ValueError(f"write each week once, from 1 to {cycle} (got {shown(raw)})")
    return WeeksOfCycle(weeks, cycle)
