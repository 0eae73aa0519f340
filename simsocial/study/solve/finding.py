"""From the ends of a range to the answer: which end is wanted, the search, and whether all is in order (R124)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from simsocial.config.vary import Vary
from simsocial.model.scenario import Scenario
from simsocial.study.solve.refusals import refuse_same_ends
from simsocial.study.solve.search import Crossing, search
from simsocial.study.solve.trials import Trials

SCANNED: Final = 24
"""So many values, or all if there are fewer, are tried where a condition is not monotone."""
BETWEEN: Final = 4
"""Parts of a range whose bounds are tried before it is said that a condition never, or always, holds."""


@dataclass(frozen=True)
class Found:
    """Where the conditions begin to hold.

    Parameters
    ----------
    smallest
        Whether they hold towards the upper end.
    order
        Places from the end at which they fail to the other.
    crossing
        In places.
    disorders
        Pairs of places, in that order, of which the second is surely worse.
    """

    smallest: bool
    order: Sequence[int]
    crossing: Crossing
    disorders: tuple[tuple[int, int], ...]

    def answer(self, *, sure: bool) -> tuple[int, int]:
        """Return the place that holds, surely if that is asked for, and the one before it."""
        place = self.crossing.furthest if sure else self.crossing.holding
        assert place is not None, "refused before"
        return place, self.order[self.order.index(place) - 1]


def find(trials: Trials, vary: Vary, scenario: Callable[[int], Scenario]) -> Found:
    """Find where the conditions begin to hold.

    Parameters
    ----------
    trials
        Of the values of ``vary``.
    vary
        The range.
    scenario
        That of a place, for what the fluid forecast says of a range without an answer.

    Raises
    ------
    InputError
        When the conditions hold at both ends, or at neither.
    """
    last = len(vary) - 1
    while True:
        smallest = _holds_at_the_upper_end(trials, vary, scenario)
        order = range(last + 1) if smallest else range(last, -1, -1)
        crossing = search(trials, order)
        if crossing is not None and trials.disorders(order):
            trials.try_all(_spread(last, SCANNED))
            crossing = search(trials, order)
        if crossing is not None:
            return Found(smallest, order, crossing, tuple(trials.disorders(order)))


def _holds_at_the_upper_end(trials: Trials, vary: Vary, scenario: Callable[[int], Scenario]) -> bool:
    """Say whether the conditions hold at the upper end and not at the lower, rather than the reverse."""
    ends = 0, len(vary) - 1
    trials.try_all(ends)
    lower, upper = (trials.judgement(end).holds for end in ends)
    if lower == upper:
        lower, upper = (trials.settled(end).holds for end in ends)
    if lower == upper:
        inside = _spread(ends[1], BETWEEN)[1:-1]
        turned = [place for place in inside if trials.settled(place).holds != upper]
        refuse_same_ends(trials, vary, scenario, between=turned)
    return upper


def _spread(last: int, parts: int) -> list[int]:
    """Return places from 0 to the last, in equal parts as far as there are so many."""
    return sorted({round(last * part / parts) for part in range(parts + 1)})
