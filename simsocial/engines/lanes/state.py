"""Where the lanes of a batch are: their lines, their people, and how far they have come.

Arrays hold lines × lanes or rows × lanes, and are read and written flat: place = line (or row) × lanes + lane.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from simsocial.engines.lanes.keys import NO_KEY, Keys
from simsocial.engines.lanes.late import Late
from simsocial.engines.lanes.ranks import Ranks
from simsocial.engines.lanes.tables import DutyTable, Fresh, Lane, RecordTable
from simsocial.units import NEVER

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
BEFORE_ALL = -(2**61)
OF_LANES = ("lane", "horizon", "now", "record_start", "roster", "instant", "next_instant", "stop")
OF_LINES = ("fresh_at", "fresh_end", "fresh_head", "heads")
OF_ROWS = ("busy", "row_key")


class State:
    """The lanes that are not over yet.

    Attributes
    ----------
    lane, horizon, record_start, roster
        Shape (lanes,): number in the batch; ticks; first record and roster in the tables.
    now, next_instant, stop
        Shape (lanes,), ticks: the last change of windows, the next one, and when the lane cannot just go on: at that
        change, or at the horizon.
    head
        Shape (lines, lanes), key of the head of each line, whether it has joined already or is on its way.
    row_key
        Shape (rows, lanes), since when each slot is idle or until when it works or is off duty, and its row;
        ``NO_KEY`` while it cannot begin under that ranking.
    every
        Shape (lanes,), all of them.
    """

    def __init__(
        self,
        lanes: Sequence[Lane],
        keys: Keys,
        ranks: Ranks,
        *,
        carried: int,
        records: RecordTable,
        duty: DutyTable,
    ) -> None:
        size, self.lines = len(lanes), len(ranks.place[0])
        self.duty, self.keys = duty, keys
        self.lane = self.every = np.arange(size)
        self.horizon = np.array([lane.desk.horizon for lane in lanes])
        self.same_horizon = len(set(self.horizon.tolist())) == 1
        self.now = np.zeros(size, np.int64)
        self.record_start = records.start[records.number]
        self.fresh = Fresh(records, ranks.line, keys)
        self.fresh_at = self.fresh.start[records.number].T.ravel()
        self.fresh_end = self.fresh.end[records.number].T.ravel()
        self.fresh_head = self.fresh.keys[self.fresh_at]
        self.late = Late(self.lines, size, carried=carried)
        self.heads = self.fresh_head.copy()
        self.roster = duty.number.copy()
        self.instant = duty.start[self.roster]
        self.next_instant = self._next_instant(self.instant, self.horizon)
        self.stop = np.minimum(self.next_instant, self.horizon)
        self.windows_change = bool((self.next_instant < NO_KEY).any())
        self.may_lag = self.windows_change or bool((duty.since < 0).any())
        """Whether head and slot may be there before a visit can start: before windows change, or the run begins."""
        self.busy = np.full((duty.slots, size), BEFORE_ALL)
        self.row_key = np.full((duty.rows, size), NO_KEY)
        self._stamp(np.arange(size))

    def __len__(self) -> int:
        return len(self.lane)

    @property
    def head(self) -> Ints:
        head: Ints = self.heads.reshape(self.lines, -1)
        return head

    def of(self, values: Ints, lane: Ints) -> Ints:
        """Return the values, shape (…, lanes), of some lanes: no copy where these are all."""
        some: Ints = values if lane is self.every else values.take(lane, axis=-1)
        return some

    def horizon_of(self, lane: Ints) -> Ints:
        """Return the horizons of some lanes, or one that is that of all of them."""
        horizon: Ints = self.horizon[:1] if self.same_horizon else self.of(self.horizon, lane)
        return horizon

    def keep(self, lanes: Bools) -> None:
        """Forget all other lanes."""
        of_lines = np.tile(lanes, self.lines).nonzero()[0]
        for name in OF_LINES:
            setattr(self, name, getattr(self, name)[of_lines])
        for name in OF_LANES:
            setattr(self, name, getattr(self, name)[lanes])
        for name in OF_ROWS:
            setattr(self, name, np.ascontiguousarray(getattr(self, name)[:, lanes]))
        self.every = np.arange(len(self.lane))
        self.late.keep(lanes)

    # ---- people -----------------------------------------------------------------------------------------------------

    def change_windows(self, lanes: Ints) -> None:
        """Let windows end, and the next ones be in force (R39)."""
        self.now[lanes] = np.maximum(self.next_instant[lanes], 0)  # R87: nothing starts before the run
        self.instant[lanes] += 1
        self.next_instant[lanes] = self._next_instant(self.instant[lanes], self.horizon[lanes])
        self.stop[lanes] = np.minimum(self.next_instant[lanes], self.horizon[lanes])
        self._stamp(lanes)

    def work_until(self, lane: Ints, row: Ints, instant: Ints) -> None:
        """Occupy a slot in each of some lanes."""
        until = np.minimum(instant, self.horizon_of(lane))
        self.row_key.reshape(-1)[row * len(self) + lane] = self.keys.key(until, row)
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
        self.row_key[:, lanes] = np.where(can, self.keys.key(np.where(can, when, 0), rows), NO_KEY)

    # ---- lines ------------------------------------------------------------------------------------------------------

    def pop(self, place: Ints, key: Ints) -> Floats | None:
        """Take heads out of their lines; return the qualities they carry, shape (carried, visits)."""
        late = self.fresh_head.take(place) != key
        at = self.fresh_at.take(place) + ~late
        fresh = self.fresh.keys.take(at)
        self.fresh_at[place], self.fresh_head[place] = at, fresh
        cargo = np.ones((self.late.carried, len(place))) if self.late.carried else None
        which = late.nonzero()[0]
        if len(which):
            popped = self.late.pop(place.take(which))
            if cargo is not None and popped is not None:
                cargo[:, which] = popped
        self.heads[place] = np.minimum(fresh, self.late.head.take(place))
        return cargo

    def join(self, place: Ints, key: Ints, cargo: Floats | None, joined: Ints) -> None:
        """Let visits be on their way to lines; as :meth:`Late.join`."""
        self.late.join(place, key, cargo, joined)
        self.heads[place] = np.minimum(self.heads.take(place), key)

    def waiting(self, lanes: Ints) -> tuple[Ints, Ints]:
        """Return lane and key of all who are in the lines of some lanes."""
        late_lane, late_key = self.late.waiting(lanes)
        at, end = (column.reshape(self.lines, -1)[:, lanes].ravel() for column in (self.fresh_at, self.fresh_end))
        left = end - at
        fresh_lane = np.repeat(np.tile(lanes, self.lines), left)
        fresh_key = self.fresh.keys[np.arange(left.sum()) + np.repeat(at - (np.cumsum(left) - left), left)]
        return np.concatenate((late_lane, fresh_lane)), np.concatenate((late_key, fresh_key))
