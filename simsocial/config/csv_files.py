"""CSV files that a config names: columns by name, with the line of every row at fault."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import math
import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from simsocial.config.locating import Locator
from simsocial.config.reading import read_text_file
from simsocial.config.scalar import shown
from simsocial.config.suggestions import nearest
from simsocial.errors import Fault, InputError

T = TypeVar("T")

SHOWN_FAULTS: Final = 5
"""Faults of one column that are written out; the others are counted."""


_EPOCH: Final = dt.datetime(1970, 1, 1)
_MILLISECOND: Final = dt.timedelta(milliseconds=1)


@dataclass(frozen=True, eq=False)
class CsvFile:
    """A CSV file that has been read.

    Parameters
    ----------
    path
        The file.
    sha256
        Of its bytes, for `Origin.files`.
    columns
        Name → texts, one per row.
    lines
        The line of each row.
    """

    path: Path
    sha256: str
    columns: dict[str, list[str]]
    lines: list[int]

    def numbers(self, column: str, *, low: float = -math.inf, whole: bool = False) -> npt.NDArray[np.float64]:
        """Return a column of finite numbers, at least ``low``, shape (rows,).

        Raises
        ------
        InputError
            Text in numbers, a number below ``low`` or, where ``whole`` is asked for, one with a fraction.
        """
        wanted = ("a whole number" if whole else "a number") + (f", {low:g} or more" if low > -math.inf else "")

        def read(text: str) -> float:
            value = float(text)
            if not math.isfinite(value) or value < low or (whole and value % 1):
                raise ValueError
            return value

        return np.array(self._read(column, read, wanted))

    def instants(self, column: str, *, repeats: bool = False) -> npt.NDArray[np.datetime64]:
        """Return a column of local dates and times, ascending, ``datetime64[ms]``, shape (rows,).

        Parameters
        ----------
        column
            Its name.
        repeats
            Whether the same instant may come twice.

        Raises
        ------
        InputError
            Something else than an instant, a time zone, or time going back.
        """
        texts = self.columns[column]
        read = self._read(column, _milliseconds, "a date and time such as 2026-01-05 09:00")
        steps = np.diff(instants := np.array(read, dtype=np.int64))
        wrong = np.flatnonzero((steps < 0) if repeats else (steps <= 0))
        said = [f"time {'goes back' if steps[row] < 0 else 'stands still'} (got {texts[row + 1]} after {texts[row]})"
                for row in wrong]  # fmt: skip
        self._refuse(column, list(zip((wrong + 1).tolist(), said, strict=True)))
        return instants.astype("datetime64[ms]")

    def _read(self, column: str, read: Callable[[str], T], wanted: str) -> list[T]:
        values: list[T] = []
        wrong: list[tuple[int, str]] = []
        for row, text in enumerate(self.columns[column]):
            try:
                values.append(read(text))
            except ValueError:
                wrong.append((row, f"write {wanted} (got {shown(text)})"))
        self._refuse(column, wrong)
        return values

    def _refuse(self, column: str, wrong: Sequence[tuple[int, str]]) -> None:
        faults = [Fault(message, column, self.path, self.lines[row]) for row, message in wrong[:SHOWN_FAULTS]]
        if len(wrong) > SHOWN_FAULTS:
            faults.append(Fault(f"and {len(wrong) - SHOWN_FAULTS} more rows like these", column, self.path))
        if faults:
            raise InputError(faults)


def _milliseconds(text: str) -> int:
    instant = dt.datetime.fromisoformat(text)
    if instant.tzinfo is not None:
        raise ValueError
    return (instant - _EPOCH) // _MILLISECOND


def read_csv(path: Path, *, columns: Mapping[str, str | None], where: Locator, at: str) -> CsvFile:
    """Read a CSV file with a header line.

    Parameters
    ----------
    path
        The file.
    columns
        Name of each column that is needed → the key beside ``at`` that says so, ``None`` when it is always named so;
        others are left alone.
    where, at
        The config, and the dotted path in it that names the file.

    Raises
    ------
    InputError
        No such file, unreadable, not UTF-8, empty, no rows, a column missing or named twice, a row of another length.
    """
    path = Path(os.path.normpath(path))
    try:
        text = read_text_file(path)
    except InputError as error:
        raise InputError([where.fault(at, _or_another(str(fault), at)) for fault in error.faults]) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    try:
        for row in reader:
            if row:
                rows.append(row)
                lines.append(reader.line_num)
    except csv.Error as error:
        raise InputError(Fault(f"is not valid CSV: {error}", file=path, line=reader.line_num)) from None
    _check_shape(path, rows, lines, columns, at)
    header = [name.strip() for name in rows[0]]
    texts = dict(zip(header, map(list, zip(*rows[1:], strict=True)), strict=True))
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return CsvFile(path, sha256, {name: texts[name] for name in columns}, lines[1:])


def _or_another(fault: str, at: str) -> str:
    return f"{fault}{'' if fault.endswith('?') else ';'} or name another with --set {at}=FILE"


def _check_shape(
    path: Path, rows: list[list[str]], lines: list[int], columns: Mapping[str, str | None], at: str
) -> None:
    if not rows:
        wanted = f"write a header line with {', '.join(columns)}, and rows"
        raise InputError(Fault(f"is empty; {wanted}, or name another with {at}", file=path))
    header = [name.strip() for name in rows[0]]
    count = Counter(header)
    faults = [Fault(f"no column '{name}'; {_remedy(name, header, key, at)}", file=path, line=lines[0])
              for name, key in columns.items() if name not in count]  # fmt: skip
    faults += [
        Fault(f"two columns are named '{name}'", file=path, line=lines[0]) for name in columns if count[name] > 1
    ]
    if not faults and len(rows) == 1:
        faults = [Fault("has a header line, but no rows", file=path, line=lines[0])]
    for row, line in zip(rows[1:], lines[1:], strict=True):
        if len(row) != len(header) and len(faults) < SHOWN_FAULTS:
            faults.append(Fault(f"this row has {_fields(len(row))}, the header {len(header)}", file=path, line=line))
    if faults:
        raise InputError(faults)


def _remedy(name: str, header: list[str], key: str | None, at: str) -> str:
    """Return which columns there are, and what to write where for one of them to be taken."""
    there = f"there are: {', '.join(header)}"
    if key is None:
        return f"{there}; name one so, or another file in {at}"
    return f'{there}; write {at.rpartition(".")[0]}.{key} = "{nearest(name, header) or header[0]}", or whichever it is'


def _fields(number: int) -> str:
    return f"{number} field{'' if number == 1 else 's'}"
