"""What starting a visit brings in one lane alone: when its work ends (R29, R40), and what a review decides (R23)."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

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
    rows
        Shape (records, fields), as in :class:`Packed`.
    leaves
        By record, the last key of the last tick at which it may begin; of the horizon if that is earlier.
    plain
        By record, what it takes, if everything else is known: what it decides, and that nobody lays it aside. Ticks if
        all paces are 1; else what paces multiply. 0 for the other records.
    behind
        By record of those behind which there is a visit: what to add to the end before it, as a key, for the key of its
        joining.
    foretold
        By record of those, whether it ends in a rejection.
    cargo
        By record in a line or on its way there, the qualities of earlier work; all 1 where there is none.
    """

    def __init__(self, batch: Batch, number: int, people: People) -> None:
        self.people, self.steps, self.packed = people, batch.steps, batch.packed
        self.rows = self.packed.rows[slice(*batch.records.bounds(number))]
        self.floats = self.rows.view(np.float64)
        self.leaves = self._leaves(batch, number)
        foreseen = Foreseen(self.rows, self.packed, self.steps, same_pace=batch.duty.same_pace)
        self.plain = _quick(foreseen.takes)
        self.behind, self.foretold = self._behind(batch, foreseen), foreseen.rejected
        self.suspend, self.reject = self.steps.suspend.tolist(), self.steps.reject.tolist()
        self.is_judged, self.judges = self.steps.is_judged.tolist(), self.steps.judges.tolist()
        self.by_author = self.steps.by_author.tolist()
        self.work_factor, self.reject_factor = _Factors(self.steps.work_factor), _Factors(self.steps.reject_factor)
        self.cargo: dict[int, list[float]] = {}

    def _leaves(self, batch: Batch, number: int) -> Sequence[int]:
        last = np.minimum(self.rows[:, LEAVES], batch.lanes[number].desk.horizon)
        return _quick(last.astype(batch.key_type) << batch.keys.bits | batch.keys.mask)

    def line(self, record: int) -> int:
        """Return the line in which a record waits."""
        line: int = self.packed.line.item(self.rows.item(record, QUEUE))
        return line

    def _behind(self, batch: Batch, foreseen: Foreseen) -> dict[int, int]:
        """Return, by record that goes on, the visit behind it and the author's delay before, as a key (R22, R25)."""
        record = (foreseen.behind >= 0).nonzero()[0]
        link = foreseen.behind[record]
        delay = np.where(foreseen.rejected[record], self.rows[record, DELAY], 0).clip(max=self.people.horizon)
        later = delay.astype(batch.key_type) << batch.keys.bits | link >> self.packed.line_bits
        return dict(zip(record.tolist(), later.tolist(), strict=True))

    def end(self, record: int, start: int, row: int) -> int:
        """Return when the work ends (R29)."""
        queue, people = self.rows.item(record, QUEUE), self.people
        known = self.packed.ticks_known
        ticks = self.rows.item(record, WORK) if known else self._ticks(record, queue, start, row)
        if self.suspend[queue] and row != people.nobody:
            return people.suspended_end(row, start, ticks)
        return start + ticks

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


def _quick(numbers: npt.NDArray[Any]) -> Sequence[int]:
    """Return whole numbers as what tells one of them quickly, and takes little memory if they are of 64 bits."""
    return array("q", numbers.tobytes()) if numbers.dtype == np.int64 else numbers.tolist()
