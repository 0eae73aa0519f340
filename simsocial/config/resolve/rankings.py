"""Rankings: what the entries of a ``serves`` list mean (R22, R31)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from simsocial.config.resolve.layout import Layout
from simsocial.config.resolve.spot import Spot
from simsocial.config.teams import Entry, EqualRank
from simsocial.model.desk import Group, Order, Ranking


@dataclass
class Rankings:
    """The rankings named so far, each once per team, in the order first named (R37)."""

    listed: list[Ranking] = field(default_factory=list)

    def place(self, ranking: Ranking) -> int:
        """Return the index of ``ranking``, listing it when it is new."""
        if ranking not in self.listed:
            self.listed.append(ranking)
        return self.listed.index(ranking)


def read_serves(entries: Sequence[Entry], *, layout: Layout, spot: Spot) -> tuple[Group, ...]:
    """Return the groups that the entries of a ``serves`` list mean, best first.

    A wildcard stands for the queues that no entry names itself, each of a rank of its own, in the order of streams and
    routes; inside a group they are of its rank. A rework queue that no entry names ranks directly before its queue,
    unless a wildcard has ranked it already; those of a group's queues form a group directly before it, in its order.
    """
    if not entries:
        spot.fault('serves nothing; write queues, such as ["mentions.respond"]')
    taken = {index for entry in entries for name in _names(entry) if (index := layout.index(name)) is not None}
    groups: list[Group] = []
    for position, entry in enumerate(entries):
        single = isinstance(entry, str)
        found = _read_entry(entry, taken=taken, seen=groups, layout=layout, spot=spot / position)
        order = Order(entry.order) if isinstance(entry, EqualRank) else Order.FIFO
        for ranked in [[index] for index in found] if single else [found]:
            placed = taken.union(ranked, *(group.queues for group in groups))
            groups += _with_rework(ranked, order, placed, layout)
    return tuple(groups)


def _names(entry: Entry) -> tuple[str, ...]:
    if isinstance(entry, str):
        return (entry,)
    return entry.queues if isinstance(entry, EqualRank) else entry


def _read_entry(entry: Entry, *, taken: set[int], seen: Sequence[Group], layout: Layout, spot: Spot) -> list[int]:
    """Return the queues that one entry means; note names that mean nothing or come twice."""
    before = {index for group in seen for index in group.queues}
    found: list[int] = []
    for position, name in enumerate(_names(entry)):
        here = (
            spot if isinstance(entry, str) else (spot / "queues" if isinstance(entry, EqualRank) else spot) / position
        )
        if "*" in name:
            matching = layout.matching(name)
            if not matching and layout.queues and not layout.excuses(name):
                here.fault(
                    f"means no queue that is to be served; there are: {', '.join(q.name for q in layout.queues)}"
                )
            found += [index for index in matching if index not in taken and index not in before and index not in found]
        elif (index := layout.named(name, here)) is not None:
            if index in before or index in found:
                here.fault(f"names {name} a second time; write each queue once")
            else:
                found.append(index)
    return found


def _with_rework(ranked: list[int], order: Order, placed: set[int], layout: Layout) -> list[Group]:
    """Return the group of ``ranked`` queues, and before it that of their rework queues which have no other place."""
    rework = [index for queue in ranked if (index := layout.rework_of(queue)) is not None and index not in placed]
    groups = [sorted(queues) for queues in (rework, ranked) if queues]
    return [Group(tuple(queues), order if len(queues) > 1 else Order.FIFO) for queues in groups]
