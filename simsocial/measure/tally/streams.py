"""Tallies of streams: what became of their messages, by the time at which it did."""

from __future__ import annotations

from simsocial.measure.tally.exposure import escaped, exposure
from simsocial.measure.tally.replication import Replication
from simsocial.model.cells import Bools, Cells, Ticks, bucket_cells
from simsocial.model.log import MessageOutcome
from simsocial.model.tallies import StreamCounts
from simsocial.units import NEVER


def stream_counts(replication: Replication) -> StreamCounts:
    """Count the messages that arrive after the warm-up (R9)."""
    counted, arrival, ended = replication.counted, replication.arrival, replication.ended
    over, public = counted & (ended != NEVER), counted & (replication.published != NEVER)
    at_arrival = _cells(replication, arrival, counted)
    at_end = _cells(replication, ended, over)
    at_publication = _cells(replication, replication.published, public)
    outcome = replication.outcome[over]
    exposed_for = exposure(replication)[public]
    exposed = exposed_for > 0

    def ended_as(fate: MessageOutcome) -> Ticks:
        return at_end.count(outcome == fate)

    return StreamCounts(
        arrived=at_arrival.count(),
        handled=ended_as(MessageOutcome.HANDLED),
        abandoned=ended_as(MessageOutcome.ABANDONED),
        expired=ended_as(MessageOutcome.EXPIRED),
        withdrawn=ended_as(MessageOutcome.WITHDRAWN),
        noise=ended_as(MessageOutcome.NOISE),
        published=at_publication.count(),
        turnaround_sum=at_end.sum((ended - arrival)[over] * (outcome == MessageOutcome.HANDLED)),
        response_sum=at_publication.sum((replication.published - arrival)[public]),
        exposed=at_publication.count(exposed),
        exposure_sum=at_publication.sum(exposed_for),
        escaped=at_publication.count(escaped(replication)[public]),
    )


def _cells(replication: Replication, instant: Ticks, which: Bools) -> Cells:
    rows = len(replication.messages.streams)
    return bucket_cells(replication.stream[which], instant[which], rows=rows, buckets=replication.buckets)
