"""Dates and instants as exports write them, and how they become those of the desk's clock (R71, R72)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from simsocial.config.csv_dates import DAY_FIRST, MONTH_FIRST, SLASHED, usual_way
from simsocial.config.scalar import shown
from simsocial.units import DURATIONS

Wrong = list[tuple[int, str]]
"""(row from 0, what is wrong) of rows at fault."""
Read = Callable[[str], dt.datetime]

_TICK: Final = dt.timedelta(milliseconds=1)
_SINCE: Final = re.compile(rf"\s*({'|'.join(DURATIONS)})\s+since\s+(\S.*?)\s*")


@dataclass(frozen=True)
class InstantFormat:
    """How a column writes its instants.

    Parameters
    ----------
    text
        As in the config: a pattern of ``strptime``, or "s since 1999-02-01".
    unit, origin
        Ticks of a unit and the instant from which they are counted, ``None`` for a pattern.
    """

    text: str
    unit: int | None = None
    origin: dt.datetime | None = None

    def read(self, text: str) -> dt.datetime:
        """Return the instant that ``text`` means; raise `ValueError` when it does not fit."""
        if self.unit is None or self.origin is None:
            return dt.datetime.strptime(text.strip(), self.text)
        try:
            return self.origin + round(float(text) * self.unit) * _TICK
        except OverflowError as error:
            raise ValueError from error


def read_format(raw: object) -> InstantFormat:
    """Read ``"%d.%m.%Y %H:%M"`` or ``"s since 1970-01-01T00:00Z"``."""
    if isinstance(raw, str) and (match := _SINCE.fullmatch(raw)):
        try:
            return InstantFormat(raw, DURATIONS[match[1]], dt.datetime.fromisoformat(match[2]))
        except ValueError:
            raise ValueError(f'write the instant as in "s since 1970-01-01T00:00Z" (got {shown(raw)})') from None
    if not isinstance(raw, str) or "%" not in raw:
        raise ValueError(
            f'write how instants look, such as "%d/%m/%Y %H:%M" or "s since 1999-02-01" (got {shown(raw)})'
        )
    try:
        dt.datetime.strptime(dt.datetime(2000, 1, 1, tzinfo=dt.UTC).strftime(raw), raw)
    except ValueError:
        raise ValueError(f'write a pattern such as "%d/%m/%Y %H:%M" (got {shown(raw)})') from None
    return InstantFormat(raw)


def read_zone(raw: object) -> str:
    """Read the name of a time zone of the IANA database, such as ``"Europe/Berlin"``."""
    try:
        if isinstance(raw, str):
            return ZoneInfo(raw).key
    except (LookupError, ValueError, OSError):
        pass
    raise ValueError(f'there is no such time zone; write a name such as "Europe/Berlin" (got {shown(raw)})')


@dataclass(frozen=True)
class Clock:
    """How the instants of a file are meant.

    Parameters
    ----------
    format
        How they are written; ``None`` for one of the usual ways.
    zone
        Time zone of those that name none; ``None`` for the desk's clock as it is.
    desk
        Time zone of the desk's clock, ``None`` when the config does not say.
    """

    format: InstantFormat | None = None
    zone: str | None = None
    desk: str | None = None

    @property
    def wanted(self) -> str:
        """What a column should hold."""
        example = "2026-01-05 09:00" if self.format is None else f'"{self.format.text}"'
        return f"a date and time such as {example}" if self.format is None else f"it as the format says: {example}"

    def local(self, instant: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
        """Return the instant in UTC and on the desk's clock; both are the same for one without any zone.

        Raises
        ------
        ValueError
            With a sentence, when the zones needed are not known, or there is no such instant.
        """
        if instant.tzinfo is None and (self.zone is None or self.zone == self.desk):
            return instant, instant
        if self.desk is None:
            raise ValueError('has a time zone; write that of the desk\'s clock, such as time.zone = "Europe/Berlin"')
        aware = instant if instant.tzinfo else _in_zone(instant, self.zone or "")
        return aware.astimezone(dt.UTC).replace(tzinfo=None), aware.astimezone(ZoneInfo(self.desk)).replace(tzinfo=None)


def _in_zone(instant: dt.datetime, name: str) -> dt.datetime:
    zone = ZoneInfo(name)
    aware = instant.replace(tzinfo=zone)
    if aware.astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None) != instant:
        raise ValueError(f"there is no such instant in {name}: clocks are put forward over it")
    if aware.utcoffset() != aware.replace(fold=1).utcoffset():
        raise ValueError(f"comes twice in {name}, when clocks are put back; write instants with their offset")
    return aware


def instant_reader(
    texts: Sequence[str], form: InstantFormat | None, say: Callable[[str], str]
) -> tuple[Read, str | None, Wrong]:
    """Return how the instants of a column are to be read.

    Parameters
    ----------
    texts
        The column's.
    form
        How the config says that they are written.
    say
        From a pattern to how the config is told of it.

    Returns
    -------
    read, style, wrong
        From text to instant, raising `ValueError` for what is none; the way of writing, ``None`` for year-month-day;
        and the rows because of which it can be read in two ways.
    """
    if form is not None:
        return form.read, f'"{form.text}"', []
    way = usual_way(texts)
    if way is None:
        return dt.datetime.fromisoformat, None, []
    if way is SLASHED:
        return _slashed(texts, say)
    return way.read, way.name, []


def _slashed(texts: Sequence[str], say: Callable[[str], str]) -> tuple[Read, str | None, Wrong]:
    """Read dates with slashes in the only order in which all of the column are dates."""
    parts = [(row, found[0], found[1]) for row, text in enumerate(texts) if (found := SLASHED.numbers(text))]
    clearly_day = [row for row, first, _ in parts if first > 12]
    clearly_month = [row for row, _, second in parts if second > 12]
    if bool(clearly_day) != bool(clearly_month):
        order = DAY_FIRST if clearly_day else MONTH_FIRST
        return order.read, order.name, []
    row = clearly_month[0] if clearly_month else parts[0][0] if parts else 0
    other = f"while {shown(texts[clearly_day[0]])} begins with the day" if clearly_day else "as month/day or day/month"
    what = "begins with the month" if clearly_day else "can be read"
    pattern = "%m/%d/%Y" + ("", " %H:%M", " %H:%M:%S")[min(texts[row].count(":"), 2)]
    said = f"{what} {other}; write {say(pattern)}, or as it is (got {shown(texts[row])})"
    return DAY_FIRST.read, None, [(row, said)]
