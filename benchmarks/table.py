"""Rows of measurements as a table for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

Row = dict[str, Any]

COLUMNS: Final = (
    "workload", "timed", "engine", "lanes", "hours", "M messages/s", "M visits/s", "peak MB",
    "× SimPy", "× Numba", "× reference",
)  # fmt: skip
PEERS: Final = {"× SimPy": "idiomatic SimPy", "× Numba": "Numba heap"}
"""Whose messages a second, on M2 in the same run, a ratio is to."""


def table(rows: Sequence[Row]) -> str:
    """Return a table in Markdown."""
    names = [row["workload"] for row in rows]
    speeds = {row["engine"]: row["messages_per_s"] for row in rows if row["workload"] == "m2"}
    lines = [COLUMNS, tuple("---:" if column not in COLUMNS[:3] else "---" for column in COLUMNS)]
    ordered = sorted(rows, key=lambda row: (names.index(row["workload"]), _timed(row)))
    lines += [tuple(_cells(row, speeds, _reference(row, rows))) for row in ordered]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _cells(row: Row, speeds: dict[str, float], reference: float | None) -> Iterator[str]:
    yield row["workload"]
    yield _timed(row)
    yield row["engine"]
    yield str(row["lanes"])
    yield f"{row['hours']:.0f}"
    yield f"{row['messages_per_s'] / 1e6:.3g}"
    yield f"{row['visits_per_s'] / 1e6:.3g}" if row["visits"] else ""
    yield f"{row['peak_rss_mb']:.0f}"
    for peer in PEERS.values():
        ours = row["workload"] == "m2" and peer in speeds
        yield _ratio(row["messages_per_s"], speeds[peer]) if ours else ""
    yield _ratio(row["visits_per_s"], reference) if reference else ""


def _timed(row: Row) -> str:
    """Say what the clock saw."""
    if row["tallies"]:
        return "draws to tallies"
    return "draws, run" if row["draws"] else "run, draws ready"


def _reference(row: Row, rows: Sequence[Row]) -> float | None:
    """Return the visits a second of the reference engine on the same, timed alike."""
    same = ("workload", "tallies", "draws")
    alike = (other for other in rows if other["engine"] == "simpy" and all(other[key] == row[key] for key in same))
    return next((other["visits_per_s"] for other in alike if row["engine"] == "numpy"), None)


def _ratio(speed: float, other: float) -> str:
    return f"{speed / other:.2g}" if speed < 100 * other else f"{speed / other:.0f}"
