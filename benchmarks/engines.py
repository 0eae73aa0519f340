"""Speed and memory of the engines and their peers: ``python -m benchmarks.engines [--quick] [--json FILE]``.

Every measurement is a process of its own; all take turns ``--repeats`` times and the fastest go counts. Seconds are
process time. ``--table FILE`` prints the table of earlier figures, ``--check`` whether the peers are right.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path

from benchmarks.history import append
from benchmarks.measurement import Measurement
from benchmarks.peers import PEERS
from benchmarks.table import Row, table
from benchmarks.workloads import SCENARIOS, WORKLOADS

QUICK = ("m2", "three_teams", "overload")


def planned(options: argparse.Namespace) -> Iterator[Measurement]:
    """Yield what to measure, peers of M2 last."""
    for name in options.workload:
        most = WORKLOADS[name].most_lanes
        for tallies in (False, True):
            for lanes in sorted({min(lanes, most) for lanes in options.lanes}):
                yield Measurement(name, "numpy", lanes, tallies, options.messages)
            yield Measurement(name, "simpy", SCENARIOS, tallies, options.messages / 100)
    if "m2" in options.workload:
        yield from _peers(options.messages)


def _peers(messages: float) -> Iterator[Measurement]:
    for name, (library, _, part) in PEERS.items():
        if find_spec(library):
            yield Measurement("m2", name, 1, False, messages / part)
        else:
            print(f"{name} is left out: {library} is not installed (pip install 'simsocial[bench]')", file=sys.stderr)


def measured(plan: Sequence[Measurement], repeats: int) -> list[Row]:
    """Measure all in turn, repeatedly; return the fastest row of each."""
    best: dict[Measurement, Row] = {}
    for _ in range(repeats):
        for measurement in plan:
            row = _apart(measurement)
            if measurement not in best or row["seconds"] < best[measurement]["seconds"]:
                best[measurement] = row
    return list(best.values())


def _apart(measurement: Measurement) -> Row:
    """Measure in a process of its own."""
    command = (sys.executable, "-m", "benchmarks.measurement", json.dumps(asdict(measurement)))
    row: Row = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
    print(*(f"{name} {value}" for name, value in row.items()), sep=", ", file=sys.stderr)
    return row


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engines", description=__doc__)
    parser.add_argument("--workload", action="append", choices=WORKLOADS, help="default: all")
    parser.add_argument("--lanes", type=lambda text: [int(each) for each in text.split(",")], help="256,1024,4096")
    parser.add_argument("--messages", type=float, help="of all lanes of numpy together, roughly (8e6)")
    parser.add_argument("--repeats", type=int, help="goes, of which the fastest counts (2)")
    parser.add_argument("--quick", action="store_true", help="about a minute: few workloads, lanes, messages, one go")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write the rows")
    parser.add_argument("--history", action="store_true", help="append the rows to benchmarks/history.csv")
    parser.add_argument("--table", type=Path, metavar="FILE", help="only print the table of rows written earlier")
    parser.add_argument("--check", action="store_true", help="only check that the peers simulate M2")
    options = parser.parse_args()
    options.workload = options.workload or list(QUICK if options.quick else WORKLOADS)
    options.lanes = options.lanes or ([512] if options.quick else [256, 1024, 4096])
    options.messages = options.messages or (1e6 if options.quick else 8e6)
    options.repeats = options.repeats or (1 if options.quick else 2)
    return options


def main() -> None:
    options = _options()
    if options.table:
        print(table(json.loads(options.table.read_text(encoding="utf-8"))), end="")
        return
    if options.check:
        from benchmarks.check import failures

        sys.exit("\n".join(failures()) or 0)
    rows = measured(list(planned(options)), options.repeats)
    print(table(rows), end="")
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    if options.history:
        append(rows)


if __name__ == "__main__":
    main()
