"""CSV files that a config names: columns by name, with the line of every row at fault (R72)."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Final, TypedDict, TypeVar

import numpy as np
import numpy.typing as npt

from simsocial.config.csv_advice import Named
from simsocial.config.csv_dates import no_instant, usual_way
from simsocial.config.csv_instants import Clock, instant_reader
from simsocial.config.csv_numbers import Numerals, Say, Sign, duration_reader, is_broken, number_reader
from simsocial.config.csv_rows import SEPARATORS, SHOWN_FAULTS, Rows
from simsocial.config.scalar import shown
from simsocial.errors import Fault, InputError
from simsocial.model.files import FileRead

T = TypeVar("T")


class _Numerals(TypedDict):
    """What is told to the readers of numbers."""

    column: str
    file: Numerals
    decimal: Sign | None
    say: Say


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
    named
        Where the config names it.
    spelled, used
        Name of each of ``columns`` → as the file spells it; as that → what it is read as.
    decimal
        The sign before decimals, if the config says it.
    notes, extent
        What is found while it is read, and the instants between which its rows lie; shared by all parts of the file.
    """

    path: Path
    sha256: str
    columns: dict[str, list[str]]
    lines: list[int]
    rows: Rows
    named: Named
    spelled: dict[str, str]
    used: dict[str, str]
    decimal: Sign | None = None
    notes: list[str] = field(default_factory=list)
    extent: list[np.datetime64] = field(default_factory=list)

    def numbers(self, column: str, *, low: float = -math.inf, whole: bool = False) -> npt.NDArray[np.float64]:
        """Return a column of finite numbers, at least ``low``, shape (rows,).

        Raises
        ------
        InputError
            Text in numbers, a number below ``low`` or, where ``whole`` is asked for, one with a fraction; commas or
            points that can be read in two ways.
        """
        wanted = ("a whole number" if whole else "a number") + (f", {low:g} or more" if low > -math.inf else "")
        number, style, unclear = number_reader(self.columns[column], **self._numerals(column))
        self.refuse(column, unclear)
        if style:
            self.notes.append(f"{style} in {self.spelled[column]}")

        def read(text: str) -> float:
            value = number(text)
            if not math.isfinite(value) or value < low or (whole and value % 1):
                raise ValueError
            return value

        return np.array(self.read(column, read, wanted))

    def has_fractions(self, column: str) -> bool:
        """Say whether some of a column can only be read as numbers that are not whole."""
        number, _, unclear = number_reader(self.columns[column], **self._numerals(column))
        return not unclear and any(is_broken(number, text) for text in self.columns[column])

    def durations(self, column: str, wanted: str) -> npt.NDArray[np.int64]:
        """Return a column of lengths of time with their units, ticks, shape (rows,); commas are as in numbers."""
        read, style, unclear = duration_reader(self.columns[column], **self._numerals(column))
        self.refuse(column, unclear)
        if style:
            self.notes.append(f"{style} in {self.spelled[column]}")
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

    def called(self, keys: Mapping[str, str]) -> CsvFile:
        """Return the file with its columns under the keys of the config that name them: name → key."""
        there = {name: key for name, key in keys.items() if name in self.columns}
        columns = {key: self.columns[name] for name, key in there.items()}
        return replace(self, columns=columns, spelled={key: self.spelled[name] for name, key in there.items()})

    def only(self, rows: Sequence[int]) -> CsvFile:
        """Return the part of the file with these rows."""
        columns = {name: [texts[row] for row in rows] for name, texts in self.columns.items()}
        return replace(self, columns=columns, lines=[self.lines[row] for row in rows])

    def joined(self, date: str, time: str) -> CsvFile:
        """Return the file with the dates of a column before the clock times of another."""
        texts = [f"{day} {clock}" for day, clock in zip(self.columns[date], self.columns[time], strict=True)]
        return replace(self, columns={**self.columns, time: texts})

    def having(self, words: Mapping[str, Collection[str]], *, missing: str = "") -> CsvFile:
        """Return the part of the file that has one of some words in each of some columns; tell which words there are.

        Raises
        ------
        InputError
            When it has no row; ``missing`` says what to do then.
        """
        keep = np.ones(len(self.lines), dtype=bool)
        for column, wanted in words.items():
            found = np.array([text.strip() for text in self.columns[column]])
            keep &= np.isin(found, list(wanted))
            there = ", ".join(f"{word or 'nothing'} ({count:,})" for word, count in _most(found))
            self.notes.append(f"of {self.spelled[column]} only {' or '.join(wanted)}; there are {there}")
            if not keep.any():
                message = f"no row with {' or '.join(map(shown, wanted))}; there are {there}"
                message += f"; {missing}" if missing else ""
                raise InputError(Fault(message, self.spelled[column], self.path))
        return self.only(np.flatnonzero(keep).tolist())

    def read(
        self, column: str, read: Callable[[str], T], wanted: str, *, why: Callable[[str], str | None] | None = None
    ) -> list[T]:
        """Return what each text of a column means; refuse those for which ``read`` raises `ValueError`.

        What is ``wanted`` is written then, or ``why`` the text is none of it, as far as that can be said.
        """
        values: list[T] = []
        wrong: list[tuple[int, str]] = []
        for row, text in enumerate(self.columns[column]):
            try:
                values.append(read(text))
            except ValueError:
                said = (why and why(text)) or f"write {wanted}"
                wrong.append((row, f"{said} (got {shown(text)})"))
        self.refuse(column, wrong)
        return values

    def _format(self, pattern: str) -> str:
        """Return how the config is told of the way in which instants are written."""
        return self.named.saying({"format": shown(pattern)})

    def _numerals(self, column: str) -> _Numerals:
        table = self.named.table
        say = (lambda sign: self.named.saying({"decimal": shown(sign)})) if table else None
        return _Numerals(column=self.spelled[column], file=self.rows.numerals, decimal=self.decimal, say=say)

    def refuse(self, column: str, wrong: Sequence[tuple[int, str]]) -> None:
        """Raise `InputError` when there are rows at fault."""
        if wrong:
            raise InputError(self.faults(column, wrong))

    def faults(self, column: str, wrong: Sequence[tuple[int, str]]) -> list[Fault]:
        """Return the faults of a column: (row from 0, what is wrong) of each, the first few written out."""
        name = self.spelled[column]
        faults = [Fault(message, name, self.path, self.lines[row]) for row, message in wrong[:SHOWN_FAULTS]]
        if len(wrong) > SHOWN_FAULTS:
            faults.append(Fault(f"and {len(wrong) - SHOWN_FAULTS} more rows like these", name, self.path))
        return faults

    def told(self, name: str, at: str) -> FileRead:
        """Return how the file was read that the config names ``name`` at ``at``."""
        return FileRead(
            at=at,
            name=name,
            separator=SEPARATORS[self.rows.separator],
            rows=len(self.rows.lines),
            columns=tuple(self.used.items()),
            unused=tuple(name for name in self.rows.header if name not in self.used),
            first=min(self.extent).astype(object) if self.extent else None,
            last=max(self.extent).astype(object) if self.extent else None,
            notes=tuple(dict.fromkeys([*["a byte-order mark"] * self.rows.marked, *self.notes])),
        )

    def _both_clocks(self, column: str, clock: Clock) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return milliseconds since 1970 by the file's clock (UTC if it has a zone) and by the desk's."""
        texts = self.columns[column]
        read, style, unclear = instant_reader(texts, clock.format, self._format)
        self.refuse(column, unclear)
        why = None if clock.format else partial(no_instant, way=usual_way(texts))
        instants = self.read(column, read, clock.wanted, why=why)
        if style:
            self.notes.append(f"{self.spelled[column]} read as {style}")
        if not clock.zone and not any(instant.tzinfo for instant in instants):
            here = np.array([(instant - _EPOCH) // _MILLISECOND for instant in instants], dtype=np.int64)
            return here, here
        self.notes.append(f"{self.spelled[column]} moved to the clock of {clock.desk}")
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


def _most(found: npt.NDArray[np.str_]) -> list[tuple[str, int]]:
    """Return the words of a column with their numbers, the most frequent first."""
    words, counts = np.unique(found, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:SHOWN_FAULTS]
    rest = int(counts.sum() - counts[order].sum())
    return [(str(words[k]), int(counts[k])) for k in order] + ([("others", rest)] if rest else [])
