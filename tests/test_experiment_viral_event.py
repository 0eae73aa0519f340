"""The experiment on a viral event: one of its replications comes out again, and its README tells its summary."""

from __future__ import annotations

import sys
import types
from importlib import util
from pathlib import Path

import pandas as pd
import pytest

HOME = Path(__file__).parents[1] / "experiments" / "viral_event"


@pytest.fixture(scope="module")
def answer() -> types.ModuleType:
    """The program, by a name of its own: every experiment has an ``answer.py``."""
    spec = util.spec_from_file_location("viral_event_answer", HOME / "answer.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def summary() -> pd.DataFrame:
    return pd.read_csv(HOME / "summary.csv")


STORED = {
    "replication": 3,
    "hours_until_back": 92.5,
    "due": 2657,
    "kept": 677,
    "abandoned": 713,
    "size": 4000,
    "headcount": 8,
}
"""One of the replications of seed 20260120 that the summary rests on."""


def test_a_replication_comes_out_again(answer: types.ModuleType) -> None:
    assert answer.replicate(4000, 8, 1, first=3).to_dict("records") == [STORED]


def test_a_summary_tells_each_case_by_itself(answer: types.ModuleType) -> None:
    hours = [24.0] * 4 + [240.0] * 4
    six = pd.DataFrame({"hours_until_back": hours, "due": [10] * 8, "kept": [5] * 4 + [10] * 4, "size": 7})
    made_up = pd.concat([six.assign(headcount=1), six.assign(headcount=2, kept=10)])
    found = answer.summarise(made_up).set_index(["headcount", "measure"])["value"]
    assert found[1].to_dict() == {
        "back_p50": 1.0,
        "back_p90": 10.0,
        "back_within_a_week": 0.5,
        "kept_share_of_the_week": 0.75,
    }
    assert found[2, "kept_share_of_the_week"] == 1.0


def test_the_readme_tells_the_summary(answer: types.ModuleType, summary: pd.DataFrame) -> None:
    readme = (HOME / "README.md").read_text(encoding="utf-8")
    assert [line for line in answer.table(summary) if line not in readme.splitlines()] == []
    assert set(summary["n"]) == {40}
    assert [line for line in answer.table(summary.assign(value=summary["value"] + 1)) if line not in readme]


def test_the_readme_answers_with_its_medians(answer: types.ModuleType, summary: pd.DataFrame) -> None:
    median = summary[summary["measure"] == "back_p50"].set_index(["size", "headcount"])["value"].round(1)
    readme = " ".join((HOME / "README.md").read_text(encoding="utf-8").split())
    assert f"five responders are back after {median[4000, 5]} days in median" in readme
    assert f"eight after {median[4000, 8]} days" in readme
    assert f"twelve after {median[4000, 12]} days" in readme
    assert f"five responders need {median[8000, 5]} days" in readme
