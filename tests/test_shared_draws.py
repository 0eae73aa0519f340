"""Draws that points share: one value at a time of the bundled configs, against what each draws alone (R118)."""

from __future__ import annotations

import datetime as dt
import random
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import simsocial
from simsocial.config.variants import Variants
from simsocial.draw import messages, roster
from simsocial.draw.messages import Plan, drawn_by
from simsocial.draw.roster import RosterPlan, staffed_by
from simsocial.model.alike import said
from simsocial.model.scenario import Scenario

CONFIGS = sorted((Path(__file__).parents[1] / "configs").glob("*.toml"))
LONG = {"m2": "2 days", "broker_review": "6 weeks"}
"""Horizons; of other configs two weeks."""
MOST = 30
"""Values changed of each config."""
Keys = tuple[str, ...]


def leaves(node: Any, keys: Keys = ()) -> Iterator[tuple[Keys, Any]]:
    """Yield every value of a config with its keys; lists as a whole too."""
    below = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    if not isinstance(node, dict):
        yield keys, node
    for key, each in below:
        yield from leaves(each, (*keys, str(key)))


def other(value: Any) -> Any:
    """Return a value near another, ``None`` where there is none."""
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1 if isinstance(value, int) else value * 0.7
        case dt.date():
            return value + dt.timedelta(days=7)
        case str() if number := re.search(r"\d+", value):
            changed = str(int(number[0]) + 1).zfill(len(number[0]))
            return value[: number.start()] + changed + value[number.end() :]
        case [_, _, *_]:
            return value[:-1]
    return None


def short(config: Path) -> dict[str, str]:
    """Return what makes a config short."""
    return {"time.horizon": LONG.get(config.stem, "2 weeks")}


def changes(config: Path) -> list[dict[str, Any]]:
    """Return changes of one value each, as many as may be and different ones of each config."""
    found = leaves(tomllib.loads(config.read_text(encoding="utf-8")))
    dotted = [(".".join(f'"{key}"' if "." in key else key for key in keys), other(value)) for keys, value in found]
    every = [{path: value} for path, value in dotted if value is not None and path != "time.horizon"]
    return random.Random(118).sample(every, min(MOST, len(every)))


def valid_variants(config: Path) -> Iterator[tuple[dict[str, Any], Scenario]]:
    """Yield variants that are in order, each as it is when it is loaded by itself."""
    variants = Variants(config)
    for change in changes(config):
        if not variants.faults(short(config) | change):
            yield change, simsocial.load(config, overrides=short(config) | change)


def shared_in_vain(config: Path) -> list[dict[str, Any]]:
    """Return the changes after which scenarios pass for alike, though they draw something else."""
    base, wrong = simsocial.load(config, overrides=short(config)), []
    drawn, staffed = (
        said(Plan.of(base).draw(seed=3, replication=1)),
        said(RosterPlan.of(base).draw(seed=3, replication=1)),
    )
    for change, each in valid_variants(config):
        if drawn_by(each) == drawn_by(base) and said(Plan.of(each).draw(seed=3, replication=1)) != drawn:
            wrong.append(change)
        if staffed_by(each) == staffed_by(base) and said(RosterPlan.of(each).draw(seed=3, replication=1)) != staffed:
            wrong.append(change)
    return wrong


@pytest.mark.parametrize("config", CONFIGS, ids=lambda path: path.stem)
def test_scenarios_that_pass_for_alike_draw_alike(config: Path) -> None:
    assert shared_in_vain(config) == []


@pytest.mark.parametrize("forgotten", ["streams", "teams"])
def test_a_comparison_that_forgot_a_part_would_be_noticed(forgotten: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control."""

    def forgetful(value: Any) -> Any:
        if isinstance(value, Scenario):
            value = value.but(**{forgotten: ()})
        return said(value[1:] if forgotten == "teams" and isinstance(value, tuple) else value)

    monkeypatch.setattr(messages, "said", forgetful)
    monkeypatch.setattr(roster, "said", forgetful)
    brand = next(config for config in CONFIGS if config.stem == "brand_care")
    assert shared_in_vain(brand)
