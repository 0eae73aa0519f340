"""What can go wrong at the door: faults in what users gave, each a sentence that says where, what, and what instead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Fault:
    """One thing wrong with the input.

    Parameters
    ----------
    message
        What is wrong; what would be right (got value). Lower case, one line.
    path
        Dotted path of the value (``teams.desk.headcount``), empty when the whole file is meant.
    file
        The file at fault, ``None`` when the value came from the command line or from code.
    line
        Line of the file, counted from 1.
    """

    message: str
    path: str = ""
    file: Path | str | None = None
    line: int | None = None

    def __str__(self) -> str:
        where = "" if self.file is None else str(self.file)
        if where and self.line is not None:
            where += f":{self.line}"
        return ": ".join(part for part in (where, self.path, self.message) if part)


class SimsocialError(Exception):
    """Base of every error that simsocial raises on purpose."""


class InputError(SimsocialError):
    """The input is wrong; carries every fault found, so that all can be mended at once."""

    def __init__(self, faults: Sequence[Fault] | Fault | str) -> None:
        if isinstance(faults, str):
            faults = Fault(faults)
        self.faults: tuple[Fault, ...] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class OutputError(SimsocialError):
    """Results cannot be written where they should go; nothing was written."""


@contextmanager
def unwritable(place: Path | str) -> Iterator[None]:
    """Turn what the system says when ``place`` cannot be written into an :class:`OutputError`."""
    try:
        yield
    except OSError as error:
        file = isinstance(error, FileExistsError) and Path(place).is_file()
        told = "it is a file, and a folder is wanted; name a new one" if file else error.strerror or error
        raise OutputError(f"{place}: cannot be written: {told}") from error
