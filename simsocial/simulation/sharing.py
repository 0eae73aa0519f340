"""Replications shared out over processes: some in every task, each worker with its part of the memory (R114)."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from simsocial.measure.series import series_rows
from simsocial.measure.volume import expected_arrivals
from simsocial.model.scenario import Scenario
from simsocial.simulation.counted import Counted, counted
from simsocial.simulation.execution import in_order
from simsocial.simulation.executors import local
from simsocial.simulation.replication import Replication, at_once, replications

BYTES_PER_CELL: Final = 32
"""Of a replication's series in one interval: where it comes from, as it travels, and where it goes to."""

Each = tuple[Replication | None, Counted]
"""A replication as a whole, if anybody asks for it, and what results keep of it."""


@dataclass(frozen=True)
class Job:
    """What is simulated, whoever does which part of it.

    Parameters
    ----------
    scenario, seed, engine
        As in :func:`simsocial.run`.
    memory
        Bytes that replications simulated at once may take.
    whole
        Whether anybody asks for replications as a whole.
    """

    scenario: Scenario
    seed: int
    engine: str
    memory: float
    whole: bool

    def made(self, numbers: range, *, planned: int, workers: int) -> Generator[Each, None, None]:
        """Yield replications in their order, made in so many processes; ``planned`` will probably be asked for."""
        size = replace(self, memory=self.memory / workers).size_of_task(-(-planned // workers))
        if workers == 1 or size >= len(numbers):
            yield from islice(self.each(numbers.start, planned), len(numbers))
        else:
            yield from self._shared_out(numbers, size, workers)

    def each(self, first: int, planned: int) -> Iterator[Each]:
        """Simulate in this process, from replication ``first`` on, for as long as somebody asks for more."""
        made = replications(
            self.scenario, seed=self.seed, engine=self.engine, first=first, planned=planned, memory=self.memory
        )
        return counted(self.scenario, made)

    def _shared_out(self, numbers: range, size: int, workers: int) -> Iterator[Each]:
        tasks = [numbers[begin : begin + size] for begin in range(0, len(numbers), size)]
        part = replace(self, memory=self.memory / workers)
        executor = local(min(workers, len(tasks)), _begin, (part,))
        for done in in_order(do, tasks, executor=executor, ahead=2 * workers, named=_named):
            yield from done

    def size_of_task(self, share: int) -> int:
        """Return how many replications a task has, when so many are a worker's share."""
        scenario, horizon = self.scenario, self.scenario.horizon
        messages = sum(float(expected_arrivals(each.arrivals, horizon, horizon=horizon)) for each in scenario.streams)
        cells = len(series_rows(scenario)) * -(-horizon // scenario.interval)
        return at_once(self.engine, share, messages=messages, memory=self.memory, besides=BYTES_PER_CELL * cells)


_AT_WORK: list[Job] = []
"""In a worker: what it takes part in."""


def _begin(job: Job) -> None:
    _AT_WORK.append(job)


def do(numbers: range) -> list[Each]:
    """Simulate some replications, in a worker."""
    (job,) = _AT_WORK
    made = islice(job.each(numbers.start, len(numbers)), len(numbers))
    return [(replication if job.whole else None, one) for replication, one in made]


def _named(numbers: range) -> str:
    return f"replications {numbers[0]} to {numbers[-1]}"
