"""A crew: processes that run points, share out points × replications, and stay for all calls of a study (R114)."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from simsocial.engines import QUICKEST
from simsocial.measure.of_runs import rows_of_run
from simsocial.model.scenario import Scenario
from simsocial.simulation.execution import in_order
from simsocial.simulation.executors import Opens, here, kept_open, local
from simsocial.simulation.numbers import refuse_senseless, refuse_unnumbered
from simsocial.simulation.points import PointResults, run_points

Floats = npt.NDArray[np.float64]
Watch = Callable[[str, int, int], None]
"""Called with what is run, and how many of its replications are done and planned."""

MOST_LANES: Final = 1024
"""Of a task, so that somebody who watches sees how far it is."""


class Part(NamedTuple):
    """What some replications of a scenario measured: numerators and denominators, and the messages that came."""

    numerators: Floats
    denominators: Floats
    messages: int


class Task(NamedTuple):
    """Some replications of some scenarios; ``memory`` is what may be taken by what is simulated at once."""

    scenarios: Sequence[Scenario]
    replications: range
    seed: int | None
    engine: str
    memory: float


@dataclass(frozen=True)
class Crew:
    """Who runs points.

    Parameters
    ----------
    workers
        How many processes.
    memory
        Bytes that may be taken by what all of them simulate at once.
    opens
        Opens their executor.
    """

    workers: int
    memory: float
    opens: Opens

    def run_points(
        self,
        scenarios: Sequence[Scenario],
        *,
        replications: int,
        first: int = 0,
        seed: int | None = None,
        engine: str | None = None,
        finished: Callable[[int], None] | None = None,
    ) -> Iterator[PointResults]:
        """Run points as :func:`~simsocial.simulation.points.run_points` does, with the same results.

        ``finished`` is called now and then with the number of replications that have been simulated since.
        """
        refuse_senseless(("replications", replications, 1), ("seed", seed, 0), ("first", first, 0))
        refuse_unnumbered("first", first, replications)
        numbers, engine = range(first, first + replications), QUICKEST if engine is None else engine
        found: list[list[Part]] = [[] for _ in scenarios]
        cut = list(_cut(len(scenarios), numbers, self.workers))
        tasks = [Task(scenarios[some], part, seed, engine, self.memory / self.workers) for some, part in cut]
        done = in_order(do, tasks, executor=self.opens, ahead=2 * self.workers - 1, named=_named)
        for (some, part), parts in zip(cut, done, strict=True):
            for held, one in zip(found[some], parts, strict=True):
                held.append(one)
            if finished is not None:
                finished(len(part) * len(parts))
        for scenario, held in zip(scenarios, found, strict=True):
            above, below = (np.vstack([getattr(one, name) for one in held]) for name in Part._fields[:2])
            own = scenario.run.seed if seed is None else seed
            messages = sum(one.messages for one in held)
            yield PointResults(scenario, own, first, rows_of_run(scenario), above, below, messages)


@contextmanager
def crew(workers: int, *, memory: float) -> Iterator[Crew]:
    """Yield a crew of so many workers, which begin with its first task and end with the block.

    With more than one they are spawned, so that a script must guard its own work with
    ``if __name__ == "__main__":``.

    Raises
    ------
    InputError
        When there is no worker.
    """
    refuse_senseless(("workers", workers, 1))
    with kept_open(here() if workers == 1 else local(workers)) as opens:
        yield Crew(workers, memory, opens)


def counting(watch: Watch | None, what: str, planned: int) -> Callable[[int], None]:
    """Return what is called with replications as they are simulated, and tells ``watch`` how many there are."""
    done = 0

    def finished(more: int) -> None:
        nonlocal done
        done += more
        if watch is not None:
            watch(what, done, planned)

    finished(0)
    return finished


def do(task: Task) -> list[Part]:
    """Do a task; a worker imports this."""
    scenarios, numbers, seed, engine, memory = task
    made = run_points(
        scenarios, replications=len(numbers), first=numbers.start, seed=seed, engine=engine, memory=memory
    )
    return [Part(each.numerators, each.denominators, each.messages) for each in made]


def _cut(points: int, replications: range, workers: int) -> Iterator[tuple[slice, range]]:
    """Cut points × replications into tasks: replications first, as points share what they draw."""
    tasks = max(workers, -(-points * len(replications) // MOST_LANES))
    parts = min(tasks, len(replications))
    apart = min(-(-tasks // parts), points)
    for some in _even(points, apart):
        for part in _even(len(replications), parts):
            yield some, replications[part]


def _even(many: int, parts: int) -> Iterator[slice]:
    """Cut a number into parts that are as even as they can be."""
    edges = [many * part // parts for part in range(parts + 1)]
    return (slice(*each) for each in itertools.pairwise(edges))


def _named(task: Task) -> str:
    numbers = task.replications
    return f"replications {numbers.start} to {numbers.stop - 1} of {len(task.scenarios)} points"
