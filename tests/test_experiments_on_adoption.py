"""The experiments on adoption: one number of each comes out again, and their READMEs tell their summaries."""

from __future__ import annotations

import math
import sys
import types
from importlib import util
from pathlib import Path

import pandas as pd
import pytest

EXPERIMENTS = Path(__file__).parents[1] / "experiments"


def program(name: str) -> types.ModuleType:
    """The program of an experiment, by a name of its own."""
    spec = util.spec_from_file_location(f"{name}_answer", EXPERIMENTS / name / "answer.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def text(name: str) -> str:
    return " ".join((EXPERIMENTS / name / "README.md").read_text(encoding="utf-8").split())


def test_a_rollout_comes_out_again() -> None:
    """Replication 3 of waves two weeks apart with two trainers, on which the summary rests."""
    results = program("rollout_waves").replicate(2, 2, 1, first=3)
    assert program("rollout_waves").all_enabled(results.scenario) == "2026-04-14"
    (path,) = results.paths[0]
    assert results.scenario.when(int(path.first_onset)).isoformat() == ROLLOUT_ONSET


def test_a_growth_comes_out_again() -> None:
    """Replication 3 of 8 % a month with technology."""
    results = program("adoption_outruns").replicate(8, "technology", 1, first=3)
    (path,) = results.paths[0]
    assert results.scenario.when(int(path.first_onset)).isoformat() == GROWTH_ONSET
    (support,) = results.support
    assert support.enabled == (60, 150)
    assert support.carried is not None
    assert support.carried.value == GROWTH_CARRIED


ROLLOUT_ONSET = "2026-03-04T17:00:00"
GROWTH_ONSET, GROWTH_CARRIED = "2026-08-19T17:00:00", 52.5


@pytest.mark.parametrize("name", ["rollout_waves", "adoption_outruns"])
def test_the_readme_tells_the_summary(name: str) -> None:
    summary = pd.read_csv(EXPERIMENTS / name / "summary.csv")
    readme = (EXPERIMENTS / name / "README.md").read_text(encoding="utf-8").splitlines()
    answer = program(name)
    assert [line for line in answer.table(summary) if line not in readme] == []
    assert set(summary["n"]) == {20}
    other = summary.assign(value=summary["value"].where(summary["measure"] != "kept_share", 0.5))
    assert [line for line in answer.table(other) if line not in readme]


def test_the_readmes_answer_with_their_numbers() -> None:
    waves = pd.read_csv(EXPERIMENTS / "rollout_waves" / "summary.csv").set_index(["weeks", "trainers", "measure"])
    never = {case[:2] for case, row in waves.iterrows() if case[2] == "p_behind" and row["value"] == 0}
    assert never == {(8, 1), (8, 2)}
    assert f"{100 * waves.loc[(6, 2, 'p_behind'), 'value']:.0f} % (70–97)" in text("rollout_waves")
    growths = pd.read_csv(EXPERIMENTS / "adoption_outruns" / "summary.csv")
    by = growths[growths["measure"] == "p_behind"].set_index(["growth", "remedy"])["value"]
    keeping = {growth: {remedy for remedy in by[growth].index if by[growth, remedy] < 0.5} for growth in (8, 16, 24)}
    assert keeping == {8: {"people", "all three"}, 16: {"all three"}, 24: set()}
    onset = growths[growths["measure"] == "first_onset"].set_index(["growth", "remedy"])["value"]
    assert math.isinf(onset[2, "nothing"])
