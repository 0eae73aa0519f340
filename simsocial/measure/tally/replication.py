"""One replication as the tallies read it: the log joined with what was drawn, and its events booked in cells once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from simsocial.model.cells import Bools, Buckets, Cells, Ticks, bucket_cells
from simsocial.model.log import Log, VisitOutcome, Visits
from simsocial.model.messages import Messages
from simsocial.model.roster import Roster
from simsocial.model.scenario import Scenario
from simsocial.units import NEVER


@dataclass(frozen=True, eq=False)
class Events:
    """Visits to which the same thing happened.

    Parameters
    ----------
    visit
        Shape (events,), rows of the log.
    cells
        Their (queue, bucket).
    """

    visit: npt.NDArray[np.int64]
    cells: Cells


@dataclass(frozen=True, eq=False)
class Replication:
    """Everything that a tally reads.

    Parameters
    ----------
    scenario, messages, roster, log
        What was simulated and what happened.
    buckets
        In which it is counted.
    """

    scenario: Scenario
    messages: Messages
    roster: Roster
    log: Log
    buckets: Buckets

    @property
    def visits(self) -> Visits:
        return self.log.visits

    @cached_property
    def first_message(self) -> npt.NDArray[np.int64]:
        """Shape (streams + 1,): messages are numbered through all streams; those of stream s begin here."""
        return np.cumsum([0] + [len(stream) for stream in self.messages.streams])

    @cached_property
    def message(self) -> npt.NDArray[np.int64]:
        """Shape (visits,), the number of each visit's message."""
        return self.first_message[self.visits.stream] + self.visits.message

    @cached_property
    def stream(self) -> npt.NDArray[np.int64]:
        """Shape (messages,)."""
        return np.repeat(np.arange(len(self.messages.streams)), np.diff(self.first_message))

    @cached_property
    def arrival(self) -> Ticks:
        """Shape (messages,), ticks."""
        return np.concatenate([stream.arrival for stream in self.messages.streams])

    @cached_property
    def counted(self) -> Bools:
        """Shape (messages,), whether measures use the message (R9)."""
        counted: Bools = self.arrival >= self.scenario.warmup
        return counted

    @cached_property
    def actionable(self) -> Bools:
        """Shape (messages,)."""
        return np.concatenate([stream.actionable for stream in self.messages.streams])

    @cached_property
    def outcome(self) -> npt.NDArray[np.int64]:
        """Shape (messages,), :class:`~simsocial.model.log.MessageOutcome`."""
        return np.concatenate([fates.outcome for fates in self.log.fates])

    @cached_property
    def ended(self) -> Ticks:
        """Shape (messages,), ticks."""
        return np.concatenate([fates.ended for fates in self.log.fates])

    @cached_property
    def published(self) -> Ticks:
        """Shape (messages,), ticks."""
        return np.concatenate([fates.published for fates in self.log.fates])

    @cached_property
    def left(self) -> Bools:
        """Shape (visits,), whether the message left while it waited."""
        outcome = self.visits.outcome
        left: Bools = (outcome == VisitOutcome.ABANDONED) | (outcome == VisitOutcome.EXPIRED)
        return left

    @cached_property
    def joins(self) -> Events:
        return self._events(np.ones(len(self.visits), np.bool_), self.visits.joined)

    @cached_property
    def starts(self) -> Events:
        return self._events(self.visits.start != NEVER, self.visits.start)

    @cached_property
    def leaves(self) -> Events:
        return self._events(self.left, self.visits.end)

    @cached_property
    def ends(self) -> Events:
        """Ends of work."""
        return self._events((self.visits.end != NEVER) & ~self.left, self.visits.end)

    def after_warmup(self, events: Events) -> Events:
        """Return the events of the messages that measures use (R9)."""
        if self.scenario.warmup == 0:
            return events
        which = self.counted[self.message[events.visit]]
        return Events(events.visit[which], events.cells.only(which))

    def _events(self, which: Bools, instant: Ticks) -> Events:
        visit = np.flatnonzero(which)
        rows = len(self.scenario.desk.queues)
        return Events(visit, bucket_cells(self.visits.queue[visit], instant[visit], rows=rows, buckets=self.buckets))
