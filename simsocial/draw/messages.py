"""Everything random about the messages of a replication, drawn before any engine runs (R18)."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace

import numpy as np

from simsocial.draw.arrivals import plan_arrivals
from simsocial.draw.durations import durations, patience, uniforms_for
from simsocial.draw.initial import (
    before_the_start,
    belonging,
    entered,
    not_noise,
    patience_left,
    plan_initial,
)
from simsocial.draw.outages import plan_held
from simsocial.draw.randomness import Dice, DrawArrivals, Kind, Lineage
from simsocial.draw.steps import choose, draw_needs, draw_steps
from simsocial.draw.technology import draw_dropped
from simsocial.model.alike import said
from simsocial.model.messages import Bools, Messages, StreamMessages, Ticks
from simsocial.model.promises import Measured, Promise
from simsocial.model.scenario import RunSettings, Scenario
from simsocial.model.streams import Part, Stream
from simsocial.units import NEVER


@dataclass(frozen=True, eq=False)
class Plan:
    """What the draws of all replications have in common; make one with :meth:`of`.

    Parameters
    ----------
    scenario
        What the world is, as far as :func:`seen` leaves it.
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
        world = seen(scenario)
        arrivals = tuple(_plan_arrivals(world, number) for number in range(len(world.streams)))
        return cls(world, arrivals, _largest_quality(scenario))

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
        actionable = choose(stream.actionable, dice(stream.drawn_as, Kind.ACTIONABLE), lineage)
        if stream.waiting:
            actionable |= not_noise(lineage, triage=stream.triage is not None)
        dropped = draw_dropped(stream, arrival=arrival, lineage=lineage, actionable=actionable, dice=dice)
        needed = draw_needs(
            stream, route, arrival=arrival, lineage=lineage, actionable=actionable, dropped=dropped, dice=dice
        )
        patience_ends, triage = _patience_ends(stream, arrival, lineage, dice), _triage(stream, lineage, dice)
        if needed.answered is not None:  # R107
            patience_ends, triage = np.where(needed.answered, NEVER, patience_ends), triage * ~needed.answered
        promises = [promise for promise in stream.promises if promise.measured is not Measured.STEP]
        due = _due(promises, self.scenario, number, arrival, actionable, lineage)
        worked = actionable if dropped is None else actionable & ~dropped
        return StreamMessages(
            arrival=arrival,
            patience_ends=patience_ends,
            actionable=worked,
            triage=triage,
            due=due,
            promises=tuple(promise.name for promise in promises),
            steps=draw_steps(
                stream, route, needed, lineage=lineage, actionable=worked, quality=self.quality, dice=dice
            ),
            lost=None if dropped is None else actionable & dropped,
            answered=needed.answered,
            automated=needed.finished_by_a_tool,
        )


def seen(scenario: Scenario) -> Scenario:
    """Return a scenario without all that no message depends on but by :attr:`Plan.quality` (R118)."""
    desk = replace(scenario.desk, rankings=(), teams=())
    return scenario.but(
        name="", desk=desk, teams=(), adoptions=(), interval=1, warmup=0, run=RunSettings(), origin=None
    )


def drawn_by(scenario: Scenario) -> Hashable:
    """Return something that is equal for scenarios which have the same messages in a replication of the same seed."""
    return said(seen(scenario)), _largest_quality(scenario)


def _largest_quality(scenario: Scenario) -> float:
    return max([1.0, *(post.quality * team.worst_quality for team in scenario.teams for post in team.posts)])


def draw_messages(scenario: Scenario, *, seed: int, replication: int) -> Messages:
    """Draw the messages of a single replication; who draws several makes a :class:`Plan` of them, once."""
    return Plan.of(scenario).draw(seed=seed, replication=replication)


def _plan_arrivals(scenario: Scenario, number: int) -> DrawArrivals:
    """Prepare to draw what is there at the start and what arrives, of a split stream one part (R87, R90, R108)."""
    stream = scenario.streams[number]
    outages = [outage for outage in scenario.outages if number in outage.streams]
    arrivals = plan_arrivals(stream.arrivals, stream=stream.drawn_as, start=scenario.start, horizon=scenario.horizon)
    if stream.part is not None:
        arrivals = _part_of(arrivals, stream.part)
    arrivals = plan_held(arrivals, outages, start=scenario.start, horizon=scenario.horizon)
    return _behind(plan_initial(stream), arrivals) if stream.waiting else arrivals


def _part_of(whole: DrawArrivals, part: Part) -> DrawArrivals:
    def draw(dice: Dice) -> tuple[Ticks, Lineage]:
        arrival, lineage = whole(dice)
        mine = belonging(part, lineage, dice)
        return arrival[mine], lineage.take(mine)

    return draw


def _behind(initial: DrawArrivals, arrivals: DrawArrivals) -> DrawArrivals:
    def draw(dice: Dice) -> tuple[Ticks, Lineage]:
        (there, first), (arrival, second) = initial(dice), arrivals(dice)
        return np.concatenate([there, arrival]), Lineage.joined(first, second)

    return draw


def _patience_ends(stream: Stream, arrival: Ticks, lineage: Lineage, dice: Dice) -> Ticks:
    law = stream.patience
    if law is None:
        return np.full(len(arrival), NEVER)
    uniforms = uniforms_for(law, dice(stream.drawn_as, Kind.PATIENCE), lineage)
    ends = arrival + patience(law, uniforms)
    return patience_left(law, uniforms, ends, arrival, lineage) if stream.waiting else ends


def _triage(stream: Stream, lineage: Lineage, dice: Dice) -> Ticks:
    if stream.triage is None:
        return np.zeros(len(lineage), dtype=np.int64)
    triage = durations(stream.triage, uniforms_for(stream.triage, dice(stream.drawn_as, Kind.TRIAGE), lineage))
    return triage * (entered(lineage) == 0) if stream.waiting else triage


def _due(
    promises: list[Promise], scenario: Scenario, number: int, arrival: Ticks, actionable: Bools, lineage: Lineage
) -> Ticks:
    """Return the due instants of R6, shape (promises, messages); noise is due never (R8)."""
    stream, route = scenario.streams[number], scenario.desk.routes[number]
    due = np.full((len(promises), len(arrival)), NEVER)
    for row, promise in enumerate(promises):
        owing = actionable & ~before_the_start(promise, route, lineage) if stream.waiting else actionable
        owed = np.flatnonzero(owing)
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
