"""Writes down what happens, compactly, and returns it as a log."""

from __future__ import annotations

from array import array
from dataclasses import fields

import numpy as np
import numpy.typing as npt

from simsocial.engines.reference.lines import Visit
from simsocial.model.log import Fates, Log, MessageOutcome, Visits
from simsocial.model.messages import Messages
from simsocial.units import NEVER

Ints = npt.NDArray[np.int64]
COLUMNS = tuple(field.name for field in fields(Visits))
NOBODY = (-1, -1, -1)
"""Team, agent and slot of a visit that nobody serves (yet)."""


class Record:
    """The visits and fates of one replication as they become known."""

    def __init__(self, messages: Messages) -> None:
        sizes = [len(stream) for stream in messages.streams]
        self.outcome = [array("q", [MessageOutcome.PENDING]) * size for size in sizes]
        self.ended = [array("q", [NEVER]) * size for size in sizes]
        self.published = [array("q", [NEVER]) * size for size in sizes]
        self._rows = array("q")

    def visit(self, visit: Visit) -> None:
        item, slot = visit.item, visit.slot
        server = (slot.agent.team, slot.agent.index, slot.number) if slot else NOBODY
        about = (item.stream, item.index, visit.where, visit.queue, visit.number)
        self._rows.extend((*about, *server, visit.joined, visit.start, visit.end, visit.work, visit.outcome))

    def fate(self, stream: int, message: int, outcome: MessageOutcome, instant: int) -> None:
        self.outcome[stream][message] = outcome
        self.ended[stream][message] = instant

    def publish(self, stream: int, message: int, instant: int) -> None:
        """Note the instant of publication, the first time only: corrections do not move it (R24)."""
        if self.published[stream][message] == NEVER:
            self.published[stream][message] = instant

    def log(self) -> Log:
        """Return everything, visits sorted by stream, message and joining."""
        rows = np.frombuffer(self._rows, dtype=np.int64) if self._rows else np.empty(0, np.int64)
        table = rows.reshape(-1, len(COLUMNS)).T
        columns = dict(zip(COLUMNS, table, strict=True))
        order = np.lexsort((columns["joined"], columns["message"], columns["stream"]))
        visits = Visits(**{name: _kept(column[order]) for name, column in columns.items()})
        fates = zip(self.outcome, self.ended, self.published, strict=True)
        return Log(visits, tuple(Fates(*(_kept(np.array(column, np.int64)) for column in fate)) for fate in fates))


def _kept(column: Ints) -> Ints:
    """Return a column of which nobody else knows, so that the log need not copy it."""
    column.flags.writeable = False
    return column
