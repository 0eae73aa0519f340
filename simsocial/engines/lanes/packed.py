"""Records as the loop reads them: all that it needs of a visit side by side, in one line of the cache."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simsocial.engines.lanes.records import NOT_A_REVIEW, Columns
from simsocial.engines.lanes.routing import Steps
from simsocial.engines.lanes.tables import RecordTable

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
FIELDS: Final = 8
TILE: Final = 2**14
"""Records, about, that are packed together, so that they stay in the cache."""
LEAVES, WORK, PASSED, REJECTED, UNIFORM, DELAY, QUEUE = range(7)


class Packed:
    """Records as rows.

    Parameters
    ----------
    records
        What may happen.
    steps
        What the desk says.
    line
        Shape (queues,), in which line each queue waits.
    same_pace
        Whether everybody's pace is 1.

    Attributes
    ----------
    rows
        Shape (records, FIELDS): the last tick at which it may begin; work as a float, or ticks when they are known;
        links to the visits behind it when passed and when rejected; the uniform, as a float; ticks from the end of a
        rejected one to the visit behind it; the queue. A link is record × 2^line_bits + line, or negative where the way
        ends.
        When everything is decided, the first link is the one that holds, and the second says whether it was a
        rejection.
    ticks_known, decided
        Whether work takes the same ticks, and reviews decide the same, whatever happens in a lane.
    """

    def __init__(self, records: RecordTable, steps: Steps, line: Ints, *, same_pace: bool) -> None:
        self.line, self.line_bits = line, max(1, len(steps.review).bit_length())
        self.line_mask = (1 << self.line_bits) - 1
        self.ticks_known = same_pace and steps.work_factor.constant
        self.decided = not steps.carried and not records.vary and steps.reject_factor.constant
        self.any_delay = any(len(place) for place, _ in records.columns.delayed)
        self.rows = np.empty((len(records.columns), FIELDS), np.int64)
        self._write(records, steps)

    def _write(self, records: RecordTable, steps: Steps) -> None:
        columns = records.columns
        kind = np.unique(np.searchsorted(records.start, np.arange(0, len(columns), TILE), side="right") - 1)
        for first, behind in pairwise([*kind.tolist(), len(records.kinds)]):
            begins = records.start[first : behind + 1]
            self._write_part(columns, slice(begins[0], begins[-1]), np.repeat(begins[:-1], np.diff(begins)), steps)
        for place, delay in columns.delayed:
            self.rows[place, DELAY] = delay

    def _write_part(self, columns: Columns, part: slice, base: Ints, steps: Steps) -> None:
        """Write rows down; ``base`` is the first record of each one's replication."""
        rows, queue, uniform = self.rows[part], columns.queue[part], columns.uniform[part]
        rows[:, LEAVES], rows[:, DELAY], rows[:, QUEUE] = columns.leaves[part], 0, queue
        self._write_work(rows, columns.work[part], queue, steps)
        rows[:, UNIFORM] = uniform.view(np.int64)
        passed, rejected = columns.passed[part], columns.rejected[part]
        rows[:, PASSED] = self._links(passed, columns.queue, base)
        if self.decided:
            rows[:, REJECTED] = 0
            fails = self.fails(uniform, queue, steps)
            rows[fails, PASSED] = self._links(rejected[fails], columns.queue, base[fails])
            rows[fails, REJECTED] = 1
        else:
            rows[:, REJECTED] = rejected
            back = np.flatnonzero(rejected >= 0)
            rows[back, REJECTED] = self._links(rejected[back], columns.queue, base[back])

    def _links(self, link: npt.NDArray[np.int32], queue: npt.NDArray[np.int16], base: Ints) -> Ints:
        """Return links as the loop follows them: record of the replication, and line."""
        if not len(link):
            return np.zeros(0, np.int64)
        to = np.maximum(link, 0).astype(np.int64)
        return np.where(link >= 0, (to - base) << self.line_bits | self.line.take(queue.take(to)), link)

    def _write_work(self, rows: Ints, work: Ints, queue: npt.NDArray[np.int16], steps: Steps) -> None:
        """Write down work, or its ticks where no pace and no date changes them (R40)."""
        if not self.ticks_known:
            rows.view(np.float64)[:, WORK] = work
        elif steps.work_factor.none:
            np.maximum(work, 1, out=rows[:, WORK])
        else:
            rows[:, WORK] = np.maximum(np.rint(work * steps.work_factor.first[queue]), 1.0)

    @staticmethod
    def fails(uniform: Floats, queue: npt.NDArray[np.signedinteger[Any]], steps: Steps) -> Ints:
        """Return which visits are reviews that reject work of quality 1 (R23)."""
        at = np.flatnonzero(uniform < NOT_A_REVIEW)
        its_queue = queue[at]
        chance = (steps.reject * steps.reject_factor.first)[its_queue]
        possible = chance > 0
        fails: Ints = at[possible & (uniform[at] / np.where(possible, chance, 1.0) < 1.0)]
        return fails
