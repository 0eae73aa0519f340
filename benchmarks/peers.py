"""Other ways to simulate M2, each timed over one long run or several."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Final

from benchmarks.engine_runs import Went, peak_rss_mb
from benchmarks.workloads import WORKLOADS

LONG: Final = 2400.0
"""Hours of a run of M2."""


def idiomatic(messages: float) -> Went:
    """Time the idiomatic SimPy model; it draws as it goes."""
    from benchmarks.idiomatic import Desk

    hours = _hours(messages)
    begun = time.process_time()
    desk = Desk(horizon=hours, seed=1)
    return Went(hours, desk.messages, None, time.process_time() - begun, peak_rss_mb())


def ciw(messages: float) -> Went:
    """Time Ciw; it draws as it goes."""
    from benchmarks import peers_ciw

    hours = _hours(messages)
    begun = time.process_time()
    simulation = peers_ciw.simulated(horizon=hours, seed=1)
    seconds = time.process_time() - begun
    return Went(hours, peers_ciw.arrived(simulation), None, seconds, peak_rss_mb())


def loop(name: str, messages: float) -> Went:
    """Time a loop over events whose draws are ready, one replication after the other."""
    from benchmarks.m2_futures import futures

    module: ModuleType = import_module(name)
    module.run(futures(24, 0))  # compiled before the clock starts, where it is
    hours = _hours(messages)
    drawn = [futures(hours, number) for number in range(max(round(messages / WORKLOADS["m2"].hourly / hours), 1))]
    begun = time.process_time()
    for each in drawn:
        module.run(each)
    seconds = time.process_time() - begun
    return Went(hours, sum(len(each.arrival) for each in drawn), None, seconds, peak_rss_mb())


def _hours(messages: float) -> float:
    """Return how long a run lasts: one for all messages, or as long as M2's."""
    return min(messages / WORKLOADS["m2"].hourly, LONG)


PEERS: Final[dict[str, tuple[str, Callable[[float], Went], int]]] = {
    "idiomatic SimPy": ("simpy", idiomatic, 50),
    "Ciw": ("ciw", ciw, 80),
    "heapq loop": ("heapq", lambda messages: loop("benchmarks.peers_heapq", messages), 5),
    "Numba heap": ("numba", lambda messages: loop("benchmarks.peers_numba", messages), 1),
}
"""Library that must be there, the run, and the fraction (one in so many) of the messages that it is given."""
DRAWS_AS_IT_GOES: Final = frozenset(("idiomatic SimPy", "Ciw"))
