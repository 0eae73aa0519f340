"""Tallies of queues: what flows through them, and what becomes of the visits that measures use (R56)."""

from __future__ import annotations

from simsocial.measure.tally.replication import Replication
from simsocial.model.cells import Cells, Ticks
from simsocial.model.log import VisitOutcome
from simsocial.model.tallies import Flows, QueueCounts
from simsocial.model.waits import bin_of, bins


def flows(replication: Replication) -> Flows:
    """Count what passes through each queue, whenever its message arrived."""
    visits = replication.visits
    joins, starts, leaves = replication.joins, replication.starts, replication.leaves
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


def queue_counts(replication: Replication) -> QueueCounts:
    """Count what becomes of the visits of messages that arrive after the warm-up (R9)."""
    visits = replication.visits
    joins, starts, leaves, ends = (
        replication.after_warmup(events)
        for events in (replication.joins, replication.starts, replication.leaves, replication.ends)
    )
    outcome, first = visits.outcome[ends.visit], visits.visit[ends.visit] == 1
    passed, rejected = outcome == VisitOutcome.PASSED, outcome == VisitOutcome.REJECTED
    wait = (visits.start - visits.joined)[starts.visit]
    lost_wait = (visits.end - visits.joined)[leaves.visit]
    expired = visits.outcome[leaves.visit] == VisitOutcome.EXPIRED
    waiting = joins.visit[(visits.outcome == VisitOutcome.WAITING)[joins.visit]]
    return QueueCounts(
        offered=joins.cells.count(),
        started=starts.cells.count(),
        wait_sum=starts.cells.sum(wait),
        waited=starts.cells.count(wait > 0),
        finished=ends.cells.count(),
        service_sum=ends.cells.sum((visits.end - visits.start)[ends.visit]),
        sojourn_sum=ends.cells.sum((visits.end - visits.joined)[ends.visit]),
        passed=ends.cells.count(passed),
        rejected=ends.cells.count(rejected),
        first_reviews=ends.cells.count((passed | rejected) & first),
        first_passed=ends.cells.count(passed & first),
        abandoned=leaves.cells.count(~expired),
        expired=leaves.cells.count(expired),
        lost_wait_sum=leaves.cells.sum(lost_wait),
        wait_histogram=_histogram(replication, starts.visit, wait),
        lost_histogram=_histogram(replication, leaves.visit, lost_wait),
        open_histogram=_histogram(replication, waiting, replication.scenario.horizon - visits.joined[waiting]),
    )


def _histogram(replication: Replication, visit: Ticks, wait: Ticks) -> Ticks:
    """Count waits (shape (events,), ticks) by queue and bin (R44)."""
    desk = replication.scenario.desk
    width = bins(desk.horizon)
    return Cells(replication.visits.queue[visit] * width + bin_of(wait), (len(desk.queues), width)).count()
