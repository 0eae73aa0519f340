"""Runs: replication after replication until there are enough, keeping of each only what results need."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from contextlib import closing
from functools import cache

import numpy as np

from simsocial.engines import QUICKEST
from simsocial.measure.replications import stop_after
from simsocial.measure.rows import row_named
from simsocial.measure.stats import Estimate
from simsocial.model.memory import MEMORY_TOGETHER
from simsocial.model.scenario import Precision, Scenario
from simsocial.simulation.counted import Gathered
from simsocial.simulation.numbers import refuse_senseless, refuse_unnumbered
from simsocial.simulation.replication import Replication
from simsocial.simulation.results import Results
from simsocial.simulation.sharing import Job

Watch = Callable[[Replication, int], None]
"""Called with every finished replication and the number planned; at most so many when a precision is wanted."""
Finished = Callable[[int, int], None]
"""Called with the number of messages of every finished replication, and the number of replications planned."""


def run(
    scenario: Scenario,
    *,
    replications: int | None = None,
    seed: int | None = None,
    engine: str | None = None,
    log: bool = False,
    progress: Watch | None = None,
    first: int = 0,
    memory: float = MEMORY_TOGETHER,
    workers: int = 1,
    finished: Finished | None = None,
) -> Results:
    """Run a scenario.

    Parameters
    ----------
    scenario
        From :func:`simsocial.load`, or made in code.
    replications
        How many. Default: those of the scenario's run settings, or as many as the precision wanted there takes.
    seed
        Not negative. Default: that of the run settings.
    engine
        Name of an engine. Default: the one that takes the least time, ``numpy``; the results say which ran.
    log
        Keep every visit and message of every replication; memory then grows with their number.
    progress
        Called with every finished replication and the number planned. With several workers each replication travels
        here as a whole for it; ``finished`` needs nothing of it.
    first
        Number of the first replication. A number is the same replication in every run of the same seed.
    memory
        Bytes that replications may take which are simulated at once; results do not depend on it.
    workers
        How many processes simulate, each with its part of the memory; results do not depend on it. With more than one
        they are spawned, so that a script must guard its own work with ``if __name__ == "__main__":``.
    finished
        Called after every replication with the number of its messages, and the number of replications planned.

    Returns
    -------
    Results
        Equal for equal scenario, seed, engine and replications.

    Raises
    ------
    InputError
        When there is no such engine or measure, or a number makes no sense.
    BrokenTaskError
        When worker processes ended abruptly, again and again.
    """
    seed = scenario.run.seed if seed is None else seed
    refuse_senseless(("replications", replications, 1), ("seed", seed, 0), ("first", first, 0), ("workers", workers, 1))
    gathered = Gathered(scenario)
    least, most, enough = _plan(scenario, replications, gathered)
    refuse_unnumbered("first", first, most)
    started, begun = dt.datetime.now(), _process_seconds()
    engine = QUICKEST if engine is None else engine
    job = Job(scenario, seed, engine, memory, whole=log or progress is not None)
    with closing(job.made(range(first, first + most), planned=least, workers=workers)) as made:
        for replication, one in made:
            gathered.add(one)
            if finished is not None:
                finished(one.messages, most)
            if replication is not None and log:
                gathered.traces.append(replication.trace)
            if replication is not None and progress is not None:
                progress(replication, most)
            del replication, one  # before the next is made, so that memory holds no more than it must
            if enough():
                break
    return Results(
        scenario=scenario,
        seed=seed,
        engine=engine,
        first=first,
        rows=gathered.rows,
        numerators=np.array(gathered.numerators),
        denominators=np.array(gathered.denominators),
        paths=tuple(gathered.paths),
        by_interval=gathered.series.table(scenario.run.confidence),
        waits=gathered.waits,
        traces=tuple(gathered.traces),
        started=started,
        process_seconds=_process_seconds() - begun,
    )


def _process_seconds() -> float:
    """Return the processor time of this process, and of workers that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _plan(scenario: Scenario, replications: int | None, gathered: Gathered) -> tuple[int, int, Callable[[], bool]]:
    """Return the least and largest number of replications that there may be, and whether those gathered are enough."""
    settings = scenario.run
    if replications is None and settings.precision is not None:
        return settings.precision.least, settings.precision.most, _precise(settings.precision, gathered)
    number = settings.replications if replications is None else replications
    return number, number, lambda: len(gathered) >= number


def _precise(precision: Precision, gathered: Gathered) -> Callable[[], bool]:
    row = row_named(gathered.rows, precision.measure)

    @cache
    def of_first(n: int) -> Estimate:
        return gathered.estimate(row, n)

    return lambda: stop_after(of_first, len(gathered), precision) is not None
