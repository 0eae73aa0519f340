"""A measure over two factors of a sweep: a number in every cell, and a line where a limit is passed (R127)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from simsocial.errors import InputError
from simsocial.report.figures.style import INK
from simsocial.report.figures.sweep_axes import Floats, brief, cell_text, drawn_limit, level_text, scaled, settled
from simsocial.study.sweep.reading import SweepTables

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS: Final = "YlGnBu"
"""From light to dark, so that more is darker in grey too."""
MOST_LEVELS: Final = 60
"""Of a factor; more are no grid."""
MOST_NUMBERS: Final = (16, 24)
"""Columns and rows of which every cell has room for its number."""


def heatmap(
    axes: Axes,
    sweep: SweepTables,
    *,
    measure: str,
    x: str,
    y: str,
    limit: float | None = None,
    scale: tuple[float, float] | None = None,
) -> Axes:
    """Draw a measure over two factors.

    Parameters
    ----------
    axes
        To draw into.
    sweep
        Points that differ in these two factors only.
    measure
        Name of the measure.
    x, y
        Factors, in full or by an end of their name.
    limit
        In the measure's unit, shares as 0 to 1: a line parts the cells above it from the others; where there are too
        many cells for numbers, those above are hatched.
    scale
        Least and greatest value of the colours, in per cent for shares; default: those drawn.

    Raises
    ------
    InputError
        When there is no such factor or measure, another factor varies, or the factors make no grid.
    """
    x, y = sweep.factor(x), sweep.factor(y)
    settled(sweep, x, y)
    told = sweep.told(measure)
    columns, rows = sweep.levels(x), sweep.levels(y)
    _refuse_no_grid(sweep, x, y)
    cells = np.full((len(rows), len(columns)), np.nan)
    there = np.zeros(cells.shape, dtype=bool)
    places = [(rows.index(b), columns.index(a)) for a, b in zip(sweep.settings[x], sweep.settings[y], strict=True)]
    for place, value in zip(places, scaled(told)[0], strict=True):
        cells[place], there[place] = value, True
    _colour(axes, cells, scale=scale, unit=told.unit or "%")
    numbered = len(columns) <= MOST_NUMBERS[0] and len(rows) <= MOST_NUMBERS[1]
    if numbered:
        _number(axes, cells, there)
    if limit is not None:
        above = np.nan_to_num(cells, nan=-np.inf, posinf=np.inf) > drawn_limit(told, limit)
        _part(axes, above, hatched=not numbered)
    short = brief([*sweep.settings])
    _label(axes, (short[x], columns), (short[y], rows))
    axes.set_title(
        _title(told.name, drawn=None if limit is None else (drawn_limit(told, limit), told.unit)), loc="left"
    )
    return axes


def _refuse_no_grid(sweep: SweepTables, *factors: str) -> None:
    for factor in factors:
        if (many := len(sweep.levels(factor))) > MOST_LEVELS:
            raise InputError(f"{factor}: has {many} values, which is no grid; at most {MOST_LEVELS} make a heatmap")


def _title(name: str, *, drawn: tuple[float, str] | None) -> str:
    if drawn is None:
        return name
    limit, unit = drawn
    return f"{name}; the line parts what is above {limit:g} {unit or '%'} from the rest"


def _colour(axes: Axes, cells: Floats, *, scale: tuple[float, float] | None, unit: str) -> None:
    finite = cells[np.isfinite(cells)]
    least, most = scale or ((finite.min(), finite.max()) if len(finite) else (0.0, 1.0))
    drawn: Any = axes.pcolormesh(
        np.ma.masked_invalid(cells),
        cmap=COLOURS,
        vmin=least,
        vmax=max(most, least + 1e-9),
        edgecolors="white",
        linewidth=0.5,
    )
    figure: Any = axes.figure
    figure.colorbar(drawn, ax=axes, label=unit, pad=0.02)


def _number(axes: Axes, cells: Floats, there: Any) -> None:
    """Write every value into its cell, light on dark and dark on light."""
    mesh: Any = axes.collections[0]
    for (row, column), value in np.ndenumerate(cells):
        if there[row, column]:
            dark = np.isfinite(value) and np.dot(mesh.cmap(mesh.norm(value))[:3], (0.299, 0.587, 0.114)) < 0.5
            colour = "white" if dark else INK
            axes.text(column + 0.5, row + 0.5, cell_text(value), ha="center", va="center", color=colour, fontsize=7.5)


def _part(axes: Axes, above: Any, *, hatched: bool) -> None:
    """Draw a line along every edge between a cell above the limit and one that is not."""
    rows, columns = above.shape
    ends = [
        ((c + 1, c + 1), (r, r + 1)) for r in range(rows) for c in range(columns - 1) if above[r, c] != above[r, c + 1]
    ]
    ends += [
        ((c, c + 1), (r + 1, r + 1)) for r in range(rows - 1) for c in range(columns) if above[r, c] != above[r + 1, c]
    ]
    for across, up in ends:
        axes.plot(across, up, color=INK, linewidth=2.5, solid_capstyle="round")
    for row, first, last in _runs(above) if hatched else ():
        axes.add_patch(_rectangle((first, row), last - first, hatch="////"))


def _rectangle(corner: tuple[int, int], width: int, *, hatch: str) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle(corner, width, 1, fill=False, hatch=hatch, linewidth=0, edgecolor=INK)


def _runs(above: Any) -> Iterator[tuple[int, int, int]]:
    """Yield row, first column and the column behind the last of every stretch of cells above."""
    for row, cells in enumerate(above):
        turns = np.flatnonzero(np.diff(np.concatenate([[False], cells, [False]]).astype(np.int8)))
        yield from ((row, int(first), int(last)) for first, last in turns.reshape(-1, 2))


def _label(axes: Axes, *factors: tuple[str, list[Any]]) -> None:
    for (factor, levels), axis, name in zip(factors, (axes.xaxis, axes.yaxis), ("x", "y"), strict=True):
        every = -(-len(levels) // (16 if name == "x" else 24))
        shown = range(0, len(levels), every)
        axis.set_ticks([place + 0.5 for place in shown], [level_text(levels[place]) for place in shown])
        axis.set_label_text(factor)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
