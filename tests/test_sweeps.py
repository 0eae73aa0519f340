"""Sweeps against runs and against each other: the same tables for any workers, only what is new is done (R118–R120)."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import swept
import tomli_w
from typer.testing import CliRunner

import simsocial
from simsocial.cli import app
from simsocial.config.variants import Variants
from simsocial.errors import InputError, SimsocialError
from simsocial.study.sweep import planning, sweeping, work
from simsocial.study.sweep.chunks import UnusableChunkError, read_chunk
from simsocial.study.sweep.folder import SweepProvenance, sweep_digest
from simsocial.study.sweep.progress import Progress

HEADCOUNT, RATE = "teams.desk.headcount", "streams.mentions.arrivals.rate"
FACTORS = {HEADCOUNT: "[1, 2, 3]", RATE: '["40 / day", "60 / day"]'}


@pytest.fixture(autouse=True, scope="module")
def _small_chunks() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"LANES_AT_FIRST": 6, "FEWEST_LANES": 6, "SECONDS": 0.0}.items():
            patch.setattr(planning, name, value)
        yield


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return swept.experiment(tmp_path_factory.mktemp("sweeps") / "staffing", factors=FACTORS)


@pytest.fixture(scope="module")
def whole(file: Path) -> simsocial.study.sweep.Sweep:
    """Return an undisturbed sweep."""
    return simsocial.sweep(file, out=file.parent / "whole")


def seen(**options: Any) -> tuple[list[Progress], dict[str, Any]]:
    """Return a list that fills with what a sweep tells of its progress, and the options that make it."""
    told: list[Progress] = []
    return told, {"progress": told.append, **options}


# ---- tables ----------------------------------------------------------------------------------------------------------


def test_tables_hold_what_runs_of_the_points_tell(file: Path, whole: simsocial.study.sweep.Sweep) -> None:
    design, results, every = whole.design(), whole.results(), whole.replications()
    assert len(design) == 6
    for _, point in design.iterrows():
        changes = {HEADCOUNT: point[HEADCOUNT], RATE: point[RATE]}
        alone = simsocial.run(simsocial.load(file.parent / "desk.toml", overrides=changes), replications=4)
        for mine, run in ((results, alone.summary()), (every, alone.replications())):
            told = mine[mine.point == point.point].drop(columns="point").reset_index(drop=True)
            pd.testing.assert_frame_equal(told, run.drop(columns="point"), check_exact=True)


def test_the_design_names_every_point_and_says_what_it_changes(file: Path, whole: simsocial.study.sweep.Sweep) -> None:
    points = list(simsocial.load_experiment(file).points)
    design = whole.design()
    assert list(design.columns) == ["point", HEADCOUNT, RATE, "changes"]
    assert list(design.point) == [point.key for point in points]
    assert design[HEADCOUNT].tolist() == [1, 1, 2, 2, 3, 3]
    assert design.changes.tolist() == [tomli_w.dumps(point.changes) for point in points]


def test_only_the_measures_asked_for_are_kept(tmp_path: Path) -> None:
    more = 'measures = ["mentions.answer.wait_mean", "desk.*"]'
    made = simsocial.sweep(
        swept.experiment(tmp_path / "few", factors={HEADCOUNT: "[1]"}, more=more), out=tmp_path / "o"
    )
    names = made.results()[["stream", "step", "team", "measure"]].agg(".".join, axis=1)
    assert "mentions.answer..wait_mean" in set(names)
    assert all(name.startswith("..desk") or name == "mentions.answer..wait_mean" for name in names)
    assert len(names) > 2


def test_provenance_tells_where_numbers_come_from(file: Path, whole: simsocial.study.sweep.Sweep) -> None:
    told = SweepProvenance.read(whole.folder)
    assert told.sweep["base"]["name"] == "small desk"
    assert told.sweep["versions"]["simsocial"] == simsocial.__version__
    assert (told.points, told.replications, told.factors) == (6, 4, {HEADCOUNT: 3, RATE: 2})
    assert (Path(told.base, told.base_config), bool(told.finished)) == (file.parent / "desk.toml", True)


# ---- the same tables, whoever does the work --------------------------------------------------------------------------


def test_chunks_do_not_show_in_the_tables(
    file: Path, whole: simsocial.study.sweep.Sweep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(list((whole.folder / "chunks").iterdir())) > 3
    monkeypatch.setattr(planning, "LANES_AT_FIRST", 1000)
    made = simsocial.sweep(file, out=tmp_path / "one")
    assert len(list((tmp_path / "one" / "chunks").iterdir())) == 1
    assert swept.tables(made.folder) == swept.tables(whole.folder)


@pytest.mark.long  # the default proof is that of a killed worker, in test_sweep_faults.py
def test_two_processes_make_the_same_tables(file: Path, whole: simsocial.study.sweep.Sweep, tmp_path: Path) -> None:
    made = simsocial.sweep(file, out=tmp_path / "two", workers=2)
    assert swept.tables(made.folder) == swept.tables(whole.folder)


def test_each_point_has_the_replications_that_its_precision_takes(tmp_path: Path) -> None:
    until = '{ precision = "20 %", of = "mentions.answer.wait_mean", min = 4, max = 30 }'
    file = swept.experiment(tmp_path / "precise", factors=FACTORS, replications=until)
    made = simsocial.sweep(file, out=tmp_path / "o")
    numbers = made.results().groupby("point").n.max()
    for _, point in made.design().iterrows():
        changes = {HEADCOUNT: point[HEADCOUNT], RATE: point[RATE]}
        scenario = simsocial.load(file.parent / "desk.toml", overrides=changes)
        precision = simsocial.load_experiment(file).precision
        alone = simsocial.run(scenario.but(run=type(scenario.run)(seed=scenario.run.seed, precision=precision)))
        assert numbers[point.point] == len(alone)
    told, options = seen()
    simsocial.sweep(file, out=tmp_path / "o", **options)
    assert told[-1].simulated == 0


# ---- only what is new ------------------------------------------------------------------------------------------------


def test_a_finished_sweep_is_not_run_again(file: Path, whole: simsocial.study.sweep.Sweep) -> None:
    before, (told, options) = swept.tables(whole.folder), seen()
    simsocial.sweep(file, out=whole.folder, **options)
    assert [each.simulated for each in told] == [0]
    assert swept.tables(whole.folder) == before


EXTENSIONS = {
    "values": {"factors": FACTORS | {HEADCOUNT: "[1, 4, 2, 3]"}},  # in between, not only behind
    "replications": {"factors": FACTORS, "replications": 7},
    "both": {"factors": FACTORS | {RATE: '["30 / day", "40 / day", "60 / day"]'}, "replications": 7},
    "fewer": {"factors": FACTORS | {HEADCOUNT: "[3, 1]"}, "replications": 2},
}
NEW = {"values": 2 * 4, "replications": 6 * 3, "both": 6 * 3 + 3 * 7, "fewer": 0}


@pytest.mark.parametrize("how", EXTENSIONS)
def test_an_extended_sweep_computes_only_what_is_new(how: str, tmp_path: Path) -> None:
    file = swept.experiment(tmp_path / "staffing", factors=FACTORS)
    simsocial.sweep(file, out=tmp_path / "extended")
    swept.experiment(tmp_path / "staffing", **EXTENSIONS[how])
    told, options = seen()
    simsocial.sweep(file, out=tmp_path / "extended", **options)
    fresh = simsocial.sweep(file, out=tmp_path / "fresh")
    assert told[-1].simulated == NEW[how]
    assert swept.tables(tmp_path / "extended") == swept.tables(fresh.folder)
    assert (told[-1].points, told[-1].replications) == (told[-1].of_points, told[-1].of_replications)


# ---- what belongs together -------------------------------------------------------------------------------------------


@pytest.fixture
def swept_once(tmp_path: Path) -> Path:
    file = swept.experiment(tmp_path / "staffing", factors={HEADCOUNT: "[1]"}, replications=2)
    simsocial.sweep(file, out=tmp_path / "o")
    return file


def refusal(file: Path, **options: Any) -> str:
    with pytest.raises(InputError) as refused:
        simsocial.sweep(file, out=file.parents[1] / "o", **options)
    return str(refused.value)


def test_a_changed_base_config_is_refused_with_the_difference(swept_once: Path) -> None:
    before, base = swept.tables(swept_once.parents[1] / "o"), swept_once.parent / "desk.toml"
    base.write_text(swept.CONFIG.replace('work = "2 min"', 'work = "3 min"'), encoding="utf-8")
    told = refusal(swept_once)
    assert 'was "2 min" and is "3 min"' in told
    assert "streams.mentions.steps.check.work" in told
    assert "--anew" in told
    assert swept.tables(swept_once.parents[1] / "o") == before
    simsocial.sweep(swept_once, out=swept_once.parents[1] / "o", anew=True)
    fresh = simsocial.sweep(swept_once, out=swept_once.parents[1] / "fresh")
    assert swept.tables(swept_once.parents[1] / "o") == swept.tables(fresh.folder) != before


def test_replications_of_the_base_config_do_not_matter(swept_once: Path) -> None:
    base = swept_once.parent / "desk.toml"
    base.write_text(swept.CONFIG + "\n[run]\nreplications = 77\n", encoding="utf-8")
    assert simsocial.sweep(swept_once, out=swept_once.parents[1] / "o").progress.simulated == 0


def test_another_version_is_refused_unless_mixed(swept_once: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from simsocial.study.sweep import identity

    monkeypatch.setattr(identity, "versions", lambda: {"simsocial": "9.9"})
    assert f'versions.simsocial: was "{simsocial.__version__}" and is "9.9"' in refusal(swept_once)
    assert simsocial.sweep(swept_once, out=swept_once.parents[1] / "o", mixed=True).progress.simulated == 0


def test_the_folder_of_another_experiment_is_refused(swept_once: Path) -> None:
    other = swept.experiment(swept_once.parents[1] / "volume", factors={HEADCOUNT: "[1]"}, replications=2)
    assert 'experiment: was "staffing" and is "volume"' in refusal(other)


def test_a_folder_of_anything_else_is_refused_and_left_alone(file: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    with pytest.raises(InputError, match=r"holds something that is no sweep \(notes.txt\)"):
        simsocial.sweep(file, out=tmp_path)
    assert not (tmp_path / "provenance.json").exists()


# ---- files that points read ------------------------------------------------------------------------------------------


@pytest.fixture
def closing(tmp_path: Path) -> Path:
    """Return an experiment of which some points have holidays from a file, which the base config does not read."""
    (tmp_path / "staffing").mkdir()
    holidays(tmp_path, "2026-01-06")
    factors = {"calendars.office.holidays": '[[], "closed.csv"]', HEADCOUNT: "[1, 2, 3]"}
    return swept.experiment(tmp_path / "staffing", factors=factors)


def holidays(folder: Path, date: str) -> None:
    (folder / "staffing" / "closed.csv").write_text(f"date\n{date}\n", encoding="utf-8")


CHANGED = "closed.csv: has changed since points of this sweep were run; put it back, or start --anew"


def test_a_file_that_changes_on_the_way_stops_the_sweep_until_it_is_put_back(closing: Path, tmp_path: Path) -> None:
    fresh = simsocial.sweep(closing, out=tmp_path / "fresh")

    def change_after_four(now: Progress) -> None:
        if now.chunks == 4:
            holidays(tmp_path, "2026-01-05")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(work, "_variants", lambda base, digest, call: Variants(base))  # as workers that start later
        assert CHANGED in refusal(closing, progress=change_after_four)
    assert CHANGED in refusal(closing), "the last calls may have nothing left to simulate, and still mix"
    holidays(tmp_path, "2026-01-06")
    assert simsocial.sweep(closing, out=tmp_path / "o").progress.simulated == 2 * 4
    assert swept.tables(tmp_path / "o") == swept.tables(fresh.folder)


def test_a_finished_sweep_of_files_that_have_changed_is_refused(closing: Path, tmp_path: Path) -> None:
    before = swept.tables(simsocial.sweep(closing, out=tmp_path / "o").folder)
    holidays(tmp_path, "2026-01-05")
    assert CHANGED in refusal(closing)
    assert swept.tables(tmp_path / "o") == before


def test_a_later_sweep_of_the_same_process_reads_files_anew(closing: Path, tmp_path: Path) -> None:
    before = swept.tables(simsocial.sweep(closing, out=tmp_path / "o").folder)
    holidays(tmp_path, "2026-01-05")
    simsocial.sweep(closing, out=tmp_path / "o", anew=True)
    file = simsocial.load_experiment(closing)
    (point, *_) = [each for each in file.points if "closed.csv" in each.changes.values()]
    alone = simsocial.run(simsocial.load(file.base, overrides=point.changes), replications=4, seed=file.seed)
    table = simsocial.study.sweep.Sweep(tmp_path / "o", Progress(0, 0, 0, 0)).replications()
    assert list(table[table.point == point.key].numerator) == list(alone.replications_table()["numerator"])
    assert swept.tables(tmp_path / "o") != before


def test_what_a_version_with_another_provenance_left_is_forgotten_only_anew(swept_once: Path) -> None:
    out = swept_once.parents[1] / "o"
    before, file = swept.tables(out), out / "provenance.json"
    told = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(told | {"more": 1}), encoding="utf-8")
    assert "is not the provenance of a sweep of this version" in refusal(swept_once)
    simsocial.sweep(swept_once, out=out, anew=True)
    assert swept.tables(out) == before
    file.write_text(json.dumps({"engine": "numpy"}), encoding="utf-8")
    assert "is not the provenance of a sweep" in refusal(swept_once, anew=True), "a run is not thrown away"
    assert swept.tables(out) == before


def test_a_sweep_that_was_killed_as_it_began_anew_goes_on(swept_once: Path) -> None:
    out = swept_once.parents[1] / "o"
    (out / "provenance.json").unlink()
    (out / "results.parquet").rename(out / "results.parquet.partial")
    for name in ("design.parquet", "replications.parquet"):
        (out / name).unlink()
    simsocial.sweep(swept_once, out=out)
    assert not (out / "results.parquet.partial").exists()


def test_unlike_workers_are_refused_unless_mixed(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "machine", lambda: {"numpy": "1.0"})
    with pytest.raises(InputError, match=r"numpy: the worker on .* has '2.* and this machine '1.0'"):
        simsocial.sweep(file, out=tmp_path / "o")
    assert simsocial.sweep(file, out=tmp_path / "o", mixed=True).progress.simulated == 24


# ---- chunks ----------------------------------------------------------------------------------------------------------


def damage(file: Path, how: str) -> None:
    content = file.read_bytes()
    if how == "truncated":
        file.write_bytes(content[: len(content) // 2])
    elif how == "one bit":
        file.write_bytes(content[:100] + bytes([content[100] ^ 1]) + content[101:])
    elif how == "empty":
        file.write_bytes(b"")


def test_a_chunk_that_goes_bad_while_tables_are_written_is_named(
    file: Path, whole: simsocial.study.sweep.Sweep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = sweeping.write_tables

    def after_damage(place: Path, *rest: Any) -> None:
        (chunk, *_) = sorted((place / "chunks").glob("*.parquet"))
        chunk.write_bytes(chunk.read_bytes()[:-1])
        written(place, *rest)

    monkeypatch.setattr(sweeping, "write_tables", after_damage)
    with pytest.raises(SimsocialError, match=r"parquet: is damaged: .*; the next one computes it anew"):
        simsocial.sweep(file, out=tmp_path / "sweep")
    assert not (tmp_path / "sweep" / "results.parquet").exists()
    monkeypatch.undo()
    assert swept.tables(simsocial.sweep(file, out=tmp_path / "sweep").folder) == swept.tables(whole.folder)


@pytest.mark.parametrize("how", ["truncated", "one bit", "empty", "missing", "of another sweep"])
def test_a_damaged_chunk_is_told_and_computed_anew(file: Path, tmp_path: Path, how: str) -> None:
    one = swept.experiment(tmp_path / "staffing", factors=FACTORS)
    made = simsocial.sweep(one, out=tmp_path / "o")
    before, chunk = swept.tables(made.folder), sorted((made.folder / "chunks").iterdir())[1]
    lost = sum(
        len(part) for part in read_chunk(chunk, sweep=sweep_digest(SweepProvenance.read(made.folder).sweep)).parts
    )
    damage(chunk, how)
    if how in ("missing", "of another sweep"):
        chunk.unlink()
    if how == "of another sweep":
        other = swept.experiment(tmp_path / "other", factors=FACTORS, more="seed = 9")
        foreign = next((simsocial.sweep(other, out=tmp_path / "p").folder / "chunks").iterdir())
        (made.folder / "chunks" / foreign.name).write_bytes(foreign.read_bytes())
    told: list[str] = []
    again = simsocial.sweep(one, out=tmp_path / "o", tell=told.append)
    assert swept.tables(again.folder) == before
    assert again.progress.simulated == lost
    assert len(told) == (how != "missing")
    assert all("computed anew" in sentence for sentence in told)


def test_replications_in_two_chunks_count_once(file: Path, tmp_path: Path) -> None:
    one = swept.experiment(tmp_path / "staffing", factors=FACTORS)
    made = simsocial.sweep(one, out=tmp_path / "o")
    before, chunk = swept.tables(made.folder), sorted((made.folder / "chunks").iterdir())[0]
    chunk.with_name(f"000099-{chunk.name.partition('-')[2]}").write_bytes(chunk.read_bytes())
    again = simsocial.sweep(one, out=tmp_path / "o")
    assert (swept.tables(again.folder), again.progress.simulated) == (before, 0)


def test_a_chunk_of_a_digest_that_is_no_chunk_is_unusable(tmp_path: Path) -> None:
    import hashlib

    content = io.BytesIO()
    pd.DataFrame({"a": [1]}).to_parquet(content)
    file = tmp_path / f"0-{hashlib.sha256(content.getvalue()).hexdigest()}.parquet"
    file.write_bytes(content.getvalue())
    with pytest.raises(UnusableChunkError, match="no chunk"):
        read_chunk(file, sweep="")
    with pytest.raises(UnusableChunkError, match="cannot be read"):
        read_chunk(tmp_path / "none.parquet", sweep="")


# ---- bad input, and the command --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"workers": 0}, "workers: must be a whole number of at least 1"),
        ({"workers": -2}, "workers: must be a whole number of at least 1"),
        ({"memory": "3 MB"}, "memory: a worker cannot work with 3 MB; give at least 270 MB"),
        ({"memory": "much"}, "memory: "),
        ({"memory": "900 MB", "workers": 4}, "memory: 4 workers cannot work with 900 MB; give at least 1.08 GB"),
        ({"cluster": "tcp://127.0.0.1:1"}, "cluster tcp://127.0.0.1:1: no scheduler answers"),
        (
            {"cluster": "nowhere at all"},
            "cluster: write the scheduler's address, such as tcp://",
        ),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_written(
    file: Path, tmp_path: Path, options: dict[str, Any], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from simsocial.simulation import cluster

    monkeypatch.setattr(cluster, "PATIENCE", "0.2s")
    with pytest.raises(InputError) as refused:
        simsocial.sweep(file, out=tmp_path / "o", **options)
    assert told in str(refused.value)
    assert list(tmp_path.glob("o/*.*")) == []


def test_measures_that_are_not_there_are_refused(tmp_path: Path) -> None:
    file = swept.experiment(tmp_path / "none", factors={HEADCOUNT: "[1]"}, more='measures = ["nothing.like.it"]')
    with pytest.raises(InputError, match=r"measures"):
        simsocial.sweep(file, out=tmp_path / "o")


def test_progress_tells_the_rate_and_the_time_left() -> None:
    """Of 100 replications 10 were there; 20 took 5 s, so that the other 70 take 17.5 s."""
    from simsocial.cli.sweep import _rate

    begun = Progress(1, 10, 10, 100, before=10)
    now = Progress(3, 10, 30, 100, before=10, chunks=2, simulated=20, messages=4000, seconds=5.0)
    assert (begun.seconds_left, _rate(begun)) == (None, "")
    assert now.seconds_left == 17.5
    assert _rate(now) == "0.4 points/s, 4 replications/s, 800 messages/s, 17.5 s left"


@pytest.fixture
def runner() -> CliRunner:
    return CliRunner()


def test_the_command_sweeps_into_a_folder_of_the_experiments_name(
    runner: CliRunner, swept_once: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(swept_once.parents[1])
    for argument in ("staffing", "staffing/experiment.toml"):
        told = runner.invoke(app, ["sweep", argument])
        assert told.exit_code == 0, told.output
        assert "sweeps/staffing" in told.output
    assert swept.tables(Path("sweeps/staffing")) == swept.tables(Path("o"))
    assert json.loads(Path("sweeps/staffing/provenance.json").read_text())["workers"] == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["sweep", "nowhere"], "nowhere: there is no such file"),
        (["sweep", "staffing", "--workers", "-1"], "--workers"),
        (["sweep", "staffing/desk.toml"], "is a config; write an experiment file of which it is the base"),
        (["sweep", "staffing", "--out", "staffing"], "holds something that is no sweep"),
    ],
)
def test_the_command_ends_with_one_message_and_code_2(
    runner: CliRunner, swept_once: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], told: str
) -> None:
    monkeypatch.chdir(swept_once.parents[1])
    ended = runner.invoke(app, words)
    assert (ended.exit_code, told in ended.output + (ended.stderr or "")) == (2, True)


def test_a_fault_of_the_first_point_is_told_with_its_line_and_values(tmp_path: Path) -> None:
    """The command looks at the first point before all are judged, to know how many workers are worth their while."""
    file = swept.experiment(tmp_path / "staffing", factors={RATE: '["40 min", "50 / day"]'})
    ended = CliRunner().invoke(app, ["sweep", str(file), "--out", str(tmp_path / "o")])
    assert ended.exit_code == 2
    assert ended.stderr.startswith(f"{file}:")
    assert f"in 1 of 2 points: {RATE} = 40 min" in ended.stderr
    assert "--set" not in ended.stderr
    assert not (tmp_path / "o").exists()
