"""Streams: what arrives, what each step of it takes, and what is promised (R11, R17, R22)."""

from __future__ import annotations

from dataclasses import dataclass

from simsocial.model.arrivals import Arrivals
from simsocial.model.backlog import Waiting
from simsocial.model.laws import Law
from simsocial.model.promises import Promise
from simsocial.model.technology import Automation, Filter


@dataclass(frozen=True)
class StepLaws:
    """What is drawn for a step; parallel to the route's steps.

    Parameters
    ----------
    work
        Work of a visit to the step's own queue.
    share
        Share of messages that need the step.
    rework
        Work of a rework that this review causes; ``None`` unless it returns to a step.
    author_delay
        ``None`` unless it returns to the author.
    automation
        What does the work without people.
    """

    work: Law
    share: float = 1.0
    rework: Law | None = None
    author_delay: Law | None = None
    automation: Automation | None = None


@dataclass(frozen=True)
class Part:
    """A part of a split stream: the messages of ``of`` whose own uniform lies in ``[low, high)`` (R90)."""

    of: str
    low: float
    high: float

    @property
    def share(self) -> float:
        return self.high - self.low


@dataclass(frozen=True)
class Stream:
    """A class of work; its route is ``Desk.routes`` at the same index.

    ``arrivals`` and what of ``waiting`` is shared are those of the whole stream where this is a part of one.
    ``employees`` names the adoption whose enabled employees its rate counts (R102).
    """

    name: str
    arrivals: Arrivals
    steps: tuple[StepLaws, ...]
    promises: tuple[Promise, ...] = ()
    actionable: float = 1.0
    triage: Law | None = None
    patience: Law | None = None
    calendar: int | None = None
    waiting: tuple[Waiting, ...] = ()
    part: Part | None = None
    filter: Filter | None = None
    employees: str | None = None

    @property
    def drawn_as(self) -> str:
        """Name in the addresses: the parts of a stream draw what the whole would (R90)."""
        return self.part.of if self.part else self.name

    @property
    def share(self) -> float:
        """Share of the arrivals that are this stream's."""
        return self.part.share if self.part else 1.0
