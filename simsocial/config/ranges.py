"""Inputs that carry a range: where they stand, and the values between their ends as a user would write them (R125)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simsocial.config.amounts import Growth, Rate
from simsocial.config.document import Document
from simsocial.config.overrides import read_path
from simsocial.config.places import place_at
from simsocial.config.scalar import Scalar, plain
from simsocial.errors import Fault, InputError
from simsocial.model.scenario import Scenario
from simsocial.units import DAY

EXAMPLE = 'growth = { value = "4 % / month", range = ["1 % / month", "6 % / month"] }'


@dataclass(frozen=True)
class RangedInput:
    """A value of a config with the range that it states.

    Parameters
    ----------
    path
        Dotted.
    value, low, high
        As written.
    scalar
        How such a value is read and written.
    """

    path: str
    value: Any
    low: Any
    high: Any
    scalar: Scalar[Any] = field(repr=False, compare=False)

    def at(self, share: float) -> Any:
        """Return the value at a share of the way from low to high, as it would be written.

        Parameters
        ----------
        share
            From 0 to below 1, where every value of the range has the same room: a whole number has as much of it as
            every other.
        """
        return self.scalar.write(_between(self.scalar.read(self.low), self.scalar.read(self.high), share))


def ranged_inputs(scenario: Scenario) -> tuple[RangedInput, ...]:
    """Return the inputs of a scenario that carry a range, in the order of its config.

    Raises
    ------
    InputError
        When there is none.
    """
    origin = scenario.origin
    if origin is None or not origin.ranges:
        raise InputError(Fault(f"no value of {scenario.name!r} carries a range; write one, such as {EXAMPLE}"))
    return tuple(_input(origin.config, path, *ends) for path, ends in origin.ranges.items())


def _input(config: Mapping[str, Any], path: str, low: Any, high: Any) -> RangedInput:
    node: Any = config
    keys: list[str | int] = []
    for part in read_path(path):
        keys.append(int(part) if isinstance(node, list) else part)
        node = node[keys[-1]]
    kinds = place_at(Document, config, tuple(keys)).kinds
    scalar = next(kind for kind in kinds if isinstance(kind, Scalar) and kind.order is not None)
    return RangedInput(path, plain(node), low, high, scalar)


def _between(low: Any, high: Any, share: float) -> Any:
    """Return what lies at a share of the way; amounts per time in the unit of ``low``."""
    match low, high:
        case Rate(), Rate():
            last = high.number * (low.ticks or DAY) / (high.ticks or DAY)
            return Rate(low.number + share * (last - low.number), low.per)
        case Growth(), Growth():
            return Growth(low.percent + share * (high.over(low.per).percent - low.percent), low.per)
        case int(), int():
            return min(low + int(share * (high - low + 1)), high)
    return low + share * (high - low)
