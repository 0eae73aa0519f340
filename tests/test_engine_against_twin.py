"""The reference engine against a slow twin that was written a second time from the rules: every visit, every fate."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import pytest
import twin
from hypothesis import given, settings
from strategies import random_world, worlds
from timelines import MUTANTS
from told import Engine, compiled, equal
from worked import World

from simsocial.engines.reference import simulate
from simsocial.model.desk import Desk
from simsocial.model.log import Log
from simsocial.model.messages import Messages
from simsocial.model.roster import Roster

Case = tuple[Desk, Messages, Roster]
SEEDS = range(500)
INVISIBLE = {"product_instead_of_quotient", "author_corrects_nothing"}
"""Quarters multiply and divide exactly; the other is rare. Timelines show both."""


@cache
def case(seed: int) -> Case:
    return compiled(random_world(seed))


@cache
def told_by_twin(seed: int) -> Log:
    return twin.simulate(*case(seed))


def first_difference(engine: Engine, seeds: Iterable[int]) -> int | None:
    return next((seed for seed in seeds if not equal(engine(*case(seed)), told_by_twin(seed))), None)


def test_engine_and_twin_agree_on_random_cases() -> None:
    assert first_difference(simulate, SEEDS) is None


@given(worlds())
@settings(max_examples=50, deadline=None)
def test_engine_and_twin_agree_on_cases_that_can_be_shrunk(world: World) -> None:
    arrays = compiled(world)
    assert equal(simulate(*arrays), twin.simulate(*arrays))


@pytest.mark.parametrize("name", sorted(MUTANTS.keys() - INVISIBLE))
def test_random_cases_notice(name: str) -> None:
    """Negative control: each rule, done wrongly, shows in some of the same cases."""
    assert first_difference(MUTANTS[name], SEEDS) is not None


@pytest.mark.long
@pytest.mark.parametrize("thousand", range(1, 21))
def test_engine_and_twin_agree_on_thousands_of_cases(thousand: int) -> None:
    for seed in range(1000 * thousand, 1000 * (thousand + 1)):
        arrays = compiled(random_world(seed))
        assert equal(simulate(*arrays), twin.simulate(*arrays)), f"seed {seed}"
