"""What engines tell about worked cases, row by row, and whether it is what was worked out.

A row of visits says message, queue, agent, joined, start, end, outcome: ``a0 respond desk1 0 0 5 done``. Agents are
counted from 1 in their team (with several slots, ``desk1/2``); ``-`` is nobody or never. A row of fates says message,
outcome and when, and ``@`` the instant of publication if there was one: ``a0 handled 5 @5``.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields

import numpy as np
from worked import Drawn, Message, Review, Step, Stream, World

from simsocial.model.desk import AUTHOR, OUTSIDE, Desk, Group, Order, Queue, Ranking, ReviewRule, Route, RouteStep, When
from simsocial.model.log import Fates, Log, MessageOutcome, VisitOutcome, Visits
from simsocial.model.messages import Level, Messages, PerVisit, StepDraws, StreamMessages
from simsocial.model.piecewise import Piecewise
from simsocial.model.roster import Roster
from simsocial.units import NEVER

Engine = Callable[[Desk, Messages, Roster], Log]
MOST_VISITS = 12
"""For how many visits a value is drawn that is the same for every visit."""


class Otherwise(AssertionError):
    """An engine told another story than the one worked out."""


def tells(engine: Engine, world: World, visits: str, fates: str = "") -> None:
    """Compare every visit, and every fate where ``fates`` are given, with what was worked out by hand.

    Raises
    ------
    Otherwise
        With the differences, line by line.
    """
    log = run(engine, world)
    _same(visits, visit_rows(world, log))
    if fates:
        _same(fates, fate_rows(world, log))


def run(engine: Engine, world: World) -> Log:
    """Let an engine simulate a worked case."""
    return engine(*compiled(world))


def compiled(world: World) -> tuple[Desk, Messages, Roster]:
    """Return what an engine takes."""
    desk = _desk(world)
    return desk, Messages(tuple(_stream_messages(each) for each in world.streams.values())), _roster(world)


def equal(left: Log, right: Log) -> bool:
    """Return whether two logs tell the same of every visit and every message."""
    parts: list[tuple[Visits | Fates, Visits | Fates]] = [(left.visits, right.visits)]
    parts += zip(left.fates, right.fates, strict=True)
    return all(
        np.array_equal(getattr(mine, field.name), getattr(theirs, field.name))
        for mine, theirs in parts
        for field in fields(mine)
    )


def visit_rows(world: World, log: Log) -> list[str]:
    """Tell every visit in a line."""
    queues, streams, people = _desk(world).queues, list(world.streams), _people(world)
    rows = []
    for row in zip(*(getattr(log.visits, name).tolist() for name in VISIT_COLUMNS), strict=True):
        number, index, queue, agent, slot, *times, outcome = row
        place = queues[queue].name.partition(".")[2]
        rows.append(
            f"{streams[number]}{index} {place} {people[agent, slot]} "
            f"{' '.join(map(_instant, times))} {VisitOutcome(outcome).name.lower()}"
        )
    return rows


VISIT_COLUMNS = ("stream", "message", "queue", "agent", "slot", "joined", "start", "end", "outcome")


def fate_rows(world: World, log: Log) -> list[str]:
    """Tell every message's fate in a line."""
    rows = []
    for name, fates in zip(world.streams, log.fates, strict=True):
        for index, (outcome, ended, published) in enumerate(
            zip(fates.outcome, fates.ended, fates.published, strict=True)
        ):
            at = "" if published == NEVER else f" @{published}"
            rows.append(f"{name}{index} {MessageOutcome(outcome).name.lower()} {_instant(ended)}{at}")
    return rows


def _same(expected: str, told: list[str]) -> None:
    lines = [" ".join(line.split("#")[0].split()) for line in expected.splitlines()]
    worked = [line for line in lines if line]
    if worked != told:
        raise Otherwise("\n" + "\n".join(difflib.ndiff(worked, told)))


def _instant(tick: int) -> str:
    return "-" if tick == NEVER else str(tick)


def _people(world: World) -> dict[tuple[int, int], str]:
    """Name every (agent, slot)."""
    named = [(name, number, one) for name, each in world.teams.items() for number, one in enumerate(each.agents, 1)]
    names = {(-1, -1): "-"}
    for index, (name, number, one) in enumerate(named):
        for slot in range(one.slots):
            names[index, slot] = f"{name}{number}" + (f"/{slot + 1}" if one.slots > 1 else "")
    return names


# ---- what an engine takes ---------------------------------------------------------------------------


def _desk(world: World) -> Desk:
    queues = tuple(
        queue for number, name in enumerate(world.streams) for queue in _queues(world.streams[name], name, number)
    )
    index = {queue.name: number for number, queue in enumerate(queues)}
    routes = tuple(_route(each, name, index, list(world.teams)) for name, each in world.streams.items())
    rankings = tuple(
        Ranking(number, _groups(serves, index))
        for number, each in enumerate(world.teams.values())
        for serves in each.rankings
    )
    return Desk(world.horizon, queues, routes, rankings, tuple(world.teams))


def _queues(each: Stream, name: str, number: int) -> Iterator[Queue]:
    returned = {step.review.returns_to for step in each.steps if step.review}
    for position, step in enumerate(each.steps):
        if step.name in returned:
            yield Queue(f"{name}.{step.name}.rework", number, position, rework=True)
        yield Queue(f"{name}.{step.name}", number, position)


