"""What the lanes of a batch look up: the records, arrivals and windows of all of them, one behind the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from simsocial.engines.lanes.duty import Duty, compile_duty
from simsocial.engines.lanes.keys import NO_KEY, Keys
from simsocial.engines.lanes.records import Columns
from simsocial.engines.lanes.tile import Tile
from simsocial.model.desk import Desk
from simsocial.model.messages import Messages, Ticks
from simsocial.model.roster import Roster
from simsocial.units import NEVER

Ints = npt.NDArray[np.int64]
Number = TypeVar("Number", np.int64, np.float64)
TILE: Final = 2**17
"""Messages, about, that are compiled together: many for one call, few enough to stay in the cache."""


@dataclass(frozen=True, eq=False)
class Lane:
    """One scenario in one replication."""

    desk: Desk
    messages: Messages
    roster: Roster


class RecordTable:
    """The records of all lanes; lanes with the same messages share theirs.

    Parameters
    ----------
    lanes
        On one desk, or on desks that differ in their horizon only.

    Attributes
    ----------
    number
        Shape (lanes,), whose messages each lane has.
    start
        Shape (kinds + 1,), where the records of each of them begin.
    columns
        All records, one kind behind the other.
    most
        How many records the largest kind has.
    """

    def __init__(self, lanes: Sequence[Lane]) -> None:
        self.qualities = _qualities(lanes)
        self.vary = self.qualities != (1.0, 1.0)
        """Whether quality differs from 1 anywhere, so that lanes have to remember it."""
        kinds = {id(lane.messages): lane for lane in lanes}
        numbers = {key: number for number, key in enumerate(kinds)}
        self.number = np.array([numbers[id(lane.messages)] for lane in lanes])
        self.kinds = list(kinds.values())
        self._compile(lanes[0].desk)
        self.most = int(np.diff(self.start).max(initial=0))

    @property
    def sizes(self) -> Ints:
        """Shape (lanes,), how many records each lane has."""
        sizes: Ints = np.diff(self.start)[self.number]
        return sizes

    def bounds(self, lane: int) -> tuple[int, int]:
        """Return where the records of a lane begin and end."""
        kind = self.number[lane]
        return int(self.start[kind]), int(self.start[kind + 1])

    def _compile(self, desk: Desk) -> None:
        tiles = [Tile(desk, part, self.qualities) for part in _tiled([lane.messages for lane in self.kinds])]
        self.start = np.concatenate(([0], np.cumsum(np.concatenate([tile.sizes for tile in tiles]))))
        self.columns = Columns(int(self.start[-1]))
        written = 0
        for tile in tiles:
            tile.write(self.columns, int(self.start[written]))
            written += len(tile.sizes)

    def due(self) -> Ticks:
        """Return the earliest due instant of each record's message (R31)."""
        desk, due = self.kinds[0].desk, np.full(len(self.columns), NEVER)
        kind = np.repeat(np.arange(len(self.kinds)), np.diff(self.start))
        stream = np.array([queue.stream for queue in desk.queues]).take(self.columns.queue)
        for number in range(len(desk.routes)):
            each = [lane.messages.streams[number].earliest_due for lane in self.kinds]
            first = np.cumsum([0] + [len(one) for one in each])
            mine = (stream == number).nonzero()[0]
            due[mine] = np.concatenate(each).take(first.take(kind[mine]) + self.columns.message.take(mine))
        return due


def _tiled(each: Sequence[Messages]) -> Iterator[Sequence[Messages]]:
    """Yield replications, a few at a time."""
    sizes = np.cumsum([sum(len(drawn) for drawn in messages.streams) for messages in each])
    tile = sizes // TILE
    for begin, end in pairwise([0, *(np.flatnonzero(np.diff(tile)) + 1).tolist(), len(each)]):
        yield each[begin:end]


class Fresh:
    """First visits of messages, by line and kind of records, in order of arrival: keys, and ``NO_KEY`` behind each.

    Attributes
    ----------
    keys
        All lists, one behind the other.
    start, end
        Shape (kinds, lines), where each list begins, and its end, where ``NO_KEY`` is.
    """

    def __init__(self, table: RecordTable, line: Ints, keys: Keys) -> None:
        kinds, lines = len(table.kinds), int(line.max()) + 1
        self.start, self.end = np.zeros((kinds, lines), np.int64), np.zeros((kinds, lines), np.int64)
        lists: list[Ints] = []
        size = 0
        for number in range(lines):
            lengths, joined = _joined(table, (line == number).nonzero()[0], keys)
            listed = np.full(len(joined) + kinds, NO_KEY)
            listed[np.arange(len(joined)) + np.repeat(np.arange(kinds), lengths)] = joined
            self.start[:, number] = size + np.cumsum(lengths) - lengths + np.arange(kinds)
            self.end[:, number] = self.start[:, number] + lengths
            size += len(listed)
            lists.append(listed)
        self.keys = np.concatenate(lists)


