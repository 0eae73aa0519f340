"""Small scenarios for tests, written in names: steps, streams and teams in one line each, compiled into a ``Scenario``.

Everything starts on Monday 2025-01-06 at 00:00 unless said otherwise; lengths of time are ticks (``6 * MINUTE``). A
whole desk with one queue and two agents who never go home::

    single_stage_scenario(arrivals=poisson(per_hour=9, horizon=10 * WEEK), work=Exponential(6 * MINUTE), agents=2)

A desk with a review, and a team for each queue::

    respond = StepSpec("respond", LogNormal(10 * MINUTE, 1.0))
    check = StepSpec("check", Exponential(4 * MINUTE), share=0.3,
                     review=ReviewSpec(reject=0.1, returns_to="respond", rework=Exponential(5 * MINUTE)))
    scenario(
        StreamSpec("mentions", poisson(per_hour=20, horizon=WEEK), (respond, check)),
        teams=(TeamSpec("desk", 5, ("mentions.respond",)), TeamSpec("principals", 1, ("mentions.check",))),
        horizon=WEEK,
    )

A rework queue that no ranking names is ranked directly before its step's own queue (R22), as the config does it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from simsocial.model.arrivals import Arrivals, RateArrivals, Timetable
from simsocial.model.away import Absence, Leave, Meeting, OnCall, OtherDuty
from simsocial.model.backlog import Waiting
from simsocial.model.calendar import Calendar
from simsocial.model.careers import Career
from simsocial.model.desk import AUTHOR, OUTSIDE, Desk, Group, Order, Queue, Ranking, ReviewRule, Route, RouteStep, When
from simsocial.model.laws import Law
from simsocial.model.piecewise import Piecewise
from simsocial.model.promises import Promise
from simsocial.model.scenario import RunSettings, Scenario
from simsocial.model.streams import Part, StepLaws, Stream
from simsocial.model.teams import Break, Shift, Team
from simsocial.units import HOUR, NEVER, WEEK

MONDAY = dt.datetime(2025, 1, 6)
ALWAYS = ((0, WEEK),)
"""Hours of a shift that never ends."""


@dataclass(frozen=True)
class ReviewSpec:
    """A review's rule; it returns to a named earlier step (give ``rework``) or to ``"author"`` (``author_delay``)."""

    reject: float
    returns_to: str
    rework: Law | None = None
    author_delay: Law | None = None
    when: When = When.BEFORE
    max_rounds: int = 5


@dataclass(frozen=True)
class StepSpec:
    """A step of a route; ``prefer`` names teams, the other teams follow in their order."""

    name: str
    work: Law
    share: float = 1.0
    review: ReviewSpec | None = None
    expires_after: int = NEVER
    nobody: bool = False
    suspend: bool = False
    prefer: tuple[str, ...] = ()
    work_factor: Piecewise = field(default_factory=lambda: Piecewise.constant(1.0))
    reject_factor: Piecewise = field(default_factory=lambda: Piecewise.constant(1.0))


@dataclass(frozen=True)
class StreamSpec:
    """A stream and its route."""

    name: str
    arrivals: Arrivals
    steps: tuple[StepSpec, ...]
    promises: tuple[Promise, ...] = ()
    actionable: float = 1.0
    triage: Law | None = None
    patience: Law | None = None
    calendar: int | None = None
    waiting: tuple[Waiting, ...] = ()
    part: Part | None = None


@dataclass(frozen=True)
class Due:
    """Queues of equal rank whose heads are compared by due instant; see :func:`by_due`."""

    queues: tuple[str, ...]


def by_due(*queues: str) -> Due:
    """Rank ``queues`` equally, the earliest due instant first (R31)."""
    return Due(queues)


Serves = tuple[str | tuple[str, ...] | Due, ...]
"""A ranking in names; a tuple of names is a group of equal rank in the order of joining (FIFO)."""


