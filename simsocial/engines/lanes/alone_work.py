"""What starting a visit brings in one lane alone: when its work ends (R29, R40), and what a review decides (R23)."""

from __future__ import annotations

from bisect import bisect_right

import numpy as np
import numpy.typing as npt

from simsocial.engines.lanes.alone_people import People
from simsocial.engines.lanes.batch import Batch
from simsocial.engines.lanes.packed import DELAY, LEAVES, PASSED, QUEUE, REJECTED, UNIFORM, WORK
from simsocial.engines.lanes.routing import Factors


class LoneWork:
    """The records of a lane, as lists, and what becomes of visits that start.

    Parameters
    ----------
    batch, number
        The lane's batch, and its place there.
    people
        Those of the lane.

    Attributes
    ----------
    leaves, ticks, work, passed, back, delay, queue, uniform
        By record, as in :class:`Packed`; ``back`` is the link behind a rejection. Empty where nobody asks.
    rejected
        By record, whether it ends in a rejection, if everything is decided.
    ends_known, decided
        Whether work takes the same ticks, and reviews decide the same, whatever happens.
    cargo
        By record in a line or on its way there, the qualities of earlier work; all 1 where there is none.
    """

    def __init__(self, batch: Batch, number: int, people: People) -> None:
        self.people, self.steps, self.packed = people, batch.steps, batch.packed
        self.decided, self.ends_known = self.packed.decided, self.packed.ticks_known and not self.steps.any_suspend
        self._list(self.packed.rows[slice(*batch.records.bounds(number))])
        self.suspend, self.reject = self.steps.suspend.tolist(), self.steps.reject.tolist()
        self.is_judged, self.judges = self.steps.is_judged.tolist(), self.steps.judges.tolist()
        self.by_author = self.steps.by_author.tolist()
        self.work_factor, self.reject_factor = _Factors(self.steps.work_factor), _Factors(self.steps.reject_factor)
        self.cargo: dict[int, list[float]] = {}

    def _list(self, rows: npt.NDArray[np.int64]) -> None:
        floats, known = rows.view(np.float64), self.packed.ticks_known
        self.leaves, self.passed, self.rejected = (rows[:, field].tolist() for field in (LEAVES, PASSED, REJECTED))
        self.back: list[int] = self.passed if self.decided else self.rejected
        self.delay: list[int] = rows[:, DELAY].tolist() if self.packed.any_delay else []
        self.ticks: list[int] = rows[:, WORK].tolist() if known else []
        self.work: list[float] = [] if known else floats[:, WORK].tolist()
        self.queue: list[int] = [] if self.decided and self.ends_known else rows[:, QUEUE].tolist()
        self.uniform: list[float] = [] if self.decided else floats[:, UNIFORM].tolist()

    def end(self, record: int, start: int, row: int) -> int:
        """Return when the work ends (R29)."""
        queue, people = self.queue[record], self.people
        ticks = self.ticks[record] if self.ticks else self._ticks(self.work[record], queue, start, row)
        if self.suspend[queue] and row != people.nobody:
            return people.suspended_end(row, start, ticks)
        return start + ticks

    def _ticks(self, work: float, queue: int, start: int, row: int) -> int:
        """Return how long work takes (R40)."""
        if self.people.pace:
            work *= self.people.pace[row]
        if not self.steps.work_factor.none:
            work *= self.work_factor.at(queue, start)
        return max(1, round(work))

    def rejects(self, record: int, start: int, row: int) -> bool:
        """Return whether the visit will end in a rejection, and let the message carry qualities on (R23)."""
        queue = self.queue[record]
        cargo = self.cargo.pop(record, None)
        number, judges = self.is_judged[queue], self.judges[queue]
        if number >= 0:
            cargo = cargo or [1.0] * self.steps.carried
            cargo[number] = self.people.quality[row]
        chance = self.reject[queue] * self.reject_factor.at(queue, start)
        judged = cargo[judges] if cargo and judges >= 0 else 1.0
        rejected: bool = chance > 0 and self.uniform[record] / chance < judged
        if cargo:
            if rejected and judges >= 0 and self.by_author[queue]:
                cargo[judges] = 1.0
            self.cargo[(self.back if rejected else self.passed)[record] >> self.packed.line_bits] = cargo
        return rejected


class _Factors:
    """A factor of each queue's step over time (R27), read one instant at a time."""

    def __init__(self, factors: Factors) -> None:
        constant = [([0], [value]) for value in factors.first.tolist()]
        changing = {queue: (one.breaks.tolist(), one.values.tolist()) for queue, one in factors.changing.items()}
        self.each: list[tuple[list[int], list[float]]] = [
            changing.get(queue, each) for queue, each in enumerate(constant)
        ]

    def at(self, queue: int, instant: int) -> float:
        """Return the factor in force."""
        breaks, values = self.each[queue]
        return values[max(bisect_right(breaks, instant) - 1, 0)]
