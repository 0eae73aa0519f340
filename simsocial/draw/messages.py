"""Everything random about the messages of a replication, drawn before any engine runs (R18)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simsocial.draw.arrivals import plan_arrivals
from simsocial.draw.durations import durations, patience, uniforms_for
from simsocial.draw.randomness import Dice, DrawArrivals, Kind, Lineage
from simsocial.draw.steps import choose, draw_steps
from simsocial.model.messages import Bools, Messages, StreamMessages, Ticks
from simsocial.model.scenario import Measured, Promise, Scenario, Stream
from simsocial.units import NEVER


@dataclass(frozen=True, eq=False)
class Plan:
    """What the draws of all replications have in common; make one with :meth:`of`.

    Parameters
    ----------
    scenario
        What the world is.
    arrivals
        How to draw them, per stream.
    quality
        The largest quality that any work can have.
    """

    scenario: Scenario
    arrivals: tuple[DrawArrivals, ...]
    quality: float

    @classmethod
    def of(cls, scenario: Scenario) -> Plan:
        """Prepare to draw the messages of a scenario."""
        arrivals = tuple(
            plan_arrivals(stream.arrivals, stream=stream.name, start=scenario.start, horizon=scenario.horizon)
            for stream in scenario.streams
        )
        quality = max([1.0, *(post.quality for team in scenario.teams for post in team.posts)])
        return cls(scenario, arrivals, quality)

    def draw(self, *, seed: int, replication: int) -> Messages:
        """Draw the messages of one replication; none other needs to be drawn before it.

        Parameters
        ----------
        seed
            Not negative.
        replication
            Counted from 0.

        Returns
        -------
        Messages
            Per stream, sorted by arrival, then by week, branch and index of the addresses. Work is drawn for the
            visits that an actionable message may make; in ``first`` it is 0 where it cannot come to the step's own
            queue.
        """
        dice = Dice(seed, replication)
        return Messages(tuple(self._stream(number, dice) for number in range(len(self.arrivals))))

    def _stream(self, number: int, dice: Dice) -> StreamMessages:
        stream, route = self.scenario.streams[number], self.scenario.desk.routes[number]
        arrival, lineage = self.arrivals[number](dice)
        actionable = choose(stream.actionable, dice(stream.name, Kind.ACTIONABLE), lineage)
        promises = [promise for promise in stream.promises if promise.measured is not Measured.STEP]
        return StreamMessages(
            arrival=arrival,
            patience_ends=_patience_ends(stream, arrival, lineage, dice),
            actionable=actionable,
            triage=_triage(stream, lineage, dice),
            due=_due(promises, self.scenario, arrival, actionable),
            promises=tuple(promise.name for promise in promises),
            steps=draw_steps(stream, route, lineage=lineage, actionable=actionable, quality=self.quality, dice=dice),
        )


def draw_messages(scenario: Scenario, *, seed: int, replication: int) -> Messages:
    """Draw the messages of a single replication; who draws several makes a :class:`Plan` of them, once."""
    return Plan.of(scenario).draw(seed=seed, replication=replication)


def _patience_ends(stream: Stream, arrival: Ticks, lineage: Lineage, dice: Dice) -> Ticks:
    if stream.patience is None:
        return np.full(len(arrival), NEVER)
    return arrival + patience(stream.patience, uniforms_for(stream.patience, dice(stream.name, Kind.PATIENCE), lineage))


def _triage(stream: Stream, lineage: Lineage, dice: Dice) -> Ticks:
    if stream.triage is None:
        return np.zeros(len(lineage), dtype=np.int64)
    return durations(stream.triage, uniforms_for(stream.triage, dice(stream.name, Kind.TRIAGE), lineage))


def _due(promises: list[Promise], scenario: Scenario, arrival: Ticks, actionable: Bools) -> Ticks:
    """Return the due instants of R6, shape (promises, messages); noise is due never (R8)."""
    due = np.full((len(promises), len(arrival)), NEVER)
    owed = np.flatnonzero(actionable)
    for row, promise in enumerate(promises):
        due[row, owed] = _due_instants(promise, scenario, arrival[owed])
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
