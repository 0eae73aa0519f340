"""Whether the peers simulate M2 at all: their five figures against the engine's on the same draws, or as published.

A loop over events has the engine's own draws, so it must agree but for what two events in one millisecond do; the
standard error of the paired difference is what is left of the noise. Ciw draws for itself.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from itertools import chain

import numpy as np
import numpy.typing as npt

from benchmarks.m2_futures import FIGURES, PROMISE, PUBLISHED, RESPONDERS, Futures, as_arrays, five
from benchmarks.workloads import CONFIGS
from simsocial.config.loading import load
from simsocial.draw.messages import draw_messages
from simsocial.draw.roster import compile_roster
from simsocial.engines.lanes import Lane, simulate_lanes
from simsocial.model.log import Log
from simsocial.model.scenario import Scenario
from simsocial.units import NEVER

Floats = npt.NDArray[np.float64]
HOURS, REPLICATIONS, MOST_Z = 2400, 20, 4.5
CLOSE = 0.05
"""Standard errors of the figure that the loops may be away from the engine: ties are rare."""


def failures() -> list[str]:
    """Compare all peers that are there, print what came out, and return what is wrong."""
    scenario = load(CONFIGS / "m2.toml", overrides={"time.horizon": f"{HOURS} h"})
    drawn = [draw_messages(scenario, seed=1, replication=number) for number in range(REPLICATIONS)]
    roster = compile_roster(scenario)
    logs = chain.from_iterable(simulate_lanes([Lane(scenario.desk, messages, roster) for messages in drawn]))
    engine = np.array([_figures(scenario, log) for log in logs])
    found = _away("lanes engine", engine)
    each = [as_arrays(scenario.horizon, messages) for messages in drawn]
    for peer in ("heapq", "numba"):
        if find_spec(peer):
            found += _differs(peer, _looped(import_module(f"benchmarks.peers_{peer}").run, each), engine)
    if find_spec("ciw"):
        from benchmarks import peers_ciw

        runs = [peers_ciw.simulated(horizon=HOURS, seed=seed) for seed in range(REPLICATIONS)]
        found += _away("Ciw", np.array([peers_ciw.five_figures(run, horizon=HOURS) for run in runs]))
    return found


def _looped(run: Callable[[Futures], tuple[int, int, int, int, int, int, int]], each: list[Futures]) -> Floats:
    return np.array([five(run(futures), len(futures.arrival), futures.horizon) for futures in each])


def _figures(scenario: Scenario, log: Log) -> Floats:
    visits, horizon = log.visits, scenario.horizon
    names = np.array([queue.name.split(".", 1)[1] for queue in scenario.desk.queues])[visits.queue]
    fresh, began = names == "handle", visits.start < NEVER
    wait = (visits.start - visits.joined)[fresh & began]
    reviewed = (names == "review") & began & (visits.end < NEVER)
    working = began & (names != "review")
    worked = np.minimum(visits.end, horizon)[working] - visits.start[working]
    assert scenario.teams[0].headcount.values.tolist() == [RESPONDERS]
    counted = (
        int((wait <= PROMISE).sum()),
        int((fresh & ~began & (visits.end < NEVER)).sum()),
        len(wait),
        int(wait.sum()),
        int(reviewed.sum()),
        int((visits.end - visits.joined)[reviewed].sum()),
        int(worked.sum()),
    )
    return five(counted, int(fresh.sum()), horizon)


def _away(name: str, figures: Floats) -> list[str]:
    """Compare with the published figures, in standard errors of both."""
    published, error = np.array(PUBLISHED).T
    return _judged(name, figures, (figures.mean(axis=0) - published) / np.hypot(_error(figures), error), MOST_Z)


def _differs(name: str, figures: Floats, engine: Floats) -> list[str]:
    """Compare with the engine on the same draws, in standard errors of a figure."""
    return _judged(name, figures, (figures.mean(axis=0) - engine.mean(axis=0)) / _error(engine), CLOSE)


def _error(figures: Floats) -> Floats:
    error: Floats = figures.std(axis=0, ddof=1) / len(figures) ** 0.5
    return error


def _judged(name: str, figures: Floats, away: Floats, most: float) -> list[str]:
    """Print the figures; return those that are further away than the most standard errors allowed."""
    each = list(zip(FIGURES, figures.mean(axis=0), away, strict=True))
    print(f"{name:<13}", *(f"{what} {value:.4f} ({errors:+.2f})" for what, value, errors in each))
    return [f"{name}: {what} is {errors:+.2f} standard errors away" for what, _, errors in each if abs(errors) > most]
