"""What the lanes of a batch look up: the records, arrivals, windows and factors of all of them, one behind the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from simsocial.engines.lanes.duty import Duty, compile_duty
from simsocial.engines.lanes.keys import NO_KEY, Keys
from simsocial.engines.lanes.records import Records, compile_records
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
        kinds = {key: lane for key, lane in zip(keys, lanes, strict=True)}
        self.of = {key: number for number, key in enumerate(kinds)}
        self.number = np.array([self.of[key] for key in keys])
        self.each = [compile_records(lane.desk, lane.messages, qualities=qualities) for lane in kinds.values()]
        self.kinds = list(kinds.values())
        sizes = [len(records) for records in self.each]
        self.start = np.concatenate(([0], np.cumsum(sizes)))
        self.all = Records(
            **{name.name: np.concatenate([getattr(each, name.name) for each in self.each]) for name in fields(Records)}
        )
        self.keys = Keys.of(max([*sizes, 1]))

    def due(self) -> Ticks:
        """Shape (records,), the key of each by its message's earliest due instant, late ones cut (R31)."""
        parts = []
        for lane, records in zip(self.kinds, self.each, strict=True):
            instants = np.zeros(len(records), np.int64)
            for number, stream in enumerate(lane.messages.streams):
                mine = records.stream == number
                instants[mine] = stream.earliest_due[records.message[mine]]
            latest = np.minimum(instants, self.keys.last_instant)
            parts.append(self.keys.key(latest, np.arange(len(records))))
        return np.concatenate(parts)


class Fresh:
    """First visits of messages, by records and queue, in order of arrival: keys, each list closed by ``NO_KEY``."""

    def __init__(self, table: RecordTable, queues: int) -> None:
        lists: list[Ints] = []
        self.start = np.zeros((len(table.each), queues), np.int64)
        size = 0
        for number, (lane, records) in enumerate(zip(table.kinds, table.each, strict=True)):
            first = np.flatnonzero(records.first)
            arrival = np.zeros(len(first), np.int64)
            for stream, drawn in enumerate(lane.messages.streams):
                mine = records.stream[first] == stream
                arrival[mine] = drawn.arrival[records.message[first[mine]]]
            for queue in range(queues):
                mine = records.queue[first] == queue
                self.start[number, queue] = size
                lists += [table.keys.key(arrival[mine], first[mine]), np.array([NO_KEY])]
                size += len(lists[-2]) + 1
        self.keys = np.concatenate(lists)


class DutyTable:
    """The rosters of all lanes, padded to the same numbers of slots and of rows per ranking."""

    def __init__(self, lanes: Sequence[Lane]) -> None:
        rosters = {id(lane.roster): lane for lane in lanes}
        numbers = {key: number for number, key in enumerate(rosters)}
        self.number = np.array([numbers[id(lane.roster)] for lane in lanes])
        self.each: list[Duty] = [compile_duty(lane.desk, lane.roster) for lane in rosters.values()]
        rankings = len(lanes[0].desk.rankings)
        widths = [max((int(np.diff(duty.row_bounds)[r]) for duty in self.each), default=0) for r in range(rankings)]
        self.bounds = np.concatenate(([0], np.cumsum(widths))).astype(np.int64)
        self.rows = int(self.bounds[-1])
        self.slots = max(len(duty.slot_agent) for duty in self.each)
        self.start = np.concatenate(([0], np.cumsum([len(duty.since) for duty in self.each])))
        size = int(self.start[-1])
        self.since = np.full((size, self.rows), NEVER)
        self.pace, self.quality = np.ones((size, self.rows)), np.ones((size, self.rows))
        self.next_instant = np.concatenate([duty.instants[1:] for duty in self.each])
        self.row_of = np.full((len(self.each), rankings, max(self.slots, 1)), -1)
        self.row_slot = np.zeros((len(self.each), self.rows), np.int64)
        for number, duty in enumerate(self.each):
            self._enter(number, duty)
        self.plain = bool((self.pace == 1).all() and (self.quality == 1).all())

    def _enter(self, number: int, duty: Duty) -> None:
        mine = slice(self.start[number], self.start[number + 1])
        for ranking in range(len(self.bounds) - 1):
            theirs = slice(*duty.row_bounds[ranking : ranking + 2])
            rows = np.arange(theirs.stop - theirs.start) + self.bounds[ranking]
            for name in ("since", "pace", "quality"):
                getattr(self, name)[mine, rows] = getattr(duty, name)[:, theirs]
            self.row_slot[number, rows] = duty.row_slot[theirs]
            self.row_of[number, ranking, duty.row_slot[theirs]] = rows


def _qualities(lanes: Sequence[Lane]) -> tuple[float, float]:
    """Return the smallest and largest quality of all work; that of nobody and of authors is 1."""
    qualities = [1.0]
    for roster in {id(lane.roster): lane.roster for lane in lanes}.values():
        qualities += [float(roster.quality.min(initial=1.0)), float(roster.quality.max(initial=1.0))]
    return min(qualities), max(qualities)
