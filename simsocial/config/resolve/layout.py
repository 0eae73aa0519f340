"""Queues: which there are, in which order, and what the names in a config mean (R22)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from simsocial.config.resolve.spot import Spot
from simsocial.config.steps import Step
from simsocial.config.streams import Stream
from simsocial.config.suggestions import nearest
from simsocial.model.desk import Queue

REWORK = ".rework"
RESERVED = ("pickup", "first_response", "publication", "completion", "author", "rework")
"""Words that a promise, ``returns_to`` or the name of a queue uses."""


@dataclass(frozen=True)
class Layout:
    """The routes and queues of a document.

    Parameters
    ----------
    routes
        Names of the steps of each stream's route; what is at fault in a route is left out.
    queues
        In the order of streams and steps, a step's rework queue directly before its queue.
    nobody
        Indexes of queues served by nobody (R28).
    excused
        Names about which nothing more is said, because a fault was noted elsewhere.
    unsettled
        Split streams of which nobody knows for sure which parts they have.
    """

    routes: Mapping[str, tuple[str, ...]]
    queues: tuple[Queue, ...]
    nobody: frozenset[int]
    excused: set[str] = field(default_factory=set)
    unsettled: frozenset[str] = frozenset()

    def index(self, name: str) -> int | None:
        """Return the index of the queue of that name."""
        return next((index for index, queue in enumerate(self.queues) if queue.name == name), None)

    def rework_of(self, index: int) -> int | None:
        """Return the index of a queue's rework queue, if there is one."""
        queue = self.queues[index]
        return None if queue.rework else self.index(queue.name + REWORK)

    def matching(self, pattern: str) -> list[int]:
        """Return the queues that a wildcard means: rework queues only when it ends in ``.rework``, none by nobody."""
        rework = pattern.endswith(REWORK)
        return [
            index
            for index, queue in enumerate(self.queues)
            if queue.rework == rework and index not in self.nobody and fnmatchcase(queue.name, pattern)
        ]

    def excuses(self, pattern: str) -> bool:
        """Say whether a name or wildcard means something about which a fault was noted elsewhere."""
        return pattern.partition(".")[0] in self.unsettled or any(fnmatchcase(name, pattern) for name in self.excused)

    def named(self, name: str, spot: Spot) -> int | None:
        """Return the index of the queue that ``spot`` names; note a fault when it cannot be served."""
        index = self.index(name)
        if index is not None and index not in self.nobody:
            return index
        if index is not None:
            spot.fault(f"{name} is served by nobody; take it out here, or served_by there")
        elif name.removesuffix(REWORK) != name and self.index(name.removesuffix(REWORK)) is not None:
            spot.fault(f"no review returns to {name.removesuffix(REWORK)}, so it has no rework queue; leave it out")
        elif parts := [queue.name for queue in self.queues if fnmatchcase(queue.name, name.replace(".", ".*.", 1))]:
            self.excused.update(parts)
            every = name.replace(".", ".*.", 1)
            spot.fault(f"{name.partition('.')[0]} is split; write {every} for all parts, or one, such as {parts[0]}")
        elif not self.excuses(name):
            known = [queue.name for queue in self.queues]
            self.excused.add(nearest(name, known) or "")
            spot.unknown("queue", name, known)
        return None


def lay_out(streams: Mapping[str, Stream], spot: Spot, *, unsettled: frozenset[str] = frozenset()) -> Layout:
    """Name the queues of all streams; ``spot`` is the place of the streams, ``unsettled`` as in :class:`Layout`."""
    routes = {name: _route(stream, spot / name) for name, stream in streams.items()}
    queues: list[Queue] = []
    nobody: set[int] = set()
    for number, (stream, route) in enumerate(routes.items()):
        steps = streams[stream].steps
        for position, step in enumerate(route):
            returned_to = any(steps[later].returns_to == step for later in route[position + 1 :])
            if steps[step].served_by:
                nobody |= {len(queues), len(queues) + returned_to}
            if returned_to:
                queues.append(Queue(f"{stream}.{step}{REWORK}", number, position, rework=True))
            queues.append(Queue(f"{stream}.{step}", number, position))
    beside = {f"{name}.{step}" for name, stream in streams.items() for step in stream.steps}
    return Layout(routes, tuple(queues), frozenset(nobody), beside - {queue.name for queue in queues}, unsettled)


def _route(stream: Stream, spot: Spot) -> tuple[str, ...]:
    """Return the route's steps; note those that it names in vain, and those that it does not name."""
    if not stream.route:
        (spot / "route").fault('names no step; write the steps in order, such as ["respond"]')
    for position, step in enumerate(stream.route):
        if step not in stream.steps:
            (spot / "route" / position).unknown("step", step, list(stream.steps))
        elif step in stream.route[:position]:
            (spot / "route" / position).fault(f"names {step} a second time; write each step once")
    for step in stream.steps:
        if step in RESERVED:
            (spot / "steps" / step).fault(f"'{step}' has a meaning of its own; give the step another name")
        elif step not in stream.route and not _misspelt(step, stream.route, stream.steps):
            (spot / "steps" / step).fault("is not in the route; name it there, or leave it out")
    return tuple(dict.fromkeys(step for step in stream.route if step in stream.steps))


def _misspelt(step: str, route: Sequence[str], steps: Mapping[str, Step]) -> bool:
    """Say whether the route seems to mean ``step`` by a name that is unknown, which is a fault already."""
    return any(nearest(name, steps) == step for name in route if name not in steps)
