"""The messages of one stream in several replications, one behind the other, so that all are read at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from simsocial.model.messages import Bools, PerVisit, StreamMessages, Ticks

What = Literal["work", "reject", "rework", "author_delay"]
Values = npt.NDArray[np.float64 | np.int64]


class Drawn:
    """What was drawn for a stream.

    Parameters
    ----------
    each
        The stream's messages in each replication.

    Attributes
    ----------
    first_of
        Shape (replications + 1,), where the messages of each replication begin.
    arrival, patience_ends, actionable, triage
        Shape (messages,), as in :class:`StreamMessages`.
    """

    def __init__(self, each: Sequence[StreamMessages]) -> None:
        self.each = each
        self.first_of: Ticks = np.concatenate(([0], np.cumsum([len(drawn) for drawn in each])))
        self._first: dict[tuple[int, What], Values] = {}
        self._each: dict[tuple[int, What], list[PerVisit]] = {}

    def __len__(self) -> int:
        return int(self.first_of[-1])

    @cached_property
    def arrival(self) -> Ticks:
        return np.concatenate([drawn.arrival for drawn in self.each])

    @cached_property
    def patience_ends(self) -> Ticks:
        return np.concatenate([drawn.patience_ends for drawn in self.each])

    @cached_property
    def actionable(self) -> Bools:
        return np.concatenate([drawn.actionable for drawn in self.each])

    @cached_property
    def triage(self) -> Ticks:
        return np.concatenate([drawn.triage for drawn in self.each])

    @cached_property
    def needs(self) -> list[Bools]:
        """Whether each message needs each step."""
        steps = range(len(self.each[0].steps))
        return [np.concatenate([drawn.steps[step].needs for drawn in self.each]) for step in steps]

    def next_step(self, step: int, message: Ticks) -> Ticks:
        """Return the first step from ``step`` on that each of some messages needs, or how many steps there are."""
        found = np.full(len(message), len(self.needs))
        for later in reversed(range(step, len(self.needs))):
            found[self.needs[later][message]] = later
        return found

    def first(self, step: int, what: What) -> Values:
        """Return the values of visit 1 of all messages."""
        if (step, what) not in self._first:
            self._first[step, what] = np.concatenate([drawn.first for drawn in self._per_visit(step, what)])
        return self._first[step, what]

    def at(self, step: int, what: What, *, visit: Ticks, message: Ticks) -> Values:
        """Return the values of visits of messages, shape (visits,)."""
        out: Values = np.zeros(len(message), np.float64) if what == "reject" else np.zeros(len(message), np.int64)
        for number in np.flatnonzero(np.bincount(visit)).tolist():
            which = np.flatnonzero(visit == number)
            out[which] = self._level(step, what, number, message[which])
        return out

    def _level(self, step: int, what: What, visit: int, message: Ticks) -> Values:
        if visit == 1:
            return self.first(step, what)[message]
        drawn = zip(self.first_of.tolist(), self._per_visit(step, what), strict=False)
        levels = [(begin, each.later[visit - 2]) for begin, each in drawn if len(each.later) > visit - 2]
        member = np.concatenate([level.member for _, level in levels])
        member += np.repeat([begin for begin, _ in levels], [len(level.member) for _, level in levels])
        where = np.searchsorted(member, message)
        assert (member.take(where, mode="clip") == message).all(), "R18: a visit that was not drawn"
        values: Values = np.concatenate([level.value for _, level in levels])[where]
        return values

    def _per_visit(self, step: int, what: What) -> list[PerVisit]:
        if (step, what) not in self._each:
            self._each[step, what] = [getattr(drawn.steps[step], what) for drawn in self.each]
        return self._each[step, what]
