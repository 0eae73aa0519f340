"""The habits that hold the house together: import contracts, types, style, quick imports, and a README that is true."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOOLS = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    [["lint-imports", "--no-cache"], ["mypy"], ["ruff", "check", "."], ["ruff", "format", "--check", "."]],
    ids=lambda command: " ".join(command),
)
def test_checker_finds_nothing(command: list[str]) -> None:
    done = subprocess.run([TOOLS / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_contracts_notice_an_import_that_goes_up(tmp_path: Path) -> None:
    """Negative control: the same contracts, with one module that imports from a higher floor, must break."""
    package = tmp_path / "simsocial"
    shutil.copytree(ROOT / "simsocial", package)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    broken = package / "model" / "piecewise.py"
    broken.write_text(broken.read_text(encoding="utf-8") + "\nimport simsocial.simulation\n", encoding="utf-8")
    done = subprocess.run(
        [TOOLS / "lint-imports", "--no-cache"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "simsocial.model.piecewise -> simsocial.simulation" in done.stdout


def test_contracts_notice_an_engine_that_knows_the_other(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "simsocial", tmp_path / "simsocial")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    knowing = tmp_path / "simsocial" / "engines" / "lanes" / "keys.py"
    knowing.write_text(
        knowing.read_text(encoding="utf-8") + "\nimport simsocial.engines.reference.people\n", encoding="utf-8"
    )
    done = subprocess.run(
        [TOOLS / "lint-imports", "--no-cache"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "the engines know nothing of each other BROKEN" in done.stdout


DICE = re.compile(r"\b(?:np|numpy)\.random\b|^\s*(?:import|from) random\b", re.MULTILINE)


def test_only_draw_throws_dice() -> None:
    modules = {path.relative_to(ROOT / "simsocial"): path for path in (ROOT / "simsocial").rglob("*.py")}
    throwing = {name.parts[0] for name, path in modules.items() if DICE.search(path.read_text(encoding="utf-8"))}
    assert throwing == {"draw"}
