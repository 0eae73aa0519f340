"""Refuses what would not fit in memory, and shows the estimate that says so."""

from __future__ import annotations

from typing import Final

from simsocial.config.resolve.spot import Spot
from simsocial.measure.volume import expected_arrivals
from simsocial.model.scenario import Arrivals

MOST: Final = 20_000_000
"""Things of one kind in a replication."""
_BYTES: Final = {"messages": 1_000, "pieces of rate": 100, "intervals": 1_000, "shifts worked": 200}
"""Memory that one thing takes at its peak, roughly."""


def fits(kind: str, number: float, instead: str, spot: Spot) -> bool:
    """Say whether ``number`` things of a ``kind`` fit in memory; note a fault that ends in ``instead`` if not."""
    if number <= MOST:
        return True
    memory = number * _BYTES[kind] / 1e9
    spot.fault(f"about {number:,.0f} {kind} would take some {memory:,.0f} GB of memory; {instead}")
    return False


def arrivals_fit(arrivals: Arrivals, *, horizon: int, spot: Spot) -> bool:
    """Say whether one replication's messages fit in memory; note a fault if not."""
    number = float(expected_arrivals(arrivals, horizon, horizon=horizon))
    return fits("messages", number, "write a shorter horizon or a lower rate", spot)
