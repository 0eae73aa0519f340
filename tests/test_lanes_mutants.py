"""The comparisons with the reference engine notice a lanes engine that gets something wrong, whatever it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain

import mutants_of_lanes as mutants
import mutants_of_the_lone_loop as alone
import pytest
from loops import ALONE, IN_STEP, LOOPS, only
from overloads import overloaded, peak, with_slow_authors
from strategies import of_equals, random_company, random_world, steady, wide_world
from test_engine_properties import scaled
from test_lanes_against_reference import crowd, told
from test_lanes_at_their_limits import with_early_windows
from test_timelines_of_dispatch import EACH_ITS_OWN
from test_timelines_of_rankings import BEHIND_A_DEAD_HEAD
from told import compiled, equal
from worked import World
from wrong_lanes import PACKAGE, WrongLanes, wrong

from simsocial.engines import lanes
from simsocial.engines.lanes import Lane
from simsocial.model.log import Log, Logs

Batch = list[tuple[Lane, Log]]
"""Lanes to be simulated together, and what the reference engine tells of each."""


def _batch(lanes: list[Lane]) -> Batch:
    return [(lane, told(lane)) for lane in lanes]


@cache
def _alone(world: Callable[..., World], *arguments: object) -> Batch:
    return _batch([Lane(*compiled(world(*arguments)))])


@cache
def _together(seed: int) -> Batch:
    return _batch(crowd(random_company(seed)))


def small_cases() -> Iterator[Batch]:
    return (_alone(random_world, seed) for seed in range(400))


def equals() -> Iterator[Batch]:
    return (_alone(_steady, seed) for seed in range(100))


def _steady(seed: int) -> World:
    return steady(random_world(seed))


def nine_queues() -> Iterator[Batch]:
    return (_alone(wide_world, seed, 4) for seed in range(40))


def companies() -> Iterator[Batch]:
    return map(_together, range(40))


def companies_of_equals_and_others() -> Iterator[Batch]:
    return map(_equals_first, range(40))


@cache
def _equals_first(seed: int) -> Batch:
    first, *others = random_company(seed)
    return _batch(crowd([of_equals(first), *others]))


def a_deep_queue() -> Iterator[Batch]:
    yield _alone(overloaded, 1, "respond")


def a_queue_that_empties() -> Iterator[Batch]:
    yield _alone(peak, 7)


def a_dead_head() -> Iterator[Batch]:
    yield _alone(lambda: BEHIND_A_DEAD_HEAD)


def queues_with_other_preferences() -> Iterator[Batch]:
    yield _alone(lambda: EACH_ITS_OWN)


def slow_authors() -> Iterator[Batch]:
    yield _alone(with_slow_authors, 2)


def early_windows() -> Iterator[Batch]:
    return (_alone(with_early_windows, seed) for seed in range(40))


def large_instants() -> Iterator[Batch]:
    yield _alone(_large, 1)


def _large(seed: int) -> World:
    return scaled(random_world(seed), 2**56)


SHOWN_BY = {
    small_cases: {**mutants.DISPATCH, **mutants.PEOPLE, **mutants.TICKS, **mutants.LEAVING, **mutants.REVIEWS},
    equals: mutants.EQUALS,
    a_dead_head: mutants.A_DEAD_HEAD,
    queues_with_other_preferences: mutants.OTHER_PREFERENCES,
    nine_queues: mutants.MANY_QUEUES,
    companies: mutants.COMPANY,
    companies_of_equals_and_others: mutants.FIRST_OF_EQUALS,
    a_deep_queue: mutants.OVERLOAD,
    a_queue_that_empties: mutants.PEAK,
    slow_authors: mutants.SLOW_AUTHORS,
}
ALONE_SHOWN_BY = {
    small_cases: alone.SMALL,
    a_dead_head: alone.A_DEAD_HEAD,
    early_windows: alone.BACKLOGS,
    large_instants: alone.LARGE,
}


def notices(batches: Iterator[Batch], change: WrongLanes, loop: str) -> bool:
    """Return whether an engine tells otherwise than the reference engine of some batch, or breaks down over it."""
    engine = change.engine()
    with only(loop, engine):
        return any(not _tells(engine.simulate_lanes, batch) for batch in batches)


def _tells(simulate_lanes: Callable[[list[Lane]], Iterator[Logs]], batch: Batch) -> bool:
    try:
        logs = list(chain.from_iterable(simulate_lanes([lane for lane, _ in batch])))
    except (IndexError, ValueError, AssertionError, OverflowError):
        return False
    return all(equal(log, right) for log, (_, right) in zip(logs, batch, strict=True))


@pytest.mark.parametrize(
    ("cases", "change", "loop"),
    [
        pytest.param(cases, change, loop, id=f"{name}, by {cases.__name__}, {loop}".replace("_", " "))
        for loop, shown_by in ((IN_STEP, SHOWN_BY), (ALONE, ALONE_SHOWN_BY))
        for cases, changes in shown_by.items()
        for name, change in changes.items()
    ],
)
def test_notices(cases: Callable[[], Iterator[Batch]], change: WrongLanes, loop: str) -> None:
    assert notices(cases(), change, loop)


@pytest.mark.parametrize("loop", LOOPS)
def test_the_engine_read_again_unchanged_is_right(loop: str) -> None:
    """Negative control of the control: nothing but the change is noticed, and the right engine stays in place."""
    before = lanes.simulate_lanes
    same = wrong("kernel", "WORTH_LEAVING = 10", "WORTH_LEAVING = 9")
    assert same.engine().simulate_lanes is not before
    assert not notices((batch for batch in (_alone(random_world, 5), _together(3))), same, loop)
    assert lanes.simulate_lanes is before
    assert before.__module__ == PACKAGE


def test_a_change_must_change_something() -> None:
    with pytest.raises(AssertionError, match="does not say once: these words"):
        wrong("kernel", "these words", "others").engine()
