"""Swings: what an input does to a measure by itself, from one end of its range to the other (R125)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from simsocial.config.ranges import RangedInput
from simsocial.measure.rows import Row
from simsocial.measure.stats import Estimate
from simsocial.simulation.comparison import changes
from simsocial.simulation.points import PointResults


@dataclass(frozen=True)
class Swing:
    """What one input does to one measure while the others keep their values; all differences are paired.

    Parameters
    ----------
    input
        That was moved.
    row
        The measure.
    low, base, high
        The measure's value at the low end, at the config's value, and at the high end.
    at_low, at_high
        How much it differs there from the base.
    across
        High end less low end.
    """

    input: RangedInput
    row: Row
    low: float
    base: float
    high: float
    at_low: Estimate
    at_high: Estimate
    across: Estimate

    @property
    def widest(self) -> Estimate:
        """The largest of the differences: that between the ends, unless the measure turns in between."""
        return max((self.across, self.at_low, self.at_high), key=lambda each: _size(each.value))

    @property
    def size(self) -> float:
        """Of the widest difference; 0 where there is none to tell."""
        return _size(self.widest.value)

    @property
    def told(self) -> bool:
        """Whether the replications tell the input's effect from chance."""
        return any(each.low > 0 or each.high < 0 for each in (self.across, self.at_low, self.at_high))


def swings(
    inputs: Iterable[RangedInput], base: PointResults, ends: Sequence[PointResults]
) -> dict[Row, tuple[Swing, ...]]:
    """Return the swings of every input for each measure that all points have, the largest first.

    Parameters
    ----------
    inputs
        In the order of their ends.
    base
        With every input at its value.
    ends
        Low and high end of each input, all of the same replications.
    """
    found: dict[Row, list[Swing]] = {}
    for place, each in enumerate(inputs):
        for made in _of_input(each, base, *ends[2 * place : 2 * place + 2]):
            found.setdefault(made.row, []).append(made)
    return {row: tuple(sorted(made, key=lambda each: -each.size)) for row, made in found.items()}


def _of_input(each: RangedInput, base: PointResults, low: PointResults, high: PointResults) -> Iterable[Swing]:
    below = {change.row: change for change in changes(base, low)}
    above = {change.row: change for change in changes(base, high)}
    for across in changes(low, high):
        row = across.row
        if row in below and row in above:
            told = across.before, below[row].before, across.after
            yield Swing(each, row, *told, below[row].difference, above[row].difference, across.difference)


def _size(difference: float) -> float:
    return 0.0 if math.isnan(difference) else abs(difference)
