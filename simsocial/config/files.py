"""What configs say of the files that they name: how instants are written in them, and which column is which (R71)."""

from __future__ import annotations

from typing import Annotated, Literal

from simsocial.config.scalar import Choice
from simsocial.config.tables import ByKind, Several, Table
from simsocial.config.values import Format, Text, Zone

Decimal = Annotated[Literal[",", "."], Choice()]
"""The sign before decimals."""


class FileOfInstants(Table):
    """How instants are written: their ``format``, and the time ``zone`` of those that name none."""

    format: Format | None = None
    zone: Zone | None = None


Rows = dict[Text, Annotated[Text | Several[Text], ByKind()]]
"""Which rows of a file are meant: those with one of some words in each of some columns (R71)."""


class TimeOfDay(Table):
    """A column to be added to the date: clock times, or so many of a ``unit``."""

    column: Text
    unit: Annotated[Literal["ms", "s", "min", "h"], Choice()] | None = None


class HolidaysFile(Table):
    """``[calendars.X.holidays]``: a file with a date per row."""

    file: Text
    date: Text = "date"
    name: Text = "name"
    format: Format | None = None
