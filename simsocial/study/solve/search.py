"""Finds where a condition begins to hold, and between which neighbours the replications leave it open (R124)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from simsocial.study.solve.conditions import Standing


class Judgement(NamedTuple):
    """Whether a condition holds at a place by the estimate, and by the interval."""

    holds: bool
    standing: Standing


class Judged(Protocol):
    """Values at places, judged by replications that are run as they are needed."""

    def places(self) -> Collection[int]:
        """Return the places judged so far."""

    def judgement(self, place: int) -> Judgement:
        """Judge a place by the replications that it has, the first ones at least."""

    def settled(self, place: int) -> Judgement:
        """Judge a place by as many replications as any may have."""


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


def search(judged: Judged, order: Sequence[int]) -> Crossing | None:
    """Find the crossing: roughly by the first replications, then by those that settle it, the same at every place.

    Parameters
    ----------
    judged
        By the first replications the condition fails at the first place and holds at the last.
    order
        Places from the end at which it fails to the end at which it holds, neighbours side by side.

    Returns
    -------
    Crossing or None
        Where the condition is not monotone, the last crossing of what was tried; ``None`` where more replications turn
        the judgement of an end.
    """
    settled = {True: lambda n: judged.settled(order[n]).holds, False: lambda n: not judged.settled(order[n]).holds}
    last, near = len(order) - 1, _roughly(judged, order)
    if settled[True](near):
        failing = _first(settled[False], near, 0)
        holding = None if failing is None else failing + 1
    else:
        holding = _first(settled[True], near, last)
    if holding is None:
        return None
    fail = _first(lambda n: judged.settled(order[n]).standing is Standing.FAILS, holding - 1, 0)
    hold = _first(lambda n: judged.settled(order[n]).standing is Standing.HOLDS, holding, last)
    ends = (None if fail is None else order[fail + 1], None if hold is None else order[hold])
    return Crossing(order[holding - 1], order[holding], *ends)


def _roughly(judged: Judged, order: Sequence[int]) -> int:
    """Bisect between the last place that does not hold, of those tried, and the next that does; return the latter."""
    tried = [n for n, place in enumerate(order) if place in judged.places()]
    failing = max((n for n in tried if not judged.judgement(order[n]).holds), default=0)
    holding = min((n for n in tried if n > failing), default=len(order) - 1)
    return failing + _between(lambda n: judged.judgement(order[failing + n]).holds, 0, holding - failing)


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
