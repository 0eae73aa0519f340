"""Oracle: exact mean and variance of counts of shot noise and of Hawkes' process (R73, R74), and addresses (R75)."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from builders import MONDAY, StepSpec, StreamSpec, TeamSpec, at, poisson, scenario
from scipy import stats

from simsocial.draw.arrivals import plan_arrivals
from simsocial.draw.bursts import poisson as poisson_quantile
from simsocial.draw.messages import draw_messages
from simsocial.draw.randomness import Dice, Kind, Lineage
from simsocial.measure.volume import expected_arrivals
from simsocial.model.arrivals import Arrivals, RateArrivals, ReplayCounts
from simsocial.model.bursts import Burst, BurstyArrivals, SelfExciting
from simsocial.model.laws import Deterministic, Exponential, Gamma, Law
from simsocial.model.scenario import Scenario
from simsocial.units import DAY, HOUR, WEEK

Floats = npt.NDArray[np.float64]
Address = tuple[int, int, int]
HORIZON = 8 * WEEK
WINDOW = 5 * HOUR
QUIET = poisson(per_hour=0.0, horizon=HORIZON)


def draw(arrivals: Arrivals, *, horizon: int = HORIZON, replication: int = 0) -> tuple[npt.NDArray[np.int64], Lineage]:
    return plan_arrivals(arrivals, stream="mentions", start=MONDAY, horizon=horizon)(Dice(5, replication))


def counts(arrivals: Arrivals, replications: int) -> Floats:
    """Messages of windows that lie a window apart, after a week to settle; shape (replications, windows)."""
    edges = np.arange(WEEK, HORIZON + 1, WINDOW)
    drawn = [np.histogram(draw(arrivals, replication=k)[0], edges)[0][::2] for k in range(replications)]
    return np.array(drawn, dtype=np.float64)


def z_of_mean(sample: Floats, theory: float) -> float:
    """z of the mean, from the spread between replications."""
    means = sample.mean(axis=1)
    return float((means.mean() - theory) / (means.std(ddof=1) / math.sqrt(len(means))))


# ---- shot noise ------------------------------------------------------------------------------------------------------

EVERY, SIZE, CV, DECAY = 9 * HOUR, 12.0, 0.7, 3 * HOUR
BASE = 2.0
"""Of its own, in an hour."""


def shot_noise(decay: Law | None = None, *, size: float = SIZE, cv: float = CV) -> BurstyArrivals:
    begins = RateArrivals(np.array([0, HORIZON]), np.array([1 / EVERY]))
    law = Exponential(DECAY) if decay is None else decay
    return BurstyArrivals(poisson(per_hour=BASE, horizon=HORIZON), (Burst("storms", begins, size, law, cv),))


def campbell_variance(*, cv: float = CV, decay: float = DECAY) -> float:
    """Var N = E N + ν E[S²] ∫ p(u)² du, p(u) being the chance that a message of a burst begun at u is in the window.

    Campbell's theorem; for an exponential decay of mean τ and a window of T, ∫ p² = T − τ (1 − e^(−T/τ)).
    """
    mean = BASE * WINDOW / HOUR + SIZE * WINDOW / EVERY
    return mean + SIZE**2 * (1 + cv**2) / EVERY * (WINDOW - decay * -math.expm1(-WINDOW / decay))


def test_counts_of_shot_noise_have_campbells_mean_and_variance() -> None:
    drawn = counts(shot_noise(), 250)
    mean = BASE * WINDOW / HOUR + SIZE * WINDOW / EVERY
    assert abs(z_of_mean(drawn, mean)) < 4.5
    assert abs(z_of_mean((drawn - mean) ** 2, campbell_variance())) < 4.5
    assert abs(z_of_mean(drawn, 0.97 * mean)) > 4.5  # negative controls: another volume,
    assert abs(z_of_mean((drawn - mean) ** 2, campbell_variance(cv=0))) > 4.5  # bursts all of a size,
    assert abs(z_of_mean((drawn - mean) ** 2, campbell_variance(decay=1.5 * DECAY))) > 4.5  # another decay,
    assert abs(z_of_mean((drawn - mean) ** 2, mean)) > 4.5  # no bursts at all


def test_messages_of_a_burst_follow_its_law_from_its_beginning() -> None:
    law = Gamma(6 * HOUR, 0.6)
    dated = BurstyArrivals(QUIET, (Burst("viral", at(3 * DAY + 7), 3000.0, law),))
    arrival, _ = draw(dated)
    assert arrival[0] > 3 * DAY + 7
    assert abs(len(arrival) - 3000) < 4.5 * math.sqrt(3000)
    level = stats.gamma(1 / 0.36, scale=6 * HOUR * 0.36).cdf(arrival - 3 * DAY - 7)
    assert math.sqrt(len(level)) * stats.kstest(level, "uniform").statistic < 2.4
    assert math.sqrt(len(level)) * stats.kstest(level**1.1, "uniform").statistic > 2.4


def test_the_number_of_messages_is_poisson() -> None:
    dated = BurstyArrivals(QUIET, (Burst("viral", at(0), 4.0, Exponential(HOUR)),))
    number = np.array([len(draw(dated, replication=k)[0]) for k in range(800)])
    assert abs(number.mean() - 4) < 4.5 * math.sqrt(4 / 800)
    assert abs(number.var(ddof=1) / 4 - 1) < 4.5 * math.sqrt((2 + 1 / 4) / 800)


@pytest.mark.parametrize("mean", [0.0, 1e-9, 0.3, 0.999, 4.0, 300.0, 2e4])
def test_quantiles_of_poisson_are_those_of_scipy(mean: float) -> None:
    u = np.concatenate([np.random.default_rng(3).random(5000), [2.0**-53, 1 - 2.0**-53]])
    assert np.array_equal(poisson_quantile(mean, u), stats.poisson.ppf(u, mean) if mean else np.zeros(len(u)))
    assert poisson_quantile(mean, np.zeros(1)).tolist() == [0]


# ---- Hawkes ----------------------------------------------------------------------------------------------------------

RATIO, KERNEL = 0.6, 40 * 60_000
OWN = 6.0
"""Messages an hour that come of themselves."""


def hawkes(*, ratio: float = RATIO, own: float = OWN, decay: int = KERNEL) -> BurstyArrivals:
    return BurstyArrivals(poisson(per_hour=own, horizon=HORIZON), excitement=SelfExciting(ratio, decay))


def stationary(*, ratio: float = RATIO, decay: int = KERNEL) -> tuple[float, float]:
    """Mean and variance of a window's count in the stationary process with kernel n/τ · e^(−t/τ).

    E N = Λ T with Λ = μ / (1 − n) (Hawkes 1971); Var N = Λ (T κ² + (1 − κ²)(1 − e^(−Tγ)) / γ), κ = 1 / (1 − n),
    γ = (1 − n) / τ (Da Fonseca & Zaatour 2014, J. Futures Markets 34).
    """
    each = OWN / HOUR / (1 - ratio)
    kappa, gamma = 1 / (1 - ratio), (1 - ratio) / decay
    return each * WINDOW, each * (WINDOW * kappa**2 + (1 - kappa**2) * -math.expm1(-WINDOW * gamma) / gamma)


def test_counts_of_self_exciting_arrivals_have_hawkes_mean_and_variance() -> None:
    drawn = counts(hawkes(), 80)
    mean, variance = stationary()
    assert abs(z_of_mean(drawn, mean)) < 4.5
    assert abs(z_of_mean((drawn - mean) ** 2, variance)) < 4.5
    assert abs(z_of_mean(drawn, stationary(ratio=0.57)[0])) > 4.5  # negative controls: another ratio,
    assert abs(z_of_mean((drawn - mean) ** 2, stationary(decay=3 * KERNEL)[1])) > 4.5  # another kernel,
    assert abs(z_of_mean((drawn - mean) ** 2, mean)) > 4.5  # Poisson of the same volume


def test_a_cluster_has_borels_number_of_messages() -> None:
    """With Poisson offspring of mean n, P(cluster of k) = e^(−nk) (nk)^(k−1) / k! (Borel 1942)."""
    _, lineage = draw(hawkes(decay=1), horizon=HORIZON)
    _, size = np.unique(lineage.week * 10_000 + lineage.index, return_counts=True)
    k = np.arange(1, 5)
    borel = np.exp(-RATIO * k) * (RATIO * k) ** (k - 1) / np.array([math.factorial(n) for n in k])
    share = np.array([(size == n).mean() for n in k])
    assert (np.abs(share - borel) < 4.5 * np.sqrt(borel * (1 - borel) / len(size))).all()
    assert abs(share[0] - math.exp(-0.7)) > 4.5 * math.sqrt(0.25 / len(size))  # negative control: n = 0.7


def test_messages_that_nobody_brings_are_as_they_were() -> None:
    plain, excited = draw(hawkes().own), draw(hawkes())
    own = excited[1].branch == 0
    assert np.array_equal(excited[0][own], plain[0])
    assert np.array_equal(draw(hawkes(ratio=0.0))[0], plain[0])


# ---- addresses -------------------------------------------------------------------------------------------------------


def places(arrivals: Arrivals) -> dict[Address, int]:
    arrival, lineage = draw(arrivals)
    addresses = zip(lineage.week.tolist(), lineage.branch.tolist(), lineage.index.tolist(), strict=True)
    return dict(zip(addresses, arrival.tolist(), strict=True))


BOTH = replace(hawkes(), bursts=(*shot_noise().bursts, Burst("viral", at(9 * DAY), 200.0, Exponential(DAY))))


def test_every_address_is_used_once_and_arrivals_ascend() -> None:
    arrival, lineage = draw(BOTH)
    keys = list(zip(arrival, lineage.week, lineage.branch, lineage.index, strict=True))
    assert keys == sorted(keys)
    assert len({key[1:] for key in keys}) == len(keys)
    assert len(np.unique(lineage.branch >> 24)) == 3, "one's own, storms and the viral event"


def test_a_larger_size_adds_messages_and_moves_none() -> None:
    sizes = [places(shot_noise(size=size)) for size in (0.0, 6.0, 12.0, 13.0)]
    for fewer, more in pairwise(sizes):
        assert len(fewer) < len(more)
        assert fewer.items() <= more.items()
    assert sizes[0] == places(poisson(per_hour=BASE, horizon=HORIZON))


def test_another_burst_changes_nothing_else_and_their_order_does_not_matter() -> None:
    without = places(replace(BOTH, bursts=BOTH.bursts[:1]))
    assert without.items() <= places(BOTH).items()
    assert places(replace(BOTH, bursts=BOTH.bursts[::-1])) == places(BOTH)


def test_a_changed_decay_keeps_who_comes() -> None:
    slower = places(shot_noise(Exponential(2 * DECAY)))
    faster = places(shot_noise())
    assert len(slower.keys() & faster.keys()) > 0.99 * len(faster), "but for those that come after the horizon"
    assert slower != faster


def test_a_cluster_is_indexed_under_the_message_that_it_comes_of() -> None:
    """A higher rate keeps most clusters as they are, but for the instants; a longer horizon keeps them to the tick."""
    more = places(hawkes(own=1.02 * OWN))
    assert len(more.keys() & places(hawkes()).keys()) > 0.95 * len(more)


@pytest.mark.parametrize("horizon", [WEEK, 3 * WEEK + 12_345])
def test_a_longer_horizon_changes_nothing_before(horizon: int) -> None:
    short, long = draw(BOTH, horizon=horizon), draw(BOTH)
    before = long[0] < horizon
    assert 100 < before.sum() < len(before)
    assert np.array_equal(short[0], long[0][before])
    for part in ("week", "branch", "index"):
        assert np.array_equal(getattr(short[1], part), getattr(long[1], part)[before])


def test_values_of_families_far_apart_are_those_of_their_addresses() -> None:
    lineage = Lineage(np.array([3, 0, 3, 3]), np.array([2**56 + 5, 0, 2**60, 2]), np.array([4, 1, 0, 2]))
    uniforms = Dice(1, 0)("mentions.respond", Kind.WORK)
    one_by_one = [
        uniforms.vector(index + 1, week=week, branch=branch)[index]
        for week, branch, index in zip(
            lineage.week.tolist(), lineage.branch.tolist(), lineage.index.tolist(), strict=True
        )
    ]
    assert uniforms.of(lineage).tolist() == one_by_one


def test_a_changed_headcount_changes_no_message() -> None:
    def world(agents: int) -> Scenario:
        stream = StreamSpec("mentions", BOTH, (StepSpec("respond", Exponential(HOUR)),))
        return scenario(stream, teams=(TeamSpec("desk", agents),), horizon=HORIZON)

    few, many = (draw_messages(world(agents), seed=1, replication=0).streams[0] for agents in (1, 9))
    assert np.array_equal(few.arrival, many.arrival)
    assert np.array_equal(few.steps[0].work.first, many.steps[0].work.first)


# ---- expected volume -------------------------------------------------------------------------------------------------


def test_the_volume_of_shot_noise_and_of_a_dated_event_is_their_integral() -> None:
    """What a flat rate of bursts brings lags by what is still to come: size τ / every (1 − e^(−t/τ))."""
    t = np.array([0, HOUR, DAY, WEEK, HORIZON])
    found = expected_arrivals(replace(shot_noise(), own=QUIET), t, horizon=HORIZON)
    exact = SIZE / EVERY * (t - DECAY * -np.expm1(-t / DECAY))
    assert np.abs(found - exact).max() < SIZE * DECAY / EVERY / 100
    event = BurstyArrivals(at(5), (Burst("viral", at(DAY), 1000.0, Exponential(DAY)),))
    found = expected_arrivals(event, t, horizon=HORIZON)
    exact = np.searchsorted([5], t) + 1000 * -np.expm1(-(t - DAY).clip(min=0) / DAY)
    assert np.abs(found - exact).max() <= 1000 / 400
    assert expected_arrivals(event, DAY, horizon=HORIZON) == 1


def test_the_volume_of_self_exciting_arrivals_is_the_solution_of_their_equation() -> None:
    """λ(t) = μ (1 − n e^(−γt)) / (1 − n) from a start without history, γ = (1 − n) / τ; its integral by hand."""
    t = np.array([0, HOUR, DAY, WEEK, HORIZON])
    gamma, level = (1 - RATIO) / KERNEL, OWN / HOUR / (1 - RATIO)
    exact = level * (t + RATIO * np.expm1(-gamma * t) / gamma)
    found = expected_arrivals(hawkes(), t, horizon=HORIZON)
    assert np.abs(found - exact).max() < level / gamma / 100


@pytest.mark.parametrize("arrivals", [BOTH, replace(BOTH, own=at(0, DAY), excitement=None)], ids=["rate", "instants"])
def test_what_is_drawn_is_what_is_expected_week_by_week(arrivals: BurstyArrivals) -> None:
    edges = np.arange(0, HORIZON + 1, WEEK)
    drawn = np.array([np.histogram(draw(arrivals, replication=k)[0], edges)[0] for k in range(60)], dtype=np.float64)
    expected = np.diff(expected_arrivals(arrivals, edges, horizon=HORIZON))
    z = (drawn.mean(axis=0) - expected) / (drawn.std(axis=0, ddof=1) / math.sqrt(60))
    assert np.abs(z).max() < 4.5
    without = np.diff(expected_arrivals(replace(arrivals, bursts=()), edges, horizon=HORIZON))
    assert np.abs((drawn.mean(axis=0) - without) / (drawn.std(axis=0, ddof=1) / math.sqrt(60))).min() > 4.5


def test_a_burst_on_top_of_a_replay_leaves_its_copies_as_they_were() -> None:
    start = np.arange(0, HORIZON, HOUR)
    replay = ReplayCounts(start, start + HOUR, np.resize([0, 3, 5], len(start)), 1.6, 1.6)
    on_top = BurstyArrivals(replay, (Burst("viral", at(DAY), 50.0, Deterministic(HOUR)),))
    assert places(replay).items() < places(on_top).items()
    assert {place for address, place in places(on_top).items() if address[1] >= 2**56} == {DAY + HOUR}
