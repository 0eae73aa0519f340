"""When training has paid back what it took, for good (R111)."""

from __future__ import annotations

import datetime as dt

import numpy as np
import numpy.typing as npt

from simsocial.model.scenario import Scenario
from simsocial.model.tallies import CareerCounts, so_far
from simsocial.units import DAY, WEEK


def break_even_week(scenario: Scenario, careers: CareerCounts, edges: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Return from which calendar week on what better pace has brought is never again less than what training took.

    Parameters
    ----------
    scenario
        What was simulated.
    careers
        What was counted in one replication, or in several.
    edges
        Shape (buckets + 1,), ticks.

    Returns
    -------
    Shape (…, teams), 1 for the week of the start; infinite where there is none up to the horizon, NaN where training
    took nothing.
    """
    ends = np.searchsorted(edges, ends_of_weeks(scenario))
    lost, gained = (so_far(counts).take(ends, axis=-1) for counts in (careers.lost, careers.gained))
    short = lost > gained
    last_short = (short * np.arange(1, len(ends) + 1)).max(axis=-1)
    week = np.where(short[..., -1], np.inf, last_short + 1)
    return np.where(lost[..., -1] > 0, week, np.nan)


def ends_of_weeks(scenario: Scenario) -> npt.NDArray[np.int64]:
    """Return the ticks at which calendar weeks end, on Sunday at midnight; the last one ends with the run."""
    midnight = scenario.tick(dt.datetime.combine(scenario.start, dt.time()))
    first = midnight + WEEK - scenario.start.weekday() * DAY
    return np.append(np.arange(first, scenario.horizon, WEEK), scenario.horizon)


def week_of(scenario: Scenario, number: float) -> str:
    """Write the week of that number, such as ``2026-W23``."""
    monday = scenario.start.date() + dt.timedelta(weeks=round(number) - 1)
    return "{}-W{:02}".format(*monday.isocalendar()[:2])
