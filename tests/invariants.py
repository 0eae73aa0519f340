"""What must hold in every log, whatever the case (R22–R41); each invariant asserts it of a story."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Final, NamedTuple

from told import Engine, compiled
from worked import World

from simsocial.model.desk import AUTHOR, Desk, RouteStep
from simsocial.model.log import Log, MessageOutcome, VisitOutcome, Visits
from simsocial.model.messages import Messages, StreamMessages
from simsocial.model.roster import Roster
from simsocial.units import NEVER


class Row(NamedTuple):
    """A row of ``Visits``."""

    stream: int
    message: int
    step: int
    queue: int
    visit: int
    team: int
    agent: int
    slot: int
    joined: int
    start: int
    end: int
    work: int
    outcome: int


@dataclass(frozen=True)
class Story:
    """A case and its log."""

    desk: Desk
    messages: Messages
    roster: Roster
    log: Log

    @classmethod
    def of(cls, engine: Engine, world: World) -> Story:
        desk, messages, roster = compiled(world)
        return cls(desk, messages, roster, engine(desk, messages, roster))

    @property
    def rows(self) -> list[Row]:
        columns = (getattr(self.log.visits, field.name).tolist() for field in fields(Visits))
        return [Row(*values) for values in zip(*columns, strict=True)]

    def drawn(self, row: Row) -> StreamMessages:
        return self.messages.streams[row.stream]

    def step(self, row: Row) -> RouteStep:
        return self.desk.routes[row.stream].steps[row.step]

    def expiry(self, row: Row) -> int:
        return int(self.drawn(row).arrival[row.message]) + self.step(row).expires_after

    def patience(self, row: Row) -> int:
        return int(self.drawn(row).patience_ends[row.message])

    def ways(self) -> Iterator[tuple[int, int, list[Row]]]:
        """Every message (stream, index) with its visits, in order."""
        rows = self.rows
        for stream, drawn in enumerate(self.messages.streams):
            for index in range(len(drawn)):
                yield stream, index, [row for row in rows if (row.stream, row.message) == (stream, index)]

    def on_duty(self, tick: int) -> dict[int, frozenset[int]]:
        """Queues that each agent on duty serves."""
        there = (self.roster.start <= tick) & (tick < self.roster.end)
        serves = zip(self.roster.agent[there].tolist(), self.roster.serves[there].tolist(), strict=True)
        return {agent: self.desk.rankings[ranking].queues for agent, ranking in serves}

    def waits(self, row: Row) -> bool:
        """Whether it stood in its queue at all: it is served by somebody, and did not come too late."""
        return not self.step(row).nobody and row.joined <= self.expiry(row)


ENDS: Final[Mapping[int, tuple[MessageOutcome, ...]]] = {
    VisitOutcome.DONE: (MessageOutcome.HANDLED,),
    VisitOutcome.PASSED: (MessageOutcome.HANDLED,),
    VisitOutcome.REJECTED: (MessageOutcome.WITHDRAWN, MessageOutcome.PENDING),  # pending: with the author
    VisitOutcome.NOISE: (MessageOutcome.NOISE,),
    VisitOutcome.ABANDONED: (MessageOutcome.ABANDONED,),
    VisitOutcome.EXPIRED: (MessageOutcome.EXPIRED,),
    VisitOutcome.WAITING: (MessageOutcome.PENDING,),
    VisitOutcome.IN_SERVICE: (MessageOutcome.PENDING,),
}


def every_message_is_accounted_for(story: Story) -> None:
    """R41, R17: its fate is that of its last visit, at the end of that visit; noise is noise or pending."""
    for stream, index, rows in story.ways():
        fates, drawn = story.log.fates[stream], story.messages.streams[stream]
        outcome, ended = fates.outcome[index], fates.ended[index]
        assert (ended == NEVER) == (outcome == MessageOutcome.PENDING)
        if not drawn.actionable[index]:
            assert outcome in (MessageOutcome.NOISE, MessageOutcome.PENDING)
        elif rows:
            assert outcome in ENDS[rows[-1].outcome]
        else:
            assert outcome == MessageOutcome.HANDLED
        if ended != NEVER:
            assert ended == (rows[-1].end if rows else max(drawn.arrival[index], 0))


def everything_happens_in_time(story: Story) -> None:
    """R2, R40: nothing happens at the horizon or after it, work takes a tick at least, outcomes say what happened."""
    for row in story.rows:
        began, over = row.start < NEVER, row.end < NEVER
        assert row.joined < story.desk.horizon
        assert not began or row.joined <= row.start < story.desk.horizon
        assert not over or row.joined <= row.end < story.desk.horizon
        assert not (began and over) or row.start < row.end
        assert began == (row.outcome not in (VisitOutcome.ABANDONED, VisitOutcome.EXPIRED, VisitOutcome.WAITING))
        assert over == (row.outcome not in (VisitOutcome.WAITING, VisitOutcome.IN_SERVICE))


def no_slot_is_in_two_places(story: Story) -> None:
    """R35, R39: a slot ends one work before it begins the next."""
    served = sorted((row.agent, row.slot, row.start, row.end) for row in story.rows if row.agent >= 0)
    for (*before, _, end), (*after, start, _) in pairwise(served):
        assert before != after or end <= start
    assert all(slot < story.roster.slots[agent] for agent, slot, _, _ in served)


def work_begins_on_duty(story: Story) -> None:
    """R30, R39: whoever begins a visit is in a window whose ranking has its queue."""
    for row in story.rows:
        if row.agent >= 0:
            assert row.queue in story.on_duty(row.start).get(row.agent, ())
            assert row.team == story.roster.team[row.agent]


def queues_are_served_in_order(story: Story) -> None:
    """R31: while a visit waits, none that joined its queue later (or then, with a higher index) begins."""
    waiting = sorted(
        (row for row in story.rows if story.waits(row)), key=lambda row: (row.queue, row.joined, row.message)
    )
    for place, first in enumerate(waiting):
        for later in waiting[place + 1 :]:
            if later.queue == first.queue and first.start > later.start:
                assert later.start == NEVER or first.end < later.start  # it had left, and not at that tick


def nobody_is_idle_while_work_waits(story: Story) -> None:
    """R37: after any tick no slot on duty is free while a visit waits that its agent serves."""
    rows = story.rows
    for tick in range(story.desk.horizon):
        waiting = {row.queue for row in rows if story.waits(row) and row.joined <= tick < min(row.start, row.end)}
        at_work = {(row.agent, row.slot) for row in rows if row.start <= tick < row.end}
        for agent, queues in story.on_duty(tick).items():
            slots = {(agent, slot) for slot in range(story.roster.slots[agent])}
            assert slots <= at_work or not queues & waiting


def patience_is_respected(story: Story) -> None:
    """R26: a first visit begins by the end of patience or leaves then; patience ends no other."""
    for _, _, rows in story.ways():
        for number, row in enumerate(rows):
            if number == 0 and not story.step(row).nobody:
                assert min(row.start, row.end) <= story.patience(row) or story.desk.horizon <= story.patience(row)
            if row.outcome == VisitOutcome.ABANDONED:
                assert number == 0
                assert row.end == story.patience(row)


def expiry_is_respected(story: Story) -> None:
    """R26: no visit begins after the expiry of its step; one that waits leaves then, one that comes later at once."""
    for row in story.rows:
        expiry = story.expiry(row)
        if row.start < NEVER:
            assert row.start <= expiry
        elif row.outcome == VisitOutcome.EXPIRED:
            assert row.end == max(row.joined, expiry)
        elif row.outcome == VisitOutcome.WAITING:
            assert expiry >= story.desk.horizon


def visits_follow_the_route(story: Story) -> None:
    """R22, R25: one visit after another: the next needed step, or where a rejection leads; and each at its time."""
    for stream, index, rows in story.ways():
        steps, drawn = story.desk.routes[stream].steps, story.messages.streams[stream]
        needed = [number for number in range(len(steps)) if drawn.steps[number].needs[index]]
        if drawn.actionable[index] or story.desk.routes[stream].triage:
            first = [(step, max(drawn.arrival[index], 0)) for step in needed[:1]]  # R87
            assert [(row.step, row.joined) for row in rows[:1]] == first
        if needed and story.log.fates[stream].outcome[index] == MessageOutcome.HANDLED:
            assert rows[-1].step >= needed[-1]
        for before, after in pairwise(rows):
            review, delay = steps[before.step].review, 0
            step, queue = next(((n, steps[n].queue) for n in needed if n > before.step), (None, None))
            if before.outcome == VisitOutcome.REJECTED:
                assert review is not None
                assert before.visit < review.max_rounds
                step, queue = review.returns_to, steps[review.returns_to].rework_queue
                if review.returns_to == AUTHOR:
                    step, queue = before.step, steps[before.step].queue
                    delays = drawn.steps[before.step].author_delay
                    assert delays is not None
                    delay = int(delays.at(before.visit, index))  # type: ignore[arg-type]
            assert (after.step, after.queue, after.joined) == (step, queue, before.end + delay)


Invariant = Callable[[Story], None]
INVARIANTS: Final[tuple[Invariant, ...]] = (
    every_message_is_accounted_for,
    everything_happens_in_time,
    no_slot_is_in_two_places,
    work_begins_on_duty,
    queues_are_served_in_order,
    nobody_is_idle_while_work_waits,
    patience_is_respected,
    expiry_is_respected,
    visits_follow_the_route,
)
