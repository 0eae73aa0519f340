"""Variants of a config against loading each of them anew: the same faults, the same scenarios (R116)."""

from __future__ import annotations

import dataclasses
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import simsocial
from simsocial.config.variants import Variants

CONFIGS = Path(__file__).parents[1] / "configs"

LAW = {"law": "gamma", "mean": "9 min", "cv": 0.8}
SHIFT = {"days": "Mon-Fri", "hours": "08:00-14:00", "break": {"after": "3 h", "length": "30 min"}}

QUICKSTART: dict[str, list[Any]] = {
    "teams.desk.headcount": [0, 1, 3, 12, -1, "three", 2.5, 10**9, {"value": 3, "source": "measured"}],
    "teams.desk.serves": [["mentions.respond"], ["mentions.*"], ["mentions.respnd"], [], "mentions.respond"],
    "teams.desk.shifts": [{"day": SHIFT}, {}, {"a": SHIFT | {"share": 0.5}, "b": SHIFT | {"share": 0.4}}],
    "teams.principals.serves": [["mentions.review"], ["mentions.review", "mentions.respond"], ["posts.review"]],
    "teams.principals.pace": [1, 0.5, 0],
    "teams.night": [{"headcount": 1, "serves": ["mentions.respond"], "shifts": {"n": {"hours": "Mon 20:00-23:00"}}}],
    "streams.mentions.arrivals.rate": ["21 / day", "40 / h", "3 / open day", 7, "9e9 / s", "-1 / day"],
    "streams.mentions.arrivals.growth": ["4 % / month", "900 % / day", {"value": "5 % / month", "source": "assumed"}],
    "streams.mentions.steps.respond.work": ["12 min", LAW, LAW | {"cv": -1}, {"law": "gama", "mean": "3 min"}, 12],
    "streams.mentions.steps.review.returns_to": ["respond", "author", "reply"],
    "streams.mentions.steps.review.reject": [0.06, "20 %", 1.5],
    "streams.mentions.steps.review.served_by": ["nobody"],
    "streams.mentions.steps.review.prefer": [["principals"], ["desk"], ["nobody"]],
    "streams.mentions.route": [["respond", "review"], ["respond"], ["review", "respond"]],
    "streams.mentions.split": [{"en": 0.5, "fr": 0.5}, {"en": 0.5, "fr": 0.4}],
    "streams.mentions.calendar": ["office", "offic"],
    "calendars.office.hours": ["Mon-Fri 08:00-18:00", "Mon 9"],
    "calendars.office.holidays": [["2026-01-19"], "no_such.csv"],
    "time.horizon": ["26 weeks", "8 weeks", "0 weeks", "900000 years"],
    "time.interval": ["30 min", "1 s"],
    "run.replications": [25, 0, {"precision": "2 %", "of": "mentions.completed"}, {"precision": "2 %", "of": "nope.x"}],
    "run.falls_behind.persistence": [5, -1],
    "name": ["Another", 3],
    "source": ["measured"],
    "backlog": ["no_such_file.csv"],
    "teams.desk.headcont": [3],
    "teams.dsk.headcount": [3],
    "teams.desk": [{"headcount": 2, "serves": ["mentions.respond"], "shifts": {"day": SHIFT}}],
    "a..b": [1],
}
BROKER: dict[str, list[Any]] = {
    "teams.principals.headcount": [3, 5, -2],
    "time.horizon": ["30 weeks", "60 weeks"],
    "run.confidence": [0.9, 0.2],
    "calendars.extra": [{"hours": "always"}, {"hours": 3}],
    "name": ["another"],
}
FORTUNE: dict[str, list[Any]] = {
    "teams.english.headcount": [8, 12, -1],
    "teams.chat.headcount": [3, 6],
    "time.horizon": ["30 weeks", "60 weeks"],
    "teams.english.concurrency": [{"slots": 2, "attention": 0.6}, {"slots": 0}],
}


def some(factors: dict[str, list[Any]], dice: random.Random, most: int) -> dict[str, Any]:
    chosen = dice.sample(sorted(factors), dice.randint(0, min(most, len(factors))))
    return {path: dice.choice(factors[path]) for path in chosen}


def found_by_loading(file: Path, changes: dict[str, Any]) -> tuple[simsocial.Fault, ...]:
    try:
        simsocial.load(file, overrides=changes)
    except simsocial.InputError as error:
        return error.faults
    return ()


def alike(one: Any, other: Any) -> bool:
    """Whether two values made of dataclasses are equal in everything."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other)
    if dataclasses.is_dataclass(one):
        return all(alike(getattr(one, f.name), getattr(other, f.name)) for f in dataclasses.fields(one))
    if isinstance(one, tuple | list):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(alike(one[key], other[key]) for key in one)
    return bool(one == other) or (hasattr(one, "__dict__") and alike(vars(one), vars(other)))


@pytest.mark.parametrize(
    ("config", "factors", "points"),
    [("quickstart", QUICKSTART, 250), ("broker_review", BROKER, 25), ("brand_care", FORTUNE, 25)],
)
def test_faults_of_variants_are_those_of_loading_them(config: str, factors: dict[str, list[Any]], points: int) -> None:
    file, dice = CONFIGS / f"{config}.toml", random.Random(116)
    variants, good, bad = Variants(file), 0, 0
    for _ in range(points):
        changes = some(factors, dice, 3)
        expected = found_by_loading(file, changes)
        assert variants.faults(changes) == expected, changes
        good, bad = good + (not expected), bad + bool(expected)
    assert min(good, bad) > points / 8


@pytest.mark.parametrize(("config", "factors"), [("quickstart", QUICKSTART), ("broker_review", BROKER)])
def test_scenarios_of_variants_are_those_of_loading_them(config: str, factors: dict[str, list[Any]]) -> None:
    file, dice = CONFIGS / f"{config}.toml", random.Random(1)
    variants, compared = Variants(file), 0
    while compared < 12:
        changes = some(factors, dice, 4)
        if not found_by_loading(file, changes):
            assert alike(variants.scenario(changes), simsocial.load(file, overrides=changes)), changes
            compared += 1
