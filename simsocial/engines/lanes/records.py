"""Every visit that a message could make, written down before the run, with where it leads when it passes and when not.

Work is known, the outcome of a review depends only on the quality of the work judged and on the factor in force: so all
that a lane has to decide about a visit is when it starts and with whom. Records are numbered in order of stream, then
message, so that (instant, record) orders a queue as R31 does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from simsocial.model.desk import AUTHOR, Desk, ReviewRule, Route
from simsocial.model.log import MessageOutcome
from simsocial.model.messages import Bools, Floats, Messages, PerVisit, StreamMessages, Ticks
from simsocial.units import NEVER

ENDS = {outcome: -1 - int(outcome) for outcome in MessageOutcome}
"""What stands in place of a next record where the message's way ends."""
NOT_A_REVIEW = np.inf
"""The uniform of a visit that nothing rejects."""


@dataclass(frozen=True, eq=False)
class Records:
    """The possible visits of one replication; all arrays of shape (records,).

    Parameters
    ----------
    stream, message, step, visit
        Which visit of which message, as in the log; ``message`` counts in its stream.
    queue
        Index into ``Desk.queues``.
    work
        Ticks at pace 1 and factor 1, triage included.
    leaves
        The last tick at which it may begin (R26); ``NEVER`` for ever.
    by_patience
        Whether it abandons then, instead of expiring.
    uniform
        Of the review; ``NOT_A_REVIEW`` where nothing is decided.
    actionable
        Whether the message is no noise.
    publishes
        Whether the message is published when it passes here, unless it was before (R24).
    passed, rejected
        The next record, or one of ``ENDS``.
    delay
        Ticks between the end of the visit before and joining.
    by_author
        Whether the author's correction comes before it (R23).
    first
        Whether it is the message's first visit.
    """

    stream: Ticks
    message: Ticks
    step: Ticks
    visit: Ticks
    queue: Ticks
    work: Ticks
    leaves: Ticks
    by_patience: Bools
    uniform: Floats
    actionable: Bools
    publishes: Bools
    passed: Ticks
    rejected: Ticks
    delay: Ticks
    by_author: Bools
    first: Bools

    def __len__(self) -> int:
        return len(self.stream)


def compile_records(desk: Desk, messages: Messages, *, qualities: tuple[float, float]) -> Records:
    """Write down all visits that may happen.

    Parameters
    ----------
    desk, messages
        What an engine takes.
    qualities
        The smallest and the largest quality that any work can have.
    """
    each = [
        _Stream(number, route, drawn, qualities).records()
        for number, (route, drawn) in enumerate(zip(desk.routes, messages.streams, strict=True))
    ]
    return _joined(each)


def _joined(parts: list[Records]) -> Records:
    """Put the records of several streams one behind the other."""
    offsets = np.cumsum([0, *(len(part) for part in parts)])
    columns = {field.name: np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Records)}
    shift = np.repeat(offsets[:-1], [len(part) for part in parts])
    for name in ("passed", "rejected"):
        columns[name] = np.where(columns[name] >= 0, columns[name] + shift, columns[name])
    return Records(**columns)


@dataclass(frozen=True, eq=False)
class _Frontier:
    """Visits about to be made; shapes (visits,), and (visits, steps) for how often each step was visited before."""

    message: Ticks
    step: Ticks
    rework: Bools
    work: Ticks
    delay: Ticks
    by_author: Bools
    visits: Ticks
    own: Ticks

    def __len__(self) -> int:
        return len(self.message)

    def only(self, which: npt.NDArray[np.int64] | Bools) -> _Frontier:
        return _Frontier(*(getattr(self, field.name)[which] for field in fields(self)))


