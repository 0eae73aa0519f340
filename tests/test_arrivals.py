"""Oracle: Poisson theory and the file that is replayed, for when messages arrive (R12–R16, R20)."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from builders import MONDAY, at
from scipy import stats

from simsocial.draw.arrivals import plan_arrivals
from simsocial.draw.randomness import Dice, Kind, Lineage, Uniforms
from simsocial.model.arrivals import Arrivals, Placing, RateArrivals, ReplayCounts, ReplayStamps
from simsocial.units import DAY, HOUR, MINUTE, WEEK

AFTERNOON = MONDAY.replace(hour=15)
"""A start whose first midnight comes after nine hours."""


def draw(
    arrivals: Arrivals, *, horizon: int, replication: int = 0, start: dt.datetime = MONDAY
) -> tuple[npt.NDArray[np.int64], Lineage]:
    return plan_arrivals(arrivals, stream="mentions", start=start, horizon=horizon)(Dice(11, replication))


def counts(arrivals: RateArrivals, edges: npt.NDArray[np.int64], replications: int) -> npt.NDArray[np.int64]:
    """Shape (replications, intervals); the run starts on Monday at 15:00."""
    horizon = int(arrivals.breaks[-1])
    return np.array(
        [
            np.histogram(draw(arrivals, horizon=horizon, replication=k, start=AFTERNOON)[0], edges)[0]
            for k in range(replications)
        ]
    )


PROFILE = RateArrivals(
    np.concatenate((np.arange(0, 2 * WEEK + 1, 6 * HOUR), [2 * WEEK + HOUR, 2 * WEEK + 3 * HOUR])),
    np.concatenate((np.resize([0.0, 8.0, 3.0, 0.5, 20.0], 56), [0.0, 60.0])) / HOUR,
)
MASS = PROFILE.rates * np.diff(PROFILE.breaks)


def largest_z(drawn: npt.NDArray[np.int64], mass: npt.NDArray[np.float64]) -> float:
    """Largest |z| of the total per interval against Poisson totals of mean ``mass`` each."""
    expected = len(drawn) * mass[mass > 0]
    return float(np.abs((drawn.sum(axis=0)[mass > 0] - expected) / np.sqrt(expected)).max())


def test_counts_per_interval_follow_the_rate() -> None:
    drawn = counts(PROFILE, PROFILE.breaks, 400)
    assert largest_z(drawn, MASS) < 4.5
    assert (drawn[:, MASS == 0] == 0).all()
    z_of_dispersion = (drawn.var(axis=0, ddof=1) / np.maximum(MASS, 1e-9) - 1)[MASS > 0] / math.sqrt(2 / 399)
    assert np.abs(z_of_dispersion).max() < 4.5
    assert largest_z(drawn, MASS * 1.03) > 4.5  # the check can fail: a rate that is 3 % off
    assert largest_z(drawn, np.roll(MASS, 5)[: len(MASS)] + 0.01) > 4.5  # and one that comes too late


def test_arrivals_are_uniform_inside_a_piece() -> None:
    """Their distances to the piece's beginning, and whether a piece's first tick is in it and its end is not."""
    fine = RateArrivals(np.arange(0, DAY + 1, 30 * MINUTE), np.resize([900.0, 0.0], 48) / HOUR)
    arrival, _ = draw(fine, horizon=DAY)
    since = arrival % (30 * MINUTE)
    assert ((arrival // (30 * MINUTE)) % 2 == 0).all()
    assert math.sqrt(len(since)) * stats.kstest((since + 0.5) / (30 * MINUTE), "uniform").statistic < 2.4
    crowded = RateArrivals(np.array([0, 3, 5, 8]), np.array([0.0, 1000.0, 0.0]))
    ticks, number = np.unique(draw(crowded, horizon=8)[0], return_counts=True)
    assert ticks.tolist() == [3, 4]
    assert abs(number[0] - number[1]) < 4.5 * math.sqrt(2000)


class Constant(Dice, Uniforms):
    """Uniforms that are all the same, whatever they are for."""

    def __init__(self, u: float) -> None:
        self.u = u

    def __call__(self, entity: str, kind: Kind) -> Uniforms:
        return self

    def vector(self, count: int, *, week: int, branch: int = 0, visit: int = 1) -> npt.NDArray[np.float64]:
        return np.full(count, self.u)


def drawn_by(dice: Dice, arrivals: RateArrivals) -> npt.NDArray[np.int64]:
    return plan_arrivals(arrivals, stream="mentions", start=MONDAY, horizon=WEEK)(dice)[0]


def test_a_week_is_filled_to_its_end_by_exponentials_of_any_size() -> None:
    """Each of them 0.01, where a hundred times fewer are expected."""
    five = RateArrivals(np.array([0, WEEK]), np.array([5.0 / WEEK]))
    arrival = drawn_by(Constant(-math.expm1(-0.01)), five)
    assert len(arrival) in (499, 500)
    assert arrival[-1] > 0.99 * WEEK


def test_rounding_moves_no_arrival_out_of_its_piece() -> None:
    """One exponential, one float below the mass of its piece, where their quotient by the rate rounds to the length."""
    u = 0.7
    epoch = float(-np.log1p(-u))
    mass = math.nextafter(epoch, math.inf)
    length = next(n for n in range(1, 10**6) if mass / n * n == mass and epoch / (mass / n) >= n)
    arrival = drawn_by(Constant(u), RateArrivals(np.array([0, length, 2 * length]), np.array([mass / length, 0.0])))
    assert arrival.tolist() == [length - 1]


CV = 0.4
BUSY = RateArrivals(np.array([0, 10 * WEEK]), np.array([60.0 / DAY]), day_cv=CV)


def z_of_mean(sample: npt.NDArray[np.float64], theory: float) -> float:
    """z of the mean, from the spread between replications: dates are not independent of their own halves."""
    means = sample.mean(axis=1)
    return float((means.mean() - theory) / (means.std(ddof=1) / math.sqrt(len(means))))


def test_day_factor_disperses_dates_by_its_formula() -> None:
    """Var N = λ + cv² λ² for a date, cov(N, M) = cv² λ μ for two parts of a date, 0 across midnight (R14)."""
    halves_of_dates = 9 * HOUR + np.arange(2 * 69 + 1) * 12 * HOUR  # the first midnight comes after nine hours
    halves = counts(BUSY, halves_of_dates, 300) - 30.0
    first, second = halves[:, 0::2], halves[:, 1::2]
    variance = 30 + (CV * 30) ** 2
    assert abs(z_of_mean(halves, 0)) < 4.5
    assert abs(z_of_mean(first**2, variance)) < 4.5
    assert abs(z_of_mean((first + second) ** 2, 60 + (CV * 60) ** 2)) < 4.5
    assert abs(z_of_mean(first * second, (CV * 30) ** 2)) < 4.5
    assert abs(z_of_mean(second[:, :-1] * first[:, 1:], 0)) < 4.5
    assert abs(z_of_mean(first**2, 30)) > 4.5  # without the factor
    assert abs(z_of_mean(first**2, 30 + (CV * 1.1 * 30) ** 2)) > 4.5  # with another cv


def test_day_factor_is_gamma() -> None:
    """Its third moment tells it from a lognormal of the same cv: skewness 2 cv against 3 cv + cv³."""
    heavy = RateArrivals(np.array([0, 40 * WEEK]), np.array([4000.0 / DAY]), day_cv=CV)
    factor = counts(heavy, np.arange(9 * HOUR, 40 * WEEK, DAY), 6).ravel() / 4000.0
    skewness = stats.skew(factor)
    error = math.sqrt(6 * (1 + CV**2 * 8) / len(factor))
    assert abs(skewness - 2 * CV) < 4.5 * error
    assert abs(skewness - (3 * CV + CV**3)) > 4.5 * error


KINDS_OF_ARRIVALS: dict[str, Arrivals] = {
    "rate": PROFILE,
    "rate with day factor": replace(PROFILE, day_cv=0.5),
    "rate in odd pieces": RateArrivals(np.arange(0, 3 * WEEK, 7_777_777), np.resize([1.0, 9.0, 0.0], 234)[:233] / HOUR),
    "timetable": at(*range(0, 2 * WEEK, 5 * HOUR)),
    "counts": ReplayCounts(
        np.arange(0, 2 * WEEK, HOUR), np.arange(HOUR, 2 * WEEK + 1, HOUR), np.resize([0, 3, 5], 336), 1.6, 1.6
    ),
    "counts, even": ReplayCounts(
        np.arange(0, 2 * WEEK, HOUR),
        np.arange(HOUR, 2 * WEEK + 1, HOUR),
        np.resize([7, 2], 336),
        2.5,
        2.5,
        Placing.EVEN,
    ),
    "stamps": ReplayStamps(np.sort(np.resize(np.arange(0, 2 * WEEK, 777_777), 3000)), 1.3, 1.3, 20 * MINUTE),
}


@pytest.mark.parametrize("arrivals", KINDS_OF_ARRIVALS.values(), ids=KINDS_OF_ARRIVALS.keys())
@pytest.mark.parametrize("horizon", [WEEK, WEEK + 3 * DAY + 12_345, 2 * WEEK - DAY + 1])
def test_a_longer_horizon_changes_nothing_before(arrivals: Arrivals, horizon: int) -> None:
    short, long = draw(arrivals, horizon=horizon, start=AFTERNOON), draw(arrivals, horizon=2 * WEEK, start=AFTERNOON)
    before = long[0] < horizon
    assert 30 < before.sum() < len(before)
    assert np.array_equal(short[0], long[0][before])
    for part in ("week", "branch", "index"):
        assert np.array_equal(getattr(short[1], part), getattr(long[1], part)[before])


def test_rates_may_end_at_the_horizon() -> None:
    cut = RateArrivals(np.array([0, HOUR, WEEK + HOUR]), np.array([2.0, 9.0]) / HOUR)
    whole = RateArrivals(np.array([0, HOUR, 3 * WEEK]), np.array([2.0, 9.0]) / HOUR)
    assert np.array_equal(draw(cut, horizon=WEEK + HOUR)[0], draw(whole, horizon=WEEK + HOUR)[0])


@pytest.mark.parametrize("arrivals", KINDS_OF_ARRIVALS.values(), ids=KINDS_OF_ARRIVALS.keys())
def test_arrivals_ascend_and_every_address_is_used_once(arrivals: Arrivals) -> None:
    arrival, lineage = draw(arrivals, horizon=2 * WEEK)
    keys = list(zip(arrival, lineage.week, lineage.branch, lineage.index, strict=True))
    assert keys == sorted(keys)
    assert len({key[1:] for key in keys}) == len(keys)
    assert arrival[0] >= 0
    assert arrival[-1] < 2 * WEEK


def test_a_timetable_is_kept() -> None:
    arrival, lineage = draw(at(0, HOUR, WEEK - 1, WEEK, WEEK + DAY, 2 * WEEK), horizon=2 * WEEK)
    assert arrival.tolist() == [0, HOUR, WEEK - 1, WEEK, WEEK + DAY]
    assert lineage.week.tolist() == [0, 0, 0, 1, 1]
    assert lineage.index.tolist() == [0, 1, 2, 0, 1]


def replayed(scale: float, to: float | None = None, placing: Placing = Placing.UNIFORM) -> ReplayCounts:
    start = np.arange(0, WEEK, HOUR)
    return ReplayCounts(start, start + HOUR, np.resize([0, 40, 10], 168), scale, scale if to is None else to, placing)


def test_counts_are_used_as_they_are() -> None:
    for placing in Placing:
        arrival, lineage = draw(replayed(1.0, placing=placing), horizon=WEEK)
        assert np.array_equal(np.bincount(arrival // HOUR, minlength=168), np.resize([0, 40, 10], 168))
        assert (lineage.branch == 0).all()


def test_replayed_messages_are_spread_uniformly_over_their_interval() -> None:
    arrival, _ = draw(replayed(1.7), horizon=WEEK)
    share = (arrival % HOUR + 0.5) / HOUR
    assert math.sqrt(len(share)) * stats.kstest(share, "uniform").statistic < 2.4
    assert math.sqrt(len(share)) * stats.kstest(share**1.1, "uniform").statistic > 2.4


def test_evenly_placed_messages_are_in_the_middle_of_equal_parts() -> None:
    four = ReplayCounts(np.array([0, HOUR]), np.array([HOUR, 2 * HOUR]), np.array([4, 1]), placing=Placing.EVEN)
    assert (draw(four, horizon=WEEK)[0] / MINUTE).tolist() == [7.5, 22.5, 37.5, 52.5, 90.0]
    tripled = draw(replace(four, scale_from=3.0, scale_to=3.0), horizon=WEEK)[0] / MINUTE
    assert tripled.tolist() == [*(part * 15 + copy for part in range(4) for copy in (3.75, 7.5, 11.25)), 75, 90, 105]


@pytest.mark.parametrize("scale", [0.25, 1.0, 1.7, 3.0])
def test_scale_makes_each_item_into_its_floor_and_perhaps_one_more(scale: float) -> None:
    _, lineage = draw(replayed(scale), horizon=WEEK)
    copies = np.bincount(lineage.index, minlength=2800)
    whole = math.floor(scale)
    assert set(copies) <= {whole, whole + 1}
    share = scale - whole
    assert abs((copies - whole).sum() - 2800 * share) <= 4.5 * math.sqrt(2800 * share * (1 - share))


def place_of_each(arrivals: Arrivals) -> dict[tuple[int, int, int], int]:
    arrival, lineage = draw(arrivals, horizon=WEEK)
    addresses = zip(lineage.week.tolist(), lineage.branch.tolist(), lineage.index.tolist(), strict=True)
    return dict(zip(addresses, arrival.tolist(), strict=True))


REPLAYS = {name: each for name, each in KINDS_OF_ARRIVALS.items() if isinstance(each, ReplayCounts | ReplayStamps)}


@pytest.mark.parametrize("arrivals", REPLAYS.values(), ids=REPLAYS.keys())
def test_growth_of_the_scale_adds_messages_and_moves_none(arrivals: ReplayCounts | ReplayStamps) -> None:
    places = [place_of_each(replace(arrivals, scale_from=f, scale_to=f)) for f in (0.3, 1.0, 1.4, 1.8, 2.2, 3.0)]
    for fewer, more in pairwise(places):
        assert len(fewer) < len(more)
        assert fewer.items() <= more.items()


def test_scale_may_grow_over_the_run() -> None:
    drawn = np.bincount(draw(replayed(1.0, to=3.0), horizon=WEEK)[0] // HOUR, minlength=168)
    counted, scale = np.resize([0, 40, 10], 168), 1 + 2 * np.arange(168) / 168  # read at the interval's start
    share = scale - np.floor(scale)
    spread = math.sqrt((counted * share * (1 - share))[84:].sum())
    assert abs((drawn - counted * scale)[84:].sum()) < 4.5 * spread
    assert abs((drawn - counted * (scale + 0.1))[84:].sum()) > 4.5 * spread


def test_copies_of_a_stamp_come_with_it_or_spread_after_it() -> None:
    stamps = np.arange(0, DAY, 10 * MINUTE)
    together = draw(ReplayStamps(stamps, 3.0, 3.0), horizon=WEEK)[0]
    assert np.array_equal(together, np.repeat(stamps, 3))
    arrival, lineage = draw(ReplayStamps(stamps, 3.0, 3.0, spread=8 * MINUTE), horizon=WEEK)
    later = arrival - stamps[lineage.index]
    assert (later[lineage.branch == 0] == 0).all()
    share = (later[lineage.branch > 0] + 0.5) / (8 * MINUTE)
    assert math.sqrt(len(share)) * stats.kstest(share, "uniform").statistic < 2.4


def test_items_beyond_the_horizon_and_copies_spread_past_it_do_not_arrive() -> None:
    stamps = ReplayStamps(np.array([0, WEEK - 1, WEEK, WEEK + 5]), 2.0, 2.0, spread=HOUR)
    arrival, lineage = draw(stamps, horizon=WEEK)
    assert set(lineage.index.tolist()) == {0, 1}
    assert arrival.max() == WEEK - 1


def test_nothing_arrives_without_rate_or_count() -> None:
    for nothing in (
        RateArrivals(np.array([0, WEEK]), np.array([0.0])),
        at(),
        ReplayCounts(np.array([0]), np.array([HOUR]), np.array([0])),
        ReplayStamps(np.array([], dtype=np.int64)),
    ):
        arrival, lineage = draw(nothing, horizon=WEEK)
        assert len(arrival) == len(lineage) == 0
