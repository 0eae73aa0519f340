"""Sweeps: how fast against the engine's own benchmark, how much faster with two workers, and how much memory they take.

``python -m benchmarks.sweeps [--part speed|workers|memory …]``: every sweep runs in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import tomli_w

from benchmarks.measurement import Measurement
from benchmarks.workloads import HERE, WORKLOADS, Workload

DAY_SHIFTS: Final = [f"09:00-{hour}:{minute:02}" for hour in (13, 14, 15, 16) for minute in (0, 15, 30, 45)]
STAFFINGS: Final[Mapping[str, Sequence[object]]] = {
    "m2": range(13, 29),
    "quickstart": DAY_SHIFTS,
    "three_teams": range(8, 24),
}
"""Points of each workload: as those of the engine's benchmark, but all different, and twice as many."""
LANES: Final = 1024
"""Of the engine's benchmark, eight of which share their draws."""
MESSAGES: Final = 3e6
SMALL: Final = {"time.horizon": "1 week", "streams.mentions.arrivals.rate": "100 / day"}


@dataclass(frozen=True)
class Took:
    """What a sweep took: seconds by the clock and of processors, bytes at the peak of its largest process."""

    wall: float
    processor: float
    peak: float
    messages: int


def swept(experiment: Mapping[str, Any], *, workers: int = 1, memory: str = "4 GB") -> Took:
    """Sweep an experiment, given as tables, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "experiment.toml")
        file.write_text(tomli_w.dumps(experiment), encoding="utf-8")
        words = [sys.executable, "-m", "benchmarks.sweeps", "--one", str(file), str(workers), memory]
        return Took(**json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout))


def _one(file: Path, workers: int, memory: str) -> Took:
    import simsocial

    begun = time.perf_counter()
    made = simsocial.sweep(file, out=file.parent / "out", workers=workers, memory=memory)
    wall = time.perf_counter() - begun
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    processor = sum(usage.ru_utime + usage.ru_stime for usage in usages)
    return Took(wall, processor, 1024.0 * max(usage.ru_maxrss for usage in usages), made.progress.messages)


def of_workload(name: str, *, lanes: int, measures: Sequence[str] = ("*",)) -> tuple[dict[str, Any], int]:
    """Return the experiment of a workload with so many lanes, and its hours."""
    workload: Workload = WORKLOADS[name]
    hours = workload.hours(lanes=lanes, messages=MESSAGES)
    tables = {
        "question": "How fast?",
        "base": str(workload.config),
        "seed": 1,
        "replications": lanes // 8,
        "measures": list(measures),
        "fixed": {"time.horizon": f"{hours} h", **workload.changes},
        "factors": {workload.staffing: list(STAFFINGS[name])},
    }
    return tables, hours


def speed() -> Iterator[str]:
    """Compare the messages in a second of a core with those of the engine's own benchmark, draws to tallies."""
    for name in STAFFINGS:
        tables, hours = of_workload(name, lanes=LANES)
        took = swept(tables)
        engine = json.loads(_engine(name))
        mine, its = took.messages / took.processor, float(engine["messages_per_s"])
        told = f"{name:<12} {hours:>5} h: sweep {mine / 1e6:.2f} M messages/s, engine {its / 1e6:.2f} M"
        yield f"{told}, ratio {mine / its:.2f}"


def _engine(name: str) -> str:
    from dataclasses import asdict

    measurement = Measurement(workload=name, engine="numpy", lanes=LANES, tallies=True, messages=MESSAGES)
    words = [sys.executable, "-m", "benchmarks.measurement", json.dumps(asdict(measurement))]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def workers() -> Iterator[str]:
    """Compare two workers with one, by the clock and by what processors spend."""
    tables = small(points=240, replications=50)
    one, two = (swept(tables, workers=number) for number in (1, 2))
    yield f"1 worker  {one.wall:6.1f} s, processors {one.processor:6.1f} s"
    yield f"2 workers {two.wall:6.1f} s, processors {two.processor:6.1f} s"
    yield f"{one.wall / two.wall:.2f} times as fast, with {two.processor / one.processor:.2f} times the processor time"


def small(*, points: int, replications: int) -> dict[str, Any]:
    """Return an experiment of small points: one week of the quickstart's desk at 100 messages a day."""
    hours = [round(1 + 9 * number / points, 4) for number in range(points)]
    return {
        "question": "How much memory?",
        "base": str(HERE.parent / "configs" / "quickstart.toml"),
        "replications": replications,
        "measures": ["mentions.*"],
        "fixed": SMALL,
        "factors": {"streams.mentions.steps.respond.work.mean": [f"{each} min" for each in hours]},
    }


def memory() -> Iterator[str]:
    """Tell the peak of memory by the number of points, and by the budget."""
    for points in (400, 800, 1600):
        took = swept(small(points=points, replications=8), memory="500 MB")
        yield f"{points:>6} points of 8 replications, 500 MB allowed: peak {took.peak / 1e6:.0f} MB"
    for allowed in ("300 MB", "600 MB", "1.2 GB"):
        tables, _ = of_workload("quickstart", lanes=256)
        took = swept(tables, memory=allowed)
        yield f"256 lanes of the quickstart, {allowed} allowed: peak {took.peak / 1e6:.0f} MB"


PARTS: Final = {"speed": speed, "workers": workers, "memory": memory}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", action="append", choices=PARTS)
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        file, many, allowed = options.one
        print(json.dumps(vars(_one(Path(file), int(many), allowed))))
        return
    for part in options.part or PARTS:
        for line in PARTS[part]():
            print(line, flush=True)


if __name__ == "__main__":
    main()
