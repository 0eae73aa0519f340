"""The usual ways of writing dates, which of them a column has, and why a text is none of it (R72)."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_CLOCK: Final = r"(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s*([AaPp])\.?[Mm]\.?)?)?"
_BEGINS: Final = re.compile(r"\s*(\d{1,4})([-./])\d{1,2}[-./]")
LOOKED_AT: Final = 1000
"""Rows that tell in which way a column is written."""


@dataclass(frozen=True)
class Way:
    """A way of writing dates.

    Parameters
    ----------
    name
        Such as "day.month.year".
    pattern
        Three numbers and a clock time.
    year, month, day
        Which of the three is which, from 0.
    """

    name: str
    pattern: re.Pattern[str]
    year: int
    month: int
    day: int

    def numbers(self, text: str) -> tuple[int, int, int] | None:
        """Return the three numbers of a text; ``None`` when it is not written so."""
        found = self.pattern.fullmatch(text.strip())
        return (int(found[1]), int(found[2]), int(found[3])) if found else None

    def read(self, text: str) -> dt.datetime:
        """Return the instant that a text means; raise `ValueError` when it is not written so, or there is none."""
        found = self.pattern.fullmatch(text.strip())
        if found is None:
            raise ValueError
        date = [int(found[k]) for k in (1, 2, 3)]
        hour, minute, second = (int(found[k] or 0) for k in (4, 5, 6))
        if found[7]:
            if not 1 <= hour <= 12:
                raise ValueError
            hour = hour % 12 + 12 * (found[7] in "Pp")
        return dt.datetime(date[self.year], date[self.month], date[self.day], hour, minute, second)


def _way(name: str, sign: str, year: int, month: int, day: int) -> Way:
    digits = [r"(\d{4})" if place == year else r"(\d{1,2})" for place in range(3)]
    return Way(name, re.compile(sign.join(digits) + _CLOCK), year, month, day)


DOTTED: Final = _way("day.month.year", r"\.", 2, 1, 0)
DAY_FIRST: Final = _way("day/month/year", "/", 2, 1, 0)
MONTH_FIRST: Final = _way("month/day/year", "/", 2, 0, 1)
SLASHED: Final = _way("a date with slashes", "/", 2, 1, 0)
"""Stands for both orders, as long as nobody has looked which it is."""
_ISO: Final = _way("year-month-day", "-", 0, 1, 2)
_YEAR_FIRST: Final = _way("year/month/day", "/", 0, 1, 2)
_WAYS: Final = {(".", False): DOTTED, ("/", False): SLASHED, ("/", True): _YEAR_FIRST, ("-", True): _ISO}
"""(sign between the parts, whether the year comes first) → the way."""


def usual_way(texts: Sequence[str]) -> Way | None:
    """Return the way in which most of a column is written, ``None`` for ISO 8601, which can be written in several."""
    ways = Counter(filter(None, map(_begins, texts[:LOOKED_AT])))
    way = ways.most_common(1)[0][0] if ways else _ISO
    return None if way is _ISO else way


def looks_like_date(text: str) -> bool:
    """Say whether a text begins as a date in one of the usual ways does."""
    return _begins(text) is not None


def no_instant(text: str, way: Way | None) -> str | None:
    """Return why a text is no date and time of a column written in a way, ``None`` where there is no more to say."""
    way, own = way or _ISO, _begins(text)
    if own is None:
        return None
    if own is not way:
        return f"is written as {own.name}, but most of the column as {way.name}; write all alike"
    found = own.pattern.fullmatch(text.strip())
    if found is None:
        return _without_century(text, own)
    if (hour := int(found[4] or 0)) == 24 and not int(found[5]):
        return "a day has no 24:00; write 00:00 of the next date"
    if hour > 23 or max(int(found[5] or 0), int(found[6] or 0)) > 59 or (found[7] and not 1 <= hour <= 12):
        return "there is no such time of day"
    return None if _is_date(own, text) else "there is no such date"


def _is_date(way: Way, text: str) -> bool:
    try:
        way.read(text)
    except ValueError:
        return False
    return True


def _without_century(text: str, way: Way) -> str | None:
    date = re.match(r"\s*(\d{1,2})([./])(\d{1,2})[./](\d{2})(?!\d)", text)
    if date is None or way.year != 2:
        return None
    return f"write the year with four digits, such as {date[1]}{date[2]}{date[3]}{date[2]}20{date[4]}"


def _begins(text: str) -> Way | None:
    found = _BEGINS.match(text)
    return _WAYS.get((found[2], len(found[1]) == 4)) if found else None
