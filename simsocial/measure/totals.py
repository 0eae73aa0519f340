"""Tallies added up: by stage instead of queue, and over the whole run or by reporting interval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from simsocial.model.scenario import Scenario
from simsocial.model.tallies import Flows, PromiseCounts, QueueCounts, StreamCounts, Tallies, TeamTimes

Counts = npt.NDArray[np.int64]
Group = TypeVar("Group", Flows, QueueCounts, StreamCounts, PromiseCounts, TeamTimes)

HISTOGRAMS: Final = frozenset({"wait_histogram", "lost_histogram", "open_histogram"})
"""Counters whose columns are bins of waits, not buckets of time."""


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

    Parameters
    ----------
    streams, promises, teams
        As in :class:`~simsocial.model.tallies.Tallies`.
    steps
        By stage: a step's queue with its rework queue (R47), in the order of streams and routes.
    left_waiting
        Backlog at the horizon; one instant.
    backlogs
        Backlog at the ends of the reporting intervals after the warm-up; one instant each.
    mean_waiting
        Shape (steps,): the number waiting, averaged over the time from the warm-up to the horizon.
    """

    streams: StreamCounts
    steps: QueueCounts
    promises: PromiseCounts
    teams: TeamTimes
    left_waiting: Backlog
    backlogs: Backlog
    mean_waiting: npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Intervals:
    """Tallies by reporting interval; shapes (entities, intervals). What is due at the horizon is in the last one.

    Parameters
    ----------
    start
        Shape (intervals,), ticks.
    streams, steps, promises, teams
        As in :class:`Totals`; no histograms by interval: those of ``steps`` are of the whole run.
    backlogs
        At the ends of the intervals.
    """

    start: Counts
    streams: StreamCounts
    steps: QueueCounts
    promises: PromiseCounts
    teams: TeamTimes
    backlogs: Backlog


def totals(scenario: Scenario, tallies: Tallies) -> Totals:
    """Add tallies up over the run."""

    def over_run(counts: Counts) -> Counts:
        total: Counts = counts.sum(axis=1)
        return total

    flows = by_stage(scenario, tallies.flows)
    ends = _ends(scenario)
    return Totals(
        streams=_each(tallies.streams, over_run),
        steps=_each(by_stage(scenario, tallies.queues), over_run),
        promises=_each(tallies.promises, over_run),
        teams=_each(tallies.teams, over_run),
        left_waiting=backlog(flows, tallies.edges, ends[-1:]),
        backlogs=backlog(flows, tallies.edges, ends[ends > scenario.warmup]),
        mean_waiting=_mean_waiting(scenario, flows, tallies.edges),
    )


def intervals(scenario: Scenario, tallies: Tallies) -> Intervals:
    """Add tallies up by reporting interval."""
    start = np.arange(0, scenario.horizon, scenario.interval)
    first = np.searchsorted(tallies.edges, start)

    def by_interval(counts: Counts) -> Counts:
        return np.add.reduceat(counts, first, axis=1)

    return Intervals(
        start=start,
        streams=_each(tallies.streams, by_interval),
        steps=_each(by_stage(scenario, tallies.queues), by_interval),
        promises=_each(tallies.promises, by_interval),
        teams=_each(tallies.teams, by_interval),
        backlogs=backlog(by_stage(scenario, tallies.flows), tallies.edges, _ends(scenario)),
    )


def by_stage(scenario: Scenario, counts: Group) -> Group:
    """Return counters of queues added up by stage (R47): shapes (queues, …) become (steps, …)."""
    routes, queues = scenario.desk.routes, scenario.desk.queues
    first = np.cumsum([0] + [len(route.steps) for route in routes])
    stage = np.array([first[queue.stream] + queue.step for queue in queues], np.int64)

    def add_up(table: Counts) -> Counts:
        out = np.zeros((int(first[-1]), table.shape[1]), np.int64)
        for queue, row in zip(stage, table, strict=True):
            out[queue] += row
        return out

    return type(counts)(**{field.name: add_up(getattr(counts, field.name)) for field in fields(counts)})


def backlog(flows: Flows, edges: Counts, instants: Counts) -> Backlog:
    """Return what waits just before each of ``instants``.

    Parameters
    ----------
    flows
        Shapes (rows, buckets).
    edges
        Shape (buckets + 1,), ticks.
    instants
        Shape (instants,), ticks, each one of the edges after the first.
    """
    until = np.searchsorted(edges, instants) - 1

    def so_far(change: Counts) -> Counts:
        running: Counts = change.cumsum(axis=1)[:, until]
        return running

    count = so_far(flows.joined - flows.started - flows.left)
    work = so_far(flows.work_joined - flows.work_started - flows.work_left)
    return Backlog(count=count, work=work, age=count * instants - so_far(flows.joined_sum - flows.ended_sum))


def _mean_waiting(scenario: Scenario, flows: Flows, edges: Counts) -> npt.NDArray[np.float64]:
    """Average the number waiting: its integral until t is N·t − S, N joined less stopped, S the Σ of those instants."""
    count = (flows.joined - flows.started - flows.left).cumsum(axis=1)
    instants = (flows.joined_sum - flows.stopped_sum).cumsum(axis=1)
    integral = np.pad(count * edges[1:] - instants, ((0, 0), (1, 0)))  # up to each edge
    begin, end = np.searchsorted(edges, [scenario.warmup, scenario.horizon])
    mean: npt.NDArray[np.float64] = (integral[:, end] - integral[:, begin]) / (scenario.horizon - scenario.warmup)
    return mean


def _ends(scenario: Scenario) -> Counts:
    """Return the ends of the reporting intervals, the last one at the horizon; shape (intervals,), ticks."""
    return np.append(np.arange(scenario.interval, scenario.horizon, scenario.interval), scenario.horizon)


def _each(group: Group, change: Callable[[Counts], Counts]) -> Group:
    """Return the group with every counter by time changed."""
    counters = {field.name: getattr(group, field.name) for field in fields(group)}
    return type(group)(**{name: x if name in HISTOGRAMS else change(x) for name, x in counters.items()})
