"""Every visit that a message could make, written down before the run, with where it leads when it passes and when not.

Work is known, the outcome of a review depends only on the quality of the work judged and on the factor in force: so all
that a lane has to decide about a visit is when it starts and with whom. Records are numbered in order of stream, then
message, so that (instant, record) orders a queue as R31 does.
"""

from __future__ import annotations

import numpy as np

from simsocial.model.log import MessageOutcome
from simsocial.model.messages import Ticks
from simsocial.units import NEVER

ENDS = {outcome: -1 - int(outcome) for outcome in MessageOutcome}
"""What stands in place of a next record where the message's way ends."""
NOT_A_REVIEW = np.inf
"""The uniform of a visit that nothing rejects."""


class Columns:
    """The possible visits of many replications, one behind the other; arrays of shape (records,).

    Parameters
    ----------
    size
        How many records there are. They are empty: to begin with, nobody ever leaves, and every way ends.

    Attributes
    ----------
    queue
        Index into ``Desk.queues``.
    message
        Index in its stream.
    visit
        As in the log.
    work
        Ticks at pace 1 and factor 1, triage included.
    leaves
        The last tick at which it may begin (R26); ``NEVER`` for ever.
    by_patience
        Whether it abandons then, instead of expiring.
    uniform
        Of the review; ``NOT_A_REVIEW`` where nothing is decided.
    publishes
        Whether the message is published when it passes here, unless it was before (R24).
    passed, rejected
        The next record, or one of ``ENDS``.
    delayed
        Records, and ticks from the end of a visit that was rejected to the one behind it: those not 0.
    fresh
        By queue, records of first visits in order of replication and message, and their arrivals, in parts.
    """

    def __init__(self, size: int) -> None:
        self.queue = np.empty(size, np.int16)
        self.message = np.empty(size, np.int32)
        self.visit = np.ones(size, np.int32)
        self.work = np.empty(size, np.int64)
        self.leaves = np.full(size, NEVER)
        self.by_patience = np.zeros(size, np.bool_)
        self.uniform = np.full(size, NOT_A_REVIEW)
        self.publishes = np.empty(size, np.bool_)
        self.passed, self.rejected = (np.full(size, ENDS[MessageOutcome.HANDLED], np.int32) for _ in range(2))
        self.delayed: list[tuple[Ticks, Ticks]] = []
        self.fresh: dict[int, list[tuple[Ticks, Ticks]]] = {}

    def __len__(self) -> int:
        return len(self.queue)

    def forget_what_is_packed(self) -> None:
        """Free the columns that nobody reads any more once the loop has its own table of them."""
        self.leaves, self.uniform = np.zeros(0, np.int64), np.zeros(0)
        self.delayed.clear()
        self.fresh.clear()

    def first_visits(self, queue: int) -> tuple[Ticks, Ticks]:
        """Return the records of first visits to a queue, and their arrivals."""
        parts = self.fresh.get(queue, [(np.zeros(0, np.int64), np.zeros(0, np.int64))])
        records, arrivals = zip(*parts, strict=True)
        return np.concatenate(records), np.concatenate(arrivals)
