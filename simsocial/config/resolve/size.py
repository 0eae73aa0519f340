"""Refuses what would not fit in memory, and shows the estimate that says so (R61)."""

from __future__ import annotations

from collections import Counter
from typing import Final

from simsocial.config.document import Document
from simsocial.config.resolve.spot import Spot
from simsocial.config.teams import TeamOfShifts
from simsocial.measure.definitions import Entity
from simsocial.measure.series_definitions import SERIES
from simsocial.measure.volume import expected_arrivals
from simsocial.model.arrivals import Arrivals
from simsocial.model.bursts import BurstyArrivals
from simsocial.model.memory import BYTES_PER_CELL, BYTES_PER_PIECE, BYTES_PER_VISIT, BYTES_PER_WINDOW, MOST_BYTES
from simsocial.units import format_size

_BYTES: Final = {
    "messages": BYTES_PER_VISIT,
    "pieces of rate": BYTES_PER_PIECE,
    "shifts worked": BYTES_PER_WINDOW,
    "outages of people": BYTES_PER_WINDOW,
}

_TOLD: Final = Counter(measure.entity for measure in SERIES)


def fits(kind: str, number: float, instead: str, spot: Spot) -> bool:
    """Say whether ``number`` things of a ``kind`` fit in memory; note a fault that ends in ``instead`` if not."""
    return _fits(f"{number:,.0f} {kind}", number * _BYTES[kind], instead, spot)


def arrivals_fit(arrivals: Arrivals, *, horizon: int, spot: Spot) -> bool:
    """Say whether one replication's messages fit in memory; note a fault if not."""
    return fits("messages", _drawn(arrivals, horizon), "write a shorter horizon or a lower rate", spot)


def _drawn(arrivals: Arrivals, horizon: int) -> float:
    """Return how many messages and beginnings of bursts are drawn: whole bursts, and descendants to the last (R75)."""
    if not isinstance(arrivals, BurstyArrivals):
        return float(expected_arrivals(arrivals, horizon, horizon=horizon))
    ratio = 0.0 if arrivals.excitement is None else arrivals.excitement.ratio
    bursts = sum(_drawn(burst.begins, horizon) * (1 + burst.size) for burst in arrivals.bursts)
    return _drawn(arrivals.own, horizon) / (1 - ratio) + bursts


def intervals_fit(document: Document, spot: Spot) -> bool:
    """Say whether what is told of the reporting intervals fits in memory; note a fault at ``spot`` if not."""
    intervals, measures = document.time.horizon / document.time.interval, measures_told(document)
    what = f"{intervals:,.0f} intervals of {measures} measures"
    return _fits(what, intervals * measures * BYTES_PER_CELL, "write a longer interval or a shorter horizon", spot)


def _fits(what: str, octets: float, instead: str, spot: Spot) -> bool:
    if octets <= MOST_BYTES:
        return True
    spot.fault(
        f"about {what} would take some {format_size(octets)} of memory, more than {format_size(MOST_BYTES)}; {instead}"
    )
    return False


def measures_told(document: Document) -> int:
    """Return how many measures will be told of every interval, at most: careers may turn out to change nothing."""
    told, streams = _TOLD, document.streams.values()
    steps = [step for stream in streams for step in stream.steps.values()]
    careers = [team for team in document.teams.values() if isinstance(team, TeamOfShifts)]
    return (
        told[Entity.STREAM] * len(streams)
        + told[Entity.PROMISE] * sum(len(stream.promises) for stream in streams)
        + told[Entity.STEP] * len(steps)
        + told[Entity.REVIEW] * sum(step.when is not None for step in steps)
        + told[Entity.TEAM] * len(document.teams)
        + told[Entity.TEAM_CAREERS] * sum(bool(team.training or team.leaving or team.hiring) for team in careers)
        + told[Entity.TEAM_TRAINED] * sum(team.training is not None for team in careers)
        + told[Entity.TEAM_CERTIFIED] * sum(bool(team.training and team.training.certification) for team in careers)
    )