@dataclass(frozen=True)
class ShiftSpec:
    """A shift of a team; ``serves`` defaults to the team's."""

    name: str
    hours: tuple[tuple[int, int], ...] = ALWAYS
    weight: float = 1.0
    serves: Serves | None = None
    breaks: tuple[Break, ...] = ()
    pace: float = 1.0
    quality: float = 1.0
    weeks: tuple[int, ...] = (1,)
    cycle: int = 1


@dataclass(frozen=True)
class TeamSpec:
    """A team; ``serves`` defaults to every queue in the desk's order, ``shifts`` to one that never ends."""

    name: str
    agents: int | Piecewise
    serves: Serves | None = None
    shifts: tuple[ShiftSpec, ...] = (ShiftSpec("always"),)
    slots: int = 1
    slot_pace: float = 1.0
    rotate: tuple[int, ...] = ()
    days_off: frozenset[dt.date] = frozenset()
    absence: Absence | None = None
    leave: Leave | None = None
    meetings: tuple[Meeting, ...] = ()
    other_duties: tuple[OtherDuty, ...] = ()
    on_call: tuple[OnCall, ...] = ()
    career: Career | None = None


def poisson(*, per_hour: float, horizon: int) -> RateArrivals:
    """Arrivals at a constant rate until ``horizon``."""
    return RateArrivals(np.array([0, horizon]), np.array([per_hour / HOUR]))


