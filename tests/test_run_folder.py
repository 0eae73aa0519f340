"""Run folders: whole or not at all, the same bytes for the same run, and everything in them that a re-run needs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from simsocial.errors import OutputError
from simsocial.report.folder import new_folder


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
