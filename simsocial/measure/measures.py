"""Measures of a scenario: their values in a replication, and their estimates over replications."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from simsocial.measure.definitions import MEASURES, Kind
from simsocial.measure.rows import Row, asked, rows_of
from simsocial.measure.stats import Estimate, order_quantile, ratio, student, wilson
from simsocial.measure.totals import totals
from simsocial.model.scenario import Scenario
from simsocial.model.tallies import Tallies

Floats = npt.NDArray[np.float64]


def rows(scenario: Scenario) -> tuple[Row, ...]:
    """Return the rows of a scenario: streams, each with its promises and steps, then teams."""
    return rows_of(scenario, MEASURES)


def evaluate(scenario: Scenario, tallies: Tallies) -> tuple[Floats, Floats]:
    """Return the values of a replication, or of several.

    Parameters
    ----------
    scenario
        What was simulated.
    tallies
        What was counted.

    Returns
    -------
    numerator, denominator
        Shape (…, rows) each, in the order of :func:`rows`; the denominator of a mean or quantile is 1. A quantile is
        NaN where there was nothing to take it of.
    """
    total = totals(scenario, tallies)
    above = {measure: np.asarray(measure.numerator(total), np.float64) for measure in MEASURES}
    below = {measure: np.asarray(measure.denominator(total), np.float64) for measure in MEASURES if measure.denominator}
    pairs = asked(scenario, MEASURES)
    numerator = np.stack([above[measure][..., about.place] for about, measure in pairs], axis=-1)
    one = np.ones(numerator.shape[:-1])
    return numerator, np.stack([below[m][..., about.place] if m in below else one for about, m in pairs], axis=-1)


def summarise(
    measured: Sequence[Row], numerators: Floats, denominators: Floats, confidence: float = 0.95
) -> list[Estimate]:
    """Estimate every row from the values of replications (R43).

    Parameters
    ----------
    measured
        The rows.
    numerators, denominators
        Shape (n, rows), one line per replication in their order.
    confidence
        Of the intervals.

    Returns
    -------
    list of Estimate
        Means with Student's interval; ratios of means by the delta method; of quantiles, the median of the
        replications' quantiles by order statistics, of those replications that have one; shares of replications, whose
        values are 0 or 1, with Wilson's interval.
    """
    columns = zip(measured, numerators.T, denominators.T, strict=True)
    return [estimate(row.kind, above, below, confidence) for row, above, below in columns]


def estimate(kind: Kind, numerator: Floats, denominator: Floats, confidence: float = 0.95) -> Estimate:
    """Estimate one row from the values of replications; shape (n,) each. See :func:`summarise`."""
    if kind is Kind.RATIO:
        return ratio(numerator, denominator, confidence)
    if kind is Kind.QUANTILE:
        return order_quantile(numerator[~np.isnan(numerator)], 0.5, confidence)
    if kind is Kind.SHARE:
        return wilson(int(numerator.sum()), len(numerator), confidence)
    return student(numerator, confidence)
