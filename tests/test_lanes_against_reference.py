"""The lanes engine against the reference engine: every visit and every fate, of lanes alone and in any company."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, product
from random import Random

import pytest
from hypothesis import given, settings
from loops import LOOPS, only
from strategies import companies, of_equals, random_company, random_world, steady, worlds
from told import compiled, equal
from worked import World

from simsocial.engines import lanes as engine
from simsocial.engines import reference
from simsocial.engines.lanes import Lane, simulate, simulate_lanes
from simsocial.model.alike import structure
from simsocial.model.log import Log

SEEDS = range(400)


@pytest.fixture(params=LOOPS, autouse=True, scope="module")
def loop(request: pytest.FixtureRequest) -> Iterator[None]:
    """Test everything with both loops."""
    with only(request.param):
        yield


def told(lane: Lane) -> Log:
    return reference.simulate(lane.desk, lane.messages, lane.roster)


def logs_of(lanes: list[Lane]) -> Iterator[Log]:
    return chain.from_iterable(simulate_lanes(lanes))


def agrees(world: World) -> bool:
    arrays = compiled(world)
    return equal(simulate(*arrays), reference.simulate(*arrays))


def crowd(company: Iterable[World]) -> list[Lane]:
    """Return every choice of horizon, messages and roster; lanes with equal messages or rosters share them."""
    desks, messages, rosters = zip(*map(compiled, company), strict=True)
    return [Lane(*choice) for choice in product(desks, messages, rosters)]


def differing(lanes: list[Lane]) -> Iterator[Lane]:
    """Yield the lanes of which the engine, simulating them together, tells otherwise than the reference engine."""
    return (lane for lane, log in zip(lanes, logs_of(lanes), strict=True) if not equal(log, told(lane)))


# ---- a lane alone ----------------------------------------------------------------------------------------------------


def test_a_lane_alone_agrees_on_random_cases() -> None:
    assert [seed for seed in SEEDS if not agrees(random_world(seed))] == []


def test_a_lane_alone_agrees_where_much_is_known_beforehand() -> None:
    seeds = range(1000, 1100)
    assert [seed for seed in seeds if not agrees(of_equals(random_world(seed)))] == []
    assert [seed for seed in seeds if not agrees(steady(random_world(seed)))] == []


@given(worlds())
@settings(max_examples=50, deadline=None)
def test_a_lane_alone_agrees_on_cases_that_can_be_shrunk(world: World) -> None:
    assert agrees(world)


@pytest.mark.long
def test_a_lane_alone_agrees_on_many_thousand_cases() -> None:
    visits = 0
    for seed in range(100_000, 120_000):
        world = random_world(seed)
        arrays = compiled((world, of_equals(world), steady(world), world)[seed % 4])
        log = reference.simulate(*arrays)
        assert equal(simulate(*arrays), log), f"seed {seed}"
        visits += len(log.visits)
    print(f"\n0 differences in 20,000 cases with {visits:,} visits")


# ---- lanes together --------------------------------------------------------------------------------------------------
# What the reference engine tells of a lane knows nothing of the others. So lanes that agree with it, shuffled and among
# others, do not depend on their order or company.


@pytest.mark.parametrize("ten", range(0, 60, 10))
def test_lanes_together_agree(ten: int) -> None:
    for seed in range(ten, ten + 10):
        lanes = crowd(random_company(seed))
        Random(seed).shuffle(lanes)
        assert not any(differing(lanes)), f"seed {seed}"


@given(companies())
@settings(max_examples=30, deadline=None)
def test_lanes_together_agree_on_cases_that_can_be_shrunk(company: list[World]) -> None:
    assert not any(differing([Lane(*compiled(world)) for world in company]))


def test_a_lane_many_times_over_is_the_same_lane() -> None:
    lane = Lane(*compiled(random_world(7)))
    assert not any(differing([lane] * 100))


@pytest.mark.long
def test_lanes_together_agree_on_many_thousand_lanes() -> None:
    count = visits = 0
    for seed in range(100_000, 100_700):
        lanes = crowd(random_company(seed))
        Random(seed).shuffle(lanes)
        for lane, log in zip(lanes, logs_of(lanes), strict=True):
            assert equal(log, told(lane)), f"seed {seed}"
            visits += len(log.visits)
        count += len(lanes)
    assert count > 20_000
    print(f"\n0 differences in {count:,} lanes of 700 companies with {visits:,} visits")


# ---- lanes that cannot advance together ------------------------------------------------------------------------------


def test_lanes_of_any_desks_are_told_in_their_order() -> None:
    lanes = [Lane(*compiled(random_world(seed))) for seed in (1, 1, 2, 3, 3, 1)]
    assert not any(differing(lanes))


def test_desks_that_say_the_same_are_alike_and_no_others() -> None:
    same, other = (compiled(random_world(seed))[0] for seed in (7, 8))
    again = compiled(random_world(7))[0]
    assert again is not same
    assert structure(again) == structure(replace(same, horizon=1)) == structure(same) != structure(other)


def test_more_lanes_than_advance_together_are_told_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    lanes = crowd(random_company(3))
    monkeypatch.setattr(engine, "MOST_TOGETHER", 2)
    assert not any(differing(lanes))
    assert [len(logs) for logs in simulate_lanes(lanes[:5], apart=[1])] == [1, 1, 2, 1]


def test_no_lanes_tell_nothing() -> None:
    assert list(simulate_lanes([])) == []
