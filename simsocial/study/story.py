"""The story of one message in words: each visit in a line, and what became of it."""

from __future__ import annotations

import numpy as np

from simsocial.model.log import MessageOutcome, VisitOutcome
from simsocial.model.scenario import Scenario
from simsocial.simulation.trace import Trace
from simsocial.units import NEVER


def story(scenario: Scenario, trace: Trace, stream: int, message: int) -> list[str]:
    """Return what happened to a message; agents count from 0 in their team (R62).

    Parameters
    ----------
    scenario
        What was simulated; it tells the dates of ticks.
    trace
        Of a replication.
    stream, message
        Indexes.
    """
    visits, fates = trace.log.visits, trace.log.fates[stream]
    rows = np.flatnonzero((visits.stream == stream) & (visits.message == message))
    outcome = MessageOutcome(fates.outcome[message]).name.lower()
    return [
        f"arrived {_when(scenario, trace.given.streams[stream].arrival[message])}",
        *(_visit(scenario, trace, row) for row in rows.tolist()),
        f"{outcome} {_when(scenario, fates.ended[message])}, published {_when(scenario, fates.published[message])}",
    ]


def _visit(scenario: Scenario, trace: Trace, row: int) -> str:
    visits = trace.log.visits
    instants = (f"{name} {_when(scenario, getattr(visits, name)[row])}" for name in ("joined", "start", "end"))
    return (
        f"{trace.desk.queues[visits.queue[row]].name}, visit {visits.visit[row]}: {', '.join(instants)}, "
        f"{_agent(trace, row)}, {VisitOutcome(visits.outcome[row]).name.lower()}"
    )


def _agent(trace: Trace, row: int) -> str:
    visits = trace.log.visits
    agent, team = int(visits.agent[row]), int(visits.team[row])
    if agent < 0:
        return "no agent"
    inside = agent - int(np.searchsorted(trace.roster.team, team))
    slot = f" slot {visits.slot[row]}" if trace.roster.slots[agent] > 1 else ""
    return f"agent {inside}{slot} of {trace.desk.teams[team]}"


def _when(scenario: Scenario, tick: int) -> str:
    return "never" if tick == NEVER else scenario.when(tick).isoformat(sep=" ", timespec="milliseconds")
