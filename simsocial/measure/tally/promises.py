"""Tallies of promises: due, kept and excused, each booked at its due instant (R6–R8)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simsocial.measure.tally.replication import Replication
from simsocial.model.cells import Bools, Ticks, bucket_cells
from simsocial.model.log import MessageOutcome
from simsocial.model.scenario import Measured, Promise, Scenario
from simsocial.model.tallies import PromiseCounts
from simsocial.units import NEVER


@dataclass(frozen=True, eq=False)
class _Cases:
    """All to whom a promise was made: messages, or visits to a step.

    Parameters
    ----------
    since, due
        Shape (cases,), ticks: arrival or joining; when the promise is due.
    measured
        Shape (cases,), ticks: the instant that the promise is about, ``NEVER`` if it did not come.
    left
        Shape (cases,), ticks: when it left before that; ``NEVER`` if it did not.
    counted
        Shape (cases,), R8 and R9.
    """

    since: Ticks
    due: Ticks
    measured: Ticks
    left: Ticks
    counted: Bools


def promise_counts(replication: Replication) -> PromiseCounts:
    """Count promises of messages that arrive after the warm-up (R9)."""
    rows = [
        _booked(_cases(replication, stream, promise), promise.grace, replication)
        for stream, of_stream in enumerate(replication.scenario.streams)
        for promise in of_stream.promises
    ]
    table = np.array(rows, np.int64).reshape(-1, 3, len(replication.buckets))
    return PromiseCounts(due=table[:, 0], kept=table[:, 1], excused=table[:, 2])


def _booked(cases: _Cases, grace: int, replication: Replication) -> Ticks:
    """Return due, kept and excused by bucket; shape (3, buckets)."""
    forgiven = cases.left - cases.since < grace
    which = cases.counted & ~forgiven & (cases.due <= replication.scenario.horizon)  # R8
    due, measured, left = cases.due[which], cases.measured[which], cases.left[which]
    cells = bucket_cells(np.zeros(len(due), np.int64), due, rows=1, buckets=replication.buckets)
    return np.concatenate([cells.count(), cells.count(measured <= due), cells.count(left <= due)])


def _cases(replication: Replication, stream: int, promise: Promise) -> _Cases:
    if promise.measured is Measured.STEP:
        return _visits(replication, stream, promise)
    return _messages(replication, stream, promise)


def _messages(replication: Replication, stream: int, promise: Promise) -> _Cases:
    own = slice(*replication.first_message[stream : stream + 2])
    drawn = replication.messages.streams[stream]
    outcome, ended = replication.outcome[own], replication.ended[own]
    measured = _measured(replication, stream, promise.measured)
    lost = (outcome == MessageOutcome.ABANDONED) | (outcome == MessageOutcome.EXPIRED)
    return _Cases(
        since=drawn.arrival,
        due=drawn.due[drawn.promises.index(promise.name)],  # never, for noise
        measured=measured,
        left=np.where(lost & (measured == NEVER), ended, NEVER),
        counted=replication.counted[own],
    )


def _measured(replication: Replication, stream: int, measured: Measured) -> Ticks:
    """Return the instants that a message's promise is about (R6); shape (messages,), ticks."""
    own = slice(*replication.first_message[stream : stream + 2])
    handled = replication.outcome[own] == MessageOutcome.HANDLED
    completed = np.where(handled, replication.ended[own], NEVER)
    if measured is Measured.PICKUP:
        return _picked_up(replication, stream, completed)
    return completed if measured is Measured.COMPLETION else replication.published[own]


def _picked_up(replication: Replication, stream: int, completed: Ticks) -> Ticks:
    """Return the start of each message's first visit; its completion where it needs no step at all."""
    visits = replication.visits
    of_stream = slice(*np.searchsorted(visits.stream, (stream, stream + 1)))
    message, start = visits.message[of_stream], visits.start[of_stream]
    first = np.diff(message, prepend=-1) != 0
    instant = completed.copy()
    instant[message[first]] = start[first]
    return instant


def _visits(replication: Replication, stream: int, promise: Promise) -> _Cases:
    visits = replication.visits
    own = np.flatnonzero((visits.stream == stream) & (visits.step == promise.step))
    joined, end, left = visits.joined[own], visits.end[own], replication.left[own]
    message = replication.message[own]
    return _Cases(
        since=joined,
        due=_due(replication.scenario, promise, joined),
        measured=np.where(left, NEVER, end),
        left=np.where(left, end, NEVER),
        counted=(replication.counted & replication.actionable)[message],
    )


def _due(scenario: Scenario, promise: Promise, joined: Ticks) -> Ticks:
    """Return when a step's promise is due for visits that join at ``joined`` (R5, R7)."""
    if promise.calendar is None:
        assert promise.within is not None, "R5: an end of business day needs a calendar"
        return joined + promise.within
    calendar = scenario.calendars[promise.calendar]
    if promise.end_of_day is not None:
        return calendar.end_of_day(joined, promise.end_of_day)
    assert promise.within is not None, "R5: a promise has a length"
    return calendar.due(joined, promise.within)
