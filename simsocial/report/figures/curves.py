"""A measure over one factor of a sweep, with its interval as a band, a line for each value of another (R127)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsocial.errors import InputError
from simsocial.report.figures.style import DASHES, INK, MARKERS, PALETTE, finish
from simsocial.report.figures.sweep_axes import brief, drawn_limit, factor_axis, level_text, positions, scaled, settled
from simsocial.study.sweep.meant import Level
from simsocial.study.sweep.reading import SweepTables

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_LINES = len(PALETTE)


def curves(
    axes: Axes,
    sweep: SweepTables,
    *,
    measure: str,
    x: str,
    lines: str | None = None,
    limit: float | None = None,
) -> Axes:
    """Draw a measure over a factor.

    Parameters
    ----------
    axes
        To draw into.
    sweep
        Points that differ in ``x`` and ``lines`` only.
    measure
        Name of the measure.
    x
        Factor of the axis, in full or by an end of its name.
    lines
        Factor with a line for each of its values, at most 7.
    limit
        To draw as a line; in the measure's unit, shares as 0 to 1.

    Raises
    ------
    InputError
        When there is no such factor or measure, another factor varies, or there would be too many lines.
    """
    x, lines = sweep.factor(x), None if lines is None else sweep.factor(lines)
    settled(sweep, x, *(() if lines is None else (lines,)))
    shown: list[Level | None] = [None] if lines is None else [*sweep.levels(lines)]
    if len(shown) > MOST_LINES:
        raise InputError(f"{lines}: has {len(shown)} values; at most {MOST_LINES} lines can be told apart")
    levels = sweep.levels(x)
    for number, level in enumerate(shown):
        name = "estimate" if lines is None else f"{brief([*sweep.settings])[lines]} {level_text(level or 0)}"
        part = sweep if lines is None else sweep.at([k for k, at in enumerate(sweep.settings[lines]) if at == level])
        _line(axes, part, measure=measure, x=x, levels=levels, number=number, name=name)
    told = sweep.told(measure)
    if limit is not None:
        drawn = drawn_limit(told, limit)
        axes.axhline(drawn, color=INK, linestyle=":", linewidth=1, label=f"limit {drawn:g} {told.unit or '%'}")
    factor_axis(axes, brief([*sweep.settings])[x], levels)
    return finish(axes, title=told.name, ylabel=told.unit or "%")


def _line(axes: Axes, sweep: SweepTables, *, measure: str, x: str, levels: list[Level], number: int, name: str) -> None:
    at = np.array([positions(levels)[levels.index(level)] for level in sweep.settings[x]])
    order = np.argsort(at, kind="stable")
    value, low, high = (each[order] for each in scaled(sweep.told(measure)))
    colour = PALETTE[number % len(PALETTE)]
    axes.fill_between(at[order], low, high, color=colour, alpha=0.2, linewidth=0)
    axes.plot(
        at[order],
        value,
        color=colour,
        linestyle=DASHES[number % len(DASHES)],
        marker=MARKERS[number % len(MARKERS)],
        markersize=4,
        label=name,
    )
