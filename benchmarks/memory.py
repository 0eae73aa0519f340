"""Memory of a year at 1 000 messages a day: peak of one replication of the command line, with and without its log.

``python -m benchmarks.memory [--config FILE] [--set PATH=VALUE …]``: the largest resident set of each run.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

CONFIG = Path(__file__).parents[1] / "configs" / "quickstart.toml"
YEAR = (
    'time.horizon="52 weeks"',
    'streams.mentions.arrivals.rate="1000 / day"',
    'streams.mentions.arrivals.growth="0 % / month"',
    "teams.desk.headcount=48",
    "teams.principals.headcount=4",
)
"""What makes a year of the quickstart's desk at 1 000 messages a day."""


def peak(arguments: Sequence[str]) -> float:
    """Return the largest resident set, in MB, of ``simsocial`` with the arguments; it must succeed."""
    process = subprocess.Popen([sys.executable, "-m", "simsocial", *arguments], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"simsocial {' '.join(arguments)}: failed")
    return usage.ru_maxrss / 1024  # Linux counts KiB


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, default=CONFIG)
    parser.add_argument("--set", dest="overrides", action="append", help="instead of the year's own")
    options = parser.parse_args()
    changes = [part for override in options.overrides or YEAR for part in ("--set", override)]
    with tempfile.TemporaryDirectory() as folder:
        for name, more in {"without log": [], "with --log": ["--log"]}.items():
            out = Path(folder, name)
            run = ["run", str(options.config), "--replications", "1", "--out", str(out), *changes, *more]
            print(f"{name:<12} {peak(run):6.0f} MiB")


if __name__ == "__main__":
    main()
