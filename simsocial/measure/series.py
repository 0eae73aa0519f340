"""Measures by reporting interval, and their means over replications in memory that does not grow with these."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.measure.definitions import Entity
from simsocial.measure.rows import Row, asked, rows_of
from simsocial.measure.series_definitions import COUNTED, SERIES, Counted, Ratio
from simsocial.measure.totals import by_stage, ends_of_intervals
from simsocial.model.scenario import Scenario
from simsocial.model.tallies import Tallies, so_far

Floats = npt.NDArray[np.float64]


def series_rows(scenario: Scenario) -> tuple[Row, ...]:
    """Return what is told of every interval, in the order of :func:`~simsocial.measure.measures.rows`."""
    return rows_of(scenario, SERIES)


def series(scenario: Scenario, tallies: Tallies) -> Floats:
    """Return what was counted in each replication; shape (…, counted rows, intervals): the rows that are no ratios."""
    ends = ends_of_intervals(scenario, tallies.edges)
    values = {measure: _by_interval(measure, scenario, tallies, ends) for measure in COUNTED}
    return np.stack([values[measure][..., about.place, :] for about, measure in asked(scenario, COUNTED)], axis=-2)


def _by_interval(measure: Counted, scenario: Scenario, tallies: Tallies, ends: npt.NDArray[np.int64]) -> Floats:
    """Return a measure's values; shape (…, entities, intervals). What is due at the horizon is in the last one (R8)."""
    counts = measure.counted(tallies)
    if measure.entity in (Entity.STEP, Entity.REVIEW):
        counts = by_stage(scenario, counts)
    if counts.shape[-1] == len(tallies.edges):
        return counts.take(ends, axis=-1) / measure.per
    beyond = np.concatenate(([0], ends[:-1], [len(tallies.edges) - 1]))
    length = np.diff(tallies.edges[beyond].clip(scenario.warmup, scenario.horizon)).clip(min=1)
    return np.diff(so_far(counts).take(beyond, axis=-1)) / (length if measure.averaged else measure.per)


@dataclass(frozen=True, eq=False)
class SeriesTable:
    """Estimates over replications with pointwise intervals.

    Parameters
    ----------
    rows
        What is told.
    start
        Shape (intervals,), ticks: where each reporting interval begins; or the checkpoints.
    value, low, high
        Shape (rows, intervals). A ratio of nothing is NaN, as are the limits of means and ratios for one replication.
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
    """Means, variances and covariances of series, updated replication by replication.

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
        told = list(enumerate(asked(scenario, SERIES)))
        place = {pair: index for index, pair in enumerate(asked(scenario, COUNTED))}
        ratios = [(row, about, measure) for row, (about, measure) in told if isinstance(measure, Ratio)]
        self._counted = [row for row, pair in told if pair in place]
        self._ratios = [row for row, _, _ in ratios]
        self._above = [place[about, measure.above] for _, about, measure in ratios]
        self._below = [place[about, measure.below] for _, about, measure in ratios]
        self._times = np.array([measure.times for _, _, measure in ratios])[:, np.newaxis]
        self._mean = np.zeros((len(place), len(self.start)))
        self._squares = np.zeros_like(self._mean)
        self._products = np.zeros((len(ratios), len(self.start)))

    def add(self, values: Floats) -> None:
        """Add a replication: what :func:`series` returned."""
        self.n += 1
        off = values - self._mean
        self._mean += off / self.n
        still_off = values - self._mean
        self._products += off[self._above] * still_off[self._below]
        off *= still_off
        self._squares += off

    def table(self, confidence: float = 0.95) -> SeriesTable:
        """Return means with Student's intervals and ratios of means by the delta method; no limit is below 0 (R43)."""
        value, half = (np.empty((len(self.rows), len(self.start))) for _ in range(2))
        value[self._counted], half[self._counted] = self._mean, np.sqrt(self._squares)
        value[self._ratios], half[self._ratios] = self._of_ratios()
        half *= self._student(confidence)
        low = np.maximum(value - half, 0.0)
        return SeriesTable(self.rows, self.start, value, low, value + half, confidence, self.n)

    def _of_ratios(self) -> tuple[Floats, Floats]:
        """Return each ratio R = X̄ / Ȳ, and √Σ (Xᵢ − R Yᵢ)² / Ȳ: see :func:`~simsocial.measure.stats.ratio`."""
        above, below = self._mean[self._above], self._mean[self._below]
        with np.errstate(invalid="ignore"):  # a ratio of nothing is no number
            value = above / below
            squares = self._squares[self._above] - 2 * value * self._products + value**2 * self._squares[self._below]
            return self._times * value, self._times * np.sqrt(squares.clip(min=0)) / below

    def _student(self, confidence: float) -> float:
        """Return by how much the root of a sum of squares becomes half the width of the mean's interval."""
        from scipy.special import stdtrit

        if self.n < 2:
            return math.nan
        return float(stdtrit(self.n - 1, (1 + confidence) / 2)) / math.sqrt(self.n * (self.n - 1))
