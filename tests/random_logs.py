"""Random logs on a small grid of times: ways of messages that no engine need have made, with every outcome in them."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
from builders import MONDAY, ReviewSpec, StepSpec, StreamSpec, TeamSpec, at, scenario

from simsocial.model.away import Away, Meeting
from simsocial.model.calendar import Calendar
from simsocial.model.careers import Career, Stage
from simsocial.model.desk import AUTHOR, When
from simsocial.model.laws import Deterministic
from simsocial.model.log import Fates, Log, MessageOutcome, VisitOutcome, Visits
from simsocial.model.messages import Messages, PerVisit, StepDraws, StreamMessages
from simsocial.model.outages import Dated, Outage
from simsocial.model.piecewise import Piecewise
from simsocial.model.promises import Measured, Promise
from simsocial.model.roster import STAGES, TWIN, Roster
from simsocial.model.scenario import Scenario
from simsocial.units import MONTH, NEVER

HORIZON = 90
OPEN = (10, 40)
MEETING = Meeting("weekly", ((0, 1),))
"""So that all time away is told of its team; the rosters are made without it."""
"""Open ticks of the calendar on the only day that fits; the next one is far beyond the horizon."""


@dataclass(frozen=True)
class Case:
    """A replication: what was to happen, and what is said to have happened."""

    scenario: Scenario
    messages: Messages
    roster: Roster
    log: Log


def random_case(random: Random) -> Case:
    world = random_scenario(random)
    roster = _roster(random)
    streams, fates, rows = [], [], []
    for stream in range(len(world.streams)):
        drawn = _messages(random, world, stream)
        ways = [_Way(random, world, roster, drawn, stream, index).walk() for index in range(len(drawn))]
        streams.append(drawn)
        fates.append(Fates(*np.array([way.fate for way in ways], np.int64).reshape(-1, 3).T))
        rows += [row for way in ways for row in way.rows]
    visits = Visits(*np.array(rows, np.int64).reshape(-1, 13).T)
    return Case(world, Messages(tuple(streams)), roster, Log(visits, tuple(fates)))


def full_case() -> Case:
    """Return a random case with visits to every step, and some that wait for long."""
    for case in map(random_case, map(Random, range(500))):
        visits = case.log.visits
        steps = set(zip(visits.stream.tolist(), visits.step.tolist(), strict=True))
        late = (
            (visits.stream == 0) & (visits.step == 0) & (visits.joined < 60) & (visits.start >= 60) & (visits.end >= 60)
        )
        if len(steps) == 5 and late.any():
            return case
    raise AssertionError("no such case")


def random_scenario(random: Random) -> Scenario:
    one = Deterministic(1)
    factor = Piecewise(np.array([0, 25, 35]), np.array([1.0, 0.0, 2.0]))
    to_author = ReviewSpec(0.5, "author", author_delay=one, max_rounds=3)
    to_write = ReviewSpec(0.5, "write", rework=one, when=When.AFTER, max_rounds=3)
    late_author = ReviewSpec(0.5, "author", author_delay=one, when=When.AFTER, max_rounds=2)
    posts = StreamSpec(
        "posts",
        at(),
        (
            StepSpec("write", one, share=0.9, nobody=random.random() < 0.3),
            StepSpec("check", one, share=0.9, review=to_author),
            StepSpec("audit", one, share=0.4, review=to_write, reject_factor=factor),
        ),
        promises=(
            Promise("pickup", Measured.PICKUP, 0, 9, None, 0.8, None, grace=3),
            Promise("publication", Measured.PUBLICATION, 1, 20, None, 0.8, None, grace=5),
            Promise("completion", Measured.COMPLETION, 2, 30, None, 0.8, None),
            Promise("check", Measured.STEP, 1, 7, None, 0.8, None, grace=2),
            Promise("write", Measured.STEP, 0, 6, None, 0.8, 0),
        ),
        actionable=0.8,
        triage=one,
    )
    questions = StreamSpec(
        "questions",
        at(),
        (StepSpec("answer", one, suspend=True), StepSpec("look", one, share=0.5, nobody=True, review=late_author)),
        promises=(
            Promise("first_response", Measured.FIRST_RESPONSE, 0, 15, None, 0.8, None),
            Promise("answer", Measured.STEP, 0, None, 0, 0.8, 0),
        ),
        actionable=0.8,
    )
    day = Calendar.compile("day", start=MONDAY, hours=(OPEN,), until=HORIZON)
    world = scenario(
        posts,
        questions,
        teams=tuple(
            TeamSpec(name, agents, meetings=(MEETING,), career=Career())
            for name, agents in (("desk", 2), ("seniors", 1))
        ),
        horizon=HORIZON,
        calendars=(day,),
        interval=random.choice([7, 20, 90]),
        warmup=random.choice([0, 0, 13]),
    )
    return world.but(outages=(Outage("tool", Dated(0, 1), teams=frozenset({0, 1})),))  # time in them is told


def _roster(random: Random) -> Roster:
    windows, breaks = [], []
    for agent in range(3):
        now = random.randint(-5, 10)
        while now < HORIZON + 10:
            end = now + random.randint(1, 30)
            windows.append((agent, now, end, random.choice([0.5, 3.0])))
            now = end + random.choice([0, 1, 5, 10])
            if random.random() < 0.5:
                breaks.append((agent, end, now, random.choice(list(Away))))
    agent, start, end, quality = np.array(windows).T
    resting = np.array([each for each in breaks if each[2] > each[1]], np.int64).reshape(-1, 4).T
    return Roster(
        team=np.array([0, 0, 1]),
        slots=np.array([1, 3, 2]),
        agent=agent,
        start=start,
        end=end,
        pace=np.ones(len(agent)),
        quality=quality,
        serves=np.zeros(len(agent)),
        away_agent=resting[0],
        away_start=resting[1],
        away_end=resting[2],
        away_why=resting[3],
        **dict(zip(STAGES, _stages(random).T, strict=True)),
        **dict(zip(TWIN, _apart(random).T, strict=True)),
    )


def _stages(random: Random) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return rows of any stages, whether they make sense or not: agent, start, end, stage, since."""
    rows = [
        (random.randrange(3), begin, begin + random.randint(0, 60), stage, random.choice([begin - 9, begin - 2, NEVER]))
        for stage in (*Stage, *Stage)
        for begin in [random.randint(-30, HORIZON + 5)]
        if stage != Stage.EMPLOYED
    ]
    for agent in range(2):  # how long the last one has been there is not known
        come, leaves = random.randint(0, 30), random.randint(30, 60)
        rows += [
            (agent, begin, end, Stage.EMPLOYED, begin - random.choice([0, 1, 2, 3, 9, 13]) * MONTH)
            for begin, end in ((come, leaves), (leaves + random.randint(0, 5), NEVER))
        ]
    return np.array(rows, np.int64)


