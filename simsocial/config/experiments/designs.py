"""Designs: which levels of the factors meet in a point (R115)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from simsocial.config.experiments import document as written
from simsocial.config.experiments.experiment import Factor
from simsocial.config.experiments.levels import listed, spread, steps
from simsocial.draw.designs import unit_cube

Places = npt.NDArray[np.int32]


def grid(factors: Mapping[str, written.Factor]) -> tuple[tuple[Factor, ...], Places]:
    """Return the factors with their levels, and every combination of these; the last factor varies fastest."""
    made = tuple(_levels(name, factor) for name, factor in factors.items())
    return made, combinations([len(factor.levels) for factor in made])


def combinations(sizes: Sequence[int]) -> Places:
    """Return all combinations of so many levels, shape (points, factors), the last varying fastest."""
    points = int(np.prod(sizes, dtype=np.int64))
    return np.stack(np.unravel_index(np.arange(points), sizes), axis=1).astype(np.int32)


def drawn(
    factors: Mapping[str, written.Factor], *, kind: str, points: int, seed: int
) -> tuple[tuple[Factor, ...], Places]:
    """Return the factors and their levels at points spread over all of them (R115).

    Parameters
    ----------
    factors
        As written; a range without steps has a level of its own in nearly every point.
    kind, points, seed
        ``latin_hypercube`` or ``sobol``; how many; by what they are drawn.
    """
    within = unit_cube(kind, points=points, dimensions=len(factors), seed=seed)
    made, places = [], []
    for column, (name, factor) in enumerate(factors.items()):
        found, place = _spread(name, factor, within[:, column])
        made.append(found)
        places.append(place)
    return tuple(made), np.stack(places, axis=1)


def _levels(name: str, factor: written.Factor) -> Factor:
    return steps(name, factor) if factor.ranges else listed(name, factor)


def _spread(name: str, factor: written.Factor, within: npt.NDArray[np.float64]) -> tuple[Factor, Places]:
    if factor.ranges and factor.steps is None:
        return spread(name, factor, within)
    found = _levels(name, factor)
    return found, (within * len(found.levels)).astype(np.int32)
