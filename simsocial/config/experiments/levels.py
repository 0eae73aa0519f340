"""The levels of factors: what is written, or the steps of a range (R115)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simsocial.config.experiments import document as written
from simsocial.config.experiments.experiment import Cell, Factor, Level

LONGEST: Final = 40
"""Characters of a list or table that stand in a table of points; longer ones are numbered."""
DIGITS: Final = 6
"""Significant digits of a number within a range."""

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int32]


def listed(name: str, factor: written.Factor) -> Factor:
    """Return a factor whose values or settings are written."""
    if factor.settings is not None:
        return Factor(name, tuple(Level(label, changes) for label, changes in factor.settings.items()))
    assert factor.values is not None
    return Factor(name, of_values(factor.values, factor.paths or (name,), labels=factor.labels))


def of_values(values: Sequence[Any], paths: Sequence[str], *, labels: Sequence[str] | None = None) -> tuple[Level, ...]:
    """Return a level for each value, which every path takes."""
    cells: Sequence[Cell] = labels or [cell(value, number) for number, value in enumerate(values, start=1)]
    return tuple(Level(each, dict.fromkeys(paths, value)) for each, value in zip(cells, values, strict=True))


def cell(value: Any, number: int) -> Cell:
    """Return how a value without a label stands in tables: as it is; in short, or else by its number."""
    if isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST else f"value {number}"


def steps(name: str, factor: written.Factor) -> Factor:
    """Return a range as its steps, evenly from low to high; without steps all whole numbers, or low and high alone."""
    number = factor.steps or (round(factor.ends[1] - factor.ends[0]) + 1 if factor.whole else 2)
    return ranged(name, factor, _between(factor, np.linspace(0, 1, number), margin=0.0))[0]


def spread(name: str, factor: written.Factor, within: Floats) -> tuple[Factor, Places]:
    """Return a range with the levels that points have, and which of them each point has.

    Parameters
    ----------
    name, factor
        As written.
    within
        Shape (points,), in [0, 1): how far each is from low to high. All whole numbers have equal parts of it.
    """
    return ranged(name, factor, _between(factor, within, margin=0.5 if factor.whole else 0.0))


def ranged(name: str, factor: written.Factor, numbers: Floats) -> tuple[Factor, Places]:
    """Return the factor that has some numbers as its levels, and which of them each is."""
    distinct, places = np.unique(numbers, return_inverse=True)
    written = [int(each) if each.is_integer() else each for each in distinct.tolist()]
    cells: Sequence[Cell] = written if all(isinstance(each, int) for each in written) else distinct.tolist()
    paths = factor.paths or (name,)
    levels = tuple(
        Level(each, dict.fromkeys(paths, value if factor.unit is None else f"{value} {factor.unit}"))
        for each, value in zip(cells, written, strict=True)
    )
    return Factor(name, levels, factor.unit or ""), places.astype(np.int32)


def _between(factor: written.Factor, within: Floats, *, margin: float) -> Floats:
    """Return the numbers that lie so far from low to high, with a margin around both from which they are rounded."""
    low, high = factor.ends[0] - margin, factor.ends[1] + margin
    numbers = low * (high / low) ** within if factor.scale == "log" else low + (high - low) * within
    if factor.whole:
        return np.round(numbers).clip(*factor.ends)
    return np.array([float(f"{number:.{DIGITS}g}") for number in numbers.tolist()]).clip(*factor.ends)