class _Stream:
    """The records of one stream."""

    def __init__(self, number: int, route: Route, drawn: StreamMessages, qualities: tuple[float, float]) -> None:
        self.number, self.route, self.drawn = number, route, drawn
        self.worst, self.best = qualities
        self.next_step = _next_steps(drawn)
        self.meets_again = sum(step.review is not None for step in route.steps) > 1
        """Whether two ways of a message can lead to the same visit: by passing one review or another first."""

    def records(self) -> Records:
        """Go from visit to visit, for all messages at once."""
        parts: list[dict[str, npt.NDArray[np.generic]]] = []
        frontier, size = self._beginning(), 0
        while len(frontier) or not parts:
            size += len(frontier)
            part, frontier = self._level(frontier, after=size, first=not parts)
            parts.append(part)
            if self.meets_again and len(frontier):
                frontier, same = _merged(frontier)
                for name in ("passed", "rejected"):
                    ahead = part[name] >= size
                    part[name][ahead] = size + same[part[name][ahead].astype(np.int64) - size]
        return _by_message({name: np.concatenate([part[name] for part in parts]) for name in parts[0]})

    def _beginning(self) -> _Frontier:
        step = self.next_step[0]
        steps = len(self.route.steps)
        joins = (step < steps) & (self.drawn.actionable | self.route.triage)  # R17
        message = np.flatnonzero(joins)
        size = len(message)
        nothing, no = np.zeros((size, steps), np.int64), np.zeros(size, np.bool_)
        return _Frontier(message, step[message], no, nothing[:, 0], nothing[:, 0], no, nothing, nothing)

    def _level(
        self, frontier: _Frontier, *, after: int, first: bool
    ) -> tuple[dict[str, npt.NDArray[np.generic]], _Frontier]:
        """Return the records of a frontier, and the frontier behind it, whose records are numbered from ``after``."""
        size, rows = len(frontier), np.arange(len(frontier))
        visits, own = frontier.visits.copy(), frontier.own.copy()
        visits[rows, frontier.step] += 1
        own[rows[~frontier.rework], frontier.step[~frontier.rework]] += 1
        frontier = _Frontier(**{**vars(frontier), "visits": visits, "own": own})
        passed = np.full(size, ENDS[MessageOutcome.HANDLED])
        rejected = passed.copy()
        columns: dict[str, npt.NDArray[np.generic]] = {
            "message": frontier.message,
            "step": frontier.step,
            "visit": visits[rows, frontier.step],
            "delay": frontier.delay,
            "by_author": frontier.by_author,
            "actionable": self.drawn.actionable[frontier.message],
            "first": np.full(size, first),
            "queue": np.zeros(size, np.int64),
            "work": frontier.work.copy(),
            "leaves": np.full(size, NEVER),
            "by_patience": np.zeros(size, np.bool_),
            "uniform": np.full(size, NOT_A_REVIEW),
            "publishes": np.zeros(size, np.bool_),
            "stream": np.full(size, self.number),
        }
        ahead: list[_Frontier] = []
        for where in range(len(self.route.steps)):
            here = np.flatnonzero(frontier.step == where)
            if not len(here):
                continue
            now = frontier.only(here)
            for name, values in self._visit(where, now, first=first).items():
                columns[name][here] = values
            for link, next_visits in self._followers(where, now, columns["uniform"][here], passed, rejected, here):
                link[here[next_visits[0]]] = after + np.arange(len(next_visits[1]))
                after += len(next_visits[1])
                ahead.append(next_visits[1])
        columns |= {"passed": passed, "rejected": rejected}
        return columns, _concatenated(ahead, like=frontier)

    def _visit(self, where: int, now: _Frontier, *, first: bool) -> dict[str, npt.NDArray[np.generic]]:
        """Return what is known of visits to a step (R17, R22, R26, R40)."""
        step, drawn, message = self.route.steps[where], self.drawn, now.message
        actionable = drawn.actionable[message]
        expiry = np.minimum(drawn.arrival[message] + step.expires_after, NEVER)
        patience = drawn.patience_ends[message] if first else np.full(len(message), NEVER)
        own = _drawn(drawn.steps[where].work, now.own[:, where], message, actionable & ~now.rework)
        work = np.where(now.rework, now.work, own) + (drawn.triage[message] if first else 0)
        uniform = np.full(len(message), NOT_A_REVIEW)
        if step.review is not None:
            decided = _drawn(drawn.steps[where].reject, now.visits[:, where], message, actionable)
            uniform = np.where(actionable, decided, NOT_A_REVIEW)
        return {
            "queue": np.where(now.rework, step.rework_queue, step.queue),
            "work": work,
            "leaves": np.minimum(patience, expiry),
            "by_patience": patience <= expiry,
            "uniform": uniform,
            "publishes": actionable & (self.next_step[where + 1][message] > self.route.published_after),
        }

    def _followers(
        self, where: int, now: _Frontier, uniform: Floats, passed: Ticks, rejected: Ticks, here: Ticks
    ) -> Iterator[tuple[Ticks, tuple[Ticks, _Frontier]]]:
        """Yield which visits lead on by passing, and by being rejected, to which; the other ends are written down."""
        step, message = self.route.steps[where], now.message
        actionable = self.drawn.actionable[message]
        passed[here[~actionable]] = ENDS[MessageOutcome.NOISE]
        may_pass, may_fail = self._possible(where, uniform)
        next_step = self.next_step[where + 1][message]
        on = np.flatnonzero(actionable & may_pass & (next_step < len(self.route.steps)))
        yield passed, (on, self._to(now.only(on), next_step[on]))
        if step.review is None:
            return
        back = actionable & may_fail
        last = now.visits[:, where] >= step.review.max_rounds
        rejected[here[back & last]] = ENDS[MessageOutcome.WITHDRAWN]  # R25
        again = np.flatnonzero(back & ~last)
        yield rejected, (again, self._sent_back(where, step.review, now.only(again)))

    def _possible(self, where: int, uniform: Floats) -> tuple[Bools, Bools]:
        """Return whether a visit may pass, and may be rejected, whoever did the work judged (R23)."""
        step = self.route.steps[where]
        if step.review is None:
            return np.ones(len(uniform), np.bool_), np.zeros(len(uniform), np.bool_)
        factors = step.reject_factor.values
        least, most = (step.review.reject * float(factor) for factor in (factors.min(), factors.max()))
        always = uniform / least < self.worst if least > 0 else np.zeros(len(uniform), np.bool_)
        never = uniform / most >= self.best if most > 0 else np.ones(len(uniform), np.bool_)
        return ~always, ~never

    def _to(self, now: _Frontier, step: Ticks) -> _Frontier:
        nothing, no = np.zeros(len(now), np.int64), np.zeros(len(now), np.bool_)
        return _Frontier(now.message, step, no, nothing, nothing, no, now.visits, now.own)

    def _sent_back(self, where: int, rule: ReviewRule, now: _Frontier) -> _Frontier:
        """Return the visits after a rejection: rework, or the review again after the author's delay (R25)."""
        drawn, every = self.drawn.steps[where], np.ones(len(now), np.bool_)
        round_ = now.visits[:, where]
        nothing = np.zeros(len(now), np.int64)
        if rule.returns_to == AUTHOR:
            delay = _drawn(drawn.author_delay, round_, now.message, every)
            return _Frontier(
                now.message, nothing + where, ~every, nothing, delay.astype(np.int64), every, now.visits, now.own
            )
        work = _drawn(drawn.rework, round_, now.message, every).astype(np.int64)
        return _Frontier(now.message, nothing + rule.returns_to, every, work, nothing, ~every, now.visits, now.own)


