"""M2 as a user of Ciw would write it: two nodes, classes with priorities, reneging; times in hours."""

from __future__ import annotations

import math
from typing import Any

import ciw  # type: ignore[import-untyped]
import numpy as np

ALL = ("Urgent", "Normal", "Rework", "Review", "Done")
PRIORITY = {"Rework": 0, "Review": 0, "Done": 0, "Urgent": 1, "Normal": 2}
STEP = 0.1


def simulated(*, horizon: float, seed: int) -> Any:
    """Run a replication from empty; a class says where a customer goes next, so that both nodes can do without code."""
    ciw.seed(seed)
    simulation = ciw.Simulation(_network(horizon))
    simulation.simulate_until_max_time(horizon)
    return simulation


def arrived(simulation: Any) -> int:
    """Return how many messages came."""
    return int(simulation.nodes[0].number_of_individuals)


def five_figures(simulation: Any, *, horizon: float) -> list[float]:
    """Return the figures of ``benchmarks.m2_futures.FIGURES`` from Ciw's own records."""
    records = simulation.get_all_records()
    fresh = [r for r in records if r.node == 1 and r.customer_class in ("Urgent", "Normal")]
    served = [r for r in fresh if r.record_type == "service"]
    reviews = [r for r in records if r.node == 2]
    busy = sum(server.busy_time for server in simulation.nodes[1].servers)
    return [
        sum(r.waiting_time <= 0.25 for r in served) / len(fresh),
        (len(fresh) - len(served)) / len(fresh),
        float(np.mean([r.exit_date - r.arrival_date for r in reviews])),
        busy / 20 / horizon,
        float(np.mean([r.waiting_time for r in served])),
    ]


def _network(horizon: float) -> Any:
    ends = [STEP * step for step in range(1, round(24 / STEP) + 1)]
    swing = [1 + 0.5 * math.sin(2 * math.pi * (end - STEP / 2) / 24) for end in ends]
    fresh = {
        name: [ciw.dists.PoissonIntervals([rate * each for each in swing], ends, horizon), None]
        for name, rate in (("Urgent", 3.8), ("Normal", 15.2))
    }
    long, short = _lognormal(1.0), _lognormal(0.5)
    review_share = {"Review": 0.3, "Done": 0.7}
    after_work = {"Urgent": review_share, "Normal": review_share, "Rework": {"Review": 1.0}}
    return ciw.create_network(
        arrival_distributions={name: fresh.get(name, [None, None]) for name in ALL},
        service_distributions={name: [long if name in fresh else short, short] for name in ALL},
        reneging_time_distributions={
            name: [ciw.dists.Exponential(1 / 4) if name in fresh else None, None] for name in ALL
        },
        class_change_matrices=[_changes(after_work), _changes({"Review": {"Rework": 0.1, "Done": 0.9}})],
        routing={name: [[0.0, float(name == "Review")], [float(name == "Rework"), 0.0]] for name in ALL},
        priority_classes=PRIORITY,
        number_of_servers=[20, 4],
    )


def _lognormal(mean: float) -> Any:
    return ciw.dists.Lognormal(math.log(mean) - math.log(2) / 2, math.sqrt(math.log(2)))


def _changes(after: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    return {old: {new: after.get(old, {old: 1.0}).get(new, 0.0) for new in ALL} for old in ALL}
