"""A point of a sweep is run again by itself with the numbers of the sweep's tables, by either engine (R127)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import tomli_w
from swept import provenance_of
from tiny import COUNTS, tiny, tiny_replaying_counts
from typer.testing import CliRunner, Result

import simsocial as ss
from simsocial.cli import app
from simsocial.study.provenance import Provenance

HEADS, WORK = "teams.desk.headcount", "streams.mentions.steps.respond.work"
POINTS: Mapping[str, Mapping[str, Any]] = {
    "a1": {HEADS: 1, WORK: "50 min"},
    "a2": {HEADS: 1, WORK: {"law": "exponential", "mean": "40 min"}},
    "b1": {HEADS: 2, WORK: "50 min"},
    "b2": {HEADS: 2, WORK: {"law": "exponential", "mean": "40 min"}},
}
LABELS = {"1": "always", "2": "by chance"}
KEPT = ("wait_mean", "p_behind", "occupancy", "late_share")


def sweep_of(config: Path, folder: Path, *, replications: int = 3) -> Path:
    """Write the tables of a sweep of the points, made of runs of the config one by one."""
    base = ss.load(config)
    assert base.origin is not None
    folder.mkdir()
    design = {
        "point": list(POINTS),
        HEADS: [changes[HEADS] for changes in POINTS.values()],
        WORK: [LABELS[key[1]] for key in POINTS],
        "changes": [tomli_w.dumps(changes) for changes in POINTS.values()],
    }
    pd.DataFrame(design).to_parquet(folder / "design.parquet")
    runs = {
        key: ss.run(ss.load(config, overrides=changes), replications=replications) for key, changes in POINTS.items()
    }
    summary = [results.summary().assign(point=key) for key, results in runs.items()]
    numbers = [results.replications().assign(point=key) for key, results in runs.items()]
    for name, frames in (("results", summary), ("replications", numbers)):
        table = pd.concat(frames, ignore_index=True)
        table[table.measure.isin(KEPT)].to_parquet(folder / f"{name}.parquet", index=False)
    provenance = provenance_of(base, replications=replications)
    (folder / "provenance.json").write_text(provenance.text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sweep")
    return sweep_of(tiny(folder), folder / "sweep")


def simsocial(*arguments: object, code: int = 0) -> Result:
    done = CliRunner().invoke(app, list(map(str, arguments)), catch_exceptions=False, env={"COLUMNS": "80"})
    assert done.exit_code == code, done.output
    return done


# ---- the same numbers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["numpy", "simpy"])
def test_every_point_has_its_numbers_again(sweep: Path, engine: str) -> None:
    for key in POINTS:
        again = ss.replay(sweep, point=key, engine=engine)
        assert again.difference is None, key
        assert (len(again.results), again.results.engine) == (3, engine)


def test_one_replication_of_a_point_is_that_of_the_sweep(sweep: Path) -> None:
    again = ss.replay(sweep, point="b2", replication=2)
    numbers = pd.read_parquet(sweep / "replications.parquet")
    told = numbers[(numbers.point == "b2") & (numbers.replication == 2) & (numbers.measure == "occupancy")]
    made = again.results.replications()
    np.testing.assert_array_equal(made[made.measure == "occupancy"]["value"], told["value"])
    assert again.results.first == 2
    other = numbers[(numbers.point == "b1") & (numbers.replication == 2) & (numbers.measure == "occupancy")]
    assert not np.array_equal(other["value"], told["value"]), "negative control: points differ"


@pytest.mark.parametrize(
    "asked",
    [
        "b2",
        f"{HEADS}=2, {WORK}=by chance",
        "headcount = 2, work = by chance",
        "work=by chance,desk.headcount=2.0",
    ],
)
def test_a_point_is_meant_by_its_key_or_by_values(sweep: Path, asked: str) -> None:
    again = ss.replay(sweep, point=asked, replication=0)
    assert again.difference is None
    assert again.point == f"{HEADS} = 2, {WORK} = by chance"
    assert again.results.scenario.teams[0].headcount.values.tolist() == [2]


def test_a_number_that_differs_is_shown(sweep: Path, tmp_path: Path) -> None:
    """Negative control: a changed number, and another seed, are noticed."""
    wrong = tmp_path / "wrong"
    wrong.mkdir()
    for file in sweep.iterdir():
        (wrong / file.name).write_bytes(file.read_bytes())
    numbers = pd.read_parquet(wrong / "replications.parquet")
    row = numbers[(numbers.point == "b1") & (numbers.measure == "wait_mean")].index[0]
    numbers.loc[row, "value"] += 1
    numbers.to_parquet(wrong / "replications.parquet", index=False)
    assert ss.replay(wrong, point="a1").difference is None
    done = simsocial("replay", wrong, "--point", "b1", code=1)
    assert "different: replication 0, mentions.respond.wait_mean: value was " in done.stderr
    told = json.loads((wrong / "provenance.json").read_text(encoding="utf-8"))
    told["sweep"]["seed"] += 1
    (wrong / "provenance.json").write_text(json.dumps(told), encoding="utf-8")
    assert ss.replay(wrong, point="a1").difference is not None


# ---- the command -----------------------------------------------------------------------------------------------------


def test_the_command_says_that_the_numbers_agree_and_writes_a_run_folder(sweep: Path, tmp_path: Path) -> None:
    cell = tmp_path / "cell"
    done = simsocial("replay", sweep, "--point", "headcount=2, work=always", "--log", "--out", cell)
    assert f"3 replications with {HEADS} = 2, {WORK} = always" in done.stdout
    assert (cell / "visits.parquet").exists()
    made = Provenance.read(cell / "provenance.json")
    assert made.overrides == [f"{HEADS}=2", f'{WORK}="50 min"']
    assert simsocial("replay", cell, "--engine", "simpy", "-q").stdout.startswith("identical: ")
    assert simsocial("why", cell).stdout.startswith("Tiny desk")


def test_a_point_as_json(sweep: Path) -> None:
    document = json.loads(simsocial("replay", sweep, "--point", "a1", "--json").stdout)
    assert (document["identical"], document["point"]) == (True, f"{HEADS} = 1, {WORK} = always")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), f"point: this is a sweep of 4 points; say which one: {HEADS}=1, {HEADS}=2; they also differ in {WORK}"),
        (
            ("--point", "headcount=2"),
            f"point: 2 points have headcount=2; say which one: {WORK}=always, {WORK}=by chance",
        ),
        (
            ("--point", "b9"),
            "point: there is no point with the key 'b9'; give one, or values of factors, such as teams.desk.",
        ),
        (("--point", "headcount=7"), f"{HEADS}: is never 7 at these points; it is 1, 2"),
        (("--point", "headcuont=2"), f"point: there is no factor 'headcuont'; did you mean {HEADS}?"),
        (("--point", "a1", "--replication", 3), "replication: "),
        (("--point", "a1", "--engine", "fast"), "fast"),
    ],
)
def test_a_point_that_is_not_clear_is_refused(sweep: Path, arguments: tuple[object, ...], message: str) -> None:
    done = simsocial("replay", sweep, *arguments, code=2)
    assert message in done.stderr
    assert done.stdout == ""


def test_a_run_has_no_points(sweep: Path, tmp_path: Path) -> None:
    ss.write(ss.run(ss.load(sweep.parent / "tiny.toml"), replications=1), tmp_path / "run")
    done = simsocial("replay", tmp_path / "run", "--point", "a1", code=2)
    assert done.stderr == f"point: {tmp_path / 'run'} holds no sweep, so leave it out\n"


def test_a_file_that_has_changed_since_is_told(tmp_path: Path) -> None:
    folder = sweep_of(tiny_replaying_counts(tmp_path), tmp_path / "sweep", replications=1)
    assert ss.replay(folder, point="a1").difference is None
    (tmp_path / "counts.csv").write_text(COUNTS.replace("40", "41"), encoding="utf-8")
    with pytest.raises(ss.InputError, match=r"counts\.csv: has changed since the run was made"):
        ss.replay(folder, point="a1")


@pytest.mark.parametrize("lost", ["provenance.json", "replications.parquet"])
def test_a_sweep_without_all_its_files_is_told(sweep: Path, tmp_path: Path, lost: str) -> None:
    part = tmp_path / "part"
    part.mkdir()
    for file in sweep.iterdir():
        if file.name != lost:
            (part / file.name).write_bytes(file.read_bytes())
    assert f"{lost}: cannot be read: " in simsocial("replay", part, "--point", "a1", code=2).stderr
    if lost == "provenance.json":
        (part / lost).write_text("{}", encoding="utf-8")
        assert "is not the provenance of a sweep" in simsocial("replay", part, "--point", "a1", code=2).stderr
