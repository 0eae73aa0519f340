"""Sobol indices: how much of a measure's spread over uncertain inputs each of them explains (R126)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simsocial.measure.stats import Estimate

Floats = npt.NDArray[np.float64]

RESAMPLES: Final = 999
"""Of the bootstrap."""


@dataclass(frozen=True)
class Indices:
    """Shares of the variance of one output that one input explains.

    Parameters
    ----------
    first
        By itself.
    total
        With all that it does together with others.
    """

    first: Estimate
    total: Estimate


def sobol(
    function: Callable[[Floats], Floats], *, inputs: int, points: int, seed: int, confidence: float = 0.95
) -> tuple[tuple[Indices, ...], ...]:
    """Estimate first and total indices of independent inputs that are uniform on [0, 1).

    Parameters
    ----------
    function
        Takes shape (inputs, m), one column per point, and returns finite numbers of shape (outputs, m).
    inputs
        How many there are.
    points
        A power of two; the function is asked of ``points`` × (``inputs`` + 2) points, scrambled Sobol points of
        :func:`scipy.stats.sobol_indices`.
    seed
        Of the scrambling and the bootstrap.
    confidence
        Of the intervals, bootstrapped over the points (BCa); an index that is the same in every resample has an
        interval of no width.

    Returns
    -------
    tuple
        For each output the indices of each input; all 0 where the output is the same at every point.
    """
    from scipy.stats import sobol_indices, uniform

    asked: list[tuple[Floats, Floats, Floats]] = []

    def method(f_A: Floats, f_B: Floats, f_AB: Floats) -> tuple[Floats, Floats]:
        asked.append((f_A, f_B, f_AB))
        return saltelli(f_A, f_B, f_AB)

    dists: list[Any] = [uniform()] * inputs
    sobol_indices(func=function, n=points, dists=dists, method=method, rng=seed)
    ((f_A, f_B, f_AB),) = asked
    return tuple(
        _of_output(f_A[output], f_B[output], f_AB[:, output], seed=seed, confidence=confidence)
        for output in range(len(f_A))
    )


def saltelli(f_A: Floats, f_B: Floats, f_AB: Floats) -> tuple[Floats, Floats]:
    """Return first and total indices, shape (outputs, inputs) each.

    Saltelli, Annoni, Azzini, Campolongo, Ratto & Tarantola, *Variance based sensitivity analysis of model output*,
    Computer Physics Communications 181 (2010), 259–270, table 2 (b) and (f), as in SciPy.

    Parameters
    ----------
    f_A, f_B
        Outputs at two independent samples, shape (outputs, n), less their common mean.
    f_AB
        At the first, with one input at a time from the second; shape (inputs, outputs, n).
    """
    variance = np.var([f_A, f_B], axis=(0, -1))
    first = np.mean(f_B * (f_AB - f_A), axis=-1)
    total = 0.5 * np.mean((f_A - f_AB) ** 2, axis=-1)
    return _shares(first, variance).T, _shares(total, variance).T


def _shares(parts: Floats, variance: Floats) -> Floats:
    """Return parts of a variance, none of a variance of nothing."""
    return np.divide(parts, variance, out=np.zeros_like(parts), where=variance > 0)


def _of_output(f_A: Floats, f_B: Floats, f_AB: Floats, *, seed: int, confidence: float) -> tuple[Indices, ...]:
    def statistic(chosen: npt.NDArray[np.int64]) -> Floats:
        return np.stack(saltelli(f_A[None, chosen], f_B[None, chosen], f_AB[:, None, chosen]))[:, 0]

    values = statistic(np.arange(len(f_A)))
    low, high = _bootstrapped(statistic, values, n=len(f_A), seed=seed, confidence=confidence)
    estimates = np.vectorize(lambda value, a, b: Estimate(value, a, b, confidence, len(f_A)), otypes=[object])
    return tuple(Indices(*pair) for pair in estimates(values, low, high).T)


def _bootstrapped(
    statistic: Callable[[npt.NDArray[np.int64]], Floats], values: Floats, *, n: int, seed: int, confidence: float
) -> tuple[Floats, Floats]:
    """Return the limits of an interval around each value."""
    import warnings

    from scipy.stats import DegenerateDataWarning, bootstrap

    with warnings.catch_warnings(), np.errstate(invalid="ignore", divide="ignore"):
        warnings.simplefilter("ignore", DegenerateDataWarning)  # an index that never varies is told below
        found = bootstrap(
            (np.arange(n),),
            statistic,
            n_resamples=RESAMPLES,
            confidence_level=confidence,
            method="BCa",
            vectorized=False,
            rng=seed,
        )
    same = np.ptp(found.bootstrap_distribution, axis=-1) == 0
    low, high = found.confidence_interval
    return np.where(same, values, low), np.where(same, values, high)
