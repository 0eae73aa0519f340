"""Variants of a config against loading each of them anew: the same faults, the same scenarios (R116)."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import random
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import simsocial
from simsocial.config.resolve import memory
from simsocial.config.resolve.layout import Layout
from simsocial.config.resolve.rankings import Rankings
from simsocial.config.resolve.world import World
from simsocial.config.variants import Variants

CONFIGS = Path(__file__).parents[1] / "configs"

LAW = {"law": "gamma", "mean": "9 min", "cv": 0.8}
SHIFT = {"days": "Mon-Fri", "hours": "08:00-14:00", "break": {"after": "3 h", "length": "30 min"}}
POSTS = {"route": ["respond"], "arrivals": {"rate": "2 / day"}, "steps": {"respond": {"work": "5 min"}}}

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
BRAND: dict[str, list[Any]] = {
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
    [("quickstart", QUICKSTART, 200), ("broker_review", BROKER, 25), ("brand_care", BRAND, 25)],
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


FILES: dict[str, list[Any]] = {
    "time.horizon": ["2 days", "3 days"],
    "teams.desk.rota": ["rota.csv", "no.csv", {"file": "rota.csv", "rows": {"team": "principals"}}],
    "teams.principals.rota": ["rota.csv", {"file": "rota.csv", "rows": {"team": "principals"}}],
    "teams.helpers.pace": [1, 0.9],
    "teams.helpers.headcount_by_interval": ["required.csv", "rota.csv"],
    "streams.direct.steps.approve.work": ["2 min", LAW],
    "streams.mentions.arrivals.replay.rows": [{"channel": "mentions"}, {"channel": "direct"}, {"channel": "none"}],
    "calendars.office.holidays": ["holidays.csv", "rota.csv"],
}


def desk_from_files(folder: Path) -> Path:
    page = (CONFIGS.parent / "docs" / "files.md").read_text(encoding="utf-8")
    for name, text in re.findall(r"<!-- file (\S+) -->\n```\w+\n(.*?)```", page, re.DOTALL):
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "desk.toml"


def test_variants_read_files_as_loading_does_whatever_was_read_before(tmp_path: Path) -> None:
    """Two teams may not take the same rows of a rota; that holds within a variant, not among several."""
    file, dice, bad = desk_from_files(tmp_path), random.Random(2), 0
    variants = Variants(file)
    for _ in range(40):
        changes = some(FILES, dice, 4)
        expected = found_by_loading(file, changes)
        assert variants.faults(changes) == expected, changes
        if not expected:
            assert alike(variants.scenario(changes), simsocial.load(file, overrides=changes)), changes
        bad += bool(expected)
    assert 5 < bad < 35


def test_a_config_that_is_at_fault_itself_has_the_faults_of_loading_it(tmp_path: Path) -> None:
    text = (CONFIGS / "quickstart.toml").read_text(encoding="utf-8").replace("headcount = 1 ", "headcount = -1 ")
    (file := tmp_path / "config.toml").write_text(text, encoding="utf-8")
    for changes in ({}, {"teams.desk.headcount": 2}, {"teams.desk.headcount": 2, "teams.principals.headcount": 1}):
        assert Variants(file).faults(changes) == found_by_loading(file, changes)
    assert Variants(file).faults(changes) == ()


def test_variants_go_to_other_processes_without_what_they_remember() -> None:
    variants = Variants(CONFIGS / "quickstart.toml")
    variants.faults({"teams.desk.headcount": 2})
    assert len(pickle.dumps(variants)) < 1000
    assert copy.copy(variants) == variants


@pytest.mark.parametrize("forgotten", [Layout, Rankings, World])
def test_a_memory_that_looked_at_less_would_be_noticed(forgotten: type, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: results kept without regard to what they depend on are told where they do not fit."""
    honest = memory.key_of
    monkeypatch.setattr(memory, "key_of", lambda value: 0 if isinstance(value, forgotten) else honest(value))
    every, later = {"teams.desk.serves": ["*.respond"]}, {"teams.desk.changes": {"x": {"date": "2026-03-02", "add": 1}}}
    telling: dict[type, list[dict[str, Any]]] = {
        Layout: [every, every | {"streams.posts": POSTS}],
        Rankings: [{}, {"teams.desk.serves": ["mentions.respond", "mentions.respond.rework"]}],
        World: [later, later | {"time.start": "2026-01-12"}],
    }
    variants = Variants(CONFIGS / "quickstart.toml")
    assert not all(told_as_by_loading(variants, changes) for changes in telling[forgotten])


def told_as_by_loading(variants: Variants, changes: dict[str, Any]) -> bool:
    expected = found_by_loading(variants.file, changes)
    if expected or variants.faults(changes):
        return variants.faults(changes) == expected
    return alike(variants.scenario(changes), simsocial.load(variants.file, overrides=changes))


def test_a_memory_forgets_what_was_not_asked_for_the_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MOST_BYTES", 300_000)
    variants = Variants(CONFIGS / "quickstart.toml")
    for growth in range(12):
        assert not variants.faults({"streams.mentions.arrivals.growth": f"{growth} % / month"})
    held = {id(a): a.nbytes for kept in variants._memory._kept.values() for a in memory.arrays_in(kept.result)}
    assert sum(held.values()) == variants._memory._octets <= 300_000
    assert variants.faults({"streams.mentions.arrivals.growth": "900 % / day"})
