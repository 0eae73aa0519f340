"""Laws of the document as laws of the model (R21)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simsocial.config.files import Decimal
from simsocial.config.laws import AnyLaw, ReadColumn
from simsocial.config.resolve.spot import Spot
from simsocial.config.resolve.world import World
from simsocial.errors import InputError
from simsocial.model.laws import Deterministic, Law, WithZero
from simsocial.units import MINUTE


def resolve_law(law: AnyLaw, *, world: World, spot: Spot) -> Law:
    """Return the law of an amount of work or a delay, which is never zero."""
    if law.zero_share is not None:
        (spot / "zero_share").fault("belongs to patience; leave it out here")
    found = _compiled(law, world, spot)
    if found.mean == 0:
        spot.fault("takes no time; write a length greater than 0")
    return found


def resolve_patience(law: AnyLaw, *, world: World, spot: Spot) -> Law:
    """Return the law of a patience, which may be zero with some probability or always."""
    found, zero = _compiled(law, world, spot), law.zero_share or 0.0
    if zero == 1:
        return Deterministic(0)
    return WithZero(found, zero) if zero else found


def _compiled(law: AnyLaw, world: World, spot: Spot) -> Law:
    try:
        return law.compiled(_column_reader(world, spot))
    except InputError as error:
        spot.pass_on(error)
        return Deterministic(MINUTE)


def _column_reader(world: World, spot: Spot) -> ReadColumn:
    def column(file: str, name: str, decimal: Decimal | None) -> npt.NDArray[np.float64]:
        return world.read(file, {name: "column"}, spot / "file", decimal=decimal).numbers(name, low=0)

    return column
