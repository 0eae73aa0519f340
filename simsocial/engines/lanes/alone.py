"""The other loop: lanes one after the other, visit after visit, in plain Python (docs/model.md, R36–R40).

It tells what the kernel tells, one step of which costs the same for one lane as for thirty. Keys are Python's whole
numbers here, and hold any instant.
"""

from __future__ import annotations

from array import array
from heapq import heappop, heapreplace
from typing import Any

import numpy as np
import numpy.typing as npt

from simsocial.engines.lanes.alone_lines import BEHIND_ALL, FirstVisits, Lines
from simsocial.engines.lanes.alone_people import People
from simsocial.engines.lanes.alone_ranks import LoneRanks
from simsocial.engines.lanes.alone_work import LoneWork
from simsocial.engines.lanes.batch import Batch
from simsocial.engines.lanes.written import Written
from simsocial.units import NEVER


def run(batch: Batch) -> Written:
    """Run the lanes of a batch to their horizons and return what happened."""
    written, first_visits = Written(batch.keys, batch.records.sizes), FirstVisits(batch)
    batch.records.columns.forget_what_is_packed()
    for number in range(len(batch.lanes)):
        lane = _Alone(batch, number, first_visits.by_line(number))
        lane.run()
        lane.write(written)
    return written


class _Alone:
    """One lane.

    Attributes
    ----------
    can
        By ranking asked, the key at which it can start a visit.
    served
        Of each visit that starts its key, start, end and row, one behind the other.
    rejected
        Records of those that end in a rejection which was not known before.
    left
        Keys of visits that never start.
    """

    def __init__(self, batch: Batch, number: int, fresh: list[list[int]]) -> None:
        self.batch, self.number = batch, number
        self.key_type, self.bits, self.mask = batch.key_type, batch.keys.bits, batch.keys.mask
        self.horizon = batch.lanes[number].desk.horizon
        never = BEHIND_ALL << self.bits | self.mask  # which is no row
        self.lines = Lines(fresh, never)
        self.people = People(batch, number, never)
        self.work = LoneWork(batch, number, self.people)
        self.ranks = LoneRanks(batch, number, self.lines.heads, self.people.idle)
        self.can: list[int] = []
        self.served: array[int] | list[int] = array("q") if batch.fits else []
        self.rejected: list[int] = []
        self.left: list[int] = []

    def run(self) -> None:
        """Go from one change of windows to the next, up to the horizon."""
        rankings = range(len(self.people.idle))
        for begin, end in self.people.stretches():
            self.can[:] = map(self.ranks.can, rankings)
            if rankings:
                self._go_on(begin, end)

    def _go_on(self, begin: int, end: int) -> None:
        """Start visits, one after the other, from one instant on and before another (R37).

        All of it is written out here, for visits of which everything is known: calls would double what it takes.
        """
        bits, mask, can, lines, ranks, people = self.bits, self.mask, self.can, self.lines, self.ranks, self.people
        heads, fresh, late = lines.heads, lines.fresh, lines.late
        order, of_ranking, shared, rankings_of = ranks.order, ranks.of_ranking, ranks.shared, ranks.rankings_of
        idle, busy, slot_of, pace = people.idle, people.busy, people.slot_of, people.pace
        work, leaves, plain, goes_on = self.work, self.work.leaves, self.work.plain, self.work.goes_on
        left, served = self.left, self.served
        ties, earliest, stop = ranks.ties, begin << bits, end << bits
        while (now := min(can)) < stop:
            latest = (now if now > earliest else earliest) | mask
            ranking = 0
            while can[ranking] > latest:
                ranking += 1
            for line in order[ranking]:
                if heads[line] <= latest:
                    break
            line = ranks.among_equals(ranking, line, latest) if ties else line
            key, first_visits, later, start = heads[line], fresh[line], late[line], latest >> bits
            if first_visits[-1] == key:
                first_visits.pop()
            else:
                heappop(later)
            heads[line] = first_visits[-1] if first_visits[-1] < later[0] else later[0]
            record, taker = key & mask, ranks.preferred(line, latest) if shared[line] else ranking
            if leaves[record] < start:
                left.append(key)
            elif ticks := plain[record]:
                row = idle[taker][0] & mask
                busy[slot_of[row]] = over = start + ((round(ticks * pace[row]) or 1) if pace else ticks)
                heapreplace(idle[taker], over << bits | row)
                served.extend((key, start, over, row))
                if goes_on[record]:
                    self._join(*work.behind(record, over))
            else:
                self._serve(key, start, taker)
            for each in rankings_of[line]:
                first, since = min(of_ranking[each](heads)), idle[each][0]
                can[each] = first if first > since else since

    def _serve(self, key: int, start: int, ranking: int) -> None:
        """Start a visit with the slot that is idle longest: its end, its outcome and the visit behind it are known."""
        work, people, record = self.work, self.people, key & self.mask
        idle = people.idle[ranking]
        row = idle[0] & self.mask
        end, rejected = work.end(record, start, row), work.rejects(record, start, row)
        if row != people.nobody:
            heapreplace(idle, end << self.bits | row)
            people.busy[people.slot_of[row]] = end
        self.served.extend((key, start, end, row))
        if rejected:
            self.rejected.append(record)
        link = work.link(record, rejected)
        if link >= 0:
            self._join(link, end + work.delay(record) if rejected else end)

    def _join(self, link: int, instant: int) -> None:
        """Let the visit behind a visit be on its way to its line, if it joins before the horizon (R22, R25)."""
        if instant < self.horizon:
            packed = self.work.packed
            line, key = link & packed.line_mask, instant << self.bits | link >> packed.line_bits
            if self.lines.join(line, key):
                for ranking in self.ranks.rankings_of[line]:
                    self.can[ranking] = self.ranks.can(ranking)

    def write(self, written: Written) -> None:
        """Write down what happened, who is found to have left (R26), and who still waits at the horizon."""
        rejected = self.work.foretold.copy()
        rejected[self.rejected] = True
        key, start, end, row = np.array(self.served, self.key_type).reshape(-1, 4).T
        lane, record = np.full(len(key), self.number), _whole(key & self.mask)
        written.add(lane, key, _whole(row), _whole(start), _whole(end), rejected[record])
        self._write_left(written, np.array([*self.left, *self.lines.waiting()], self.key_type))

    def _write_left(self, written: Written, key: npt.NDArray[Any]) -> None:
        leaves = np.array(self.work.leaves, np.int64).take(_whole(key & self.mask))
        end = np.where(leaves < self.horizon, np.maximum(leaves, key >> self.bits), NEVER)
        lane, row, never = (np.full(len(key), each) for each in (self.number, self.people.nobody, NEVER))
        written.add(lane, key, row, never, _whole(end), np.zeros(len(key), np.bool_))


def _whole(numbers: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    return numbers.astype(np.int64, copy=False)
