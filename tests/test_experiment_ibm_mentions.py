"""The experiment on real mentions: its figures come out again, and other files can take the place of its own."""

from __future__ import annotations

import math
import os
import sys
import types
from importlib import import_module
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

import simsocial as ss
from simsocial.cli import app

HOME = Path(__file__).parents[1] / "experiments" / "ibm_mentions"
CONFIG = HOME / "ibm_mentions.toml"
FILE = "streams.mentions.arrivals.replay.file"
OWN = Path(HOME, "../../../shared/data/nab/Twitter_volume_IBM.csv")
NAB = Path(os.environ.get("SIMSOCIAL_DATA", Path(__file__).parents[2] / "shared" / "data")) / "nab"

needs_own_file = pytest.mark.skipif(not OWN.exists(), reason="needs the file of mentions that the config names")


@pytest.fixture(scope="module")
def answer() -> types.ModuleType:
    """The program, imported from its folder."""
    sys.path.insert(0, str(HOME))
    try:
        return import_module("answer")
    finally:
        sys.path.remove(str(HOME))


def simsocial(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), catch_exceptions=False)


# ---- its figures come out again --------------------------------------------------------------------------------------

STORED = {
    "set": "",
    "headcount": 37,
    "replication": 3,
    "due": 49782,
    "kept": 40311,
    "due_last_week": 10817,
    "kept_last_week": 4327,
    "late_share": 0.12727272727272726,
    "first_onset": math.inf,
    "onset_for_good": math.inf,
}
"""One of the replications of seed 20150226 that the summary rests on."""


@needs_own_file
def test_a_replication_comes_out_again(answer: types.ModuleType) -> None:
    assert ss.load(HOME / "ibm_mentions.toml").run.seed == 20150226
    assert answer.replicate("", 37, 1, first=3).to_dict("records") == [STORED]


def test_a_summary_tells_each_headcount_by_itself(answer: types.ModuleType) -> None:
    counts = {"due": [100] * 6, "kept": [70, 80, 90, 70, 80, 90], "due_last_week": [10, 30] * 3}
    days = {"late_share": [0.25, 0.75] * 3, "first_onset": [5.0, 7.0, 9.0, math.inf] + [math.inf] * 2}
    seven = pd.DataFrame(counts | days | {"kept_last_week": [5, 30] * 3, "onset_for_good": math.inf})
    made_up = pd.concat([seven.assign(set="", headcount=7), seven.assign(set="", headcount=8, kept=100)])
    summary = answer.summarise(made_up).set_index(["headcount", "measure"])
    assert summary.loc[7, "value"].to_dict() == {
        "kept_share": 0.8,
        "kept_share_last_week": 0.875,  # of all promises, no mean of the replications' shares
        "late_share": 0.5,
        "p_behind": 0.5,
        "first_onset": 9.0,
        "p_behind_for_good": 0.0,
        "onset_for_good": math.inf,
    }
    assert summary.loc[8, "value"]["kept_share"] == 1.0
    assert summary.loc[(7, "first_onset"), ["low", "high"]].tolist() == [5.0, math.inf]
    low, high = summary.loc[(7, "kept_share"), ["low", "high"]]
    assert (low + high) / 2 == pytest.approx(0.8)
    assert (high - low) / 2 == pytest.approx(2.570582 * math.sqrt(0.008 / 6), rel=1e-6)  # Student's t, 5 degrees
    assert set(summary["n"]) == {6}


@pytest.fixture
def summary() -> pd.DataFrame:
    return pd.read_csv(HOME / "summary.csv", keep_default_na=False, na_values={"low": [""], "high": [""]})


