"""Buckets of time, and tables of exact integer counters by them, filled with many events at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

Ticks = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

CELLS_PER_BUCKET = 16
"""Of the grid that finds buckets: enough that few instants share their cell with an edge."""


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

        A regular grid knows the bucket of most; a binary search, which takes five times as long, finds the others. A
        tally asks a dozen times for every message.

        Parameters
        ----------
        instant
            Shape (instants,), ticks in ``[edges[0], edges[-1]]``; after the last bucket there is one more, of
            ``edges[-1]``.
        """
        cell = (instant - self.edges[0]) >> self._shift
        bucket: npt.NDArray[np.int64] = self._at_cell[cell]
        unknown = np.flatnonzero(self._holds_edge[cell])
        bucket[unknown] = self._searched(instant[unknown])
        return bucket

    def _searched(self, instant: Ticks) -> npt.NDArray[np.int64]:
        return np.searchsorted(self.edges, instant, side="right") - 1

    @cached_property
    def _shift(self) -> int:
        """A cell of the grid is ``1 << _shift`` ticks long."""
        return (int(self.edges[-1] - self.edges[0]) // (CELLS_PER_BUCKET * len(self.edges))).bit_length()

    @cached_property
    def _at_cell(self) -> npt.NDArray[np.int64]:
        """Shape (cells + 1,), the bucket in which each cell begins."""
        length = 1 << self._shift
        return self._searched(np.arange(self.edges[0], self.edges[-1] + 2 * length, length))

    @cached_property
    def _holds_edge(self) -> Bools:
        """Shape (cells,), whether a cell lies in more than one bucket."""
        several: Bools = np.diff(self._at_cell) > 0
        return several


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
        if len(amount) == 0:
            return np.zeros(self.shape, np.int64)
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
