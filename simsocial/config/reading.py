"""Reads a TOML file into its tables and the lines of its keys, or says in one fault why it cannot be read."""

from __future__ import annotations

import codecs
import re
import tomllib
from pathlib import Path
from typing import Any, Final, NoReturn

from simsocial.config.locating import dotted
from simsocial.config.suggestions import nearest
from simsocial.config.toml_lines import key_lines
from simsocial.errors import Fault, InputError

_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How files of spreadsheets begin: .xlsx and .ods, .xls."""
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_document(path: Path) -> tuple[dict[str, Any], dict[str, int]]:
    """Read a TOML file.

    Returns
    -------
    document, lines
        Its tables, and dotted path → line of every key.

    Raises
    ------
    InputError
        With one fault: no such file, not readable, not UTF-8, not TOML.
    """
    text = read_text_file(path)
    try:
        document = tomllib.loads(text)
        lines = key_lines(text)
    except RecursionError:
        raise InputError(Fault("nested too deeply", file=path)) from None
    except ValueError as error:  # tomllib's own, and Python's for numbers of thousands of digits
        _not_toml(path, text, str(error))
    return document, {dotted(place): line for place, line in lines.items()}


def read_text_file(path: Path, *, save: str = "save it in that encoding") -> str:
    """Return the text of a file in UTF-8, or raise `InputError` with the reason why not, and how to ``save`` it."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError(Fault(f"there is no such file{_alike(path)}", file=path)) from None
    except IsADirectoryError:
        raise InputError(Fault("is a folder; name a file in it", file=path)) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(Fault(f"cannot be read: {reason.lower()}", file=path)) from None
    if data.startswith(_WORKBOOKS):
        raise InputError(Fault("is a workbook, not text; export its sheet as CSV UTF-8", file=path))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = "is text in UTF-16" if data.startswith(_UTF_16) else "is not text in UTF-8"
        raise InputError(Fault(f"{what}; {save}", file=path, line=line)) from None


def _alike(path: Path) -> str:
    if not path.parent.is_dir():
        return f"; there is no folder {path.parent} either"
    others = (other for other in path.parent.iterdir() if other.suffix == path.suffix and _of_the_kind(other))
    found = nearest(path.stem, (other.stem for other in others), cutoff=0.7)
    return f"; did you mean '{found}{path.suffix}'?" if found else ""


def _of_the_kind(file: Path) -> bool:
    """Return whether a file may have been meant: of TOML files, those that look like a config."""
    return file.is_file() and (file.suffix != ".toml" or b"streams" in file.read_bytes())


def _not_toml(path: Path, text: str, message: str) -> NoReturn:
    found = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", message)
    reason = message[: found.start()] if found else message
    line = int(found[1]) if found and found[1] else text.count("\n") + 1 if found else None
    where = f" at column {found[2]}" if found and found[2] else ""
    raise InputError(Fault(f"is not valid TOML: {reason[:1].lower()}{reason[1:]}{where}", file=path, line=line))
