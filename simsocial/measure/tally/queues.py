"""Tallies of queues: what flows through them, and what becomes of the visits that measures use (R56)."""

from __future__ import annotations

import numpy as np

from simsocial.measure.tally.authors import by_tenure
from simsocial.measure.tally.replications import Index, Replications
from simsocial.model.cells import Cells, Ticks
from simsocial.model.log import VisitOutcome
from simsocial.model.tallies import Flows, QueueCounts
from simsocial.model.waits import bin_of, bins


def flows(replications: Replications) -> Flows:
    """Count what passes through each queue, whenever its message arrived."""
    visits = replications.visits
    joins, starts, leaves = replications.joins, replications.starts, replications.leaves
    joined = visits.joined

    def stopped_waiting(started: Ticks, left: Ticks) -> Ticks:
        return starts.cells.sum(started[starts.visit]) + leaves.cells.sum(left[leaves.visit])

    return Flows(
        joined=joins.cells.count(),
        started=starts.cells.count(),
        left=leaves.cells.count(),
        work_joined=joins.cells.sum(visits.work),
        work_started=starts.cells.sum(visits.work[starts.visit]),
        work_left=leaves.cells.sum(visits.work[leaves.visit]),
        joined_sum=joins.cells.sum(joined),
        ended_sum=stopped_waiting(joined, joined),
        stopped_sum=stopped_waiting(visits.start, visits.end),
    )


def queue_counts(replications: Replications) -> QueueCounts:
    """Count what becomes of the visits of messages that arrive after the warm-up (R9)."""
    visits = replications.visits
    joins, starts, leaves, ends = (
        replications.after_warmup(events)
        for events in (replications.joins, replications.starts, replications.leaves, replications.ends)
    )
    outcome = visits.outcome[ends.visit]
    decides = ((outcome == VisitOutcome.PASSED) | (outcome == VisitOutcome.REJECTED)).nonzero()[0]
    decisions = ends.cells.only(decides)
    rejected, first = outcome[decides] == VisitOutcome.REJECTED, visits.visit[ends.visit][decides] == 1
    by_agents, tenures = by_tenure(replications, np.arange(len(visits))[ends.visit][decides[first]])
    wait = (visits.start - visits.joined)[starts.visit]
    lost_wait = (visits.end - visits.joined)[leaves.visit]
    expired = visits.outcome[leaves.visit] == VisitOutcome.EXPIRED
    waiting = (visits.outcome == VisitOutcome.WAITING) & replications.counted[replications.message]
    still = waiting.nonzero()[0]
    return QueueCounts(
        offered=joins.cells.count(),
        started=starts.cells.count(),
        wait_sum=starts.cells.sum(wait),
        waited=starts.cells.count(wait > 0),
        finished=ends.cells.count(),
        service_sum=ends.cells.sum((visits.end - visits.start)[ends.visit]),
        sojourn_sum=ends.cells.sum((visits.end - visits.joined)[ends.visit]),
        passed=decisions.count(~rejected),
        rejected=decisions.count(rejected),
        first_reviews=decisions.count(first),
        first_passed=decisions.count(first & ~rejected),
        first_reviews_by_tenure=tenures.count(),
        first_passed_by_tenure=tenures.count(~rejected[first][by_agents]),
        abandoned=leaves.cells.count(~expired),
        expired=leaves.cells.count(expired),
        lost_wait_sum=leaves.cells.sum(lost_wait),
        wait_histogram=_histogram(replications, starts.visit, wait),
        lost_histogram=_histogram(replications, leaves.visit, lost_wait),
        open_histogram=_histogram(replications, still, replications.scenario.horizon - visits.joined[still]),
    )


def _histogram(replications: Replications, visit: Index | slice, wait: Ticks) -> Ticks:
    """Count waits (shape (events,), ticks) by queue and bin (R44)."""
    desk = replications.scenario.desk
    width = bins(desk.horizon)
    shape = len(replications), len(desk.queues), width
    return Cells(replications.queue_row[visit] * width + bin_of(wait), shape).count()
