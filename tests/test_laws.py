"""Oracle: scipy's distributions and numerical integration, against the laws of R21."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special, stats

from simsocial.model.laws import (
    Deterministic,
    Empirical,
    Exponential,
    Gamma,
    HyperExponential,
    Law,
    LogNormal,
    Pert,
    Triangular,
    Uniform,
    Weibull,
    WithZero,
)

BELOW_ONE = math.nextafter(1.0, 0.0)
U = np.concatenate(([0.0, 2**-53, 1e-9], np.linspace(0.001, 0.999, 999), [1 - 1e-9, BELOW_ONE]))


class TwoExponentials:
    """F and its complement of a mixture, by their formulas."""

    def __init__(self, shares: tuple[float, ...], means: tuple[float, ...]) -> None:
        self.shares, self.means = np.array(shares), np.array(means)

    def cdf(self, t: np.ndarray) -> np.ndarray:
        return -(self.shares * np.expm1(-t[:, None] / self.means)).sum(axis=1)

    def sf(self, t: np.ndarray) -> np.ndarray:
        return (self.shares * np.exp(-t[:, None] / self.means)).sum(axis=1)


BALANCED = HyperExponential.balanced(5.0, 3.0)
CONTINUOUS = [
    (Exponential(7.0), stats.expon(scale=7.0)),
    (Gamma(6.0, 0.5), stats.gamma(4.0, scale=1.5)),
    (Gamma(6.0, 2.0), stats.gamma(0.25, scale=24.0)),
    (Gamma.from_shape(6.0, 2.5), stats.gamma(2.5, scale=2.4)),
    (Gamma.erlang(6.0, 3), stats.erlang(3, scale=2.0)),
    (LogNormal(10.0, 1.2), stats.lognorm(math.sqrt(math.log(2.44)), scale=10.0 / math.sqrt(2.44))),
    (LogNormal.from_median(8.0, 0.9), stats.lognorm(0.9, scale=8.0)),
    (Weibull.from_scale(5.0, 0.7), stats.weibull_min(0.7, scale=5.0)),
    (Weibull.from_scale(5.0, 2.2), stats.weibull_min(2.2, scale=5.0)),
    (BALANCED, TwoExponentials(BALANCED.shares, BALANCED.means)),
    (HyperExponential((0.7, 0.2, 0.1), (1.0, 9.0, 400.0)), TwoExponentials((0.7, 0.2, 0.1), (1.0, 9.0, 400.0))),
    (Uniform(2.0, 5.0), stats.uniform(2.0, 3.0)),
    (Triangular(1.0, 2.0, 6.0), stats.triang(0.2, loc=1.0, scale=5.0)),
    (Triangular(1.0, 1.0, 6.0), stats.triang(0.0, loc=1.0, scale=5.0)),
    (Triangular(1.0, 6.0, 6.0), stats.triang(1.0, loc=1.0, scale=5.0)),
    (Pert(1.0, 2.0, 6.0), stats.beta(1.8, 4.2, loc=1.0, scale=5.0)),
]
SAMPLE = Empirical(np.array([3.0, 1.0, 1.0, 8.0, 0.0]))
LAWS = [law for law, _ in CONTINUOUS] + [Deterministic(4.0), SAMPLE, WithZero(Exponential(3.0), 0.2)]


def name(law: object) -> str:
    return type(law).__name__


def error(law: Law, truth: object) -> float:
    """The largest relative error of F below its middle, and of its complement above."""
    t = law.quantile(U[1:])
    lower = truth.cdf(t) / U[1:] - 1  # type: ignore[attr-defined]
    upper = truth.sf(t) / (1 - U[1:]) - 1  # type: ignore[attr-defined]
    return float(np.abs(np.where(U[1:] < 0.5, lower, upper)).max())


@pytest.mark.parametrize(("law", "truth"), CONTINUOUS, ids=name)
def test_the_quantile_inverts_the_distribution_function(law: Law, truth: object) -> None:
    inner = (U > 1e-4) & (U < 1 - 1e-4)
    t = law.quantile(U[inner])
    assert np.abs(truth.cdf(t) - U[inner]).max() < 1e-13  # type: ignore[attr-defined]
    if not isinstance(law, (Uniform, Triangular, Pert)):  # next to a bound that is not 0 one float is much in F
        assert error(law, truth) < 3e-12


def test_a_law_with_another_spread_is_found_out() -> None:
    assert error(Gamma(6.0, 0.5 + 1e-9), stats.gamma(4.0, scale=1.5)) > 3e-12
    assert error(HyperExponential.balanced(5.0, 3.0 + 1e-9), CONTINUOUS[9][1]) > 3e-12


@pytest.mark.parametrize("law", [law for law, _ in CONTINUOUS], ids=name)
def test_mean_and_cv_are_those_of_the_quantile(law: Law) -> None:
    """∫ q(u) du and ∫ q(u)² du with u = Φ(z), by the trapezoid rule."""
    z = np.linspace(-8.2, 8.2, 20_001)
    value = law.quantile(np.minimum(special.ndtr(z), BELOW_ONE))
    weight = np.exp(-z * z / 2) / math.sqrt(2 * math.pi) * (z[1] - z[0])
    first, second = (value * weight).sum(), (value**2 * weight).sum()
    assert law.mean == pytest.approx(first, rel=1e-6)
    assert law.cv == pytest.approx(math.sqrt(second / first**2 - 1), rel=1e-6)


@pytest.mark.parametrize("law", LAWS, ids=name)
def test_the_quantile_rises_and_is_finite(law: Law) -> None:
    value = law.quantile(U)
    assert np.isfinite(value).all()
    assert value.min() >= 0
    assert (np.diff(value) >= 0).all()
    assert value.dtype == np.float64


@pytest.mark.parametrize("law", LAWS, ids=name)
def test_a_value_does_not_depend_on_its_neighbours(law: Law) -> None:
    """Bit for bit: in a batch, in every third of it, alone, and in two dimensions."""
    u = np.random.default_rng(5).random(3000)
    value = law.quantile(u)
    assert np.array_equal(law.quantile(u[::3]), value[::3])
    assert np.array_equal(np.concatenate([law.quantile(u[i : i + 1]) for i in range(200)]), value[:200])
    assert np.array_equal(law.quantile(u.reshape(50, 60)).ravel(), value)


def test_a_sample_gives_each_value_its_share() -> None:
    u = (np.arange(5000) + 0.5) / 5000
    values, counts = np.unique(SAMPLE.quantile(u), return_counts=True)
    assert dict(zip(values.tolist(), counts.tolist(), strict=True)) == {0.0: 1000, 1.0: 2000, 3.0: 1000, 8.0: 1000}
    assert SAMPLE.mean == pytest.approx(2.6)
    assert SAMPLE.cv == pytest.approx(np.std([3, 1, 1, 8, 0]) / 2.6)
    for size in (1, 3, 7, 1000, 2**20 + 1):
        assert Empirical(np.arange(float(size))).quantile(np.array([BELOW_ONE]))[0] == size - 1


def test_constructors_by_usual_parameters() -> None:
    assert LogNormal.from_median(8.0, 0.9).quantile(np.array([0.5]))[0] == pytest.approx(8.0, rel=1e-14)
    assert Weibull.from_scale(5.0, 0.7).quantile(np.array([-math.expm1(-1)]))[0] == pytest.approx(5.0, rel=1e-14)
    assert Gamma.erlang(6.0, 4).cv == 0.5
    for cv in (0.05, 0.8, 1.0, 3.0, 20.0):
        assert Weibull.from_cv(5.0, cv).cv == pytest.approx(cv, rel=1e-9)
        assert Weibull.from_cv(5.0, cv).mean == 5.0
    assert Weibull.from_cv(5.0, 1.0).shape == pytest.approx(1.0, rel=1e-9)


def test_balanced_branches_carry_half_of_the_mean_each() -> None:
    assert np.multiply(BALANCED.shares, BALANCED.means) == pytest.approx([2.5, 2.5])
    assert BALANCED.mean == pytest.approx(5.0)
    assert BALANCED.cv == pytest.approx(3.0)


def test_zero_share_takes_the_lowest_uniforms() -> None:
    law = WithZero(Exponential(3.0), 0.2)
    value = law.quantile(U)
    assert ((value == 0) == (U <= 0.2)).all()
    above = U > 0.2
    assert np.allclose(value[above], Exponential(3.0).quantile((U[above] - 0.2) / 0.8), rtol=1e-14)
    moment = (1 - 0.2) * 2 * 3.0**2
    assert law.mean == pytest.approx(2.4)
    assert law.cv == pytest.approx(math.sqrt(moment / 2.4**2 - 1))


def test_zero_share_never_asks_for_the_quantile_of_one() -> None:
    share = next(
        k * 2**-54 for k in range(2**52 + 1, 2**52 + 99, 2) if (BELOW_ONE - k * 2**-54) / (1 - k * 2**-54) == 1
    )
    assert np.isfinite(WithZero(Exponential(3.0), share).quantile(np.array([BELOW_ONE])))
