"""Who broke which promise, message by message or visit by visit (R6–R8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.model.log import MessageOutcome, VisitOutcome
from simsocial.model.promises import Measured, Promise
from simsocial.model.scenario import Scenario
from simsocial.simulation.trace import Trace
from simsocial.units import NEVER

Ticks = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Cases:
    """All to whom a promise was made: messages, or visits to a step.

    Parameters
    ----------
    stream, promise
        Index of the stream, and what it promises.
    message
        Shape (cases,), index of the message in its stream.
    due, measured
        Shape (cases,), ticks: when it is due; the instant that it is about, ``NEVER`` if that did not come.
    counts
        Shape (cases,), whether it is due up to the horizon and not forgiven (R8, R9).
    """

    stream: int
    promise: Promise
    message: npt.NDArray[np.int64]
    due: Ticks
    measured: Ticks
    counts: Bools

    @property
    def broken(self) -> Bools:
        """Shape (cases,)."""
        return self.counts & (self.measured > self.due)

    def due_in(self, after: int, until: int) -> Bools:
        """Return which count and are due in ``(after, until]``."""
        return self.counts & (self.due > after) & (self.due <= until)


def all_cases(scenario: Scenario, trace: Trace) -> tuple[Cases, ...]:
    """Return the cases of every promise, by stream, then as in ``Stream.promises``."""
    return tuple(_all_cases(scenario, trace))


def _all_cases(scenario: Scenario, trace: Trace) -> Iterator[Cases]:
    for index, stream in enumerate(scenario.streams):
        for promise in stream.promises:
            made = _visits if promise.measured is Measured.STEP else _messages
            yield made(scenario, trace, index, promise)


def _messages(scenario: Scenario, trace: Trace, stream: int, promise: Promise) -> Cases:
    given, fates = trace.given.streams[stream], trace.log.fates[stream]
    measured = _measured(trace, stream, promise.measured)
    lost = np.isin(fates.outcome, (MessageOutcome.ABANDONED, MessageOutcome.EXPIRED)) & (measured == NEVER)
    left = np.where(lost, fates.ended, NEVER)
    due = given.due[given.promises.index(promise.name)]  # never, for noise
    counts = _counts(scenario, promise, since=given.arrival, due=due, left=left) & (given.arrival >= scenario.warmup)
    return Cases(stream, promise, np.arange(len(given)), due, measured, counts)


def _measured(trace: Trace, stream: int, measured: Measured) -> Ticks:
    """Return the instants that a message's promise is about (R6); shape (messages,), ticks."""
    fates, visits = trace.log.fates[stream], trace.log.visits
    if measured in (Measured.FIRST_RESPONSE, Measured.PUBLICATION):
        return fates.published
    completed = np.where(fates.outcome == MessageOutcome.HANDLED, fates.ended, NEVER)
    if measured is Measured.PICKUP:
        rows = np.flatnonzero(visits.stream == stream)
        message, first = np.unique(visits.message[rows], return_index=True)
        completed[message] = visits.start[rows[first]]
    return completed


def _visits(scenario: Scenario, trace: Trace, stream: int, promise: Promise) -> Cases:
    visits, given = trace.log.visits, trace.given.streams[stream]
    own = np.flatnonzero((visits.stream == stream) & (visits.step == promise.step))
    message, joined, end = visits.message[own], visits.joined[own], visits.end[own]
    gone = np.isin(visits.outcome[own], (VisitOutcome.ABANDONED, VisitOutcome.EXPIRED))
    due, left = step_due(scenario, promise, joined), np.where(gone, end, NEVER)
    counts = _counts(scenario, promise, since=joined, due=due, left=left)
    counts &= (given.arrival[message] >= scenario.warmup) & given.actionable[message]
    return Cases(stream, promise, message, due, np.where(gone, NEVER, end), counts)


def step_due(scenario: Scenario, promise: Promise, joined: Ticks) -> Ticks:
    """Return when a step's promise is due for visits that join at ``joined`` (R5, R7)."""
    if promise.calendar is None:
        assert promise.within is not None, "R5: an end of business day needs a calendar"
        return joined + promise.within
    calendar = scenario.calendars[promise.calendar]
    if promise.end_of_day is not None:
        return calendar.end_of_day(joined, promise.end_of_day)
    assert promise.within is not None, "R5: a promise has a length"
    return calendar.due(joined, promise.within)


def _counts(scenario: Scenario, promise: Promise, *, since: Ticks, due: Ticks, left: Ticks) -> Bools:
    forgiven = left - since < promise.grace
    return (due <= scenario.horizon) & ~forgiven  # R8
