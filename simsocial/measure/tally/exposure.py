"""Faults in public: how long published items that review rejects stay as they were, and what review never saw (R45)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simsocial.measure.tally.replications import Replications
from simsocial.model.cells import Bools, Ticks
from simsocial.model.desk import AUTHOR, OUTSIDE, ReviewRule, When
from simsocial.model.log import MessageOutcome, VisitOutcome
from simsocial.model.messages import StepDraws
from simsocial.units import NEVER


def exposure(replications: Replications) -> Ticks:
    """Return how long each message's published item stood uncorrected after all, ticks.

    Shape (messages,); 0 for those that no review rejected after their publication.
    """
    published = replications.published
    rejected = replications.visits.outcome == VisitOutcome.REJECTED
    last = _last(replications, np.flatnonzero(rejected & (replications.visits.end > published[replications.message])))
    length = np.zeros(len(published), np.int64)
    message = replications.message[last]
    length[message] = _corrected(replications, last) - published[message]
    return length


def _corrected(replications: Replications, rejection: npt.NDArray[np.int64]) -> Ticks:
    """Return when the fault that each ``rejection`` (rows of the log) found was gone, at the latest the horizon.

    What follows a rejection in the log is the rework, or the review that the author's correction comes back to.
    """
    visits, horizon = replications.visits, replications.scenario.horizon
    following = np.minimum(rejection + 1, len(visits) - 1)
    same = (following > rejection) & (replications.message[following] == replications.message[rejection])
    reworked = np.where(replications.left[following], NEVER, visits.end[following])  # one that expires stays as it was
    corrected = np.where(_by_author(replications)[visits.queue[rejection]], visits.joined[following], reworked)
    message = replications.message[rejection]
    withdrawn = replications.outcome[message] == MessageOutcome.WITHDRAWN
    gone = np.where(withdrawn, replications.ended[message], np.where(same, corrected, NEVER))
    return np.minimum(gone, horizon)


def escaped(replications: Replications) -> Bools:
    """Return which messages (shape (messages,)) were published past a review that their uniform would have failed."""
    out = np.zeros(len(replications.published), np.bool_)
    for stream, route in enumerate(replications.scenario.desk.routes):
        for step, part in enumerate(route.steps):
            if part.review is not None and part.review.when is When.AFTER:
                first, beyond = replications.first_message[stream : stream + 2]
                out[first:beyond] |= _unseen(replications, stream, step, part.review)
    out &= replications.published != NEVER
    return out


def _unseen(replications: Replications, stream: int, step: int, review: ReviewRule) -> Bools:
    """Return which messages of ``stream`` the review did not sample but would have rejected at publication (R23)."""
    uniform = replications.of_stream(stream, lambda drawn: _uniforms(drawn.steps[step]))
    needs: Bools = replications.of_stream(stream, lambda drawn: drawn.steps[step].needs)
    first, beyond = replications.first_message[stream : stream + 2]
    published = replications.published[first:beyond]
    factor = replications.scenario.desk.routes[stream].steps[step].reject_factor
    chance = review.reject * factor.at(published)
    quotient = np.divide(uniform, chance, out=np.full(len(published), np.inf), where=chance > 0)
    fails: Bools = quotient < _quality(replications, stream, review)[first:beyond]
    return fails & ~needs


def _uniforms(drawn: StepDraws) -> npt.NDArray[np.float64]:
    assert drawn.reject is not None, "R18: a review has uniforms"
    return drawn.reject.first


def _quality(replications: Replications, stream: int, review: ReviewRule) -> npt.NDArray[np.float64]:
    """Return the quality that ``review`` would have judged when each message was published (shape (messages,))."""
    quality = np.ones(len(replications.published))
    if review.judges == OUTSIDE:
        return quality
    visits = replications.visits
    judged = visits.step == review.judges
    steps = replications.scenario.desk.routes[stream].steps
    for step, part in enumerate(steps):  # R23: an author's correction of the judged work counts as quality 1
        if part.review is not None and part.review.returns_to == AUTHOR and part.review.judges == review.judges:
            judged |= (visits.step == step) & (visits.outcome == VisitOutcome.REJECTED)
    before = visits.joined < replications.published[replications.message]
    last = _last(replications, np.flatnonzero(judged & before & (visits.stream == stream)))
    served = last[(visits.step[last] == review.judges) & (visits.agent[last] >= 0)]
    quality[replications.message[served]] = _quality_at_start(replications, served)
    return quality


def _quality_at_start(replications: Replications, visit: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Return the quality of the window in which each of ``visit`` (rows of the log) began."""
    roster, horizon = replications.roster, replications.scenario.horizon
    begins = roster.agent * (horizon + 1) + roster.start.clip(0, horizon)
    begun = replications.agent[visit] * (horizon + 1) + replications.visits.start[visit]
    place = np.searchsorted(begins, begun, side="right") - 1
    return roster.quality[place]


def _last(replications: Replications, visit: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the last of ``visit`` (rows of the log, ascending) of each message."""
    last: Bools = np.diff(replications.message[visit], append=-1) != 0
    return visit[last]


def _by_author(replications: Replications) -> Bools:
    """Return which queues (shape (queues,)) belong to a review that returns to the author."""
    desk = replications.scenario.desk
    rules = (desk.routes[queue.stream].steps[queue.step].review for queue in desk.queues)
    return np.array([rule is not None and rule.returns_to == AUTHOR for rule in rules], np.bool_)
