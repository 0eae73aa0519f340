"""The example of docs/files.md works as it stands, and check prints what is shown there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from simsocial.cli import app

TEXT = (Path(__file__).parents[1] / "docs" / "files.md").read_text(encoding="utf-8")
FILES = re.findall(r"<!-- file (\S+) -->\n```\w+\n(.*?)```", TEXT, re.DOTALL)
SHOWN = re.findall(r"<!-- simsocial ([^\n]+) -->\n```text\n(.*?)```", TEXT, re.DOTALL)
COMMANDS = re.findall(r"```sh\nsimsocial ([^\n]+)\n```", TEXT)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES:
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def printed(command: str) -> str:
    done = CliRunner().invoke(app, shlex.split(command), env={"COLUMNS": "80"})
    assert done.exit_code == 0, done.output
    return "\n".join(line.rstrip() for line in done.stdout.splitlines())


def test_check_prints_what_is_shown(here: Path) -> None:
    assert len(FILES) == 7
    assert SHOWN
    for command, output in SHOWN:
        assert output.strip() in printed(command)


def test_another_rota_would_be_noticed(here: Path) -> None:
    """Negative control of the comparison above."""
    (here / "rota.csv").write_text(dict(FILES)["rota.csv"] + "Joe;06.01.2026 06:00;06.01.2026 14:00;on duty;desk\n")
    command, output = SHOWN[0]
    assert output.strip() not in printed(command)


def test_the_command_runs(here: Path) -> None:
    (command,) = COMMANDS
    assert "written to out" in printed(f"{command} --set run.replications=2 --out out")
    assert (here / "out" / "summary.csv").exists()
