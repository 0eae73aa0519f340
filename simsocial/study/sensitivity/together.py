"""All inputs varied together: Sobol indices of what is measured at points all over their ranges (R126)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from simsocial.config.ranges import RangedInput
from simsocial.errors import Fault, InputError
from simsocial.measure.measures import summarise
from simsocial.measure.rows import Row
from simsocial.measure.sobol import Indices, sobol
from simsocial.simulation.points import PointResults
from simsocial.study.sensitivity.varied import Varied

Floats = npt.NDArray[np.float64]


def indices_of(
    varied: Varied,
    inputs: Sequence[RangedInput],
    rows: Sequence[Row],
    *,
    points: int,
    base: PointResults,
    finished: Callable[[int], None],
) -> dict[Row, tuple[Indices, ...]]:
    """Return the Sobol indices of each measure, those of every input in their order.

    Parameters
    ----------
    varied
        What is run: every point has the same replications, else their noise would make inputs look important.
    inputs
        Independent, and uniform over their ranges.
    rows
        The measures.
    points
        A power of two.
    base
        The config as it is, for its seed and confidence.
    finished
        Called with replications as they are simulated.

    Raises
    ------
    InputError
        When a measure is not a finite number at some point, or the config does not hold there.
    """

    def measured(shares: Floats) -> Floats:
        changes = [_changes(inputs, point) for point in shares.T]
        ran = zip(varied.run(changes, finished), changes, strict=True)
        return np.array([_values(results, rows, at=point) for results, point in ran]).T

    confidence = base.scenario.run.confidence
    found = sobol(measured, inputs=len(inputs), points=points, seed=base.seed, confidence=confidence)
    return dict(zip(rows, found, strict=True))


def _changes(inputs: Sequence[RangedInput], shares: Floats) -> dict[str, Any]:
    return {each.path: each.at(float(share)) for each, share in zip(inputs, shares, strict=True)}


def _values(results: PointResults, rows: Sequence[Row], *, at: dict[str, Any]) -> list[float]:
    """Return the value of each measure."""
    places = [results.rows.index(row) for row in rows]
    above, below = results.numerators[:, places], results.denominators[:, places]
    values = [each.value for each in summarise(rows, above, below)]
    endless = [row.name for row, value in zip(rows, values, strict=True) if not np.isfinite(value)]
    if endless:
        point = ", ".join(f"{path} = {value}" for path, value in at.items())
        fault = f"no number with {point}; indices need one at every point: take another, such as a share of late days"
        raise InputError([Fault(fault, path=name) for name in endless])
    return values
