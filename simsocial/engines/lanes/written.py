"""What the lanes did, written down as it happens, and told as logs afterwards."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from simsocial.engines.lanes.records import Records
from simsocial.engines.lanes.tables import Lane
from simsocial.model.log import Fates, Log, MessageOutcome, VisitOutcome, Visits
from simsocial.model.messages import StreamMessages
from simsocial.units import NEVER

Ints = npt.NDArray[np.int64]


class Written:
    """Columns of visits: lane, record, slot, joined, start, end, rejected."""

    def __init__(self) -> None:
        self._parts: list[tuple[npt.NDArray[np.generic], ...]] = []

    def add(
        self,
        lane: Ints,
        record: Ints,
        slot: Ints,
        joined: Ints,
        start: Ints,
        end: Ints,
        rejected: npt.NDArray[np.bool_],
    ) -> None:
        self._parts.append((lane, record, slot, joined, start, end, rejected))

    def by_lane(self, lanes: int, bits: int) -> list[tuple[Ints, ...]]:
        """Return the columns but the first, for each lane; visits in order of stream, message and happening.

        Parameters
        ----------
        lanes
            How many.
        bits
            That hold a record's number. Records are numbered in that order.
        """
        if not self._parts:
            return [tuple(np.zeros(0, np.int64) for _ in range(6))] * lanes
        columns = [np.concatenate(column) for column in zip(*self._parts, strict=True)]
        self._parts.clear()
        keys = columns[0] << bits | columns[1]
        order = np.argsort(keys)
        bounds = np.searchsorted(keys[order], np.arange(lanes + 1) << bits)
        return [tuple(column[order[a:b]] for column in columns[1:]) for a, b in pairwise(bounds.tolist())]


def told(lane: Lane, records: Records, servers: tuple[Ints, Ints], columns: tuple[Ints, ...]) -> Log:
    """Tell the log of one lane.

    Parameters
    ----------
    lane
        What was simulated.
    records
        Its possible visits.
    servers
        Agent, and number inside the agent, of the slot in each row; -1 for nobody.
    columns
        Record, row, joined, start, end, rejected of what happened.
    """
    record, row, joined, start, end, rejected = columns
    over = end < lane.desk.horizon
    end = np.where(over, end, NEVER)
    agent, number = (column[row] for column in servers)
    visits = Visits(
        stream=records.stream[record],
        message=records.message[record],
        step=records.step[record],
        queue=records.queue[record],
        visit=records.visit[record],
        team=np.append(lane.roster.team, -1)[agent],
        agent=agent,
        slot=number,
        joined=joined,
        start=start,
        end=end,
        work=records.work[record],
        outcome=_outcomes(records, record, start, over, rejected),
    )
    fates = _Fates(lane, records)
    fates.happen(record, visits, rejected.astype(np.bool_))
    return Log(visits, fates.told())


def _outcomes(
    records: Records, record: Ints, start: Ints, over: npt.NDArray[np.bool_], rejected: Ints
) -> npt.NDArray[np.int64]:
    began, review = start < NEVER, np.isfinite(records.uniform[record])
    done = np.where(records.actionable[record], VisitOutcome.DONE, VisitOutcome.NOISE)
    decided = np.where(rejected, VisitOutcome.REJECTED, VisitOutcome.PASSED)
    ended = np.where(review, decided, done)
    left = np.where(records.by_patience[record], VisitOutcome.ABANDONED, VisitOutcome.EXPIRED)
    return np.where(
        began,
        np.where(over, ended, VisitOutcome.IN_SERVICE),
        np.where(over, left, VisitOutcome.WAITING),
    )


class _Fates:
    """What becomes of messages, from what becomes of their visits."""

    def __init__(self, lane: Lane, records: Records) -> None:
        self.lane, self.records = lane, records
        self.each = [
            _at_arrival(drawn, route.published_after, triage=route.triage)
            for drawn, route in zip(lane.messages.streams, lane.desk.routes, strict=True)
        ]

    def happen(self, record: Ints, visits: Visits, rejected: npt.NDArray[np.bool_]) -> None:
        records, over, began = self.records, visits.end < NEVER, visits.start < NEVER
        behind = np.where(rejected, records.rejected[record], records.passed[record])
        left = np.where(records.by_patience[record], MessageOutcome.ABANDONED, MessageOutcome.EXPIRED)
        left = np.where(records.actionable[record], left, MessageOutcome.NOISE)
        outcome = np.where(began, -1 - behind, left)
        last = over & (~began | (behind < 0))
        publishes = over & began & ~rejected & records.publishes[record]
        for stream, (fates, ended, published) in enumerate(self.each):
            mine = last & (visits.stream == stream)
            fates[visits.message[mine]], ended[visits.message[mine]] = outcome[mine], visits.end[mine]
            mine = publishes & (visits.stream == stream)
            np.minimum.at(published, visits.message[mine], visits.end[mine])

    def told(self) -> tuple[Fates, ...]:
        return tuple(Fates(*columns) for columns in self.each)


def _at_arrival(drawn: StreamMessages, published_after: int, *, triage: bool) -> tuple[Ints, Ints, Ints]:
    """Return outcome, its instant and publication of messages as of their arrival (R17, R24)."""
    needs = np.array([step.needs for step in drawn.steps])
    unpublished = needs[: published_after + 1].any(axis=0)
    unseen = ~drawn.actionable & (not triage)
    over = unseen | ~needs.any(axis=0)
    outcome = np.where(drawn.actionable, MessageOutcome.HANDLED, MessageOutcome.NOISE)
    return (
        np.where(over, outcome, MessageOutcome.PENDING),
        np.where(over, drawn.arrival, NEVER),
        np.where(drawn.actionable & ~unpublished, drawn.arrival, NEVER),
    )
