"""Runs shared out over processes against the same run in one: the same bytes, whoever simulates what (R114)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import simsocial as ss
from simsocial.cli import app
from simsocial.model.memory import BYTES_PER_MESSAGE_TOGETHER
from simsocial.model.scenario import Precision, Scenario
from simsocial.simulation import sharing
from simsocial.simulation.executors import cores
from simsocial.simulation.replication import MESSAGES_ONE_BY_ONE, at_once
from simsocial.simulation.sharing import Job
from simsocial.study import fitting_workers as worth

SHORT = ["time.horizon='1 week'", "time.warmup='0 h'"]


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return ss.load("configs/quickstart.toml", overrides=SHORT)


def files(folder: Path) -> dict[str, bytes]:
    """Return what a run wrote, but for the provenance, which holds the time that it took."""
    made = {each.name: each.read_bytes() for each in folder.iterdir() if each.name != "provenance.json"}
    assert {"summary.csv", "series.parquet", "replications.parquet", "episodes.csv"} <= set(made)
    return {name: octets for name, octets in made.items() if name != "capacity_plan.xlsx"}  # which holds its time too


def test_every_table_is_the_same_for_any_number_of_workers(scenario: Scenario, tmp_path: Path) -> None:
    written = []
    for workers in (1, 2, 3):
        results = ss.run(scenario, replications=7, seed=5, log=True, workers=workers)
        ss.write(results, tmp_path / str(workers))
        written.append(files(tmp_path / str(workers)))
    assert "visits.parquet" in written[0]
    assert written[0] == written[1] == written[2]
    ss.write(ss.run(scenario, replications=7, seed=6, log=True), tmp_path / "other")
    assert files(tmp_path / "other") != written[0]


def test_a_precision_stops_at_the_same_replication(scenario: Scenario) -> None:
    precision = Precision("mentions.arrived", 0.1, least=3, most=60)
    precise = scenario.but(run=replace(scenario.run, precision=precision))
    alone, together = (ss.run(precise, workers=workers) for workers in (1, 2))
    assert 3 < len(alone) == len(together) < 60
    assert np.array_equal(alone.numerators, together.numerators, equal_nan=True)


def test_progress_is_told_in_order_and_of_whole_replications(scenario: Scenario) -> None:
    whole: list[tuple[int, int, int]] = []
    counts: list[tuple[int, int]] = []
    results = ss.run(
        scenario,
        replications=5,
        first=10,
        workers=2,
        progress=lambda one, planned: whole.append((one.number, planned, len(one.trace))),
        finished=lambda messages, planned: counts.append((messages, planned)),
    )
    assert [entry[:2] for entry in whole] == [(number, 5) for number in range(10, 15)]
    assert [messages for *_, messages in whole] == [messages for messages, _ in counts]
    assert {planned for _, planned in counts} == {5}
    assert results.process_seconds > 0


@pytest.mark.parametrize("whole", [False, True])
def test_no_replication_travels_that_nobody_asks_for(
    scenario: Scenario, whole: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing, "_AT_WORK", [Job(scenario, 1, "numpy", 1e9, whole=whole)])
    travels = [replication for replication, _ in sharing.do(range(2, 4))]
    assert [one and one.number for one in travels] == ([2, 3] if whole else [None, None])


def test_workers_must_be_some(scenario: Scenario) -> None:
    with pytest.raises(ss.InputError, match="workers: must be a whole number of at least 1"):
        ss.run(scenario, replications=2, workers=0)


# ---- how much at once ------------------------------------------------------------------------------------------------


def test_tasks_are_even_and_keep_within_the_memory() -> None:
    memory = 70 * 100 * BYTES_PER_MESSAGE_TOGETHER
    assert at_once("numpy", 100, messages=100, memory=1e9) == 100
    assert at_once("numpy", 130, messages=100, memory=memory) == 65
    assert at_once("numpy", 65, messages=100, memory=memory, besides=100 * BYTES_PER_MESSAGE_TOGETHER) == 33
    assert at_once("numpy", 100, messages=100, memory=1) == 1


def test_replications_that_go_one_after_the_other_are_few_at_a_time() -> None:
    assert at_once("numpy", 40, messages=MESSAGES_ONE_BY_ONE / 3, memory=1e12) == 3
    assert at_once("numpy", 40, messages=2 * MESSAGES_ONE_BY_ONE, memory=1e12) == 1
    assert at_once("numpy", 400, messages=MESSAGES_ONE_BY_ONE / 3, memory=1e12) == 400
    assert at_once("simpy", 400, messages=MESSAGES_ONE_BY_ONE / 3, memory=1e12) == 3


def test_a_task_is_as_large_as_its_worker_may(scenario: Scenario) -> None:
    job = Job(scenario, 1, "numpy", 1e9, whole=False)
    assert job.size_of_task(80) == 80
    assert replace(job, memory=1).size_of_task(80) == 1
    assert sharing.BYTES_PER_CELL > 0


# ---- the command -----------------------------------------------------------------------------------------------------


def test_a_short_run_is_worth_one_worker_and_a_long_one_all_cores(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worth, "cores", lambda: 8)
    assert worth.fitting_workers(scenario, 2) == 1
    assert worth.fitting_workers(scenario, 100_000) == 8
    monkeypatch.setattr(worth, "WORTH_SECONDS", 0.0)
    assert worth.fitting_workers(scenario, 3) == 3
    assert cores() >= 1


def test_the_command_writes_the_same_for_any_number_of_workers(tmp_path: Path) -> None:
    for workers in ("1", "2"):
        sets = [part for change in SHORT for part in ("--set", change)]
        place = ["--out", str(tmp_path / workers)]
        arguments = ["run", "configs/quickstart.toml", "--replications", "3", "--log", "-q", *sets, *place]
        result = CliRunner().invoke(app, [*arguments, "--workers", workers])
        assert result.exit_code == 0, result.output
    assert files(tmp_path / "1") == files(tmp_path / "2")
