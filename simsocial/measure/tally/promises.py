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
class Cases:
    """All to whom a promise was made: messages, or visits to a step.

    Parameters
    ----------
    promise
        What was promised.
    replication, message
        Shape (cases,), in which of them; index of the message in its stream.
    since, due
        Shape (cases,), ticks: arrival or joining; when the promise is due.
    measured
        Shape (cases,), ticks: the instant that the promise is about, ``NEVER`` if it did not come.
    left
        Shape (cases,), ticks: when it left before that; ``NEVER`` if it did not.
    judged
        Shape (cases,), whether it is due up to the horizon, not due before the start, of a message that measures use,
        and not forgiven (R8, R9, R91).
    """

    promise: Promise
    replication: Index
    message: Index
    since: Ticks
    due: Ticks
    measured: Ticks
    left: Ticks
    judged: Bools


def promise_counts(replications: Replications) -> PromiseCounts:
    """Count promises of messages that arrive after the warm-up (R9)."""
    rows = [
        _booked(cases(replications, stream, promise), replications)
        for stream, of_stream in enumerate(replications.scenario.streams)
        for promise in of_stream.promises
    ]
    table = np.array(rows, np.int64).reshape(-1, 3, len(replications), len(replications.buckets))
    due, kept, excused = np.ascontiguousarray(table.transpose(1, 2, 0, 3))
    return PromiseCounts(due=due, kept=kept, excused=excused)


def cases(replications: Replications, stream: int, promise: Promise) -> Cases:
    """Return all to whom a stream made a promise: messages in their order, or visits in theirs."""
    return (_visits if promise.measured is Measured.STEP else _messages)(replications, stream, promise)


def _booked(cases: Cases, replications: Replications) -> Ticks:
    """Return due, kept and excused by replication and bucket; shape (3, replications, buckets)."""
    which = cases.judged.nonzero()[0]
    due, measured, left = cases.due[which], cases.measured[which], cases.left[which]
    cells = replications.cells(cases.replication[which], due, rows=1)
    booked = cells.count(), cells.count(measured <= due), cells.count(left <= due)
    return np.concatenate(booked, axis=1).swapaxes(0, 1)


def _messages(replications: Replications, stream: int, promise: Promise) -> Cases:
    own = slice(*replications.first_message[stream : stream + 2])
    outcome, ended = replications.outcome[own], replications.ended[own]
    measured = _measured(replications, stream, promise.measured)
    lost = (outcome == MessageOutcome.ABANDONED) | (outcome == MessageOutcome.EXPIRED)
    since, left = replications.arrival[own], np.where(lost & (measured == NEVER), ended, NEVER)
    due = replications.of_stream(stream, lambda drawn: drawn.due[drawn.promises.index(promise.name)])  # or never
    return Cases(
        promise=promise,
        replication=replications.row[own] // len(replications.scenario.streams),
        message=replications.of_stream(stream, lambda drawn: np.arange(len(drawn))),
        since=since,
        due=due,
        measured=measured,
        left=left,
        judged=replications.counted[own] & _due_in_run(replications, due) & ~(left - since < promise.grace),
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
    """Return the start of each message's first visit; its completion where it needs no step at all.

    A message whose first step is done without people is picked up as it arrives (R107).
    """
    visits, message = replications.visits, replications.message
    first = ((np.diff(message, prepend=-1) != 0) & (visits.stream == stream)).nonzero()[0]
    instant = completed.copy()
    instant[message[first] - replications.first_message[stream]] = visits.start[first]
    own = slice(*replications.first_message[stream : stream + 2])
    return np.where(replications.answered(stream), replications.arrival[own], instant)


def _visits(replications: Replications, stream: int, promise: Promise) -> Cases:
    visits = replications.visits
    own = np.flatnonzero((visits.stream == stream) & (visits.step == promise.step))
    since, end, gone = visits.joined[own], visits.end[own], replications.left[own]
    due, left = _due(replications.scenario, promise, since), np.where(gone, end, NEVER)
    counted = (replications.counted & replications.actionable)[replications.message[own]]
    return Cases(
        promise=promise,
        replication=replications.replication[own],
        message=visits.message[own],
        since=since,
        due=due,
        measured=np.where(gone, NEVER, end),
        left=left,
        judged=counted & _due_in_run(replications, due) & ~(left - since < promise.grace),
    )


def _due_in_run(replications: Replications, due: Ticks) -> Bools:
    return (due >= 0) & (due <= replications.scenario.horizon)  # R8, R91


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
