"""Statistics over replications: estimates with intervals of stated confidence, and advice for a warm-up (R43)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

BATCH: Final = 5
"""Observations per batch in MSER-5, and batches at the end that it does not judge by."""


@dataclass(frozen=True)
class Estimate:
    """A value and how sure we are.

    Parameters
    ----------
    value
        NaN where nothing happened that it could be measured by.
    low, high
        Limits of the interval; NaN where there are too few replications for one.
    confidence
        Of the interval.
    n
        Replications it rests on.
    """

    value: float
    low: float
    high: float
    confidence: float
    n: int

    @property
    def half_width(self) -> float:
        return (self.high - self.low) / 2


def student(values: npt.ArrayLike, confidence: float = 0.95) -> Estimate:
    """Estimate a mean.

    Parameters
    ----------
    values
        Shape (n,), one per replication.
    confidence
        Of the interval, exact for normal values.
    """
    values = np.asarray(values, np.float64)
    if len(values) == 0:
        return _nothing(confidence)
    return _around(float(values.mean()), values, confidence)


def ratio(numerator: npt.ArrayLike, denominator: npt.ArrayLike, confidence: float = 0.95) -> Estimate:
    """Estimate a ratio of means by the delta method.

    The error of R = X̄ / Ȳ is to first order the mean of (Xᵢ − R Yᵢ) / Ȳ (Cochran, *Sampling Techniques*, 3rd ed. 1977,
    chapter 6).

    Parameters
    ----------
    numerator, denominator
        Shape (n,), one pair per replication.
    confidence
        Of the interval, reached as n grows.
    """
    x, y = np.asarray(numerator, np.float64), np.asarray(denominator, np.float64)
    if len(y) == 0 or y.mean() == 0:
        return _nothing(confidence, len(y))
    value = float(x.mean() / y.mean())
    return _around(value, (x - value * y) / y.mean(), confidence)


def paired(a: npt.ArrayLike, b: npt.ArrayLike, confidence: float = 0.95) -> Estimate:
    """Estimate how much larger the mean of ``a`` is than that of ``b``.

    Parameters
    ----------
    a, b
        Shape (n,): both from the same replications, which share their draws.
    confidence
        Of the interval, exact for normal differences.
    """
    return student(np.asarray(a, np.float64) - np.asarray(b, np.float64), confidence=confidence)


def paired_ratios(
    a: tuple[npt.ArrayLike, npt.ArrayLike], b: tuple[npt.ArrayLike, npt.ArrayLike], confidence: float = 0.95
) -> Estimate:
    """Estimate how much larger one ratio of means is than another, by the delta method.

    Parameters
    ----------
    a, b
        (numerator, denominator), shape (n,) each: all from the same replications.
    confidence
        Of the interval, reached as n grows.
    """
    (x, y), (u, v) = (np.asarray(pair, np.float64) for pair in (a, b))
    if len(y) == 0 or y.mean() == 0 or v.mean() == 0:
        return _nothing(confidence, len(y))
    left, right = x.mean() / y.mean(), u.mean() / v.mean()
    errors = (x - left * y) / y.mean() - (u - right * v) / v.mean()
    return _around(float(left - right), errors, confidence)


def order_quantile(values: npt.ArrayLike, share: float, confidence: float = 0.95) -> Estimate:
    """Estimate a quantile by order statistics, whatever the law.

    How many of n values lie below the quantile is binomial, so two ranks enclose it (David & Nagaraja, *Order
    Statistics*, 3rd ed. 2003, section 7.1). Values may be infinite.

    Parameters
    ----------
    values
        Shape (n,), one per replication.
    share
        0.5 for the median.
    confidence
        The interval's is at least this. With too few values for it the limit is NaN: the median needs 6 for 95 %.
    """
    from scipy.special import bdtr  # scipy.stats would take most of a second to import

    ordered = np.sort(np.asarray(values, np.float64))
    n = len(ordered)
    if n == 0:
        return _nothing(confidence)
    tail = (1 - confidence) / 2
    below = bdtr(np.arange(n + 1), n, share)  # P(at most so many values lie below the quantile)
    lower, upper = int(np.searchsorted(below, tail)), int(np.searchsorted(below, 1 - tail)) + 1  # ranks from 1
    return Estimate(
        value=float(ordered[max(math.ceil(n * share), 1) - 1]),
        low=float(ordered[lower - 1]) if lower >= 1 else math.nan,
        high=float(ordered[upper - 1]) if upper <= n else math.nan,
        confidence=confidence,
        n=n,
    )


def wilson(hits: int, n: int, confidence: float = 0.95) -> Estimate:
    """Estimate a probability by the share of ``n`` replications in which something happened.

    Its interval is Wilson's (Journal of the American Statistical Association 22, 1927): the probabilities from which
    the share is no further than their own standard error allows.
    """
    from scipy.special import ndtri

    if n == 0:
        return _nothing(confidence)
    share, z = hits / n, float(ndtri((1 + confidence) / 2))
    scale = 2 * (n + z**2)
    middle, half = (2 * n * share + z**2) / scale, z / scale * math.sqrt(4 * n * share * (1 - share) + z**2)
    low, high = middle - half if hits else 0.0, middle + half if hits < n else 1.0
    return Estimate(share, low, high, confidence, n)


def paired_shares(a: npt.ArrayLike, b: npt.ArrayLike, confidence: float = 0.95) -> Estimate:
    """Estimate how much larger one probability is than another, from the same replications.

    The interval is Newcombe's tenth (Statistics in Medicine 17, 1998, 2635-2650): Wilson's of each share, joined by the
    root of their squares less what the two have in common (φ, corrected for continuity). No limit passes ±1.

    Parameters
    ----------
    a, b
        Shape (n,), 1 where it happened and else 0: both from the same replications.
    confidence
        Of the interval, reached as n grows.
    """
    x, y = np.asarray(a, np.bool_), np.asarray(b, np.bool_)
    one, other = (wilson(int(each.sum()), len(each), confidence) for each in (x, y))
    common = 2 * _correlation(x, y)

    def distance(left: float, right: float) -> float:
        return math.sqrt(max(left**2 - common * left * right + right**2, 0.0))

    value = one.value - other.value
    low = value - distance(one.value - one.low, other.high - other.value)
    high = value + distance(one.high - one.value, other.value - other.low)
    return Estimate(value, low, high, confidence, len(x))


def _correlation(x: npt.NDArray[np.bool_], y: npt.NDArray[np.bool_]) -> float:
    """Return φ of two lists of what happened, drawn to 0 by half of their length where it is positive."""
    n, both = len(x), int((x & y).sum())
    p, q = int(x.sum()), int(y.sum())
    product = n * both - p * q  # of the fourfold table: agreeing cells less differing ones
    corrected = max(product - n / 2, 0.0) if product > 0 else float(product)
    scale = math.sqrt(p * (n - p) * q * (n - q))
    return corrected / scale if scale else 0.0


def mser5(series: npt.ArrayLike) -> int | None:
    """Advise where the start of a run stops mattering, by MSER-5.

    The cut is where the standard error of the mean of what remains is smallest (White, "An effective truncation
    heuristic for bias reduction in simulation output", Simulation 69, 1997; in batches of 5: White, Cobb & Spratt,
    Winter Simulation Conference 2000).

    Parameters
    ----------
    series
        Shape (observations,), at equal steps of time: of one run, or means over replications.

    Returns
    -------
    int or None
        Observations to leave out; ``None``, no advice, where the cut would fall in the second half: the run is too
        short, or never settles.
    """
    series = np.asarray(series, np.float64)
    batches = len(series) // BATCH
    if batches < 2 * BATCH:
        return None
    means = series[: batches * BATCH].reshape(batches, BATCH).mean(axis=1)
    error = _squared_errors(means)[: batches - BATCH]  # a few batches that happen to agree would win at the very end
    cut = int(error.argmin())
    return cut * BATCH if 2 * cut <= batches else None


def _squared_errors(means: Floats) -> Floats:
    """Return Σ (z − z̄)² / m² of the last m values, for m from all of them to one; shape (values,)."""
    m = np.arange(len(means), 0, -1)
    centred = means - means.mean()
    total, squares = centred[::-1].cumsum()[::-1], (centred**2)[::-1].cumsum()[::-1]
    errors: Floats = (squares - total**2 / m).clip(min=0) / m.astype(np.float64) ** 2
    return errors


def _around(value: float, errors: Floats, confidence: float) -> Estimate:
    """Return Student's interval around a ``value`` that errs as the mean of ``errors`` (shape (n,)) does."""
    from scipy.special import stdtrit

    n = len(errors)
    if n < 2:
        return Estimate(value, math.nan, math.nan, confidence, n)
    half = float(stdtrit(n - 1, (1 + confidence) / 2)) * float(errors.std(ddof=1)) / math.sqrt(n)
    return Estimate(value, value - half, value + half, confidence, n)


def _nothing(confidence: float, n: int = 0) -> Estimate:
    return Estimate(math.nan, math.nan, math.nan, confidence, n)
