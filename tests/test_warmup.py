"""Advice for the warm-up: series whose start is known to differ, and those whose start only seems to (R9)."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from builders import at, single_stage_scenario
from rich.console import Console

import simsocial as ss
from simsocial.measure.definitions import Kind
from simsocial.measure.rows import Row
from simsocial.measure.series import SeriesTable
from simsocial.measure.stats import mser5
from simsocial.measure.warmup import WarmupAdvice, warmup_advice
from simsocial.model.laws import Deterministic
from simsocial.model.scenario import Scenario
from simsocial.report.run_report import run_report
from simsocial.units import DAY, HOUR, MINUTE, WEEK

WEEKS = 12
HOURS = np.arange(WEEKS * 168)
RHYTHM = 20 + 12 * np.sin(HOURS * 2 * np.pi / 168) + 6 * np.sin(HOURS * 2 * np.pi / 24)
"""A busy first half of each week, and busy days: what waits without any filling up."""
FILLING = np.where(HOURS < 70, -15.0, 0.0)


def advised(
    waiting: npt.ArrayLike, *, arrived: npt.ArrayLike = 5.0, warmup: int = 0, interval: int = HOUR
) -> WarmupAdvice:
    waiting = np.asarray(waiting, np.float64)
    start = np.arange(len(waiting)) * interval
    rows = tuple(
        Row("mentions", step, "", name, "", Kind.MEAN) for step, name in (("", "arrived"), ("respond", "backlog"))
    )
    value = np.array([np.broadcast_to(np.asarray(arrived, np.float64), waiting.shape), waiting])
    table = SeriesTable(rows, start, value, value, value, 0.95, 10)
    return warmup_advice(table, warmup=warmup, horizon=len(waiting) * interval)


def noise() -> npt.NDArray[np.float64]:
    return np.random.default_rng(1).normal(0, 0.5, len(HOURS))


def test_a_start_that_differs_is_found_under_the_rhythm_of_the_week() -> None:
    """Seventy hours are fourteen batches of five, rounded up to whole days."""
    waiting = RHYTHM + FILLING + noise()
    advice = advised(waiting)
    assert (advice.length, advice.matters) == (3 * DAY, True)
    assert advice.change == pytest.approx(20 / (20 - 15 * 70 / len(HOURS)) - 1, rel=0.05)
    assert advice.sentence == (
        "in the first 3 days the waiting lines look as if they were still filling up (MSER-5); without them 3 % more "
        'wait on average; write time.warmup = "3 days" unless the desk does start like that'
    )


def test_the_rhythm_alone_is_no_filling_up() -> None:
    """Negative control: the plain heuristic takes the week for a start that differs."""
    assert not advised(RHYTHM + noise()).matters
    assert mser5(RHYTHM + FILLING + noise()) != 70


def test_hours_are_advised_where_hours_do() -> None:
    assert advised(20 - np.where(HOURS < 20, 20, 0) + noise(), warmup=HOUR).length == 20 * HOUR


@pytest.mark.parametrize(("warmup", "matters"), [(0, True), (DAY, True), (3 * DAY, False), (WEEK, False)])
def test_a_warm_up_that_is_long_enough_needs_no_advice(warmup: int, matters: bool) -> None:
    advice = advised(20 + 4 * FILLING + noise(), warmup=warmup)
    assert (advice.length, advice.matters) == (3 * DAY, matters)


def test_a_start_that_changes_little_needs_no_advice() -> None:
    waiting = 20 + np.where(HOURS < 70, -4.0, 0.0) + noise() / 10
    advice = advised(waiting)
    assert (advice.length, advice.matters) == (3 * DAY, False)
    assert abs(advice.change) < 0.02


@pytest.mark.parametrize(
    ("advice", "because"),
    [
        (advised(RHYTHM[: 4 * 168 - 1]), "too short"),
        (advised(RHYTHM, interval=11 * HOUR), "does not divide a week"),
        (advised(HOURS), "reach no level"),
        (advised(RHYTHM + FILLING, arrived=5 + 0.002 * HOURS), "the volume changes"),
    ],
)
def test_where_none_can_be_advised(advice: WarmupAdvice, because: str) -> None:
    assert advice.length is None
    assert not advice.matters
    assert because in advice.sentence


def test_nothing_waits() -> None:
    assert not advised(np.zeros(len(HOURS))).matters


# ---- of a run --------------------------------------------------------------------------------------------------------


def filling(*, warmup: int) -> Scenario:
    """Twice the work that one agent can do, from an empty desk, and everybody waits 60 hours.

    Who comes at t is due to be served at 2 t; so the wait grows until it is 60 hours for those of hour 60, who are
    reached at hour 120: five days. From then on as many leave as come too many.
    """
    coming = np.arange(0, 4 * WEEK, 30 * MINUTE)
    world = single_stage_scenario(
        arrivals=at(*coming), work=Deterministic(HOUR), agents=1, horizon=4 * WEEK, patience=Deterministic(60 * HOUR)
    )
    return replace(world, warmup=warmup)


def printed(scenario: Scenario) -> str:
    console = Console(width=80, file=io.StringIO())
    console.print(run_report(ss.run(scenario, replications=1)))
    return " ".join(console.file.getvalue().split())  # type: ignore[attr-defined]


def test_a_run_tells_the_warm_up_that_it_needs() -> None:
    advice = ss.run(filling(warmup=0), replications=1).warmup_advice()
    assert (advice.length, advice.matters) == (5 * DAY, True)
    assert f"warm-up: {advice.sentence}" in printed(filling(warmup=0))


def test_a_run_with_warm_up_enough_says_nothing_of_it() -> None:
    assert "warm-up" not in printed(filling(warmup=5 * DAY))
