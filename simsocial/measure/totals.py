"""Tallies added up over the whole run, and by stage instead of queue."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from simsocial.measure.break_even import break_even_week
from simsocial.model.scenario import Scenario
from simsocial.model.tallies import CareerCounts, Flows, PromiseCounts, QueueCounts, StreamCounts, Tallies, TeamTimes

Counts = npt.NDArray[np.int64]
Group = TypeVar("Group", QueueCounts, StreamCounts, PromiseCounts, TeamTimes, CareerCounts)

HISTOGRAMS: Final = frozenset(
    {"wait_histogram", "lost_histogram", "open_histogram", "first_reviews_by_tenure", "first_passed_by_tenure"}
)
"""Counters whose columns are bins of waits, or bands of tenure, not buckets of time."""


@dataclass(frozen=True, eq=False)
class Backlog:
    """What waits in each stage; shapes (steps, instants).

    Parameters
    ----------
    count
        Visits.
    work
        Their drawn work, ticks.
    age
        Σ of their waits so far, ticks.
    """

    count: Counts
    work: Counts
    age: Counts


@dataclass(frozen=True, eq=False)
class Totals:
    """Tallies over the whole run; the fields of each group have shape (entities,), histograms (steps, bins).

    Those of several replications have one more axis, in front.

    Parameters
    ----------
    streams, promises, teams, careers
        As in :class:`~simsocial.model.tallies.Tallies`.
    steps
        By stage: a step's queue with its rework queue (R47), in the order of streams and routes.
    span
        Ticks from the warm-up to the horizon.
    left_waiting
        Backlog at the horizon; one instant.
    backlogs
        Backlog at the ends of the reporting intervals after the warm-up; one instant each.
    mean_waiting
        Shape (steps,): the number waiting, averaged over the time from the warm-up to the horizon.
    break_even
        Shape (teams,): from :func:`~simsocial.measure.break_even.break_even_week`.
    """

    streams: StreamCounts
    steps: QueueCounts
    promises: PromiseCounts
    teams: TeamTimes
    careers: CareerCounts
    span: int
    left_waiting: Backlog
    backlogs: Backlog
    mean_waiting: npt.NDArray[np.float64]
    break_even: npt.NDArray[np.float64]


def totals(scenario: Scenario, tallies: Tallies) -> Totals:
    """Add tallies up over the run."""
    ends = ends_of_intervals(scenario, tallies.edges)
    return Totals(
        streams=_over_run(tallies.streams),
        steps=_by_stage(scenario, _over_run(tallies.queues)),
        promises=_over_run(tallies.promises),
        teams=_over_run(tallies.teams),
        careers=_over_run(tallies.careers),
        span=scenario.horizon - scenario.warmup,
        left_waiting=_backlog(scenario, tallies, ends[-1:]),
        backlogs=_backlog(scenario, tallies, ends[tallies.edges[ends] > scenario.warmup]),
        mean_waiting=_mean_waiting(scenario, tallies.flows, tallies.edges),
        break_even=break_even_week(scenario, tallies.careers, tallies.edges),
    )


def ends_of_intervals(scenario: Scenario, edges: Counts) -> Counts:
    """Return which of the edges of a run's buckets end the reporting intervals, the last one the horizon."""
    horizon = len(edges) - 2  # a tick before the last
    return np.append(np.flatnonzero(edges[:horizon] % scenario.interval == 0)[1:], horizon)


def by_stage(scenario: Scenario, counts: Counts) -> Counts:
    """Return counters of queues added up by stage (R47): shape (…, queues, columns) becomes (…, steps, columns)."""
    routes, queues = scenario.desk.routes, scenario.desk.queues
    first = list(accumulate((len(route.steps) for route in routes), initial=0))
    table = np.zeros((*counts.shape[:-2], first[-1], counts.shape[-1]), np.int64)
    for number, queue in enumerate(queues):
        table[..., first[queue.stream] + queue.step, :] += counts[..., number, :]
    return table


def _by_stage(scenario: Scenario, total: QueueCounts) -> QueueCounts:
    def of_stages(name: str, counts: Counts) -> Counts:
        return by_stage(scenario, counts) if name in HISTOGRAMS else by_stage(scenario, counts[..., None])[..., 0]

    return QueueCounts(**{name: of_stages(name, counts) for name, counts in vars(total).items()})


def _over_run(group: Group) -> Group:
    """Return the group with every counter added up over time."""
    return type(group)(**{name: x if name in HISTOGRAMS else x.sum(axis=-1) for name, x in vars(group).items()})


def _backlog(scenario: Scenario, tallies: Tallies, at: Counts) -> Backlog:
    """Return what waits just before each of the edges ``at`` (shape (instants,), indexes)."""
    flows = tallies.flows
    count, work, since = (
        by_stage(scenario, waiting.take(at, axis=-1))
        for waiting in (flows.waiting, flows.waiting_work, flows.waiting_since)
    )
    return Backlog(count=count, work=work, age=count * tallies.edges[at] - since)


def _mean_waiting(scenario: Scenario, flows: Flows, edges: Counts) -> npt.NDArray[np.float64]:
    """Average the number waiting: its integral until t is N·t − S, N joined less stopped, S the Σ of those instants."""
    begin, end = np.searchsorted(edges, [scenario.warmup, scenario.horizon])
    instants = (flows.joined_sum - flows.stopped_sum)[..., begin:end].sum(axis=-1)
    integral = flows.waiting[..., end] * edges[end] - flows.waiting[..., begin] * edges[begin] - instants
    mean: npt.NDArray[np.float64] = by_stage(scenario, integral[..., None])[..., 0] / (
        scenario.horizon - scenario.warmup
    )
    return mean
