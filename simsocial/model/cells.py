"""Buckets of time, and tables of exact integer counters by them, filled with many events at once."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Ticks = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Number = TypeVar("Number", np.int64, np.float64)

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
        bucket: npt.NDArray[np.int64] = self._in_cell.take((instant - self.edges[0]) >> self._shift)
        unknown = (bucket < 0).nonzero()[0]
        bucket[unknown] = self._searched(instant[unknown])
        return bucket

    def _searched(self, instant: Ticks) -> npt.NDArray[np.int64]:
        return np.searchsorted(self.edges, instant, side="right") - 1

    @cached_property
    def _shift(self) -> int:
        """A cell of the grid is ``1 << _shift`` ticks long."""
        return (int(self.edges[-1] - self.edges[0]) // (CELLS_PER_BUCKET * len(self.edges))).bit_length()

    @cached_property
    def _in_cell(self) -> npt.NDArray[np.int64]:
        """Shape (cells,), the bucket in which each cell lies; -1 if there are several."""
        length = 1 << self._shift
        begins_in = self._searched(np.arange(self.edges[0], self.edges[-1] + 2 * length, length))
        return np.where(np.diff(begins_in) > 0, -1, begins_in[:-1])


@dataclass(frozen=True, eq=False)
class Cells:
    """For each of some events, its place in a table of counters.

    Parameters
    ----------
    place
        Shape (events,), row × columns + column, where rows of tables behind the first are numbered on.
    shape
        (…, rows, columns) of the table.
    """

    place: npt.NDArray[np.int64]
    shape: tuple[int, ...]

    def only(self, which: npt.NDArray[np.int64]) -> Cells:
        """Return those of some of the events, by their numbers."""
        return Cells(self.place.take(which), self.shape)

    def count(self, which: Bools | None = None) -> Ticks:
        """Return the number of events in each cell, of those where ``which`` holds; shape ``shape``."""
        place = self.place if which is None else self.place.take(which.nonzero()[0])
        return np.bincount(place, minlength=math.prod(self.shape)).reshape(self.shape)

    def sum(self, amount: npt.NDArray[Number]) -> npt.NDArray[Number]:
        """Return Σ ``amount`` (shape (events,)) of each cell's events; shape ``shape``.

        Exact where these are whole numbers; the weights of ``bincount`` are floats.
        """
        total: npt.NDArray[Number] = np.zeros(math.prod(self.shape), amount.dtype)
        np.add.at(total, self.place, amount)
        return total.reshape(self.shape)


def bucket_cells(row: Ticks, instant: Ticks, *, rows: tuple[int, ...], buckets: Buckets) -> Cells:
    """Book events in the bucket of their own time (R42).

    Parameters
    ----------
    row
        Shape (events,).
    instant
        Shape (events,), ticks in the buckets.
    rows
        How many rows the table has, and how many tables there are before that.
    buckets
        Its columns.
    """
    return Cells(row * len(buckets) + buckets.of(instant), (*rows, len(buckets)))
