"""Measures by reporting interval, and their means over replications in memory that does not grow with these."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.measure.definitions import Entity
from simsocial.measure.rows import Row, asked, rows_of
from simsocial.measure.series_definitions import SERIES, SeriesMeasure
from simsocial.measure.totals import by_stage, ends_of_intervals
from simsocial.model.scenario import Scenario
from simsocial.model.tallies import Tallies, so_far

Floats = npt.NDArray[np.float64]


def series_rows(scenario: Scenario) -> tuple[Row, ...]:
    """Return what is told of every interval, in the order of :func:`~simsocial.measure.measures.rows`."""
    return rows_of(scenario, SERIES)


def series(scenario: Scenario, tallies: Tallies) -> Floats:
    """Return the values of one replication; shape (rows, intervals), rows as in :func:`series_rows`."""
    ends = ends_of_intervals(scenario, tallies.edges)
    values = {measure: _by_interval(measure, scenario, tallies, ends) for measure in SERIES}
    return np.array([values[measure][about.place] for about, measure in asked(scenario, SERIES)])


def _by_interval(measure: SeriesMeasure, scenario: Scenario, tallies: Tallies, ends: npt.NDArray[np.int64]) -> Floats:
    """Return a measure's values; shape (entities, intervals). What is due at the horizon is in the last one (R8)."""
    counts = measure.counted(tallies)
    if measure.entity in (Entity.STEP, Entity.REVIEW):
        counts = by_stage(scenario, counts)
    if counts.shape[1] == len(tallies.edges):
        return counts.take(ends, axis=1) / measure.per
    beyond = np.concatenate(([0], ends[:-1], [len(tallies.edges) - 1]))
    return np.diff(so_far(counts).take(beyond, axis=1)) / measure.per


@dataclass(frozen=True, eq=False)
class SeriesTable:
    """Means over replications with pointwise intervals.

    Parameters
    ----------
    rows
        What is told.
    start
        Shape (intervals,), ticks: where each reporting interval begins.
    value, low, high
        Shape (rows, intervals); limits are NaN for one replication.
    confidence
        Of each interval by itself.
    n
        Replications.
    """

    rows: tuple[Row, ...]
    start: npt.NDArray[np.int64]
    value: Floats
    low: Floats
    high: Floats
    confidence: float
    n: int


class SeriesSum:
    """Means and variances of series, updated replication by replication.

    The update is Welford's (Technometrics 4, 1962), which does not cancel; added in the order of their numbers, the
    same replications give the same bytes.

    Parameters
    ----------
    scenario
        What is simulated.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.rows = series_rows(scenario)
        self.start = np.arange(0, scenario.horizon, scenario.interval)
        self.n = 0
        self._mean = np.zeros((len(self.rows), len(self.start)))
        self._squares = np.zeros_like(self._mean)

    def add(self, values: Floats) -> None:
        """Add a replication: what :func:`series` returned."""
        self.n += 1
        off = values - self._mean
        self._mean += off / self.n
        off *= values - self._mean
        self._squares += off

    def table(self, confidence: float = 0.95) -> SeriesTable:
        """Return the means with Student's intervals."""
        half = self._half_width(confidence)
        return SeriesTable(
            self.rows, self.start, self._mean.copy(), self._mean - half, self._mean + half, confidence, self.n
        )

    def _half_width(self, confidence: float) -> Floats:
        from scipy.special import stdtrit

        if self.n < 2:
            return np.full_like(self._mean, math.nan)
        error = np.sqrt(self._squares / (self.n - 1) / self.n)
        width: Floats = stdtrit(self.n - 1, (1 + confidence) / 2) * error
        return width
