"""Which column of a CSV file is meant: by its name, whatever its case, or else what the config could say (R72)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from simsocial.config.csv_advice import Named
from simsocial.config.csv_dates import looks_like_date
from simsocial.config.csv_files import CsvFile
from simsocial.config.csv_numbers import Sign, looks_like_number
from simsocial.config.csv_rows import Rows, alike, read_rows
from simsocial.config.locating import Locator
from simsocial.config.scalar import shown
from simsocial.config.suggestions import nearest
from simsocial.errors import Fault, InputError

INSTANTS: Final = ("time", "date", "start", "end", "since")
NUMBERS: Final = ("value", "lower", "upper", "headcount", "count", "column")
"""Keys of tables that name columns of instants, and of numbers."""


def read_csv(
    path: Path,
    *,
    columns: Mapping[str, str | None],
    where: Locator,
    at: str,
    name: str = "",
    optional: Mapping[str, str] | None = None,
    decimal: Sign | None = None,
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
    where, at, name
        The config, the dotted path in it that names the file, and what is written there.
    optional
        The same of columns that may be missing.
    decimal
        The sign before decimals, if the config says it.
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
    rows, named = files[path], Named(where, at, name)
    keys = {**columns, **(optional or {})}
    places = {wanted: _places(wanted, rows.header) for wanted in keys}
    _check(rows, columns, places, named)
    found = {wanted: place[0] for wanted, place in places.items() if place}
    return CsvFile(
        path=rows.path,
        sha256=rows.sha256,
        columns={wanted: rows.columns[place] for wanted, place in found.items()},
        lines=rows.lines,
        rows=rows,
        named=named,
        spelled={wanted: rows.header[place] for wanted, place in found.items()},
        used={rows.header[place]: keys[wanted] or wanted for wanted, place in found.items()},
        decimal=decimal,
    )


def _places(wanted: str, header: Sequence[str]) -> list[int]:
    """Return where a name stands in the header: as it is, or else in another case."""
    exactly = [place for place, name in enumerate(header) if name == wanted.strip()]
    return exactly or [place for place, name in enumerate(header) if alike(name) == alike(wanted)]


def _check(rows: Rows, columns: Mapping[str, str | None], places: Mapping[str, Sequence[int]], named: Named) -> None:
    """Refuse a header in which a wanted column is missing, one that is read comes twice, and a file without rows."""
    missing = {name: key for name, key in columns.items() if not places[name]}
    faults = [_fault(rows, _missing(missing, rows, places.values(), named))] if missing else []
    faults += [_fault(rows, f"two columns are named '{name}'") for name, place in places.items() if len(place) > 1]
    if not faults and not rows.lines:
        faults = [_fault(rows, "has a header line, but no rows")]
    if faults:
        raise InputError(faults)


def _fault(rows: Rows, message: str) -> Fault:
    return Fault(message, file=rows.path, line=rows.first_line)


def _missing(missing: Mapping[str, str | None], rows: Rows, taken: Iterable[Sequence[int]], named: Named) -> str:
    """Return which columns are missing, which there are, and what to write for one of them to be taken."""
    names = ", ".join(f"'{name}'" for name in missing)
    there = f"no column{'' if len(missing) == 1 else 's'} {names}; there are: {', '.join(rows.header)}"
    says = {key: name for name, key in missing.items() if key and key not in ("rows", "time_of_day")}
    if not named.table or None in missing.values():
        return f"{there}; name one so, or another file in {named.at}"
    if len(says) < len(missing):
        return f"{there}; name one of them in {named.table}.{next(key for key in missing.values() if key not in says)}"
    used = {place for places in taken for place in places}
    offers = _offers(says, rows, [place for place in range(len(rows.header)) if place not in used])
    which = ", or whichever it is" if "…" not in offers.values() else ", with the column that it is in the place of …"
    return f"{there}; write {named.saying({key: shown(name) for key, name in offers.items()})}{which}"


def _offers(says: Mapping[str, str], rows: Rows, free: Sequence[int]) -> dict[str, str]:
    """Return the columns that were probably meant: with a name like it, or alone in holding such things; else …"""
    header = {rows.header[place]: place for place in free}
    near = {key: found for key, name in says.items() if (found := nearest(name, header))}
    left = {name: place for name, place in header.items() if name not in near.values() and rows.columns[place]}
    for kind, fits in ((INSTANTS, looks_like_date), (NUMBERS, looks_like_number)):
        lacking = [key for key in says if key in kind and key not in near]
        fitting = [name for name, place in left.items() if fits(rows.columns[place][0])]
        near |= {lacking[0]: fitting[0]} if len(lacking) == len(fitting) == 1 else {}
    return {key: near.get(key, "…") for key in says}
