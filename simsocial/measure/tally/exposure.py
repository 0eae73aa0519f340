"""Faults in public: how long published items that review rejects stay as they were, and what review never saw (R45)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simsocial.measure.tally.replication import Replication
from simsocial.model.cells import Bools, Ticks
from simsocial.model.desk import AUTHOR, OUTSIDE, ReviewRule, When
from simsocial.model.log import MessageOutcome, VisitOutcome
from simsocial.units import NEVER


def exposure(replication: Replication) -> Ticks:
    """Return how long each message's published item stood uncorrected after all, ticks.

    Shape (messages,); 0 for those that no review rejected after their publication.
    """
    published = replication.published
    rejected = replication.visits.outcome == VisitOutcome.REJECTED
    last = _last(replication, np.flatnonzero(rejected & (replication.visits.end > published[replication.message])))
    length = np.zeros(len(published), np.int64)
    message = replication.message[last]
    length[message] = _corrected(replication, last) - published[message]
    return length


def _corrected(replication: Replication, rejection: npt.NDArray[np.int64]) -> Ticks:
    """Return when the fault that each ``rejection`` (rows of the log) found was gone, at the latest the horizon.

    What follows a rejection in the log is the rework, or the review that the author's correction comes back to.
    """
    visits, horizon = replication.visits, replication.scenario.horizon
    following = np.minimum(rejection + 1, len(visits) - 1)
    same = (following > rejection) & (replication.message[following] == replication.message[rejection])
    reworked = np.where(replication.left[following], NEVER, visits.end[following])  # one that expires stays as it was
    corrected = np.where(_by_author(replication)[visits.queue[rejection]], visits.joined[following], reworked)
    message = replication.message[rejection]
    withdrawn = replication.outcome[message] == MessageOutcome.WITHDRAWN
    gone = np.where(withdrawn, replication.ended[message], np.where(same, corrected, NEVER))
    return np.minimum(gone, horizon)


def escaped(replication: Replication) -> Bools:
    """Return which messages (shape (messages,)) were published past a review that their uniform would have failed."""
    out = np.zeros(len(replication.published), np.bool_)
    for stream, route in enumerate(replication.scenario.desk.routes):
        for step, part in enumerate(route.steps):
            if part.review is not None and part.review.when is When.AFTER:
                first, beyond = replication.first_message[stream : stream + 2]
                out[first:beyond] |= _unseen(replication, stream, step, part.review)
    out &= replication.published != NEVER
    return out


def _unseen(replication: Replication, stream: int, step: int, review: ReviewRule) -> Bools:
    """Return which messages of ``stream`` the review did not sample but would have rejected at publication (R23)."""
    drawn = replication.messages.streams[stream].steps[step]
    assert drawn.reject is not None, "R18: a review has uniforms"
    first, beyond = replication.first_message[stream : stream + 2]
    published = replication.published[first:beyond]
    factor = replication.scenario.desk.routes[stream].steps[step].reject_factor
    chance = review.reject * factor.at(published)
    quotient = np.divide(drawn.reject.first, chance, out=np.full(len(published), np.inf), where=chance > 0)
    fails: Bools = quotient < _quality(replication, stream, review)[first:beyond]
    return fails & ~drawn.needs


def _quality(replication: Replication, stream: int, review: ReviewRule) -> npt.NDArray[np.float64]:
    """Return the quality that ``review`` would have judged when each message was published (shape (messages,))."""
    quality = np.ones(len(replication.published))
    if review.judges == OUTSIDE:
        return quality
    visits = replication.visits
    judged = visits.step == review.judges
    steps = replication.scenario.desk.routes[stream].steps
    for step, part in enumerate(steps):  # R23: an author's correction of the judged work counts as quality 1
        if part.review is not None and part.review.returns_to == AUTHOR and part.review.judges == review.judges:
            judged |= (visits.step == step) & (visits.outcome == VisitOutcome.REJECTED)
    before = visits.joined < replication.published[replication.message]
    last = _last(replication, np.flatnonzero(judged & before & (visits.stream == stream)))
    served = last[(visits.step[last] == review.judges) & (visits.agent[last] >= 0)]
    quality[replication.message[served]] = _quality_at_start(replication, served)
    return quality


def _quality_at_start(replication: Replication, visit: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Return the quality of the window in which each of ``visit`` (rows of the log) began."""
    roster, visits = replication.roster, replication.visits
    horizon = replication.scenario.horizon
    begins = roster.agent * (horizon + 1) + roster.start.clip(0, horizon)
    place = np.searchsorted(begins, visits.agent[visit] * (horizon + 1) + visits.start[visit], side="right") - 1
    return roster.quality[place]


def _last(replication: Replication, visit: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the last of ``visit`` (rows of the log, ascending) of each message."""
    last: Bools = np.diff(replication.message[visit], append=-1) != 0
    return visit[last]


def _by_author(replication: Replication) -> Bools:
    """Return which queues (shape (queues,)) belong to a review that returns to the author."""
    desk = replication.scenario.desk
    rules = (desk.routes[queue.stream].steps[queue.step].review for queue in desk.queues)
    return np.array([rule is not None and rule.returns_to == AUTHOR for rule in rules], np.bool_)
