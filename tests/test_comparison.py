"""Two runs on the same draws, compared measure by measure."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from tiny import tiny

import simsocial as ss
from simsocial.measure.stats import paired
from simsocial.report.change_table import change_table
from simsocial.simulation.comparison import changes
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


def with_onsets(results: Results, onsets: list[float]) -> Results:
    """Return results whose stage begins to be behind after so many days, in one replication after the other."""
    (column,) = (place for place, each in enumerate(results.rows) if each.name == "mentions.respond.first_onset")
    numerators = results.numerators.copy()
    numerators[:, column] = onsets
    return replace(results, numerators=numerators)


def test_never_is_later_than_everything(pair: tuple[Results, Results]) -> None:
    """R43: of 12 pairs 2 never fall behind in both and say nothing; in 6 of the other 10 the change postpones for ever.

    Of ten differences 1, 2, 3, 4, ∞ × 6 the fifth is the median, and the second and the ninth enclose it.
    """
    before = with_onsets(pair[0], [5.0] * 10 + [math.inf] * 2)
    after = with_onsets(pair[1], [6.0, 7.0, 8.0, 9.0] + [math.inf] * 8)
    said = row(ss.compare(before, after), step="respond", measure="first_onset")
    assert (said.difference, said.low, said.high, said.n) == (math.inf, 2, math.inf, 10)
    back = row(ss.compare(after, before), step="respond", measure="first_onset")
    assert (back.difference, back.low, back.high, back.n) == (-math.inf, -math.inf, -2, 10)
    for one, other, words in (
        (before, after, "+∞at least +2 daysin 10 of 12 pairs"),
        (after, before, "−∞at most −2 daysin 10 of 12 pairs"),
    ):
        assert words in printed_difference(one, other, "first onset").replace("\n", "")


def printed_difference(before: Results, after: Results, name: str) -> str:
    table = change_table(before.scenario, after.scenario, list(changes(before, after)), pairs=len(after))
    names, differences = (list(table.columns[place].cells) for place in (0, 3))
    (place,) = (place for place, each in enumerate(names) if str(each) == f"mentions.respond {name}")
    return str(differences[place])


def test_a_share_of_replications_changes_by_100_points_at_most(pair: tuple[Results, Results]) -> None:
    column = [each.name for each in pair[0].rows].index("mentions.respond.p_behind")
    runs = []
    for results, shares in zip(pair, ([1.0] * 12, [0.0] * 11 + [1.0]), strict=True):
        numerators = results.numerators.copy()
        numerators[:, column] = shares
        runs.append(replace(results, numerators=numerators))
    said = row(ss.compare(*runs), step="respond", measure="p_behind")
    assert said.difference == pytest.approx(-11 / 12)
    assert -1 <= said.low < -11 / 12 < said.high < 0
    student = paired(runs[1].numerators[:, column], runs[0].numerators[:, column])
    assert student.low < -1, "Student's interval would pass it"
