"""Runs whose numbers are made up, of one measure, to be compared as if they had been simulated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from builders import poisson, single_stage_scenario

from simsocial.measure.definitions import Kind
from simsocial.measure.rows import Row
from simsocial.model.laws import Exponential
from simsocial.simulation.points import PointResults
from simsocial.units import HOUR

MEASURES = {
    Kind.MEAN: Row("a", "b", "", "backlog_mean", "visits", Kind.MEAN),
    Kind.RATIO: Row("a", "b", "", "wait_mean", "min", Kind.RATIO),
    Kind.SHARE: Row("a", "b", "", "p_behind", "", Kind.SHARE),
    Kind.QUANTILE: Row("a", "b", "", "wait_p90", "min", Kind.QUANTILE),
}


SCENARIO = single_stage_scenario(arrivals=poisson(per_hour=1, horizon=40 * HOUR), work=Exponential(HOUR / 2))


def made_up(kind: Kind, numerators: Any, denominators: Any = None) -> Mapping[str, PointResults]:
    """Return runs called 0, 1, … of columns of values, shape (replications, runs)."""
    above = np.asarray(numerators, np.float64)
    below = np.ones_like(above) if denominators is None else np.asarray(denominators, np.float64)
    return {
        str(k): PointResults(SCENARIO, 1, 0, (MEASURES[kind],), above[:, k : k + 1], below[:, k : k + 1])
        for k in range(above.shape[1])
    }
