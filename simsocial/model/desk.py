"""The desk as an engine sees it: queues, routes and rankings, with nothing about dates, laws or people's reasons."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from simsocial.model.piecewise import Piecewise
from simsocial.units import NEVER

AUTHOR = -1
"""``ReviewRule.returns_to`` of a review whose rejections go to the author, outside the desk."""
OUTSIDE = -1
"""``ReviewRule.judges`` of a review that judges work done outside the desk (quality 1)."""


class When(Enum):
    """When a review happens (R23, R24)."""

    BEFORE = "before publication"
    AFTER = "after publication"


class Order(Enum):
    """How the heads of queues of equal rank are compared (R31)."""

    FIFO = "fifo"
    DUE = "due"


@dataclass(frozen=True)
class Queue:
    """A place where visits wait, in order of joining, then message.

    Parameters
    ----------
    name
        ``<stream>.<step>`` or ``<stream>.<step>.rework``.
    stream, step
        Indexes of the stream and of the step in its route.
    rework
        Whether this is the step's rework queue.
    """

    name: str
    stream: int
    step: int
    rework: bool = False


@dataclass(frozen=True)
class ReviewRule:
    """How a review decides and where its rejections go (R23, R25)."""

    when: When
    reject: float
    returns_to: int
    judges: int
    max_rounds: int


@dataclass(frozen=True)
class RouteStep:
    """One step of a route.

    Parameters
    ----------
    name
        Name inside its stream.
    queue, rework_queue
        Indexes into ``Desk.queues``; ``rework_queue`` is -1 where no review returns to the step.
    review
        The review rule, ``None`` for an ordinary step.
    expires_after
        Ticks from the message's arrival (R26).
    nobody
        Served by nobody (R28).
    suspend
        Work pauses while its agent is off duty (R29).
    prefer
        All team indexes, the preferred first (R37).
    work_factor, reject_factor
        Step functions of time, read at the start of a visit (R27).
    """

    name: str
    queue: int
    rework_queue: int = -1
    review: ReviewRule | None = None
    expires_after: int = NEVER
    nobody: bool = False
    suspend: bool = False
    prefer: tuple[int, ...] = ()
    work_factor: Piecewise = field(default_factory=lambda: Piecewise.constant(1.0))
    reject_factor: Piecewise = field(default_factory=lambda: Piecewise.constant(1.0))


@dataclass(frozen=True)
class Route:
    """A stream's steps in order.

    Parameters
    ----------
    stream
        Name of the stream.
    steps
        In route order.
    published_after
        Index of the step whose end publishes (the last that is not a review after publication).
    triage
        Whether noise occupies an agent for its triage instead of never joining (R17).
    """

    stream: str
    steps: tuple[RouteStep, ...]
    published_after: int
    triage: bool = False


@dataclass(frozen=True)
class Group:
    """Queues of equal rank; ``queues`` are indexes into ``Desk.queues``, sorted."""

    queues: tuple[int, ...]
    order: Order = Order.FIFO


@dataclass(frozen=True)
class Ranking:
    """A ranked list of queues that an agent of ``team`` may serve, best first (R31)."""

    team: int
    groups: tuple[Group, ...]

    @property
    def queues(self) -> frozenset[int]:
        return frozenset(queue for group in self.groups for queue in group.queues)


@dataclass(frozen=True)
class Desk:
    """Everything about a scenario's structure that an engine needs besides messages and roster.

    Parameters
    ----------
    horizon
        Ticks; what would happen at it does not (R2).
    queues
        In the order of streams and steps, a step's rework queue directly before its queue.
    routes
        One per stream.
    rankings
        In the order in which dispatch considers them: by team, then as first named (R37).
    teams
        Team names in the config's order.
    """

    horizon: int
    queues: tuple[Queue, ...]
    routes: tuple[Route, ...]
    rankings: tuple[Ranking, ...]
    teams: tuple[str, ...]
