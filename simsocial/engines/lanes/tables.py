"""What the lanes of a batch look up: the records, arrivals and windows of all of them, one behind the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.engines.lanes.duty import Duty, compile_duty
from simsocial.engines.lanes.keys import NO_KEY, Keys
from simsocial.engines.lanes.records import compile_records
from simsocial.model.desk import Desk
from simsocial.model.messages import Messages, Ticks
from simsocial.model.roster import Roster
from simsocial.units import NEVER

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Lane:
    """One scenario in one replication."""

    desk: Desk
    messages: Messages
    roster: Roster


class RecordTable:
    """The records of all lanes; lanes with the same desk and messages share theirs."""

    def __init__(self, lanes: Sequence[Lane]) -> None:
        qualities = _qualities(lanes)
        self.vary = qualities != (1.0, 1.0)
        """Whether quality differs from 1 anywhere, so that lanes have to remember it."""
        keys = [(id(lane.desk), id(lane.messages)) for lane in lanes]
        kinds = dict(zip(keys, lanes, strict=True))
        numbers = {key: number for number, key in enumerate(kinds)}
        self.number = np.array([numbers[key] for key in keys])
        self.each = [compile_records(lane.desk, lane.messages, qualities=qualities) for lane in kinds.values()]
        self.kinds = list(kinds.values())
        sizes = [len(records) for records in self.each]
        self.start = np.concatenate(([0], np.cumsum(sizes)))
        self.keys = Keys.of(max([*sizes, 1]))

    def column(self, name: str) -> npt.NDArray[np.generic]:
        """Return a column of the records of all kinds."""
        return np.concatenate([getattr(records, name) for records in self.each])

    def arrival(self, number: int) -> Ticks:
        """Return when the message of each record of a kind arrives."""
        return self._of_messages(number, "arrival")

    def due(self) -> Ticks:
        """Return the earliest due instant of each record's message (R31)."""
        return np.concatenate([self._of_messages(number, "earliest_due") for number in range(len(self.each))])

    def _of_messages(self, number: int, name: str) -> Ticks:
        records, out = self.each[number], np.zeros(len(self.each[number]), np.int64)
        for stream, drawn in enumerate(self.kinds[number].messages.streams):
            mine = records.stream == stream
            out[mine] = getattr(drawn, name)[records.message[mine]]
        return out


class Fresh:
    """First visits of messages, by kind of records and queue, in order of arrival: keys, and ``NO_KEY`` behind each."""

    def __init__(self, table: RecordTable, queues: int) -> None:
        lists: list[Ints] = []
        lengths = np.zeros((len(table.each), queues), np.int64)
        for number, records in enumerate(table.each):
            first = np.flatnonzero(records.first)
            keys, queue = table.keys.key(table.arrival(number)[first], first), records.queue[first]
            for each in range(queues):
                mine = keys[queue == each]
                lists += [mine, np.array([NO_KEY])]
                lengths[number, each] = len(mine)
        behind = np.cumsum(lengths + 1).reshape(lengths.shape)
        self.end = behind - 1
        self.start = self.end - lengths
        self.keys = np.concatenate(lists)


class DutyTable:
    """The rosters of all lanes, padded to the same number of rows per ranking, and one more row for nobody (R28)."""

    def __init__(self, lanes: Sequence[Lane]) -> None:
        rosters = {id(lane.roster): lane for lane in lanes}
        numbers = {key: number for number, key in enumerate(rosters)}
        self.number = np.array([numbers[id(lane.roster)] for lane in lanes])
        self.each: list[Duty] = [compile_duty(lane.desk, lane.roster) for lane in rosters.values()]
        rankings = len(lanes[0].desk.rankings)
        widths = [max(int(np.diff(duty.row_bounds)[r]) for duty in self.each) for r in range(rankings)]
        self.bounds = np.concatenate(([0], np.cumsum(widths))).astype(np.int64)
        self.nobody = int(self.bounds[-1])
        self.rows = self.nobody + 1
        self.slots = max(len(duty.slot_agent) for duty in self.each) + 1
        self.start = np.concatenate(([0], np.cumsum([len(duty.since) for duty in self.each])))
        shape = (int(self.start[-1]), self.rows)
        self.since, self.pace, self.quality = np.full(shape, NEVER), np.ones(shape), np.ones(shape)
        self.next_instant = np.concatenate([duty.instants[1:] for duty in self.each])
        self.row_slot = np.full((len(self.each), self.rows), self.slots - 1)
        for number, duty in enumerate(self.each):
            self._enter(number, duty)
        self.same_pace, self.same_quality = bool((self.pace == 1).all()), bool((self.quality == 1).all())

    def servers(self, lane: int) -> tuple[Ints, Ints]:
        """Return agent, and number inside the agent, of the slot in each row of a lane; -1 for nobody."""
        number = self.number[lane]
        duty, slot = self.each[number], self.row_slot[number]
        size = len(duty.slot_agent)
        agent, inside = (np.append(column, -1) for column in (duty.slot_agent, duty.slot_number))
        return agent[np.minimum(slot, size)], inside[np.minimum(slot, size)]

    def _enter(self, number: int, duty: Duty) -> None:
        mine = slice(self.start[number], self.start[number + 1])
        for ranking in range(len(self.bounds) - 1):
            theirs = slice(*duty.row_bounds[ranking : ranking + 2])
            rows = np.arange(theirs.stop - theirs.start) + self.bounds[ranking]
            for name in ("since", "pace", "quality"):
                getattr(self, name)[mine, rows] = getattr(duty, name)[:, theirs]
            self.row_slot[number, rows] = duty.row_slot[theirs]


def _qualities(lanes: Sequence[Lane]) -> tuple[float, float]:
    """Return the smallest and largest quality of all work; that of nobody and of authors is 1."""
    qualities = [1.0]
    for roster in {id(lane.roster): lane.roster for lane in lanes}.values():
        qualities += [float(roster.quality.min(initial=1.0)), float(roster.quality.max(initial=1.0))]
    return min(qualities), max(qualities)
