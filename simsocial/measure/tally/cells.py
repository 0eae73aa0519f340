"""Tables of exact integer counters: rows by buckets of time, filled with many events at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ticks = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


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
        table = np.zeros(self.shape[0] * self.shape[1], np.int64)
        np.add.at(table, self.place, amount)  # exact, where bincount's weights are floats
        return table.reshape(self.shape)


def bucket_cells(row: Ticks, instant: Ticks, *, rows: int, edges: Ticks) -> Cells:
    """Book events in the bucket of their own time (R42).

    Parameters
    ----------
    row
        Shape (events,).
    instant
        Shape (events,), ticks in ``[edges[0], edges[-1])``.
    rows
        How many rows the table has.
    edges
        Shape (buckets + 1,), ticks.
    """
    buckets = len(edges) - 1
    return Cells(row * buckets + np.searchsorted(edges, instant, side="right") - 1, (rows, buckets))
