"""Two runs on the same draws, compared measure by measure."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from tiny import tiny

import simsocial as ss
from simsocial.simulation.results import Results


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Results, Results]:
    config = tiny(tmp_path_factory.mktemp("pair"))
    busier = ss.load(config, overrides=["teams.desk.headcount=2"])
    return ss.run(ss.load(config), replications=12), ss.run(busier, replications=12)


def row(table: pd.DataFrame, **names: str) -> pd.Series:
    mine = np.all([table[name] == value for name, value in names.items()], axis=0)
    (number,) = np.flatnonzero(mine)
    return table.iloc[number]


def test_a_mean_is_compared_by_its_paired_differences(pair: tuple[Results, Results]) -> None:
    said = row(ss.compare(*pair), stream="mentions", measure="handled")
    before, after = (run.replications().query("stream == 'mentions' and measure == 'handled'").value for run in pair)
    difference = after.to_numpy() - before.to_numpy()
    limits = stats.t.interval(0.95, 11, difference.mean(), stats.sem(difference)) if difference.std() else (0, 0)
    assert said.difference == pytest.approx(difference.mean())
    assert (said.low, said.high) == pytest.approx(limits)
    assert said.n == 12


def test_the_same_run_does_not_differ_from_itself(pair: tuple[Results, Results]) -> None:
    table = ss.compare(pair[0], pair[0])
    assert len(table) == len(pair[0].rows)
    finite = table[np.isfinite(table.difference)]
    assert (finite.difference == 0).all()
    assert (finite.before == finite.after).all()


def test_pairing_is_closer_than_two_intervals(pair: tuple[Results, Results]) -> None:
    """Negative control of the pairing: with the replications of one run in another order the interval is wider."""
    now, more = pair
    shuffled = replace(more, numerators=more.numerators[::-1], denominators=more.denominators[::-1])
    paired, unpaired = (
        row(ss.compare(now, run), stream="mentions", team="", step="", measure="arrived") for run in (more, shuffled)
    )
    assert paired.high - paired.low == 0
    assert unpaired.high - unpaired.low > 0


@pytest.mark.parametrize(
    ("other", "says"), [({"seed": 99}, "seed: "), ({"first": 1}, "first: "), ({}, "replications: ")]
)
def test_runs_on_other_draws_are_refused(tmp_path: Path, other: dict[str, int], says: str) -> None:
    scenario = ss.load(tiny(tmp_path))
    with pytest.raises(ss.InputError, match=says):
        ss.compare(ss.run(scenario, replications=2), ss.run(scenario, replications=2 if other else 3, **other))
