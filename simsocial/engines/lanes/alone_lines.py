"""The lines of one lane alone: first visits, sorted beforehand, and heaps of those that join later (R31)."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappush

import numpy as np
import numpy.typing as npt

from simsocial.engines.lanes.batch import Batch

BEHIND_ALL = 1 << 200
"""An instant that no lane comes to."""


class FirstVisits:
    """The first visits of messages to each queue, in all lanes of a batch."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.queues = [batch.records.columns.first_visits(queue) for queue in range(len(batch.ranks.line))]

    def by_line(self, number: int) -> list[list[int]]:
        """Return the keys of a lane's first visits, by line, the last to come first."""
        lines: list[list[int]] = [[] for _ in self.batch.ranks.place[0]]
        for line, queue in zip(self.batch.ranks.line.tolist(), self.queues, strict=True):
            lines[line] += self._keys(number, *queue)
        for keys in lines:
            keys.sort(reverse=True)
        return lines

    def _keys(self, number: int, record: npt.NDArray[np.int64], arrival: npt.NDArray[np.int64]) -> list[int]:
        begin, behind = self.batch.records.bounds(number)
        mine = slice(*np.searchsorted(record, (begin, behind)))
        instants = arrival[mine].astype(self.batch.key_type, copy=False)
        keys: list[int] = self.batch.keys.key(instants, record[mine] - begin).tolist()
        return keys


class Lines:
    """The lines of a lane.

    Attributes
    ----------
    heads
        By line, the key of its head, whether it has joined already or is on its way; ``never`` where nobody is.
    fresh
        By line, keys of first visits, the next one last, behind ``never``.
    late
        By line, a heap of keys of later visits, and ``never``.
    """

    def __init__(self, fresh: list[list[int]], never: int) -> None:
        self.never = never
        self.fresh = [[never, *keys] for keys in fresh]
        self.late = [[never] for _ in fresh]
        self.heads = [keys[-1] for keys in self.fresh]

    def join(self, line: int, key: int) -> bool:
        """Let a visit be on its way to a line; return whether it comes first there."""
        heappush(self.late[line], key)
        first = key < self.heads[line]
        if first:
            self.heads[line] = key
        return first

    def waiting(self) -> Iterator[int]:
        """Yield the keys of all who are in the lines."""
        for keys in (*self.fresh, *self.late):
            yield from (key for key in keys if key < self.never)
