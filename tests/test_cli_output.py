"""What the command line prints for programs and for the quiet, and how it ends when it cannot print or is stopped."""

from __future__ import annotations

import datetime as dt
import io
import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tiny import tiny
from typer.testing import CliRunner, Result

import simsocial as ss
from simsocial.cli import app
from simsocial.cli.paper import paper, watched

HOME = {"PYTHONPATH": str(Path(ss.__file__).parents[1])}
posix = pytest.mark.skipif(os.name != "posix", reason="needs signals and devices")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny(tmp_path)
    monkeypatch.chdir(tmp_path)


def simsocial(*arguments: str, code: int = 0) -> Result:
    done = CliRunner().invoke(app, list(arguments), catch_exceptions=False, env={"COLUMNS": "80"})
    assert done.exit_code == code, done.output
    return done


def document(*arguments: str, code: int = 0) -> dict[str, Any]:
    """Return the JSON document printed, which must be all that is printed, and have no numbers that JSON lacks."""

    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is not JSON")

    done = simsocial(*arguments, "--json", code=code)
    assert done.stderr == ""
    return dict(json.loads(done.stdout, parse_constant=refuse))


def test_what_makes_a_verdict_meaningless_comes_first_for_programs_and_the_quiet() -> None:
    """R65: work of 600 minutes instead of 60 is some ten times what the desk can do."""
    told = document("run", "tiny.toml", "--set", "streams.mentions.steps.respond.work.mean=600 min", "--out", "far")
    (remark,) = told["remarks"]
    assert (remark["concern"], remark["where"]) == (
        "a stage with far more work than its teams can do",
        "mentions.respond",
    )
    quiet = simsocial("run", "tiny.toml", "--set", "streams.mentions.steps.respond.work.mean=600 min", "-q").stdout
    assert quiet.splitlines()[0] == f"look at {remark['where']} first: {remark['text']}"


# ---- JSON ------------------------------------------------------------------------------------------------------------


def test_a_run_as_json_is_the_summary_and_the_verdict() -> None:
    told = document("run", "tiny.toml", "--out", "out")
    results = ss.replay("out").results
    assert list(told)[:6] == ["command", "folder", "scenario", "start", "end", "seed"]
    assert (told["command"], told["folder"], told["replications"]) == ("run", "out", 4)
    assert [each["sentence"] for each in told["verdict"]] == [each.sentence for each in results.verdict()]
    assert told["remarks"] == []
    summary = results.summary()
    values = [None if not math.isfinite(value) else value for value in summary.value]
    assert [row["value"] for row in told["summary"]] == values
    assert None in values
    assert list(told["summary"][0]) == list(summary.columns)


def test_a_check_as_json_has_what_is_asked_for() -> None:
    told = document("check", "tiny.toml")
    assert told["first_overloaded"]["stage"] == "mentions.respond"
    assert told["config"] is told["roster"] is told["stage_weeks"] is None
    more = document("check", "tiny.toml", "--resolved", "--roster", "--weeks")
    assert more["config"]["teams"]["desk"]["headcount"] == 1
    assert more["roster"][0]["team"] == "desk"
    assert len(more["stage_weeks"]) == 6
    assert more.keys() == told.keys()


def test_a_verification_as_json() -> None:
    told = document("verify", "tiny.toml", "--weeks", "1")
    assert dt.datetime.fromisoformat(told["end"]) - dt.datetime.fromisoformat(told["start"]) == dt.timedelta(weeks=1)
    assert told["identical"] is True
    assert told["replications"] == 3
    assert told["visits"] > 0


def test_a_replay_as_json_has_the_numbers_again_and_says_that_they_are_the_same() -> None:
    told = document("run", "tiny.toml", "--out", "out")
    again = document("replay", "out")
    assert {name: again.pop(name) for name in ("command", "folder", "point", "identical", "difference")} == {
        "command": "replay",
        "folder": None,
        "point": None,
        "identical": True,
        "difference": None,
    }
    assert again == {name: told[name] for name in told if name not in ("command", "folder")}
    numbers = Path("out/replications.parquet")
    table = pd.read_parquet(numbers)
    table.assign(value=table["value"] + 1).to_parquet(numbers)
    done = simsocial("replay", "out", "--json", code=1)
    assert json.loads(done.stdout)["identical"] is False
    assert done.stderr.startswith("different: ")


def test_an_export_as_json_is_a_run_and_may_have_figures() -> None:
    Path("e.csv").write_text("at\n2026-01-05 09:00\n2026-01-05 09:01\n", encoding="utf-8")
    arguments = ["replay", "e.csv", "--config", "tiny.toml", "--map", "at=arrival", "--out", "out", "--figures"]
    arguments += ["--set", "time.interval='1 week'"]
    told = document(*arguments)
    assert (told["command"], told["folder"]) == ("run", "out")
    (arrived,) = (row["value"] for row in told["summary"] if row["measure"] == "arrived")
    assert arrived == 2
    assert (Path("out") / "figures" / "backlog.svg").exists()


