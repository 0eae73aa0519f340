"""The developer's figures, commit by commit, in ``benchmarks/history.csv``."""

from __future__ import annotations

import csv
import datetime as dt
import platform
import subprocess
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from benchmarks.table import Row
from benchmarks.workloads import HERE

FILE: Final = HERE / "history.csv"
LIBRARIES: Final = ("numpy", "simpy", "numba", "ciw")


def append(rows: Sequence[Row]) -> None:
    """Append measured rows, each with the day, the commit and versions."""
    made = {"date": dt.date.today().isoformat(), "commit": commit(), "python": platform.python_version()}
    stamped = [made | {library: _version(library) for library in LIBRARIES} | row for row in rows]
    fresh = not FILE.exists()
    with FILE.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(stamped[0]), lineterminator="\n")
        if fresh:
            writer.writeheader()
        writer.writerows(stamped)


def commit() -> str:
    """Return the commit that was measured, with a ``+`` behind it when files differ from it."""
    command = ("git", "describe", "--always", "--exclude=*", "--dirty=+")
    return subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=True).stdout.strip()


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""
