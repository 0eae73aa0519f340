"""The project's own engines at work: alone, and from the draws to the tallies."""

from __future__ import annotations

import resource
import time
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.workloads import SCENARIOS, Workload
from simsocial.draw.messages import draw_messages
from simsocial.draw.roster import compile_roster
from simsocial.engines import ENGINES
from simsocial.engines.lanes import Lane, simulate_lanes
from simsocial.engines.lanes.batch import Batch
from simsocial.engines.lanes.kernel import Kernel
from simsocial.measure.tally import buckets, tally_several
from simsocial.model.log import Logs
from simsocial.model.messages import Messages
from simsocial.model.scenario import Scenario


@dataclass(frozen=True)
class Went:
    """What was simulated, in how many seconds of process time, with how much memory at the peak.

    Parameters
    ----------
    hours
        Of simulated time, of each lane.
    messages, visits
        Of all lanes; peers do not count visits.
    seconds, peak_rss_mb
        Of the run; of the process.
    """

    hours: float
    messages: int
    visits: int | None
    seconds: float
    peak_rss_mb: float


def peak_rss_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def kernel_alone(workload: Workload, *, lanes: int, hours: int) -> Went:
    """Time the loop of the lanes engine; draws and records are ready."""
    batch = _batch(list(workload.scenarios(hours)), lanes)
    kernel = Kernel(Batch(batch))
    begun = time.process_time()
    written = kernel.run()
    seconds, peak = time.process_time() - begun, peak_rss_mb()
    visits = sum(len(happened.lane) for happened in written.by_lane())
    return Went(hours, _messages(batch), visits, seconds, peak)


def reference_alone(workload: Workload, *, lanes: int, hours: int) -> Went:
    """Time the reference engine; draws are ready."""
    batch = _batch(list(workload.scenarios(hours)), lanes)
    begun = time.process_time()
    visits = sum(len(ENGINES["simpy"](lane.desk, lane.messages, lane.roster).visits) for lane in batch)
    return Went(hours, _messages(batch), visits, time.process_time() - begun, peak_rss_mb())


def whole(workload: Workload, *, engine: str, lanes: int, hours: int) -> Went:
    """Time an engine with draws, shared by the scenarios, rosters, logs and tallies."""
    scenarios = list(workload.scenarios(hours))
    begun = time.process_time()
    batch, visits, done = _batch(scenarios, lanes), 0, 0
    firsts = range(0, lanes, -(-lanes // SCENARIOS))
    counted_in = [buckets(scenario) for scenario in scenarios]
    for logs in _logs(engine, batch, firsts):
        mine, number = batch[done : done + len(logs)], bisect_right(firsts, done) - 1
        messages, rosters = [lane.messages for lane in mine], [lane.roster for lane in mine]
        tally_several(scenarios[number], messages, rosters, logs, counted_in[number])
        visits, done = visits + len(logs.visits), done + len(logs)
    return Went(hours, _messages(batch), visits, time.process_time() - begun, peak_rss_mb())


def _batch(scenarios: Sequence[Scenario], lanes: int) -> list[Lane]:
    """Draw so many lanes: all scenarios, one after the other, in as many replications as that takes."""
    rosters = [compile_roster(scenario) for scenario in scenarios]
    drawn = [_drawn(scenarios[0], number) for number in range(-(-lanes // SCENARIOS))]
    return [Lane(scenarios[0].desk, messages, roster) for roster in rosters for messages in drawn][:lanes]


def _drawn(scenario: Scenario, replication: int) -> Messages:
    return draw_messages(scenario, seed=1, replication=replication)


def _logs(engine: str, batch: Sequence[Lane], firsts: Sequence[int]) -> Iterator[Logs]:
    if engine == "numpy":
        return simulate_lanes(batch, apart=firsts)
    return (Logs.of(ENGINES[engine](lane.desk, lane.messages, lane.roster)) for lane in batch)


def _messages(batch: Sequence[Lane]) -> int:
    return sum(len(stream) for lane in batch for stream in lane.messages.streams)
