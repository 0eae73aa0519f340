"""The experiments that are sweeps: a point of each comes out again, and their READMEs tell their summaries."""

from __future__ import annotations

import math
import sys
import types
from importlib import util
from pathlib import Path

import pandas as pd
import pytest

import simsocial as ss
from simsocial.config.variants import Variants
from simsocial.measure.stats import wilson
from simsocial.model.scenario import Scenario

EXPERIMENTS = Path(__file__).parents[1] / "experiments"
SWEPT = ("staffing_map", "principals_by_adoption")


def program(name: str) -> types.ModuleType:
    """The program of an experiment, by a name of its own."""
    spec = util.spec_from_file_location(f"{name}_answer", EXPERIMENTS / name / "answer.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def summary(name: str) -> pd.DataFrame:
    return pd.read_csv(EXPERIMENTS / name / "summary.csv")


def point(name: str, **values: object) -> Scenario:
    """The scenario of the point with these values of the factors, named as in the summary."""
    experiment = ss.load_experiment(EXPERIMENTS / name / "experiment.toml")
    factors = program(name).FACTORS
    (found,) = (
        each for each in experiment.points if {factors[path]: value for path, value in each.values.items()} == values
    )
    return Variants(experiment.base).scenario(found.changes)


def test_a_desk_of_the_map_comes_out_again() -> None:
    """All 50 replications of four responders and three reviewers at 4 % a month."""
    told = summary("staffing_map").set_index(["responders", "reviewers", "growth"]).loc[(4, 3, 4.0)]
    results = ss.run(point("staffing_map", responders=4, reviewers=3, growth=4.0), replications=50, seed=7)
    behind = sum(any(math.isfinite(path.first_onset) for path in paths) for paths in results.paths)
    assert f"{wilson(behind, 50).value:.4g}" == f"{told['behind']:.4g}"
    kept = results.by_name["mentions", "", "", "first_response_kept_share"]
    assert f"{kept.value:.4g}" == f"{told['kept']:.4g}"
    assert told["n"] == 50


@pytest.mark.parametrize("name", SWEPT)
def test_some_points_surely_keep_up_and_some_surely_fall_behind(name: str) -> None:
    behind = summary(name)["behind"]
    assert (behind < 0.05).any()
    assert (behind > 0.95).any()


@pytest.mark.parametrize("name", SWEPT)
def test_every_point_is_told(name: str) -> None:
    experiment = ss.load_experiment(EXPERIMENTS / name / "experiment.toml")
    told = summary(name)
    assert len(told) == len(experiment.points)
    assert set(told["n"]) == {experiment.replications}


@pytest.mark.parametrize("name", SWEPT)
def test_the_readme_tells_the_summary(name: str) -> None:
    readme = (EXPERIMENTS / name / "README.md").read_text(encoding="utf-8").splitlines()
    told, answer = summary(name), program(name)
    assert [line for line in answer.table(told) if line not in readme] == []
    assert [line for line in answer.table(told.assign(kept=0.123)) if line not in readme]


def test_the_map_has_the_steps_that_its_readme_tells() -> None:
    answer, told = program("staffing_map"), summary("staffing_map")
    smallest = {}
    for growth in sorted(told["growth"].unique()):
        fine = answer.fewest(told, growth)
        least = fine.loc[(fine["responders"] + fine["reviewers"]).idxmin()]
        smallest[growth] = (least["responders"], least["reviewers"])
    steps = {growth: pair for growth, pair in smallest.items() if smallest.get(growth - 0.5) != pair}
    assert steps == {0.0: (5, 4), 4.5: (6, 4), 5.5: (6, 5), 8.5: (7, 5)}
    three = told[(told["growth"] == 4) & (told["reviewers"] == 3)]
    assert three["behind"].min() == 0.92


def test_the_readme_on_principals_tells_what_its_summary_holds() -> None:
    told = summary("principals_by_adoption").set_index(["principals", "midpoint", "reject"])
    as_things_are = {number: told.loc[(number, "26 weeks", 0.35), "behind"] for number in (6, 14, 16)}
    assert as_things_are == {6: 1.0, 14: 0.4, 16: 0.0}
    half_rejected = told.xs((20, 0.5), level=("principals", "reject"))
    assert set(half_rejected["kept"].round(2)) == {0.86}
    assert half_rejected["occupancy"].max() < 0.5


def test_a_year_of_the_broker_comes_out_again() -> None:
    """Replication 3 of fourteen principals as things are: one of those that the summary counts."""
    scenario = point("principals_by_adoption", principals=14, midpoint="26 weeks", reject=0.35)
    found = ss.run(scenario, replications=1, first=3, seed=7).by_name
    assert found["posts", "review", "", "first_onset"].value == 330 + 17 / 24
    assert round(found["posts", "", "", "publication_kept_share"].value, 6) == 0.922326
