"""What is told of every reporting interval, defined once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
import numpy.typing as npt

from simsocial.measure.definitions import Entity, Kind
from simsocial.model.tallies import Tallies
from simsocial.units import HOUR, MINUTE


@dataclass(frozen=True, eq=False)
class SeriesMeasure:
    """A number for every reporting interval.

    Parameters
    ----------
    name, unit, entity, definition
        As in :class:`~simsocial.measure.definitions.Measure`.
    """

    kind: ClassVar[Kind]

    name: str
    unit: str
    entity: Entity
    definition: str


@dataclass(frozen=True, eq=False)
class Counted(SeriesMeasure):
    """What is counted in every replication, and estimated as a mean.

    Parameters
    ----------
    counted
        Shape (…, rows of its tallies, buckets), whole numbers that are added up over the interval; or, shape (…, rows,
        buckets + 1), a number just before each edge, which is read at the interval's end.
    per
        How many of what is counted make a unit.
    averaged
        Whether it is time, of which the average over the interval is told, as far as that is after the warm-up.
    """

    kind = Kind.MEAN

    counted: Callable[[Tallies], npt.NDArray[np.int64]]
    per: int = 1
    averaged: bool = False


@dataclass(frozen=True, eq=False)
class Ratio(SeriesMeasure):
    """A ratio of the means of what is counted.

    Parameters
    ----------
    above, below
        Numerator and denominator, of the same streams, steps or teams.
    times
        Units in one of ``above`` per one of ``below``.
    """

    kind = Kind.RATIO

    above: Counted
    below: Counted
    times: int = 1


_DUE: Final = Counted(
    "due", "promises", Entity.PROMISE, "Promises due, those at the horizon in the last interval (R8).",
    lambda t: t.promises.due,
)  # fmt: skip
_KEPT: Final = Counted(
    "kept", "promises", Entity.PROMISE, "Promises due that were kept.", lambda t: t.promises.kept
)  # fmt: skip
_SERVED: Final = Counted("served", "visits", Entity.STEP, "Visits whose work began.", lambda t: t.queues.started)
_WAIT_TOTAL: Final = Counted(
    "wait_total", "h", Entity.STEP, "Waits of the visits whose work began, added up.",
    lambda t: t.queues.wait_sum, HOUR,
)  # fmt: skip
_ON_DUTY: Final = Counted(
    "on_duty", "slot h", Entity.TEAM, "Slot time inside windows.", lambda t: t.teams.on_duty, HOUR
)
_BUSY: Final = Counted("busy", "slot h", Entity.TEAM, "Slot time at work inside windows.", lambda t: t.teams.busy, HOUR)


def _people(name: str, what: str, counted: Callable[[Tallies], npt.NDArray[np.int64]]) -> Counted:
    """Return how many people are in a stage of their careers."""
    said = f"People {what}, on duty or not, averaged over the interval after the warm-up (R98)."
    return Counted(name, "people", Entity.TEAM_CAREERS, said, counted, averaged=True)


_EMPLOYED: Final = _people(
    "headcount", "employed", lambda t: t.careers.in_class + t.careers.nesting + t.careers.ramping + t.careers.full
)
_CERTIFIED: Final = Counted(
    "certified", "people", Entity.TEAM_CERTIFIED,
    "People who hold every certificate of their team, averaged over the interval after the warm-up (R97).",
    lambda t: t.careers.certified, averaged=True,
)  # fmt: skip

SERIES: Final[tuple[SeriesMeasure, ...]] = (
    Counted("arrived", "messages", Entity.STREAM, "Messages that arrived.", lambda t: t.streams.arrived),
    Counted(
        "handled", "messages", Entity.STREAM, "Messages that came to the end of their route.",
        lambda t: t.streams.handled,
    ),
    Counted(
        "abandoned", "messages", Entity.STREAM, "Messages that lost patience before work on them began.",
        lambda t: t.streams.abandoned,
    ),
    Counted(
        "expired", "messages", Entity.STREAM, "Messages that left a queue when their expiry ended.",
        lambda t: t.streams.expired,
    ),
    Counted(
        "withdrawn", "messages", Entity.STREAM, "Messages that were rejected by their last review.",
        lambda t: t.streams.withdrawn,
    ),
    Counted("noise", "messages", Entity.STREAM, "Noise that left.", lambda t: t.streams.noise),
    _DUE,
    _KEPT,
    Ratio(
        "kept_share", "", Entity.PROMISE, "Share of the promises due in the interval that were kept (R8).", _KEPT, _DUE
    ),
    Counted("offered", "visits", Entity.STEP, "Visits that joined the queue.", lambda t: t.queues.offered),
    _SERVED,
    _WAIT_TOTAL,
    Ratio(
        "wait_mean", "min", Entity.STEP, "Mean wait of the visits whose work began in the interval.",
        _WAIT_TOTAL, _SERVED, HOUR // MINUTE,
    ),
    Counted(
        "abandoned", "visits", Entity.STEP, "Visits that left the queue when patience ended.",
        lambda t: t.queues.abandoned,
    ),
    Counted(
        "expired", "visits", Entity.STEP, "Visits that left the queue when expiry ended.", lambda t: t.queues.expired
    ),
    Counted(
        "backlog", "visits", Entity.STEP, "Visits waiting at the end of the interval.", lambda t: t.flows.waiting
    ),
    Counted(
        "backlog_work", "h", Entity.STEP, "Drawn work, at pace 1, of the visits waiting at the end of the interval.",
        lambda t: t.flows.waiting_work, HOUR,
    ),
    Counted("rejected", "visits", Entity.REVIEW, "Reviews that rejected.", lambda t: t.queues.rejected),
    _ON_DUTY,
    _BUSY,
    Ratio(
        "occupancy", "", Entity.TEAM, "Share of the slot time inside windows that was at work.", _BUSY, _ON_DUTY
    ),
    Counted(
        "overrun", "slot h", Entity.TEAM, "Slot time at work outside windows.", lambda t: t.teams.overrun, HOUR
    ),
    _EMPLOYED,
    _people("headcount_waiting", "due and not begun, for want of room or trainers", lambda t: t.careers.waiting),
    _people("headcount_in_class", "in class", lambda t: t.careers.in_class),
    _people("headcount_nesting", "nesting", lambda t: t.careers.nesting),
    _people("headcount_ramping", "on the ramp", lambda t: t.careers.ramping),
    _people("headcount_full", "fully ramped", lambda t: t.careers.full),
    Counted(
        "capacity_lost", "h", Entity.TEAM_TRAINED,
        "Capacity of the untrained twin in the time that learning and teaching take (R110).",
        lambda t: t.careers.lost, HOUR,
    ),
    Counted(
        "capacity_gained", "h", Entity.TEAM_TRAINED,
        "Capacity on duty that better pace brings above that of the untrained twin (R110).",
        lambda t: t.careers.gained, HOUR,
    ),
    _CERTIFIED,
    Ratio(
        "certified_share", "", Entity.TEAM_CERTIFIED,
        "Share of the people employed who hold every certificate of their team (R97).", _CERTIFIED, _EMPLOYED,
    ),
)  # fmt: skip
"""All of them, in the order of tables."""

COUNTED: Final = tuple(measure for measure in SERIES if isinstance(measure, Counted))
"""Those that every replication has by itself; ratios follow from their sums."""
