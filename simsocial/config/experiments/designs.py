"""Designs: which levels of the factors meet in a point (R115)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from simsocial.config.experiments import document as written
from simsocial.config.experiments.constraints import holds
from simsocial.config.experiments.experiment import Design, Factor
from simsocial.config.experiments.levels import listed, spread, steps
from simsocial.config.experiments.lists import as_listed, read_list
from simsocial.config.experiments.quantities import TEXT, Quantities, quantities, texts
from simsocial.config.resolve.spot import Spot
from simsocial.draw.designs import unit_cube

Places = npt.NDArray[np.int32]

MOST_POINTS: Final = 10_000_000
NO_FACTOR: Final = (
    'there is no factor; write at least one, such as "teams.desk.headcount" = [3, 4, 5], or kind = "list" with points'
)


def lay_out(
    document: written.ExperimentDocument, *, folder: Path, seed: int, spot: Spot
) -> tuple[tuple[Factor, ...], Design]:
    """Return the factors and the design of an experiment; note what is wrong with them.

    Parameters
    ----------
    document, folder
        As written; where its files are.
    seed
        By which designs are drawn.
    spot
        The place of the document.
    """
    kind = document.design.kind
    if kind == "list":
        rows = read_list(document, folder=folder, spot=spot)
        factors, places = as_listed(document.factors, rows, spot=spot)
    else:
        factors, places = _of_factors(document, seed=seed, spot=spot)
    distinct = _distinct(places)
    if kind == "list" and len(distinct) < len(places):
        for number in sorted({*range(len(places))} - {*distinct.tolist()}):
            spot.note([rows[number].fault("is the same as a point before; write each point once")])
    kept = distinct[_allowed(document.constraints, factors, places[distinct], spot)]
    return factors, Design(kind, places[kept], len(distinct) - len(kept), len(places) - len(distinct))


def _of_factors(document: written.ExperimentDocument, *, seed: int, spot: Spot) -> tuple[tuple[Factor, ...], Places]:
    """Return the factors of a grid or a drawn design, and the level of each in each point; no point when at fault."""
    factors, nothing = document.factors, np.zeros((0, len(document.factors)), np.int32)
    if document.points:
        (spot / "points").fault('goes with kind = "list" in [design]; write that, or leave the points out')
    if not factors:
        (spot / "factors").fault(NO_FACTOR)
        return (), nothing
    if document.design.points is not None:
        made, places = drawn(factors, kind=document.design.kind, points=document.design.points, seed=seed)
        _refuse_equal_steps(factors, made, spot)
        return made, places
    uneven = [name for name, factor in factors.items() if factor.ranges and not (factor.steps or factor.whole)]
    for name in uneven:
        (spot / "factors" / name).fault("a grid needs steps; write how many values from low to high, such as steps = 5")
    made = tuple(_levels(name, factor) for name, factor in factors.items())
    _refuse_equal_steps(factors, made, spot)
    sizes = [len(factor.levels) for factor in made]
    if math.prod(sizes) > MOST_POINTS:
        told = f"{' × '.join(map(str, sizes))} points are more than {MOST_POINTS:,}; write fewer values"
        (spot / "factors").fault(f'{told}, or draw some of them, such as kind = "sobol" with points = 1024')
        return made, nothing
    return made, combinations(sizes)


def _refuse_equal_steps(factors: Mapping[str, written.Factor], made: Sequence[Factor], spot: Spot) -> None:
    """Note ranges of which several steps are the same value, as whole numbers may be."""
    for factor in made:
        asked, found = factors[factor.name].steps, len(factor.levels)
        if asked and found < asked:
            told = f"only {found} different values are between low and high; write {found} or fewer (got {asked})"
            (spot / "factors" / factor.name / "steps").fault(told)


def combinations(sizes: Sequence[int]) -> Places:
    """Return all combinations of so many levels, shape (points, factors), the last varying fastest."""
    points = math.prod(sizes)
    return np.stack(np.unravel_index(np.arange(points), sizes), axis=1).astype(np.int32)


def drawn(
    factors: Mapping[str, written.Factor], *, kind: str, points: int, seed: int
) -> tuple[tuple[Factor, ...], Places]:
    """Return the factors and their levels at points spread over all of them.

    Parameters
    ----------
    factors
        As written; a range without steps has a level of its own in nearly every point.
    kind, points, seed
        ``latin_hypercube`` or ``sobol``; how many; by what they are drawn.
    """
    within = unit_cube(kind, points=points, dimensions=len(factors), seed=seed)
    made = [_spread(name, factor, within[:, column]) for column, (name, factor) in enumerate(factors.items())]
    return tuple(factor for factor, _ in made), np.stack([place for _, place in made], axis=1)


def _levels(name: str, factor: written.Factor) -> Factor:
    return steps(name, factor) if factor.ranges else listed(name, factor)


def _spread(name: str, factor: written.Factor, within: npt.NDArray[np.float64]) -> tuple[Factor, Places]:
    if factor.ranges and factor.steps is None:
        return spread(name, factor, within)
    found = _levels(name, factor)
    return found, (within * len(found.levels)).astype(np.int32)


def _distinct(places: Places) -> npt.NDArray[np.int64]:
    """Return the numbers of points that are like none before them."""
    if not places.size:
        return np.arange(len(places))
    return np.sort(np.unique(places, axis=0, return_index=True)[1])


# ---- constraints ----------------------------------------------------------------------------------------------------


def _allowed(
    constraints: Sequence[str], factors: Sequence[Factor], places: Places, spot: Spot
) -> npt.NDArray[np.bool_]:
    """Return which points all constraints allow; note those that are at fault, or that together leave none."""
    allowed = np.ones(len(places), dtype=bool)
    if not len(places):
        return allowed
    values = {name: _at(each, places[:, column]) for column, factor in enumerate(factors)
              for name, each in _compared(factor).items()}  # fmt: skip
    for number, constraint in enumerate(constraints):
        try:
            allowed &= holds(constraint, values)
        except ValueError as error:
            (spot / "constraints" / number).fault(str(error))
            return allowed
    if not allowed.any():
        (spot / "constraints").fault(f"no point is left of {len(places):,}; write constraints that some points keep")
    return allowed


def _at(each: Quantities, places: npt.NDArray[np.int32]) -> Quantities:
    return Quantities(each.kind, each.values[places])


def _compared(factor: Factor) -> dict[str, Quantities]:
    """Return what a constraint may name: a factor, by its labels where it has no quantities, and its paths."""
    levels = factor.levels
    found = {path: quantities([level.changes.get(path) for level in levels]) for path in levels[0].changes}
    as_it_is = factor.unit or all(level.value == next(iter(level.changes.values())) for level in levels)
    own = found.get(factor.name) or (next(iter(found.values())) if as_it_is else None)
    if own is None or own.kind == TEXT:
        own = texts([str(level.value) for level in levels])
    return {**found, factor.name: own}
