"""The loop: in each step, every lane starts the visit that starts next in it (docs/model.md, R36–R40).

Work takes at least a tick and nothing is preempted. So when a visit starts, its end, its outcome and the visit behind it
are known, and the latter is entered in its queue at once, with the instant at which it will join. No event is needed for
arrivals, ends of work or joining; what leaves its queue is found out when it would be served (R26).

Arrays hold queues × lanes or rows × lanes, and are read and written flat: place = queue (or row) × lanes + lane.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from simsocial.engines.lanes.keys import NO_KEY, Keys
from simsocial.engines.lanes.late import Late
from simsocial.engines.lanes.packed import DELAY, FIELDS, LEAVES, PASSED, REJECTED, UNIFORM, WORK, Packed
from simsocial.engines.lanes.ranks import Ranks
from simsocial.engines.lanes.routing import Steps
from simsocial.engines.lanes.tables import DutyTable, Fresh, Lane, RecordTable
from simsocial.engines.lanes.written import Written
from simsocial.units import NEVER

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
BEFORE_ALL = -(2**61)
GONE = -1
"""A link that leads nowhere."""


class Kernel:
    """A batch of lanes on one desk, or on desks that differ in their horizon only."""

    def __init__(self, lanes: Sequence[Lane]) -> None:
        desk = lanes[0].desk
        self.ranks = Ranks(desk)
        self.records = RecordTable(lanes)
        self.duty = DutyTable(lanes)
        self.steps = Steps(desk, vary=self.records.vary)
        self.queues = len(desk.queues)
        self.keys, self.row_keys = self.records.keys, Keys.of(self.duty.rows)
        self.packed = Packed(self.records, self.steps, same_pace=self.duty.same_pace)
        self.due = self.records.due() if self.ranks.by_due.any() else None
        self.written = Written()
        self._begin(lanes)

    def _begin(self, lanes: Sequence[Lane]) -> None:
        """Put all lanes at their beginning."""
        size = len(lanes)
        self.lane = np.arange(size)
        self.horizon = np.array([lane.desk.horizon for lane in lanes])
        self.now = np.zeros(size, np.int64)
        self.record_start = self.records.start[self.records.number]
        self.fresh = Fresh(self.records, self.queues)
        self.fresh_at = np.ascontiguousarray(self.fresh.start[self.records.number].T)
        self.fresh_end = np.ascontiguousarray(self.fresh.end[self.records.number].T)
        self.fresh_head = self.fresh.keys[self.fresh_at]
        self.late = Late(self.queues, size, carried=self.steps.carried)
        self.head = self.fresh_head.copy()
        self.roster = self.duty.number.copy()
        self.instant = self.duty.start[self.roster]
        self.next_instant = self._next_instant(self.instant, self.horizon)
        self.windows_change = bool((self.next_instant < NEVER).any())
        self.busy = np.full((self.duty.slots, size), BEFORE_ALL)
        self.row_key = np.full((self.duty.rows, size), NO_KEY)
        self._stamp(np.arange(size))
        self._measure()

    def _measure(self) -> None:
        """Make room for the lanes that there are."""
        size, rankings = len(self.lane), len(self.ranks.queues)
        self.every = np.arange(size)
        self.idle = np.full((rankings, size), NO_KEY)
        self.idle[-1] = self.duty.nobody
        self.best = np.full((rankings, size), NEVER)
        self.room, self.mask = np.empty(size, np.int64), np.empty(size, np.bool_)

    # ---- the loop ---------------------------------------------------------------------------------------------------

    def run(self) -> Written:
        """Run all lanes to their horizons and return what happened."""
        while len(self.lane):
            self._step()
        return self.written

    def _step(self) -> None:
        start, ranking = self._earliest()
        stops = start >= self.horizon
        if self.windows_change:
            changes = self.next_instant <= start
            if changes.any():
                self._change_windows(np.flatnonzero(changes))
                over = stops & ~changes
                stops |= changes
            else:
                over = stops
        else:
            over = stops
        if stops.any():
            going = np.flatnonzero(~stops)
            if len(going):
                self._serve(going, start.take(going), ranking.take(going), self.head.take(going, axis=1))
            if np.count_nonzero(over) * 10 >= len(over):
                self._leave_behind(over)
        else:
            self._serve(self.every, start, ranking, self.head)

    def _earliest(self) -> tuple[Ints, Ints]:
        """Return when the next visit of each lane starts, and the first ranking that can start one then (R37)."""
        last = len(self.best) - 1
        for number, queues in enumerate(self.ranks.queues):
            best, idle = self.best[number], self.idle[number]
            if not queues:
                continue
            self._first_head(queues, best)
            if number < last:
                first, behind = self.duty.bounds[number : number + 2]
                if first == behind:
                    best.fill(NEVER)
                    continue
                np.minimum.reduce(self.row_key[first:behind], axis=0, out=idle)
                np.right_shift(idle, self.row_keys.bits, out=self.room)
                np.maximum(best, self.room, out=best)
        start = np.minimum.reduce(self.best, axis=0)
        np.maximum(start, self.now, out=start)
        ranking = np.zeros(len(start), np.int64)
        for number in range(last, -1, -1):
            if self.ranks.queues[number]:
                np.less_equal(self.best[number], start, out=self.mask)
                np.putmask(ranking, self.mask, number)
        return start, ranking

    def _first_head(self, queues: list[int], out: Ints) -> None:
        """Write down when the first of the heads of some queues joins."""
        if len(queues) == 1:
            np.right_shift(self.head[queues[0]], self.keys.bits, out=out)
            return
        np.minimum(self.head[queues[0]], self.head[queues[1]], out=out)
        for queue in queues[2:]:
            np.minimum(out, self.head[queue], out=out)
        np.right_shift(out, self.keys.bits, out=out)

    # ---- windows and the end ----------------------------------------------------------------------------------------

    def _next_instant(self, instant: Ints, horizon: Ints) -> Ints:
        following = self.duty.next_instant[instant]
        return np.where(following < horizon, following, NEVER)

    def _change_windows(self, lanes: Ints) -> None:
        """Let windows end, and the next ones be in force (R39)."""
        self.now[lanes] = self.next_instant[lanes]
        self.instant[lanes] += 1
        self.next_instant[lanes] = self._next_instant(self.instant[lanes], self.horizon[lanes])
        self._stamp(lanes)

    def _stamp(self, lanes: Ints) -> None:
        """Note since when each slot is idle, or when it will be (R38)."""
        since = self.duty.since[self.instant[lanes]].T
        slot = self.duty.row_slot[self.roster[lanes]].T
        when = np.maximum(since, self.busy[slot, lanes])
        can = (since < NEVER) & (when < self.horizon[lanes])
        rows = np.arange(self.duty.rows)[:, None]
        self.row_key[:, lanes] = np.where(can, self.row_keys.key(np.where(can, when, 0), rows), NO_KEY)

    def _leave_behind(self, over: Bools) -> None:
        """Write down who still waits in lanes that are over, and go on with the others."""
        self._sweep(np.flatnonzero(over))
        keep = ~over
        for name in ("lane", "horizon", "now", "record_start", "roster", "instant", "next_instant"):
            setattr(self, name, getattr(self, name)[keep])
        for name in ("fresh_at", "fresh_end", "fresh_head", "head", "busy", "row_key"):
            setattr(self, name, np.ascontiguousarray(getattr(self, name)[:, keep]))
        self.late.keep(keep)
        self._measure()

    def _sweep(self, lanes: Ints) -> None:
        """Let those who wait in lanes that are over leave, or wait for ever."""
        late_lane, late_key = self.late.waiting(lanes)
        at, end = self.fresh_at[:, lanes].ravel(), self.fresh_end[:, lanes].ravel()
        left = end - at
        fresh_lane = np.repeat(np.tile(lanes, self.queues), left)
        fresh_key = self.fresh.keys[np.arange(left.sum()) + np.repeat(at - (np.cumsum(left) - left), left)]
        lane, key = np.concatenate((late_lane, fresh_lane)), np.concatenate((late_key, fresh_key))
        self._write_waiting(lane, key & self.keys.mask, key >> self.keys.bits)

    def _write_waiting(self, lane: Ints, record: Ints, joined: Ints) -> None:
        leaves = self.packed.rows[record + self.record_start[lane], LEAVES]
        left = leaves < self.horizon[lane]
        end = np.where(left, np.maximum(leaves, joined), NEVER)
        nobody, never = np.full(len(lane), self.duty.nobody), np.full(len(lane), NEVER)
        self.written.add(self.lane[lane], record, nobody, joined, never, end, np.zeros(len(lane), np.bool_))

    # ---- one visit in each of some lanes ----------------------------------------------------------------------------

    def _serve(self, lane: Ints, start: Ints, ranking: Ints, head: Ints) -> None:
        """Take the visit that a ranking names out of its queue, and start it unless it has left."""
        size = len(self.lane)
        queue = self._named(lane, start, ranking, head)
        place = queue * size + lane
        key = self.head.reshape(-1).take(place)
        record, joined = key & self.keys.mask, key >> self.keys.bits
        cargo = self._take(place, key)
        row = self.packed.rows.take(record + self.record_start.take(lane), axis=0)
        gone = row[:, LEAVES] < start
        self._start(lane, start, ranking, queue, record, joined, row, cargo, gone if gone.any() else None)

    def _named(self, lane: Ints, start: Ints, ranking: Ints, head: Ints) -> Ints:
        latest = self.keys.latest(start)
        ready = head <= latest
        queue, equals = self.ranks.named(ranking, ready)
        if self.ranks.ties:
            tied = np.flatnonzero(equals)
            if len(tied):
                queue[tied] = self._first_of_equals(
                    lane[tied], start[tied], ranking[tied], queue[tied], ready[:, tied], head[:, tied]
                )
        return queue

    def _first_of_equals(self, lane: Ints, start: Ints, ranking: Ints, queue: Ints, ready: Bools, head: Ints) -> Ints:
        due = head
        if self.due is not None:
            record = np.where(head == NO_KEY, 0, (head & self.keys.mask) + self.record_start[lane])
            gone = self.packed.rows[record, LEAVES] < start
            due = np.where(gone, BEFORE_ALL, self.due[record])  # whoever has left hides the others: out with him first
        return self.ranks.among_equals(ranking, queue, ready, head, due, head & self.keys.mask)

    def _take(self, place: Ints, key: Ints) -> Floats | None:
        """Take heads out of their queues; return the qualities they carry, shape (carried, visits)."""
        fresh_head, fresh_at, head = (array.reshape(-1) for array in (self.fresh_head, self.fresh_at, self.head))
        is_fresh = fresh_head.take(place) == key
        fresh = np.flatnonzero(is_fresh)
        if len(fresh):
            here = place.take(fresh)
            at = fresh_at.take(here) + 1
            following = self.fresh.keys.take(at)
            fresh_at[here], fresh_head[here] = at, following
            head[here] = np.minimum(following, self.late.head.take(here))
        cargo = np.ones((self.steps.carried, len(place))) if self.steps.carried else None
        if len(fresh) < len(place):
            late = np.flatnonzero(~is_fresh)
            here = place.take(late)
            popped = self.late.pop(here, key.take(late))
            head[here] = np.minimum(fresh_head.take(here), self.late.head.take(here))
            if cargo is not None:
                cargo[:, late] = popped
        return cargo

    def _start(
        self,
        lane: Ints,
        start: Ints,
        ranking: Ints,
        queue: Ints,
        record: Ints,
        joined: Ints,
        row: Ints,
        cargo: Floats | None,
        gone: Bools | None,
    ) -> None:
        """Start visits: their end, their outcome and the visits behind them are known from here on.

        Those that have left by then only seem to start, with the nobody whom nobody waits for.
        """
        size = len(self.lane)
        server = self._taker(lane, start, ranking, queue)
        if gone is not None:
            server = np.where(gone, self.duty.nobody, server)
        ends = start + self._ticks(lane, start, queue, server, row)
        if self.steps.suspend.any():
            self._suspend(lane, start, queue, server, ends)
        until = np.minimum(ends, self.horizon.take(lane))
        self.row_key.reshape(-1)[server * size + lane] = self.row_keys.key(until, server)
        if self.windows_change:
            slot = self.duty.row_slot.reshape(-1).take(self.roster.take(lane) * self.duty.rows + server)
            self.busy.reshape(-1)[slot * size + lane] = until
        if self.packed.decided:
            rejected, link = row[:, REJECTED] != 0, row[:, PASSED]
        else:
            rejected = self._decide(lane, start, queue, server, row, cargo)
            link = np.where(rejected, row[:, REJECTED], row[:, PASSED])
        if gone is not None:
            link = np.where(gone, GONE, link)
            ends = np.where(gone, np.maximum(row[:, LEAVES], joined), ends)
            self.written.add(self.lane.take(lane), record, server, joined, np.where(gone, NEVER, start), ends, rejected)
        else:
            self.written.add(self.lane.take(lane), record, server, joined, start, ends, rejected)
        self._go_on(lane, start, queue, ends, rejected, link, row, cargo)

    def _taker(self, lane: Ints, start: Ints, ranking: Ints, queue: Ints) -> Ints:
        """Return the row of the slot that takes each message (R37)."""
        if self.ranks.any_shared:
            shared = np.flatnonzero(self.ranks.shared.take(queue))
            if len(shared):
                ranking[shared] = self._preferred(lane[shared], start[shared], queue[shared])
        return self.idle.reshape(-1).take(ranking * len(self.lane) + lane) & self.row_keys.mask

    def _preferred(self, lane: Ints, start: Ints, queue: Ints) -> Ints:
        """Return the ranking of the slot that takes a message which several rankings serve."""
        preference = self.ranks.preference[queue].T
        keys = self.idle[:-1, lane]
        preference = np.where(keys <= self.row_keys.latest(start), preference, self.ranks.nowhere)
        row = np.minimum(keys & self.row_keys.mask, self.duty.nobody)
        slot = self.duty.row_slot[self.roster[lane], row]
        by_slot = (keys & ~self.row_keys.mask) | slot
        return np.where(preference == preference.min(axis=0), by_slot, NO_KEY).argmin(axis=0)

    def _ticks(self, lane: Ints, start: Ints, queue: Ints, server: Ints, row: Ints) -> Ints:
        """Return how long the work takes (R40)."""
        if self.packed.ticks_known:
            return row[:, WORK]
        work = row.view(np.float64)[:, WORK]
        if not self.duty.same_pace:
            work = work * self.duty.pace.reshape(-1).take(self.instant.take(lane) * self.duty.rows + server)
        if not self.steps.work_factor.none:
            work = work * self.steps.work_factor.at(queue, start)
        return np.maximum(np.rint(work), 1.0).astype(np.int64)

    def _suspend(self, lane: Ints, start: Ints, queue: Ints, server: Ints, ends: Ints) -> None:
        """Put off the end of work that pauses while its agent is off duty (R29)."""
        paused = np.flatnonzero(self.steps.suspend.take(queue) & (server != self.duty.nobody))
        roster = self.roster[lane[paused]]
        for number in np.unique(roster).tolist():
            mine, duty = paused[roster == number], self.duty.each[number]
            agent = duty.slot_agent[self.duty.row_slot[number, server[mine]]]
            ends[mine] = duty.suspended_end(agent, start[mine], ends[mine] - start[mine])

    def _decide(self, lane: Ints, start: Ints, queue: Ints, server: Ints, row: Ints, cargo: Floats | None) -> Bools:
        """Return which visits will end in a rejection; remember the quality of work that will be judged (R23)."""
        if cargo is not None:
            number = self.steps.is_judged.take(queue)
            judged = np.flatnonzero(number >= 0)
            place = self.instant[lane[judged]] * self.duty.rows + server[judged]
            cargo[number[judged], judged] = self.duty.quality.reshape(-1).take(place)
        rejected = np.zeros(len(lane), np.bool_)
        at = np.flatnonzero(self.steps.review.take(queue))
        if len(at):
            its_queue = queue.take(at)
            chance = self.steps.reject.take(its_queue) * self.steps.reject_factor.at(its_queue, start.take(at))
            possible = chance > 0
            uniform = row[at, UNIFORM].view(np.float64)
            rejected[at] = possible & (uniform / np.where(possible, chance, 1.0) < self._judged(its_queue, at, cargo))
        return rejected

    def _judged(self, queue: Ints, at: Ints, cargo: Floats | None) -> Floats | float:
        if cargo is None:
            return 1.0
        number = self.steps.judges.take(queue)
        return np.where(number >= 0, cargo[number, at], 1.0)

    def _go_on(
        self,
        lane: Ints,
        start: Ints,
        queue: Ints,
        ends: Ints,
        rejected: Bools,
        link: Ints,
        row: Ints,
        cargo: Floats | None,
    ) -> None:
        """Let the visit behind each visit be on its way to its queue, if it joins before the horizon (R22, R25)."""
        joins = ends
        if self.packed.any_delay:
            joins = np.minimum(ends + np.where(rejected, row[:, DELAY], 0), NEVER)
        goes = np.flatnonzero((link >= 0) & (joins < self.horizon.take(lane)))
        if not len(goes):
            return
        its_lane, link = lane.take(goes), link.take(goes)
        place = (link & self.packed.queue_mask) * len(self.lane) + its_lane
        key = self.keys.key(joins.take(goes), link >> self.packed.queue_bits)
        if cargo is not None:
            cargo = self._corrected(cargo[:, goes], queue.take(goes), rejected.take(goes))
        self.late.join(place, key, cargo, self.keys.latest(start.take(goes)))
        head = self.head.reshape(-1)
        head[place] = np.minimum(head.take(place), key)

    def _corrected(self, cargo: Floats, queue: Ints, rejected: Bools) -> Floats:
        """Return what visits carry when their author has corrected them: work of quality 1 (R23)."""
        number = self.steps.judges.take(queue)
        mine = np.flatnonzero(rejected & self.steps.by_author.take(queue) & (number >= 0))
        cargo[number[mine], mine] = 1.0
        return cargo


assert FIELDS == 8, "a record is read as one line of the cache"
