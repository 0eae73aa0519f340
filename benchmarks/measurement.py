"""One measurement; ``python -m benchmarks.measurement`` makes it in a process, for a peak of memory of its own."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from benchmarks.workloads import WORKLOADS

if TYPE_CHECKING:
    from benchmarks.engine_runs import Went


@dataclass(frozen=True)
class Measurement:
    """What to measure.

    Parameters
    ----------
    workload, engine
        Names; an engine of the project or a peer.
    lanes
        Simulated together by ``numpy``, one after the other by all others.
    tallies
        Whether draws, logs and tallies are made and timed too. Peers have no tallies.
    messages
        In all lanes together, roughly.
    """

    workload: str
    engine: str
    lanes: int
    tallies: bool
    messages: float

    def row(self) -> dict[str, object]:
        """Measure; return a row of the table."""
        from benchmarks.peers import DRAWS_AS_IT_GOES, PEERS

        if self.engine in PEERS:
            went = PEERS[self.engine][1](self.messages)
            draws = self.engine in DRAWS_AS_IT_GOES
        else:
            went, draws = self._engine(), self.tallies
        row: dict[str, object] = {
            "workload": self.workload,
            "engine": self.engine,
            "lanes": self.lanes,
            "tallies": self.tallies,
            "draws": draws,
        }
        counted = {"messages_per_s": went.messages, "visits_per_s": went.visits}
        return row | asdict(went) | {name: number and round(number / went.seconds) for name, number in counted.items()}

    def _engine(self) -> Went:
        from benchmarks.engine_runs import kernel_alone, reference_alone, whole

        workload = WORKLOADS[self.workload]
        hours = workload.hours(lanes=self.lanes, messages=self.messages)
        if self.tallies:
            return whole(workload, engine=self.engine, lanes=self.lanes, hours=hours)
        alone = kernel_alone if self.engine == "numpy" else reference_alone
        return alone(workload, lanes=self.lanes, hours=hours)


def main() -> None:
    print(json.dumps(Measurement(**json.loads(sys.argv[1])).row()))


if __name__ == "__main__":
    main()
