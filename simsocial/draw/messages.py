"""Everything random about the messages of a replication, drawn before any engine runs (R18)."""

from __future__ import annotations

import numpy as np

from simsocial.draw.arrivals import draw_arrivals
from simsocial.draw.durations import durations, patience
from simsocial.draw.randomness import Dice, Kind, Lineage
from simsocial.draw.steps import choose, draw_steps
from simsocial.model.messages import Bools, Messages, StreamMessages, Ticks
from simsocial.model.scenario import Measured, Promise, Scenario, Stream
from simsocial.units import NEVER


def draw_messages(scenario: Scenario, *, seed: int, replication: int) -> Messages:
    """Draw the messages of one replication; none other needs to be drawn before it.

    Parameters
    ----------
    scenario
        What the world is.
    seed
        Not negative.
    replication
        Counted from 0.

    Returns
    -------
    Messages
        Per stream, sorted by arrival, then by week, branch and index of the addresses. Work is drawn for the
        visits that an actionable message may make; in ``first`` it is 0 where it cannot come to the step's own queue.
    """
    dice = Dice(seed, replication)
    quality = max([1.0, *(shift.quality for team in scenario.teams for shift in team.shifts)])
    return Messages(tuple(_draw_stream(scenario, number, quality, dice) for number in range(len(scenario.streams))))


def _draw_stream(scenario: Scenario, number: int, quality: float, dice: Dice) -> StreamMessages:
    stream, route = scenario.streams[number], scenario.desk.routes[number]
    arrival, lineage = draw_arrivals(
        stream.arrivals, stream=stream.name, start=scenario.start, horizon=scenario.horizon, dice=dice
    )
    actionable = choose(stream.actionable, dice(stream.name, Kind.ACTIONABLE), lineage)
    promises = [promise for promise in stream.promises if promise.measured is not Measured.STEP]
    return StreamMessages(
        arrival=arrival,
        patience_ends=_patience_ends(stream, arrival, lineage, dice),
        actionable=actionable,
        triage=_triage(stream, lineage, dice),
        due=_due(promises, scenario, arrival, actionable),
        promises=tuple(promise.name for promise in promises),
        steps=draw_steps(stream, route, lineage=lineage, actionable=actionable, quality=quality, dice=dice),
    )


def _patience_ends(stream: Stream, arrival: Ticks, lineage: Lineage, dice: Dice) -> Ticks:
    if stream.patience is None:
        return np.full(len(arrival), NEVER)
    return arrival + patience(stream.patience, dice(stream.name, Kind.PATIENCE).of(lineage))


def _triage(stream: Stream, lineage: Lineage, dice: Dice) -> Ticks:
    if stream.triage is None:
        return np.zeros(len(lineage), dtype=np.int64)
    return durations(stream.triage, dice(stream.name, Kind.TRIAGE).of(lineage))


def _due(promises: list[Promise], scenario: Scenario, arrival: Ticks, actionable: Bools) -> Ticks:
    """Return the due instants of R6, shape (promises, messages); noise is due never (R8)."""
    due = np.full((len(promises), len(arrival)), NEVER)
    for row, promise in enumerate(promises):
        due[row, actionable] = _due_instants(promise, scenario, arrival[actionable])
    return due


def _due_instants(promise: Promise, scenario: Scenario, arrival: Ticks) -> Ticks:
    if promise.calendar is None:
        assert promise.within is not None, "R5: an end of business day needs a calendar"
        return arrival + promise.within
    calendar = scenario.calendars[promise.calendar]
    if promise.end_of_day is not None:
        return calendar.end_of_day(arrival, promise.end_of_day)
    assert promise.within is not None
    return calendar.due(arrival, promise.within)
