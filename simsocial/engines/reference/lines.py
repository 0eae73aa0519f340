"""The queues: visits that wait, and which of them a ranking names next (R31, R37)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
from typing import Any

from simsocial.engines.reference.clock import Clock, Moment
from simsocial.engines.reference.people import Slot
from simsocial.model.desk import Desk, Group, Order, Route
from simsocial.model.log import VisitOutcome
from simsocial.model.messages import StreamMessages
from simsocial.units import NEVER

Values = tuple[int, int, int, bool]
"""Arrival, end of patience, earliest due instant, and whether the message is actionable."""


class Item:
    """A message on its way: what was drawn for it, and what its route has done with it so far.

    ``visits`` counts by step, ``own_visits`` those that were not rework, ``quality`` is that of the latest visit (R23).
    """

    __slots__ = (
        "actionable",
        "arrival",
        "drawn",
        "due",
        "index",
        "own_visits",
        "patience_ends",
        "quality",
        "route",
        "stream",
        "visits",
    )

    def __init__(self, stream: int, index: int, route: Route, drawn: StreamMessages, values: Values) -> None:
        self.stream, self.index, self.route, self.drawn = stream, index, route, drawn
        self.arrival, self.patience_ends, self.due, self.actionable = values
        self.visits = [0] * len(route.steps)
        self.own_visits = [0] * len(route.steps)
        self.quality = [1.0] * len(route.steps)


def items(stream: int, route: Route, drawn: StreamMessages) -> Iterator[Item]:
    """Yield the messages of a stream one by one."""
    columns: list[Any] = [drawn.arrival, drawn.patience_ends, drawn.earliest_due, drawn.actionable]
    views = [memoryview(column) for column in columns]  # of plain numbers, each made in its turn
    for index, values in enumerate(zip(*views, strict=True)):
        yield Item(stream, index, route, drawn, values)


class Visit(Moment):
    """A message's stay in one queue and with whoever serves it; as an event, it happens when the visit is over.

    It ``leaves`` if it still waits then (R26); ``will_be`` is how it ends as far as is known. It waits its turn by
    ``since``: when it joined, but of what is there at the start when it arrived (R88).
    """

    def __init__(self, clock: Clock, item: Item, where: int, queue: int, work: int, first: bool) -> None:
        super().__init__(clock)
        self.item, self.where, self.queue, self.work = item, where, queue, work
        self.step = item.route.steps[where]
        self.number = item.visits[where]
        self.joined = clock.now
        self.since = item.arrival if first else clock.now
        self.start = self.end = NEVER
        self.slot: Slot | None = None
        self.outcome = VisitOutcome.WAITING
        self.leaves, self.will_be = item.arrival + self.step.expires_after, VisitOutcome.EXPIRED
        if first and item.patience_ends <= self.leaves:
            self.leaves, self.will_be = item.patience_ends, VisitOutcome.ABANDONED

    @property
    def waiting(self) -> bool:
        return self.outcome is VisitOutcome.WAITING


class Lines:
    """All queues, each in order of joining, then message."""

    def __init__(self, desk: Desk) -> None:
        self._queues: list[list[tuple[int, int, Visit]]] = [[] for _ in desk.queues]

    def join(self, visit: Visit) -> None:
        heappush(self._queues[visit.queue], (visit.since, visit.item.index, visit))

    def head(self, queue: int) -> Visit | None:
        """Return the first visit that still waits in ``queue``; those that left or began are dropped."""
        heap = self._queues[queue]
        while heap and not heap[0][2].waiting:
            heappop(heap)
        return heap[0][2] if heap else None

    def anyone(self, queues: Iterable[int]) -> bool:
        """Return whether a visit waits in one of ``queues``."""
        return any(self._queues[queue] and self.head(queue) for queue in queues)

    def named(self, groups: tuple[Group, ...]) -> Visit | None:
        """Return the visit that a ranking names: the best head of its highest-ranked group with one."""
        for group in groups:
            heads = [head for queue in group.queues if self._queues[queue] and (head := self.head(queue))]
            if heads:
                by = _by_due if group.order is Order.DUE else _by_joining
                return heads[0] if len(heads) == 1 else min(heads, key=by)
        return None


def _by_joining(visit: Visit) -> tuple[int, int, int]:
    return visit.since, visit.item.stream, visit.item.index


def _by_due(visit: Visit) -> tuple[int, int, int]:
    return visit.item.due, visit.item.stream, visit.item.index
