"""Replications as the tallies read them: logs joined with what was drawn, and their events booked in cells once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from simsocial.model.cells import Bools, Buckets, Cells, Ticks, bucket_cells
from simsocial.model.log import Logs, VisitOutcome, Visits
from simsocial.model.messages import Messages, StreamMessages
from simsocial.model.roster import Roster, stacked
from simsocial.model.scenario import Scenario
from simsocial.units import NEVER

Index = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Events:
    """Visits to which the same thing happened.

    Parameters
    ----------
    visit
        Shape (events,), rows of the logs; or all of them.
    cells
        Their (replication, queue, bucket).
    """

    visit: Index | slice
    cells: Cells


@dataclass(frozen=True, eq=False)
class Replications:
    """Everything that a tally reads: visits and messages of all replications, one behind the other.

    Parameters
    ----------
    scenario
        What was simulated.
    messages, rosters
        Those of each replication.
    logs
        What happened.
    buckets
        In which it is counted.
    """

    scenario: Scenario
    messages: Sequence[Messages]
    rosters: Sequence[Roster]
    logs: Logs
    buckets: Buckets

    def __len__(self) -> int:
        return len(self.logs)

    # ---- messages, by stream, then replication ----------------------------------------------------------------------

    @cached_property
    def first_message(self) -> Index:
        """Shape (streams + 1,): messages are numbered through all streams; those of stream s begin here."""
        return np.concatenate(([0], np.cumsum(self.logs.first_message[:, -1])))

    @cached_property
    def row(self) -> Index:
        """Shape (messages,), replication × streams + stream."""
        streams, sizes = len(self.scenario.streams), np.diff(self.logs.first_message, axis=1)
        rows = np.arange(streams)[:, None] + streams * np.arange(len(self))
        return np.repeat(rows.ravel(), sizes.ravel())

    def of_stream(self, stream: int, drawn: Callable[[StreamMessages], npt.NDArray[Any]]) -> npt.NDArray[Any]:
        """Return what was drawn for the messages of a stream, in all replications."""
        return np.concatenate([drawn(messages.streams[stream]) for messages in self.messages])

    def _of_all(self, drawn: Callable[[StreamMessages], npt.NDArray[Any]]) -> npt.NDArray[Any]:
        return np.concatenate([self.of_stream(stream, drawn) for stream in range(len(self.scenario.streams))])

    @cached_property
    def arrival(self) -> Ticks:
        """Shape (messages,), ticks; negative for what is there at the start (R87)."""
        return self._of_all(lambda stream: stream.arrival)

    @cached_property
    def comes(self) -> Ticks:
        """Shape (messages,), ticks: its arrival, or the start for what is there then (R91)."""
        return np.maximum(self.arrival, 0)

    @cached_property
    def counted(self) -> Bools:
        """Shape (messages,), whether measures use the message (R9)."""
        counted: Bools = self.comes >= self.scenario.warmup
        return counted

    @cached_property
    def actionable(self) -> Bools:
        """Shape (messages,)."""
        return self._of_all(lambda stream: stream.actionable)

    @cached_property
    def lost(self) -> Bools:
        """Shape (messages,), actionable messages that a filter took for noise (R106)."""
        return self._of_all(lambda stream: _or_none(stream.lost, stream))

    @cached_property
    def automated(self) -> Bools:
        """Shape (messages,), messages of which a tool finished at least one step (R107)."""
        return self._of_all(lambda stream: _or_none(stream.automated, stream))

    def answered(self, stream: int) -> Bools:
        """Return which messages of a stream were picked up without people (R107), in all replications."""
        return self.of_stream(stream, lambda drawn: _or_none(drawn.answered, drawn))

    @cached_property
    def outcome(self) -> Index:
        """Shape (messages,), :class:`~simsocial.model.log.MessageOutcome`."""
        return np.concatenate([fates.outcome for fates in self.logs.fates])

    @cached_property
    def ended(self) -> Ticks:
        """Shape (messages,), ticks."""
        return np.concatenate([fates.ended for fates in self.logs.fates])

    @cached_property
    def published(self) -> Ticks:
        """Shape (messages,), ticks."""
        return np.concatenate([fates.published for fates in self.logs.fates])

    def cells(self, row: Index, instant: Ticks, *, rows: int) -> Cells:
        """Book events in cells (replication, row, bucket); ``row`` is replication × ``rows`` + row."""
        return bucket_cells(row, instant, rows=(len(self), rows), buckets=self.buckets)

    # ---- visits, by replication, then as in a log -------------------------------------------------------------------

    @property
    def visits(self) -> Visits:
        return self.logs.visits

    @cached_property
    def replication(self) -> Index:
        """Shape (visits,), whose each visit is."""
        return np.repeat(np.arange(len(self)), np.diff(self.logs.first_visit))

    @cached_property
    def message(self) -> Index:
        """Shape (visits,), the number of each visit's message."""
        begins = self.first_message[:-1, None] + self.logs.first_message[:, :-1]
        number: Index = begins[self.visits.stream, self.replication] + self.visits.message
        return number

    @cached_property
    def queue_row(self) -> Index:
        """Shape (visits,), replication × queues + queue."""
        row: Index = self.replication * len(self.scenario.desk.queues) + self.visits.queue
        return row

    @cached_property
    def left(self) -> Bools:
        """Shape (visits,), whether the message left while it waited."""
        outcome = self.visits.outcome
        left: Bools = (outcome == VisitOutcome.ABANDONED) | (outcome == VisitOutcome.EXPIRED)
        return left

    @cached_property
    def joins(self) -> Events:
        return self._events(slice(None), self.visits.joined)

    @cached_property
    def starts(self) -> Events:
        return self._events((self.visits.start != NEVER).nonzero()[0], self.visits.start)

    @cached_property
    def leaves(self) -> Events:
        return self._events(self.left.nonzero()[0], self.visits.end)

    @cached_property
    def ends(self) -> Events:
        """Ends of work."""
        return self._events(((self.visits.end != NEVER) & ~self.left).nonzero()[0], self.visits.end)

    def after_warmup(self, events: Events) -> Events:
        """Return the events of the messages that measures use (R9)."""
        if self.scenario.warmup == 0:
            return events
        which = self.counted[self.message[events.visit]].nonzero()[0]
        return Events(which if isinstance(events.visit, slice) else events.visit.take(which), events.cells.only(which))

    def _events(self, visit: Index | slice, instant: Ticks) -> Events:
        return Events(visit, self.cells(self.queue_row[visit], instant[visit], rows=len(self.scenario.desk.queues)))

    # ---- people -----------------------------------------------------------------------------------------------------

    @cached_property
    def _people(self) -> tuple[tuple[Roster, ...], Index]:
        different = {id(roster): roster for roster in self.rosters}
        number = {key: place for place, key in enumerate(different)}
        return tuple(different.values()), np.array([number[id(roster)] for roster in self.rosters])

    @property
    def different_rosters(self) -> tuple[Roster, ...]:
        """Those of which each replication has one."""
        return self._people[0]

    @property
    def roster_number(self) -> Index:
        """Shape (replications,), which of them."""
        return self._people[1]

    @cached_property
    def roster(self) -> Roster:
        """All agents of the different rosters, one behind the other."""
        return stacked(self.different_rosters)

    @cached_property
    def agent(self) -> Index:
        """Shape (visits,), who served each visit, as numbered in ``roster``; of no meaning where nobody did."""
        first = np.cumsum([0] + [len(roster.team) for roster in self.different_rosters])[:-1]
        agent: Index = first[self.roster_number][self.replication] + self.visits.agent
        return agent


def _or_none(which: Bools | None, stream: StreamMessages) -> Bools:
    return np.zeros(len(stream), np.bool_) if which is None else which
