"""The records of some replications, compiled together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from simsocial.engines.lanes.drawn import Drawn
from simsocial.engines.lanes.records import Columns
from simsocial.engines.lanes.straight import StreamRecords
from simsocial.model.desk import Desk
from simsocial.model.messages import Messages

Ints = npt.NDArray[np.int64]


class Tile:
    """Some replications of one desk.

    Parameters
    ----------
    desk, messages
        The desk, and what it gets in each replication.
    qualities
        The smallest and the largest quality that any work can have.

    Attributes
    ----------
    sizes
        Shape (replications,), how many records each has.
    """

    def __init__(self, desk: Desk, messages: Sequence[Messages], qualities: tuple[float, float]) -> None:
        self.desk, self.messages = desk, messages
        self.streams = [
            StreamRecords(route, Drawn([each.streams[number] for each in messages]), qualities)
            for number, route in enumerate(desk.routes)
        ]
        self._before = [np.concatenate(([0], np.cumsum(stream.each))) for stream in self.streams]
        """By stream, where the records of each message would begin if there were no other stream."""
        first_of = [before[stream.drawn.first_of] for before, stream in zip(self._before, self.streams, strict=True)]
        self._sizes = np.diff(first_of, axis=1).T
        self.sizes: Ints = self._sizes.sum(axis=1)

    def write(self, columns: Columns, base: int) -> None:
        """Write the records down, numbered from ``base``, in order of replication, stream and message."""
        behind = base + np.cumsum(self._sizes).reshape(self._sizes.shape)
        for stream, before, begins in zip(self.streams, self._before, (behind - self._sizes).T, strict=True):
            first_of = stream.drawn.first_of
            stream.write(columns, before[:-1] + np.repeat(begins - before[first_of[:-1]], np.diff(first_of)))
