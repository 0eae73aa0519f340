"""The other loop: lanes one after the other, visit after visit, in plain Python (docs/model.md, R36–R40).

It tells what the kernel tells, one step of which costs the same for one lane as for thirty. Keys are Python's whole
numbers here, and hold any instant.
"""

from __future__ import annotations

from heapq import heappop, heapreplace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simsocial.engines.lanes.alone_lines import BEHIND_ALL, FirstVisits, Lines
from simsocial.engines.lanes.alone_people import People
from simsocial.engines.lanes.alone_ranks import LoneRanks
from simsocial.engines.lanes.alone_work import LoneWork
from simsocial.engines.lanes.batch import Batch
from simsocial.engines.lanes.packed import LEAVES
from simsocial.engines.lanes.written import Written
from simsocial.units import NEVER

CHUNK: Final = 2**14
"""Numbers, about, that are moved together."""


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
    can, names
        By ranking asked, the last key of the tick at which it can start a visit, and the line that it names then.
    earliest
        The first key of the tick from which on windows are as they are.
    served
        Of each visit that starts its key, a key of the tick at which it does, the ticks that it takes and the row that
        serves it, one behind the other.
    parts
        The same as arrays, of visits before those.
    rejected
        Records of those that end in a rejection which was not known before.
    left
        Keys of visits that never start.
    """

    def __init__(self, batch: Batch, number: int, fresh: list[list[int]]) -> None:
        self.batch, self.number = batch, number
        self.bits, self.mask = batch.keys.bits, batch.keys.mask
        self.horizon = batch.lanes[number].desk.horizon
        never = BEHIND_ALL << self.bits | self.mask  # which is no row
        self.lines = Lines(fresh, never)
        self.people = People(batch, number, never)
        self.work = LoneWork(batch, number, self.people)
        self.ranks = LoneRanks(batch, number, self.lines.heads, self.people.idle)
        self.can, self.names = [0 for _ in self.people.idle], [0 for _ in self.people.idle]
        self.earliest = 0
        self.served: list[int] = []
        self.parts: list[npt.NDArray[Any]] = []
        self.rejected: list[int] = []
        self.left: list[int] = []

    def run(self) -> None:
        """Go from one change of windows to the next, up to the horizon."""
        rankings = range(len(self.people.idle))
        for begin, end in self.people.stretches():
            self.earliest = begin << self.bits
            for ranking in rankings:
                self._ask(ranking)
            if rankings:
                self._go_on(end)
            if len(self.served) >= CHUNK:
                self._set_down()
        self._set_down()

    def _set_down(self) -> None:
        """Move what was served to where it takes less memory; whole numbers of Python would crowd the cache."""
        self.parts.append(self._keys(self.served))
        self.served.clear()

    def _ask(self, ranking: int) -> None:
        """Ask a ranking anew when it can start a visit, and of which line."""
        self.can[ranking], self.names[ranking] = self.ranks.next(ranking, self.earliest)

    def _go_on(self, end: int) -> None:
        """Start visits, one after the other, before an instant (R37).

        All of it is written out here, for visits of which everything is known: calls would double what it takes.
        """
        mask, scale, lines, ranks, work, people = (
            self.mask,
            1 << self.bits,
            self.lines,
            self.ranks,
            self.work,
            self.people,
        )
        heads, fresh, late, idle, pace = lines.heads, lines.fresh, lines.late, people.idle, people.pace
        order, of_ranking, shared, rankings_of = ranks.order, ranks.of_ranking, ranks.shared, ranks.rankings_of
        leaves, plain, behind, ties, can, names = work.leaves, work.plain, work.behind, ranks.ties, self.can, self.names
        served, left, earliest, stop = self.served, self.left, self.earliest, end * scale
        while (latest := min(can)) < stop:
            ranking = can.index(latest)
            line = ranks.among_equals(ranking, names[ranking], latest) if ties else names[ranking]
            first_visits, later = fresh[line], late[line]
            key = first_visits.pop() if first_visits[-1] < later[0] else heappop(later)
            heads[line] = head = first_visits[-1] if first_visits[-1] < later[0] else later[0]
            record = key & mask
            if leaves[record] < latest:
                left.append(key)
                if head <= latest:
                    continue  # the same ranking names another at the same tick
            elif ticks := plain[record]:
                heap = idle[ranks.preferred(line, latest) if shared[line] else ranking]
                row = heap[0] & mask
                factor = pace[row] if pace else 1
                ticks = ticks if factor == 1 else round(ticks * factor) or 1
                over = latest - mask + ticks * scale
                heapreplace(heap, over + row)
                served += (key, latest, ticks, row)
                if record in behind:
                    self._join(over + behind[record])
            else:
                self._serve(key, latest, ranks.preferred(line, latest) if shared[line] else ranking)
            for each in rankings_of[line]:  # as LoneRanks.next; most lines have a head when a slot comes to be idle
                since = idle[each][0]
                latest = (since if since > earliest else earliest) | mask
                for first in order[each]:
                    if heads[first] <= latest:
                        break
                else:
                    latest = min(of_ranking[each](heads)) | mask
                    first = ranks.best(each, latest)
                can[each], names[each] = latest, first

    def _serve(self, key: int, latest: int, ranking: int) -> None:
        """Start a visit with the slot that is idle longest: its end, its outcome and the visit behind it are known."""
        work, people, record, start = self.work, self.people, key & self.mask, latest >> self.bits
        idle = people.idle[ranking]
        row = idle[0] & self.mask
        end, rejected = work.end(record, start, row), work.rejects(record, start, row)
        if row != people.nobody:
            heapreplace(idle, end << self.bits | row)
        self.served += (key, latest, end - start, row)
        if rejected:
            self.rejected.append(record)
        link = work.link(record, rejected)
        if link >= 0:
            joins = end + work.delay(record) if rejected else end
            self._join(joins << self.bits | link >> work.packed.line_bits)

    def _join(self, key: int) -> None:
        """Let a visit be on its way to its line, if it joins before the horizon (R22, R25)."""
        line = self.work.line(key & self.mask)
        if key >> self.bits < self.horizon and self.lines.join(line, key):
            for ranking in self.ranks.rankings_of[line]:
                self._ask(ranking)

    def write(self, written: Written) -> None:
        """Write down what happened, who is found to have left (R26), and who still waits at the horizon."""
        key, latest, ticks, row = np.concatenate(self.parts).reshape(-1, 4).T
        rejected = self.work.foretold.copy()
        rejected[self.rejected] = True
        lane, record, start = np.full(len(key), self.number), _whole(key & self.mask), _whole(latest >> self.bits)
        written.add(lane, key, _whole(row), start, start + _whole(ticks), rejected[record])
        self._write_left(written, self._keys([*self.left, *self.lines.waiting()]))

    def _keys(self, keys: list[int]) -> npt.NDArray[Any]:
        return np.array(keys, self.batch.key_type)

    def _write_left(self, written: Written, key: npt.NDArray[Any]) -> None:
        leaves = self.work.rows[:, LEAVES].take(_whole(key & self.mask))
        end = np.where(leaves < self.horizon, np.maximum(leaves, key >> self.bits), NEVER)
        lane, row, never = (np.full(len(key), each) for each in (self.number, self.people.nobody, NEVER))
        written.add(lane, key, row, never, _whole(end), np.zeros(len(key), np.bool_))


def _whole(numbers: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    return numbers.astype(np.int64, copy=False)
