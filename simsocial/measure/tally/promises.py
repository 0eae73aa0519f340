"""Tallies of promises: due, kept and excused, each booked at its due instant (R6–R8)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simsocial.measure.tally.replications import Index, Replications
from simsocial.model.cells import Bools, Ticks
from simsocial.model.log import MessageOutcome
from simsocial.model.promises import Measured, Promise
from simsocial.model.scenario import Scenario
from simsocial.model.tallies import PromiseCounts
from simsocial.units import NEVER


@dataclass(frozen=True, eq=False)
class _Cases:
    """All to whom a promise was made: messages, or visits to a step.

    Parameters
    ----------
    replication
        Shape (cases,), in which of them.
    since, due
        Shape (cases,), ticks: arrival or joining; when the promise is due.
    measured
        Shape (cases,), ticks: the instant that the promise is about, ``NEVER`` if it did not come.
    left
        Shape (cases,), ticks: when it left before that; ``NEVER`` if it did not.
    counted
        Shape (cases,), R8 and R9.
    """

    replication: Index
    since: Ticks
    due: Ticks
    measured: Ticks
    left: Ticks
    counted: Bools


def promise_counts(replications: Replications) -> PromiseCounts:
    """Count promises of messages that arrive after the warm-up (R9)."""
    rows = [
        _booked(_cases(replications, stream, promise), promise.grace, replications)
        for stream, of_stream in enumerate(replications.scenario.streams)
        for promise in of_stream.promises
    ]
    table = np.array(rows, np.int64).reshape(-1, 3, len(replications), len(replications.buckets))
    due, kept, excused = np.ascontiguousarray(table.transpose(1, 2, 0, 3))
    return PromiseCounts(due=due, kept=kept, excused=excused)


def _booked(cases: _Cases, grace: int, replications: Replications) -> Ticks:
    """Return due, kept and excused by replication and bucket; shape (3, replications, buckets)."""
    forgiven = cases.left - cases.since < grace
    in_time = (cases.due >= 0) & (cases.due <= replications.scenario.horizon)  # R8, R91
    which = (cases.counted & ~forgiven & in_time).nonzero()[0]
    due, measured, left = cases.due[which], cases.measured[which], cases.left[which]
    cells = replications.cells(cases.replication[which], due, rows=1)
    booked = cells.count(), cells.count(measured <= due), cells.count(left <= due)
    return np.concatenate(booked, axis=1).swapaxes(0, 1)


def _cases(replications: Replications, stream: int, promise: Promise) -> _Cases:
    if promise.measured is Measured.STEP:
        return _visits(replications, stream, promise)
    return _messages(replications, stream, promise)


def _messages(replications: Replications, stream: int, promise: Promise) -> _Cases:
    own = slice(*replications.first_message[stream : stream + 2])
    outcome, ended = replications.outcome[own], replications.ended[own]
    measured = _measured(replications, stream, promise.measured)
    lost = (outcome == MessageOutcome.ABANDONED) | (outcome == MessageOutcome.EXPIRED)
    return _Cases(
        replication=replications.row[own] // len(replications.scenario.streams),
        since=replications.arrival[own],
        due=replications.of_stream(stream, lambda drawn: drawn.due[drawn.promises.index(promise.name)]),  # or never
        measured=measured,
        left=np.where(lost & (measured == NEVER), ended, NEVER),
        counted=replications.counted[own],
    )


def _measured(replications: Replications, stream: int, measured: Measured) -> Ticks:
    """Return the instants that a message's promise is about (R6); shape (messages,), ticks."""
    own = slice(*replications.first_message[stream : stream + 2])
    handled = replications.outcome[own] == MessageOutcome.HANDLED
    completed = np.where(handled, replications.ended[own], NEVER)
    if measured is Measured.PICKUP:
        return _picked_up(replications, stream, completed)
    return completed if measured is Measured.COMPLETION else replications.published[own]


def _picked_up(replications: Replications, stream: int, completed: Ticks) -> Ticks:
    """Return the start of each message's first visit; its completion where it needs no step at all."""
    visits, message = replications.visits, replications.message
    first = ((np.diff(message, prepend=-1) != 0) & (visits.stream == stream)).nonzero()[0]
    instant = completed.copy()
    instant[message[first] - replications.first_message[stream]] = visits.start[first]
    return instant


def _visits(replications: Replications, stream: int, promise: Promise) -> _Cases:
    visits = replications.visits
    own = np.flatnonzero((visits.stream == stream) & (visits.step == promise.step))
    joined, end, left = visits.joined[own], visits.end[own], replications.left[own]
    message = replications.message[own]
    return _Cases(
        replication=replications.replication[own],
        since=joined,
        due=_due(replications.scenario, promise, joined),
        measured=np.where(left, NEVER, end),
        left=np.where(left, end, NEVER),
        counted=(replications.counted & replications.actionable)[message],
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
