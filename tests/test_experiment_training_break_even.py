"""The experiment on the break-even of training: one number comes out again, and its README tells its summary."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from test_experiments_on_adoption import EXPERIMENTS, program, text

import simsocial as ss

NAME = "training_break_even"
WEEK_OF_REPLICATION_3, GAINED_IN_REPLICATION_3 = 15, 154


def test_a_break_even_comes_out_again() -> None:
    """Replication 3 of a week of class when 40 % leave in a year, on which the summary rests."""
    answer = program(NAME)
    with_class, without = (answer.replicate(weeks, "40 % / year", 1, first=3).answers for weeks in (1, 0))
    assert answer.breaks_even(with_class, without).tolist() == [WEEK_OF_REPLICATION_3]
    assert (with_class - without)[0, -1] == GAINED_IN_REPLICATION_3


def test_there_is_always_work() -> None:
    """Nobody ever waits for a message, and all work is done in paid hours; negative control: with half as many."""
    scenario = program(NAME).scenario(0, "0 % / year")
    results = ss.run(scenario, replications=1)
    assert [results.by_name["", "", "desk", name].value for name in ("idle", "overrun")] == [0, 0]
    fewer = ss.load(program(NAME).CONFIG, overrides=["streams.mentions.arrivals.rate=65 / day"])
    assert ss.run(fewer, replications=1).by_name["", "", "desk", "idle"].value > 0


@pytest.mark.parametrize(
    ("with_class", "week"),
    [
        ([0, 1, 3, 4], 3.0),
        ([0, 2, 2, 4], 4.0),
        ([0, 1, 2, 3], math.inf),
        ([1, 2, 3, 4], 1.0),
    ],
)
def test_a_class_has_paid_back_when_it_never_costs_answers_again(with_class: list[int], week: float) -> None:
    without = np.array([[1.0, 2.0, 3.0, 4.0]])
    assert program(NAME).breaks_even(np.array([with_class], float), without).tolist() == [week]


def test_the_readme_tells_the_summary() -> None:
    summary = pd.read_csv(EXPERIMENTS / NAME / "summary.csv")
    readme = (EXPERIMENTS / NAME / "README.md").read_text(encoding="utf-8").splitlines()
    answer = program(NAME)
    told = [*answer.table(summary), *answer.capacities(summary)]
    assert [line for line in told if line not in readme] == []
    assert set(summary["n"]) == {20}
    other = summary.assign(value=summary["value"] + (summary["measure"] == "gained"))
    assert [line for line in answer.table(other) if line not in readme]


def test_the_readme_answers_with_its_numbers() -> None:
    summary = (
        pd.read_csv(EXPERIMENTS / NAME / "summary.csv")
        .set_index(["measure", "class_weeks", "leaving"])["value"]
        .sort_index()
    )
    weeks = {int(str(leaving).split()[0]): value for leaving, value in summary["break_even", 1].items()}
    assert weeks == {0: 9, 20: 10, 40: 11, 60: 41, 80: math.inf, 95: math.inf}
    said = (
        "After nine weeks if nobody leaves, after eleven if 40 % leave in a year, and never within the year if 80 % do"
    )
    assert said in text(NAME)
    best = {leaving: max((1, 2, 4), key=lambda each: summary["gained", each, leaving]) for leaving in LEAVING}
    assert best == {
        "0 % / year": 2,
        "20 % / year": 2,
        "40 % / year": 1,
        "60 % / year": 1,
        "80 % / year": 1,
        "95 % / year": 1,
    }
    four = {leaving for leaving in LEAVING if math.isfinite(summary["break_even", 4, leaving])}
    assert four == {"0 % / year"}


LEAVING = [f"{share} % / year" for share in (0, 20, 40, 60, 80, 95)]
