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
CHUNK: Final = 2**17
"""Visits, about, that are put in their places together."""
NEVER_HAPPENED: Final = -1
LINE: Final = np.dtype((np.void, 32))
"""Four whole numbers as one."""


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
    """A line for every record of every lane, filled as visits happen.

    Parameters
    ----------
    keys
        That tell when a visit joined and what it is.
    records
        Shape (lanes,), how many there are in each.
    """

    def __init__(self, keys: Keys, records: Ints) -> None:
        self.keys, self._begins = keys, np.concatenate(([0], np.cumsum(records)))
        self._lines = np.full((self._begins[-1], 4), NEVER_HAPPENED)  # joined, start, end, row and rejected
        self._columns: list[list[npt.NDArray[np.generic]]] = [[] for _ in range(6)]
        self._size = 0

    def add(self, lane: Ints, key: Ints, row: Ints, start: Ints, end: Ints, rejected: npt.NDArray[np.bool_]) -> None:
        for column, part in zip(self._columns, (lane, key, row, start, end, rejected), strict=True):
            column.append(part)
        self._size += len(lane)
        if self._size >= CHUNK:
            self._fill()

    def by_lane(self, *, apart: Sequence[int] = ()) -> Iterator[Happened]:
        """Yield what happened in all lanes, some of them at a time; ``apart`` are lanes with which a part begins."""
        self._fill()
        for lanes in _tiles(self._begins, apart):
            yield self._happened(lanes)

    def _fill(self) -> None:
        """Fill the lines of what was added."""
        if not self._size:
            return
        lane, key, row, start, end, rejected = (np.concatenate(parts) for parts in self._columns)
        lines = np.empty((len(key), 4), np.int64)
        lines[:, 0], lines[:, 1], lines[:, 2] = key >> self.keys.bits, start, end
        lines[:, 3] = row << 1 | rejected
        place = self._begins.take(lane) + (key & self.keys.mask).astype(np.int64, copy=False)
        self._lines.view(LINE).reshape(-1)[place] = lines.view(LINE).reshape(-1)  # a line at once
        self._columns, self._size = [[] for _ in range(6)], 0

    def _happened(self, lanes: range) -> Happened:
        begins = self._begins[lanes.start : lanes.stop + 1]
        lines = self._lines[begins[0] : begins[-1]]
        place = (lines[:, 3] != NEVER_HAPPENED).nonzero()[0]
        joined, start, end, served = lines.take(place, axis=0).T
        lane = np.repeat(np.arange(len(lanes)), np.diff(np.searchsorted(place, begins - begins[0])))
        record = place - (begins - begins[0]).take(lane)
        return Happened(lanes, lane, record, served >> 1, joined, start, end, (served & 1).astype(np.bool_))


def _tiles(begins: Ints, apart: Sequence[int]) -> Iterator[range]:
    """Yield lanes, some at a time, each with its records beginning at ``begins``."""
    tile = begins[:-1] // TILE
    bounds = {0, *(np.flatnonzero(np.diff(tile)) + 1).tolist(), *apart, len(tile)}
    return (range(*bound) for bound in pairwise(sorted(bounds)))
