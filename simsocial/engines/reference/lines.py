"""The queues: visits that wait, and which of them a ranking names next (R31, R37)."""

from __future__ import annotations

from heapq import heappop, heappush

from simsocial.engines.reference.clock import Clock, Moment
from simsocial.engines.reference.people import Slot
from simsocial.model.desk import Desk, Group, Order, Route
from simsocial.model.log import VisitOutcome
from simsocial.model.messages import StreamMessages
from simsocial.units import NEVER


class Item:
    """A message on its way: what was drawn for it, and what its route has done with it so far.

    ``visits`` counts by step, ``own_visits`` those that were not rework, ``quality`` is that of the latest visit (R23).
    """

    __slots__ = ("actionable", "drawn", "due", "index", "own_visits", "quality", "route", "stream", "visits")

    def __init__(self, stream: int, index: int, route: Route, drawn: StreamMessages, due: int) -> None:
        self.stream, self.index, self.route, self.drawn, self.due = stream, index, route, drawn, due
        self.actionable: bool = drawn.actionable.item(index)
        self.visits = [0] * len(route.steps)
        self.own_visits = [0] * len(route.steps)
        self.quality = [1.0] * len(route.steps)


class Visit(Moment):
    """A message's stay in one queue and with whoever serves it; as an event, it happens when the visit is over."""

    def __init__(self, clock: Clock, item: Item, where: int, queue: int, work: int) -> None:
        super().__init__(clock)
        self.item, self.where, self.queue, self.work = item, where, queue, work
        self.step = item.route.steps[where]
        self.number = item.visits[where]
        self.joined = clock.now
        self.start = self.end = NEVER
        self.slot: Slot | None = None
        self.outcome = self.will_be = VisitOutcome.WAITING

    @property
    def waiting(self) -> bool:
        return self.outcome is VisitOutcome.WAITING


class Lines:
    """All queues, each in order of joining, then message."""

    def __init__(self, desk: Desk) -> None:
        self._queues: list[list[tuple[int, int, Visit]]] = [[] for _ in desk.queues]

    def join(self, visit: Visit) -> None:
        heappush(self._queues[visit.queue], (visit.joined, visit.item.index, visit))

    def head(self, queue: int) -> Visit | None:
        """Return the first visit that still waits in ``queue``; those that left or began are dropped."""
        heap = self._queues[queue]
        while heap:
            visit = heap[0][2]
            if visit.waiting:
                return visit
            heappop(heap)
        return None

    def named(self, groups: tuple[Group, ...]) -> Visit | None:
        """Return the visit that a ranking names: the best head of its highest-ranked group with one."""
        for group in groups:
            heads = [head for queue in group.queues if (head := self.head(queue))]
            if heads:
                return min(heads, key=_by_due if group.order is Order.DUE else _by_joining)
        return None


def _by_joining(visit: Visit) -> tuple[int, int, int]:
    return visit.joined, visit.item.stream, visit.item.index


def _by_due(visit: Visit) -> tuple[int, int, int]:
    return visit.item.due, visit.item.stream, visit.item.index
