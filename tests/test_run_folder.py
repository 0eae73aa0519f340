"""Run folders: whole or not at all, the same bytes for the same run, and everything in them that a re-run needs."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from builders import at, single_stage_scenario
from tiny import COUNTS, tiny, tiny_replaying_counts

import simsocial as ss
from simsocial.errors import OutputError
from simsocial.measure.columns import FILES
from simsocial.model.laws import Deterministic
from simsocial.report import logs
from simsocial.report.folder import new_folder
from simsocial.report.run_folder import default_folder, recording
from simsocial.simulation.results import Results
from simsocial.units import HOUR


def everything(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


# ---- whole or not at all ---------------------------------------------------------------------------------------------


def test_folder_appears_when_the_block_ends(tmp_path: Path) -> None:
    out = tmp_path / "runs" / "one"
    with new_folder(out) as folder:
        (folder / "table.csv").write_text("1")
        assert not out.exists()
    assert everything(tmp_path) == ["runs", "runs/one", "runs/one/table.csv"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_nothing_stays_when_the_block_is_left(tmp_path: Path, error: type[BaseException]) -> None:
    def write_and_stop() -> None:
        with new_folder(tmp_path / "runs" / "one") as folder:
            (folder / "table.csv").write_text("1")
            raise error

    with pytest.raises(error):
        write_and_stop()
    assert everything(tmp_path) == []


def test_folders_above_stay_when_somebody_else_uses_them(tmp_path: Path) -> None:
    def share_and_stop() -> None:
        with new_folder(tmp_path / "runs" / "one"):
            (tmp_path / "runs" / "other").mkdir()
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        share_and_stop()
    assert everything(tmp_path) == ["runs", "runs/other"]


def test_what_is_there_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "kept.txt").write_text("mine")
    with pytest.raises(OutputError, match="one: is there already"), new_folder(tmp_path / "one"):
        pytest.fail("the block must not run")
    assert everything(tmp_path) == ["one", "one/kept.txt"]


def test_what_comes_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    def write_while_somebody_else_does() -> None:
        with new_folder(tmp_path / "one"):
            (tmp_path / "one").mkdir()
            (tmp_path / "one" / "kept.txt").write_text("mine")

    with pytest.raises(OutputError, match="cannot be written"):
        write_while_somebody_else_does()
    assert everything(tmp_path) == ["one", "one/kept.txt"]


def test_unwritable_place_is_found_before_the_block(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(OutputError, match="file/one: cannot be written"), new_folder(tmp_path / "file" / "one"):
        pytest.fail("the block must not run")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_forbidden_place_is_found_before_the_block(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="cannot be written"), new_folder(tmp_path / "one"):
        pytest.fail("the block must not run")
    tmp_path.chmod(0o700)


def test_default_folder_has_a_safe_name_and_is_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    now = dt.datetime(2026, 1, 5, 9, 8, 7)
    first = default_folder("my desk: 3/4", now=now)
    assert first == Path("runs", "my_desk_3_4", "2026-01-05T09-08-07")
    first.mkdir(parents=True)
    assert default_folder("my desk: 3/4", now=now) == Path(f"{first}_2")
    assert default_folder("..", now=now).parent == Path("runs", "run")


# ---- what is in it ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return ss.run(ss.load(tiny(tmp_path_factory.mktemp("config"))), log=True)


@pytest.fixture(scope="module")
def folder(results: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("runs") / "one"
    ss.write(results, out, overrides=["run.seed=7"])
    return out


def tables(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir()) if file.name != "provenance.json"}


def test_files_and_columns_are_those_of_the_data_dictionary(folder: Path) -> None:
    assert everything(folder) == sorted([*FILES, "capacity_plan.xlsx", "provenance.json"])
    for name, columns in FILES.items():
        head = pd.read_csv(folder / name).columns if name.endswith(".csv") else pq.read_schema(folder / name).names
        assert list(head) == [column.name for column in columns], name


def test_tables_are_read_back_as_they_were(folder: Path, results: Results) -> None:
    summary = pd.read_csv(folder / "summary.csv", dtype=str, keep_default_na=False)
    for name in ("value", "low", "high", "confidence", "n"):
        summary[name] = [float(text) if text else np.nan for text in summary[name]]
    pd.testing.assert_frame_equal(summary, results.summary(), check_dtype=False, check_exact=True)
    for name, frame in (
        ("replications", results.replications()),
        ("series", results.series()),
        ("visits", results.visits()),
        ("messages", results.messages()),
    ):
        read = pd.read_parquet(folder / f"{name}.parquet")
        pd.testing.assert_frame_equal(read, frame, check_dtype=False, check_exact=True, check_categorical=False)
    episodes = pd.read_csv(folder / "episodes.csv", parse_dates=["start"], keep_default_na=False)
    assert episodes["start"].tolist() == results.episodes()["start"].tolist()
    assert set(episodes["end"]) == {""}


def test_same_run_gives_the_same_bytes_and_another_does_not(folder: Path, results: Results, tmp_path: Path) -> None:
    ss.write(ss.run(results.scenario, log=True), tmp_path / "again")
    assert tables(tmp_path / "again") == tables(folder)
    ss.write(ss.run(results.scenario, log=True, seed=8), tmp_path / "other")
    other = tables(tmp_path / "other")
    assert all(other[name] != content for name, content in tables(folder).items())


def test_bytes_do_not_depend_on_the_process(folder: Path, tmp_path: Path) -> None:
    tiny(tmp_path)
    program = "import simsocial as ss; ss.write(ss.run(ss.load('tiny.toml'), log=True), 'one')"
    environment = {**os.environ, "PYTHONPATH": str(Path(ss.__file__).parents[1]), "PYTHONHASHSEED": "1"}
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=environment, check=True)
    assert tables(tmp_path / "one") == tables(folder)


def test_log_written_replication_by_replication_is_the_same(folder: Path, results: Results, tmp_path: Path) -> None:
    with recording(tmp_path / "again") as record:
        record.finish(ss.run(results.scenario, progress=record.log))
    assert tables(tmp_path / "again") == tables(folder)


def test_log_in_portions_has_every_row_once(
    folder: Path, results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "ROWS", 7)
    ss.write(results, tmp_path / "again")
    for name in ("visits.parquet", "messages.parquet"):
        assert pq.read_metadata(tmp_path / "again" / name).num_row_groups > len(results)
        assert pq.read_table(tmp_path / "again" / name).equals(pq.read_table(folder / name))


def test_visits_without_anybody_and_without_an_end_are_nothing(tmp_path: Path) -> None:
    """One agent who works [0, 2 h) on the first of two messages; the horizon is at 1 h."""
    world = single_stage_scenario(arrivals=at(0, 1), work=Deterministic(2 * HOUR), agents=1, horizon=HOUR)
    ss.write(ss.run(world, replications=1, log=True), tmp_path / "one")
    visits = pq.read_table(tmp_path / "one" / "visits.parquet").to_pylist()
    assert [visit["outcome"] for visit in visits] == ["in_service", "waiting"]
    assert [visit["agent"] for visit in visits] == [0, None]
    assert [visit["end"] for visit in visits] == [None, None]
    assert visits[1]["joined"] == world.start + dt.timedelta(milliseconds=1)
    assert visits[1]["start"] is None


def test_provenance_holds_what_a_rerun_needs(folder: Path, results: Results) -> None:
    provenance = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    assert provenance["config"] == results.scenario.origin.config  # type: ignore[union-attr]
    assert Path(provenance["base"]).is_absolute()
    assert provenance["overrides"] == ["run.seed=7"]
    assert [provenance[name] for name in ("seed", "first_replication", "replications", "engine")] == [7, 0, 4, "numpy"]
    assert provenance["versions"]["simsocial"] == ss.__version__
    assert provenance["versions"]["numpy"] == np.__version__
    assert len(provenance["cpu_features"]) > 0
    assert provenance["process_seconds"] > 0
    assert dt.datetime.fromisoformat(provenance["started"]) <= dt.datetime.now()


# ---- done again ------------------------------------------------------------------------------------------------------


def test_replay_gives_identical_numbers(folder: Path, results: Results) -> None:
    again = ss.replay(folder)
    assert again.difference is None
    np.testing.assert_array_equal(again.results.numerators, results.numerators)


def test_replay_of_one_replication(folder: Path, results: Results) -> None:
    again = ss.replay(folder, replication=2, log=True)
    assert again.difference is None
    assert again.results.replications()["replication"].unique().tolist() == [2]
    visits = results.visits()
    pd.testing.assert_frame_equal(again.results.visits(), visits[visits["replication"] == 2].reset_index(drop=True))


def test_replay_of_a_replay_of_one_replication(folder: Path, tmp_path: Path) -> None:
    ss.write(ss.replay(folder, replication=2).results, tmp_path / "two")
    assert ss.replay(tmp_path / "two").difference is None
    with pytest.raises(ss.InputError, match="holds the replications 2 to 2"):
        ss.replay(tmp_path / "two", replication=0)


def test_replay_names_the_first_number_that_differs(results: Results, tmp_path: Path) -> None:
    ss.write(results, tmp_path / "one")
    table = pd.read_parquet(tmp_path / "one" / "replications.parquet")
    row = table.index[(table["measure"] == "wait_mean") & (table["replication"] == 3)][0]
    table.loc[row, "numerator"] = np.nextafter(table.loc[row, "numerator"], np.inf)
    table.to_parquet(tmp_path / "one" / "replications.parquet")
    difference = ss.replay(tmp_path / "one").difference
    assert difference is not None
    assert difference.startswith("replication 3, mentions.respond.wait_mean: numerator was ")
    assert ss.replay(tmp_path / "one", replication=2).difference is None


def test_replay_tells_another_version_from_an_equal_one(results: Results, tmp_path: Path) -> None:
    ss.write(results, tmp_path / "one")
    table = pd.read_parquet(tmp_path / "one" / "replications.parquet")
    table[table["measure"] != "occupancy"].to_parquet(tmp_path / "one" / "replications.parquet")
    assert ss.replay(tmp_path / "one").difference == "the measures are not those of the run"


def test_replay_reads_the_same_files_or_refuses(tmp_path: Path) -> None:
    ss.write(ss.run(ss.load(tiny_replaying_counts(tmp_path)), replications=1), tmp_path / "one")
    assert ss.replay(tmp_path / "one").difference is None
    (tmp_path / "counts.csv").write_text(COUNTS.replace("80", "81"), encoding="utf-8")
    with pytest.raises(ss.InputError, match=r"counts\.csv: has changed since the run was made"):
        ss.replay(tmp_path / "one")
    (tmp_path / "counts.csv").unlink()
    with pytest.raises(ss.InputError, match=r"counts\.csv"):
        ss.replay(tmp_path / "one")


def test_a_scenario_made_in_code_is_written_but_not_run_again(tmp_path: Path) -> None:
    world = single_stage_scenario(arrivals=at(0), work=Deterministic(HOUR), agents=1, horizon=HOUR)
    ss.write(ss.run(world, replications=1), tmp_path / "one")
    with pytest.raises(ss.InputError, match="made in code"):
        ss.replay(tmp_path / "one")


@pytest.mark.parametrize("content", ["no json", "[]", '{"seed": 1}'])
def test_what_is_no_run_is_not_replayed(tmp_path: Path, content: str) -> None:
    (tmp_path / "provenance.json").write_text(content, encoding="utf-8")
    with pytest.raises(ss.InputError, match=r"provenance\.json: is not the provenance of a run"):
        ss.replay(tmp_path)


def test_a_run_without_its_numbers_is_not_replayed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "provenance.json").write_bytes((folder / "provenance.json").read_bytes())
    with pytest.raises(ss.InputError, match=r"replications\.parquet: cannot be read"):
        ss.replay(tmp_path)
    (tmp_path / "replications.parquet").write_text("no table", encoding="utf-8")
    with pytest.raises(ss.InputError, match=r"replications\.parquet: cannot be read"):
        ss.replay(tmp_path)
