"""The command line: what is printed, the exit codes, and that nothing stays of what went wrong."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pandas as pd
import pytest
from tiny import TINY, tiny
from typer.testing import CliRunner, Result

import simsocial as ss
from simsocial import engines
from simsocial.cli import app
from simsocial.study import fitting_memory


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder with the config ``tiny.toml``."""
    tiny(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


def simsocial(*arguments: str, code: int = 0) -> Result:
    done = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done


def lines(done: Result) -> list[str]:
    """Return the printed lines without the blanks that fill them."""
    return [line.rstrip() for line in done.stdout.splitlines()]


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def widest(text: str) -> int:
    return max(map(len, text.splitlines()))


# ---- run -------------------------------------------------------------------------------------------------------------

RUN = """\
mentions.respond (team desk) falls behind: first onset in median on Thu
2026-01-08 (95 %: unknown, too few replications), in 4 of 4 replications
(95 %: at least 51 %); for good from Thu 2026-01-08 in median; by the fluid
forecast it would hold if the work of a visit were at most 41.9 min (now 1 h)
mentions.review (team principals) keeps up: behind in 0 of 4 replications
(95 %: at most 49 %); by the fluid forecast it holds unless the work of a visit
exceeds 3.21 h (now 2 min)

Tiny desk
4 replications of 3 weeks, Mon 2026-01-05 to Sun 2026-01-25; seed 7
"""


def test_run_says_first_who_falls_behind_and_when(here: Path) -> None:
    done = simsocial("run", "tiny.toml", "--out", "out")
    assert lines(done)[:10] == RUN.splitlines()
    assert done.stdout.endswith("written to out\n")
    assert widest(done.stdout) <= 80
    row = next(line for line in lines(done) if line.startswith(" mentions.respond "))
    summary = ss.replay("out").results.summary().set_index(["stream", "step", "team", "measure"])["value"]
    wait, occupied = summary["mentions", "respond", "", "wait_p90"], summary["", "", "desk", "occupancy"]
    assert row.split()[4:] == [f"{wait / 1440:.3g}", "days", f"{100 * occupied:.0f}", "%", "100", "%", "2026-01-08"]
    kept = summary["mentions", "", "", "first_response_kept_share"]
    assert row.split()[1] == f"{100 * kept:.0f}"
    assert done.stderr == ""


def test_run_writes_where_nobody_said(here: Path) -> None:
    done = simsocial("run", "tiny.toml", "--replications", "1")
    place = Path(re.search(r"written to (.+)\n", done.stdout)[1])  # type: ignore[index]
    assert re.fullmatch(r"runs/tiny/\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d", place.as_posix())
    assert "visits.parquet" not in files(place)
    assert "summary.csv" in files(place)


def test_options_of_run_reach_the_run(here: Path) -> None:
    options = ["--replications", "2", "--seed", "5", "--set", "teams.desk.headcount=3", "--engine", "simpy", "--log"]
    simsocial("run", "tiny.toml", *options, "--out", "out")
    provenance = json.loads(Path("out/provenance.json").read_text(encoding="utf-8"))
    assert [provenance[name] for name in ("replications", "seed", "engine")] == [2, 5, "simpy"]
    assert provenance["overrides"] == ["teams.desk.headcount=3"]
    expected = ss.run(ss.load("tiny.toml", overrides=["teams.desk.headcount=3"]), replications=2, seed=5, log=True)
    ss.write(expected, "expected")
    for name in ("summary.csv", "replications.parquet", "visits.parquet", "messages.parquet"):
        assert Path("out", name).read_bytes() == Path("expected", name).read_bytes(), name


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["run", "nowhere.toml"], "nowhere.toml: there is no such file"),
        (["run", "broken.toml"], "broken.toml:2: is not valid TOML"),
        (
            ["run", "tiny.toml", "--memory", "2 gigabytes"],
            "memory: write an amount of memory as a number and kB, MB or GB",
        ),
        (["run", "tiny.toml", "--engine", "numpi"], "engine: there is no 'numpi'; there is numpy and simpy"),
        (["run", "tiny.toml", "--set", "teams.desk.headcout=3"], "did you mean 'headcount'?"),
        (["run", "tiny.toml", "--replications", "0"], "--replications"),
        (["run", "tiny.toml", "--seed", "-1"], "--seed"),
        (["run", "tiny.toml", "--out", "tiny.toml/out"], "tiny.toml/out: cannot be written: Not a directory"),
        (["run", "tiny.toml", "--out", "there"], "there: is there already and is not overwritten"),
        (["run"], "Missing argument"),
        (["runn"], "No such command 'runn'"),
        (["check", "tiny.toml", "--rooster"], "No such option"),
        (["replay", "there"], "there/provenance.json: cannot be read"),
    ],
)
def test_bad_input_is_one_message_and_leaves_nothing(here: Path, arguments: list[str], says: str) -> None:
    Path("there").mkdir()
    Path("broken.toml").write_text('name = "x"\nhorizon 3\n', encoding="utf-8")
    before = files(here)
    done = simsocial(*arguments, code=2)
    assert says in done.stderr
    assert "Traceback" not in done.output
    assert done.stdout == ""
    assert files(here) == before


