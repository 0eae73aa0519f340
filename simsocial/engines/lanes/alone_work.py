"""What starting a visit brings in one lane alone: when its work ends (R29, R40), and what a review decides (R23)."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

import numpy as np

from simsocial.engines.lanes.alone_foreseen import Foreseen
from simsocial.engines.lanes.alone_people import People
from simsocial.engines.lanes.batch import Batch
from simsocial.engines.lanes.packed import DELAY, LEAVES, PASSED, QUEUE, REJECTED, UNIFORM, WORK
from simsocial.engines.lanes.routing import Factors


class LoneWork:
    """The records of a lane, and what becomes of visits that start.

    Parameters
    ----------
    batch, number
        The lane's batch, and its place there.
    people
        Those of the lane.

    Attributes
    ----------
    leaves
        By record, as in :class:`Packed`.
    plain
        By record, what it takes, if everything else is known: what it decides, and that nobody lays it aside. Ticks if
        all paces are 1; else what paces multiply. 0 for the other records.
    goes_on, foretold
        By record of those, whether there is a visit behind it, and whether it ends in a rejection.
    cargo
        By record in a line or on its way there, the qualities of earlier work; all 1 where there is none.
    """

    def __init__(self, batch: Batch, number: int, people: People) -> None:
        self.people, self.steps, self.packed = people, batch.steps, batch.packed
        self.rows = self.packed.rows[slice(*batch.records.bounds(number))]
        self.floats = self.rows.view(np.float64)
        self.leaves: list[int] = self.rows[:, LEAVES].tolist()
        foreseen = Foreseen(self.rows, self.packed, self.steps, same_pace=batch.duty.same_pace)
        self.plain: list[Any] = foreseen.takes.tolist()
        self.goes_on, self.foretold = foreseen.goes_on.tobytes(), foreseen.rejected
        self.suspend, self.reject = self.steps.suspend.tolist(), self.steps.reject.tolist()
        self.is_judged, self.judges = self.steps.is_judged.tolist(), self.steps.judges.tolist()
        self.by_author = self.steps.by_author.tolist()
        self.work_factor, self.reject_factor = _Factors(self.steps.work_factor), _Factors(self.steps.reject_factor)
        self.cargo: dict[int, list[float]] = {}

    def end(self, record: int, start: int, row: int) -> int:
        """Return when the work ends (R29)."""
        queue, people = self.rows.item(record, QUEUE), self.people
        known = self.packed.ticks_known
        ticks = self.rows.item(record, WORK) if known else self._ticks(record, queue, start, row)
        if self.suspend[queue] and row != people.nobody:
            return people.suspended_end(row, start, ticks)
        return start + ticks

    def behind(self, record: int, end: int) -> tuple[int, int]:
        """Return the link to the visit behind a plain one that ends then, and when it joins (R22, R25)."""
        rejected = bool(self.foretold[record])
        return self.link(record, rejected), end + self.delay(record) if rejected else end

    def delay(self, record: int) -> int:
        """Return the ticks from the end of a visit that was rejected to the one behind it."""
        return self.rows.item(record, DELAY)

    def link(self, record: int, rejected: bool) -> int:
        """Return the link to the visit behind a visit; negative where there is none."""
        if self.packed.decided:
            return self.rows.item(record, PASSED)
        return self.rows.item(record, REJECTED if rejected else PASSED)

    def _ticks(self, record: int, queue: int, start: int, row: int) -> int:
        """Return how long work takes (R40)."""
        work: float = self.floats.item(record, WORK)
        if self.people.pace:
            work *= self.people.pace[row]
        if not self.steps.work_factor.none:
            work *= self.work_factor.at(queue, start)
        return max(1, round(work))

    def rejects(self, record: int, start: int, row: int) -> bool:
        """Return whether the visit will end in a rejection, and let the message carry qualities on (R23)."""
        if self.packed.decided:
            return self.rows.item(record, REJECTED) > 0
        queue = self.rows.item(record, QUEUE)
        cargo = self.cargo.pop(record, None)
        number, judges = self.is_judged[queue], self.judges[queue]
        if number >= 0:
            cargo = cargo or [1.0] * self.steps.carried
            cargo[number] = self.people.quality[row]
        chance = self.reject[queue] * self.reject_factor.at(queue, start)
        judged = cargo[judges] if cargo and judges >= 0 else 1.0
        rejected: bool = chance > 0 and self.floats.item(record, UNIFORM) / chance < judged
        if cargo:
            if rejected and judges >= 0 and self.by_author[queue]:
                cargo[judges] = 1.0
            self.cargo[self.link(record, rejected) >> self.packed.line_bits] = cargo
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
