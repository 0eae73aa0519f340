"""The loop: in each step, every lane starts the visit that starts next in it (docs/model.md, R36–R40).

Work takes at least a tick and nothing is preempted. So when a visit starts, its end, its outcome and the visit behind
it are known, and the latter is entered in its queue at once, with the instant at which it will join. No event is needed
for arrivals, ends of work or joining; what leaves its queue is found out when it would be served (R26).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from simsocial.engines.lanes.keys import NO_KEY
from simsocial.engines.lanes.packed import DELAY, LEAVES, Packed
from simsocial.engines.lanes.ranks import Ranks
from simsocial.engines.lanes.routing import Steps
from simsocial.engines.lanes.state import BEFORE_ALL, State
from simsocial.engines.lanes.tables import DutyTable, Lane, RecordTable
from simsocial.engines.lanes.work import Starts, Work
from simsocial.engines.lanes.written import Written
from simsocial.units import NEVER

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
GONE = -1
"""A link that leads nowhere."""
WORTH_LEAVING = 10
"""Lanes that are over are left behind when one in so many is."""


class OutOfBits(ValueError):
    """A horizon so far away, or lanes so full, that instants and identities do not fit into keys together."""


class Kernel:
    """A batch of lanes on one desk, or on desks that differ in their horizon only.

    Raises
    ------
    OutOfBits
        When keys cannot hold the horizon.
    """

    def __init__(self, lanes: Sequence[Lane]) -> None:
        desk = lanes[0].desk
        self.ranks = Ranks(desk)
        self.records = RecordTable(lanes)
        self.duty = DutyTable(lanes)
        self.steps = Steps(desk, vary=self.records.vary)
        self.keys = self.records.keys
        self.packed = Packed(self.records, self.steps, same_pace=self.duty.same_pace)
        self.due = self.records.due() if self.ranks.by_due.any() else None
        self.written = Written()
        self.state = State(
            lanes, queues=len(desk.queues), carried=self.steps.carried, records=self.records, duty=self.duty
        )
        self.work = Work(self.packed, self.steps, self.duty, self.state)
        self.row_keys = self.state.row_keys
        if max(lane.desk.horizon for lane in lanes) > min(self.keys.last_instant, self.row_keys.last_instant):
            raise OutOfBits
        self._make_room()

    def _make_room(self) -> None:
        """Make arrays of the size of the lanes that there are, to be written over in every step."""
        size, rankings = len(self.state), len(self.ranks.queues)
        self.every = np.arange(size)
        self.idle = np.full((rankings, size), NO_KEY)
        self.idle[-1] = self.duty.nobody
        self.best = np.full((rankings, size), NEVER)
        self.room, self.mask = np.empty(size, np.int64), np.empty(size, np.bool_)

    def run(self) -> Written:
        """Run all lanes to their horizons and return what happened."""
        while len(self.state):
            self._step()
        return self.written

    def _step(self) -> None:
        """Start a visit in every lane, or let its windows change, or find it over."""
        state, (start, ranking) = self.state, self._earliest()
        over = start >= state.horizon
        changes = state.next_instant <= start
        if changes.any():
            state.change_windows(changes.nonzero()[0])
            over &= ~changes
        stops = over | changes
        if not stops.any():
            self._serve(self.every, start, ranking, state.head)
            return
        going = (~stops).nonzero()[0]
        if len(going):
            self._serve(going, start.take(going), ranking.take(going), state.head.take(going, axis=1))
        if np.count_nonzero(over) * WORTH_LEAVING >= len(over):
            self._leave_behind(over)

    def _leave_behind(self, over: Bools) -> None:
        """Write down who still waits in lanes that are over, and go on with the others."""
        lane, key = self.state.waiting(over.nonzero()[0])
        record, joined = key & self.keys.mask, key >> self.keys.bits
        leaves = self.packed.rows[record + self.state.record_start[lane], LEAVES]
        end = np.where(leaves < self.state.horizon[lane], np.maximum(leaves, joined), NEVER)
        nobody, never = np.full(len(lane), self.duty.nobody), np.full(len(lane), NEVER)
        self.written.add(self.state.lane[lane], record, nobody, joined, never, end, np.zeros(len(lane), np.bool_))
        self.state.keep(~over)
        self._make_room()

    # ---- what starts next -------------------------------------------------------------------------------------------

    def _earliest(self) -> tuple[Ints, Ints]:
        """Return when the next visit of each lane starts, and the first ranking that can start one then (R37)."""
        for number, queues in enumerate(self.ranks.queues):
            if queues:
                self._earliest_of(number, queues)
        start = np.minimum.reduce(self.best, axis=0)
        np.maximum(start, self.state.now, out=start)
        ranking = np.zeros(len(start), np.int64)
        for number in reversed(range(len(self.best))):
            if self.ranks.queues[number]:
                np.less_equal(self.best[number], start, out=self.mask)
                np.putmask(ranking, self.mask, number)
        return start, ranking

    def _earliest_of(self, ranking: int, queues: list[int]) -> None:
        """Write down when a ranking can start a visit: the later of its first idle slot and the first head."""
        best, head = self.best[ranking], self.state.head
        np.minimum(head[queues[0]], head[queues[-1]], out=best)
        for queue in queues[1:-1]:
            np.minimum(best, head[queue], out=best)
        np.right_shift(best, self.keys.bits, out=best)
        if ranking == self.ranks.nobody:
            return
        first, behind = self.duty.bounds[ranking : ranking + 2]
        if first == behind:
            best.fill(NEVER)
            return
        np.minimum.reduce(self.state.row_key[first:behind], axis=0, out=self.idle[ranking])
        np.right_shift(self.idle[ranking], self.row_keys.bits, out=self.room)
        np.maximum(best, self.room, out=best)

    def _named(self, lane: Ints, start: Ints, ranking: Ints, head: Ints) -> Ints:
        """Return the queue whose head the ranking names (R37)."""
        ready = head <= self.keys.latest(start)
        queue, equals = self.ranks.named(ranking, ready)
        tied = equals.nonzero()[0] if self.ranks.ties else equals[:0]
        if len(tied):
            lane, start, ready, head = lane[tied], start[tied], ready[:, tied], head[:, tied]
            record = head & self.keys.mask
            due = head if self.due is None else self._due(self.due, lane, start, head)
            queue[tied] = self.ranks.among_equals(ranking[tied], queue[tied], ready, head, due, record)
        return queue

    def _due(self, due: Ints, lane: Ints, start: Ints, head: Ints) -> Ints:
        """Return when heads are due; those that have left first, as they hide the others."""
        record = np.where(head == NO_KEY, 0, (head & self.keys.mask) + self.state.record_start[lane])
        gone = self.packed.rows[record, LEAVES] < start
        return np.where(gone, BEFORE_ALL, due[record])

    def _taker(self, lane: Ints, start: Ints, ranking: Ints, queue: Ints) -> Ints:
        """Return the row of the slot that takes each message (R37)."""
        if self.ranks.any_shared:
            shared = (self.ranks.shared.take(queue)).nonzero()[0]
            if len(shared):
                ranking[shared] = self._preferred(lane[shared], start[shared], queue[shared])
        row: Ints = self.idle.reshape(-1).take(ranking * len(self.state) + lane) & self.row_keys.mask
        return row

    def _preferred(self, lane: Ints, start: Ints, queue: Ints) -> Ints:
        """Return the ranking of the slot that takes a message which several rankings serve."""
        keys = self.idle[:-1, lane]
        idle = keys <= self.row_keys.latest(start)
        preference = np.where(idle, self.ranks.preference[queue].T, self.ranks.nowhere)
        row = np.minimum(keys & self.row_keys.mask, self.duty.nobody)
        by_slot = (keys & ~self.row_keys.mask) | self.duty.row_slot[self.state.roster[lane], row]
        first: Ints = np.where(preference == preference.min(axis=0), by_slot, NO_KEY).argmin(axis=0)
        return first

    # ---- one visit in each of some lanes ----------------------------------------------------------------------------

    def _serve(self, lane: Ints, start: Ints, ranking: Ints, head: Ints) -> None:
        """Take the visits that rankings name out of their queues, and start them, unless they have left."""
        queue = self._named(lane, start, ranking, head)
        place = queue * len(self.state) + lane
        key = self.state.head.reshape(-1).take(place)
        record = key & self.keys.mask
        row = self.packed.rows.take(record + self.state.record_start.take(lane), axis=0)
        server = self._taker(lane, start, ranking, queue)
        cargo = self.state.pop(place, key)
        starts = Starts(lane, start, queue, record, key >> self.keys.bits, row, cargo, server)
        gone = row[:, LEAVES] < start
        self._start(starts, gone if gone.any() else None)

    def _start(self, starts: Starts, gone: Bools | None) -> None:
        """Start visits: their end, their outcome and the visits behind them are known from here on.

        Those that have left only seem to start: with nobody, and leading nowhere.
        """
        if gone is not None:
            starts.server = np.where(gone, self.duty.nobody, starts.server)
        ends = self.work.ends(starts)
        self.state.work_until(starts.lane, starts.server, ends)
        rejected, link = self.work.decide(starts)
        begun = starts.start
        if gone is not None:
            link, begun = np.where(gone, GONE, link), np.where(gone, NEVER, begun)
            ends = np.where(gone, np.maximum(starts.row[:, LEAVES], starts.joined), ends)
        lane = self.state.lane.take(starts.lane)
        self.written.add(lane, starts.record, starts.server, starts.joined, begun, ends, rejected)
        self._go_on(starts, ends, rejected, link)

    def _go_on(self, starts: Starts, ends: Ints, rejected: Bools, link: Ints) -> None:
        """Let the visit behind each visit be on its way to its queue, if it joins before the horizon (R22, R25)."""
        joins = ends
        if self.packed.any_delay:
            joins = np.minimum(ends + np.where(rejected, starts.row[:, DELAY], 0), NEVER)
        goes = ((link >= 0) & (joins < self.state.horizon.take(starts.lane))).nonzero()[0]
        if not len(goes):
            return
        link = link.take(goes)
        place = (link & self.packed.queue_mask) * len(self.state) + starts.lane.take(goes)
        key = self.keys.key(joins.take(goes), link >> self.packed.queue_bits)
        cargo = starts.cargo
        if cargo is not None:
            cargo = self.work.corrected(cargo[:, goes], starts.queue.take(goes), rejected.take(goes))
        self.state.join(place, key, cargo, self.keys.latest(starts.start.take(goes)))
