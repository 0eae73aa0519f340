"""The bundled configs: every line commented, every number sourced, and what they say in their normal form."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from configs_in_short import changed

from simsocial.config.document import Document
from simsocial.config.loading import load, normalised, parse
from simsocial.measure.volume import expected_arrivals
from simsocial.model.arrivals import RateArrivals
from simsocial.model.desk import Group
from simsocial.model.laws import Exponential, LogNormal
from simsocial.study.verify import verify
from simsocial.units import HOUR, MINUTE

CONFIGS = sorted((Path(__file__).parents[1] / "configs").glob("*.toml"))
BY_NAME = {path.stem: path for path in CONFIGS}

each = pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)


def test_there_are_seven() -> None:
    assert list(BY_NAME) == [
        *("brand_care", "broker_review", "fortune100_enablement", "m2", "quickstart", "regulated_bank", "viral_event")
    ]


@each
def test_every_line_is_commented(path: Path) -> None:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert [line for line in lines if "#" not in line] == []


@each
def test_every_number_has_a_source(path: Path) -> None:
    origin = load(path).origin
    assert origin is not None
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    assert {source.partition(":")[0] for source in origin.sources.values()} <= {"assumed", "cited", "measured"}
    for stream, table in written["streams"].items():
        for step in table["steps"]:
            assert any(key.startswith(f"streams.{stream}.steps.{step}.work") for key in origin.sources)


@each
def test_the_normal_form_says_the_same(path: Path) -> None:
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    document = Document.model_validate(written)
    assert Document.model_validate(normalised(document)) == document
    scenario = parse(written, base=path.parent)
    assert scenario.origin is not None
    again = parse(scenario.origin.config, base=path.parent)
    assert (again.desk.rankings, again.desk.queues) == (scenario.desk.rankings, scenario.desk.queues)
    assert again.origin is not None
    assert again.origin.config == scenario.origin.config


def test_the_normal_form_fills_in_defaults_in_the_users_units() -> None:
    normal: dict[str, Any] = normalised(Document.model_validate(changed()))
    assert normal["time"] == {
        "start": "2026-01-05T00:00:00",
        "horizon": "4 weeks",
        "interval": "30 min",
        "warmup": "0 ms",
    }
    assert normal["streams"]["m"]["steps"]["respond"]["work"] == {"law": "deterministic", "value": "6 min"}
    assert normal["streams"]["m"]["arrivals"]["profile"] == "flat"
    assert normal["teams"]["desk"]["concurrency"] == {"slots": 1, "attention": 1.0, "switch_loss": 0.0}
    assert normal["run"] == {
        "seed": 1,
        "replications": 100,
        "falls_behind": {"persistence": 5},
        "confidence": 0.95,
        "full_week": "40 h",
    }


def test_quickstart_is_small_enough_for_seconds() -> None:
    scenario = load(BY_NAME["quickstart"])
    messages = float(expected_arrivals(scenario.streams[0].arrivals, scenario.horizon, horizon=scenario.horizon))
    assert messages < 4500
    assert scenario.run.replications <= 30


def test_m2_is_the_reference_workload() -> None:
    scenario = load(BY_NAME["m2"])
    queue = {queue.name: index for index, queue in enumerate(scenario.desk.queues)}
    assert scenario.horizon == 2400 * HOUR
    rates = []
    for stream in scenario.streams:
        arrivals = stream.arrivals
        assert isinstance(arrivals, RateArrivals)
        steps = np.arange(0, scenario.horizon + 1, 6 * MINUTE)
        rates.append(np.diff(expected_arrivals(arrivals, steps, horizon=scenario.horizon)) * 10)
        handle, review = stream.steps
        assert (handle.work, handle.share) == (LogNormal(HOUR, 1.0), 1.0)
        assert (review.work, review.share, review.rework) == (LogNormal(HOUR / 2, 1), 0.3, LogNormal(HOUR / 2, 1))
        assert stream.patience == Exponential(4 * HOUR)
    edges = np.arange(24001) * 0.1 * 2 * np.pi / 24
    swing = 1 + 0.5 * -np.diff(np.cos(edges)) / np.diff(edges)
    np.testing.assert_allclose(rates[0], 0.2 * 19 * swing, rtol=1e-7)
    np.testing.assert_allclose(rates[1], 0.8 * 19 * swing, rtol=1e-7)
    responders, reviewers = scenario.desk.rankings
    assert responders.groups == (
        Group((queue["urgent.handle.rework"], queue["normal.handle.rework"])),
        Group((queue["urgent.handle"],)),
        Group((queue["normal.handle"],)),
    )
    assert reviewers.groups == (Group((queue["urgent.review"], queue["normal.review"])),)
    assert [team.headcount.values.tolist() for team in scenario.teams] == [[20.0], [4.0]]
    assert [route.steps[1].review.reject for route in scenario.desk.routes if route.steps[1].review] == [0.1, 0.1]


def test_brand_care_uses_languages_slots_a_backlog_and_time_away() -> None:
    scenario = load(BY_NAME["brand_care"])
    assert [stream.name for stream in scenario.streams] == [
        "mentions.en",
        "mentions.fr",
        "dms.en",
        "dms.fr",
        "chat",
    ]
    assert [len(those) for stream in scenario.streams for those in stream.waiting] == [60, 60, 25, 25]
    assert [team.slots for team in scenario.teams] == [1, 1, 3]
    english, french, _ = scenario.teams
    assert all((team.absence, team.leave, team.meetings) for team in (english, french))
    assert (len(english.other_duties), len(french.on_call)) == (1, 1)
    assert verify(scenario, replications=2, weeks=2).identical
