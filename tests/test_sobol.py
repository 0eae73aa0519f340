"""Oracle: functions whose Sobol indices are known in closed form (R126)."""

from __future__ import annotations

from collections.abc import Callable
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import pytest

from simsocial.measure.sobol import Indices, saltelli, sobol
from simsocial.measure.stats import Estimate

Floats = npt.NDArray[np.float64]

A, B = 7.0, 0.1
"""Parameters of Ishigami's function."""
SHARE_OF_ALL = 0.5 + A**2 / 8 + B * np.pi**4 / 5 + B**2 * np.pi**8 / 18
FIRST = np.array([(1 + B * np.pi**4 / 5) ** 2 / 2, A**2 / 8, 0.0]) / SHARE_OF_ALL
TOGETHER = 8 * B**2 * np.pi**8 / 225 / SHARE_OF_ALL
TOTAL = FIRST + np.array([TOGETHER, 0.0, TOGETHER])
"""Ishigami & Homma 1990; Sobol' & Levitan 1999."""


def ishigami(share: Floats) -> Floats:
    x = np.pi * (2 * share - 1)
    return (np.sin(x[0]) + A * np.sin(x[1]) ** 2 + B * x[2] ** 4 * np.sin(x[0]))[None]


def additive(share: Floats) -> Floats:
    """Variances 1 : 4 : 0 of its inputs, and an output that none of them moves."""
    return np.stack([share[0] + 2 * share[1], np.full(share.shape[1], 0.1)])


def indices(function: Callable[[Floats], Floats], *, points: int, output: int = 0) -> tuple[Indices, ...]:
    return sobol(function, inputs=3, points=points, seed=5)[output]


def off(made: Estimate, exact: float) -> float:
    """How many standard errors, as its interval tells them, an index is off."""
    error = made.half_width / NormalDist().inv_cdf((1 + made.confidence) / 2)
    return abs(made.value - exact) / error


def test_indices_of_ishigami() -> None:
    found = indices(ishigami, points=512)
    assert max(off(its.first, exact) for its, exact in zip(found, FIRST, strict=True)) < 4.5
    assert max(off(its.total, exact) for its, exact in zip(found, TOTAL, strict=True)) < 4.5
    assert off(found[0].first, TOTAL[0]) > 4.5, "negative control: what x1 does with x3 is no part of its first index"


def test_intervals_hold_and_narrow() -> None:
    few, many = indices(ishigami, points=64), indices(ishigami, points=512)
    for wide, narrow, exact in zip(few, many, TOTAL, strict=True):
        assert narrow.total.half_width < wide.total.half_width
        assert wide.total.low < exact < wide.total.high
        assert (wide.total.n, wide.total.confidence) == (64, 0.95)


def test_an_additive_function_has_nothing_together() -> None:
    found = indices(additive, points=256)
    for its, exact in zip(found[:2], (0.2, 0.8), strict=True):
        assert off(its.first, exact) < 4.5
        assert off(its.total, exact) < 4.5


def test_an_inert_input_explains_exactly_nothing() -> None:
    inert = indices(additive, points=64)[2]
    assert (inert.first.value, inert.total.value) == (0, 0)
    assert (inert.total.low, inert.total.high) == (0, 0)


def test_noise_of_its_own_at_every_point_makes_an_inert_input_look_important() -> None:
    """Negative control: why all points have the same replications."""
    dice = np.random.default_rng(1)
    noisy = indices(lambda share: additive(share)[:1] + dice.normal(0, 0.7, share.shape[1]), points=256)[2]
    assert noisy.total.low > 0.1


def test_an_output_that_nothing_moves_has_no_indices() -> None:
    still = indices(additive, points=16, output=1)
    assert all(its.first.value == its.total.value == its.total.high == 0 for its in still)


def test_estimator_is_that_of_scipy() -> None:
    from scipy.stats import sobol_indices, uniform

    theirs = sobol_indices(func=lambda share: ishigami(share)[0], n=64, dists=[uniform()] * 3, rng=5)
    ours = indices(ishigami, points=64)
    np.testing.assert_allclose([its.first.value for its in ours], theirs.first_order, rtol=1e-12)
    np.testing.assert_allclose([its.total.value for its in ours], theirs.total_order, rtol=1e-12)


def test_the_same_seed_gives_the_same_indices_and_intervals() -> None:
    assert indices(ishigami, points=16) == indices(ishigami, points=16)
    assert indices(ishigami, points=16) != sobol(ishigami, inputs=3, points=16, seed=6)[0]


@pytest.mark.parametrize("outputs", [1, 3])
def test_saltelli_of_several_outputs_at_once(outputs: int) -> None:
    dice = np.random.default_rng(2)
    one, other, mixed = (
        dice.normal(size=(outputs, 8)),
        dice.normal(size=(outputs, 8)),
        dice.normal(size=(2, outputs, 8)),
    )
    first, total = saltelli(one, other, mixed)
    assert first.shape == total.shape == (outputs, 2)
    alone = saltelli(one[-1:], other[-1:], mixed[:, -1:])
    np.testing.assert_allclose((first[-1:], total[-1:]), alone)
