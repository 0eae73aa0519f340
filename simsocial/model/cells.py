"""Buckets of time, and tables of exact integer counters by them, filled with many events at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from simsocial.units import NEVER

Ticks = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

CELLS_PER_BUCKET = 4
"""Of the grid that finds buckets: enough that few cells hold an edge, and small enough for a processor's cache."""


@dataclass(frozen=True, eq=False)
class Buckets:
    """Stretches of time: bucket i is ``[edges[i], edges[i + 1])``.

    Parameters
    ----------
    edges
        Shape (buckets + 1,), ticks, ascending.
    """

    edges: Ticks

    def __len__(self) -> int:
        return len(self.edges) - 1

    def of(self, instant: Ticks) -> npt.NDArray[np.int64]:
        """Return the buckets of instants.

        A regular grid leads to the bucket at the beginning of an instant's cell, from where it is a few steps: four
        times as quick as a binary search, of which a tally would do a dozen for every message.

        Parameters
        ----------
        instant
            Any shape, ticks in ``[edges[0], edges[-1]]``; after the last bucket there is one more, of ``edges[-1]``.
        """
        bucket: npt.NDArray[np.int64] = self._at_cell[(instant - self.edges[0]) >> self._shift]
        for _ in range(self._steps):
            bucket += instant >= self._ends[bucket]
        return bucket

    @cached_property
    def _shift(self) -> int:
        """A cell of the grid is ``1 << _shift`` ticks long."""
        return max(int(self.edges[-1] - self.edges[0]) // (CELLS_PER_BUCKET * len(self.edges)), 1).bit_length()

    @cached_property
    def _at_cell(self) -> npt.NDArray[np.int64]:
        """Shape (cells + 1,), the bucket in which each cell begins."""
        begin, end = int(self.edges[0]), int(self.edges[-1])
        cells = np.arange(begin, end + 2 * (1 << self._shift), 1 << self._shift)
        return np.searchsorted(self.edges, cells, side="right") - 1

    @cached_property
    def _steps(self) -> int:
        """The most edges that a cell holds."""
        return int(np.diff(self._at_cell).max())

    @cached_property
    def _ends(self) -> Ticks:
        return np.append(self.edges[1:], NEVER)


@dataclass(frozen=True, eq=False)
class Cells:
    """For each of some events, its place in a table of counters.

    Parameters
    ----------
    place
        Shape (events,), row × columns + column.
    shape
        (rows, columns) of the table.
    """

    place: npt.NDArray[np.int64]
    shape: tuple[int, int]

    def only(self, which: Bools) -> Cells:
        return Cells(self.place[which], self.shape)

    def count(self, which: Bools | None = None) -> Ticks:
        """Return the number of events in each cell, of those where ``which`` holds; shape ``shape``."""
        place = self.place if which is None else self.place[which]
        return np.bincount(place, minlength=self.shape[0] * self.shape[1]).reshape(self.shape)

    def sum(self, amount: Ticks) -> Ticks:
        """Return Σ ``amount`` (shape (events,)) of each cell's events; shape ``shape``."""
        total: Ticks = (self._booking @ amount).reshape(self.shape)
        return total

    @cached_property
    def _booking(self) -> Any:
        """The sparse matrix of whole numbers that books amounts: exact, where bincount's weights are floats."""
        from scipy.sparse import csc_array

        events = len(self.place)
        entries = np.ones(events, np.int64), self.place, np.arange(events + 1)
        return csc_array(entries, shape=(self.shape[0] * self.shape[1], events))


def bucket_cells(row: Ticks, instant: Ticks, *, rows: int, buckets: Buckets) -> Cells:
    """Book events in the bucket of their own time (R42).

    Parameters
    ----------
    row
        Shape (events,).
    instant
        Shape (events,), ticks in the buckets.
    rows
        How many rows the table has.
    buckets
        Its columns.
    """
    return Cells(row * len(buckets) + buckets.of(instant), (rows, len(buckets)))