def _next_steps(drawn: StreamMessages) -> Ticks:
    """Return, from each step on (and behind the last), the first step that each message needs."""
    steps = len(drawn.steps)
    found = np.full((steps + 1, len(drawn)), steps)
    for where in reversed(range(steps)):
        found[where] = np.where(drawn.steps[where].needs, where, found[where + 1])
    return found


def _drawn(values: PerVisit | None, visit: Ticks, message: Ticks, wanted: Bools) -> npt.NDArray[np.float64 | np.int64]:
    """Return the values of visits of messages; 0 where they are not wanted."""
    if not wanted.any():
        return np.zeros(len(message), np.int64)
    assert values is not None, "R18: a value that was not drawn"
    out = np.zeros(len(message), values.first.dtype)
    for number in np.unique(visit[wanted]).tolist():
        which = wanted & (visit == number)
        out[which] = values.at(number, message[which])
    return out


def _merged(frontier: _Frontier) -> tuple[_Frontier, Ticks]:
    """Return a frontier in which equal visits are one, and the place of each visit in it."""
    columns = [getattr(frontier, field.name) for field in fields(_Frontier)]
    table = np.column_stack([column.reshape(len(frontier), -1) for column in columns]).astype(np.int64)
    _, kept, place = np.unique(table, axis=0, return_index=True, return_inverse=True)
    return frontier.only(kept), place.reshape(-1)


def _concatenated(parts: list[_Frontier], *, like: _Frontier) -> _Frontier:
    if not parts:
        return like.only(np.zeros(0, np.int64))
    return _Frontier(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(_Frontier)))


def _by_message(columns: dict[str, npt.NDArray[np.generic]]) -> Records:
    """Number the records in order of message."""
    order = np.argsort(columns["message"], kind="stable")
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    for name in ("passed", "rejected"):
        link = columns[name]
        columns[name] = np.where(link >= 0, place[np.maximum(link.astype(np.int64), 0)], link)
    return Records(**{field.name: columns[field.name][order] for field in fields(Records)})  # type: ignore[arg-type]
