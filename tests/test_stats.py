"""Intervals by their coverage in simulation, advice and stopping rules by known answers; negative controls for both."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.stats import binom, norm

from simsocial.measure.replications import is_precise, look_ahead, stop_after
from simsocial.measure.stats import (
    Estimate,
    mser5,
    order_quantile,
    paired,
    paired_ratios,
    paired_shares,
    ratio,
    student,
    wilson,
)
from simsocial.model.scenario import Precision

Limits = tuple[float, float]


def coverage_z(interval: Callable[[np.random.Generator], Limits], truth: float, expected: float, runs: int) -> float:
    """Return by how many standard errors the coverage in ``runs`` simulated samples differs from ``expected``."""
    random = np.random.default_rng(20)
    limits = [interval(random) for _ in range(runs)]
    covered = sum(low <= truth <= high for low, high in limits) / runs
    return (covered - expected) / math.sqrt(expected * (1 - expected) / runs)


def limits(estimate: Estimate) -> Limits:
    return estimate.low, estimate.high


# ---- means ---------------------------------------------------------------------------------------------------------


def normal_sample(random: np.random.Generator) -> Any:
    return random.normal(3, 2, 6)


def test_students_interval_covers_as_often_as_it_says() -> None:
    assert abs(coverage_z(lambda r: limits(student(normal_sample(r), 0.9)), 3, 0.9, 8000)) < 4.5


def test_the_normal_quantile_would_be_found_out() -> None:
    def wrong(random: np.random.Generator) -> Limits:
        x = normal_sample(random)
        half = norm.ppf(0.95) * x.std(ddof=1) / math.sqrt(len(x))
        return x.mean() - half, x.mean() + half

    assert coverage_z(wrong, 3, 0.9, 8000) < -4.5


def test_student_by_hand() -> None:
    """Mean 2, standard deviation 1, n = 3: 2 ± 4.30265 / √3."""
    estimate = student([1, 2, 3])
    assert estimate.value == 2
    assert estimate.half_width == pytest.approx(4.302652729696142 / math.sqrt(3), rel=1e-9)
    assert (estimate.n, estimate.confidence) == (3, 0.95)


def test_one_replication_has_a_value_and_no_interval_and_none_has_neither() -> None:
    one, none = student([7.0]), student([])
    assert one.value == 7
    assert math.isnan(one.low)
    assert math.isnan(one.high)
    assert math.isnan(none.value)
    assert none.n == 0


# ---- ratios --------------------------------------------------------------------------------------------------------


def due_and_kept(random: np.random.Generator) -> tuple[Any, Any]:
    """Busy replications keep fewer: the two are far from independent."""
    due = random.gamma(20, 5, 100)
    return due * (0.9 - 0.002 * due) + random.normal(0, 1, 100), due


TRUE_SHARE = 0.9 - 0.002 * (20 * 5 * (20 * 5 + 5)) / (20 * 5)


def test_the_delta_interval_of_a_ratio_covers_as_often_as_it_says() -> None:
    z = coverage_z(lambda r: limits(ratio(*due_and_kept(r), 0.9)), TRUE_SHARE, 0.9, 8000)
    assert abs(z) < 4.5


@pytest.mark.parametrize("wrong", [lambda k, d: student(k / d, 0.9), lambda k, d: student(k / d.mean(), 0.9)])
def test_other_intervals_for_a_ratio_would_be_found_out(wrong: Callable[[Any, Any], Estimate]) -> None:
    """The mean of the ratios is about something else; a fixed denominator forgets the correlation."""
    assert abs(coverage_z(lambda r: limits(wrong(*due_and_kept(r))), TRUE_SHARE, 0.9, 8000)) > 4.5


def test_a_ratio_without_anything_to_divide_by_has_no_value() -> None:
    estimate = ratio([0, 0], [0, 0])
    assert math.isnan(estimate.value)
    assert estimate.n == 2


def test_a_ratio_that_never_varies_is_certain() -> None:
    estimate = ratio([1.0, 2.0, 4.0], [2.0, 4.0, 8.0])
    assert (estimate.value, estimate.low, estimate.high) == (0.5, 0.5, 0.5)


# ---- pairs ---------------------------------------------------------------------------------------------------------


def shared_draws(random: np.random.Generator) -> tuple[Any, Any]:
    common = random.normal(0, 3, 12)
    return common + random.normal(1, 1, 12), common + random.normal(0, 1, 12)


def test_the_paired_interval_covers_as_often_as_it_says() -> None:
    assert abs(coverage_z(lambda r: limits(paired(*shared_draws(r), 0.9)), 1, 0.9, 8000)) < 4.5


def test_an_unpaired_interval_would_be_found_out() -> None:
    def unpaired(random: np.random.Generator) -> Limits:
        a, b = (student(x, 0.9) for x in shared_draws(random))
        half = math.hypot(a.half_width, b.half_width)
        return a.value - b.value - half, a.value - b.value + half

    assert coverage_z(unpaired, 1, 0.9, 8000) > 4.5


def test_paired_ratios_cover_as_often_as_they_say_and_unpaired_ones_do_not() -> None:
    def two(random: np.random.Generator) -> tuple[Any, Any]:
        kept, due = due_and_kept(random)
        return (kept + 0.05 * due, due), (kept, due)

    def unpaired(random: np.random.Generator) -> Limits:
        a, b = (ratio(*pair, 0.9) for pair in two(random))
        half = math.hypot(a.half_width, b.half_width)
        return a.value - b.value - half, a.value - b.value + half

    def noisy(random: np.random.Generator) -> Limits:
        (x, y), b = two(random)
        return limits(paired_ratios((x + random.normal(0, 2, 100), y), b, 0.9))

    assert abs(coverage_z(noisy, 0.05, 0.9, 8000)) < 4.5
    assert coverage_z(unpaired, 0.05, 0.9, 2000) > 4.5
    exact = paired_ratios(*two(np.random.default_rng(1)))
    assert exact.value == pytest.approx(0.05)
    assert exact.half_width < 1e-12


# ---- quantiles and shares ------------------------------------------------------------------------------------------


def rank_coverage(n: int, share: float, lower: int, upper: int) -> float:
    """P(the quantile lies between two order statistics): between ``lower`` and ``upper`` - 1 values lie below it."""
    return sum(math.comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(lower, upper))


def test_the_interval_of_a_quantile_covers_whatever_the_law() -> None:
    """Of 20 values the 6th and the 15th enclose the median in 95.9 % of samples: the narrowest above 95 %."""
    ranks = order_quantile(np.arange(1, 21), 0.5)
    assert (ranks.low, ranks.value, ranks.high) == (6, 10, 15)
    expected = rank_coverage(20, 0.5, 6, 15)
    assert expected > 0.95
    z = coverage_z(lambda r: limits(order_quantile(r.exponential(1, 20), 0.5)), math.log(2), expected, 4000)
    assert abs(z) < 4.5


def test_narrower_ranks_would_be_found_out() -> None:
    def narrower(random: np.random.Generator) -> Limits:
        x = np.sort(random.exponential(1, 20))
        return x[6], x[13]

    assert coverage_z(narrower, math.log(2), rank_coverage(20, 0.5, 6, 15), 4000) < -4.5


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("n", [5, 6, 28, 100])
def test_ranks_are_the_narrowest_that_leave_half_of_the_rest_on_each_side(n: int, share: float) -> None:
    estimate = order_quantile(np.arange(1, n + 1), share)
    if math.isnan(estimate.low):
        assert binom.cdf(0, n, share) > 0.025
    else:
        assert binom.cdf(estimate.low - 1, n, share) <= 0.025 < binom.cdf(estimate.low, n, share)
    if math.isnan(estimate.high):
        assert binom.sf(n - 1, n, share) > 0.025
    else:
        assert binom.sf(estimate.high - 1, n, share) <= 0.025 < binom.sf(estimate.high - 2, n, share)


def test_a_median_may_be_never() -> None:
    """R52: fewer than half of the replications fall behind."""
    estimate = order_quantile([3.0, 5.0] + [math.inf] * 8, 0.5)
    assert estimate.value == math.inf
    assert estimate.low == 5
    assert estimate.high == math.inf


@pytest.mark.parametrize(("hits", "n"), [(0, 200), (3, 17), (9, 10), (200, 200)])
def test_wilsons_limits_solve_the_score_equation(hits: int, n: int) -> None:
    """|p̂ − p| = z √(p (1 − p) / n) at both ends (Wilson 1927); at 0 and 1 the interval does not collapse."""
    estimate = wilson(hits, n)
    assert estimate.value == hits / n
    for p in (estimate.low, estimate.high):
        at_edge = p in (0.0, 1.0)
        assert at_edge or abs(hits / n - p) == pytest.approx(norm.ppf(0.975) * math.sqrt(p * (1 - p) / n), rel=1e-9)
    assert estimate.high - estimate.low > 0.01


def test_wilson_covers_as_counting_says_and_walds_interval_does_not() -> None:
    n, p = 40, 0.05
    hits = [h for h in range(n + 1) if abs(h / n - p) <= norm.ppf(0.975) * math.sqrt(p * (1 - p) / n)]
    expected = float(binom.pmf(hits, n, p).sum())
    assert expected > 0.95

    def wald(random: np.random.Generator) -> Limits:
        share = random.binomial(n, p) / n
        half = norm.ppf(0.975) * math.sqrt(share * (1 - share) / n)
        return share - half, share + half

    assert abs(coverage_z(lambda r: limits(wilson(int(r.binomial(n, p)), n)), p, expected, 3000)) < 4.5
    assert coverage_z(wald, p, expected, 3000) < -4.5


def fourfold(both: int, first: int, second: int, neither: int) -> tuple[list[int], list[int]]:
    cells = ((1, 1), (1, 0), (0, 1), (0, 0))
    pairs = [cell for cell, n in zip(cells, (both, first, second, neither), strict=True) for _ in range(n)]
    return [a for a, _ in pairs], [b for _, b in pairs]


def test_the_difference_of_paired_shares_is_newcombes() -> None:
    """Newcombe (1998), Table III: method 10 of 36, 12, 2, 0 gives 0.0569 to 0.3404."""
    estimate = paired_shares(*fourfold(36, 12, 2, 0))
    assert (estimate.value, estimate.n) == (pytest.approx(0.2), 50)
    assert (round(estimate.low, 4), round(estimate.high, 4)) == (0.0569, 0.3404)


@pytest.mark.parametrize("cells", [(0, 9, 0, 0), (0, 0, 9, 0), (9, 0, 0, 0), (0, 3, 1, 0), (1, 0, 0, 1)])
def test_no_limit_of_paired_shares_passes_one(cells: tuple[int, int, int, int]) -> None:
    estimate = paired_shares(*fourfold(*cells))
    assert -1 <= estimate.low < estimate.high <= 1
    assert estimate.low <= estimate.value <= estimate.high


# ---- warm-up -------------------------------------------------------------------------------------------------------


def test_mser_cuts_off_a_start_that_is_different() -> None:
    series = np.random.default_rng(3).normal(10, 1, 500)
    series[:60] -= np.linspace(20, 5, 60)
    assert mser5(series) in range(55, 76)
    assert mser5(series[60:]) in range(60)  # nothing to cut off: some small cut may do


def test_mser_by_hand() -> None:
    """Batches 9, 9, then 1 and 2 in turn: without the two nines 18 batches have the smallest error."""
    batches = [9.0, 9.0] + [1.0, 2.0] * 9
    assert mser5(np.repeat(batches, 5)) == 10
    z = [np.array(batches[d:]) for d in range(15)]
    assert int(np.argmin([((x - x.mean()) ** 2).sum() / len(x) ** 2 for x in z])) == 2


def test_mser_gives_no_advice_to_a_run_that_never_settles() -> None:
    assert mser5(np.arange(500.0)) is None
    assert mser5(np.ones(20)) is None


# ---- enough replications -------------------------------------------------------------------------------------------


def of_values(values: Any) -> Callable[[int], Estimate]:
    return lambda n: student(values[:n])


def test_the_stopping_rule_reads_replications_in_order_whatever_the_batches() -> None:
    values = np.random.default_rng(8).gamma(4, 2, 2000)
    wanted = Precision("mentions.arrived", relative=0.05, least=10, most=2000)
    stop = stop_after(of_values(values), 2000, wanted)
    assert stop is not None
    assert 100 < stop < 800
    assert [stop_after(of_values(values), done, wanted) for done in (stop - 1, stop, stop + 37)] == [None, stop, stop]
    assert all(is_precise(student(values[:n]), 0.05) for n in range(stop - look_ahead(100), stop + 1))


def test_a_first_precise_estimate_must_hold() -> None:
    """Three equal values are precise by luck; the fourth undoes it. Without look-ahead the rule would stop there."""
    values = [5.0, 5.0, 5.0, 9.0, *[6.0, 5.0] * 400]
    wanted = Precision("mentions.arrived", relative=0.01, least=3, most=1000)
    assert is_precise(student(values[:3]), 0.01)
    stop = stop_after(of_values(values), len(values), wanted)
    assert stop is not None
    assert stop > 100


def test_the_stopping_rule_keeps_between_least_and_most() -> None:
    wanted = Precision("mentions.arrived", relative=0.1, least=20, most=50)
    assert stop_after(of_values(np.ones(60)), 60, wanted) == 20 + look_ahead(20)
    wild = np.random.default_rng(5).standard_cauchy(60)
    assert stop_after(of_values(wild), 49, wanted) is None
    assert stop_after(of_values(wild), 60, wanted) == 50
    assert not is_precise(student([1.0]), 0.1)
