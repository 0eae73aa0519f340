"""The other loop: lanes one after the other, visit after visit, in plain Python (docs/model.md, R36–R40).

It tells what the kernel tells, one step of which costs the same for one lane as for thirty. Keys are Python's whole
numbers here, and hold any instant.
"""

from __future__ import annotations

from heapq import heapreplace

import numpy as np

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
    visits
        Of each visit its key, row, start, end, and whether it ends in a rejection, one behind the other.
    """

    def __init__(self, batch: Batch, number: int, fresh: list[list[int]]) -> None:
        self.number, self.key_type, self.bits, self.mask = number, batch.key_type, batch.keys.bits, batch.keys.mask
        self.horizon = batch.lanes[number].desk.horizon
        never = BEHIND_ALL << self.bits | self.mask  # which is no row
        self.lines = Lines(fresh, never)
        self.people = People(batch, number, never)
        self.work = LoneWork(batch, number, self.people)
        self.ranks = LoneRanks(batch, number, self.lines.heads, self.people.idle)
        self.can: list[int] = []
        self.visits: list[int] = []

    def run(self) -> None:
        """Go from one change of windows to the next, up to the horizon."""
        rankings = range(len(self.people.idle))
        for begin, end in self.people.stretches():
            self.can = list(map(self.ranks.can, rankings))
            if rankings:
                self._go_on(begin, end)

    def _go_on(self, begin: int, end: int) -> None:
        """Start visits, one after the other, from one instant on and before another (R37)."""
        bits, mask, can = self.bits, self.mask, self.can
        earliest, stop = begin << bits, end << bits
        ranks, leaves, pop = self.ranks, self.work.leaves, self.lines.pop
        while (now := min(can)) < stop:
            latest = (now if now > earliest else earliest) | mask
            ranking = 0
            while can[ranking] > latest:
                ranking += 1
            line = ranks.named(ranking, latest)
            key = pop(line)
            if leaves[key & mask] < latest >> bits:
                self._leave(key)
            else:
                self._serve(key, latest >> bits, ranks.taker(ranking, line, latest))
            for ranking in ranks.rankings_of[line]:
                can[ranking] = ranks.can(ranking)

    def _serve(self, key: int, start: int, ranking: int) -> None:
        """Start a visit with the slot that is idle longest: its end, its outcome and the visit behind it are known."""
        work, people, record = self.work, self.people, key & self.mask
        idle = people.idle[ranking]
        row = idle[0] & self.mask
        end = start + work.ticks[record] if work.ends_known else work.end(record, start, row)
        rejected = work.rejected[record] if work.decided else work.rejects(record, start, row)
        if row != people.nobody:
            heapreplace(idle, end << self.bits | row)
            people.busy[people.slot_of[row]] = end
        self.visits.extend((key, row, start, end, rejected))
        link = (work.back if rejected else work.passed)[record]
        if link >= 0:
            self._join(link, end + work.delay[record] if rejected and work.delay else end)

    def _join(self, link: int, instant: int) -> None:
        """Let the visit behind a visit be on its way to its line, if it joins before the horizon (R22, R25)."""
        if instant < self.horizon:
            packed = self.work.packed
            line, key = link & packed.line_mask, instant << self.bits | link >> packed.line_bits
            if self.lines.join(line, key):
                for ranking in self.ranks.rankings_of[line]:
                    self.can[ranking] = self.ranks.can(ranking)

    def _leave(self, key: int) -> None:
        """Write down who is found to have left (R26), or waits at the horizon."""
        leaves = self.work.leaves[key & self.mask]
        end = max(leaves, key >> self.bits) if leaves < self.horizon else NEVER
        self.visits.extend((key, self.people.nobody, NEVER, end, False))

    def write(self, written: Written) -> None:
        """Write down what happened, and who still waits at the horizon."""
        for key in self.lines.waiting():
            self._leave(key)
        visits = np.array(self.visits, self.key_type).reshape(-1, 5)
        row, start, end = visits[:, 1:4].T.astype(np.int64)
        lane, rejected = np.full(len(visits), self.number), visits[:, 4].astype(np.bool_)
        written.add(lane, visits[:, 0], row, start, end, rejected)
