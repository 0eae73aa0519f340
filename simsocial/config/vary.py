"""What is varied, ``PATH=LOW..HIGH``: the values between two ends, written as the config's own key is (R124)."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from simsocial.config.document import Document
from simsocial.config.locating import dotted
from simsocial.config.overrides import override, read_override
from simsocial.config.places import place_at
from simsocial.config.reading import read_document
from simsocial.config.scalar import Scalar
from simsocial.errors import Fault, InputError
from simsocial.units import DAY, parse_duration

LEAST_STEPS: Final = 50
"""A continuous value is told at least so finely, in steps of 1, 2 or 5 of some decimal place."""
MOST_VALUES: Final = 1_000_000
OF_THE_STUDY: Final = ("run.seed", "run.replications")
"""Keys of a config that say how it is run, which solving decides itself."""
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_AMOUNT: Final = re.compile(r"([-+]?(?:\d+(?:\.\d*)?|\.\d+))\s*(.*)", re.DOTALL)
_EXAMPLE: Final = "write PATH=LOW..HIGH, such as teams.desk.headcount=1..20"


@dataclass(frozen=True)
class Vary:
    """The values of one key from ``low`` to ``high``, counted from 0.

    Parameters
    ----------
    path
        Dotted path of the key.
    low, high
        The ends; of dates, their ordinals.
    step
        Between two neighbours; the last is ``high``, which may be nearer.
    unit
        What stands behind the number, such as ``% / month``; empty for bare numbers and dates.
    dates
        Whether the values are dates.
    """

    path: str
    low: Decimal
    high: Decimal
    step: Decimal
    unit: str = ""
    dates: bool = False

    def __len__(self) -> int:
        return math.ceil((self.high - self.low) / self.step) + 1

    def number(self, place: int) -> Decimal:
        """Return the value at a place as a number; of a date, its ordinal."""
        return min(self.low + place * self.step, self.high)

    def value(self, place: int) -> Any:
        """Return the value at a place as the config takes it."""
        number = self.number(place)
        if self.dates:
            return dt.date.fromordinal(int(number))
        if self.unit:
            return self.written(place)
        return int(number) if number == int(number) else float(number)

    def written(self, place: int) -> str:
        """Write the value at a place as a user does."""
        if self.dates:
            return str(self.value(place))
        return f"{self.number(place).normalize():f} {self.unit}".strip()

    @property
    def option(self) -> str:
        """Return how it is asked for, for faults."""
        return f"--vary {self.path}={self.written(0)}..{self.written(len(self) - 1)}"


def read_vary(text: str, config: Path, *, step: str | None = None) -> Vary:
    """Read ``PATH=LOW..HIGH``.

    Parameters
    ----------
    text
        The ends are numbers, amounts of one unit (which may stand behind the last only), or dates.
    config
        A file in which the key has, or could have, a value.
    step
        Between two values tried, such as ``"5 min"``, ``0.01`` or ``"7 days"``. Default: 1 for what is counted, a day
        for dates, otherwise 1, 2 or 5 of the decimal place that makes at least 50 steps.

    Raises
    ------
    InputError
        When it cannot be read so, the ends are in the wrong order, or there is no such key.
    """
    path, ends = _path_and_ends(text)
    written, _ = read_document(config)
    if all(_DATE.fullmatch(end) for end in ends):
        return _checked(_of_dates(path, ends, step), text)
    (low, unit), (high, its) = (_amount(end, text) for end in ends)
    if unit and _spaced(unit) != _spaced(its):
        raise _fault(f'write both ends in one unit, such as "40 / day".."200 / day" (got {unit!r} and {its!r})', text)
    if step is None:
        counted = not its and low == int(low) and high == int(high) and _is_counted(written, path, int(low))
        between = Decimal(1) if counted else _sensible(high - low)
    else:
        between = _step(step, its)
    return _checked(Vary(path, low, high, between, its), text)


def _path_and_ends(text: str) -> tuple[str, list[str]]:
    try:
        parts, ends = read_override(text)
    except ValueError:
        raise InputError(Fault(f"{_EXAMPLE} (got {text!r})", "--vary")) from None
    low, dots, high = (each.strip().strip("\"'").strip() for each in str(ends).partition(".."))
    if not (low and dots and high):
        raise _fault(_EXAMPLE, text)
    return dotted(parts), [low, high]


def _checked(vary: Vary, text: str) -> Vary:
    if vary.path in OF_THE_STUDY:
        raise _fault("is the same at every value tried; vary what the desk, its work or its dates are", text)
    if vary.low >= vary.high:
        raise _fault("write the lower end first, and a higher one behind the dots", text)
    if vary.step <= 0:
        raise InputError(Fault("must be greater than 0", "--step"))
    if vary.step > vary.high - vary.low:
        raise InputError(Fault("is longer than the range; nothing between its ends would be tried", "--step"))
    if len(vary) > MOST_VALUES:
        raise InputError(Fault(f"makes {len(vary):,} values; at most {MOST_VALUES:,} are searched", "--step"))
    return vary


def _of_dates(path: str, ends: Sequence[str], step: str | None) -> Vary:
    try:
        low, high = (Decimal(dt.date.fromisoformat(end).toordinal()) for end in ends)
    except ValueError as error:
        raise InputError(Fault(f"there is no such date: {error}", f"--vary {path}={'..'.join(ends)}")) from None
    return Vary(path, low, high, Decimal(1) if step is None else _days(step), dates=True)


def _days(step: str) -> Decimal:
    try:
        ticks = parse_duration(step)
    except ValueError as error:
        raise InputError(Fault(str(error), "--step")) from None
    if ticks % DAY:
        raise InputError(Fault(f'dates are whole days apart; write such as "7 days" (got {step!r})', "--step"))
    return Decimal(ticks // DAY)


def _amount(end: str, text: str) -> tuple[Decimal, str]:
    match = _AMOUNT.fullmatch(end)
    if match is None:
        raise _fault(
            f"an end is a number, an amount such as 40 / day, or a date such as 2026-03-01 (got {end!r})", text
        )
    return Decimal(match[1]), match[2].strip()


def _step(step: str, unit: str) -> Decimal:
    match = _AMOUNT.fullmatch(step.strip())
    if match is None or (match[2] and _spaced(match[2]) != _spaced(unit)):
        said = f"a number, or an amount in {unit}" if unit else "a number"
        raise InputError(Fault(f"write {said} (got {step!r})", "--step"))
    return Decimal(match[1])


def _spaced(unit: str) -> str:
    return "".join(unit.split())


def _sensible(width: Decimal) -> Decimal:
    """Return the largest of … 0.1, 0.2, 0.5, 1, 2, 5 … that divides a width into at least so many steps."""
    if width <= 0:
        return Decimal(1)
    most = width / LEAST_STEPS
    power = Decimal(10) ** most.adjusted()
    return max(digit * power for digit in (1, 2, 5) if digit * power <= most)


def _is_counted(written: dict[str, Any], path: str, low: int) -> bool:
    """Say whether the key at a path takes whole numbers only; of a path that is at fault the loader tells."""
    try:
        document, _ = override(written, Document, {path: low})
    except InputError:
        return True
    parts, _ = read_override(f"{path}=0")
    kinds = [kind for kind in place_at(Document, document, parts).kinds if isinstance(kind, Scalar)]
    return any(kind.schema.get("type") == "integer" for kind in kinds)


def _fault(message: str, text: str) -> InputError:
    return InputError(Fault(message, f"--vary {text.strip()}"))
