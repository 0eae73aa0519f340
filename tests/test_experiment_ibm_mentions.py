"""The experiment on real mentions: its figures come out again, and other files can take the place of its own."""

from __future__ import annotations

import os
import sys
import types
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner, Result

import simsocial as ss
from simsocial.cli import app
from simsocial.measure import stats

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


@pytest.fixture(scope="module")
def kept(answer: types.ModuleType) -> pd.DataFrame:
    held: pd.DataFrame = answer.read_replications(HOME / "replications.csv")
    return held


def simsocial(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), catch_exceptions=False)


# ---- its figures come out again --------------------------------------------------------------------------------------


@needs_own_file
def test_a_replication_comes_out_again(answer: types.ModuleType, kept: pd.DataFrame) -> None:
    stored = kept[(kept["set"] == "") & (kept["headcount"] == 37) & (kept["replication"] == 3)]
    assert [answer.replicate("", 37, 3)] == stored.to_dict("records")


def test_the_summary_follows_from_the_replications(answer: types.ModuleType, kept: pd.DataFrame) -> None:
    summary = pd.read_csv(HOME / "summary.csv", keep_default_na=False, na_values={"low": [""], "high": [""]})
    summary["unit"] = summary["unit"].astype(object)
    pd.testing.assert_frame_equal(answer.summarise(kept), summary, check_dtype=False, rtol=1e-12)


def test_the_readme_tells_the_summary(answer: types.ModuleType, kept: pd.DataFrame) -> None:
    readme = (HOME / "README.md").read_text(encoding="utf-8").splitlines()
    told = list(answer.table(answer.summarise(kept)))
    assert [line for line in told if line not in readme] == []
    assert kept.groupby(["set", "headcount"]).size().unique().tolist() == [20]


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
    answer: types.ModuleType, kept: pd.DataFrame, change: str, measure: str, sentence: str
) -> None:
    summary = answer.summarise(kept)
    tried = summary[(summary["set"] == change) & (summary["measure"] == measure)].set_index("headcount")
    enough = tried.index[tried["low"] >= 0.80].min()
    assert tried.loc[enough - 1, "low"] < 0.80
    assert sentence.format(enough) in (HOME / "README.md").read_text(encoding="utf-8")


def test_intervals_are_those_of_the_library(answer: types.ModuleType, kept: pd.DataFrame) -> None:
    for _, of in kept.groupby(["set", "headcount"]):
        _same(answer.mean_ratio(of["kept"], of["due"]), stats.ratio(of["kept"], of["due"]))
        _same(answer.mean_ratio(of["late_share"], pd.Series(1.0, of.index)), stats.student(of["late_share"]))
        _same(answer.median(of["first_onset"]), stats.order_quantile(of["first_onset"], 0.5))
        hits = int(np.isfinite(of["first_onset"]).sum())
        _same(answer.share(np.isfinite(of["first_onset"])), stats.wilson(hits, len(of)))


def _same(ours: tuple[float, float, float], theirs: stats.Estimate) -> None:
    np.testing.assert_allclose(ours, (theirs.value, theirs.low, theirs.high), rtol=1e-12)


# ---- interruptions ---------------------------------------------------------------------------------------------------


@pytest.fixture
def quick(answer: types.ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int, int]]:
    """Let replications take no time; return which were run."""
    ran: list[tuple[str, int, int]] = []

    def replicate(change: str, headcount: int, number: int) -> dict[str, object]:
        ran.append((change, headcount, number))
        return {"set": change, "headcount": headcount, "replication": number, "kept": 3, "first_onset": float("inf")}

    monkeypatch.setattr(answer, "POINTS", {"": (2, 3), "a=b": (2,)})
    monkeypatch.setattr(answer, "replicate", replicate)
    return ran


def test_a_sweep_goes_on_where_it_was(
    answer: types.ModuleType, quick: list[tuple[str, int, int]], tmp_path: Path
) -> None:
    file = tmp_path / "replications.csv"
    assert len(answer.sweep(file, 2)) == len(quick) == 6
    before = file.read_bytes()
    quick.clear()
    again = answer.sweep(file, 2)
    assert (quick, file.read_bytes(), len(again)) == ([("", 2, 0)], before, 6), "only the first is run, to compare"
    assert len(answer.sweep(file, 3)) == 9
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_replications_of_another_model_are_refused(
    answer: types.ModuleType, quick: list[tuple[str, int, int]], tmp_path: Path
) -> None:
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
    assert done.stderr.splitlines() == [f"--set {FILE}: {HOME / 'no_such_file.csv'}: there is no such file"]
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
