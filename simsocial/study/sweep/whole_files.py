"""Files of a sweep's folder: each appears whole, and is on the disk before anybody relies on it (R119)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from simsocial.errors import unwritable

PARTIAL: Final = ".partial"
"""Behind the name of a file that is being written."""


@contextmanager
def whole_file(place: Path) -> Iterator[Path]:
    """Yield where to write what becomes ``place``, in place of what is there, when the block ends well.

    Raises
    ------
    OutputError
        When it cannot be written.
    """
    partial = place.with_name(place.name + PARTIAL)
    try:
        yield partial
        with unwritable(place):
            _keep(partial)
            os.replace(partial, place)
            _keep(place.parent)
    finally:
        with suppress(OSError):  # it has become the file, or was never made
            partial.unlink()


def write_whole(place: Path, content: bytes) -> None:
    """Write a file that appears whole; see :func:`whole_file`."""
    with whole_file(place) as partial, unwritable(place):
        partial.write_bytes(content)


def _keep(place: Path) -> None:
    """Have the system put a file, or the names in a folder, on the disk."""
    if place.is_dir() and os.name == "nt":
        return  # where folders cannot be opened
    handle = os.open(place, os.O_RDONLY if place.is_dir() else os.O_RDWR)  # some systems keep what may be written
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