def _groups(serves: str, index: Mapping[str, int]) -> tuple[Group, ...]:
    groups = []
    for entry in serves.replace(" ", "").split(","):
        names, due, _ = entry.partition("(due)")
        order = Order.DUE if due else Order.FIFO
        queues = names.split("=")
        implied = [name for queue in queues if (name := f"{queue}.rework") in index and name not in serves]
        groups += [Group(tuple(sorted(index[name] for name in some)), order) for some in (implied, queues) if some]
    return tuple(groups)


def _route(each: Stream, name: str, index: Mapping[str, int], teams: list[str]) -> Route:
    names = [step.name for step in each.steps]
    steps = tuple(
        RouteStep(
            name=step.name,
            queue=index[f"{name}.{step.name}"],
            rework_queue=index.get(f"{name}.{step.name}.rework", -1),
            review=_rule(step.review, each.steps[:number], names) if step.review else None,
            expires_after=step.expires,
            nobody=step.nobody,
            suspend=step.suspend,
            prefer=tuple(teams.index(team) for team in dict.fromkeys([*step.prefer, *teams])),
            work_factor=_piecewise(step.work_factor),
            reject_factor=_piecewise(step.reject_factor),
        )
        for number, step in enumerate(each.steps)
    )
    before = [number for number, step in enumerate(each.steps) if not (step.review and step.review.after)]
    return Route(name, steps, max(before, default=-1), each.triage)


def _rule(review: Review, earlier: Sequence[Step], names: list[str]) -> ReviewRule:
    when = When.AFTER if review.after else When.BEFORE
    if review.returns_to == "author":
        ordinary = [number for number, step in enumerate(earlier) if not step.review]  # R23: the last is judged
        return ReviewRule(when, review.reject, AUTHOR, max(ordinary, default=OUTSIDE), review.max_rounds)
    returns_to = names.index(review.returns_to)
    return ReviewRule(when, review.reject, returns_to, returns_to, review.max_rounds)


def _piecewise(factor: Mapping[int, float]) -> Piecewise:
    return Piecewise(np.array(list(factor)), np.array(list(factor.values())))


def _stream_messages(each: Stream) -> StreamMessages:
    messages = each.messages
    return StreamMessages(
        arrival=np.array([one.at for one in messages], np.int64),
        patience_ends=np.array([min(one.at + one.patience, NEVER) for one in messages], np.int64),
        actionable=np.array([not one.noise for one in messages], np.bool_),
        triage=np.array([one.triage for one in messages], np.int64),
        due=np.array([[one.due for one in messages]], np.int64),
        promises=("completion",),
        steps=tuple(_step_draws(step, messages) for step in each.steps),
    )


def _step_draws(step: Step, messages: Sequence[Message]) -> StepDraws:
    needs = np.array([one.needs(step.name) for one in messages], np.bool_)
    work = _per_visit([one.drawn(step.name, "work") for one in messages], np.int64)
    if step.review is None:
        return StepDraws(needs, work)
    uniform = _per_visit([one.drawn(step.name, "u") for one in messages], np.float64)
    if step.review.returns_to == "author":
        delay = _per_visit([one.drawn(step.name, "delay") for one in messages], np.int64)
        return StepDraws(needs, work, uniform, author_delay=delay)
    return StepDraws(
        needs, work, uniform, rework=_per_visit([one.drawn(step.name, "rework") for one in messages], np.int64)
    )


def _per_visit(drawn: Sequence[Drawn], dtype: type[np.generic]) -> PerVisit:
    """Lay out one sequence of values for each message; visit 1 of a message without any is never looked at."""
    values = [each if isinstance(each, tuple) else (each,) * MOST_VISITS for each in drawn]
    levels = []
    for visit in range(1, max(map(len, values), default=1)):
        member = [index for index, each in enumerate(values) if len(each) > visit]
        levels.append(Level(np.array(member), np.array([values[index][visit] for index in member], dtype)))
    return PerVisit(np.array([each[0] if each else -1 for each in values], dtype), tuple(levels))


def _roster(world: World) -> Roster:
    rankings = {(number, serves): None for number, each in enumerate(world.teams.values()) for serves in each.rankings}
    ranking = {key: index for index, key in enumerate(rankings)}
    people = [(number, each, one) for number, each in enumerate(world.teams.values()) for one in each.agents]
    rows = [
        (index, window.start, window.end, window.pace, window.quality, ranking[number, window.serves or each.serves])
        for index, (number, each, one) in enumerate(people)
        for window in one.windows
    ]
    agent, start, end, pace, quality, serves = np.array(rows, np.float64).reshape(-1, 6).T
    return Roster(
        team=np.array([number for number, _, _ in people], np.int64),
        slots=np.array([one.slots for _, _, one in people], np.int64),
        agent=agent.astype(np.int64),
        start=start.astype(np.int64),
        end=end.astype(np.int64),
        pace=pace,
        quality=quality,
        serves=serves.astype(np.int64),
        away_agent=np.array([], np.int64),
        away_start=np.array([], np.int64),
        away_end=np.array([], np.int64),
        away_why=np.array([], np.int64),
    )
