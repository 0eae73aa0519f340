"""Tallies: logs reduced to exact integer counters by bucket of time (R42)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simsocial.measure.tally.careers import career_counts
from simsocial.measure.tally.promises import promise_counts
from simsocial.measure.tally.queues import flows, queue_counts
from simsocial.measure.tally.replications import Replications
from simsocial.measure.tally.streams import stream_counts
from simsocial.measure.tally.teams import team_times
from simsocial.model.calendar import Calendar
from simsocial.model.cells import Buckets, Ticks
from simsocial.model.log import Log, Logs
from simsocial.model.messages import Messages
from simsocial.model.roster import Roster
from simsocial.model.scenario import Scenario
from simsocial.model.tallies import Tallies


def tally(scenario: Scenario, messages: Messages, roster: Roster, log: Log, buckets: Buckets) -> Tallies:
    """Count what happened in one replication; see :func:`tally_several`."""
    return tally_several(scenario, [messages], [roster], Logs.of(log), buckets).alone(0)


def tally_several(
    scenario: Scenario, messages: Sequence[Messages], rosters: Sequence[Roster], logs: Logs, buckets: Buckets
) -> Tallies:
    """Count what happened in each of several replications.

    Parameters
    ----------
    scenario
        What was simulated.
    messages, rosters
        One of each per replication.
    logs
        What an engine made of them.
    buckets
        From :func:`buckets`.

    Returns
    -------
    Tallies
        By replication. Exact: every engine must come to the same numbers.
    """
    replications = Replications(scenario, messages, rosters, logs, buckets)
    return Tallies(
        edges=buckets.edges,
        flows=flows(replications),
        queues=queue_counts(replications),
        streams=stream_counts(replications),
        promises=promise_counts(replications),
        teams=team_times(replications),
        careers=career_counts(replications),
    )


def buckets(scenario: Scenario) -> Buckets:
    """Return the buckets in which a run of ``scenario`` is counted."""
    return Buckets(edges(scenario))


def edges(scenario: Scenario) -> Ticks:
    """Return the edges of the buckets in which a run of ``scenario`` is counted.

    They are the edges of the reporting intervals and of the dates, the warm-up, one tick after every checkpoint of
    every calendar and after midnight (R48: what happens at the checkpoint's own tick is before it), the horizon, and
    one tick after it (a promise due at the horizon is booked, R8).

    Returns
    -------
    ndarray
        Shape (buckets + 1,), ticks, ascending from 0.
    """
    horizon = scenario.horizon
    midnights = Calendar.around_the_clock(start=scenario.start, until=horizon).checkpoints(horizon)
    checkpoints = [calendar.checkpoints(horizon) for calendar in scenario.calendars]
    inside = np.concatenate(
        [
            np.arange(0, horizon, scenario.interval),
            [scenario.warmup],
            midnights,
            *(marks + 1 for marks in [midnights, *checkpoints]),
        ]
    )
    return np.append(np.unique(inside[inside < horizon]), [horizon, horizon + 1])
