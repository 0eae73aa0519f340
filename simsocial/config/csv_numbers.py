"""Numbers and lengths of time as exports write them: which sign is before decimals, decided for a whole file (R72)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from simsocial.config.scalar import shown
from simsocial.units import parse_duration

Sign = Literal[",", "."]
Wrong = list[tuple[int, str]]
"""(row from 0, what is wrong) of rows at fault."""
Say = Callable[[Sign], str] | None

_POWER: Final = r"(?:[eE][-+]?\d+)?"
_BY_COMMA: Final = re.compile(rf"\s*[-+]?(\d*|[1-9]\d{{0,2}}(\.\d{{3}})+)(,\d+)?{_POWER}\s*")
_BY_POINT: Final = re.compile(rf"\s*[-+]?(\d*|[1-9]\d{{0,2}}(,\d{{3}})+)(\.\d*)?{_POWER}\s*")
_WITH_UNIT: Final = re.compile(r"\s*([-+]?[\d.,]+)\s*([A-Za-z]+)\s*")
_LOOKS: Final = re.compile(rf"\s*[-+]?\d[\d.,]*{_POWER}\s*[A-Za-z]*\s*")

STYLES: Final[dict[Sign, str]] = {",": "decimal commas", ".": "decimal points"}
_OTHER: Final[dict[Sign, Sign]] = {",": ".", ".": ","}


@dataclass(frozen=True)
class Numerals:
    """What the numbers of a file say about how they are written.

    Parameters
    ----------
    only
        Sign → a text that has a meaning only with that sign before decimals, and the column it stands in.
    """

    only: dict[Sign, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, columns: Iterable[tuple[str, Sequence[str]]]) -> Numerals:
        """Judge the columns, (name, texts), that hold nothing but numbers, with or without units."""
        only: dict[Sign, tuple[str, str]] = {}
        for name, texts in columns:
            if next(filter(str.strip, texts), "")[:1].isalpha():
                continue
            distinct = dict.fromkeys(texts)
            if all(looks_like_number(text) for text in distinct if text.strip()):
                for sign, text in _decided(distinct).items():
                    only.setdefault(sign, (text, name))
        return cls(only)


def number_reader(
    texts: Sequence[str], *, column: str, file: Numerals, decimal: Sign | None, say: Say
) -> tuple[Callable[[str], float], str | None, Wrong]:
    """Return how the numbers of a column are to be read.

    Parameters
    ----------
    texts, column
        The column's, and its name.
    file
        What all numbers of the file say.
    decimal
        The sign before decimals, if the config says it.
    say
        From a sign to how the config is told of it; ``None`` where it cannot be.

    Returns
    -------
    read, style, wrong
        From text to number, raising `ValueError` for what is none; which sign is before decimals, ``None`` where there
        is none; and the rows because of which they can be read in two ways.
    """
    signed = [(row, text) for row, text in enumerate(texts) if "," in text or "." in text]
    if not signed:
        return float, None, []
    if decimal is not None:
        return _READERS[decimal], STYLES[decimal], []
    only = {**file.only, **{sign: (text, column) for sign, text in _decided(text for _, text in signed).items()}}
    if len(only) == 1:
        (sign,) = only
        return _READERS[sign], STYLES[sign], []
    if only:
        return float, None, _mixed(signed, only, say)
    unclear = [(row, _two_readings(text, say)) for row, text in signed if len(_signs(text)) == 2]
    return _READERS["."], None, unclear[:1]


def duration_reader(
    texts: Sequence[str], *, column: str, file: Numerals, decimal: Sign | None, say: Say
) -> tuple[Callable[[str], int], str | None, Wrong]:
    """Return how the lengths of time of a column, numbers with units, are to be read; as :func:`number_reader`."""
    bare = [_bare(text) if _WITH_UNIT.fullmatch(text) else "" for text in texts]
    number, style, wrong = number_reader(bare, column=column, file=file, decimal=decimal, say=say)

    def read(text: str) -> int:
        part = _WITH_UNIT.fullmatch(text)
        return parse_duration(f"{number(part[1])!r} {part[2]}" if part else text)

    return read, style, wrong


def looks_like_number(text: str) -> bool:
    """Say whether a text may be a number, with or without a unit."""
    return bool(_LOOKS.fullmatch(text) and _signs(_bare(text)))


def is_broken(number: Callable[[str], float], text: str) -> bool:
    """Say whether a reader takes a text for a number that is not whole."""
    try:
        value = number(text)
    except ValueError:
        return False
    return math.isfinite(value) and value % 1 != 0


def _bare(text: str) -> str:
    part = _WITH_UNIT.fullmatch(text)
    return part[1] if part else text


def _signs(text: str) -> list[Sign]:
    """Return the signs that may be before the decimals of a text; both where it has neither, or might have either."""
    return [sign for sign, form in _FORMS.items() if form.fullmatch(text)]


def _decided(texts: Iterable[str]) -> dict[Sign, str]:
    """Return the first text that has a meaning only with each sign before decimals."""
    only: dict[Sign, str] = {}
    for text in map(_bare, texts):
        if ("," in text or "." in text) and len(signs := _signs(text)) == 1:
            only.setdefault(signs[0], text)
    return only


def _mixed(signed: Sequence[tuple[int, str]], only: dict[Sign, tuple[str, str]], say: Say) -> Wrong:
    """Refuse a column of a file in which some numbers have decimal commas and others decimal points."""
    (comma, its), (point, others) = only[","], only["."]
    both = f"{shown(comma.strip())} in {its} has a decimal comma, {shown(point.strip())} in {others} a decimal point"
    row, text = next(((row, text) for row, text in signed if len(_signs(text)) == 1), signed[0])
    alike = f"write all numbers alike, or {say(',')}" if say else "write all numbers alike"
    return [(row, f"{both}; {alike} (got {shown(text)})")]


def _two_readings(text: str, say: Say) -> str:
    by_comma, by_point = (repr(read(text)).removesuffix(".0") for read in (_by_comma, _by_point))
    sign: Sign = "," if "," in text else "."
    as_decimal, as_thousands = (by_comma, by_point) if sign == "," else (by_point, by_comma)
    how = f"{say(_OTHER[sign])} for {as_thousands}, {say(sign)} for {as_decimal}" if say else "the one that is meant"
    unclear = f"can be read as {as_thousands} or as {as_decimal}, and no other number of the file tells which"
    return f"{unclear}; write {how} (got {shown(text)})"


def _by_comma(text: str) -> float:
    if not _BY_COMMA.fullmatch(text):
        raise ValueError
    return float(text.replace(".", "").replace(",", "."))


def _by_point(text: str) -> float:
    if "," in text and not _BY_POINT.fullmatch(text):
        raise ValueError
    return float(text.replace(",", ""))


_FORMS: Final[dict[Sign, re.Pattern[str]]] = {",": _BY_COMMA, ".": _BY_POINT}
_READERS: Final[dict[Sign, Callable[[str], float]]] = {",": _by_comma, ".": _by_point}
