"""Records as the loop reads them: all that it needs of a visit side by side, in one line of the cache."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from simsocial.engines.lanes.routing import Steps
from simsocial.engines.lanes.tables import RecordTable

FIELDS: Final = 8
LEAVES, WORK, PASSED, REJECTED, UNIFORM, DELAY = range(6)


class Packed:
    """Records as rows.

    Parameters
    ----------
    records
        What may happen.
    steps
        What the desk says.
    same_pace
        Whether everybody's pace is 1.

    Attributes
    ----------
    rows
        Shape (records, FIELDS): the last tick at which it may begin; work as a float, or ticks when they are known; links
        to the visits behind it when passed and when rejected; the uniform, as a float; ticks from the end of a rejected
        one to the visit behind it. A link is record × 2^queue_bits + queue, or negative where the way ends. When
        everything is decided, the first link is the one that holds, and the second says whether it was a rejection.
    ticks_known, decided
        Whether work takes the same ticks, and reviews decide the same, whatever happens in a lane.
    """

    def __init__(self, records: RecordTable, steps: Steps, *, same_pace: bool) -> None:
        queue, work = records.column("queue"), records.column("work")
        self.queue_bits = max(1, len(steps.review).bit_length())
        self.queue_mask = (1 << self.queue_bits) - 1
        self.ticks_known = same_pace and steps.work_factor.constant
        self.decided = not steps.carried and not records.vary and steps.reject_factor.constant
        rows = np.zeros((len(queue), FIELDS), np.int64)
        rows[:, LEAVES] = records.column("leaves")
        if self.ticks_known:
            ticks = np.rint(work * 1.0 * steps.work_factor.first[queue])
            rows[:, WORK] = np.maximum(ticks, 1.0).astype(np.int64)
        else:
            rows[:, WORK] = work.astype(np.float64).view(np.int64)
        uniform, delay = records.column("uniform"), records.column("delay")
        rows[:, UNIFORM] = uniform.view(np.int64)
        start = np.repeat(records.start[:-1], np.diff(records.start))
        passed, rejected = (records.column(name) for name in ("passed", "rejected"))
        back = np.flatnonzero(rejected >= 0)
        rows[back, DELAY] = delay[rejected[back] + start[back]]
        self.any_delay = bool(rows[:, DELAY].any())
        rows[:, PASSED], rows[:, REJECTED] = self._link(passed, start, queue), self._link(rejected, start, queue)
        if self.decided:
            fails = self._fails(uniform, queue, steps)
            rows[fails, PASSED] = rows[fails, REJECTED]
            rows[:, REJECTED] = fails
        self.rows = rows

    def _link(
        self, link: npt.NDArray[np.int64], start: npt.NDArray[np.int64], queue: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.int64]:
        if not len(link):
            return link
        its_queue = queue[np.where(link >= 0, link + start, 0)]
        return np.where(link >= 0, link << self.queue_bits | its_queue, link)

    @staticmethod
    def _fails(uniform: npt.NDArray[np.float64], queue: npt.NDArray[np.int64], steps: Steps) -> npt.NDArray[np.bool_]:
        """Return which reviews reject work of quality 1 (R23)."""
        chance = (steps.reject * steps.reject_factor.first)[queue]
        possible = steps.review[queue] & (chance > 0)
        fails: npt.NDArray[np.bool_] = possible & (uniform / np.where(possible, chance, 1.0) < 1.0)
        return fails
