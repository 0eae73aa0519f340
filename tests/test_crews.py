"""Studies shared out over processes against the same study in one: the same numbers, whoever runs what (R114)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tiny import TINY, tiny
from typer.testing import CliRunner

import simsocial as ss
from simsocial.cli import app
from simsocial.model.memory import MEMORY_TOGETHER
from simsocial.model.scenario import Scenario
from simsocial.simulation import crew as crews
from simsocial.simulation.crew import Crew, crew
from simsocial.simulation.executors import here, kept_open
from simsocial.simulation.points import run_points

RATE = '"8 / day"'
SOLVED = {"vary": "teams.desk.headcount=1..5", "until": "mentions.respond.p_behind <= 20 %"}


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny(tmp_path_factory.mktemp("crews"))


@pytest.fixture(scope="module")
def scenarios(config: Path) -> list[Scenario]:
    return [ss.load(config, overrides={"teams.desk.headcount": number}) for number in (1, 2, 3)]


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("lanes", [1024, 4])
def test_points_are_the_same_however_they_are_shared_out(
    scenarios: list[Scenario], workers: int, lanes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crews, "MOST_LANES", lanes)
    done: list[int] = []
    with crew(workers, memory=MEMORY_TOGETHER) as running:
        made = list(running.run_points(scenarios, replications=5, first=2, seed=7, finished=done.append))
        again = list(running.run_points(scenarios[:1], replications=1, first=2, seed=7))
    whole = list(run_points(scenarios, replications=5, first=2, seed=7))
    for one, other in zip(made, whole, strict=True):
        assert (one.scenario, one.seed, one.first, one.rows) == (other.scenario, 7, 2, other.rows)
        assert one.messages == other.messages
        assert np.array_equal(one.numerators, other.numerators, equal_nan=True)
        assert np.array_equal(one.denominators, other.denominators, equal_nan=True)
    assert np.array_equal(again[0].numerators, whole[0].numerators[:1], equal_nan=True)
    assert sum(done) == 15
    assert len(done) > workers or lanes == 1024


@pytest.mark.parametrize(("points", "many", "workers"), [(1, 25, 2), (3, 1, 2), (64, 25, 1), (5, 1000, 3), (1, 1, 4)])
def test_every_replication_of_every_point_is_in_one_task(points: int, many: int, workers: int) -> None:
    cut = list(crews._cut(points, range(10, 10 + many), workers))
    cells = [(point, number) for some, part in cut for point in range(points)[some] for number in part]
    assert sorted(cells) == [(point, number) for point in range(points) for number in range(10, 10 + many)]
    assert len(cut) >= min(workers, points * many)


def test_an_executor_is_opened_once_and_again_when_it_was_ended() -> None:
    opened: list[int] = []
    with kept_open(lambda: here(lambda: opened.append(1))()) as opens:
        for cancelled in (False, True, False):
            pool = opens()
            assert pool.submit(len, "abc").result() == 3
            pool.shutdown(cancel_futures=cancelled)
    assert len(opened) == 2


def test_memory_is_divided(scenarios: list[Scenario], monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[float] = []

    def do(task: crews.Task) -> list[crews.Part]:
        given.append(task.memory)
        return [crews.Part(np.ones((1, 1)), np.ones((1, 1)), 0)] * len(task.scenarios)

    monkeypatch.setattr(crews, "do", do)
    list(Crew(4, 8e9, here()).run_points(scenarios, replications=4))
    assert given == [2e9] * 4


def both(*arguments: str) -> list[str]:
    """Return what a verb prints with one worker and with two."""
    told = [CliRunner().invoke(app, [*arguments, "--json", "--workers", workers]) for workers in "12"]
    assert [each.exit_code for each in told] == [0, 0], [each.output for each in told]
    return [each.stdout for each in told]


def test_compare_says_the_same(config: Path) -> None:
    one, two = both("compare", str(config), "--vary", "teams.desk.headcount=1,2", "--replications", "5")
    assert one == two != both("compare", str(config), "--vary", "teams.desk.headcount=1,3", "--replications", "5")[0]
    best = ("--best", "mentions.respond.p_behind", "--indifference", "20 %", "--most", "40")
    one, two = both("compare", str(config), "--vary", "teams.desk.headcount=1,3", *best)
    assert one == two


def test_solve_says_the_same(config: Path) -> None:
    one, two = (ss.solve(config, **SOLVED, replications=6, workers=workers) for workers in (1, 2))
    assert one.tried == two.tried


def test_sensitivity_writes_the_same(config: Path, tmp_path: Path) -> None:
    ranged = tmp_path / "ranged.toml"
    text = TINY.replace(RATE, f'{{ value = {RATE}, range = ["3 / day", "12 / day"] }}')
    ranged.write_text(text, encoding="utf-8")
    one, two = (ss.sensitivity(ranged, points=2, replications=3, workers=workers) for workers in (1, 2))
    assert one.swings == two.swings != {}
    assert one.indices == two.indices != {}


@pytest.mark.parametrize("verb", ["compare", "solve"])
def test_no_worker_is_refused(config: Path, verb: str) -> None:
    calls: dict[str, Callable[[], object]] = {
        "compare": lambda: ss.compare_several({}, workers=0),
        "solve": lambda: ss.solve(config, **SOLVED, workers=0),
    }
    with pytest.raises(ss.InputError, match="workers: must be a whole number of at least 1"):
        calls[verb]()