def hourly(per_hour: Sequence[float], *, horizon: int, day_cv: float = 0.0) -> RateArrivals:
    """Arrivals at rates that are constant for an hour each, repeated until ``horizon`` (ends with a whole hour)."""
    hours = -(-horizon // HOUR)
    return RateArrivals(np.arange(hours + 1) * HOUR, np.resize(per_hour, hours) / HOUR, day_cv)


def at(*instants: int) -> Timetable:
    """One message at each of these ticks."""
    return Timetable(np.array(instants, dtype=np.int64))


def scenario(
    *streams: StreamSpec,
    teams: Sequence[TeamSpec] = (),
    horizon: int,
    start: dt.datetime = MONDAY,
    calendars: Sequence[Calendar] = (),
    interval: int = HOUR,
    warmup: int = 0,
    run: RunSettings | None = None,
) -> Scenario:
    """Compile streams and teams written in names into a scenario."""
    desk = _desk(streams, teams, horizon)
    return Scenario(
        name="test",
        start=start,
        desk=desk,
        streams=tuple(_stream(stream) for stream in streams),
        teams=tuple(_team(team, index, desk) for index, team in enumerate(teams)),
        calendars=tuple(calendars),
        interval=interval,
        warmup=warmup,
        run=run or RunSettings(),
    )


def single_stage_scenario(
    *,
    arrivals: Arrivals,
    work: Law,
    agents: int = 1,
    horizon: int | None = None,
    patience: Law | None = None,
    promises: tuple[Promise, ...] = (),
    **changes: object,
) -> Scenario:
    """One stream ``mentions`` with one step ``respond``, and one team ``desk`` that is always on duty.

    ``horizon`` defaults to the end of the rates; ``changes`` are further fields of :class:`StreamSpec`.
    """
    if horizon is None:
        assert isinstance(arrivals, RateArrivals), "give the horizon"
        horizon = int(arrivals.breaks[-1])
    stream = StreamSpec(
        "mentions",
        arrivals,
        (StepSpec("respond", work),),
        promises=promises,
        patience=patience,
        **changes,  # type: ignore[arg-type]
    )
    return scenario(stream, teams=(TeamSpec("desk", agents),), horizon=horizon)


def _desk(streams: Sequence[StreamSpec], teams: Sequence[TeamSpec], horizon: int) -> Desk:
    queues = tuple(queue for number, stream in enumerate(streams) for queue in _queues(stream, number))
    index = {queue.name: number for number, queue in enumerate(queues)}
    rankings: list[Ranking] = []
    for number, team in enumerate(teams):
        for shift in team.shifts:
            ranking = Ranking(number, _groups(shift.serves or team.serves, index))
            if ranking not in rankings:
                rankings.append(ranking)
    names = tuple(team.name for team in teams)
    routes = tuple(_route(stream, index, names) for stream in streams)
    return Desk(horizon, queues, routes, tuple(rankings), names)


def _queues(stream: StreamSpec, number: int) -> list[Queue]:
    returned = {step.review.returns_to for step in stream.steps if step.review is not None}
    queues = []
    for position, step in enumerate(stream.steps):
        name = f"{stream.name}.{step.name}"
        if step.name in returned:
            queues.append(Queue(f"{name}.rework", number, position, rework=True))
        queues.append(Queue(name, number, position))
    return queues


def _groups(serves: Serves | None, index: dict[str, int]) -> tuple[Group, ...]:
    """Turn names into groups; a rework queue that is not named is ranked directly before its step's own (R22)."""
    if serves is None:
        return tuple(Group((number,)) for number in index.values())
    entries = [(entry.queues, Order.DUE) if isinstance(entry, Due) else (entry, Order.FIFO) for entry in serves]
    ranked = [((names,) if isinstance(names, str) else names, order) for names, order in entries]
    named = {name for names, _ in ranked for name in names}
    groups = []
    for names, order in ranked:
        rework = [f"{name}.rework" for name in names]
        implied = sorted(index[name] for name in rework if name in index and name not in named)
        if implied:
            groups.append(Group(tuple(implied), order))
        groups.append(Group(tuple(sorted(index[name] for name in names)), order))
    return tuple(groups)


def _like(kind: type, spec: object, **others: Any) -> Any:
    """Make a ``kind`` of the fields that ``spec`` has under the same names, and of ``others``."""
    shared = {part.name: getattr(spec, part.name) for part in fields(kind) if hasattr(spec, part.name)}
    return kind(**{**shared, **others})


def _route(stream: StreamSpec, index: dict[str, int], teams: tuple[str, ...]) -> Route:
    position = {step.name: number for number, step in enumerate(stream.steps)}
    steps = tuple(
        _like(
            RouteStep,
            step,
            queue=index[f"{stream.name}.{step.name}"],
            rework_queue=index.get(f"{stream.name}.{step.name}.rework", -1),
            review=_review(stream, number, position),
            prefer=tuple(sorted(range(len(teams)), key=lambda team: _preference(step, teams[team]))),
        )
        for number, step in enumerate(stream.steps)
    )
    before = [number for number, step in enumerate(steps) if step.review is None or step.review.when is When.BEFORE]
    return Route(stream.name, steps, published_after=before[-1], triage=stream.triage is not None)


def _preference(step: StepSpec, team: str) -> int:
    return step.prefer.index(team) if team in step.prefer else len(step.prefer)


def _review(stream: StreamSpec, number: int, position: dict[str, int]) -> ReviewRule | None:
    review = stream.steps[number].review
    if review is None:
        return None
    returns_to = AUTHOR if review.returns_to == "author" else position[review.returns_to]
    ordinary = [earlier for earlier in range(number) if stream.steps[earlier].review is None]
    judges = returns_to if returns_to != AUTHOR else ordinary[-1] if ordinary else OUTSIDE
    return _like(ReviewRule, review, returns_to=returns_to, judges=judges)


def _stream(stream: StreamSpec) -> Stream:
    laws = tuple(_like(StepLaws, step.review, work=step.work, share=step.share) for step in stream.steps)
    return _like(Stream, stream, steps=laws)


def _team(team: TeamSpec, number: int, desk: Desk) -> Team:
    index = {queue.name: position for position, queue in enumerate(desk.queues)}
    groups = [_groups(shift.serves or team.serves, index) for shift in team.shifts]
    rankings = [desk.rankings.index(Ranking(number, ranked)) for ranked in groups]
    shifts = tuple(_like(Shift, shift, ranking=k) for shift, k in zip(team.shifts, rankings, strict=True))
    headcount = team.agents if isinstance(team.agents, Piecewise) else Piecewise.constant(team.agents)
    return _like(Team, team, headcount=headcount, shifts=shifts)
