"""A small experiment to sweep, and a driver in a process of its own that can be killed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from simsocial.model.scenario import Scenario
from simsocial.study.provenance import cpu_features, versions
from simsocial.study.sweep.folder import SweepProvenance

ROOT = Path(__file__).parents[1]
TABLES = ("design.parquet", "results.parquet", "replications.parquet")

CONFIG = """
name = "small desk"
[time]
start = 2026-01-05
horizon = "3 days"
interval = "4 h"
[calendars.office]
hours = "Mon-Fri 09:00-17:00"
[streams.mentions]
route = ["answer", "check"]
arrivals = { rate = "40 / day", profile = "flat" }
promises.first_response = { within = "4 h", share = 0.8, clock = "office" }
steps.answer.work = "10 min"
steps.check = { work = "2 min", when = "before publication", reject = 0.2, returns_to = "answer" }
[teams.desk]
headcount = 1
serves = ["mentions.answer"]
absence = 0.1
shifts.day.hours = "Mon-Fri 09:00-17:00"
[teams.checkers]
headcount = 1
serves = ["mentions.check"]
shifts.day.hours = "Mon-Fri 09:00-17:00"
"""

SMALL_CHUNKS = """
from simsocial.study.sweep import planning
planning.LANES_AT_FIRST, planning.FEWEST_LANES, planning.SECONDS = 6, 6, 0.05
"""
"""Makes chunks of few lanes, so that a sweep of a second has many."""
DRIVER = f"""
import sys
{SMALL_CHUNKS}
import simsocial
if __name__ == "__main__":
    def watch(now):
        print(now.chunks, flush=True)
    more = {{name: int(value) if value.isdigit() else value for name, value in (e.split("=") for e in sys.argv[3:])}}
    simsocial.sweep(sys.argv[1], out=sys.argv[2], progress=watch, **more)
"""


def experiment(folder: Path, *, factors: Mapping[str, str], replications: int | str = 4, more: str = "") -> Path:
    """Write an experiment on the small desk."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "desk.toml").write_text(CONFIG, encoding="utf-8")
    lines = ['question = "How many people?"', 'base = "desk.toml"', f"replications = {replications}", more, "[factors]"]
    lines += [f'"{path}" = {values}' for path, values in factors.items()]
    file = folder / "experiment.toml"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def tables(folder: Path) -> list[bytes]:
    """Return the bytes of the tables of a sweep."""
    return [(folder / name).read_bytes() for name in TABLES]


def driver(file: Path, out: Path, *options: str) -> subprocess.Popen[str]:
    """Start a sweep in a process of its own, which says how many chunks it has written."""
    script = out.with_name(f"{out.name}.driver.py")
    script.write_text(DRIVER, encoding="utf-8")
    words: Sequence[str] = [sys.executable, str(script), str(file), str(out), *options]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment())


def environment() -> dict[str, str]:
    """Return the environment in which other processes find the project."""

    return {**os.environ, "PYTHONPATH": str(ROOT)}


def provenance_of(base: Scenario, *, replications: int, seed: int | None = None) -> SweepProvenance:
    """Return the provenance of a sweep around a config, for tables that a test writes itself."""
    assert base.origin is not None
    return SweepProvenance(
        sweep={
            "base": base.origin.config,
            "engine": "numpy",
            "seed": base.run.seed if seed is None else seed,
            "versions": versions(),
            "cpu_features": cpu_features(),
        },
        base=str(Path(base.origin.base).resolve()),
        base_config="",
        base_digest="",
        files=base.origin.files,
        question="",
        factors={},
        design="grid",
        points=4,
        replications=replications,
        mixed=False,
        workers=1,
        started="2026-01-05T09:00:00",
        finished="2026-01-05T09:01:00",
    )
