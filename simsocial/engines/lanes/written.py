"""What the lanes did, written down as it happens, and put in order of lane and record afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from simsocial.engines.lanes.keys import Keys

Ints = npt.NDArray[np.int64]
TILE: Final = 2**16
"""Records, about, whose visits are told together: many for one call, few enough to stay in the cache."""
LANE, KEY, ROW, START, END, REJECTED = range(6)


@dataclass(frozen=True, eq=False)
class Happened:
    """The visits of some lanes, by lane, stream, message and order of happening; arrays of shape (visits,).

    Parameters
    ----------
    lanes
        Which lanes.
    lane
        Its place among them.
    record
        As numbered in its lane.
    row
        Of the slot.
    joined, start, end
        Ticks.
    rejected
        Whether it ends, or will end, in a rejection.
    """

    lanes: range
    lane: Ints
    record: Ints
    row: Ints
    joined: Ints
    start: Ints
    end: Ints
    rejected: npt.NDArray[np.bool_]


class Written:
    """Columns of visits, in parts; ``keys`` tell when each joined and what it is."""

    def __init__(self, keys: Keys) -> None:
        self.keys = keys
        self._columns: list[list[npt.NDArray[np.generic]]] = [[] for _ in range(6)]

    def add(self, lane: Ints, key: Ints, row: Ints, start: Ints, end: Ints, rejected: npt.NDArray[np.bool_]) -> None:
        for column, part in zip(self._columns, (lane, key, row, start, end, rejected), strict=True):
            column.append(part)

    def by_lane(self, records: Ints, *, apart: Sequence[int] = ()) -> Iterator[Happened]:
        """Yield what happened in all lanes, some of them at a time, and forget it.

        Parameters
        ----------
        records
            Shape (lanes,), how many there are in each.
        apart
            Lanes with which another part begins.
        """
        begins = np.concatenate(([0], np.cumsum(records)))
        key = self._column(KEY)
        place = begins.take(self._column(LANE)) + (key & self.keys.mask)
        visits = np.empty((len(place), 4), np.int64)  # side by side: one line of the cache holds two of them
        visits[:, 0] = key >> self.keys.bits
        visits[:, 1], visits[:, 2] = self._column(START), self._column(END)
        visits[:, 3] = self._column(ROW) << 1
        visits[:, 3] |= self._column(REJECTED)
        at = np.full(begins[-1], -1, np.int32)
        at[place] = np.arange(len(place), dtype=np.int32)
        for lanes in _tiles(begins, apart):
            yield _happened(lanes, begins, at, visits)

    def _column(self, number: int) -> npt.NDArray[np.int64]:
        parts, self._columns[number] = self._columns[number], []
        return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def _tiles(begins: Ints, apart: Sequence[int]) -> Iterator[range]:
    """Yield lanes, some at a time, each with its records beginning at ``begins``."""
    tile = begins[:-1] // TILE
    bounds = {0, *(np.flatnonzero(np.diff(tile)) + 1).tolist(), *apart, len(tile)}
    return (range(*bound) for bound in pairwise(sorted(bounds)))


def _happened(lanes: range, begins: Ints, at: npt.NDArray[np.int32], visits: Ints) -> Happened:
    mine = begins[lanes.start : lanes.stop + 1]
    here = at[mine[0] : mine[-1]]
    place = (here >= 0).nonzero()[0]
    joined, start, end, served = visits.take(here.take(place), axis=0).T
    lane = np.repeat(np.arange(len(lanes)), np.diff(np.searchsorted(place, mine - mine[0])))
    record = place - (mine - mine[0]).take(lane)
    return Happened(lanes, lane, record, served >> 1, joined, start, end, (served & 1).astype(np.bool_))
