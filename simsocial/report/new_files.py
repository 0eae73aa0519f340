"""Files that appear whole or not at all, and overwrite nothing unless they are told to."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from simsocial.errors import OutputError
from simsocial.report.folder import unwritable


def write_files(contents: Mapping[Path, bytes], *, overwrite: bool = False) -> None:
    """Write files, all of them or none.

    Parameters
    ----------
    contents
        Place → content.
    overwrite
        Whether files that are there give way.

    Raises
    ------
    OutputError
        When something is there, or it cannot be written; nothing is changed then.
    """
    _refuse(contents, overwrite=overwrite)
    marked = f".{secrets.token_hex(4)}.partial"
    partial = {place: place.with_name(f".{place.name}{marked}") for place in contents}
    try:
        for place, content in contents.items():
            with unwritable(place):
                partial[place].write_bytes(content)
        for place, written in partial.items():
            with unwritable(place):
                os.replace(written, place)
    finally:
        for written in partial.values():
            with suppress(OSError):  # it has become the file, or was never made
                written.unlink()


def _refuse(places: Iterable[Path], *, overwrite: bool) -> None:
    folders = [place for place in places if place.is_dir()]
    if folders:
        raise OutputError("\n".join(f"{place}: is a folder; name a file in it" for place in folders))
    there = [place for place in places if os.path.lexists(place)]
    if there and not overwrite:
        instead = "is there already and is not overwritten; name another place, or use --force"
        raise OutputError("\n".join(f"{place}: {instead}" for place in there))
