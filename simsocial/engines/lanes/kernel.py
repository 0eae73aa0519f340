"""The loop: in each step, every lane starts the visit that starts next in it (docs/model.md, R36–R40).

Work takes at least a tick and nothing is preempted. So when a visit starts, its end, its outcome and the visit behind
it are known, and the latter is entered in its line at once, with the instant at which it will join. No event is needed
for arrivals, ends of work or joining; what leaves its queue is found out when it would be served (R26).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simsocial.engines.lanes.batch import Batch
from simsocial.engines.lanes.keys import NO_KEY
from simsocial.engines.lanes.packed import DELAY, LEAVES, QUEUE
from simsocial.engines.lanes.state import BEFORE_ALL, State
from simsocial.engines.lanes.work import Starts, Work
from simsocial.engines.lanes.written import Written
from simsocial.units import NEVER

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
GONE = -1
"""A link that leads nowhere."""
WORTH_LEAVING = 10
"""Lanes that are over are left behind when one in so many is."""


def run(batch: Batch) -> Written:
    """Run the lanes of a batch to their horizons and return what happened; their instants must fit into keys."""
    return Kernel(batch).run()


class Kernel:
    """A batch of lanes."""

    def __init__(self, batch: Batch) -> None:
        self.ranks, self.duty, self.records, self.keys = batch.ranks, batch.duty, batch.records, batch.keys
        self.packed, self.due, self.asked = batch.packed, batch.due, batch.asked
        self.written = Written(self.keys, self.records.sizes)
        self.state = State(
            batch.lanes, self.keys, self.ranks, carried=batch.steps.carried, records=self.records, duty=self.duty
        )
        self.records.columns.forget_what_is_packed()
        self.work = Work(self.packed, batch.steps, self.duty, self.state)
        self._make_room()

    def _make_room(self) -> None:
        """Make arrays of the size of the lanes that there are, to be written over in every step."""
        size = len(self.state)
        self.idle = np.full((self.ranks.nobody + 1, size), NO_KEY)
        self.idle[-1] = self.duty.nobody
        self.best = np.full((max(len(self.asked), 1), size), NO_KEY)

    def run(self) -> Written:
        """Run all lanes to their horizons and return what happened."""
        while len(self.state):
            self._step()
        return self.written

    def _step(self) -> None:
        """Start a visit in every lane, or let its windows change, or find it over."""
        state, start = self.state, self._earliest()
        stops = start >= state.stop
        if not np.count_nonzero(stops):
            self._serve(state.every, start, state.head)
            return
        going = (~stops).nonzero()[0]
        changes = state.next_instant <= start
        if np.count_nonzero(changes):
            state.change_windows(changes.nonzero()[0])
        if len(going):
            self._serve(going, start.take(going), state.head.take(going, axis=1))
        over = stops & ~changes
        if np.count_nonzero(over) * WORTH_LEAVING >= len(over):
            self._leave_behind(over)

    def _leave_behind(self, over: Bools) -> None:
        """Write down who still waits in lanes that are over, and go on with the others."""
        lane, key = self.state.waiting(over.nonzero()[0])
        record, joined = key & self.keys.mask, key >> self.keys.bits
        leaves = self.packed.rows[record + self.state.record_start[lane], LEAVES]
        end = np.where(leaves < self.state.horizon[lane], np.maximum(leaves, joined), NEVER)
        nobody, never = np.full(len(lane), self.duty.nobody), np.full(len(lane), NEVER)
        self.written.add(self.state.lane[lane], key, nobody, never, end, np.zeros(len(lane), np.bool_))
        self.state.keep(~over)
        self._make_room()

    # ---- what starts next -------------------------------------------------------------------------------------------

    def _earliest(self) -> Ints:
        """Return when the next visit of each lane starts (R37).

        A ranking can start one at the later of its first idle slot and the first head of its lines.
        """
        for best, ranking in zip(self.best, self.asked, strict=False):
            self._first_head(best, self.ranks.lines_of[ranking])
            if ranking != self.ranks.nobody:
                first, behind = self.duty.bounds[ranking : ranking + 2]
                np.minimum.reduce(self.state.row_key[first:behind], axis=0, out=self.idle[ranking])
                np.maximum(best, self.idle[ranking], out=best)
            else:
                np.maximum(best, 0, out=best)  # R87: what is there at the start does not start before it
        start: Ints = np.minimum.reduce(self.best, axis=0) >> self.keys.bits
        if self.state.may_lag:
            np.maximum(start, self.state.now, out=start)
        return start

    def _first_head(self, first: Ints, lines: list[int]) -> None:
        head = self.state.head
        np.minimum(head[lines[0]], head[lines[-1]], out=first)
        for line in lines[1:-1]:
            np.minimum(first, head[line], out=first)

    def _ranking(self, lane: Ints, latest: Ints) -> Ints:
        """Return the first ranking that can start a visit by then (R37)."""
        best = self.state.of(self.best, lane)
        ranking = np.full(len(lane), self.asked[-1])
        for place in reversed(range(len(self.asked) - 1)):
            np.putmask(ranking, best[place] <= latest, self.asked[place])
        return ranking

    def _named(self, lane: Ints, latest: Ints, ranking: Ints, head: Ints) -> Ints:
        """Return the line whose head the ranking names (R37)."""
        ready = head <= latest
        line, equals = self.ranks.named(ranking, ready)
        tied = equals.nonzero()[0]
        if len(tied):
            lane, latest, ready, head = lane[tied], latest[tied], ready[:, tied], head[:, tied]
            record = head & self.keys.mask
            due = head if self.due is None else self._due(self.due, lane, latest >> self.keys.bits, head)
            line[tied] = self.ranks.among_equals(ranking[tied], line[tied], ready, head, due, record)
        return line

    def _due(self, due: Ints, lane: Ints, start: Ints, head: Ints) -> Ints:
        """Return when heads are due; those that have left first, as they hide the others."""
        record = np.where(head == NO_KEY, 0, (head & self.keys.mask) + self.state.record_start[lane])
        gone = self.packed.rows[record, LEAVES] < start
        return np.where(gone, BEFORE_ALL, due[record])

    def _taker(self, lane: Ints, latest: Ints, ranking: Ints, line: Ints) -> Ints:
        """Return the row of the slot that takes each message (R37)."""
        if self.ranks.any_shared:
            shared = (self.ranks.shared.take(line)).nonzero()[0]
            if len(shared):
                ranking[shared] = self._preferred(lane[shared], latest[shared], line[shared])
        row: Ints = self.idle.reshape(-1).take(ranking * len(self.state) + lane) & self.keys.mask
        return row

    def _preferred(self, lane: Ints, latest: Ints, line: Ints) -> Ints:
        """Return the ranking of the slot that takes a message which several rankings serve."""
        keys = self.idle[:-1, lane]
        idle = keys <= latest
        preference = np.where(idle, self.ranks.preference[line].T, self.ranks.nowhere)
        row = np.minimum(keys & self.keys.mask, self.duty.nobody)
        by_slot = (keys & ~self.keys.mask) | self.duty.row_slot[self.state.roster[lane], row]
        first: Ints = np.where(preference == preference.min(axis=0), by_slot, NO_KEY).argmin(axis=0)
        return first

    # ---- one visit in each of some lanes ----------------------------------------------------------------------------

    def _serve(self, lane: Ints, start: Ints, head: Ints) -> None:
        """Take the visits that rankings name out of their lines, and start them, unless they have left."""
        latest = self.keys.latest(start)
        ranking = self._ranking(lane, latest)
        line = self._named(lane, latest, ranking, head)
        place = line * len(self.state) + lane
        key = self.state.heads.take(place)
        row = self.packed.rows.take((key & self.keys.mask) + self.state.of(self.state.record_start, lane), axis=0)
        server = self._taker(lane, latest, ranking, line)
        cargo = self.state.pop(place, key)
        self._start(Starts(lane, start, row[:, QUEUE], key, row, cargo, server), latest)

    def _start(self, starts: Starts, latest: Ints) -> None:
        """Start visits: their end, their outcome and the visits behind them are known from here on.

        Those that have left only seem to start: with nobody, and leading nowhere.
        """
        row, begun = starts.row, starts.start
        gone = (row[:, LEAVES] < begun).nonzero()[0]
        starts.server[gone] = self.duty.nobody
        ends = self.work.ends(starts)
        self.state.work_until(starts.lane, starts.server, ends)
        rejected, link = self.work.decide(starts)
        if len(gone):
            begun = begun.copy()
            link[gone], begun[gone] = GONE, NEVER
            ends[gone] = np.maximum(row[gone, LEAVES], starts.key.take(gone) >> self.keys.bits)
        lane = self.state.of(self.state.lane, starts.lane)
        self.written.add(lane, starts.key, starts.server, begun, ends, rejected)
        self._go_on(starts, ends, rejected, link, latest)

    def _go_on(self, starts: Starts, ends: Ints, rejected: Bools, link: Ints, latest: Ints) -> None:
        """Let the visit behind each visit be on its way to its line, if it joins before the horizon (R22, R25)."""
        joins = ends
        if self.packed.any_delay:
            joins = np.minimum(ends + np.where(rejected, starts.row[:, DELAY], 0), NEVER)
        goes = ((link >= 0) & (joins < self.state.horizon_of(starts.lane))).nonzero()[0]
        if not len(goes):
            return
        link = link.take(goes)
        place = (link & self.packed.line_mask) * len(self.state) + starts.lane.take(goes)
        key = self.keys.key(joins.take(goes), link >> self.packed.line_bits)
        cargo = starts.cargo
        if cargo is not None:
            cargo = self.work.corrected(cargo[:, goes], starts.queue.take(goes), rejected.take(goes))
        self.state.join(place, key, cargo, latest.take(goes))
