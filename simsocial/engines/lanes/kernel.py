"""The loop: in each step, every lane starts the visit that starts next in it (docs/model.md, R36–R40).

Work takes at least a tick and nothing is preempted. So when a visit starts, its end, its outcome and the visit behind it
are known, and the latter is entered in its queue at once, with the instant at which it will join. No event is needed for
arrivals, ends of work or joining; what leaves its queue is found out when it would be served (R26).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from simsocial.engines.lanes.keys import NO_KEY, Keys
from simsocial.engines.lanes.late import Late
from simsocial.engines.lanes.ranks import Ranks
from simsocial.engines.lanes.tables import DutyTable, Fresh, Lane, RecordTable
from simsocial.engines.lanes.written import Written
from simsocial.model.desk import OUTSIDE, Desk
from simsocial.model.messages import Bools, Floats
from simsocial.units import NEVER

Ints = npt.NDArray[np.int64]
NOBODY = -1


class Kernel:
    """A batch of lanes on desks of one structure."""

    def __init__(self, lanes: Sequence[Lane]) -> None:
        self.desk: Desk = lanes[0].desk
        self.desks = [lane.desk for lane in lanes]
        self.ranks = Ranks(self.desk)
        self.records = RecordTable(lanes)
        self.duty = DutyTable(lanes)
        self.queues = len(self.desk.queues)
        self.keys, self.slot_keys = self.records.keys, Keys.of(self.duty.slots)
        self.due = self.records.due() if self.ranks.by_due.any() else None
        self.written = Written()
        self._compile_steps()
        self._begin(len(lanes))

    def _compile_steps(self) -> None:
        """Write down what the queues' steps say."""
        steps = [self.desk.routes[queue.stream].steps[queue.step] for queue in self.desk.queues]
        judged = sorted({(queue.stream, step.review.judges) for queue, step in zip(self.desk.queues, steps, strict=True)
                         if step.review is not None and step.review.judges != OUTSIDE}) if self.records.vary else []
        place = {pair: number for number, pair in enumerate(judged)}
        pairs = list(zip(self.desk.queues, steps, strict=True))
        self.carried = len(judged)
        self.nobody = np.array([step.nobody for step in steps])
        self.suspend = np.array([step.suspend for step in steps])
        self.review = np.array([step.review is not None for step in steps])
        self.is_judged = np.array([place.get((queue.stream, queue.step), -1) for queue in self.desk.queues])
        self.judges = np.array(
            [place.get((queue.stream, step.review.judges), -1) if step.review else -1 for queue, step in pairs]
        )

    def _begin(self, lanes: int) -> None:
        """Put all lanes at their beginning."""
        self.lane = np.arange(lanes)
        self.horizon = np.array([desk.horizon for desk in self.desks])
        self.now = np.zeros(lanes, np.int64)
        self.record_start = self.records.start[self.records.number]
        self.fresh = Fresh(self.records, self.queues)
        self.fresh_at = np.ascontiguousarray(self.fresh.start[self.records.number].T)
        self.fresh_head = self.fresh.keys[self.fresh_at]
        self.late = Late(self.queues, lanes, carried=self.carried)
        self.instant = self.duty.start[self.duty.number]
        self.next_instant = self.duty.next_instant[self.instant]
        self.busy = np.full((max(self.duty.slots, 1), lanes), -NEVER)
        self.slot_key = np.full((self.duty.rows, lanes), NO_KEY)
        self._stamp(np.arange(lanes))

    # ---- the loop ---------------------------------------------------------------------------------------------------

    def run(self) -> Written:
        """Run all lanes to their horizons and return what happened."""
        while len(self.lane):
            self._step()
        return self.written

    def _step(self) -> None:
        idle = self._longest_idle()
        head = np.minimum(self.fresh_head, self.late.head)
        start, ranking = self._earliest(idle, head)
        changes = (self.next_instant <= start) & (self.next_instant < self.horizon)
        starts = ~changes & (start < self.horizon)
        if changes.any():
            self._change_windows(np.flatnonzero(changes))
        going = np.flatnonzero(starts)
        if len(going):
            self._serve(going, start[going], ranking[going], head[:, going], idle)
        over = ~changes & ~starts
        if over.sum() * 10 >= len(over):
            self._leave_behind(over)

    def _longest_idle(self) -> Ints:
        """Return, shape (rankings, lanes), the key of the slot that each ranking would give work to next."""
        idle = np.full((len(self.desk.rankings), len(self.lane)), NO_KEY)
        for ranking, (first, last) in enumerate(zip(self.duty.bounds[:-1], self.duty.bounds[1:], strict=True)):
            if last > first:
                np.minimum.reduce(self.slot_key[first:last], axis=0, out=idle[ranking])
        return idle

    def _earliest(self, idle: Ints, head: Ints) -> tuple[Ints, Ints]:
        """Return when the next visit of each lane starts, and the first ranking that can start one then (R37)."""
        best = np.full((len(self.ranks.queues), len(self.lane)), NEVER)
        for ranking, queues in enumerate(self.ranks.queues):
            if queues:
                np.minimum.reduce(head[queues], axis=0, out=best[ranking])
                best[ranking] >>= self.keys.bits
        np.maximum(best[:-1], idle >> self.slot_keys.bits, out=best[:-1])
        np.maximum(best, self.now, out=best)
        start = best.min(axis=0)
        return start, (best <= start).argmax(axis=0)

    def _change_windows(self, lanes: Ints) -> None:
        """Let windows end, and the next ones be in force (R39)."""
        self.now[lanes] = self.next_instant[lanes]
        self.instant[lanes] += 1
        self.next_instant[lanes] = self.duty.next_instant[self.instant[lanes]]
        self._stamp(lanes)

    def _stamp(self, lanes: Ints) -> None:
        """Note since when each slot is idle, or when it will be (R38)."""
        since = self.duty.since[self.instant[lanes]].T
        slot = self.duty.row_slot[self.duty.number[lanes]].T
        when = np.maximum(since, self.busy[slot, lanes])
        can = (since < NEVER) & (when < self.horizon[lanes])
        self.slot_key[:, lanes] = np.where(can, self.slot_keys.key(np.where(can, when, 0), slot), NO_KEY)

    def _leave_behind(self, over: Bools) -> None:
        """Write down who still waits in lanes that are over, and go on with the others."""
        self._sweep(np.flatnonzero(over))
        keep = ~over
        for name in ("lane", "horizon", "now", "record_start", "instant", "next_instant"):
            setattr(self, name, getattr(self, name)[keep])
        self.duty.number = self.duty.number[keep]
        for name in ("fresh_at", "fresh_head", "busy", "slot_key"):
            setattr(self, name, np.ascontiguousarray(getattr(self, name)[:, keep]))
        self.late.keep(keep)

    def _sweep(self, lanes: Ints) -> None:
        """Let those who wait in lanes that are over leave, or wait for ever."""
        queue, lane, key = self.late.waiting()
        here = np.isin(lane, lanes)
        lists = [(lane[here], key[here])]
        for mine in lanes.tolist():
            for at in self.fresh_at[:, mine].tolist():
                end = at + int(np.argmax(self.fresh.keys[at:] == NO_KEY))
                lists.append((np.full(end - at, mine), self.fresh.keys[at:end]))
        lane, key = (np.concatenate(column) for column in zip(*lists, strict=True))
        self._write_waiting(lane, key & self.keys.mask, key >> self.keys.bits)

    def _write_waiting(self, lanes: Ints, record: Ints, joined: Ints) -> None:
        leaves = self.records.all.leaves[record + self.record_start[lanes]]
        left = leaves < self.horizon[lanes]
        end = np.where(left, np.maximum(leaves, joined), NEVER)
        nobody, never = np.full(len(lanes), NOBODY), np.full(len(lanes), NEVER)
        self.written.add(self.lane[lanes], record, nobody, joined, never, end, np.zeros(len(lanes), np.bool_))

    # ---- one visit in each of some lanes ----------------------------------------------------------------------------

    def _serve(self, lanes: Ints, now: Ints, ranking: Ints, head: Ints, idle: Ints) -> None:
        """Take the visit that a ranking names out of its queue, and start it unless it has left."""
        queue = self._named(lanes, now, ranking, head)
        key = head[queue, np.arange(len(lanes))]
        record, joined = key & self.keys.mask, key >> self.keys.bits
        cargo = self._take(queue, lanes, key)
        gone = self.records.all.leaves[record + self.record_start[lanes]] < now
        if gone.any():
            self._write_waiting(lanes[gone], record[gone], joined[gone])
            stays = ~gone
            lanes, now, ranking, queue = lanes[stays], now[stays], ranking[stays], queue[stays]
            record, joined, cargo = record[stays], joined[stays], cargo[:, stays]
        if len(lanes):
            self._start(lanes, now, ranking, queue, record, joined, cargo, idle)

    def _named(self, lanes: Ints, now: Ints, ranking: Ints, head: Ints) -> Ints:
        ready = head <= self.keys.latest(now)
        queue = self.ranks.named(ranking, ready)
        if not self.ranks.ties:
            return queue
        due = head
        if self.due is not None:
            record = np.where(head == NO_KEY, 0, (head & self.keys.mask) + self.record_start[lanes])
            gone = self.records.all.leaves[record] < now
            due = np.where(gone, -1, self.due[record])  # whoever has left hides the others: out with him first
        return self.ranks.among_equals(ranking, queue, ready, head, due)

    def _take(self, queue: Ints, lanes: Ints, key: Ints) -> Floats:
        """Take heads out of their queues; return the qualities they carry."""
        cargo = np.ones((self.carried, len(lanes)))
        fresh = self.fresh_head[queue, lanes] == key
        if fresh.any():
            q, lane = queue[fresh], lanes[fresh]
            at = self.fresh_at[q, lane] + 1
            self.fresh_at[q, lane] = at
            self.fresh_head[q, lane] = self.fresh.keys[at]
        late = np.flatnonzero(~fresh)
        if len(late):
            cargo[:, late] = self.late.pop(queue[late], lanes[late])
        return cargo

    def _start(
        self, lanes: Ints, now: Ints, ranking: Ints, queue: Ints, record: Ints, joined: Ints, cargo: Floats, idle: Ints
    ) -> None:
        served = ~self.nobody[queue]
        slot = np.full(len(lanes), NOBODY)
        pace, quality = np.ones(len(lanes)), np.ones(len(lanes))
        row = np.full(len(lanes), NOBODY)
        at = np.flatnonzero(served)
        if len(at):
            slot[at], row[at] = self._taker(lanes[at], now[at], ranking[at], queue[at], idle)
            if not self.duty.plain:
                pace[at] = self.duty.pace[self.instant[lanes[at]], row[at]]
                quality[at] = self.duty.quality[self.instant[lanes[at]], row[at]]
        row_of_record = record + self.record_start[lanes]
        end = self._ends(lanes, now, queue, slot, row_of_record, pace)
        until = np.minimum(end, self.horizon[lanes])
        if len(at):
            lane = lanes[at]
            self.busy[slot[at], lane] = until[at]
            self.slot_key[row[at], lane] = self.slot_keys.key(until[at], slot[at])
        rejected = self._decide(lanes, now, queue, row_of_record, quality, cargo)
        self.written.add(self.lane[lanes], record, slot, joined, now, end, rejected)
        self._go_on(lanes, now, row_of_record, end, rejected, cargo)

    def _taker(self, lanes: Ints, now: Ints, ranking: Ints, queue: Ints, idle: Ints) -> tuple[Ints, Ints]:
        """Return the slot that takes each message, and its row (R37)."""
        shared = np.flatnonzero(self.ranks.shared[queue])
        if len(shared):
            preference = self.ranks.preference[queue[shared]].T
            keys = idle[:, lanes[shared]]
            can = keys <= self.slot_keys.latest(now[shared])
            preference = np.where(can, preference, preference.max() + 1)
            best = preference == preference.min(axis=0)
            ranking = ranking.copy()
            ranking[shared] = np.where(best, keys, NO_KEY).argmin(axis=0)
        slot = idle[ranking, lanes] & self.slot_keys.mask
        return slot, self.duty.row_of[self.duty.number[lanes], ranking, slot]

    def _ends(self, lanes: Ints, now: Ints, queue: Ints, slot: Ints, record: Ints, pace: Floats) -> Ints:
        """Return when the work ends (R29, R40)."""
        work = self.records.all.work[record] * pace
        self._times_factor(work, lanes, now, queue, "work_factor")
        ticks = np.maximum(np.rint(work), 1).astype(np.int64)
        end: Ints = now + ticks
        paused = np.flatnonzero(self.suspend[queue] & (slot != NOBODY))
        for number in np.unique(self.duty.number[lanes[paused]]).tolist():
            mine = paused[self.duty.number[lanes[paused]] == number]
            duty = self.duty.each[number]
            end[mine] = duty.suspended_end(duty.slot_agent[slot[mine]], now[mine], ticks[mine])
        return end

    def _times_factor(self, values: Floats, lanes: Ints, now: Ints, queue: Ints, name: str) -> None:
        """Multiply ``values`` by the factors in force (R27)."""
        for number in np.unique(queue).tolist():
            factor = self._factor(self.desk, number, name)
            mine = queue == number
            if factor.is_constant:
                values[mine] *= factor.values[0]
            else:
                values[mine] *= factor.at(now[mine])

    def _factor(self, desk: Desk, number: int, name: str) -> Any:
        queue = desk.queues[number]
        return getattr(desk.routes[queue.stream].steps[queue.step], name)

    def _decide(self, lanes: Ints, now: Ints, queue: Ints, record: Ints, quality: Floats, cargo: Floats) -> Bools:
        """Return which visits will end in a rejection; remember the quality of work that will be judged (R23)."""
        for place in range(self.carried):
            mine = self.is_judged[queue] == place
            cargo[place, mine] = quality[mine]
        rejected = np.zeros(len(lanes), np.bool_)
        at = np.flatnonzero(self.review[queue])
        if len(at):
            chance = np.array([self._reject(number) for number in range(self.queues)])[queue[at]]
            self._times_factor(chance, lanes[at], now[at], queue[at], "reject_factor")
            place = self.judges[queue[at]]
            judged = np.where(place >= 0, cargo[place, at], 1.0) if self.carried else 1.0
            possible = chance > 0
            uniform = self.records.all.uniform[record[at]]
            rejected[at] = possible & (uniform / np.where(possible, chance, 1.0) < judged)
        return rejected

    def _reject(self, number: int) -> float:
        queue = self.desk.queues[number]
        review = self.desk.routes[queue.stream].steps[queue.step].review
        return review.reject if review is not None else 0.0

    def _go_on(self, lanes: Ints, now: Ints, record: Ints, end: Ints, rejected: Bools, cargo: Floats) -> None:
        """Let the visit behind each visit join its queue, if that is before the horizon (R22, R25)."""
        records = self.records.all
        behind = np.where(rejected, records.rejected[record], records.passed[record])
        goes = np.flatnonzero((behind >= 0) & (end < self.horizon[lanes]))
        lane = lanes[goes]
        follower = behind[goes] + self.record_start[lane]
        joined = end[goes] + records.delay[follower]
        before = joined < self.horizon[lane]
        goes, lane, follower, joined = goes[before], lane[before], follower[before], joined[before]
        if not len(goes):
            return
        queue, cargo = records.queue[follower], cargo[:, goes]
        if self.carried:
            place = self.judges[queue]
            mine = records.by_author[follower] & (place >= 0)
            cargo[place[mine], np.flatnonzero(mine)] = 1.0
        key = self.keys.key(joined, behind[goes])
        self.late.join(queue, lane, key, cargo, self.keys.latest(now[goes]))
