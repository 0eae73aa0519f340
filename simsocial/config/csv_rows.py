"""The rows of a CSV file: what separates its columns, its header, and rows that do not fit it (R72)."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from simsocial.config.csv_numbers import Numerals
from simsocial.config.locating import Locator
from simsocial.config.reading import read_text_file
from simsocial.errors import Fault, InputError

if TYPE_CHECKING:
    from _csv import Reader

SHOWN_FAULTS: Final = 5
"""Faults of one column that are written out; the others are counted."""
PORTION: Final = 256
"""Rows that are lists at the same time: few enough for Python to collect no garbage because of them."""
SEPARATORS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
"""What may separate columns, with its name."""


@dataclass(frozen=True, eq=False)
class Rows:
    """A file's rows.

    Parameters
    ----------
    path
        The file.
    sha256
        Of its bytes.
    marked
        Whether it begins with a byte-order mark.
    separator
        Of its columns.
    header
        Names of the columns, without space around them; the header's line is ``first_line``.
    columns
        Texts, one per row, of each column.
    lines
        The line of each row.
    """

    path: Path
    sha256: str
    marked: bool
    separator: str
    header: list[str]
    first_line: int
    columns: list[list[str]]
    lines: list[int]

    @cached_property
    def numerals(self) -> Numerals:
        """What all the numbers of the file say about how they are written."""
        return Numerals.of(zip(self.header, self.columns, strict=True))

    @cached_property
    def repeated(self) -> int:
        """How many rows are in every column like one before them."""
        return len(self.lines) - len(set(map("\x1f".join, zip(*self.columns, strict=True))))


def read_rows(path: Path, *, wanted: Mapping[str, str | None], where: Locator, at: str) -> Rows:
    """Read a file's rows; which columns are wanted tells what separates them.

    Raises
    ------
    InputError
        No such file, unreadable, not UTF-8, empty, no rows, a row of another length than the header.
    """
    path = Path(os.path.normpath(path))
    try:
        text = read_text_file(path, save="save it as CSV UTF-8")
    except InputError as error:
        raise InputError([where.fault(at, _or_another(str(fault), at)) for fault in error.faults]) from None
    separator = _separator(text, set(map(alike, wanted)))
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
    try:
        header = [name.strip() for name in next(filter(None, reader), [])]
        first_line = reader.line_num
        columns, lines = _columns(path, reader, len(header), separator)
    except csv.Error as error:
        raise InputError(Fault(f"is not valid CSV: {error}", file=path, line=reader.line_num)) from None
    if not header:
        write = f"write a header line with {', '.join(wanted)}, and rows"
        raise InputError(Fault(f"is empty; {write}, or name another with {at}", file=path))
    data = path.read_bytes()
    sha256, marked = hashlib.sha256(data).hexdigest(), data.startswith(codecs.BOM_UTF8)
    return Rows(path, sha256, marked, separator, header, first_line, columns, lines)


def _separator(text: str, wanted: set[str]) -> str:
    """Return what separates the header's names: of several signs in it, that by which the wanted columns are there."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    names = {sign: [alike(name) for name in next(csv.reader([header], delimiter=sign), [])] for sign in SEPARATORS}
    separating = [sign for sign in SEPARATORS if len(names[sign]) > 1]
    return next((sign for sign in separating if wanted <= set(names[sign])), (separating or [","])[0])


def alike(name: str) -> str:
    """Return what names of columns have in common that differ only in case, or in space around them."""
    return name.strip().casefold()


def _columns(path: Path, reader: Reader, width: int, separator: str) -> tuple[list[list[str]], list[int]]:
    """Return the columns and the line of each row, by portions: a million rows are many lists."""
    columns: list[list[str]] = [[] for _ in range(width)]
    lines: list[int] = []
    faults: list[Fault] = []
    while portion := [(row, reader.line_num) for row in islice(reader, PORTION)]:
        rows = [(row, line) for row, line in portion if row]
        wrong = [(row, line) for row, line in rows if len(row) != width]
        hint = _decimal_hint(width, separator)
        for row, line in wrong[: SHOWN_FAULTS - len(faults)]:
            faults.append(Fault(f"this row has {_fields(len(row))}, the header {width}{hint}", file=path, line=line))
        if rows and not faults:
            for column, texts in zip(columns, zip(*(row for row, _ in rows), strict=True), strict=True):
                column.extend(texts)
            lines.extend(line for _, line in rows)
    if faults:
        raise InputError(faults)
    return columns, lines


def _decimal_hint(width: int, separator: str) -> str:
    """Say what to do if the comma between two fields was one of decimals, which only a lone column cannot tell."""
    return "; quote numbers with decimal commas, or write points" if width == 1 and separator == "," else ""


def _or_another(fault: str, at: str) -> str:
    return f"{fault}{'' if fault.endswith('?') else ';'} or name another with --set {at}=FILE"


def _fields(number: int) -> str:
    return f"{number} field{'' if number == 1 else 's'}"
