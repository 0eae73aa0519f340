"""What is known of a lane's visits before any of them starts, whoever serves them and when."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from simsocial.engines.lanes.packed import PASSED, QUEUE, REJECTED, UNIFORM, WORK, Packed
from simsocial.engines.lanes.records import NOT_A_REVIEW
from simsocial.engines.lanes.routing import Steps

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
GONE: Final = -1
"""A link that leads nowhere."""


class Foreseen:
    """Records of which everything is known but when they start, and what whoever serves them makes of their work.

    Nobody lays them aside, no date changes their work, and what they decide depends on no quality and no date (R23,
    R27, R29, R40).

    Parameters
    ----------
    rows
        Those of a lane, as in :class:`Packed`.
    packed, steps
        Of its batch.
    same_pace
        Whether everybody's pace is 1.

    Attributes
    ----------
    rejected
        Shape (records,), whether it is foreseen, and ends in a rejection.
    behind
        Shape (records,), the link to the visit behind it; negative where there is none, or it is not foreseen.
    takes
        Shape (records,): ticks if all paces are 1, else what paces multiply; 0 where it is not foreseen.
    """

    def __init__(self, rows: Ints, packed: Packed, steps: Steps, *, same_pace: bool) -> None:
        self._rows, self._packed, self._steps = rows, packed, steps
        self.queue = rows[:, QUEUE]
        behind, self.rejected, foreseen = self._as_packed() if packed.decided else self._decided()
        foreseen &= ~(steps.suspend | steps.nobody).take(self.queue)
        if not packed.ticks_known:
            foreseen &= steps.work_factor.is_one.take(self.queue)
        self.rejected &= foreseen
        self.behind = np.where(foreseen, behind, GONE)
        self.takes: Ints = np.where(foreseen, self._work(same_pace), 0)

    def _as_packed(self) -> tuple[Ints, Bools, Bools]:
        return self._rows[:, PASSED], self._rows[:, REJECTED] != 0, np.ones(len(self._rows), np.bool_)

    def _decided(self) -> tuple[Ints, Bools, Bools]:
        """Return links and rejections as for work of quality 1, and of which records they are what happens."""
        steps, queue, uniform = self._steps, self.queue, self._rows.view(np.float64)[:, UNIFORM]
        fails = self._packed.fails(uniform, queue, steps)
        behind, rejected = self._rows[:, PASSED].copy(), np.zeros(len(queue), np.bool_)
        behind[fails], rejected[fails] = self._rows[fails, REJECTED], True
        open_to = (steps.judges >= 0) | ~steps.reject_factor.is_constant
        settled = (uniform == NOT_A_REVIEW) | ~open_to.take(queue)
        return behind, rejected, settled & ((behind < 0) | ~steps.carries.take(queue))

    def _work(self, same_pace: bool) -> Ints:
        ticks_known = self._packed.ticks_known
        work = self._rows[:, WORK] if ticks_known else self._rows.view(np.float64)[:, WORK].astype(np.int64)
        return np.maximum(work, 1) if same_pace else work
