"""Random worked cases on a small grid, where ties, equalities and ends of windows happen all the time.

A case is made of choices among a few options, the simplest first. Hypothesis makes them (:func:`worlds`) and so can
shrink a case; a plain generator makes them (:func:`random_world`) where thousands of cases are wanted. A company is
several cases on one desk: other messages, other people, another horizon.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from random import Random
from typing import Protocol, TypeVar

from hypothesis import strategies as st
from worked import Agent, Checked, Drawn, Message, Review, Step, Stream, Team, Window, World

from simsocial.units import NEVER

T = TypeVar("T")

LAST_TICK = 40
QUARTERS = (0.0, 0.25, 0.5, 0.75)
"""Uniforms; with rejection and quality on the same grid, equality in R23 is common."""


class Choose(Protocol):
    """Picks one of some options."""

    def __call__(self, options: Sequence[T], /) -> T: ...


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Up to three streams and three teams."""
    return make_world(lambda options: options[draw(_below(len(options)))])


def random_world(seed: int) -> World:
    """Return the same kind of case for a seed."""
    return make_world(Random(seed).choice)


def wide_world(seed: int, streams: int) -> World:
    """Return a case with so many streams, each with up to six queues."""
    return make_world(Random(seed).choice, streams=[f"s{number}" for number in range(streams)])


def of_equals(world: World) -> World:
    """Return the case with people of equal pace and quality."""
    return replace(world, teams={name: _of_equals(each) for name, each in world.teams.items()})


def steady(world: World) -> World:
    """Return the case with factors that never change, too: so much is known before it is run."""
    return of_equals(replace(world, streams={name: _steady(each) for name, each in world.streams.items()}))


def _of_equals(each: Team) -> Team:
    equals = (
        replace(one, windows=tuple(replace(window, pace=1.0, quality=1.0) for window in one.windows))
        for one in each.agents
    )
    return replace(each, agents=tuple(equals))


def _steady(each: Stream) -> Stream:
    steps = (
        replace(step, work_factor={0: step.work_factor[0]}, reject_factor={0: step.reject_factor[0]})
        for step in each.steps
    )
    return replace(each, steps=tuple(steps))


@st.composite
def companies(draw: st.DrawFn) -> list[World]:
    """Two to four cases on one desk."""
    return _company(lambda options: options[draw(_below(len(options)))])


def random_company(seed: int) -> list[World]:
    """Return the same kind of cases for a seed."""
    return _company(Random(seed).choice)


def _company(choose: Choose) -> list[World]:
    first = make_world(choose)
    return [first, *(_on_the_desk_of(first, choose) for _ in range(choose((1, 2, 3))))]


def _on_the_desk_of(world: World, choose: Choose) -> World:
    """Return a case with other messages, people and horizon."""
    streams = {
        name: Stream(each.steps, _messages(choose, each.steps, triage=each.triage), each.triage)
        for name, each in world.streams.items()
    }
    teams = {name: replace(each, agents=_agents(choose, each.rankings)) for name, each in world.teams.items()}
    return World(streams, teams, horizon=choose((LAST_TICK, 30, 20, 14)))


@cache
def _below(options: int) -> st.SearchStrategy[int]:
    return st.integers(0, options - 1)


def make_world(choose: Choose, streams: Sequence[str] = ()) -> World:
    names = ("x", "y", "z")[: choose((1, 2, 3))]
    routes = {name: _stream(choose, names) for name in streams or "abc"[: choose((1, 2, 3))]}
    queues = _queues(routes)
    teams = {}
    for name in names:
        serves = [_ranking(choose, queues) for _ in range(choose((1, 2)))]
        teams[name] = Team(serves[0], _agents(choose, serves), also=tuple(serves[1:]))
    return World(routes, teams, horizon=choose((LAST_TICK, LAST_TICK, 20)))


def _stream(choose: Choose, teams: tuple[str, ...]) -> Stream:
    steps, triage = _route(choose, teams), choose((False, True))
    return Stream(steps, _messages(choose, steps, triage=triage), triage)


def _messages(choose: Choose, steps: Sequence[Step], *, triage: bool) -> tuple[Message, ...]:
    messages = [_message(choose, steps, triage=triage) for _ in range(choose(range(7)))]
    return tuple(sorted(messages, key=lambda message: message.at))


