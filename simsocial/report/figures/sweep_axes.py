"""What figures of sweeps have in common: values in the unit of their axis, factors and their values as axes (R127)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from simsocial.errors import InputError
from simsocial.study.sweep.meant import Level
from simsocial.study.sweep.reading import SweepTables, Told
from simsocial.units import format_amount

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = npt.NDArray[np.float64]


def scaled(told: Told) -> tuple[Floats, Floats, Floats]:
    """Return value and interval as they are drawn: shares in per cent."""
    factor = 1.0 if told.unit else 100.0
    return factor * told.value, factor * told.low, factor * told.high


def label_of(told: Told) -> str:
    """Name a measure with its unit."""
    return f"{told.name}, {told.unit or '%'}"


def drawn_limit(told: Told, limit: float) -> float:
    """Return a limit as it is drawn."""
    return limit if told.unit else 100 * limit


def cell_text(value: float) -> str:
    """Write a value briefly, as it fits into a cell."""
    if math.isnan(value) or math.isinf(value):
        return "–" if math.isnan(value) else "never"
    if 0 < abs(value) < 0.01:
        return "<0.01" if value > 0 else ">−0.01"
    return format_amount(value) if abs(value) >= 10 else f"{value:.2g}"


def numeric(levels: Sequence[Level]) -> bool:
    """Say whether levels have distances."""
    return all(isinstance(level, int | float) and not isinstance(level, bool) for level in levels)


def positions(levels: Sequence[Level]) -> list[float]:
    """Return where levels stand on an axis: numbers at their place, texts one after the other."""
    return [float(level) for level in levels] if numeric(levels) else [float(place) for place in range(len(levels))]


def level_text(level: Level) -> str:
    """Write a value of a factor."""
    return f"{level:.6g}" if isinstance(level, float) else str(level)


def factor_axis(axes: Axes, factor: str, levels: Sequence[Level]) -> None:
    """Let the x axis go over the values of a factor."""
    axes.set_xlabel(factor)
    places = positions(levels)
    if not numeric(levels) or len(levels) <= 12:
        axes.set_xticks(places, [level_text(level) for level in levels])


def brief(names: Sequence[str]) -> Mapping[str, str]:
    """Return each dotted name's shortest end that no other has."""
    parts = {name: name.split(".") for name in names}
    ends = {name: [".".join(parts[name][-size:]) for size in range(1, len(parts[name]) + 1)] for name in names}
    return {
        name: next(
            (end for end in ends[name] if sum(other == end or other.endswith(f".{end}") for other in names) == 1), name
        )
        for name in names
    }


def settled(sweep: SweepTables, *drawn: str) -> None:
    """Refuse to draw when a factor varies that the figure does not show.

    Raises
    ------
    InputError
        Naming what else varies.
    """
    left = [factor for factor in sweep.varying if factor not in drawn]
    if left:
        values = ", ".join(f"{factor} has {len(sweep.levels(factor))} values" for factor in left)
        raise InputError(f"{values} at these points; choose one with where(factor, value), or draw it too")
