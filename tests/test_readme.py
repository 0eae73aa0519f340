"""The README is true: its runs print what it shows, its Python works, and it names what is bundled."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from simsocial.cli import app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHOWN = list(re.finditer(r"<!-- simsocial (?P<arguments>[^\n]+) -->\n```text\n(?P<output>.*?)```", README, re.DOTALL))
PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)


def printed(arguments: str, folder: Path) -> list[str]:
    """Return the lines of a run without their trailing blanks, up to where it says what it wrote."""
    return bare(told(*shlex.split(arguments), "--out", str(folder)).split("written to")[0])


def told(*arguments: str) -> str:
    done = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "80"})
    assert done.exit_code == 0, done.output
    return done.stdout


def bare(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]


RUNS = [shown for shown in SHOWN if shown["arguments"].startswith("run ")]
ASKED = [shown for shown in SHOWN if shown["arguments"].split()[0] in ("compare", "solve")]
EXPLAINED = [shown for shown in SHOWN if shown not in (*RUNS, *ASKED)]


@pytest.mark.parametrize("shown", RUNS, ids=lambda shown: shown["arguments"])
def test_a_run_prints_what_is_shown(shown: re.Match[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert printed(shown["arguments"], tmp_path / "run") == bare(shown["output"])


@pytest.mark.parametrize("shown", ASKED, ids=lambda shown: shown["arguments"])
def test_a_question_has_the_answer_that_is_shown(shown: re.Match[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert bare(told(*shlex.split(shown["arguments"]))) == bare(shown["output"])


@pytest.mark.parametrize("shown", EXPLAINED, ids=lambda shown: shown["arguments"])
def test_what_is_told_of_a_run_is_what_is_shown(
    shown: re.Match[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the run that the README shows first, in the folder that it then has."""
    monkeypatch.chdir(ROOT)
    place = tmp_path / "q"
    printed(SHOWN[0]["arguments"], place)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs").mkdir()
    place.rename(tmp_path / "runs" / "quickstart")
    assert bare(told(*shlex.split(shown["arguments"]))) == bare(shown["output"])


def test_four_commands_lead_from_a_rota_to_the_capacity_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As written, beside the rota that is shown."""
    section = README.split("## Your own desk")[1].split("**Other desks")[0]
    ((name, rota),) = re.findall(r"<!-- file (\S+) -->\n```csv\n(.*?)```", section, re.DOTALL)
    commands = re.findall(r"```sh\n +simsocial ([^\n]+)\n", section)
    assert len(commands) == 4
    (tmp_path / name).write_text(rota, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    printed = [told(*shlex.split(command)) for command in commands]
    assert "agents: 2" in printed[1]
    assert printed[3].startswith("A desk by rota.csv")
    plan = pd.read_csv("plan/capacity_plan.csv")
    assert plan.loc[plan["team"] == "desk", "net_h"].tolist()[0] == pytest.approx(7.5 + 6)
    assert Path("plan/capacity_plan.xlsx").exists()
    assert Path("plan/figures/workload.png").exists()


def test_another_seed_would_be_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: the comparison above fails when the figures are others."""
    monkeypatch.chdir(ROOT)
    shown = SHOWN[0]
    assert printed(f"{shown['arguments']} --seed 2", tmp_path / "run") != bare(shown["output"])


@pytest.mark.parametrize("code", PYTHON.findall(README))
def test_python_works(code: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102  # the README's own code
    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize("config", sorted((ROOT / "configs").glob("*.toml")), ids=lambda config: config.stem)
def test_every_bundled_config_is_named(config: Path) -> None:
    assert f"configs/{config.name}" in README


def test_every_link_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
