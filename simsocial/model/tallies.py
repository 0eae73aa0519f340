"""Counters of what happened, by bucket of time: all that measures may know (R42).

Shapes are those of one replication. Counters of several have one more axis, in front: shape (replications, rows, …).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]


def so_far(counts: Counts) -> Counts:
    """Return what was counted before each edge: shape (…, rows, buckets) becomes (…, rows, buckets + 1)."""
    running = np.zeros((*counts.shape[:-1], counts.shape[-1] + 1), np.int64)
    counts.cumsum(axis=-1, out=running[..., 1:])
    return running


@dataclass(frozen=True, eq=False)
class Flows:
    """What passed through each queue, every message counted; shapes (queues, buckets).

    Parameters
    ----------
    joined, started, left
        Visits that joined, began, and left without having begun (patience, expiry).
    work_joined, work_started, work_left
        Σ drawn work of those visits, ticks at pace 1 and factor 1.
    joined_sum, ended_sum
        Σ of joining instants, booked at joining; Σ of joining instants of visits that began or left, booked when they
        do. Their running difference is the Σ of joining instants of those waiting: mean backlog age.
    stopped_sum
        Σ of the instants at which visits began or left, booked then. With ``joined_sum`` and the counts it gives the
        exact integral of the number waiting over each bucket.
    """

    joined: Counts
    started: Counts
    left: Counts
    work_joined: Counts
    work_started: Counts
    work_left: Counts
    joined_sum: Counts
    ended_sum: Counts
    stopped_sum: Counts

    @cached_property
    def waiting(self) -> Counts:
        """Shape (queues, buckets + 1): visits waiting just before each edge."""
        return so_far(self.joined - self.started - self.left)

    @cached_property
    def waiting_work(self) -> Counts:
        """Shape (queues, buckets + 1): their drawn work, ticks."""
        return so_far(self.work_joined - self.work_started - self.work_left)

    @cached_property
    def waiting_since(self) -> Counts:
        """Shape (queues, buckets + 1): Σ of their joining instants, ticks."""
        return so_far(self.joined_sum - self.ended_sum)


@dataclass(frozen=True, eq=False)
class QueueCounts:
    """Visits of messages that arrive after the warm-up; shapes (queues, buckets) unless said otherwise.

    Parameters
    ----------
    offered
        Joined the queue.
    started, wait_sum
        Began; Σ wait of those, ticks (both booked at the start).
    waited
        Began after a wait of at least one tick.
    finished, service_sum
        Ended their work, noise included; Σ end − start of those, ticks, off-duty pauses included (booked at the end).
    sojourn_sum
        Σ end − joining of those that ended their work, ticks (booked at the end).
    passed, rejected
        Decisions of reviews (booked at the end).
    first_reviews, first_passed
        Decisions at visit 1, and those that passed.
    first_reviews_by_tenure, first_passed_by_tenure
        Shape (queues, bands of :func:`~simsocial.model.careers.band_of`): of those, the ones of what agents did, by
        how long the author had been there (R112).
    abandoned, expired, lost_wait_sum
        Left while waiting; Σ wait of those, ticks (booked when they left).
    wait_histogram
        Shape (queues, bins): waits of those that began (R44).
    lost_histogram
        Shape (queues, bins): waits of those that left.
    open_histogram
        Shape (queues, bins): waits so far of those still waiting at the horizon.
    """

    offered: Counts
    started: Counts
    wait_sum: Counts
    waited: Counts
    finished: Counts
    service_sum: Counts
    sojourn_sum: Counts
    passed: Counts
    rejected: Counts
    first_reviews: Counts
    first_passed: Counts
    first_reviews_by_tenure: Counts
    first_passed_by_tenure: Counts
    abandoned: Counts
    expired: Counts
    lost_wait_sum: Counts
    wait_histogram: Counts
    lost_histogram: Counts
    open_histogram: Counts


@dataclass(frozen=True, eq=False)
class StreamCounts:
    """Messages that arrive after the warm-up; shapes (streams, buckets), each booked when it happens.

    Parameters
    ----------
    initial, arrived, handled, abandoned, expired, withdrawn, noise
        Messages (R41); pending = initial + arrived − the others. ``initial`` were there at the start (R91).
    automated
        Of ``arrived``, messages of which a tool finishes at least one step (R107).
    lost
        Of ``noise``, actionable messages that a filter took for it (R106).
    published
        Messages published (R24).
    turnaround_sum
        Σ arrival → end of route of the handled, ticks.
    response_sum
        Σ arrival → publication of the published, ticks.
    exposed, exposure_sum
        Published items that review rejected, booked at publication; Σ their exposure, ticks (R45).
    escaped
        R45, booked at publication.
    """

    initial: Counts
    arrived: Counts
    automated: Counts
    handled: Counts
    abandoned: Counts
    expired: Counts
    withdrawn: Counts
    noise: Counts
    lost: Counts
    published: Counts
    turnaround_sum: Counts
    response_sum: Counts
    exposed: Counts
    exposure_sum: Counts
    escaped: Counts


@dataclass(frozen=True, eq=False)
class PromiseCounts:
    """Promises by due instant (R8); shapes (promises, buckets), by stream, then as in ``Stream.promises``.

    Parameters
    ----------
    due, kept
        Counted, and kept.
    excused
        Of those due: abandoned or expired at or before the due instant, which the telephone form leaves out.
    """

    due: Counts
    kept: Counts
    excused: Counts


@dataclass(frozen=True, eq=False)
class TeamTimes:
    """Time by team, ticks; shapes (teams, buckets), time after the warm-up only.

    Parameters
    ----------
    on_duty
        Slot time inside windows.
    busy
        Slot time at work inside windows.
    overrun
        Slot time at work outside windows (R39).
    duty_agents
        Agent time inside windows (one per agent, whatever his slots).
    on_break, in_meetings, at_other_duties, on_leave, absent, in_training, teaching, in_outages
        Other paid time of agents, by what they are away for (R46, R83).
    worked_agents
        Agent time inside windows with at least one slot at work (R46: working; idle = duty_agents − worked_agents).
    """

    on_duty: Counts
    busy: Counts
    overrun: Counts
    duty_agents: Counts
    on_break: Counts
    in_meetings: Counts
    at_other_duties: Counts
    on_leave: Counts
    absent: Counts
    in_training: Counts
    teaching: Counts
    in_outages: Counts
    worked_agents: Counts


@dataclass(frozen=True, eq=False)
class CareerCounts:
    """People of a team by where they stand (R98), by team; shapes (teams, buckets), what is after the warm-up only.

    Parameters
    ----------
    waiting, in_class, nesting, ramping, full
        Time of people in each stage, on duty or not, ticks.
    certified
        Of that, except waiting, with all certificates.
    begun, waited
        People who began, and Σ of how long they had been due by then.
    became_full, took
        People who became fully ramped, and Σ of how long they had been due by then.
    lost, gained
        Capacity of the untrained twin in the time that training takes, and what better pace brings above it, ticks of
        somebody fully ramped, to the nearest in each bucket (R110).
    """

    waiting: Counts
    in_class: Counts
    nesting: Counts
    ramping: Counts
    full: Counts
    certified: Counts
    begun: Counts
    waited: Counts
    became_full: Counts
    took: Counts
    lost: Counts
    gained: Counts


Group = TypeVar("Group", Flows, QueueCounts, StreamCounts, PromiseCounts, TeamTimes, CareerCounts)


@dataclass(frozen=True, eq=False)
class Tallies:
    """All counters of one replication, or of several.

    Parameters
    ----------
    edges
        Shape (buckets + 1,), ticks: bucket i is ``[edges[i], edges[i + 1])``.
    """

    edges: Counts
    flows: Flows
    queues: QueueCounts
    streams: StreamCounts
    promises: PromiseCounts
    teams: TeamTimes
    careers: CareerCounts

    def alone(self, number: int) -> Tallies:
        """Return the counters of one of several replications."""
        return self._indexed(number)

    def as_several(self) -> Tallies:
        """Return the counters of one replication as those of several, of which there is one."""
        return self._indexed(np.newaxis)

    def _indexed(self, index: int | None) -> Tallies:
        groups = (_indexed(getattr(self, field.name), index) for field in fields(self)[1:])
        return Tallies(self.edges, *groups)


def _indexed(group: Group, index: int | None) -> Group:
    return type(group)(**{field.name: getattr(group, field.name)[index] for field in fields(group)})
