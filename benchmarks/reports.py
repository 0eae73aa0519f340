"""Time of what a run writes: tables, capacity plan and figures of 52 weeks.

``python -m benchmarks.reports [--config NAME] [--weeks N]``: seconds of process time, libraries loaded on the way.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import simsocial as ss

CONFIGS = Path(__file__).parents[1] / "configs"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", default="quickstart")
    parser.add_argument("--weeks", type=int, default=52)
    options = parser.parse_args()
    changes = [f"time.horizon='{options.weeks} weeks'"]
    results = ss.run(ss.load(CONFIGS / f"{options.config}.toml", overrides=changes))
    with tempfile.TemporaryDirectory() as folder:
        for figures in (False, True):
            begun = time.process_time()
            ss.write(results, Path(folder) / str(figures), figures=figures)
            what = "tables and figures" if figures else "tables"
            print(f"{what} of {options.weeks} weeks in {time.process_time() - begun:.1f} s")


if __name__ == "__main__":
    main()
