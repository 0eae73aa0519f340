"""Rankings as tables: which queue a ranking names among those that are ready, and who takes its message (R31, R37)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from simsocial.engines.lanes.keys import NO_KEY, row_found
from simsocial.model.desk import Desk, Order
from simsocial.model.messages import Bools, Ticks

MOST_IN_A_TABLE = 12
"""Queues up to which the answer to every set of ready queues is written down."""
NOWHERE = 2**15
"""A place in a ranking behind all others."""


class Ranks:
    """What a desk's rankings say; the last ranking is that of the nobody who serves queues served by nobody (R28)."""

    def __init__(self, desk: Desk) -> None:
        queues = len(desk.queues)
        nobody = [route.steps[queue.step].nobody for queue in desk.queues for route in (desk.routes[queue.stream],)]
        self.queues = [sorted(queue for queue in ranking.queues if not nobody[queue]) for ranking in desk.rankings]
        self.queues.append([queue for queue in range(queues) if nobody[queue]])
        self.nobody = len(desk.rankings)
        self.place = np.full((len(self.queues), queues), NOWHERE)
        for number, ranking in enumerate(desk.rankings):
            for place, group in reversed(list(enumerate(ranking.groups))):  # R31: the first place counts
                self.place[number, list(group.queues)] = place
        self.place[:, nobody] = NOWHERE
        self.place[self.nobody, nobody] = 0
        self.ties = any(np.bincount(place[place < NOWHERE]).max(initial=0) > 1 for place in self.place)
        """Whether any ranking has queues of equal rank."""
        self.by_due = np.zeros((len(self.queues), queues), np.bool_)
        for number, ranking in enumerate(desk.rankings):
            for group in reversed(ranking.groups):
                self.by_due[number, list(group.queues)] = group.order is Order.DUE
        self.nowhere = NOWHERE
        self._equal = (self.place[:, :, None] == self.place[:, None, :]).reshape(-1, queues)
        """Shape (rankings × queues, queues), which queues have the same place as a queue in a ranking."""
        self._bits = queues
        kind: type[np.unsignedinteger[Any]] = np.uint8 if queues <= 8 else np.uint16
        self._weights: npt.NDArray[np.unsignedinteger[Any]] = (1 << np.arange(queues)).astype(kind)[:, None]
        self._table = self._tabled(queues) if queues <= MOST_IN_A_TABLE else None
        self.preference = self._preferences(desk)
        self.shared = (self.preference < NOWHERE).sum(axis=1) > 1
        """Shape (queues,), whether more than one ranking serves the queue."""
        self.any_shared = bool(self.shared.any())

    def _tabled(self, queues: int) -> tuple[Ticks, Bools]:
        """Return, for each ranking and each set of ready queues, what :meth:`named` answers."""
        ready = ((np.arange(1 << queues)[None, :] >> np.arange(queues)[:, None]) & 1).astype(np.bool_)
        named, equals = zip(*(self._first(place[:, None], ready) for place in self.place), strict=True)
        return np.concatenate(named), np.concatenate(equals)

    @staticmethod
    def _first(place: npt.NDArray[np.int64], ready: Bools) -> tuple[Ticks, Bools]:
        """Return the first of the best-placed ready queues, and whether another one is placed equally."""
        places = np.where(ready, place, NOWHERE)
        best = places.min(axis=0)
        return places.argmin(axis=0), ((places == best) & (places < NOWHERE)).sum(axis=0) > 1

    def _preferences(self, desk: Desk) -> npt.NDArray[np.int64]:
        """Return, shape (queues, rankings), how a queue's step prefers the team of a ranking that serves it."""
        out = np.full((len(desk.queues), len(desk.rankings)), NOWHERE)
        for number, queue in enumerate(desk.queues):
            prefer = desk.routes[queue.stream].steps[queue.step].prefer
            for index, ranking in enumerate(desk.rankings):
                if number in self.queues[index]:
                    out[number, index] = prefer.index(ranking.team)
        return out

    def named(self, ranking: npt.NDArray[np.int64], ready: Bools) -> tuple[Ticks, Bools]:
        """Return the queue that each lane's ranking names, and whether it is one of several of equal rank.

        Parameters
        ----------
        ranking
            Shape (lanes,).
        ready
            Shape (queues, lanes), whether somebody waits.
        """
        if self._table is None:
            return self._first(self.place[ranking].T, ready)
        ready_bits = np.bitwise_or.reduce(ready * self._weights, axis=0)
        answer = (ranking << self._bits) + ready_bits
        return self._table[0].take(answer), self._table[1].take(answer)

    def among_equals(
        self, ranking: Ticks, queue: Ticks, ready: Bools, heads: Ticks, due: Ticks, records: Ticks
    ) -> npt.NDArray[np.int64]:
        """Return the queue named, where its group has several ready queues: the head that comes first (R31, R37).

        Parameters
        ----------
        ranking, queue
            Shape (lanes,), ranking and the queue that :meth:`named` gave.
        ready, heads, due, records
            Shape (queues, lanes), whether somebody waits, keys of the heads in order of joining, the instants at which
            they are due (the same array as ``heads`` when no order asks for them), and their records.
        """
        equal = ready & self._equal.take(ranking * len(self.place[0]) + queue, axis=0).T
        if due is heads:
            keys = np.where(equal, heads, NO_KEY)
            return row_found(keys == np.minimum.reduce(keys, axis=0))
        order = np.where(equal, np.where(self.by_due[ranking, queue], due, heads), NO_KEY)
        first = equal & (order == order.min(axis=0))
        keys = np.where(first, records, NO_KEY)
        return row_found(keys == keys.min(axis=0))
