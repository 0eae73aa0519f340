"""A folder that appears whole or not at all (R63)."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from simsocial.errors import OutputError
from simsocial.errors import unwritable as unwritable


@contextmanager
def new_folder(out: Path | str) -> Iterator[Path]:
    """Yield an empty folder that becomes ``out`` when the block ends, and vanishes when it is left in any other way.

    Parameters
    ----------
    out
        A place where nothing is yet. Folders above it are made as needed, and unmade with it.

    Raises
    ------
    OutputError
        Before the block, when something is there or nothing can be written there.
    """
    place = Path(out).absolute()
    if place.exists() or place.is_symlink():
        raise OutputError(f"{out}: is there already and is not overwritten; choose another place, or remove it")
    missing = [folder for folder in place.parents if not folder.exists()]
    partial = place.with_name(f".{place.name}.{secrets.token_hex(4)}.partial")
    try:
        with unwritable(out):
            partial.mkdir(parents=True)
        yield partial
        with unwritable(out):
            os.replace(partial, place)
    except BaseException:  # also Ctrl-C: half a folder must not stay
        shutil.rmtree(partial, ignore_errors=True)
        for folder in missing:
            with suppress(OSError):  # somebody else has put something into it meanwhile
                folder.rmdir()
        raise
