"""The people of one lane alone: who is idle under which ranking, and since when (R37–R39)."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heapify
from itertools import pairwise

import numpy as np

from simsocial.engines.lanes.batch import Batch
from simsocial.engines.lanes.state import BEFORE_ALL
from simsocial.units import NEVER


class People:
    """The slots of a lane.

    Parameters
    ----------
    batch, number
        The lane's batch, and its place there.
    never
        A key behind all others.

    Attributes
    ----------
    idle
        By ranking asked, a heap of keys: since when each slot is idle or until when it works, and its row; ``never``
        is the last of them. The nobody who serves queues served by nobody is always idle (R28).
    busy
        By slot, until when it works.
    slot_of
        By row, its slot; that of ``nobody`` is the last.
    pace, quality
        By row, of work that begins now; empty where all are 1.
    """

    def __init__(self, batch: Batch, number: int, never: int) -> None:
        duty = batch.duty
        self.duty, self.keys, self.nobody = duty, batch.keys, duty.nobody
        self.roster = int(duty.number[number])
        self.horizon = batch.lanes[number].desk.horizon
        self.slot_of: list[int] = duty.row_slot[self.roster].tolist()
        self.busy = [BEFORE_ALL] * duty.slots
        self.idle = [[duty.nobody if ranking == batch.ranks.nobody else never] for ranking in batch.asked]
        heaps = dict(zip(batch.asked, self.idle, strict=True))
        sizes = np.diff(duty.bounds, append=duty.rows).tolist()
        self._heap_of = [heaps.get(ranking) for ranking, size in enumerate(sizes) for _ in range(size)]
        self.pace: list[float] = []
        self.quality: list[float] = []

    def stretches(self) -> Iterator[tuple[int, int]]:
        """Yield beginning and end (ticks) of the time between two changes of windows, and let windows change (R39)."""
        begin, behind = self.duty.start[self.roster : self.roster + 2].tolist()
        ends: list[int] = self.duty.next_instant[begin:behind].tolist()
        now = 0
        for instant, end, changes in zip(range(begin, behind), ends, self._changes(begin, behind), strict=True):
            self._enter(instant, *changes)
            if end > now:
                yield now, min(end, self.horizon)
            if end >= self.horizon:
                return
            now = max(end, 0)  # R87: nothing starts before the run

    def suspended_end(self, row: int, start: int, ticks: int) -> int:
        """Return when so many ticks on duty of whoever has the slot in a row are done (R29)."""
        roster = self.duty.each[self.roster]
        return roster.one_suspended_end(roster.slot_agent.item(self.slot_of[row]), start, ticks)

    def _changes(self, begin: int, behind: int) -> Iterator[tuple[list[int], list[int]]]:
        """Yield, for each instant, the rows that belong to another stretch from then on, and when that begins (R38)."""
        since = self.duty.since[begin:behind]
        before = np.concatenate((np.full((1, since.shape[1]), NEVER), since[:-1]))
        instant, row = np.nonzero(since != before)
        rows, sinces = row.tolist(), since[instant, row].tolist()
        bounds = np.searchsorted(instant, np.arange(len(since) + 1)).tolist()
        return ((rows[first:last], sinces[first:last]) for first, last in pairwise(bounds))

    def _enter(self, instant: int, rows: list[int], sinces: list[int]) -> None:
        """Let the windows of an instant be in force; the rows given belong to other stretches than before."""
        if not self.duty.same_pace:
            self.pace = self.duty.pace[instant].tolist()
        if not self.duty.same_quality:
            self.quality = self.duty.quality[instant].tolist()
        if rows:
            self._stamp(rows, sinces)

    def _stamp(self, rows: list[int], sinces: list[int]) -> None:
        """Note since when slots are idle, or when they will be (R38)."""
        changed, bits, mask = set(rows), self.keys.bits, self.keys.mask
        for heap in self.idle:
            for key in heap:
                if (row := key & mask) in changed:
                    self.busy[self.slot_of[row]] = key >> bits
            heap[:] = [key for key in heap if key & mask not in changed]
        for row, since in zip(rows, sinces, strict=True):
            when, its_heap = max(since, self.busy[self.slot_of[row]]), self._heap_of[row]
            if since < NEVER and when < self.horizon and its_heap is not None:
                its_heap.append(when << bits | row)
        for heap in self.idle:
            heapify(heap)
