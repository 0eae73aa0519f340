"""What is told of every reporting interval, defined once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy.typing as npt

from simsocial.measure.definitions import Entity, Kind
from simsocial.measure.totals import Intervals
from simsocial.units import HOUR


@dataclass(frozen=True)
class SeriesMeasure:
    """A number for every reporting interval; always estimated as a mean.

    Parameters
    ----------
    name, unit, entity, definition
        As in :class:`~simsocial.measure.definitions.Measure`.
    values
        Shape (entities, intervals).
    """

    kind: ClassVar[Kind] = Kind.MEAN

    name: str
    unit: str
    entity: Entity
    definition: str
    values: Callable[[Intervals], npt.NDArray[Any]]


SERIES: Final = (
    SeriesMeasure("arrived", "messages", Entity.STREAM, "Messages that arrived.", lambda i: i.streams.arrived),
    SeriesMeasure(
        "handled", "messages", Entity.STREAM, "Messages that came to the end of their route.",
        lambda i: i.streams.handled,
    ),
    SeriesMeasure(
        "lost", "messages", Entity.STREAM, "Messages that were abandoned, expired or were withdrawn.",
        lambda i: i.streams.abandoned + i.streams.expired + i.streams.withdrawn,
    ),
    SeriesMeasure("noise", "messages", Entity.STREAM, "Noise that left.", lambda i: i.streams.noise),
    SeriesMeasure(
        "due", "promises", Entity.PROMISE, "Promises due, those at the horizon in the last interval (R8).",
        lambda i: i.promises.due,
    ),
    SeriesMeasure("kept", "promises", Entity.PROMISE, "Promises due that were kept.", lambda i: i.promises.kept),
    SeriesMeasure("offered", "visits", Entity.STEP, "Visits that joined the queue.", lambda i: i.steps.offered),
    SeriesMeasure("served", "visits", Entity.STEP, "Visits whose work began.", lambda i: i.steps.started),
    SeriesMeasure(
        "wait_total", "h", Entity.STEP, "Waits of the visits whose work began, added up.",
        lambda i: i.steps.wait_sum / HOUR,
    ),
    SeriesMeasure(
        "left", "visits", Entity.STEP, "Visits that left the queue: patience or expiry ended.",
        lambda i: i.steps.abandoned + i.steps.expired,
    ),
    SeriesMeasure(
        "backlog", "visits", Entity.STEP, "Visits waiting at the end of the interval.", lambda i: i.backlogs.count
    ),
    SeriesMeasure(
        "backlog_work", "h", Entity.STEP, "Drawn work, at pace 1, of the visits waiting at the end of the interval.",
        lambda i: i.backlogs.work / HOUR,
    ),
    SeriesMeasure("rejected", "visits", Entity.REVIEW, "Reviews that rejected.", lambda i: i.steps.rejected),
    SeriesMeasure(
        "on_duty", "slot h", Entity.TEAM, "Slot time inside windows.", lambda i: i.teams.on_duty / HOUR
    ),
    SeriesMeasure("busy", "slot h", Entity.TEAM, "Slot time at work inside windows.", lambda i: i.teams.busy / HOUR),
    SeriesMeasure(
        "overrun", "slot h", Entity.TEAM, "Slot time at work outside windows.", lambda i: i.teams.overrun / HOUR
    ),
)  # fmt: skip
"""All of them, in the order of tables."""