def test_the_readme_tells_the_summary(answer: types.ModuleType, summary: pd.DataFrame) -> None:
    readme = (HOME / "README.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in answer.table(summary) if line not in readme] == []
    assert set(summary["n"]) == {20}


@pytest.mark.parametrize(
    ("change", "measure", "sentence"),
    [
        ("", "kept_share", "**{} responders keep 80 % of the actionable mentions within 60 minutes over the"),
        ("", "kept_share_last_week", "**{} responders keep it in the last week too**"),
        ("streams.mentions.arrivals.replay.scale=1.0", "kept_share", "While the volume is as it was, {} are enough"),
        ("streams.mentions.steps.respond.work.mean=5 min", "kept_share", "less work on each | {} ("),
    ],
)
def test_the_readme_answers_with_what_is_enough(
    summary: pd.DataFrame, change: str, measure: str, sentence: str
) -> None:
    tried = summary[(summary["set"] == change) & (summary["measure"] == measure)].set_index("headcount")
    enough = tried.index[tried["low"] >= 0.80].min()
    assert tried.loc[enough - 1, "low"] < 0.80
    assert sentence.format(enough) in (HOME / "README.md").read_text(encoding="utf-8")


# ---- interruptions ---------------------------------------------------------------------------------------------------

Ran = list[tuple[str, int, int]]


@pytest.fixture
def quick(answer: types.ModuleType, monkeypatch: pytest.MonkeyPatch) -> Ran:
    """Let headcounts take no time; return which were run."""
    ran: Ran = []

    def replicate(change: str, headcount: int, replications: int) -> pd.DataFrame:
        ran.append((change, headcount, replications))
        key = {"set": change, "headcount": headcount, "replication": range(replications)}
        return pd.DataFrame(key | {"kept": 3, "first_onset": math.inf})

    monkeypatch.setattr(answer, "POINTS", {"": (2, 3), "a=b": (2,)})
    monkeypatch.setattr(answer, "replicate", replicate)
    return ran


def test_a_sweep_goes_on_where_it_was(answer: types.ModuleType, quick: Ran, tmp_path: Path) -> None:
    file = tmp_path / "replications.csv"
    swept = answer.sweep(file, 2)
    assert (len(swept), quick) == (6, [("", 2, 2), ("", 3, 2), ("a=b", 2, 2)])
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(lines[:5]), encoding="utf-8")  # as it was before the last headcount
    quick.clear()
    pd.testing.assert_frame_equal(answer.sweep(file, 2), swept)
    assert quick == [("", 2, 1), ("a=b", 2, 2)], "the first replication is run to compare, and what is missing"
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_another_number_of_replications_is_run_anew(answer: types.ModuleType, quick: Ran, tmp_path: Path) -> None:
    file = tmp_path / "replications.csv"
    answer.sweep(file, 2)
    assert [len(answer.sweep(file, number)) for number in (3, 1)] == [9, 3]


def test_replications_of_another_model_are_refused(answer: types.ModuleType, quick: Ran, tmp_path: Path) -> None:
    file = tmp_path / "replications.csv"
    answer.sweep(file, 1)
    file.write_text(file.read_text(encoding="utf-8").replace(",3,", ",4,"), encoding="utf-8")
    with pytest.raises(ss.InputError, match="another config"):
        answer.sweep(file, 1)


# ---- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["check", "run"])
def test_a_missing_file_is_named(verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = simsocial(verb, str(CONFIG), "--set", f"{FILE}=no_such_file.csv")
    assert done.exit_code == 2
    (fault,) = done.stderr.splitlines()
    assert fault == (
        f"--set {FILE}: {HOME / 'no_such_file.csv'}: there is no such file; or name another with --set {FILE}=FILE"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("company", ["IBM", "AMZN", "CRM", "CVS", "GOOG"])
def test_every_companys_file_can_be_put_in(company: str) -> None:
    file = NAB / f"Twitter_volume_{company}.csv"
    if not file.exists():
        pytest.skip(f"needs {file.name}")
    done = simsocial("check", str(CONFIG), "--set", f"{FILE}={file}")
    assert done.exit_code == 0, done.output
    mentions = pd.read_csv(file, parse_dates=["timestamp"])
    position = (mentions["timestamp"] - mentions["timestamp"].iloc[0]) / pd.Timedelta(days=55)
    expected = (mentions["value"] * (1 + 1.5 * position))[position < 1].sum()
    assert f"{expected:,.0f}" in done.output
