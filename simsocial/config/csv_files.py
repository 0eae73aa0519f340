"""CSV files that a config names: columns by name, with the line of every row at fault (R72)."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from simsocial.config.csv_instants import Clock, instant_reader
from simsocial.config.csv_numbers import duration_reader, number_reader
from simsocial.config.csv_rows import SEPARATORS, SHOWN_FAULTS, Rows, check_header, read_rows
from simsocial.config.locating import Locator
from simsocial.config.scalar import shown
from simsocial.errors import Fault, InputError
from simsocial.model.files import FileRead

T = TypeVar("T")
Instants = npt.NDArray[np.datetime64]

_EPOCH: Final = dt.datetime(1970, 1, 1)
_MILLISECOND: Final = dt.timedelta(milliseconds=1)
AS_WRITTEN: Final = Clock()
"""Instants in one of the usual ways, on the desk's clock."""


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
    rows
        Of the whole file.
    table
        Dotted path of the config's table that tells how it is to be read.
    used
        (name, what it is read as) of each of ``columns``.
    notes, extent
        What is found while it is read, and the instants between which its rows lie; shared by all parts of the file.
    """

    path: Path
    sha256: str
    columns: dict[str, list[str]]
    lines: list[int]
    rows: Rows
    table: str
    used: tuple[tuple[str, str], ...]
    notes: list[str] = field(default_factory=list)
    extent: list[np.datetime64] = field(default_factory=list)

    def numbers(self, column: str, *, low: float = -math.inf, whole: bool = False) -> npt.NDArray[np.float64]:
        """Return a column of finite numbers, at least ``low``, shape (rows,).

        Raises
        ------
        InputError
            Text in numbers, a number below ``low`` or, where ``whole`` is asked for, one with a fraction; commas that
            can be read in two ways.
        """
        wanted = ("a whole number" if whole else "a number") + (f", {low:g} or more" if low > -math.inf else "")
        number, style, unclear = number_reader(self.columns[column])
        self.refuse(column, unclear)
        if style:
            self.notes.append(f"{style} in {column}")

        def read(text: str) -> float:
            value = number(text)
            if not math.isfinite(value) or value < low or (whole and value % 1):
                raise ValueError
            return value

        return np.array(self.read(column, read, wanted))

    def durations(self, column: str, wanted: str) -> npt.NDArray[np.int64]:
        """Return a column of lengths of time with their units, ticks, shape (rows,); commas are as in numbers."""
        read, style, unclear = duration_reader(self.columns[column])
        self.refuse(column, unclear)
        if style:
            self.notes.append(f"{style} in {column}")
        return np.array(self.read(column, read, wanted), dtype=np.int64)

    def instants(
        self,
        column: str,
        *,
        repeats: bool = False,
        ascending: bool = True,
        clock: Clock = AS_WRITTEN,
        offset: npt.NDArray[np.int64] | None = None,
    ) -> Instants:
        """Return a column of local dates and times, ascending, ``datetime64[ms]``, shape (rows,).

        Parameters
        ----------
        column
            Its name.
        repeats
            Whether the same instant may come twice.
        ascending
            Whether they must be; instants that come from another time zone ascend in that, not always on the desk's
            clock, which is put back in autumn.
        clock
            How they are meant.
        offset
            Ticks to add to each, shape (rows,).

        Raises
        ------
        InputError
            Something else than an instant, a time zone without that of the desk, or time going back.
        """
        texts = self.columns[column]
        there, here = self._both_clocks(column, clock)
        if offset is not None:
            there, here = there + offset, here + offset
        steps = np.diff(there)
        wrong = np.flatnonzero((steps < 0) if repeats else (steps <= 0)) if ascending else steps[:0]
        said = [f"time {'goes back' if steps[row] < 0 else 'stands still'} (got {texts[row + 1]} after {texts[row]})"
                for row in wrong]  # fmt: skip
        self.refuse(column, list(zip((wrong + 1).tolist(), said, strict=True)))
        local = here.astype("datetime64[ms]")
        self.extent.extend([local.min(), local.max()])
        return local

    def dates(self, column: str, *, clock: Clock = AS_WRITTEN) -> list[dt.date]:
        """Return a column of dates in the order of rows; what is no midnight is refused."""
        instants = self.instants(column, ascending=False, clock=clock)
        days = instants.astype("datetime64[D]")
        late = np.flatnonzero(days != instants)
        texts = self.columns[column]
        self.refuse(column, [(row, f"write a date, without a time (got {shown(texts[row])})") for row in late.tolist()])
        return [day.astype(object) for day in days]

    def only(self, rows: Sequence[int]) -> CsvFile:
        """Return the part of the file with these rows."""
        columns = {name: [texts[row] for row in rows] for name, texts in self.columns.items()}
        return replace(self, columns=columns, lines=[self.lines[row] for row in rows])

    def joined(self, date: str, time: str) -> CsvFile:
        """Return the file with the clock times of a column after the dates of another."""
        texts = [f"{day} {clock}" for day, clock in zip(self.columns[date], self.columns[time], strict=True)]
        return replace(self, columns={**self.columns, date: texts})

    def having(self, words: Mapping[str, Collection[str]]) -> CsvFile:
        """Return the part of the file that has one of some words in each of some columns; tell which words there are.

        Raises
        ------
        InputError
            When it has no row.
        """
        keep = np.ones(len(self.lines), dtype=bool)
        for column, wanted in words.items():
            found = np.array([text.strip() for text in self.columns[column]])
            keep &= np.isin(found, list(wanted))
            there = ", ".join(f"{word or 'nothing'} ({count:,})" for word, count in _most(found))
            self.notes.append(f"of {column} only {' or '.join(wanted)}; there are {there}")
            if not keep.any():
                message = f"no row with {' or '.join(map(shown, wanted))}; there are {there}"
                raise InputError(Fault(message, column, self.path))
        return self.only(np.flatnonzero(keep).tolist())

    def read(self, column: str, read: Callable[[str], T], wanted: str) -> list[T]:
        """Return what each text of a column means; refuse those for which ``read`` raises `ValueError`."""
        values: list[T] = []
        wrong: list[tuple[int, str]] = []
        for row, text in enumerate(self.columns[column]):
            try:
                values.append(read(text))
            except ValueError:
                wrong.append((row, f"write {wanted} (got {shown(text)})"))
        self.refuse(column, wrong)
        return values

    def refuse(self, column: str, wrong: Sequence[tuple[int, str]]) -> None:
        """Raise `InputError` when there are rows at fault."""
        if wrong:
            raise InputError(self.faults(column, wrong))

    def faults(self, column: str, wrong: Sequence[tuple[int, str]]) -> list[Fault]:
        """Return the faults of a column: (row from 0, what is wrong) of each, the first few written out."""
        faults = [Fault(message, column, self.path, self.lines[row]) for row, message in wrong[:SHOWN_FAULTS]]
        if len(wrong) > SHOWN_FAULTS:
            faults.append(Fault(f"and {len(wrong) - SHOWN_FAULTS} more rows like these", column, self.path))
        return faults

    def told(self, name: str, at: str) -> FileRead:
        """Return how the file was read that the config names ``name`` at ``at``."""
        return FileRead(
            at=at,
            name=name,
            separator=SEPARATORS[self.rows.separator],
            rows=len(self.rows.lines),
            columns=self.used,
            unused=tuple(name for name in self.rows.header if name not in self.columns),
            first=min(self.extent).astype(object) if self.extent else None,
            last=max(self.extent).astype(object) if self.extent else None,
            notes=tuple(dict.fromkeys([*["a byte-order mark"] * self.rows.marked, *self.notes])),
        )

    def _both_clocks(self, column: str, clock: Clock) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return milliseconds since 1970 by the file's clock (UTC if it has a zone) and by the desk's."""
        read, style, unclear = instant_reader(self.columns[column], clock.format, f"{self.table}.format")
        self.refuse(column, unclear)
        instants = self.read(column, read, clock.wanted)
        if style:
            self.notes.append(f"{column} read as {style}")
        if not clock.zone and not any(instant.tzinfo for instant in instants):
            here = np.array([(instant - _EPOCH) // _MILLISECOND for instant in instants], dtype=np.int64)
            return here, here
        self.notes.append(f"{column} moved to the clock of {clock.desk}")
        return self._moved(column, clock, instants)

    def _moved(
        self, column: str, clock: Clock, instants: list[dt.datetime]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        both: list[tuple[int, int]] = []
        wrong: list[tuple[int, str]] = []
        for row, instant in enumerate(instants):
            try:
                there, here = clock.local(instant)
                both.append(((there - _EPOCH) // _MILLISECOND, (here - _EPOCH) // _MILLISECOND))
            except ValueError as error:
                wrong.append((row, f"{error} (got {shown(self.columns[column][row])})"))
        self.refuse(column, wrong)
        there_here = np.array(both, dtype=np.int64)
        return there_here[:, 0], there_here[:, 1]


def read_csv(
    path: Path,
    *,
    columns: Mapping[str, str | None],
    where: Locator,
    at: str,
    optional: Mapping[str, str] | None = None,
    known: dict[Path, Rows] | None = None,
) -> CsvFile:
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
    optional
        The same of columns that may be missing.
    known
        Rows of files read before, which are not read a second time.

    Raises
    ------
    InputError
        No such file, unreadable, not UTF-8, empty, no rows, a column missing or named twice, a row of another length.
    """
    files = {} if known is None else known
    if path not in files:
        files[path] = read_rows(path, wanted=columns, where=where, at=at)
    rows = files[path]
    check_header(rows, columns, optional or (), at)
    also = {name: key for name, key in (optional or {}).items() if name in rows.header}
    texts = dict(zip(rows.header, rows.columns, strict=True))
    used = {name: key or name for name, key in [*columns.items(), *also.items()]}
    return CsvFile(
        path=rows.path,
        sha256=rows.sha256,
        columns={name: texts[name] for name in used},
        lines=rows.lines,
        rows=rows,
        table=at.rpartition(".")[0],
        used=tuple(used.items()),
    )


def _most(found: npt.NDArray[np.str_]) -> list[tuple[str, int]]:
    """Return the words of a column with their numbers, the most frequent first."""
    words, counts = np.unique(found, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:SHOWN_FAULTS]
    rest = int(counts.sum() - counts[order].sum())
    return [(str(words[k]), int(counts[k])) for k in order] + ([("others", rest)] if rest else [])
