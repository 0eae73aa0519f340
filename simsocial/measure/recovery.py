"""How long a stage needs after a burst until no more waits than before it (R77)."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from simsocial.errors import Fault, InputError
from simsocial.measure.totals import by_stage, ends_of_intervals
from simsocial.model.scenario import Scenario
from simsocial.model.tallies import Tallies
from simsocial.units import DAY, HOUR, WEEK


def time_until_back(scenario: Scenario, tallies: Tallies, *, stage: str, since: int) -> float:
    """Tell when a stage's backlog is back at its level before a burst.

    Parameters
    ----------
    scenario, tallies
        What was simulated, and what was counted in one replication.
    stage
        ``<stream>.<step>``.
    since
        Tick at which the burst begins, at least a reporting interval after the start and before the horizon.

    Returns
    -------
    float
        Hours from the beginning of the burst to the end of a reporting interval, by R77; infinite where the backlog
        is not back within the horizon.

    Raises
    ------
    InputError
        When there is no such stage, or no interval of the run ends before the burst.
    """
    stages = [f"{route.stream}.{step.name}" for route in scenario.desk.routes for step in route.steps]
    if stage not in stages:
        raise InputError(Fault(f"there is no stage {stage!r}; there are {', '.join(stages)}"))
    ends = ends_of_intervals(scenario, tallies.edges)
    waiting = by_stage(scenario, tallies.flows.waiting.take(ends, axis=1))[stages.index(stage)]
    return _hours_until_back(tallies.edges[ends], waiting, since)


def _hours_until_back(end: npt.NDArray[np.int64], waiting: npt.NDArray[np.int64], since: int) -> float:
    before, after = (end > since - WEEK) & (end <= since), end > since
    if not before.any() or not after.any():
        raise InputError(Fault("no reporting interval ends in the week before the burst, or none after it"))
    end, above = np.append(since, end[after]), np.append(False, waiting[after] > waiting[before].max())
    calm = np.flatnonzero(~above)
    next_above = np.append(end[above], end[-1])[np.searchsorted(np.flatnonzero(above), calm)]
    back = calm[next_above - end[calm] >= DAY]
    return float((end[back[0]] - since) / HOUR) if len(back) else math.inf
