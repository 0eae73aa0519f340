"""Numbers and lengths of time as exports write them: points or commas, where only one reading is possible (R72)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from simsocial.config.scalar import shown
from simsocial.units import parse_duration

Wrong = list[tuple[int, str]]
"""(row from 0, what is wrong) of rows at fault."""

_DECIMAL: Final = re.compile(r"\s*[-+]?(\d+|\d{1,3}(\.\d{3})+),\d+\s*")
_THOUSANDS: Final = re.compile(r"\s*[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?\s*")
_WITH_UNIT: Final = re.compile(r"\s*([-+]?[\d.,]+)\s*([A-Za-z]+)\s*")
_POINTS_BETWEEN_THOUSANDS: Final = re.compile(r"\s*[-+]?[1-9]\d{0,2}(\.\d{3})+\s*")

DECIMAL, THOUSANDS = "decimal commas", "commas between thousands"


def number_reader(texts: Sequence[str]) -> tuple[Callable[[str], float], str | None, Wrong]:
    """Return how the numbers of a column are to be read.

    Parameters
    ----------
    texts
        The column's.

    Returns
    -------
    read, style, wrong
        From text to number, raising `ValueError` for what is none; what its commas are, ``None`` without any; and the
        rows because of which they can be read in two ways.
    """
    commas = [(row, text) for row, text in enumerate(texts) if "," in text]
    if not commas:
        return float, None, []
    decimal = [row for row, text in commas if _DECIMAL.fullmatch(text) and not _THOUSANDS.fullmatch(text)]
    thousands = [row for row, text in commas if _THOUSANDS.fullmatch(text) and not _DECIMAL.fullmatch(text)]
    unclear = [row for row, text in commas if _THOUSANDS.fullmatch(text) and _DECIMAL.fullmatch(text)]
    if decimal and thousands:
        other = f"its comma is between thousands, that of {shown(texts[decimal[0]])} decimal; write all numbers alike"
        return float, None, [(row, f"{other} (got {shown(texts[row])})") for row in thousands]
    if unclear and not decimal and not thousands:
        return float, None, [(row, _two_readings(texts[row])) for row in unclear]
    return (_read_decimal, DECIMAL, []) if decimal else (_read_thousands, THOUSANDS, [])


def duration_reader(texts: Sequence[str]) -> tuple[Callable[[str], int], str | None, Wrong]:
    """Return how the lengths of time of a column, numbers with units, are to be read; as :func:`number_reader`."""
    parts = [_WITH_UNIT.fullmatch(text) for text in texts]
    number, style, wrong = number_reader([part[1] if part else "" for part in parts])

    def read(text: str) -> int:
        part = _WITH_UNIT.fullmatch(text)
        return parse_duration(f"{number(part[1])!r} {part[2]}" if part else text)

    return read, style, wrong


def _two_readings(text: str) -> str:
    without, point = text.replace(",", "").strip(), text.replace(",", ".").strip()
    return f"can be read as {without} or as {point}; write numbers without commas (got {shown(text)})"


def _read_thousands(text: str) -> float:
    if "," in text and not _THOUSANDS.fullmatch(text):
        raise ValueError
    return float(text.replace(",", ""))


def _read_decimal(text: str) -> float:
    """Read a number of a column with decimal commas; a point can only be between thousands there."""
    if "," not in text and "." in text and not _POINTS_BETWEEN_THOUSANDS.fullmatch(text):
        raise ValueError
    return float(text.replace(".", "").replace(",", "."))
