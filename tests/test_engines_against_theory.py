"""The engines against exact theory and published simulations, through the public API.

A short run of every case is part of the tests; ``python -m pytest -m long tests/test_engines_against_theory.py`` runs
them until each value's relative standard error is at most 2 %.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from reference_cases import CASES, IDS, Floats, Trial, trial, values

pytestmark = pytest.mark.skipif(not CASES.exists(), reason=f"reference cases are not here: {CASES.name}")
Z = 4.5
LONG_RSE = 0.02
MOST_ROUNDS = 40


def estimate(rows: Iterable[Floats]) -> tuple[Floats, Floats]:
    """Return the ratios of means of shape (targets,) and their standard errors by the delta method."""
    numerator, denominator = np.moveaxis(np.array(list(rows)), 1, 0)
    ratio = numerator.mean(axis=0) / denominator.mean(axis=0)
    residual = (numerator - ratio * denominator) / denominator.mean(axis=0)
    return ratio, residual.std(axis=0, ddof=1) / np.sqrt(len(residual))


def deviations(case: Trial, mean: Floats, se: Floats, *, factor: float = 1.0) -> dict[str, float]:
    """Return z of every target against ``factor`` times its value."""
    true = np.array([target.value for target in case.targets])
    true_se = np.array([target.se for target in case.targets])
    z = (mean - factor * true) / np.hypot(se, true_se)
    return {target.name: float(value) for target, value in zip(case.targets, z, strict=True)}


def off(z: dict[str, float]) -> dict[str, float]:
    return {name: value for name, value in z.items() if not abs(value) <= Z}


@pytest.mark.parametrize("name", IDS)
def test_short_run_agrees(name: str, tmp_path: Path) -> None:
    case = trial(name, messages=1500)
    mean, se = estimate(values(case, tmp_path, replications=24, seed=20260105))
    assert off(deviations(case, mean, se)) == {}
    assert off(deviations(case, mean, se, factor=3.0)), "the check must notice a value three times too large"


@pytest.mark.long
@pytest.mark.parametrize("name", IDS)
def test_long_run_agrees_within_two_percent(name: str, tmp_path: Path) -> None:
    case = trial(name, messages=25_000)
    rows: list[Floats] = []
    for seed in range(MOST_ROUNDS):
        rows += values(case, tmp_path, replications=20, seed=seed)
        mean, se = estimate(rows)
        if (se <= LONG_RSE * np.abs(mean)).all():
            break
    z = deviations(case, mean, se)
    for target, value, error in zip(case.targets, mean, se, strict=True):
        print(f"{name} {target.name}: {value:.6g} ± {error:.2g} (true {target.value:.6g}, z {z[target.name]:+.2f})")
    assert off(z) == {}
    assert max(se / np.abs(mean)) <= LONG_RSE
    assert len(off(deviations(case, mean, se, factor=1.2))) == len(case.targets), "20 % more must be noticed everywhere"
