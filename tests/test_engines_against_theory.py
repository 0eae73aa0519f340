"""The engines against exact theory and published simulations, through the public API.

A short run of every case is part of the tests; ``python -m pytest -m long tests/test_engines_against_theory.py`` runs
them until each value's relative standard error is at most 2 %, about 40 minutes on one core.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from reference_cases import CASES, DATA, IDS, case_of, cases, trial
from reference_samples import deviations, estimate, off
from reference_training import Held, stationary
from reference_trials import Runs, samples
from validation import RELATIVE_ERROR, settle

import simsocial as ss
from simsocial.units import HOUR

pytestmark = pytest.mark.skipif(not CASES.exists(), reason=f"reference cases are not here: {CASES.name}")


def z_of(case: Runs, folder: Path, *, paths: int) -> dict[str, float]:
    """Run one replication of a stationary case, so many paths of any other."""
    numbers = range(1 if len(case.windows) > 1 else paths)
    return deviations(case.targets, *estimate([*samples(case, folder, numbers=numbers, seed=20260105)], case.targets))


def numbers_in(metrics: Any) -> int:
    """Count the values that a case gives: not its instants, nor what stands beside a value about its error."""
    if isinstance(metrics, list):
        return sum(map(numbers_in, metrics))
    if isinstance(metrics, dict) and "value" not in metrics:
        return sum(numbers_in(value) for name, value in metrics.items() if name != "t")
    return 1


def test_no_case_of_a_kind_is_left_out() -> None:
    kinds = ("EA-", "GP-", "MG1-", "MDC-", "MPHC-")
    assert {name for name in cases() if name.startswith(kinds)} == {name for name in IDS if name.startswith(kinds)}


@pytest.mark.parametrize("name", IDS)
def test_short_run_agrees(name: str, tmp_path: Path) -> None:
    case = trial(name, messages=20_000)
    assert len(case.targets) == numbers_in(case_of(name)["metrics"]), "every metric of the case is compared"
    assert off(z_of(case, tmp_path, paths=40)) == {}


@pytest.mark.parametrize("name", IDS)
def test_work_that_is_a_tenth_shorter_is_noticed(name: str, tmp_path: Path) -> None:
    """Negative control: the values of a neighbouring case are not within the bound, though the run is shorter."""
    assert len(off(z_of(trial(name, messages=8_000).quicker(0.9), tmp_path, paths=40))) >= 2


def test_the_chain_that_solves_our_ways_of_training_solves_the_case() -> None:
    """TRAIN-01: where work in hand returns to the queue; negative control: our ways, whose values differ by 3 %."""
    case = cases()["TRAIN-01"]
    told = [stationary(case["parameters"], Held(rate)) for rate in (math.inf, 1.0, 0.0)]
    assert told[0] == pytest.approx(case["metrics"], rel=1e-8)
    for ours in told[1:]:
        assert ours["mean_agents_on_duty"] == pytest.approx(told[0]["mean_agents_on_duty"], rel=1e-8)
        assert abs(ours["W"] / told[0]["W"] - 1) > 0.03


@pytest.mark.long
@pytest.mark.parametrize("name", IDS)
def test_long_run_agrees_within_two_percent(name: str, tmp_path: Path) -> None:
    settled = settle(name, tmp_path)
    assert off(settled.z) == {}
    assert settled.relative_error <= RELATIVE_ERROR


# ---- TRACE-QC-1: given arrivals and services, exact departures -------------------------------------------------------


def ticks_off(trace: pd.DataFrame, *, agents: int) -> float:
    """Return by how many milliseconds the departures of that many agents differ at most, when 1 unit is 1 h."""
    messages = ss.messages(arrival=trace["arrival"], work=trace["service"], unit="h")
    ended = ss.simulate(messages, ss.roster(agents=agents)).visits()["end"]
    return float((ended - trace["departure_1_server"] * HOUR).abs().max())


def test_given_arrivals_and_services_depart_when_they_must() -> None:
    """TRACE-QC-1, and a desk of two as negative control."""
    trace = pd.read_csv(DATA / "traces" / "fifo_100.csv")
    assert len(trace) == 100
    assert ticks_off(trace, agents=1) <= 2
    assert ticks_off(trace, agents=2) > 2
