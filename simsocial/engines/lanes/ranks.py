"""Rankings as tables: which line a ranking names among those that are ready, and who takes its message (R31, R37).

A *line* is one queue, or several that every ranking treats alike, first come, first served: those wait as one.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simsocial.engines.lanes.keys import NO_KEY, row_found
from simsocial.model.desk import Desk, Order
from simsocial.model.messages import Bools, Ticks

MOST_IN_A_TABLE = 12
"""Lines up to which the answer to every set of ready lines is written down."""
NOBODY: Final = np.zeros(0, np.bool_)
NOWHERE = 2**15
"""A place in a ranking behind all others."""


class Ranks:
    """What a desk's rankings say; the last ranking is that of the nobody who serves queues served by nobody (R28)."""

    def __init__(self, desk: Desk) -> None:
        place, by_due, preference = _of_queues(desk)
        self.line, first = _lines(place, by_due, preference)
        """Shape (queues,), in which line each queue waits."""
        self.place, self.by_due, self.preference = place[:, first], by_due[:, first], preference[first]
        self.nobody, self.nowhere = len(desk.rankings), NOWHERE
        self.lines_of = [np.flatnonzero(row < NOWHERE).tolist() for row in self.place]
        self.ties = any(np.bincount(row[row < NOWHERE]).max(initial=0) > 1 for row in self.place)
        """Whether any ranking has lines of equal rank."""
        lines = len(first)
        self._equal = (self.place[:, :, None] == self.place[:, None, :]).reshape(-1, lines)
        """Shape (rankings × lines, lines), which lines have the same place as a line in a ranking."""
        self._bits = lines
        kind: type[np.unsignedinteger[Any]] = np.uint8 if lines <= 8 else np.uint16
        self._weights: npt.NDArray[np.unsignedinteger[Any]] = (1 << np.arange(lines)).astype(kind)[:, None]
        self._table = self._tabled(lines) if lines <= MOST_IN_A_TABLE else None
        self.shared = (self.preference < NOWHERE).sum(axis=1) > 1
        """Shape (lines,), whether more than one ranking serves the line."""
        self.any_shared = bool(self.shared.any())

    def _tabled(self, lines: int) -> tuple[Ticks, Bools]:
        """Return, for each ranking and each set of ready lines, what :meth:`named` answers."""
        ready = ((np.arange(1 << lines)[None, :] >> np.arange(lines)[:, None]) & 1).astype(np.bool_)
        named, equals = zip(*(self._first(place[:, None], ready) for place in self.place), strict=True)
        return np.concatenate(named), np.concatenate(equals)

    @staticmethod
    def _first(place: npt.NDArray[np.int64], ready: Bools) -> tuple[Ticks, Bools]:
        """Return the first of the best-placed ready lines, and whether another one is placed equally."""
        places = np.where(ready, place, NOWHERE)
        best = places.min(axis=0)
        return places.argmin(axis=0), ((places == best) & (places < NOWHERE)).sum(axis=0) > 1

    def named(self, ranking: npt.NDArray[np.int64], ready: Bools) -> tuple[Ticks, Bools]:
        """Return the line that each lane's ranking names, and whether it is one of several of equal rank.

        The latter of no lanes where no ranking has lines of equal rank.

        Parameters
        ----------
        ranking
            Shape (lanes,).
        ready
            Shape (lines, lanes), whether somebody waits.
        """
        if self._table is None:
            return self._first(self.place[ranking].T, ready)
        ready_bits = np.bitwise_or.reduce(ready * self._weights, axis=0)
        answer = (ranking << self._bits) + ready_bits
        line, equals = self._table
        return line.take(answer), equals.take(answer) if self.ties else NOBODY

    def among_equals(
        self, ranking: Ticks, line: Ticks, ready: Bools, heads: Ticks, due: Ticks, records: Ticks
    ) -> npt.NDArray[np.int64]:
        """Return the line named, where its group has several ready lines: the head that comes first (R31, R37).

        Parameters
        ----------
        ranking, line
            Shape (lanes,), ranking and the line that :meth:`named` gave.
        ready, heads, due, records
            Shape (lines, lanes), whether somebody waits, keys of the heads in order of joining, the instants at which
            they are due (the same array as ``heads`` when no order asks for them), and their records.
        """
        equal = ready & self._equal.take(ranking * len(self.place[0]) + line, axis=0).T
        if due is heads:
            keys = np.where(equal, heads, NO_KEY)
            return row_found(keys == np.minimum.reduce(keys, axis=0))
        order = np.where(equal, np.where(self.by_due[ranking, line], due, heads), NO_KEY)
        first = equal & (order == order.min(axis=0))
        keys = np.where(first, records, NO_KEY)
        return row_found(keys == keys.min(axis=0))


def _of_queues(desk: Desk) -> tuple[Ticks, Bools, Ticks]:
    """Return what rankings say of queues.

    Returns
    -------
    place, by_due, preference
        Shapes (rankings, queues), twice, and (queues, rankings): how good its place is; whether its group goes by due
        instants; how its step prefers the ranking's team. ``NOWHERE`` where a ranking does not serve a queue.
    """
    queues, steps = len(desk.queues), [desk.routes[queue.stream].steps[queue.step] for queue in desk.queues]
    place = np.full((len(desk.rankings) + 1, queues), NOWHERE)
    by_due = np.zeros(place.shape, np.bool_)
    preference = np.full((queues, len(desk.rankings)), NOWHERE)
    for number, ranking in enumerate(desk.rankings):
        for where, group in reversed(list(enumerate(ranking.groups))):  # R31: the first place counts
            of_group = list(group.queues)
            place[number, of_group], by_due[number, of_group] = where, group.order is Order.DUE
            preference[of_group, number] = [steps[queue].prefer.index(ranking.team) for queue in of_group]
    nobody = [step.nobody for step in steps]
    place[:, nobody], preference[nobody] = NOWHERE, NOWHERE
    place[-1, nobody] = 0
    return place, by_due, preference


def _lines(place: Ticks, by_due: Bools, preference: Ticks) -> tuple[Ticks, Ticks]:
    """Return the line of each queue, and the first queue of each line."""
    alone = np.where(by_due.any(axis=0), np.arange(1, place.shape[1] + 1), 0)
    alike = np.column_stack((place.T, preference, alone))
    _, first, line = np.unique(alike, axis=0, return_index=True, return_inverse=True)
    return line.reshape(-1), first
