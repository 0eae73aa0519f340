"""``simsocial replay FILE --config CONFIG --map …``: an export as the arrivals of a desk's streams (R71)."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from tiny import tiny
from typer.testing import CliRunner

from simsocial.cli import app
from simsocial.errors import InputError
from simsocial.study.export import exported

EXPORT = """\
id,created_at,channel
1,2026-01-06T10:00:00Z,mentions
2,2026-01-05T09:30:00+01:00,mentions
3,2026-01-06T11:00:00Z,direct
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    tiny(tmp_path)
    (tmp_path / "export.csv").write_text(EXPORT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


def simsocial(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    return done.exit_code, " ".join(done.stdout.split()), " ".join(done.stderr.split())


ZONE = ["--set", "time.zone=Europe/Berlin", "--set", "run.replications=2"]


def test_an_export_is_run_and_told_how_it_was_read(here: Path) -> None:
    columns = ["--map", "created_at=arrival, channel=stream"]
    code, said, _ = simsocial("replay", "export.csv", "--config", "tiny.toml", *columns, *ZONE, "--log", "--out", "out")
    assert code == 0
    assert "3 rows, columns separated by commas: created_at as time, channel as rows" in said
    assert "of channel only mentions; there are mentions (2), direct (1)" in said
    assert "created_at moved to the clock of Europe/Berlin" in said
    assert "not in order of time: sorted; not used: id" in said
    arrivals = pd.read_parquet(here / "out" / "messages.parquet").query("replication == 0")["arrival"]
    assert arrivals.tolist() == [pd.Timestamp("2026-01-05 09:30"), pd.Timestamp("2026-01-06 11:00")]
    assert simsocial("replay", "out")[0] == 0
    (here / "export.csv").write_text(EXPORT.replace("10:00:00Z", "10:00:01Z"), encoding="utf-8")
    code, _, wrong = simsocial("replay", "out")
    assert (code, "export.csv: has changed since the run was made" in wrong) == (2, True)


def test_counts_of_an_export(here: Path) -> None:
    (here / "counts.csv").write_text("day;clock;n\n05.01.2026;9:00;3\n05.01.2026;10:00;2\n", encoding="utf-8")
    columns = "day=time,clock=time_of_day,n=value"
    code, said, _ = simsocial("replay", "counts.csv", "--config", "tiny.toml", "--map", columns, *ZONE, "--out", "out")
    assert code == 0
    assert "day as time, n as value, clock as time_of_day; 2026-01-05 09:00 to 2026-01-05 10:00" in said
    provenance = json.loads((here / "out" / "provenance.json").read_text(encoding="utf-8"))
    assert provenance["overrides"][0].startswith("streams.mentions.arrivals={ replay = { file = ")
    assert provenance["config"]["streams"]["mentions"]["arrivals"]["replay"]["time_of_day"] == {"column": "clock"}


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["export.csv"], "an export comes to a desk; say which with --config CONFIG"),
        (["export.csv", "--config", "tiny.toml"], '--map: write which column is which, such as "created_at=arrival"'),
        (["export.csv", "--config", "tiny.toml", "--map", "id=arival"], "there is no role 'arival'; did you mean"),
        (["export.csv", "--config", "tiny.toml", "--map", "id=arrival,x=arrival"], "id and x cannot both be arrival"),
        (["export.csv", "--config", "tiny.toml", "--map", "id=time"], "name the column of arrival, or those of time"),
        (["export.csv", "--config", "tiny.toml", "--map", "at=arrival"], "no column 'at'; there are: id, created_at"),
        (["export.csv", "--config", "tiny.toml", "--map", "created_at=arrival"], "has a time zone; write that of"),
        (["there", "--replication", "1", "--config", "tiny.toml"], "--replication goes with the folder of a run"),
    ],
)
def test_what_an_export_needs_is_asked_for(here: Path, arguments: list[str], found: str) -> None:
    code, _, said = simsocial("replay", *arguments)
    assert code == 2
    assert found in said
    assert not (here / "runs").exists()


def test_several_streams_need_a_column_that_names_them(tmp_path: Path) -> None:
    (tmp_path / "two.toml").write_text("[streams.a]\n[streams.b]\n", encoding="utf-8")
    with pytest.raises(InputError, match="--map: say which column holds a or b: COLUMN=stream"):
        exported(tmp_path / "e.csv", tmp_path / "two.toml", "at=arrival")
    both = exported(tmp_path / "e.csv", tmp_path / "two.toml", "at=arrival,which one=stream")
    assert [text.partition("=")[0] for text in both] == ["streams.a.arrivals", "streams.b.arrivals"]
    assert both[0].endswith('kind = "stamps", time = "at", order = "any", rows = { "which one" = "a" } } }')
    (tmp_path / "none.toml").write_text("name = 'x'\n", encoding="utf-8")
    with pytest.raises(InputError, match="has no stream that could take the messages of an export"):
        exported(tmp_path / "e.csv", tmp_path / "none.toml", "at=arrival")
