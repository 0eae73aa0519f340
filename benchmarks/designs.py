"""``python -m benchmarks.designs``: 100,000 points designed, judged and listed; seconds and peak memory.

Seconds are process time; with `--workers` above 1 they are by the clock, and memory is that of the largest process.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.workloads import CONFIGS

QUICKSTART = """
"teams.desk.headcount" = {{ low = 1, high = 10, whole = true{few} }}
"teams.principals.headcount" = {{ low = 1, high = 10, whole = true{few} }}
"streams.mentions.arrivals.growth" = {{ low = 0, high = 9, unit = "% / month"{few} }}
"streams.mentions.steps.respond.work.mean" = {{ low = 6, high = 15, unit = "min"{few} }}
"streams.mentions.steps.review.share" = {{ low = 0.05, high = 0.5{few} }}
"""
BROKER = """
"teams.principals.headcount" = {{ low = 3, high = 12, whole = true{few} }}
"streams.posts.steps.review.reject" = {{ low = 0.1, high = 0.5{few} }}
"streams.posts.steps.review.work.mean" = {{ low = 5, high = 15, unit = "min"{few} }}
"teams.principals.pace" = {{ low = 0.8, high = 1.2{few} }}
"adoption.advisers.midpoint" = {{ low = 10, high = 50, unit = "weeks"{few} }}
"""
FACTORS = {"quickstart": QUICKSTART, "broker_review": BROKER}


def experiment(config: str, kind: str, levels: int) -> str:
    """Return an experiment file with so many points as the levels of five factors make, or nearly so many drawn."""
    points = {
        "grid": "",
        "latin_hypercube": f"points = {levels**5}",
        "sobol": f"points = {1 << (levels**5).bit_length() - 1}",
    }
    factors = FACTORS[config].format(few=f", steps = {levels}" if kind == "grid" else "")
    head = f'question = "How quick?"\nbase = {json.dumps(str(CONFIGS / f"{config}.toml"))}\nreplications = 10\n'
    return f'{head}[design]\nkind = "{kind}"\n{points[kind]}\n[factors]{factors}'


def measure(config: str, kind: str, levels: int, workers: int) -> dict[str, object]:
    """Return what the points take in this process, and those that judge for it."""
    import simsocial
    from simsocial.report.as_json import json_text
    from simsocial.report.listing_report import listing_document

    clock = time.process_time if workers == 1 else time.monotonic
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "experiment.toml")
        file.write_text(experiment(config, kind, levels), encoding="utf-8")
        begun = clock()
        asked = simsocial.load_experiment(file)
        designed = clock()
        listing = simsocial.list_points(asked, workers=workers)
        judged = clock()
        json_text(listing_document(listing))
        listed = clock()
    peak = max(resource.getrusage(whose).ru_maxrss for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    seconds = {"designed": designed - begun, "judged": judged - designed, "listed": listed - judged}
    told = {name: round(each, 1) for name, each in seconds.items()}
    return {"config": config, "kind": kind, "workers": workers, "points": len(asked.points), **told,
            "seconds": round(listed - begun, 1), "peak_mb": round(peak / 1024)}  # fmt: skip


def main() -> None:
    """Measure each in a process of its own."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--levels", type=int, default=10, help="of each of five factors")
    options.add_argument("--config", choices=FACTORS, action="append")
    options.add_argument("--kind", choices=("grid", "latin_hypercube", "sobol"), action="append")
    options.add_argument("--workers", type=int, default=1, help="processes that judge")
    options.add_argument("--here", action="store_true", help="in this process, which measures one")
    asked = options.parse_args()
    for config in asked.config or FACTORS:
        for kind in asked.kind or ("grid", "latin_hypercube"):
            if asked.here:
                print(json.dumps(measure(config, kind, asked.levels, asked.workers)))
                continue
            command = [sys.executable, "-m", "benchmarks.designs", "--here", "--config", config, "--kind", kind]
            subprocess.run([*command, "--levels", str(asked.levels), "--workers", str(asked.workers)], check=True)


if __name__ == "__main__":
    main()
