"""A config to start from: what is written, that it works, and that nothing is overwritten by accident."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import simsocial as ss
from simsocial.cli import app
from simsocial.study import bundled
from simsocial.units import DAY

ROOT = Path(__file__).parents[1]
CONFIGS = sorted((ROOT / "configs").glob("*.toml"))


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def new(*arguments: str, code: int = 0) -> Result:
    done = CliRunner().invoke(app, ["new", *arguments], catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done


def files() -> list[str]:
    return sorted(path.name for path in Path().iterdir())


def test_a_new_config_is_the_quickstart_and_says_what_is_next() -> None:
    printed = new("my desk.toml").stdout
    assert "next: simsocial check 'my desk.toml' (load and capacity), simsocial run 'my desk.toml'" in printed
    assert files() == ["my desk.toml"]
    mine, theirs = ss.load("my desk.toml").origin, ss.load(ROOT / "configs" / "quickstart.toml").origin
    assert mine is not None
    assert theirs is not None
    assert mine.config == theirs.config
    text = Path("my desk.toml").read_text(encoding="utf-8")
    assert text.count("#") > 30, "its comments are copied too"
    assert "#:schema" not in text, "there is no schema beside it"


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.stem)
def test_every_bundled_config_can_be_copied_with_what_it_reads(config: Path) -> None:
    new("desk.toml", "--like", config.stem, "--quiet")
    mine, theirs = ss.load("desk.toml").origin, ss.load(config).origin
    assert mine is not None
    assert theirs is not None
    assert mine.config == theirs.config
    assert mine.files == theirs.files
    assert files() == sorted(["desk.toml", *theirs.files])


def test_names_are_those_of_the_configs() -> None:
    assert list(bundled.names()) == [config.stem for config in CONFIGS]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["there.toml"], "there.toml: is there already and is not overwritten; name another place, or use --force"),
        (["new.toml", "--like", "m2"], "m2_profile.csv: is there already and is not overwritten"),
        (["new.toml", "--like", "quick"], "like: there is no 'quick'; there is "),
        (["nowhere/new.toml"], "nowhere/new.toml: cannot be written: No such file or directory"),
        (["folder", "--force"], "folder: is a folder; name a file in it"),
        ([".", "--force"], ".: is a folder; name a file in it"),
        ([], "Missing argument"),
    ],
)
def test_what_cannot_be_written_is_one_message_and_changes_nothing(arguments: list[str], says: str) -> None:
    for name in ("there.toml", "m2_profile.csv"):
        Path(name).write_text("mine", encoding="utf-8")
    Path("folder").mkdir()
    done = new(*arguments, code=2)
    assert says in done.stderr
    assert done.stdout == ""
    assert files() == ["folder", "m2_profile.csv", "there.toml"]
    assert Path("there.toml").read_text(encoding="utf-8") == "mine"


def test_force_overwrites() -> None:
    Path("there.toml").write_text("mine", encoding="utf-8")
    assert new("there.toml", "--force", "--quiet").stdout == ""
    assert ss.load("there.toml").name.startswith("Quickstart")


# ---- with a rota of one's own ----------------------------------------------------------------------------------------


def rota(*rows: str, header: str = "agent,start,end,activity,team") -> None:
    Path("our rota.csv").write_text("\n".join((header, *rows, "")), encoding="utf-8-sig")


def test_a_rota_takes_the_place_of_people_and_dates() -> None:
    rota(
        "Zoë;02.02.2026 09:00;02.02.2026 17:00;Lunch duty",
        "Al;13.02.2026 22:00;14.02.2026 00:00;on duty",
        header="agent;start;end;activity",
    )
    Path("plans").mkdir()
    printed = new("plans/mine.toml", "--rota", "our rota.csv").stdout
    assert "the people of our rota.csv from 2026-02-02 to 2026-02-13 as team desk" in printed
    assert "next: simsocial check plans/mine.toml" in printed
    text = Path("plans/mine.toml").read_text(encoding="utf-8")
    assert 'rota = "../our rota.csv"' in text
    assert 'horizon = "12 days"' in text
    with pytest.raises(ss.InputError, match="unknown activities"):
        ss.load("plans/mine.toml")  # words of the file's own are judged, and told, when the config is read
    scenario = ss.load("plans/mine.toml", overrides=["teams.desk.rota.activities={ 'Lunch duty' = 'on duty' }"])
    found = scenario.teams[0].rota
    assert found is not None
    assert found.agents == ("Zoë", "Al")
    assert scenario.start.date().isoformat() == "2026-02-02"
    assert scenario.horizon == 12 * DAY


def test_of_several_teams_one_is_taken_and_the_others_are_told() -> None:
    cover = [f"Ann,2026-02-0{day} 09:00,2026-02-0{day} 17:00,on duty,social care" for day in (2, 3)]
    rota(*cover, "Bob,2026-02-02 09:00,2026-02-02 17:00,on duty,principals")
    assert "as team social care; not read: principals (1 row);" in new("desk.toml", "--rota", "our rota.csv").stdout
    first, other = ss.load("desk.toml").teams
    assert (first.name, other.name, other.rota) == ("social care", "principals", None)
    rota(*cover, "Bob,2026-02-02 09:00,2026-02-02 17:00,on duty,desk")
    assert (
        "as team desk; not read: social care (2 rows);" in new("desk.toml", "--force", "--rota", "our rota.csv").stdout
    )


@pytest.mark.parametrize(
    ("header", "row", "says"),
    [
        ("agent,from,end,activity", "Ann,2026-02-02,2026-02-03,on duty", "our rota.csv:1: no column 'start'"),
        ("agent,start,end,activity", "Ann,today,2026-02-03,on duty", "our rota.csv:2: start: write a date and time"),
        (
            "agent,start,end,activity,team",
            "Ann,2026-02-02,2026-02-03,on duty,principals",
            "our rota.csv:2: team: name the team that answers",
        ),
    ],
)
def test_a_rota_at_fault_is_one_message_and_nothing_is_written(header: str, row: str, says: str) -> None:
    rota(row, header=header)
    assert says in new("desk.toml", "--rota", "our rota.csv", code=2).stderr
    assert files() == ["our rota.csv"]


def test_a_rota_does_not_go_into_another_config() -> None:
    rota("Ann,2026-02-02,2026-02-03,on duty,desk")
    done = new("desk.toml", "--rota", "our rota.csv", "--like", "m2", code=2)
    assert "--rota goes into the quickstart; leave --like out" in done.stderr
    assert "no such file" in new("desk.toml", "--rota", "nowhere.csv", code=2).stderr.lower()
    assert files() == ["our rota.csv"]


# ---- from an installation --------------------------------------------------------------------------------------------


def test_an_installed_package_has_the_configs(tmp_path: Path) -> None:
    """What the wheel puts where, laid out by hand: the checkout with its ``configs`` is not there."""
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]
    site = tmp_path / "site"
    shutil.copytree(ROOT / "simsocial", site / "simsocial")
    for source, place in wheel["wheel"]["force-include"].items():
        shutil.copytree(ROOT / source, site / place)
    command = [sys.executable, "-m", "simsocial", "new", "desk.toml", "--like", "m2"]
    subprocess.run(command, env={**os.environ, "PYTHONPATH": str(site)}, check=True, capture_output=True)
    assert files() == ["desk.toml", "m2_profile.csv", "site"]
