"""How a file that a config names was read, for people who want to know what was taken as what (R72)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class FileRead:
    """What was read in a file.

    Parameters
    ----------
    at
        Dotted path of the config that names it.
    name
        The file's, as written there.
    separator
        What separates its columns, in words.
    rows
        How many it has, without the header.
    columns
        (name in the file, what it was read as) of the columns that were used.
    unused
        Names of the others.
    first, last
        The earliest and the latest instant or date that was used; ``None`` for a file without any.
    notes
        What else was found: gaps, duplicates, decimal commas, rows left out; each a clause.
    """

    at: str
    name: str
    separator: str
    rows: int
    columns: tuple[tuple[str, str], ...]
    unused: tuple[str, ...]
    first: dt.datetime | None
    last: dt.datetime | None
    notes: tuple[str, ...]
