"""What the loops read of a batch of lanes: everything that is known before any of them begins."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from simsocial.engines.lanes.keys import Keys
from simsocial.engines.lanes.packed import Packed
from simsocial.engines.lanes.ranks import Ranks
from simsocial.engines.lanes.routing import Steps
from simsocial.engines.lanes.tables import DutyTable, Lane, RecordTable


class Batch:
    """Lanes on one desk, or on desks that differ in their horizon only, as tables.

    Attributes
    ----------
    lanes
        As given.
    ranks, duty, records, steps, packed
        Rankings, rosters, possible visits, and what steps say; the records once more, as rows.
    keys
        Instants and identities in one number.
    due
        Shape (records,), the earliest due instant of each record's message; ``None`` where no order asks for it.
    asked
        Rankings that may start anything.
    """

    def __init__(self, lanes: Sequence[Lane]) -> None:
        self.lanes, desk = lanes, lanes[0].desk
        self.ranks = Ranks(desk)
        self.duty = DutyTable(lanes)
        self.records = RecordTable(lanes)
        self.keys = Keys.of(max(self.records.most, self.duty.rows))
        self.steps = Steps(desk, vary=self.records.vary)
        self.packed = Packed(self.records, self.steps, self.ranks.line, same_pace=self.duty.same_pace)
        self.due = self.records.due() if self.ranks.by_due.any() else None
        self.asked = [
            number
            for number, lines in enumerate(self.ranks.lines_of)
            if lines and (number == self.ranks.nobody or self.duty.bounds[number] < self.duty.bounds[number + 1])
        ]

    @property
    def key_type(self) -> type[np.generic]:
        """Of arrays of keys: Python's whole numbers where 64 bits are too few."""
        return np.int64 if self.fits else np.object_

    @cached_property
    def fits(self) -> bool:
        """Whether 64 bits hold the keys of all instants; unless horizon, age of a backlog or lanes are huge."""
        farthest = max(max(lane.desk.horizon, lane.messages.oldest) for lane in self.lanes)
        return farthest <= self.keys.last_instant
