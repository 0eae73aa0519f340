"""What happened in lanes, told as logs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from simsocial.engines.lanes.drawn import Drawn
from simsocial.engines.lanes.records import ENDS, Columns
from simsocial.engines.lanes.tables import DutyTable, Lane, RecordTable
from simsocial.engines.lanes.written import Happened
from simsocial.model.desk import Desk, Route
from simsocial.model.log import Fates, Logs, MessageOutcome, VisitOutcome, Visits
from simsocial.units import NEVER

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


class Teller:
    """Tells logs of lanes on one desk, or on desks that differ in their horizon only."""

    def __init__(self, lanes: Sequence[Lane], records: RecordTable, duty: DutyTable) -> None:
        desk = lanes[0].desk
        self.lanes, self.desk, self.table, self.duty = lanes, desk, records, duty
        self.horizon = np.array([lane.desk.horizon for lane in lanes])
        self.stream = np.array([queue.stream for queue in desk.queues])
        self.step = np.array([queue.step for queue in desk.queues])
        self.review = _reviews(desk)
        self.servers = duty.servers()

    def logs(self, happened: Happened) -> Logs:
        """Tell the logs of some lanes."""
        lanes = [self.lanes[number] for number in happened.lanes]
        firsts = _firsts(lanes)
        record = happened.record + self.table.start[self.table.number[happened.lanes]].take(happened.lane)
        over = happened.end < self.horizon[happened.lanes].take(happened.lane)
        visits = self._visits(happened, record, over)
        fates = _Fates(lanes, self.desk, firsts)
        fates.happen(self.table.columns, record, visits, happened, over)
        first_visit = np.searchsorted(happened.lane, np.arange(len(lanes) + 1))
        return Logs(visits, fates.told(), first_visit, firsts)

    def _visits(self, happened: Happened, record: Ints, over: Bools) -> Visits:
        columns = self.table.columns
        queue = columns.queue.take(record).astype(np.int64)
        team, agent, slot = self._served(happened)
        return _kept(
            stream=self.stream.take(queue),
            message=columns.message.take(record).astype(np.int64),
            step=self.step.take(queue),
            queue=queue,
            visit=columns.visit.take(record).astype(np.int64),
            team=team,
            agent=agent,
            slot=slot,
            joined=np.maximum(happened.joined, 0),  # R87: what is there at the start stands in line by arrival
            start=happened.start.copy(),
            end=np.where(over, happened.end, NEVER),
            work=columns.work.take(record),
            outcome=self._outcomes(columns, record, queue, happened, over),
        )

    def _served(self, happened: Happened) -> list[Ints]:
        """Return team, agent, and number inside the agent, who served each visit."""
        place = self.duty.number[happened.lanes].take(happened.lane) * self.duty.rows + happened.row
        return [column.take(place) for column in self.servers]

    def _outcomes(self, columns: Columns, record: Ints, queue: Ints, happened: Happened, over: Bools) -> Ints:
        flags = (
            happened.start < NEVER,
            over,
            happened.rejected,
            self.review.take(queue),
            columns.passed.take(record) == ENDS[MessageOutcome.NOISE],
            columns.by_patience.take(record),
        )
        code = np.zeros(len(record), np.uint8)
        for bit, flag in enumerate(flags):
            code |= flag.view(np.uint8) << np.uint8(bit)
        return OUTCOMES.take(code)


def _outcome(began: int, over: int, rejected: int, review: int, noise: int, by_patience: int) -> VisitOutcome:
    if not over:
        return VisitOutcome.IN_SERVICE if began else VisitOutcome.WAITING
    if not began:
        return VisitOutcome.ABANDONED if by_patience else VisitOutcome.EXPIRED
    if noise:
        return VisitOutcome.NOISE
    if review:
        return VisitOutcome.REJECTED if rejected else VisitOutcome.PASSED
    return VisitOutcome.DONE


OUTCOMES = np.array([_outcome(*(code >> bit & 1 for bit in range(6))) for code in range(64)], np.int64)
"""By those flags as the bits of a number."""


class _Fates:
    """What becomes of messages, from what becomes of their visits; by stream, then lane."""

    def __init__(self, lanes: Sequence[Lane], desk: Desk, firsts: Ints) -> None:
        drawn = [Drawn([lane.messages.streams[number] for lane in lanes]) for number in range(len(desk.routes))]
        each = [_at_arrival(*pair) for pair in zip(drawn, desk.routes, strict=True)]
        self.outcome, self.ended, self.published = (np.concatenate(column) for column in zip(*each, strict=True))
        self.streams = np.cumsum(firsts[:, -1])[:-1]
        self.begins = firsts[:, :-1] + np.concatenate(([0], self.streams))[:, None]

    def happen(self, columns: Columns, record: Ints, visits: Visits, happened: Happened, over: Bools) -> None:
        began, rejected = happened.start < NEVER, happened.rejected
        behind = np.where(rejected, columns.rejected.take(record), columns.passed.take(record))
        message = self.begins[visits.stream, happened.lane] + visits.message
        last = (over & (~began | (behind < 0))).nonzero()[0]
        left = np.where(columns.by_patience.take(record[last]), MessageOutcome.ABANDONED, MessageOutcome.EXPIRED)
        noise = columns.passed.take(record[last]) == ENDS[MessageOutcome.NOISE]
        left = np.where(noise, MessageOutcome.NOISE, left)
        self.outcome[message[last]] = np.where(began[last], -1 - behind[last], left)
        self.ended[message[last]] = happened.end[last]
        publishes = (over & began & ~rejected & columns.publishes.take(record)).nonzero()[0]
        np.minimum.at(self.published, message[publishes], happened.end[publishes])

    def told(self) -> tuple[Fates, ...]:
        parts = (np.split(column, self.streams) for column in (self.outcome, self.ended, self.published))
        return tuple(Fates(*columns) for columns in zip(*parts, strict=True))


def _at_arrival(drawn: Drawn, route: Route) -> tuple[Ints, Ints, Ints]:
    """Return outcome, its instant and publication of messages as of their arrival (R17, R24)."""
    unpublished = np.logical_or.reduce(drawn.needs[: route.published_after + 1])
    visits_nobody = ~np.logical_or.reduce(drawn.needs)
    over = visits_nobody | (~drawn.actionable & (not route.triage))
    outcome = np.where(drawn.actionable, MessageOutcome.HANDLED, MessageOutcome.NOISE)
    comes = np.maximum(drawn.arrival, 0)  # R87
    return (
        np.where(over, outcome, MessageOutcome.PENDING),
        np.where(over, comes, NEVER),
        np.where(drawn.actionable & ~unpublished, comes, NEVER),
    )


def _reviews(desk: Desk) -> Bools:
    """Return which queues hold visits to reviews, shape (queues,)."""
    steps = (desk.routes[queue.stream].steps[queue.step] for queue in desk.queues)
    return np.array([step.review is not None for step in steps])


def _firsts(lanes: Sequence[Lane]) -> Ints:
    """Return where the messages of each lane begin in each stream, shape (streams, lanes + 1)."""
    sizes = np.array([[len(drawn) for drawn in lane.messages.streams] for lane in lanes]).T
    return np.concatenate((np.zeros((len(sizes), 1), np.int64), np.cumsum(sizes, axis=1)), axis=1)


def _kept(**columns: Any) -> Visits:
    """Return visits made of arrays that nobody else has, which need not be copied."""
    for column in columns.values():
        column.flags.writeable = False
    return Visits(**columns)
