"""What starting a visit brings: when its work ends (R29, R40), and what a review decides (R23)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.engines.lanes.packed import PASSED, REJECTED, UNIFORM, WORK, Packed
from simsocial.engines.lanes.routing import Steps
from simsocial.engines.lanes.state import State
from simsocial.engines.lanes.tables import DutyTable

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(slots=True)
class Starts:
    """The next visit of each of some lanes; shapes (visits,).

    Parameters
    ----------
    lane, start, queue
        Where and when they start.
    key
        When each joined, and its record.
    row
        Shape (visits, fields), of :class:`Packed`.
    cargo
        Shape (carried, visits), qualities of earlier work; ``None`` where none is carried.
    server
        Row of the slot that takes each.
    """

    lane: Ints
    start: Ints
    queue: Ints
    key: Ints
    row: Ints
    cargo: Floats | None
    server: Ints


class Work:
    """Tells what becomes of visits that start, from what the lanes look up."""

    def __init__(self, packed: Packed, steps: Steps, duty: DutyTable, state: State) -> None:
        self.packed, self.steps, self.duty, self.state = packed, steps, duty, state

    def ends(self, starts: Starts) -> Ints:
        """Return when the work ends (R29, R40)."""
        ends = starts.start + self._ticks(starts)
        if self.steps.any_suspend:
            paused = (self.steps.suspend.take(starts.queue) & (starts.server != self.duty.nobody)).nonzero()[0]
            roster = self.state.roster[starts.lane[paused]]
            for number in np.unique(roster).tolist():
                mine, duty = paused[roster == number], self.duty.each[number]
                agent = duty.slot_agent[self.duty.row_slot[number, starts.server[mine]]]
                begun = starts.start[mine]
                ends[mine] = duty.suspended_end(agent, begun, ends[mine] - begun)
        return ends

    def _ticks(self, starts: Starts) -> Ints:
        """Return how long the work takes (R40)."""
        if self.packed.ticks_known:
            return starts.row[:, WORK]
        work = starts.row.view(np.float64)[:, WORK]
        if not self.duty.same_pace:
            work = work * self.duty.pace.reshape(-1).take(self.state.window(starts.lane, starts.server))
        if not self.steps.work_factor.none:
            work = work * self.steps.work_factor.at(starts.queue, starts.start)
        return np.maximum(np.rint(work), 1.0).astype(np.int64)

    def decide(self, starts: Starts) -> tuple[Bools, Ints]:
        """Return which visits will end in a rejection, and the links to the visits behind them (R23)."""
        row, cargo = starts.row, starts.cargo
        if self.packed.decided:
            return row[:, REJECTED] != 0, row[:, PASSED].copy()
        if cargo is not None:
            self._remember(starts, cargo)
        rejected = np.zeros(len(starts.lane), np.bool_)
        at = (self.steps.review.take(starts.queue)).nonzero()[0]
        if len(at):
            queue = starts.queue.take(at)
            chance = self.steps.reject.take(queue) * self.steps.reject_factor.at(queue, starts.start.take(at))
            possible = chance > 0
            uniform = row[at, UNIFORM].view(np.float64)
            judged = 1.0 if cargo is None else self._judged(queue, at, cargo)
            rejected[at] = possible & (uniform / np.where(possible, chance, 1.0) < judged)
        return rejected, np.where(rejected, row[:, REJECTED], row[:, PASSED])

    def _remember(self, starts: Starts, cargo: Floats) -> None:
        """Let visits carry the quality of their work if it will be judged (R23)."""
        number = self.steps.is_judged.take(starts.queue)
        judged = (number >= 0).nonzero()[0]
        window = self.state.window(starts.lane[judged], starts.server[judged])
        cargo[number[judged], judged] = self.duty.quality.reshape(-1).take(window)

    def _judged(self, queue: Ints, at: Ints, cargo: Floats) -> Floats:
        """Return the quality of the work that reviews judge; 1 for work outside the desk."""
        number = self.steps.judges.take(queue)
        return np.where(number >= 0, cargo[number, at], 1.0)

    def corrected(self, cargo: Floats, queue: Ints, rejected: Bools) -> Floats:
        """Return what visits carry when their author has corrected them: work of quality 1 (R23)."""
        number = self.steps.judges.take(queue)
        mine = (rejected & self.steps.by_author.take(queue) & (number >= 0)).nonzero()[0]
        cargo[number[mine], mine] = 1.0
        return cargo