def test_all_faults_of_a_config_come_at_once(here: Path) -> None:
    Path("bad.toml").write_text(TINY.replace('"3 weeks"', "3").replace("share = 0.80", "share = 8"), encoding="utf-8")
    done = simsocial("run", "bad.toml", code=2)
    lines = done.stderr.splitlines()
    assert [line.split(": ")[:2] for line in lines] == [
        ["bad.toml:6", "time.horizon"],
        ["bad.toml:17", "streams.mentions.promises.first_response.share"],
    ]


def test_a_run_that_does_not_fit_in_memory_is_refused(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting_memory, "available_memory", lambda: 1e6)
    done = simsocial("run", "tiny.toml", code=2)
    assert "MB of memory, 1 MB are available" in done.stderr
    assert files(here) == ["tiny.toml"]


def test_a_replay_that_does_not_fit_in_memory_is_refused(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """R61: a run may come from a larger machine."""
    simsocial("run", "tiny.toml", "--out", "out")
    monkeypatch.setattr(fitting_memory, "available_memory", lambda: 1e6)
    done = simsocial("replay", "out", "--log", "--out", "again", code=2)
    assert "MB of memory, 1 MB are available" in done.stderr
    assert not Path("again").exists()


# ---- stopped ---------------------------------------------------------------------------------------------------------


def stop_at_the_second(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    calls = []
    simpy = engines.ENGINES["simpy"]

    def engine(*what: object) -> object:
        calls.append(what)
        if len(calls) == 2:
            raise error
        return simpy(*what)  # type: ignore[arg-type]

    monkeypatch.setitem(engines.ENGINES, "simpy", engine)  # type: ignore[arg-type]


def test_ctrl_c_leaves_nothing_half_written(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stop_at_the_second(monkeypatch, KeyboardInterrupt())
    done = simsocial("run", "tiny.toml", "--engine", "simpy", "--log", "--out", "runs/out", code=130)
    assert done.stderr == "stopped; nothing was written\n"
    assert done.stdout == ""
    assert files(here) == ["tiny.toml"]


def test_faults_of_simsocial_keep_their_traceback(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stop_at_the_second(monkeypatch, AssertionError("R41"))
    with pytest.raises(AssertionError, match="R41"):
        simsocial("run", "tiny.toml", "--engine", "simpy", "--out", "runs/out")
    assert files(here) == ["tiny.toml"]


def heed_signals() -> None:
    """Undo that a shell lets what it runs in the background, and all that this starts, ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signals_leave_nothing_half_written(here: Path, number: signal.Signals, code: int) -> None:
    """The run is stopped as soon as its folder is there."""
    command = [sys.executable, "-m", "simsocial", "run", "tiny.toml", "--out", "runs/out", "--replications", "100000"]
    environment = {**os.environ, "PYTHONPATH": str(Path(ss.__file__).parents[1])}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, env=environment, preexec_fn=heed_signals, **pipes) as process:
        while process.poll() is None and not (here / "runs").exists():
            os.sched_yield()
        process.send_signal(number)
        _, errors = process.communicate()
    assert process.returncode == code, errors
    assert errors == b"stopped; nothing was written\n"
    assert files(here) == ["tiny.toml"]


# ---- replay ----------------------------------------------------------------------------------------------------------


def test_replay_says_that_the_numbers_are_identical(here: Path) -> None:
    simsocial("run", "tiny.toml", "--set", "teams.desk.headcount=2", "--out", "out")
    done = simsocial("replay", "out")
    assert done.stdout.endswith("identical: every measure of 4 replications is that of out/replications.parquet\n")
    assert files(here) == sorted(["out", "tiny.toml", *(f"out/{name}" for name in files(here / "out"))])


def test_replay_of_one_replication_with_its_log(here: Path) -> None:
    simsocial("run", "tiny.toml", "--out", "out")
    done = simsocial("replay", "out", "--replication", "3", "--log", "--out", "three")
    assert "identical: every measure of 1 replication is" in done.stdout
    assert pd.read_parquet("three/visits.parquet")["replication"].unique().tolist() == [3]


def test_replay_fails_with_the_first_difference(here: Path) -> None:
    simsocial("run", "tiny.toml", "--out", "out")
    provenance = json.loads(Path("out/provenance.json").read_text(encoding="utf-8"))
    provenance["seed"] += 1
    provenance["versions"]["numpy"] = "1.0"
    Path("out/provenance.json").write_text(json.dumps(provenance), encoding="utf-8")
    done = simsocial("replay", "out", code=1)
    assert done.stderr.startswith("different: replication 0, mentions.arrived: value was ")
    assert "the run was made with numpy 1.0 (here " in done.stderr


def test_replay_of_a_replication_that_was_not_run(here: Path) -> None:
    simsocial("run", "tiny.toml", "--out", "out")
    done = simsocial("replay", "out", "--replication", "4", code=2)
    assert done.stderr == "replication: out holds the replications 0 to 3 (got 4)\n"


# ---- check and documents ---------------------------------------------------------------------------------------------


def test_check_says_first_what_is_overloaded(here: Path) -> None:
    done = simsocial("check", "tiny.toml")
    assert done.stdout.startswith("mentions.respond is overloaded first: from the week of Mon 2026-01-05\n")
    assert widest(done.stdout) <= 80
    assert "a run: 4 replications of about 168 messages" in done.stdout
    relieved = simsocial("check", "tiny.toml", "--set", "teams.desk.headcount=2")
    assert relieved.stdout.startswith("no stage is overloaded in any week\n")


def test_check_prints_weeks_and_roster(here: Path) -> None:
    weeks = simsocial("check", "tiny.toml", "--weeks").stdout
    assert len(re.findall(r"mentions\.respond +Mon 2026-01-(?:05|12|19) .* overloaded", weeks)) == 3
    assert widest(weeks) <= 80
    roster = simsocial("check", "tiny.toml", "--roster", "--set", "teams.desk.headcount=2").stdout
    assert re.search(r"Mon 2026-01-12 +desk +0–1 +Mon–Fri +09:00–17:00", roster)
    assert "2026-01-19" not in roster
    assert roster.endswith("two weeks at most are shown; --from DATE shows others\n")


def test_check_prints_the_roster_from_a_date(here: Path) -> None:
    roster = simsocial("check", "tiny.toml", "--from", "2026-01-14").stdout
    assert re.findall(r"Mon (\S+) +desk +0 +(\S+)", roster) == [("2026-01-12", "Wed–Fri"), ("2026-01-19", "Mon–Fri")]
    wrong = simsocial("check", "tiny.toml", "--from", "2027-01-14", code=2)
    assert wrong.stderr == "from: write a date of the run, 2026-01-05 to 2026-01-25 (got 2027-01-14)\n"


def test_check_prints_the_resolved_config(here: Path) -> None:
    printed = simsocial("check", "tiny.toml", "--resolved", "--set", "teams.desk.headcount=2").stdout
    assert tomllib.loads(printed) == ss.load("tiny.toml", overrides=["teams.desk.headcount=2"]).origin.config  # type: ignore[union-attr]


def test_check_runs_and_imports_nothing_heavy(here: Path) -> None:
    heavy = ("pandas", "pyarrow", "scipy.stats", "matplotlib", "simpy")
    program = f"""
import sys
from simsocial.cli import app
app(["check", "tiny.toml"], standalone_mode=False)
print(*[name for name in {heavy!r} if name in sys.modules], file=sys.stderr)
"""
    environment = {**os.environ, "PYTHONPATH": str(Path(ss.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    assert done.stderr.split() == []


def test_schema_dictionary_and_version_are_those_of_the_library(here: Path) -> None:
    assert json.loads(simsocial("schema").stdout) == json.loads(ss.schema_text())
    assert simsocial("dictionary").stdout == ss.dictionary()
    assert simsocial("--version").stdout == f"{ss.__version__}\n"


@pytest.mark.parametrize(
    "name",
    [
        "training_longer_than_the_run",
        "no_possible_trainer",
        "waves_beyond_the_population",
        "three_of_a_logistic_curve",
        "certificate_for_no_step",
        "targets_below_zero",
    ],
)
def test_bad_input_about_people_ends_with_2_and_writes_nothing(name: str, here: Path) -> None:
    """Each fault once, with its file and line; what it says is in the file itself (test_bad_input)."""
    file = Path(__file__).parent / "invalid" / f"{name}.toml"
    before = files(here)
    done = simsocial("run", str(file), "--replications", "1", code=2)
    expected = [line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("# expect: ")]
    places = [line.removeprefix("# expect: ").split(":")[0] for line in expected]
    assert [place for place in places if f"{file.name}:{place}:" not in done.stderr.replace("\n", "")] == []
    assert done.stderr.count(f"{file.name}:") == len(expected)
    assert done.stdout == ""
    assert files(here) == before
