"""Designs that are lists: points that are written one by one, in the file or in a CSV (R115)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from simsocial.config.csv_rows import read_rows
from simsocial.config.experiments import document as written
from simsocial.config.experiments.experiment import Factor, Level
from simsocial.config.experiments.levels import listed, of_values
from simsocial.config.overrides import read_value
from simsocial.config.reading import read_text_file
from simsocial.config.resolve.spot import Spot
from simsocial.config.scalar import shown
from simsocial.config.suggestions import did_you_mean
from simsocial.errors import Fault, InputError

Places = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Row:
    """One point as it is written: factor → value; and its place, as a fault that says nothing yet."""

    values: Mapping[str, Any]
    place: Fault

    def fault(self, message: str) -> Fault:
        """Return what is wrong with the point."""
        return replace(self.place, message=message)


def read_list(document: written.ExperimentDocument, *, folder: Path, spot: Spot) -> list[Row]:
    """Return the points that are written; note a list that is empty, and points that say not the same things.

    Parameters
    ----------
    document, folder, spot
        The experiment, its folder, and the place of the document.
    """
    if document.design.file is not None and document.points:
        (spot / "points").fault("the points are in the file of the design; leave one of them out")
    if document.design.file is not None:
        rows = _from_file(document.design.file, folder, spot)
    else:
        places = [(spot / "points" / place).path for place in range(len(document.points))]
        rows = [Row(each, spot.where.fault(at, "")) for each, at in zip(document.points, places, strict=True)]
    if not rows and document.design.file is None:
        (spot / "points").fault('there is no point; write [[points]] tables such as { "teams.desk.headcount" = 3 }')
    names = list(dict.fromkeys(name for row in rows for name in row.values))
    for row in rows:
        if missing := [name for name in names if name not in row.values]:
            spot.note(
                [row.fault(f"says nothing of {', '.join(missing)}, as other points do; write it for all of them")]
            )
    return rows


def _from_file(name: str, folder: Path, spot: Spot) -> list[Row]:
    """Return the rows of a CSV file; a field is TOML, or else plain text."""
    path, here = folder / name, spot / "design" / "file"
    try:
        read_text_file(path, save="save it as CSV UTF-8")
        rows = read_rows(path, wanted={}, where=spot.where, at=here.path)
    except InputError as error:
        spot.pass_on(error)
        return []
    if not rows.lines:
        here.fault(f"{name} has no rows; write one for each point, under a header line of factors")
    return [
        Row(
            {factor: read_value(text.strip()) for factor, text in zip(rows.header, texts, strict=True)},
            Fault("", file=rows.path, line=line),
        )
        for line, texts in zip(rows.lines, zip(*rows.columns, strict=True), strict=True)
    ]


def as_listed(
    factors: Mapping[str, written.Factor], rows: Sequence[Row], *, spot: Spot
) -> tuple[tuple[Factor, ...], Places]:
    """Return the factors of listed points with their levels, and which of them each point has.

    Parameters
    ----------
    factors
        Those of which the points name a label or setting.
    rows, spot
        The points; the place of the document.
    """
    names = list(dict.fromkeys(name for row in rows for name in row.values))
    for name in factors:
        if name not in names:
            (spot / "factors" / name).fault("no point names it; leave it out, or write which it is in every point")
    made = [_column(name, factors.get(name), rows, spot) for name in names]
    places = np.stack([place for _, place in made], axis=1) if made else np.zeros((len(rows), 0), np.int32)
    return tuple(factor for factor, _ in made), places


def _column(name: str, factor: written.Factor | None, rows: Sequence[Row], spot: Spot) -> tuple[Factor, Places]:
    """Return one factor, and the place of its level in each row; a row that is at fault has the first."""
    values = [row.values.get(name) for row in rows]
    if factor is None:
        distinct = {repr(value): value for value in values}
        order = {key: place for place, key in enumerate(distinct)}
        levels = of_values(list(distinct.values()), (name,))
        return Factor(name, levels), np.array([order[repr(value)] for value in values], np.int32)
    if factor.ranges:
        (spot / "factors" / name).fault("a list has no ranges; write values with labels, or leave it out")
        return Factor(name, (Level("", {}),)), np.zeros(len(rows), np.int32)
    found = listed(name, factor)
    known = {level.value: place for place, level in enumerate(found.levels)}
    for row, value in zip(rows, values, strict=True):
        if not isinstance(value, str | int | float) or value not in known:
            text = str(value) if isinstance(value, str) else shown(value)
            spot.note([row.fault(f"{name} has no '{text}'; {did_you_mean(text, map(str, known))}")])
    return found, np.array([known.get(_plain(value), 0) for value in values], np.int32)


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | dt.date) else None
