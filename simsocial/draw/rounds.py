"""Which messages may come to a second, third, … visit, so that no more is drawn than can be used (R18, R25)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.draw.randomness import Dice, Floats, Kind, Lineage, Uniforms
from simsocial.model.desk import AUTHOR, ReviewRule, Route, RouteStep
from simsocial.model.messages import Bools, Level

Indexes = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Round:
    """The v-th visits to the steps of a stream.

    Parameters
    ----------
    member
        Shape (members,), ascending: every message that may make a v-th visit to some step is one.
    reject
        By review (index of the step): the uniforms of its v-th review. Round 1 has one for every message, since R45
        asks for those that are not sampled; later rounds for the members that may come to the review.
    returned
        By review: the members that it may send back at its v-th review, ascending.
    """

    member: Indexes
    reject: dict[int, Level]
    returned: dict[int, Indexes]


def draw_rounds(
    route: Route,
    *,
    needs: list[Bools],
    actionable: Bools,
    lineage: Lineage,
    quality: float,
    dice: Dice,
    drawn_as: str | None = None,
    leniency: Mapping[int, Floats] | None = None,
) -> list[Round]:
    """Draw the uniforms of reviews, round by round, as long as some message may come that far.

    When a message first makes a (v + 1)-th visit to any of its steps, it was sent back at least v times, each time by
    another review of rounds 1 … v. So it belongs to round v + 1 only if at least v of its reviews in those rounds may
    have sent it back.

    Parameters
    ----------
    route
        The stream's steps.
    needs
        Per step, shape (messages,).
    actionable
        Shape (messages,); noise is reviewed never.
    lineage
        Of the messages.
    quality
        The largest quality that any work can have.
    dice
        Uniforms of the replication.
    drawn_as
        Name of the stream in the addresses; that of the route by default.
    leniency
        By review: the quality of what a tool did at the step it judges, 1 where it did nothing; shape (messages,).

    Returns
    -------
    list of Round
        At least one.
    """
    come, entity = _visitors(route, needs), drawn_as or route.stream
    reviews = [
        _Review(
            number,
            step,
            step.review,
            come[number] & actionable,
            dice(f"{entity}.{step.name}", Kind.REJECT),
            (leniency or {}).get(number),
        )
        for number, step in enumerate(route.steps)
        if step.review is not None
    ]
    member, returns = np.flatnonzero(actionable), np.zeros(len(lineage), dtype=np.int64)
    rounds: list[Round] = []
    while len(member) or not rounds:
        visit = len(rounds) + 1
        reject = {review.number: review.draw(visit, member, lineage) for review in reviews}
        returned = {review.number: review.may_return(visit, reject[review.number], quality) for review in reviews}
        rounds.append(Round(member, reject, returned))
        for sent_back in returned.values():
            returns[sent_back] += 1
        member = member[returns[member] >= visit]
    return rounds


def own_visitors(route: Route, needs: list[Bools]) -> list[Bools]:
    """Return, per step, which messages may come to its own queue.

    They are those that need it and, of a review that returns to the author, those that another review returned to it:
    the author gives them back to the review itself (R25).
    """
    return [
        came if step.review is not None and step.review.returns_to == AUTHOR else needed
        for step, needed, came in zip(route.steps, needs, _visitors(route, needs), strict=True)
    ]


def those(are: Bools, member: Indexes) -> Indexes:
    """Return the members that ``are``, shape (messages,), true of."""
    return member[np.flatnonzero(are[member])]


def _visitors(route: Route, needs: list[Bools]) -> list[Bools]:
    """Return, per step, which messages may visit it: they need it, or a review that they visit returns to it (R25)."""
    come = list(needs)
    for number, step in reversed(list(enumerate(route.steps))):
        if step.review is not None and step.review.returns_to != AUTHOR:
            back = step.review.returns_to
            come[back] = come[back] | come[number]
    return come


def revisited(route: Route, number: int) -> bool:
    """Whether a message can come to the own queue of step ``number`` again, on its way on from a rejection (R25)."""
    rules = [(later, step.review) for later, step in enumerate(route.steps) if step.review and later >= number]
    return any(later == number if rule.returns_to == AUTHOR else rule.returns_to < number for later, rule in rules)


def _quotient(uniforms: Floats, quality: Floats) -> Floats:
    """Return ``uniforms / quality``, shape (messages,); infinite, which no review rejects, of quality 0."""
    return np.where(quality > 0, uniforms / np.where(quality > 0, quality, 1.0), np.inf)


@dataclass(frozen=True, eq=False)
class _Review:
    """A review of a route; ``visited`` says which messages, noise left out, may come to it.

    ``leniency`` is the quality of what a tool did of the work it judges. Its first look at such a message compares
    u / quality where R23 compares u: work that no person did has quality 1 there (R107).
    """

    number: int
    step: RouteStep
    rule: ReviewRule
    visited: Bools
    uniforms: Uniforms
    leniency: Floats | None

    def draw(self, visit: int, member: Indexes, lineage: Lineage) -> Level:
        if visit == 1:
            first = self.uniforms.of(lineage)
            return Level(np.arange(len(lineage)), first if self.leniency is None else _quotient(first, self.leniency))
        drawn = those(self.visited, member)
        return Level(drawn, self.uniforms.of(lineage.take(drawn), visit=visit))

    def may_return(self, visit: int, reject: Level, quality: float) -> Indexes:
        """Return the messages that an agent of ``quality`` could send back (R23); none in the last round (R25)."""
        largest = self.rule.reject * float(self.step.reject_factor.values.max())
        if largest == 0 or visit >= self.rule.max_rounds:
            return reject.member[:0]
        return those(self.visited, reject.member[np.flatnonzero(reject.value / largest < quality)])
