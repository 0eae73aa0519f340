"""The visits that messages make only after a rejection: few, each known by how often its message was where before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from simsocial.engines.lanes.drawn import Drawn
from simsocial.engines.lanes.records import ENDS, NOT_A_REVIEW
from simsocial.model.desk import AUTHOR, Route, RouteStep
from simsocial.model.log import MessageOutcome
from simsocial.model.messages import Bools, Floats, Ticks
from simsocial.units import NEVER


def possible(step: RouteStep, uniform: Floats, qualities: tuple[float, float]) -> tuple[Bools, Bools]:
    """Return whether visits to a review may pass, and may be rejected, whoever did the work judged (R23).

    Parameters
    ----------
    step
        The review.
    uniform
        Shape (visits,).
    qualities
        The smallest and the largest quality that any work can have.
    """
    assert step.review is not None
    factors, (worst, best) = step.reject_factor.values, qualities
    least, most = (step.review.reject * float(factor) for factor in (factors.min(), factors.max()))
    fails = uniform / most < best if most > 0 else np.zeros(len(uniform), np.bool_)
    passes = uniform / least >= worst if least > 0 else np.ones(len(uniform), np.bool_)
    return passes, fails


@dataclass(frozen=True, eq=False)
class Visits:
    """Visits about to be made; shapes (visits,), and (visits, steps) for how often each step was visited before.

    Parameters
    ----------
    message, step, rework
        Where they go.
    work
        Of rework, ticks at pace 1; 0 where a step's own work is drawn.
    delay
        Ticks between the rejection and joining.
    visits, own
        Visits to each step before, all of them, and those to its own queue.
    """

    message: Ticks
    step: Ticks
    rework: Bools
    work: Ticks
    delay: Ticks
    visits: Ticks
    own: Ticks

    def __len__(self) -> int:
        return len(self.message)

    def only(self, which: npt.NDArray[np.int64] | Bools) -> Visits:
        return Visits(*(getattr(self, field.name)[which] for field in fields(self)))

    @classmethod
    def joined(cls, parts: list[Visits]) -> Visits:
        return cls(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(cls)))


@dataclass(frozen=True, eq=False)
class Known:
    """Visits with all that is known of them; arrays of shape (visits,), as the columns of the same names.

    Links are numbers of these visits, or one of ``ENDS``.
    """

    message: Ticks
    queue: Ticks
    visit: Ticks
    work: Ticks
    leaves: Ticks
    uniform: Floats
    publishes: Bools
    passed: Ticks
    rejected: Ticks
    delay: Ticks

    def __len__(self) -> int:
        return len(self.message)


class SentBack:
    """What may happen to the messages of a stream after a rejection; only actionable ones are ever rejected (R17)."""

    def __init__(self, route: Route, drawn: Drawn, qualities: tuple[float, float]) -> None:
        self.route, self.drawn, self.qualities = route, drawn, qualities
        self.meets_again = sum(step.review is not None for step in route.steps) > 1
        """Whether two ways of a message can lead to the same visit: by passing one review or another first."""

    def after(self, where: int, message: Ticks, visits: Ticks, own: Ticks) -> Visits:
        """Return the visits after rejections: rework, or the review again after the author's delay (R25)."""
        step, size = self.route.steps[where], len(message)
        assert step.review is not None
        nothing, by_author = np.zeros(size, np.int64), step.review.returns_to == AUTHOR
        ticks = self.drawn.at(
            where, "author_delay" if by_author else "rework", visit=visits[:, where], message=message
        ).astype(np.int64, copy=False)
        to = np.full(size, where if by_author else step.review.returns_to)
        work, delay = (nothing, ticks) if by_author else (ticks, nothing)
        return Visits(message, to, np.full(size, not by_author), work, delay, visits, own)

    def follow(self, visits: Visits) -> Known:
        """Go from visit to visit, for all messages at once; ``visits`` themselves come first."""
        levels: list[Known] = []
        size = 0
        while len(visits):
            size += len(visits)
            level, visits = self._level(visits, after=size)
            levels.append(level)
            if self.meets_again and len(visits):
                visits, same = _merged(visits)
                for link in (level.passed, level.rejected):
                    ahead = link >= size
                    link[ahead] = size + same[link[ahead] - size]
        return Known(*(np.concatenate([getattr(level, field.name) for level in levels]) for field in fields(Known)))

    def _level(self, now: Visits, *, after: int) -> tuple[Known, Visits]:
        """Write down visits; return those behind them too, which are numbered from ``after``."""
        rows, size = np.arange(len(now)), len(now)
        now.visits[rows, now.step] += 1
        now.own[rows, now.step] += ~now.rework
        level = Known(
            message=now.message,
            queue=np.zeros(size, np.int64),
            visit=now.visits[rows, now.step],
            work=now.work,
            leaves=np.full(size, NEVER),
            uniform=np.full(size, NOT_A_REVIEW),
            publishes=np.zeros(size, np.bool_),
            passed=np.full(size, ENDS[MessageOutcome.HANDLED]),
            rejected=np.full(size, ENDS[MessageOutcome.HANDLED]),
            delay=now.delay,
        )
        ahead: list[Visits] = []
        for where in np.flatnonzero(np.bincount(now.step)).tolist():
            here = np.flatnonzero(now.step == where)
            self._write(where, now, here, level)
            for link, goes, behind in self._behind(where, now.only(here), level, here):
                link[here[goes]] = after + np.arange(len(behind))
                after += len(behind)
                ahead.append(behind)
        return level, Visits.joined(ahead)

    def _write(self, where: int, now: Visits, here: Ticks, level: Known) -> None:
        """Write down what is known of visits to a step (R22, R26, R40)."""
        step, drawn, message = self.route.steps[where], self.drawn, now.message[here]
        rework = now.rework[here]
        own = here[~rework]
        level.queue[here] = np.where(rework, step.rework_queue, step.queue)
        level.work[own] = drawn.at(where, "work", visit=now.own[own, where], message=now.message[own])
        if step.expires_after < NEVER:
            level.leaves[here] = np.minimum(drawn.arrival[message] + step.expires_after, NEVER)
        level.publishes[here] = drawn.next_step(where + 1, message) > self.route.published_after
        if step.review is not None:
            level.uniform[here] = drawn.at(where, "reject", visit=now.visits[here, where], message=message)

    def _behind(self, where: int, now: Visits, level: Known, here: Ticks) -> Iterator[tuple[Ticks, Ticks, Visits]]:
        """Yield a kind of link, which of the visits to a step it leads on, and to which others."""
        rule, next_step = self.route.steps[where].review, self.drawn.next_step(where + 1, now.message)
        goes_on = next_step < len(self.route.steps)
        if rule is None:
            yield level.passed, *self._on(now, np.flatnonzero(goes_on), next_step)
            return
        may_pass, may_fail = possible(self.route.steps[where], level.uniform[here], self.qualities)
        yield level.passed, *self._on(now, np.flatnonzero(goes_on & may_pass), next_step)
        last = now.visits[:, where] >= rule.max_rounds
        level.rejected[here[may_fail & last]] = ENDS[MessageOutcome.WITHDRAWN]  # R25
        back = np.flatnonzero(may_fail & ~last)
        again = now.only(back)
        yield level.rejected, back, self.after(where, again.message, again.visits, again.own)

    @staticmethod
    def _on(now: Visits, goes: Ticks, step: Ticks) -> tuple[Ticks, Visits]:
        """Return visits that go on along the route, and where they come to."""
        going, nothing = now.only(goes), np.zeros(len(goes), np.int64)
        none = np.zeros(len(goes), np.bool_)
        return goes, Visits(going.message, step[goes], none, nothing, nothing, going.visits, going.own)


def _merged(visits: Visits) -> tuple[Visits, Ticks]:
    """Return visits of which equal ones are one, and the place of each visit in them."""
    columns = [getattr(visits, field.name) for field in fields(Visits)]
    table = np.column_stack([column.reshape(len(visits), -1) for column in columns]).astype(np.int64)
    _, kept, place = np.unique(table, axis=0, return_index=True, return_inverse=True)
    return visits.only(kept), place.reshape(-1)