def _route(choose: Choose, teams: tuple[str, ...]) -> tuple[Step, ...]:
    """One to three steps; the reviews after publication come last (R24)."""
    names = ("one", "two", "three")[: choose((1, 2, 3))]
    published_after = choose((1, 1, 2, 2, 3, 0))
    steps: list[Step] = []
    for number, name in enumerate(names):
        after = number >= published_after
        step = Step(
            name,
            review=_review(choose, steps, after=after) if after or choose((False, True)) else None,
            expires=choose((NEVER, NEVER, NEVER, NEVER, NEVER, 20, 10, 3)),
            nobody=choose((False,) * 6 + (True,)),
            suspend=choose((False, False, True)),
            prefer=choose(((), teams[-1:], teams[::-1])),
            work_factor=_factor(choose, (0.5, 1.5, 2.0)),
            reject_factor=_factor(choose, (0.0, 0.5, 2.0)),
        )
        steps.append(step)
    return tuple(steps)


def _factor(choose: Choose, values: Sequence[float]) -> dict[int, float]:
    return choose(({0: 1.0}, {0: 1.0}, {0: choose(values), choose(range(1, 24)): choose(values)}))


def _review(choose: Choose, earlier: Sequence[Step], *, after: bool) -> Review:
    return Review(
        reject=choose((0.5, 0.5, 1.0, 0.25, 0.0)),
        returns_to=choose(("author", *(step.name for step in earlier for _ in range(2)))),
        max_rounds=choose((3, 2, 1)),
        after=after,
    )


def _message(choose: Choose, steps: Sequence[Step], *, triage: bool) -> Message:
    return Message(
        at=choose(range(14)),
        work={step.name: _drawn(choose, step.review) for step in steps},
        skips=tuple(step.name for step in steps if choose((False, False, False, True))),
        patience=choose((NEVER, NEVER, NEVER, NEVER, 10, 8, 3, 0)),
        noise=choose((False,) * 6 + (True,)),
        triage=choose((1, 2, 3)) if triage else 0,
        due=choose((NEVER, 30, 20, 10)),
    )


def _drawn(choose: Choose, review: Review | None) -> Drawn | Checked:
    work = _per_visit(choose, range(1, 6))
    if review is None:
        return work
    uniform, back = _per_visit(choose, QUARTERS), _per_visit(choose, range(1, 5))
    return Checked(work, uniform, delay=back) if review.returns_to == "author" else Checked(work, uniform, rework=back)


def _per_visit(choose: Choose, options: Sequence[float]) -> Drawn:
    """Values that take turns, so that the next visit has another one."""
    return (choose(options), choose(options), choose(options)) * 3


def _queues(streams: dict[str, Stream]) -> list[str]:
    """Name all queues, rework too."""
    names = []
    for name, each in streams.items():
        returned = {step.review.returns_to for step in each.steps if step.review}
        names += [f"{name}.{step.name}" for step in each.steps]
        names += [f"{name}.{step.name}.rework" for step in each.steps if step.name in returned]
    return names


def _ranking(choose: Choose, queues: Sequence[str]) -> str:
    """Rank some of the queues, here and there equally."""
    left, entries = list(queues), list[str]()
    for _ in range(choose((len(queues), len(queues), 1 + len(queues) // 2))):
        queue = left.pop(choose(range(len(left))))
        equal = choose((False, False, True))
        if entries and equal:
            entries[-1] += f"={queue}"
        else:
            entries.append(queue)
    return ", ".join(entry + choose(("", "(due)")) for entry in entries)


def _agents(choose: Choose, serves: Sequence[str]) -> tuple[Agent, ...]:
    return tuple(_agent(choose, serves) for _ in range(choose((1, 2, 0))))


def _agent(choose: Choose, serves: Sequence[str]) -> Agent:
    """Somebody whose windows lie between a few cuts, so that some are adjacent."""
    inner = {choose(range(4, 12)), choose(range(6, 18)), choose(range(9, 30))}
    cuts = sorted({choose((0, 0, 3, -2, -5)), *inner, 2 * LAST_TICK})
    windows = [
        Window(start, end, choose((1.0, 0.5, 1.5)), choose((1.0, 0.5, 2.0)), choose(serves))
        for start, end in pairwise(cuts)
        if choose((True, True, True, False))
    ]
    return Agent(tuple(windows), choose((1, 1, 2)))
