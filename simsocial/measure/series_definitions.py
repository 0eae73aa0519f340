"""What is told of every reporting interval, defined once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
import numpy.typing as npt

from simsocial.measure.definitions import Entity, Kind
from simsocial.model.tallies import Tallies
from simsocial.units import HOUR


@dataclass(frozen=True, eq=False)
class SeriesMeasure:
    """A number for every reporting interval; always estimated as a mean.

    Parameters
    ----------
    name, unit, entity, definition
        As in :class:`~simsocial.measure.definitions.Measure`.
    counted
        Shape (rows of its tallies, buckets), whole numbers that are added up over the interval; or, shape (rows,
        buckets + 1), a number just before each edge, which is read at the interval's end.
    per
        How many of what is counted make a unit.
    """

    kind: ClassVar[Kind] = Kind.MEAN

    name: str
    unit: str
    entity: Entity
    definition: str
    counted: Callable[[Tallies], npt.NDArray[np.int64]]
    per: int = 1


SERIES: Final = (
    SeriesMeasure("arrived", "messages", Entity.STREAM, "Messages that arrived.", lambda t: t.streams.arrived),
    SeriesMeasure(
        "handled", "messages", Entity.STREAM, "Messages that came to the end of their route.",
        lambda t: t.streams.handled,
    ),
    SeriesMeasure(
        "lost", "messages", Entity.STREAM, "Messages that were abandoned, expired or were withdrawn.",
        lambda t: t.streams.abandoned + t.streams.expired + t.streams.withdrawn,
    ),
    SeriesMeasure("noise", "messages", Entity.STREAM, "Noise that left.", lambda t: t.streams.noise),
    SeriesMeasure(
        "due", "promises", Entity.PROMISE, "Promises due, those at the horizon in the last interval (R8).",
        lambda t: t.promises.due,
    ),
    SeriesMeasure("kept", "promises", Entity.PROMISE, "Promises due that were kept.", lambda t: t.promises.kept),
    SeriesMeasure("offered", "visits", Entity.STEP, "Visits that joined the queue.", lambda t: t.queues.offered),
    SeriesMeasure("served", "visits", Entity.STEP, "Visits whose work began.", lambda t: t.queues.started),
    SeriesMeasure(
        "wait_total", "h", Entity.STEP, "Waits of the visits whose work began, added up.",
        lambda t: t.queues.wait_sum, HOUR,
    ),
    SeriesMeasure(
        "left", "visits", Entity.STEP, "Visits that left the queue: patience or expiry ended.",
        lambda t: t.queues.abandoned + t.queues.expired,
    ),
    SeriesMeasure(
        "backlog", "visits", Entity.STEP, "Visits waiting at the end of the interval.", lambda t: t.flows.waiting
    ),
    SeriesMeasure(
        "backlog_work", "h", Entity.STEP, "Drawn work, at pace 1, of the visits waiting at the end of the interval.",
        lambda t: t.flows.waiting_work, HOUR,
    ),
    SeriesMeasure("rejected", "visits", Entity.REVIEW, "Reviews that rejected.", lambda t: t.queues.rejected),
    SeriesMeasure(
        "on_duty", "slot h", Entity.TEAM, "Slot time inside windows.", lambda t: t.teams.on_duty, HOUR
    ),
    SeriesMeasure("busy", "slot h", Entity.TEAM, "Slot time at work inside windows.", lambda t: t.teams.busy, HOUR),
    SeriesMeasure(
        "overrun", "slot h", Entity.TEAM, "Slot time at work outside windows.", lambda t: t.teams.overrun, HOUR
    ),
)  # fmt: skip
"""All of them, in the order of tables."""
