"""How many replications a value gets, and the confidence of their intervals (R124)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from simsocial.measure.definitions import Kind
from simsocial.study.solve.conditions import Condition

TIMES_AS_MANY: Final = 4
MOST_BY_DEFAULT: Final = 1000
"""A value gets so many times the replications at most, or as many as a share of none of them takes, up to these."""


@dataclass(frozen=True)
class Effort:
    """How many replications a value gets.

    Parameters
    ----------
    start
        Of every value that is tried.
    most
        Of those near the answer, by which it is judged.
    confidence
        Wanted of the answer's interval.
    conditions
        How many.
    """

    start: int
    most: int
    confidence: float
    conditions: int

    @property
    def level(self) -> float:
        """Confidence of each single interval: each condition has its part of the error (Bonferroni)."""
        return shared(self.confidence, self.conditions)


def most_by_default(start: int, conditions: Sequence[Condition], confidence: float) -> int:
    """Return how many replications a value may get: a share that is 0 (or 1) in all of them must be able to hold."""
    from scipy.special import ndtri

    z = float(ndtri((1 + shared(confidence, len(conditions))) / 2))
    rooms = [
        each.limit if each.at_most else 1 - each.limit
        for each in conditions
        if each.row.kind is Kind.SHARE and 0 < each.limit < 1
    ]
    needed = max((math.ceil(z**2 * (1 - room) / room) for room in rooms), default=0)  # Wilson's limit is z² / (n + z²)
    return max(TIMES_AS_MANY * start, min(needed, MOST_BY_DEFAULT))


def expected_replications(effort: Effort, values: int) -> int:
    """Return how many replications a search among so many values takes: of both ends and a bisection, and near it."""
    tried = min(values, 2 + math.ceil(math.log2(values)))
    return tried * effort.start + 2 * (effort.most - effort.start)


def shared(confidence: float, parts: int) -> float:
    """Return the confidence of each of several statements that are all true with at least ``confidence``."""
    return 1 - (1 - confidence) / parts
