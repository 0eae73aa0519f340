"""Where the lanes of a batch are: their queues, their people, and how far they have come.

Arrays hold queues × lanes or rows × lanes, and are read and written flat: place = queue (or row) × lanes + lane.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from simsocial.engines.lanes.keys import NO_KEY, Keys
from simsocial.engines.lanes.late import Late
from simsocial.engines.lanes.tables import DutyTable, Fresh, Lane, RecordTable
from simsocial.units import NEVER

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
BEFORE_ALL = -(2**61)
OF_LANES = ("lane", "horizon", "now", "record_start", "roster", "instant", "next_instant")
OF_PLACES = ("fresh_at", "fresh_end", "fresh_head", "head", "busy", "row_key")


class State:
    """The lanes that are not over yet.

    Attributes
    ----------
    lane, horizon, record_start, roster
        Shape (lanes,): number in the batch; ticks; first record and roster in the tables.
    now
        Shape (lanes,), ticks: the last change of windows.
    head
        Shape (queues, lanes), key of the head of each queue, whether it has joined already or is on its way.
    row_key
        Shape (rows, lanes), since when each slot is idle or until when it works or is off duty, and its row;
        ``NO_KEY`` while it cannot begin under that ranking.
    """

    def __init__(
        self, lanes: Sequence[Lane], *, queues: int, carried: int, records: RecordTable, duty: DutyTable
    ) -> None:
        size = len(lanes)
        self.duty, self.queues, self.row_keys = duty, queues, Keys.of(duty.rows)
        self.lane = np.arange(size)
        self.horizon = np.array([lane.desk.horizon for lane in lanes])
        self.now = np.zeros(size, np.int64)
        self.record_start = records.start[records.number]
        self.fresh = Fresh(records, queues)
        self.fresh_at = np.ascontiguousarray(self.fresh.start[records.number].T)
        self.fresh_end = np.ascontiguousarray(self.fresh.end[records.number].T)
        self.fresh_head = self.fresh.keys[self.fresh_at]
        self.late = Late(queues, size, carried=carried)
        self.head = self.fresh_head.copy()
        self.roster = duty.number.copy()
        self.instant = duty.start[self.roster]
        self.next_instant = self._next_instant(self.instant, self.horizon)
        self.windows_change = bool((self.next_instant < NO_KEY).any())
        self.busy = np.full((duty.slots, size), BEFORE_ALL)
        self.row_key = np.full((duty.rows, size), NO_KEY)
        self._stamp(np.arange(size))

    def __len__(self) -> int:
        return len(self.lane)

    def keep(self, lanes: Bools) -> None:
        """Forget all other lanes."""
        for name in OF_LANES:
            setattr(self, name, getattr(self, name)[lanes])
        for name in OF_PLACES:
            setattr(self, name, np.ascontiguousarray(getattr(self, name)[:, lanes]))
        self.late.keep(lanes)

    # ---- people -----------------------------------------------------------------------------------------------------

    def change_windows(self, lanes: Ints) -> None:
        """Let windows end, and the next ones be in force (R39)."""
        self.now[lanes] = self.next_instant[lanes]
        self.instant[lanes] += 1
        self.next_instant[lanes] = self._next_instant(self.instant[lanes], self.horizon[lanes])
        self._stamp(lanes)

    def work_until(self, lane: Ints, row: Ints, instant: Ints) -> None:
        """Occupy a slot in each of some lanes."""
        until = np.minimum(instant, self.horizon.take(lane))
        self.row_key.reshape(-1)[row * len(self) + lane] = self.row_keys.key(until, row)
        if self.windows_change:
            self.busy.reshape(-1)[self.slot(lane, row) * len(self) + lane] = until

    def slot(self, lane: Ints, row: Ints) -> Ints:
        """Return the slot of a row in each of some lanes."""
        slot: Ints = self.duty.row_slot.reshape(-1).take(self.roster.take(lane) * self.duty.rows + row)
        return slot

    def window(self, lane: Ints, row: Ints) -> Ints:
        """Return the place of a row's window in force in ``duty.pace`` and ``duty.quality``, flat."""
        window: Ints = self.instant.take(lane) * self.duty.rows + row
        return window

    def _next_instant(self, instant: Ints, horizon: Ints) -> Ints:
        following = self.duty.next_instant[instant]
        return np.where(following < horizon, following, NO_KEY)

    def _stamp(self, lanes: Ints) -> None:
        """Note since when each slot is idle, or when it will be (R38)."""
        since = self.duty.since[self.instant[lanes]].T
        slot = self.duty.row_slot[self.roster[lanes]].T
        when = np.maximum(since, self.busy[slot, lanes])
        can = (since < NEVER) & (when < self.horizon[lanes])
        rows = np.arange(self.duty.rows)[:, None]
        self.row_key[:, lanes] = np.where(can, self.row_keys.key(np.where(can, when, 0), rows), NO_KEY)

    # ---- queues -----------------------------------------------------------------------------------------------------

    def pop(self, place: Ints, key: Ints) -> Floats | None:
        """Take heads out of their queues; return the qualities they carry, shape (carried, visits)."""
        fresh_head, fresh_at, head = (array.reshape(-1) for array in (self.fresh_head, self.fresh_at, self.head))
        is_fresh = fresh_head.take(place) == key
        fresh = is_fresh.nonzero()[0]
        if len(fresh):
            here = place.take(fresh)
            at = fresh_at.take(here) + 1
            following = self.fresh.keys.take(at)
            fresh_at[here], fresh_head[here] = at, following
            head[here] = np.minimum(following, self.late.head.take(here))
        cargo = np.ones((self.late.carried, len(place))) if self.late.carried else None
        if len(fresh) < len(place):
            late = (~is_fresh).nonzero()[0]
            here = place.take(late)
            popped = self.late.pop(here, key.take(late))
            head[here] = np.minimum(fresh_head.take(here), self.late.head.take(here))
            if cargo is not None and popped is not None:
                cargo[:, late] = popped
        return cargo

    def join(self, place: Ints, key: Ints, cargo: Floats | None, joined: Ints) -> None:
        """Let visits be on their way to queues; as :meth:`Late.join`."""
        self.late.join(place, key, cargo, joined)
        head = self.head.reshape(-1)
        head[place] = np.minimum(head.take(place), key)

    def waiting(self, lanes: Ints) -> tuple[Ints, Ints]:
        """Return lane and key of all who are in the queues of some lanes."""
        late_lane, late_key = self.late.waiting(lanes)
        at, end = self.fresh_at[:, lanes].ravel(), self.fresh_end[:, lanes].ravel()
        left = end - at
        fresh_lane = np.repeat(np.tile(lanes, self.queues), left)
        fresh_key = self.fresh.keys[np.arange(left.sum()) + np.repeat(at - (np.cumsum(left) - left), left)]
        return np.concatenate((late_lane, fresh_lane)), np.concatenate((late_key, fresh_key))