# ---- quiet -----------------------------------------------------------------------------------------------------------


def test_quiet_prints_one_line_for_what_is_bad() -> None:
    falling = simsocial("run", "tiny.toml", "--out", "a", "--quiet").stdout
    assert falling.startswith("mentions.respond (team desk) falls behind: ")
    assert falling.count("\n") == 1
    keeping = simsocial("run", "tiny.toml", "--out", "b", "-q", "--set", "teams.desk.headcount=3").stdout
    assert "keeps up" in keeping
    assert keeping.count("\n") == 1
    assert simsocial("check", "tiny.toml", "-q").stdout.startswith("mentions.respond is overloaded first")
    assert simsocial("replay", "a", "-q").stdout.startswith("identical: ")
    assert simsocial("verify", "tiny.toml", "-q", "--weeks", "1").stdout.startswith("identical: ")


def test_quiet_still_says_what_is_wrong() -> None:
    assert simsocial("run", "nowhere.toml", "--quiet", code=2).stderr.startswith("nowhere.toml: there is no such file")


# ---- colour and bars -------------------------------------------------------------------------------------------------


def printed_in_red(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    paper().print("words", style="bold red")
    return out.getvalue()


def test_no_colour_when_sent_on_or_not_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert printed_in_red(monkeypatch, TERM="xterm") == "words\n"
    assert printed_in_red(monkeypatch, TERM="xterm", FORCE_COLOR="1", NO_COLOR="1") == "words\n"
    assert "\x1b[" in printed_in_red(monkeypatch, TERM="xterm", FORCE_COLOR="1")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("out", "err", "no_color", "expected"),
    [(True, True, "", True), (False, True, "", False), (True, False, "", False), (True, True, "1", False)],
)
def test_bars_move_only_where_somebody_looks(
    monkeypatch: pytest.MonkeyPatch, out: bool, err: bool, no_color: str, expected: bool
) -> None:
    monkeypatch.setattr(sys, "stdout", Terminal() if out else io.StringIO())
    monkeypatch.setattr(sys, "stderr", Terminal() if err else io.StringIO())
    monkeypatch.setenv("NO_COLOR", no_color)
    assert watched() is expected


# ---- a full or closed standard output --------------------------------------------------------------------------------

VERBS = [["--help"], ["schema"], ["check", "tiny.toml"]]


def started(*arguments: str, stdout: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "simsocial", *arguments]
    return subprocess.run(
        command, env={**os.environ, **HOME}, stdout=stdout, stderr=subprocess.PIPE, text=True, check=False
    )


@posix
@pytest.mark.parametrize("arguments", VERBS, ids=" ".join)
def test_a_full_standard_output_is_one_message(arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = started(*arguments, stdout=full)
    assert done.stderr == "standard output: cannot be written: no space left on device\n"
    assert done.returncode == 1


@posix
@pytest.mark.parametrize("arguments", VERBS, ids=" ".join)
def test_a_reader_who_has_gone_is_one_message(arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = started(*arguments, stdout=writing)
    os.close(writing)
    assert done.stderr == "standard output: cannot be written: broken pipe\n"
    assert done.returncode == 1


@posix
def test_a_closed_standard_output_does_not_hide_where_the_tables_are() -> None:
    command = f'exec "{sys.executable}" -m simsocial run tiny.toml --out out >&-'
    done = subprocess.run(
        ["sh", "-c", command], env={**os.environ, **HOME}, stderr=subprocess.PIPE, text=True, check=False
    )
    assert done.stderr == "standard output: cannot be written: it is closed; the tables are in out\n"
    assert done.returncode == 1
    assert Path("out/summary.csv").exists()


# ---- Ctrl-C while libraries are being imported -----------------------------------------------------------------------

INTERRUPTED = """
import os, signal, sys

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)
sys.meta_path.insert(0, Interrupting())
sys.argv = ["simsocial", "check", "tiny.toml"]
from {home} import main
main()
"""


def interrupted(module: str, home: str) -> subprocess.CompletedProcess[str]:
    """Start ``check`` and press Ctrl-C just when ``module`` is being imported."""
    command = [sys.executable, "-c", INTERRUPTED.format(module=module, home=home)]
    return subprocess.run(command, env={**os.environ, **HOME}, capture_output=True, text=True, check=False)


@posix
@pytest.mark.parametrize("module", ["typer", "numpy", "simsocial.cli.run", "pydantic", "rich.console"])
def test_ctrl_c_during_imports_is_one_line(module: str) -> None:
    done = interrupted(module, "simsocial.__main__")
    assert done.stderr == "stopped; nothing was written\n"
    assert done.returncode == 130
    assert done.stdout == ""


@posix
def test_ctrl_c_would_leave_a_traceback_otherwise() -> None:
    """Negative control: entered by its inner door the program is interrupted as any other."""
    done = interrupted("numpy", "simsocial.cli")
    assert "Traceback" in done.stderr
    assert done.returncode != 130
