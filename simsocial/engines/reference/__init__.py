"""The reference engine: one replication in SimPy, each message a process, written to be read.

It knows windows, queues and drawn values; nothing of calendars, laws or training. Its log is the meaning of the model's
rules (``docs/model.md``, R22–R41).
"""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from typing import Any

import numpy as np
import simpy

from simsocial.engines.reference.clock import Clock, Moment, Phase
from simsocial.engines.reference.lines import Item, Lines, Visit, items
from simsocial.engines.reference.people import OFF_DUTY, People, Slot
from simsocial.engines.reference.record import Record
from simsocial.model.desk import AUTHOR, OUTSIDE, Desk
from simsocial.model.log import Log, MessageOutcome, VisitOutcome
from simsocial.model.messages import Messages, PerVisit
from simsocial.model.piecewise import Piecewise
from simsocial.model.roster import Roster

GONE = {
    VisitOutcome.ABANDONED: MessageOutcome.ABANDONED,
    VisitOutcome.EXPIRED: MessageOutcome.EXPIRED,
    VisitOutcome.NOISE: MessageOutcome.NOISE,
}
"""Ends of a visit that end the message's way."""


def simulate(desk: Desk, messages: Messages, roster: Roster) -> Log:
    """Let the messages meet the roster.

    Parameters
    ----------
    desk
        Queues, routes, rankings and horizon.
    messages
        What was drawn for every message, one entry per route of ``desk``.
    roster
        Who is on duty when.

    Returns
    -------
    Log
        Every visit and every message's fate before the horizon.
    """
    return _Simulation(desk, messages, roster).run()


Life = Generator[Moment, None, None]
"""What a message does, written as a SimPy process: it yields the moments for which it waits."""


