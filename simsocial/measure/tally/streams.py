"""Tallies of streams: what became of their messages, by the time at which it did."""

from __future__ import annotations

from simsocial.measure.tally.exposure import escaped, exposure
from simsocial.measure.tally.replications import Index, Replications
from simsocial.model.cells import Cells, Ticks
from simsocial.model.log import MessageOutcome
from simsocial.model.tallies import StreamCounts
from simsocial.units import NEVER


def stream_counts(replications: Replications) -> StreamCounts:
    """Count the messages that arrive after the warm-up (R9)."""
    counted, arrival, ended = replications.counted, replications.arrival, replications.ended
    over = (counted & (ended != NEVER)).nonzero()[0]
    public = (counted & (replications.published != NEVER)).nonzero()[0]
    came = counted.nonzero()[0]
    at_arrival, there = _cells(replications, replications.comes, came), arrival[came] < 0  # R91
    at_end = _cells(replications, ended, over)
    at_publication = _cells(replications, replications.published, public)
    outcome = replications.outcome[over]
    exposed_for = exposure(replications)[public]
    exposed = exposed_for > 0

    def ended_as(fate: MessageOutcome) -> Ticks:
        return at_end.count(outcome == fate)

    return StreamCounts(
        initial=at_arrival.count(there),
        arrived=at_arrival.count(~there),
        automated=at_arrival.count(replications.automated[came]),
        handled=ended_as(MessageOutcome.HANDLED),
        abandoned=ended_as(MessageOutcome.ABANDONED),
        expired=ended_as(MessageOutcome.EXPIRED),
        withdrawn=ended_as(MessageOutcome.WITHDRAWN),
        noise=ended_as(MessageOutcome.NOISE),
        lost=at_end.count(replications.lost[over]),
        published=at_publication.count(),
        turnaround_sum=at_end.sum((ended - arrival)[over] * (outcome == MessageOutcome.HANDLED)),
        response_sum=at_publication.sum((replications.published - arrival)[public]),
        exposed=at_publication.count(exposed),
        exposure_sum=at_publication.sum(exposed_for),
        escaped=at_publication.count(escaped(replications)[public]),
    )


def _cells(replications: Replications, instant: Ticks, which: Index) -> Cells:
    return replications.cells(replications.row[which], instant[which], rows=len(replications.scenario.streams))
