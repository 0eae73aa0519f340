"""Speed of the reference engine on the workload M2, beside an idiomatic SimPy model of the same, in one run.

``python -m benchmarks.reference [--hours 500] [--repeats 5] [--json FILE]``: process time, best of the repeats.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

import simsocial as ss
from benchmarks.idiomatic import Desk
from simsocial.draw.messages import draw_messages
from simsocial.draw.roster import compile_roster
from simsocial.engines import ENGINES

CONFIG = Path(__file__).parents[1] / "configs" / "m2.toml"


def timed(work: Callable[[], int]) -> tuple[int, float]:
    """Return the messages of one go, and messages per second of process time."""
    begun = time.process_time()
    messages = work()
    return messages, messages / (time.process_time() - begun)


def rows(hours: float, repeats: int) -> list[dict[str, object]]:
    """Time both, and the engine with its draws, taking turns; return the fastest go of each."""
    scenario = ss.load(CONFIG, overrides=[f'time.horizon="{hours} h"'])
    drawn, roster = draw_messages(scenario, seed=1, replication=0), compile_roster(scenario)
    size = sum(len(stream) for stream in drawn.streams)

    def engine() -> int:
        ENGINES["simpy"](scenario.desk, drawn, roster)
        return size

    def engine_and_draws() -> int:
        ENGINES["simpy"](scenario.desk, draw_messages(scenario, seed=1, replication=0), roster)
        return size

    def idiomatic() -> int:
        return Desk(horizon=hours, seed=1).messages

    goes: dict[str, Callable[[], int]] = {
        "reference engine, draws ready": engine,
        "reference engine, draws included": engine_and_draws,
        "idiomatic SimPy": idiomatic,
    }
    best: dict[str, tuple[int, float]] = {}
    for _ in range(repeats):
        for name, go in goes.items():
            best[name] = max(best.get(name, (0, 0.0)), timed(go), key=lambda result: result[1])
    return [{"engine": name, "messages": n, "messages_per_s": round(speed)} for name, (n, speed) in best.items()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=500.0)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    measured = rows(options.hours, options.repeats)
    for row in measured:
        print(f"{row['engine']:<34} {row['messages']:>8} messages  {row['messages_per_s']:>8} messages/s")
    if options.json:
        options.json.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
