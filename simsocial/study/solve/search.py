"""Finds where a condition begins to hold, and between which neighbours the replications leave it open (R124)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from simsocial.study.solve.conditions import Standing


class Judged(Protocol):
    """Values at places, judged by replications that are run as they are needed."""

    def places(self) -> Collection[int]:
        """Return the places judged so far."""

    def holds(self, place: int) -> bool:
        """Say whether the condition holds at a place by the estimate so far."""

    def settled(self, place: int) -> Standing:
        """Judge a place by its interval, after as many replications as may be run where that is open."""


@dataclass(frozen=True)
class Crossing:
    """Where a condition begins to hold, by the estimates and by the intervals.

    Parameters
    ----------
    failing, holding
        Neighbours: the last place of those tried at which the condition does not hold, and the next.
    nearest, furthest
        The interval's ends: the first place behind the last that surely fails, and the first from ``holding`` on that
        surely holds; ``None`` where there is none within the range.
    """

    failing: int
    holding: int
    nearest: int | None
    furthest: int | None


def search(judged: Judged, order: Sequence[int]) -> Crossing:
    """Find the crossing by bisection.

    Parameters
    ----------
    judged
        The condition fails at the first place and holds at the last; where added replications turn one of them, what
        is found has no meaning.
    order
        Places from the end at which it fails to the end at which it holds, neighbours side by side.

    Returns
    -------
    Crossing
        That of what was tried in the end: replications added on the way may have moved it. Where the condition is not
        monotone it is the last crossing, behind which every value tried holds.
    """
    while True:
        failing, holding = _bracket(judged, order)
        hold = _first(lambda n: judged.settled(order[n]) is Standing.HOLDS, holding, len(order) - 1)
        fail = _first(lambda n: judged.settled(order[n]) is Standing.FAILS, failing, 0)
        if (failing, holding) == _bracket(judged, order):
            break
    ends = (None if fail is None else order[fail + 1], None if hold is None else order[hold])
    return Crossing(order[failing], order[holding], *ends)


def _bracket(judged: Judged, order: Sequence[int]) -> tuple[int, int]:
    """Bisect between the last number that does not hold, of those tried, and the next that does."""
    tried = [n for n, place in enumerate(order) if place in judged.places()]
    failing = max((n for n in tried if not judged.holds(order[n])), default=0)
    holding = min((n for n in tried if n > failing), default=len(order) - 1)
    while holding > failing + 1:
        middle = (failing + holding) // 2
        if judged.holds(order[middle]):
            holding = middle
        else:
            failing = middle
    return failing, holding


def _first(test: Callable[[int], bool], near: int, far: int) -> int | None:
    """Return the number nearest to ``near`` that passes, on the way to ``far``; in strides that double, then halve."""
    if test(near):
        return near
    way, before, stride = (1 if far >= near else -1), 0, 1
    length = abs(far - near)
    while before < length:
        here = min(before + stride, length)
        if test(near + way * here):
            return near + way * _between(lambda n: test(near + way * n), before, here)
        before, stride = here, 2 * stride
    return None


def _between(test: Callable[[int], bool], failing: int, passing: int) -> int:
    while passing > failing + 1:
        middle = (failing + passing) // 2
        if test(middle):
            passing = middle
        else:
            failing = middle
    return passing
