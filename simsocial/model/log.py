"""What happened: one row per visit, one outcome per message; both engines must write the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from simsocial.model.piecewise import frozen


class VisitOutcome(IntEnum):
    """How a visit ended; the numbers are for ever, tables print the names in lower case."""

    DONE = 0
    PASSED = 1
    REJECTED = 2
    NOISE = 3
    ABANDONED = 4
    EXPIRED = 5
    WAITING = 6
    IN_SERVICE = 7


class MessageOutcome(IntEnum):
    """Where a message was when the horizon came (R41)."""

    HANDLED = 0
    ABANDONED = 1
    EXPIRED = 2
    WITHDRAWN = 3
    NOISE = 4
    PENDING = 5


@dataclass(frozen=True, eq=False)
class Visits:
    """Every visit that joined a queue, sorted by stream, message and order of happening.

    Parameters
    ----------
    stream, message
        Stream index; index of the message in its stream.
    step
        Index of the step in the stream's route.
    queue
        Index into ``Desk.queues`` (the rework queue for rework).
    visit
        Counts the message's visits to the step from 1, rework included.
    team, agent, slot
        Who served it: indexes; -1 where nobody did (yet). ``agent`` is the roster's, ``slot`` counts inside the agent.
    joined, start
        Ticks; ``start`` is ``NEVER`` for a visit that never began.
    end
        Ticks: end of work, or of waiting for one that left; ``NEVER`` where the horizon came first.
    work
        Ticks at pace 1 and factor 1, triage included.
    outcome
        :class:`VisitOutcome`.
    """

    stream: npt.NDArray[np.int64]
    message: npt.NDArray[np.int64]
    step: npt.NDArray[np.int64]
    queue: npt.NDArray[np.int64]
    visit: npt.NDArray[np.int64]
    team: npt.NDArray[np.int64]
    agent: npt.NDArray[np.int64]
    slot: npt.NDArray[np.int64]
    joined: npt.NDArray[np.int64]
    start: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]
    work: npt.NDArray[np.int64]
    outcome: npt.NDArray[np.int64]

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, frozen(getattr(self, field.name), np.int64))

    def __len__(self) -> int:
        return len(self.stream)


@dataclass(frozen=True, eq=False)
class Fates:
    """What became of the messages of one stream.

    Parameters
    ----------
    outcome
        Shape (messages,), :class:`MessageOutcome`.
    ended
        Shape (messages,), ticks: when that outcome was reached; ``NEVER`` when pending. Untriaged noise: its arrival.
    published
        Shape (messages,), ticks (R24); ``NEVER`` if it was not.
    """

    outcome: npt.NDArray[np.int64]
    ended: npt.NDArray[np.int64]
    published: npt.NDArray[np.int64]

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, frozen(getattr(self, field.name), np.int64))


Columns = TypeVar("Columns", Visits, Fates)


@dataclass(frozen=True)
class Log:
    """Everything that happened in one replication: visits, and one :class:`Fates` per stream."""

    visits: Visits
    fates: tuple[Fates, ...]


@dataclass(frozen=True, eq=False)
class Logs:
    """Everything that happened in several replications, one behind the other.

    Parameters
    ----------
    visits
        By replication, then in the order of a log.
    fates
        One per stream, by replication.
    first_visit
        Shape (replications + 1,), where the visits of each replication begin.
    first_message
        Shape (streams, replications + 1), where the messages of each begin in ``fates``.
    """

    visits: Visits
    fates: tuple[Fates, ...]
    first_visit: npt.NDArray[np.int64]
    first_message: npt.NDArray[np.int64]

    @classmethod
    def of(cls, log: Log) -> Logs:
        """Return the log of one replication as those of several, of which there is one."""
        sizes = np.array([len(fates.outcome) for fates in log.fates], np.int64)
        first_message = np.column_stack([np.zeros_like(sizes), sizes])
        return cls(log.visits, log.fates, np.array([0, len(log.visits)]), first_message)

    def __len__(self) -> int:
        """Return the number of replications."""
        return len(self.first_visit) - 1

    def __iter__(self) -> Iterator[Log]:
        """Return the log of one replication after the other."""
        return map(self.alone, range(len(self)))

    def alone(self, number: int) -> Log:
        """Return the log of one replication."""
        visits = _part(self.visits, self.first_visit[number : number + 2])
        firsts = self.first_message[:, number : number + 2]
        return Log(visits, tuple(_part(fates, first) for fates, first in zip(self.fates, firsts, strict=True)))


def _part(columns: Columns, bounds: npt.NDArray[np.int64]) -> Columns:
    part = slice(int(bounds[0]), int(bounds[1]))
    return type(columns)(*(getattr(columns, field.name)[part] for field in fields(columns)))
