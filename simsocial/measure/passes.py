"""Expected visits of a message to each queue of its route, by propagation through its reviews (R22, R23, R25)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from simsocial.model.desk import AUTHOR, Route

Floats = npt.NDArray[np.float64]

NEGLIGIBLE = 1e-12
"""A way that fewer messages go is not followed further."""


@dataclass(frozen=True, eq=False)
class Passes:
    """What an actionable message is expected to do on its route; shapes (steps,).

    Parameters
    ----------
    visits
        Visits to each step's own queue.
    sent_back
        Rejections by each review that cause rework in the step it returns to.
    withdrawn
        Rejections by each review that withdraw the message (R25).
    """

    visits: Floats
    sent_back: Floats
    withdrawn: Floats


def expected_passes(route: Route, shares: Sequence[float], chance: Floats) -> Passes:
    """Follow the messages of a stream that nobody loses on the way.

    Parameters
    ----------
    route
        The stream's steps.
    shares
        Shape (steps,), share of the messages that need each step.
    chance
        Shape (2, 2, steps): chance that a review rejects at its first look at a message, and at a later one, work of
        quality 1, and work of the step's people.
    """
    total = np.zeros((3, len(route.steps)))
    for needs, weight in _needs(route, shares):
        total += weight * _follow(route, needs, chance)
    return Passes(*total)


def first_steps(shares: Sequence[float]) -> Floats:
    """Return the shares of messages, shape (steps,), that need each step as their first."""
    needs = np.asarray(shares, dtype=np.float64)
    return needs * np.concatenate(([1.0], np.cumprod(1 - needs)[:-1]))


def _needs(route: Route, shares: Sequence[float]) -> Iterator[tuple[list[float], float]]:
    """Yield (shares, probability) with the needs that a message can meet twice decided, once for all (R22)."""
    loops = [
        range(step.review.returns_to, number + 1)
        for number, step in enumerate(route.steps)
        if step.review is not None and step.review.returns_to != AUTHOR
    ]
    undecided = [
        number for number, share in enumerate(shares) if 0 < share < 1 and any(number in loop for loop in loops)
    ]
    for decision in product((0.0, 1.0), repeat=len(undecided)):
        needs = list(shares)
        weight = 1.0
        for number, need in zip(undecided, decision, strict=True):
            needs[number] = need
            weight *= shares[number] if need else 1 - shares[number]
        yield needs, weight


class _State(NamedTuple):
    """Where messages are: about to visit a step, with what their later reviews depend on.

    Parameters
    ----------
    where, rework
        Step, and whether they come to its rework queue.
    reviews
        Visits so far to each step that is a review, those by rework too (R25); 0 for other steps.
    by_people
        Judged steps whose latest work has the quality of the step's people; it is 1 for all others (R23).
    """

    where: int
    rework: bool
    reviews: tuple[int, ...]
    by_people: frozenset[int]


def _follow(route: Route, needs: Sequence[float], chance: Floats) -> Floats:
    """Return rows of visits, rejections sent back, and withdrawals, shape (3, steps), of one message."""
    visits, sent_back, withdrawn = total = np.zeros((3, len(route.steps)))
    judged = {step.review.judges for step in route.steps if step.review is not None}
    now = _going_on(_State(0, False, (0,) * len(route.steps), frozenset()), 0, needs, 1.0)
    while now:
        after: dict[_State, float] = defaultdict(float)
        for state, mass in now.items():
            where, step = state.where, route.steps[state.where]
            state = _visited(state, nobody=step.nobody, judged=judged, reviewed=step.review is not None)
            visits[where] += mass * (not state.rework)
            rejected = 0.0
            if (rule := step.review) is not None:
                again = int(state.reviews[where] > 1)
                rejected = mass * float(chance[again, int(rule.judges in state.by_people), where])
                if state.reviews[where] >= rule.max_rounds:
                    withdrawn[where] += rejected
                elif rule.returns_to == AUTHOR:
                    after[state._replace(rework=False, by_people=state.by_people - {rule.judges})] += rejected
                else:
                    sent_back[where] += rejected
                    after[state._replace(where=rule.returns_to, rework=True)] += rejected
            for later, part in _going_on(state, where + 1, needs, mass - rejected).items():
                after[later] += part
        now = {state: mass for state, mass in after.items() if mass > NEGLIGIBLE}
    return total


def _visited(state: _State, *, nobody: bool, judged: set[int], reviewed: bool) -> _State:
    """Return the state after a visit's work and before its review decides."""
    where, reviews, by_people = state.where, state.reviews, state.by_people
    if reviewed:
        reviews = (*reviews[:where], reviews[where] + 1, *reviews[where + 1 :])
    if where in judged:
        by_people = by_people - {where} if nobody else by_people | {where}
    return state._replace(reviews=reviews, by_people=by_people)


def _going_on(state: _State, where: int, needs: Sequence[float], mass: float) -> dict[_State, float]:
    """Return the messages at the first step from ``where`` on that they need; the others are through (R25)."""
    arriving: dict[_State, float] = {}
    for step in range(where, len(needs)):
        if needs[step] > 0:
            arriving[state._replace(where=step, rework=False)] = mass * needs[step]
        mass *= 1 - needs[step]
    return arriving