class _Simulation:
    """One replication: the clock, the people, the queues, and what connects them."""

    def __init__(self, desk: Desk, messages: Messages, roster: Roster) -> None:
        self.desk = desk
        self.messages = messages
        self.clock = Clock(desk.horizon)
        self.people = People(self.clock, desk, roster)
        self.lines = Lines(desk)
        self.record = Record(messages)
        self.serves = [ranking.queues for ranking in desk.rankings]
        self.unfinished: dict[Visit, None] = {}
        self.newcomers: list[Visit] = []
        self.dispatched_at = -1

    def run(self) -> Log:
        for stream in range(len(self.messages.streams)):
            self.clock.process(self._arrivals(stream))
        for agent in self.people.agents:
            self.clock.process(self.people.duty(agent, self._ask_dispatch))
        self.clock.run()
        for visit in self.unfinished:
            self.record.visit(visit)
        return self.record.log()

    # ---- a message's way along its route ------------------------------------------------------------------------

    def _arrivals(self, stream: int) -> Generator[simpy.Event, None, None]:
        """Bring each message of a stream to the desk; untriaged noise never joins (R17)."""
        route = self.desk.routes[stream]
        for item in items(stream, route, self.messages.streams[stream]):
            yield self.clock.wait(max(item.arrival, 0), Phase.EFFECT)  # R87
            if route.triage or item.actionable:
                self._follow(self._life(item))
            else:
                self._ends(item, MessageOutcome.NOISE)

    def _follow(self, life: Life, _: simpy.Event | None = None) -> None:
        """Let a message live until its next wait; a SimPy process would do the same with two more events a message."""
        moment = next(life, None)
        if moment is not None:
            moment.callbacks.append(partial(self._follow, life))

    def _life(self, item: Item) -> Life:
        """Take one message along its route, visit after visit, until it is handled or gone (R22–R26)."""
        where, rework = self._go_on(item, 0), None
        while where < len(item.route.steps):
            visit = self._join(item, where, rework)
            yield visit
            if visit.outcome in GONE:
                return self._ends(item, GONE[visit.outcome])
            review = item.route.steps[where].review
            if review is None or visit.outcome is VisitOutcome.PASSED:
                where, rework = self._go_on(item, where + 1), None
            elif visit.number >= review.max_rounds:
                return self._ends(item, MessageOutcome.WITHDRAWN)  # R25
            elif review.returns_to == AUTHOR:
                yield self._corrected_by_author(visit, review.judges)
                rework = None
            else:
                rework = _drawn(item.drawn.steps[where].rework, visit.number, item.index)
                where = review.returns_to
        return self._ends(item, MessageOutcome.HANDLED)

    def _go_on(self, item: Item, where: int) -> int:
        """Return the first step from ``where`` on that the message needs, publishing it on the way (R24)."""
        while where < len(item.route.steps) and not item.drawn.steps[where].needs.item(item.index):
            where += 1
        if where > item.route.published_after and item.actionable:
            self.record.publish(item.stream, item.index, self.clock.now)
        return where

    def _corrected_by_author(self, visit: Visit, judges: int) -> Moment:
        """Return the moment at which the author's correction, of quality 1 (R23), comes back."""
        item = visit.item
        if judges != OUTSIDE:
            item.quality[judges] = 1.0
        delay = _drawn(item.drawn.steps[visit.where].author_delay, visit.number, item.index)
        return self.clock.wait(self.clock.now + delay, Phase.EFFECT)

    def _ends(self, item: Item, outcome: MessageOutcome) -> None:
        fate = outcome if item.actionable else MessageOutcome.NOISE  # R17: noise is noise however it leaves
        self.record.fate(item.stream, item.index, fate, self.clock.now)

    # ---- a visit: joining, leaving, starting, ending ------------------------------------------------------------

    def _join(self, item: Item, where: int, rework: int | None) -> Visit:
        """Let the message join the step's queue, or its rework queue with ``rework`` ticks of work."""
        step = item.route.steps[where]
        first = not any(item.visits)
        item.visits[where] += 1
        if rework is None:
            item.own_visits[where] += 1
            visit = Visit(self.clock, item, where, step.queue, _own_work(item, where, first), first)
        else:
            visit = Visit(self.clock, item, where, step.rework_queue, rework, first)
        self.unfinished[visit] = None
        self._wait(visit)
        return visit

    def _wait(self, visit: Visit) -> None:
        """Queue a visit that somebody serves; it leaves when patience or expiry ends, at once if that is over (R26)."""
        if visit.leaves < visit.joined:
            self._leave(visit)
        elif visit.step.nobody:
            self._begin(visit, pace=1.0, quality=1.0)  # R28
        else:
            self.lines.join(visit)
            if self.people.anyone_idle(visit.queue):
                self._ask_dispatch()
                self.newcomers.append(visit)  # most of them start in this very tick and never need to leave
            else:
                self._plan_leaving(visit)

    def _plan_leaving(self, visit: Visit) -> None:
        if visit.leaves < self.clock.horizon:
            self.clock.call(partial(self._leave, visit), visit.leaves, Phase.LEAVE)

    def _leave(self, visit: Visit, _: simpy.Event | None = None) -> None:
        """Let a visit that still waits leave its queue."""
        if visit.waiting:
            visit.end, visit.outcome = self.clock.now, visit.will_be
            self._close(visit)
            self.clock.plan(visit, visit.end, Phase.LEAVE)

    def _ask_dispatch(self) -> None:
        """Have dispatch run once in this tick, after everything else has taken effect (R36)."""
        if self.dispatched_at != self.clock.now:
            self.dispatched_at = self.clock.now
            self.clock.call(self._dispatch, self.clock.now, Phase.DISPATCH)

    def _dispatch(self, _: simpy.Event) -> None:
        """Start visits until nothing can start; a start lets no ranking before it name anything (R37)."""
        for index, ranking in enumerate(self.desk.rankings):
            while self.people.longest_idle(index) and (visit := self.lines.named(ranking.groups)):
                self._serve(visit, self.people.chosen(visit.queue, visit.step.prefer))
        for visit in self.newcomers:
            if visit.waiting:
                self._plan_leaving(visit)
        self.newcomers.clear()

    def _serve(self, visit: Visit, slot: Slot) -> None:
        slot.free, visit.slot = False, slot
        self._begin(visit, pace=slot.agent.pace, quality=slot.agent.quality)

    def _begin(self, visit: Visit, *, pace: float, quality: float) -> None:
        """Start the work; its end and its outcome are known from here on (R23, R29, R40)."""
        now, step = self.clock.now, visit.step
        ticks = max(1, round(visit.work * pace * _in_force(step.work_factor, now)))
        end = visit.slot.agent.duty_end(now, ticks) if visit.slot and step.suspend else now + ticks
        visit.start, visit.outcome = now, VisitOutcome.IN_SERVICE
        visit.item.quality[visit.where] = quality
        visit.will_be = _outcome(visit)
        visit.callbacks.insert(0, self._finish)  # the slot is free before the message goes on
        self.clock.plan(visit, end, Phase.EFFECT)

    def _finish(self, visit: simpy.Event) -> None:
        assert isinstance(visit, Visit)
        visit.end, visit.outcome = self.clock.now, visit.will_be
        self._close(visit)
        if slot := visit.slot:
            slot.free, slot.freed = True, visit.end
            self.people.offer(slot)
            if slot.agent.ranking != OFF_DUTY and self.lines.anyone(self.serves[slot.agent.ranking]):
                self._ask_dispatch()

    def _close(self, visit: Visit) -> None:
        del self.unfinished[visit]
        self.record.visit(visit)


def _own_work(item: Item, where: int, first: bool) -> int:
    """Return the drawn work of a visit to the step's own queue, triage included at the first (R17, R40)."""
    triage: int = item.drawn.triage.item(item.index) if first else 0
    if not item.actionable:
        return triage
    work: int = _drawn(item.drawn.steps[where].work, item.own_visits[where], item.index)
    return triage + work


def _outcome(visit: Visit) -> VisitOutcome:
    """Return how a visit will end, as of its start (R23)."""
    item, review = visit.item, visit.step.review
    if not item.actionable:
        return VisitOutcome.NOISE
    if review is None:
        return VisitOutcome.DONE
    uniform = _drawn(item.drawn.steps[visit.where].reject, visit.number, item.index)
    chance = review.reject * _in_force(visit.step.reject_factor, visit.start)
    quality = 1.0 if review.judges == OUTSIDE else item.quality[review.judges]
    return VisitOutcome.REJECTED if chance > 0 and uniform / chance < quality else VisitOutcome.PASSED


def _drawn(values: PerVisit | None, visit: int, message: int) -> Any:
    """Return one drawn value as a plain number."""
    assert values is not None, "R18: a value that was not drawn"
    return values.first.item(message) if visit == 1 else values.at(visit, np.array(message)).item()


def _in_force(factor: Piecewise, now: int) -> float:
    return factor.values.item(0) if factor.is_constant else factor.at(now).item()
