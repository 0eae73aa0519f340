"""Weekdays and clock times as a planner writes them: "Mon-Fri 08:00-18:00, Sat 09:00-13:00", "Mon 09:00"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from simsocial.config.scalar import shown
from simsocial.units import DAY, HOUR, MINUTE, WEEK

WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAY: Final = "(?:" + "|".join(WEEKDAYS) + ")"
_CLOCK: Final = r"\d{1,2}:\d{2}"
_ITEM: Final = re.compile(rf"(?P<days>{_DAY}(?:\s*-\s*{_DAY})?)?\s*(?P<clock>\d.*)?", re.IGNORECASE)

Range = tuple[int, int]


def _weekday(name: str) -> int:
    return WEEKDAYS.index(name.strip().capitalize())


def _days(text: str) -> list[int]:
    first, _, last = text.partition("-")
    begin = _weekday(first)
    length = (_weekday(last) - begin) % 7 if last else 0
    return [(begin + k) % 7 for k in range(length + 1)]


def read_days(raw: object) -> tuple[int, ...]:
    """Read weekdays such as ``"Mon-Fri"`` or ``"Mon, Wed"``: 0 is Monday, ascending."""
    if isinstance(raw, str) and all(re.fullmatch(rf"\s*{_DAY}(\s*-\s*{_DAY})?\s*", p, re.I) for p in raw.split(",")):
        days = [day for part in raw.split(",") for day in _days(part)]
        if len(set(days)) == len(days):
            return tuple(sorted(days))
        raise ValueError(f"names a weekday twice (got {shown(raw)})")
    _refuse_other_words(raw)
    raise ValueError(f'write weekdays such as "Mon-Fri" or "Mon, Wed" (got {shown(raw)})')


def _clock(text: str, *, latest: int) -> int:
    hours, minutes = (int(part) for part in text.split(":"))
    tick = hours * HOUR + minutes * MINUTE
    if minutes > 59 or tick > latest:
        raise ValueError(f"{text} is not a time of day")
    return tick


def read_clock_range(raw: object) -> Range:
    """Read ``"08:00-16:30"`` into ticks from midnight; an end before the start is on the next day."""
    if not isinstance(raw, str) or not re.fullmatch(rf"\s*{_CLOCK}\s*-\s*{_CLOCK}\s*", raw):
        raise ValueError(f'write a time of day from-to, such as "08:00-16:30" (got {shown(raw)})')
    begin, end = (part.strip() for part in raw.split("-"))
    start, stop = _clock(begin, latest=DAY - 1), _clock(end, latest=DAY)
    if start == stop:
        raise ValueError(f'has no length; the whole day is "00:00-24:00" (got {shown(raw)})')
    return start, stop if stop > start else stop + DAY


def read_clock_ranges(raw: object) -> tuple[Range, ...]:
    """Read one or several of `read_clock_range`, as a text with commas or a list."""
    return tuple(sorted(read_clock_range(part) for part in _parts(raw, '"08:00-16:30"')))


def weekly_ranges(days: Sequence[int], ranges: Sequence[Range]) -> tuple[Range, ...]:
    """Repeat the ranges of a day on weekdays, ascending; raise `ValueError` where two overlap.

    Returns
    -------
    tuple of (start, end)
        Ticks from Monday 00:00; the last end may pass the week's.
    """
    return _checked([(day * DAY + start, day * DAY + end) for day in days for start, end in ranges])


def read_weekly_hours(raw: object) -> tuple[Range, ...]:
    """Read ``"Mon-Fri 08:00-18:00, Sat 09:00-13:00"`` or ``"always"`` (each day from midnight to midnight).

    Returns
    -------
    tuple of (start, end)
        Ticks from Monday 00:00, ascending, not overlapping; the last end may pass the week's.
    """
    if isinstance(raw, str) and raw.strip() == "always":
        return tuple((day * DAY, (day + 1) * DAY) for day in range(7))
    found = _on_days(raw, '"Mon-Fri 08:00-18:00, Sat 09:00-13:00" or "always"')
    return _checked([(day * DAY + a, day * DAY + b) for day, text in found for a, b in [read_clock_range(text)]])


def read_weekly_times(raw: object) -> tuple[int, ...]:
    """Read ``"Mon-Fri 09:00, 13:00"`` into ticks from Monday 00:00, ascending."""
    found = _on_days(raw, '"Mon 09:00" or "Mon-Fri 09:00, 13:00"')
    for _, text in found:
        if not re.fullmatch(_CLOCK, text):
            raise ValueError(f'write a time of day such as "09:00" (got {shown(text)})')
    times = [day * DAY + _clock(text, latest=DAY - 1) for day, text in found]
    if len(set(times)) < len(times):
        raise ValueError(f"names a time twice (got {shown(raw)})")
    return tuple(sorted(times))


def _parts(raw: object, example: str) -> list[str]:
    texts = [raw] if isinstance(raw, str) else raw
    if not isinstance(texts, list | tuple) or not texts or not all(isinstance(t, str) and t.strip() for t in texts):
        raise ValueError(f"write {example} (got {shown(raw)})")
    return [part.strip() for text in texts for part in text.split(",")]


def _on_days(raw: object, example: str) -> list[tuple[int, str]]:
    """Pair clock texts with weekdays: days wait for the clock that follows, a lone clock takes the last days."""
    found: list[tuple[int, str]] = []
    waiting: list[int] = []
    days: list[int] = []
    for part in _parts(raw, example):
        match = _ITEM.fullmatch(part)
        if match is None or not part:
            _refuse_other_words(raw)
            raise ValueError(f"write {example} (got {shown(raw)})")
        if match["days"]:
            waiting += _days(match["days"])
        if match["clock"]:
            days, waiting = waiting or days, []
            found += [(day, match["clock"].strip()) for day in days]
    if waiting or not found:
        raise ValueError(f"write {example} (got {shown(raw)})")
    return found


def _refuse_other_words(raw: object) -> None:
    """Raise `ValueError` with the first word that is no weekday, if there is one."""
    for word in re.findall(r"[^\W\d_]+", str(raw) if isinstance(raw, str) else " ".join(map(str, _listed(raw)))):
        if word.capitalize() not in WEEKDAYS:
            raise ValueError(f"there is no weekday '{word}'; known: {', '.join(WEEKDAYS)} (got {shown(raw)})")


def _listed(raw: object) -> list[object]:
    return list(raw) if isinstance(raw, list | tuple) else []


def _checked(ranges: list[Range]) -> tuple[Range, ...]:
    ordered = sorted(ranges)
    following = [*ordered[1:], (ordered[0][0] + WEEK, 0)]
    for (start, end), (after, _) in zip(ordered, following, strict=True):
        if after < end:
            raise ValueError(f"overlapping hours: {_spell(start)}-{_spell(end)[4:]} and those from {_spell(after)}")
    return tuple(ordered)


def _spell(tick: int) -> str:
    day, clock = divmod(tick % WEEK, DAY)
    return f"{WEEKDAYS[day]} {_spell_clock(clock)}"


def _spell_clock(tick: int) -> str:
    return f"{tick // HOUR:02d}:{tick % HOUR // MINUTE:02d}"


def write_days(days: Sequence[int]) -> str:
    return ", ".join(WEEKDAYS[day] for day in days)


def write_clock_ranges(ranges: Sequence[Range]) -> str:
    return ", ".join(f"{_spell_clock(a)}-{_spell_clock(b if b <= DAY else b - DAY)}" for a, b in ranges)


def write_weekly_hours(ranges: Sequence[Range]) -> str:
    return ", ".join(f"{_spell(a)}-{write_clock_ranges([(a % DAY, b - a + a % DAY)])[6:]}" for a, b in ranges)


def write_weekly_times(times: Sequence[int]) -> str:
    return ", ".join(_spell(tick) for tick in times)
