"""What the slow twin knows: windows, and the story of each message as a plain list."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from simsocial.model.desk import Desk, Route, RouteStep
from simsocial.model.log import Fates, Log, MessageOutcome, VisitOutcome, Visits
from simsocial.model.messages import Messages, PerVisit, StepDraws, StreamMessages
from simsocial.model.roster import Roster
from simsocial.units import NEVER


@dataclass(frozen=True)
class Window:
    """A stretch on duty."""

    start: int
    end: int
    pace: float
    quality: float
    ranking: int


@dataclass(frozen=True)
class Slot:
    """A thread of an agent; compares by agent, then number."""

    team: int
    agent: int
    number: int


@dataclass(eq=False)
class Visit:
    """A row of the log; ``left`` counts the ticks of work that are still to do."""

    message: Message
    step: int
    rework: bool
    number: int
    joined: int
    work: int
    slot: Slot | None = None
    start: int = NEVER
    end: int = NEVER
    left: int = 0
    quality: float = 1.0
    outcome: VisitOutcome = VisitOutcome.WAITING

    @property
    def spec(self) -> RouteStep:
        return self.message.route.steps[self.step]

    @property
    def queue(self) -> int:
        return self.spec.rework_queue if self.rework else self.spec.queue


@dataclass(frozen=True)
class Correction:
    """The author mended the work of a step."""

    step: int
    quality: float = 1.0


@dataclass(eq=False)
class Message:
    """A message and its story so far: visits and the author's corrections, in order."""

    stream: int
    index: int
    route: Route
    drawn: StreamMessages
    story: list[Visit | Correction] = field(default_factory=list)
    back_at: int = NEVER
    outcome: MessageOutcome = MessageOutcome.PENDING
    ended: int = NEVER
    published: int = NEVER

    @property
    def visits(self) -> list[Visit]:
        return [event for event in self.story if isinstance(event, Visit)]

    @property
    def arrival(self) -> int:
        return int(self.drawn.arrival[self.index])

    @property
    def actionable(self) -> bool:
        return bool(self.drawn.actionable[self.index])

    @property
    def due(self) -> int:
        return min((int(due[self.index]) for due in self.drawn.due), default=NEVER)

    def draws(self, step: int) -> StepDraws:
        return self.drawn.steps[step]


def windows_of(roster: Roster) -> list[list[Window]]:
    """Return each agent's windows."""
    windows: list[list[Window]] = [[] for _ in roster.team]
    for row, agent in enumerate(roster.agent):
        start, end, ranking = int(roster.start[row]), int(roster.end[row]), int(roster.serves[row])
        windows[agent].append(Window(start, end, float(roster.pace[row]), float(roster.quality[row]), ranking))
    return windows


def messages_of(desk: Desk, drawn: Messages) -> list[Message]:
    """Return all messages, with nothing told of them yet."""
    return [
        Message(number, index, desk.routes[number], stream)
        for number, stream in enumerate(drawn.streams)
        for index in range(len(stream))
    ]


def drawn(values: PerVisit | None, visit: int, message: int) -> Any:
    """Return what was drawn for a visit (R18)."""
    assert values is not None
    return values.at(visit, np.array(message))


def log_of(messages: list[Message], *, streams: int) -> Log:
    """Write the stories down; ``messages`` are in order of stream and index."""
    rows = np.array([_row(visit) for message in messages for visit in message.visits], np.int64).reshape(-1, 13)
    fates: list[list[tuple[int, int, int]]] = [[] for _ in range(streams)]
    for message in messages:
        fates[message.stream].append((message.outcome, message.ended, message.published))
    return Log(Visits(*rows.T), tuple(Fates(*np.array(each, np.int64).reshape(-1, 3).T) for each in fates))


def _row(visit: Visit) -> tuple[int, ...]:
    """The columns of ``Visits``, in their order."""
    about = (visit.message.stream, visit.message.index, visit.step, visit.queue, visit.number)
    server = (visit.slot.team, visit.slot.agent, visit.slot.number) if visit.slot else (-1, -1, -1)
    return *about, *server, visit.joined, visit.start, visit.end, visit.work, visit.outcome