def _apart(random: Random) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return differences from an untrained twin: agent, start, end, and gains that floats add up exactly."""
    rows = [
        (random.randrange(3), begin, begin + random.randint(0, 60), random.choice([-1.0, -0.375, 0.25, 0.5]))
        for _ in range(random.randint(0, 6))
        for begin in [random.randint(-30, HORIZON + 5)]
    ]
    return np.array(rows, np.float64).reshape(-1, 4)


def _messages(random: Random, world: Scenario, stream: int) -> StreamMessages:
    size = random.choice([0, 1, 8, 16])
    spec = world.streams[stream]
    arrival = np.array(sorted(random.randrange(HORIZON) for _ in range(size)), np.int64)
    actionable = np.array([random.random() < spec.actionable for _ in range(size)], np.bool_)
    names = tuple(promise.name for promise in spec.promises if promise.measured is not Measured.STEP)
    due = np.array([[t + random.randint(0, 40) for t in arrival] for _ in names], np.int64).reshape(len(names), size)
    steps = tuple(
        StepDraws(
            needs=np.array([random.random() < step.share for _ in range(size)], np.bool_),
            work=PerVisit(np.ones(size, np.int64)),
            reject=PerVisit(np.array([random.choice([0.0, 0.25, 0.5, 0.75]) for _ in range(size)], np.float64)),
        )
        for step in spec.steps
    )
    return StreamMessages(
        arrival=arrival,
        patience_ends=np.full(size, NEVER),
        actionable=actionable,
        triage=np.zeros(size, np.int64),
        due=np.where(actionable, due, NEVER),
        promises=names,
        steps=steps,
    )


class _Way:
    """One message's way: what a step is and where rejections go is the route's, when and how it goes is chance."""

    def __init__(
        self, random: Random, world: Scenario, roster: Roster, drawn: StreamMessages, stream: int, index: int
    ) -> None:
        self.random, self.roster, self.drawn, self.stream, self.index = random, roster, drawn, stream, index
        self.route = world.desk.routes[stream]
        self.rows: list[tuple[int, ...]] = []
        self.visits = [0] * len(self.route.steps)
        self.outcome, self.ended, self.published = MessageOutcome.PENDING, NEVER, NEVER
        self.now = int(drawn.arrival[index])

    @property
    def fate(self) -> tuple[int, int, int]:
        return self.outcome, self.ended, self.published

    def walk(self) -> _Way:
        if not self.drawn.actionable[self.index] and not self.route.triage:
            self._end(MessageOutcome.NOISE)
            return self
        where, rework = self._next(0), False
        while where < len(self.route.steps) and self.ended == NEVER:
            outcome = self._visit(where, rework)
            if outcome not in (VisitOutcome.DONE, VisitOutcome.PASSED, VisitOutcome.REJECTED):
                return self
            where, rework = self._go_on(where, outcome)
        if self.ended == NEVER and self.now < HORIZON:
            self._end(MessageOutcome.HANDLED)
        return self

    def _go_on(self, where: int, outcome: VisitOutcome) -> tuple[int, bool]:
        if outcome is not VisitOutcome.REJECTED:
            return self._next(where + 1), False
        review = self.route.steps[where].review
        assert review is not None
        if self.visits[where] >= review.max_rounds:
            self._end(MessageOutcome.WITHDRAWN)
        elif review.returns_to == AUTHOR:
            self.now += self.random.choice([1, 5, 5, 40])
            return (where if self.now < HORIZON else 99), False
        return review.returns_to, True

    def _next(self, where: int) -> int:
        steps = self.route.steps
        while where < len(steps) and not self.drawn.steps[where].needs[self.index]:
            where += 1
        if where > self.route.published_after and self.published == NEVER:
            self.published = self.now
        return where

    def _end(self, outcome: MessageOutcome) -> None:
        self.outcome, self.ended = outcome, self.now

    def _visit(self, where: int, rework: bool) -> VisitOutcome:
        first = not self.rows
        self.visits[where] += 1
        step = self.route.steps[where]
        joined, end, who = self.now, NEVER, (-1, -1, -1)
        start, agent, outcome = self._start(step.nobody)
        if outcome is VisitOutcome.ABANDONED:
            outcome = VisitOutcome.ABANDONED if first else VisitOutcome.EXPIRED
            end = self.now = joined + self.random.choice([0, 2, 4, 20])
            start = NEVER
            if end >= HORIZON:
                outcome, end = VisitOutcome.WAITING, NEVER
            else:
                noise = not self.drawn.actionable[self.index]
                self._end(MessageOutcome.NOISE if noise else MessageOutcome[outcome.name])
        elif start >= HORIZON:
            outcome, start = VisitOutcome.WAITING, NEVER
        else:
            if agent >= 0:
                who = (int(self.roster.team[agent]), agent, self.random.randrange(int(self.roster.slots[agent])))
            self.now = start + self.random.choice([1, 1, 2, 3, 5, 9, 40])
            outcome = VisitOutcome.IN_SERVICE
            if self.now < HORIZON:
                end, outcome = self.now, self._decision(where)
        queue = step.rework_queue if rework else step.queue
        work = self.random.randint(1, 9)
        self.rows.append(
            (self.stream, self.index, where, queue, self.visits[where], *who, joined, start, end, work, outcome)
        )
        return outcome

    def _start(self, nobody: bool) -> tuple[int, int, VisitOutcome]:
        """Return when work begins and with whom; ``ABANDONED`` stands for leaving."""
        if nobody:
            return self.now, -1, VisitOutcome.IN_SERVICE
        if self.random.random() < 0.12:
            return NEVER, -1, VisitOutcome.ABANDONED
        agent = self.random.randrange(3)
        start = self.now + self.random.choice([0, 0, 1, 1, 3, 9])
        for window in np.flatnonzero((self.roster.agent == agent) & (self.roster.end > start)):
            return max(start, int(self.roster.start[window])), agent, VisitOutcome.IN_SERVICE
        return HORIZON, agent, VisitOutcome.IN_SERVICE

    def _decision(self, where: int) -> VisitOutcome:
        if not self.drawn.actionable[self.index]:
            self._end(MessageOutcome.NOISE)
            return VisitOutcome.NOISE
        if self.route.steps[where].review is None:
            return VisitOutcome.DONE
        return VisitOutcome.REJECTED if self.random.random() < 0.5 else VisitOutcome.PASSED
