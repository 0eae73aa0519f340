"""What will happen to every message of one replication, drawn beforehand (R18)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from simsocial.model.piecewise import frozen
from simsocial.units import NEVER

Ticks = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Level:
    """The values of one later visit, for the messages that may come that far.

    Parameters
    ----------
    member
        Shape (members,), indexes of messages, ascending.
    value
        Shape (members,).
    """

    member: npt.NDArray[np.int64]
    value: npt.NDArray[Any]

    def __post_init__(self) -> None:
        object.__setattr__(self, "member", frozen(self.member, np.int64))
        object.__setattr__(self, "value", frozen(self.value, self.value.dtype))
        assert len(self.member) == len(self.value)


@dataclass(frozen=True, eq=False)
class PerVisit:
    """A drawn value for every visit that a message may make (visits are counted from 1).

    Parameters
    ----------
    first
        Shape (messages,), the value of visit 1.
    later
        One :class:`Level` for visit 2, 3, …
    """

    first: npt.NDArray[Any]
    later: tuple[Level, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "first", frozen(self.first, self.first.dtype))

    def at(self, visit: int, message: npt.NDArray[np.int64]) -> npt.NDArray[Any]:
        """Return the values of visit ``visit`` for ``message`` (any shape); every one must be a member."""
        if visit == 1:
            return self.first[message]
        level = self.later[visit - 2]
        where = np.searchsorted(level.member, message)
        assert (level.member[where] == message).all(), "R18: a visit that was not drawn"
        return level.value[where]


@dataclass(frozen=True, eq=False)
class StepDraws:
    """What was drawn for one step of a stream.

    Parameters
    ----------
    needs
        Shape (messages,), whether the message needs the step.
    work
        Ticks at pace 1 of visit v to the step's own queue, counted over those visits that are not rework.
    reject
        Uniform of review v (``None`` for an ordinary step).
    rework
        Ticks at pace 1 of the rework that rejection v of this review causes (``None`` where it returns to the author).
    author_delay
        Ticks the author takes after rejection v (``None`` where it returns to a step).
    """

    needs: Bools
    work: PerVisit
    reject: PerVisit | None = None
    rework: PerVisit | None = None
    author_delay: PerVisit | None = None


@dataclass(frozen=True, eq=False)
class StreamMessages:
    """The messages of one stream, in order of arrival.

    Parameters
    ----------
    arrival
        Shape (messages,), ticks, ascending, all below the horizon; negative for what is there at the start (R87).
    patience_ends
        Shape (messages,), the instant at which a message leaves whose first visit has not begun; ``NEVER`` without.
    actionable
        Shape (messages,).
    triage
        Shape (messages,), ticks at pace 1, part of the first visit's work (R17, R40); 0 without triage.
    due
        Shape (promises, messages), due instants of the message promises (R6), ``NEVER`` for noise; rows as ``promises``
        names them.
    promises
        Names of the rows of ``due``.
    steps
        One per step of the route.
    lost
        Shape (messages,), actionable messages that a filter took for noise: to the desk they are noise (R106);
        ``None`` for none.
    answered
        Shape (messages,), whose first step was done without people: picked up as they arrive (R107); ``None`` for none.
    automated
        Shape (messages,), of which a tool finished at least one step (R107); ``None`` for none.
    """

    arrival: Ticks
    patience_ends: Ticks
    actionable: Bools
    triage: Ticks
    due: Ticks
    promises: tuple[str, ...]
    steps: tuple[StepDraws, ...]
    lost: Bools | None = None
    answered: Bools | None = None
    automated: Bools | None = None

    def __len__(self) -> int:
        return len(self.arrival)

    @property
    def earliest_due(self) -> Ticks:
        """Shape (messages,), the earliest due instant of R6, ``NEVER`` without one: compared by ``due`` order (R31)."""
        earliest: Ticks = self.due.min(axis=0, initial=NEVER)
        return earliest


@dataclass(frozen=True)
class Messages:
    """All streams of one replication, in the config's order."""

    streams: tuple[StreamMessages, ...]

    @property
    def oldest(self) -> int:
        """Age at the start of the oldest message that is there then, ticks; 0 when nothing is (R87)."""
        return max([0, *(-int(stream.arrival[0]) for stream in self.streams if len(stream))])
