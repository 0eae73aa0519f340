"""A tornado: what each uncertain input does to a measure from one end of its range to the other (R125)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from simsocial.errors import InputError
from simsocial.report.figures.style import BLUE, HATCHES, INK, finish

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ENDS: Final = {"low": ("white", HATCHES[1], "low end"), "high": (BLUE, HATCHES[0], "high end")}
"""Of a range: colour, hatch and name."""
NAMES: Final = ("stream", "step", "team", "measure")


def tornado(axes: Axes, table: Mapping[str, Sequence[Any]], *, measure: str) -> Axes:
    """Draw a bar for the change at each end of every input's range, with its paired interval; the largest on top.

    Parameters
    ----------
    axes
        To draw into.
    table
        Columns of ``tornado.csv``, such as a DataFrame read from it.
    measure
        Name of the measure.

    Raises
    ------
    InputError
        When the table does not have it.
    """
    rows = [dict(zip(table, row, strict=True)) for row in zip(*(table[name] for name in table), strict=True)]
    told = [row for row in rows if measure_of(row) == measure]
    if not told:
        raise InputError(f"measure: there is no {measure!r}; there are: {', '.join(measures_of(rows))}")
    inputs = list(dict.fromkeys(row["input"] for row in told))
    unit = told[0]["unit"] if isinstance(told[0]["unit"], str) else ""
    factor = 1.0 if unit else 100.0
    for row in told:
        if row["end"] in ENDS:
            _bar(axes, row, at=inputs.index(row["input"]), factor=factor, first=row["input"] == inputs[0])
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_yticks(range(len(inputs)), inputs)
    axes.set_ylim(len(inputs) - 0.4, -0.6)
    base = factor * float(told[0]["base"])
    axes.set_xlabel(f"change of {measure} from {base:.3g} {unit or '%'}, {unit or 'points'}")
    axes.margins(x=0.18)
    return finish(axes, title=f"What moves {measure}", ylabel="")


def measure_of(row: Mapping[str, Any]) -> str:
    """Return the dotted name of the measure that a row is about."""
    return ".".join(row[name] for name in NAMES if isinstance(row[name], str) and row[name])  # empty is NaN in pandas


def measures_of(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the names of the measures that rows are about."""
    return list(dict.fromkeys(map(measure_of, rows)))


def _bar(axes: Axes, row: Mapping[str, Any], *, at: int, factor: float, first: bool) -> None:
    colour, hatch, name = ENDS[row["end"]]
    change, low, high = (factor * float(row[each]) for each in ("difference", "low", "high"))
    if not np.isfinite(change):
        return
    limits = np.nan_to_num([[change - low], [high - change]], nan=0, posinf=0).clip(min=0)
    up = at - 0.2 if row["end"] == "low" else at + 0.2
    axes.barh(
        up, change, height=0.36, color=colour, hatch=hatch, edgecolor=INK, linewidth=0.8, label=name if first else None
    )
    axes.errorbar(change, up, xerr=limits, color=INK, capsize=2, linewidth=0.8)
    right = change > 0 or (change == 0 and row["end"] == "high")
    place = (change + limits[1][0], 3) if right else (change - limits[0][0], -3)
    axes.annotate(
        str(row["at"]),
        (place[0], up),
        xytext=(place[1], 0),
        textcoords="offset points",
        ha="left" if right else "right",
        va="center",
        fontsize=7.5,
    )