def _joined(table: RecordTable, queues: Ints, keys: Keys) -> tuple[Ints, Ints]:
    """Return how many first visits to some queues each kind has, and their keys in order."""
    parts = [table.columns.first_visits(queue) for queue in queues.tolist()]
    record, arrival = (np.concatenate(column) for column in zip(*parts, strict=True))
    kind = np.searchsorted(table.start, record, side="right") - 1
    joined = keys.key(arrival, record - table.start[kind])
    if len(queues) > 1:
        order = np.lexsort((joined, kind))
        joined, kind = joined[order], kind[order]
    return np.bincount(kind, minlength=len(table.kinds)), joined


class DutyTable:
    """The rosters of all lanes, padded to the same number of rows per ranking, and one more row for nobody (R28).

    Attributes
    ----------
    rosters, each
        The different rosters, and as the lanes read them.
    number
        Shape (lanes,), which of them each lane has.
    bounds
        Shape (rankings + 1,), where the rows of each ranking begin; behind them is that of ``nobody``.
    rows, slots
        How many there are; the last slot is nobody's.
    start
        Shape (rosters + 1,), where the instants of each begin.
    next_instant
        Shape (instants,), when the next window ends.
    since
        Shape (instants, rows), since when, or from when on, a slot can begin (R38); ``NEVER`` if it cannot.
    same_pace, same_quality
        Whether all are 1.
    pace, quality
        Shape (instants, rows), of work begun then; of no rows where they are the same.
    row_slot
        Shape (rosters, rows).
    """

    def __init__(self, lanes: Sequence[Lane]) -> None:
        rosters = {id(lane.roster): lane.roster for lane in lanes}
        numbers = {key: number for number, key in enumerate(rosters)}
        self.number = np.array([numbers[id(lane.roster)] for lane in lanes])
        horizon = max(lane.desk.horizon for lane in lanes)
        self.rosters = list(rosters.values())
        self.each = [compile_duty(lanes[0].desk, roster, horizon=horizon) for roster in self.rosters]
        widths = np.max([np.diff(duty.row_bounds) for duty in self.each], axis=0)
        self.bounds = np.concatenate(([0], np.cumsum(widths))).astype(np.int64)
        self.nobody = int(self.bounds[-1])
        self.rows = self.nobody + 1
        self.slots = max(len(duty.slot_agent) for duty in self.each) + 1
        self.start = np.concatenate(([0], np.cumsum([len(duty.window) for duty in self.each])))
        self.next_instant = np.concatenate([duty.instants[1:] for duty in self.each])
        self.row_slot = np.full((len(self.each), self.rows), self.slots - 1)
        for number, duty in enumerate(self.each):
            self.row_slot[number, self._places(duty)] = duty.row_slot
        self.same_pace = all(bool((duty.pace == 1).all()) for duty in self.each)
        self.same_quality = all(bool((duty.quality == 1).all()) for duty in self.each)
        self.since = self._table([duty.since for duty in self.each], NEVER)
        none = np.ones((len(self.since), 0))
        self.pace = none if self.same_pace else self._table([duty.pace for duty in self.each], 1.0)
        self.quality = none if self.same_quality else self._table([duty.quality for duty in self.each], 1.0)

    def _places(self, duty: Duty) -> Ints:
        """Return the row of the table in which each row of a roster is."""
        shift = self.bounds[:-1] - duty.row_bounds[:-1]
        return np.arange(len(duty.row_slot)) + np.repeat(shift, np.diff(duty.row_bounds))

    def _table(self, of_windows: Sequence[npt.NDArray[Number]], of_nobody: float) -> npt.NDArray[Number]:
        """Return what is known of windows, by instant and row."""
        table = np.full((len(self.next_instant), self.rows), of_nobody, of_windows[0].dtype)
        for number, (duty, values) in enumerate(zip(self.each, of_windows, strict=True)):
            table[self.start[number] : self.start[number + 1], self._places(duty)] = values.take(duty.window)
        return table

    def servers(self) -> tuple[Ints, Ints, Ints]:
        """Return team, agent, and number inside the agent, of the slot in each row; -1 for nobody.

        Shape (rosters × rows,).
        """
        agents, numbers, teams = [], [], []
        for duty, roster, row_slot in zip(self.each, self.rosters, self.row_slot, strict=True):
            slot = np.minimum(row_slot, len(duty.slot_agent))
            agents.append(np.append(duty.slot_agent, -1).take(slot))
            numbers.append(np.append(duty.slot_number, -1).take(slot))
            teams.append(np.append(roster.team, -1).take(agents[-1]))
        return np.concatenate(teams), np.concatenate(agents), np.concatenate(numbers)


def _qualities(lanes: Sequence[Lane]) -> tuple[float, float]:
    """Return the smallest and largest quality of all work; that of nobody and of authors is 1."""
    qualities = [1.0]
    for roster in {id(lane.roster): lane.roster for lane in lanes}.values():
        qualities += [float(roster.quality.min(initial=1.0)), float(roster.quality.max(initial=1.0))]
    return min(qualities), max(qualities)
