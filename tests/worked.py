"""Worked cases in words: streams and people on a small grid of whole ticks; ``told.py`` lets engines tell what happens.

Two messages and one agent who is there from 0 to 20::

    World(
        streams={"a": stream(Step("respond"), message(0, respond=5), message(2, respond=5, patience=4))},
        teams={"desk": team("a.respond", agent(Window(0, 20)))},
    )
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simsocial.units import NEVER

Drawn = float | tuple[float, ...]
"""One value for every visit, or exactly one for each visit that may come."""


@dataclass(frozen=True)
class Review:
    """A review's rule; ``returns_to`` names an earlier step or the author."""

    reject: float
    returns_to: str = "author"
    max_rounds: int = 5
    after: bool = False


@dataclass(frozen=True)
class Step:
    """A step of a route.

    Factors are ``{from tick: factor}``; teams not named by ``prefer`` follow in their order.
    """

    name: str
    review: Review | None = None
    expires: int = NEVER
    nobody: bool = False
    suspend: bool = False
    prefer: tuple[str, ...] = ()
    work_factor: Mapping[int, float] = field(default_factory=lambda: {0: 1.0})
    reject_factor: Mapping[int, float] = field(default_factory=lambda: {0: 1.0})


@dataclass(frozen=True)
class Checked:
    """What is drawn for a message at a review: work and uniform ``u``, and rework or author's delay, each by visit."""

    work: Drawn
    u: Drawn
    rework: Drawn = ()
    delay: Drawn = ()


@dataclass(frozen=True)
class Message:
    """A message that needs the steps in ``work``, but for those it ``skips`` (they may still see a rework).

    ``patience`` counts from its arrival, ``due`` is an instant.
    """

    at: int
    work: Mapping[str, Drawn | Checked]
    patience: int = NEVER
    noise: bool = False
    triage: int = 0
    due: int = NEVER
    skips: tuple[str, ...] = ()

    def needs(self, step: str) -> bool:
        return step in self.work and step not in self.skips

    def drawn(self, step: str, what: str) -> Drawn:
        """Return what was drawn for a step: ``work``, ``u``, ``rework`` or ``delay``; nothing where there is none."""
        value = self.work.get(step, ())
        if isinstance(value, Checked):
            drawn: Drawn = getattr(value, what)
            return drawn
        return value if what == "work" else ()


@dataclass(frozen=True)
class Stream:
    """Steps in route order, and messages in order of arrival."""

    steps: tuple[Step, ...]
    messages: tuple[Message, ...]
    triage: bool = False


@dataclass(frozen=True)
class Window:
    """Time on duty; ``serves`` defaults to the team's."""

    start: int = 0
    end: int = 1000
    pace: float = 1.0
    quality: float = 1.0
    serves: str | None = None


@dataclass(frozen=True)
class Agent:
    """Someone with windows."""

    windows: tuple[Window, ...]
    slots: int = 1


@dataclass(frozen=True)
class Team:
    """People with a ranking in words: ``"a.respond, b.respond=c.respond(due)"``.

    ``=`` is equal rank, by joining unless ``(due)`` follows. A rework queue that is not named is ranked directly before
    its step's queue (R22). ``also`` are further rankings, which a window may name.
    """

    serves: str
    agents: tuple[Agent, ...]
    also: tuple[str, ...] = ()

    @property
    def rankings(self) -> list[str]:
        """The team's own first, the further ones, then as its agents' windows name them."""
        windows = [window.serves for agent in self.agents for window in agent.windows]
        return list(dict.fromkeys([self.serves, *self.also, *(serves for serves in windows if serves)]))


def message(
    at: int,
    *,
    patience: int = NEVER,
    noise: bool = False,
    triage: int = 0,
    due: int = NEVER,
    skips: tuple[str, ...] = (),
    **work: Any,
) -> Message:
    """Return a message that needs the steps named by ``work``."""
    return Message(at, work, patience, noise, triage, due, skips)


def stream(*parts: Step | Message, triage: bool = False) -> Stream:
    """Return a stream of the given steps and messages."""
    steps = tuple(part for part in parts if isinstance(part, Step))
    return Stream(steps, tuple(part for part in parts if isinstance(part, Message)), triage)


def agent(*windows: Window, slots: int = 1) -> Agent:
    """Return an agent; one without windows is always on duty."""
    return Agent(windows or (Window(),), slots)


def team(serves: str, *agents: Agent) -> Team:
    return Team(serves, agents)


@dataclass(frozen=True)
class World:
    """A whole case."""

    streams: Mapping[str, Stream]
    teams: Mapping[str, Team]
    horizon: int = 1000
