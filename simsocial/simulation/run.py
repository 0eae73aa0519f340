"""Runs: replication after replication until there are enough, keeping of each only what results need."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from functools import cache

import numpy as np
import numpy.typing as npt

from simsocial.engines import QUICKEST
from simsocial.measure import measures, recovery
from simsocial.measure.behind import onset
from simsocial.measure.behind.path import Path, paths_of_several
from simsocial.measure.behind.stages import stages
from simsocial.measure.replications import stop_after
from simsocial.measure.rows import row_named
from simsocial.measure.series import SeriesSum, series
from simsocial.measure.stats import Estimate
from simsocial.measure.waits import Waits, wait_histograms
from simsocial.model.memory import MEMORY_TOGETHER
from simsocial.model.scenario import Precision, Scenario
from simsocial.simulation import replication as one
from simsocial.simulation.numbers import refuse_senseless, refuse_unnumbered
from simsocial.simulation.replication import Replication, Several
from simsocial.simulation.results import Results
from simsocial.simulation.trace import Trace

Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Watch = Callable[[Replication, int], None]
"""Called with every finished replication and the number planned; at most so many when a precision is wanted."""


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
        Called with every finished replication and the number planned.
    first
        Number of the first replication. A number is the same replication in every run of the same seed.
    memory
        Bytes that replications may take which are simulated at once; results do not depend on it.

    Returns
    -------
    Results
        Equal for equal scenario, seed, engine and replications.

    Raises
    ------
    InputError
        When there is no such engine or measure, or a number makes no sense.
    """
    seed = scenario.run.seed if seed is None else seed
    refuse_senseless(("replications", replications, 1), ("seed", seed, 0), ("first", first, 0))
    gathered = _Gathered(scenario, log=log)
    least, most, enough = _plan(scenario, replications, gathered)
    refuse_unnumbered("first", first, most)
    started, begun = dt.datetime.now(), time.process_time()
    engine = QUICKEST if engine is None else engine
    made = one.replications(scenario, seed=seed, engine=engine, first=first, planned=least, memory=memory)
    for replication in gathered.each(made):
        if progress is not None:
            progress(replication, most)
        del replication  # before the next is made, so that memory holds no more than it must
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
        process_seconds=time.process_time() - begun,
    )


class _Gathered:
    """What is kept of the replications so far; all but the log takes little memory."""

    def __init__(self, scenario: Scenario, *, log: bool) -> None:
        self.scenario, self.log, self.stages = scenario, log, stages(scenario)
        self.rows = (*measures.rows(scenario), *recovery.rows(scenario), *onset.rows(self.stages))
        self.numerators: list[Floats] = []
        self.denominators: list[Floats] = []
        self.paths: list[tuple[Path, ...]] = []
        self.series = SeriesSum(scenario)
        self.waits = Waits.none(scenario)
        self.traces: list[Trace] = []

    def each(self, made: Iterator[Several]) -> Iterator[Replication]:
        """Keep what results need of one replication after the other; yield each when it is counted in."""
        for several in made:
            fared = paths_of_several(self.scenario, self.stages, several.tallies, several.rosters)
            values = self._values(several)
            by_interval = series(self.scenario, several.tallies)
            waited = wait_histograms(self.scenario, several.tallies)
            for replication, fares, *counted in zip(several, fared, *values, by_interval, waited, strict=True):
                self._add(fares, *counted)
                if self.log:
                    self.traces.append(replication.trace)
                yield replication
                del replication
            del several

    def _values(self, several: Several) -> tuple[Floats, Floats]:
        numerators, denominators = measures.evaluate(self.scenario, several.tallies)
        back = recovery.evaluate(self.scenario, several.tallies)
        return np.hstack([numerators, back]), np.hstack([denominators, np.ones_like(back)])

    def _add(
        self, fared: tuple[Path, ...], numerators: Floats, denominators: Floats, by_interval: Floats, waited: Counts
    ) -> None:
        of_stages, below = onset.evaluate(fared)
        self.numerators.append(np.concatenate([numerators, of_stages]))
        self.denominators.append(np.concatenate([denominators, below]))
        self.paths.append(fared)
        self.series.add(by_interval)
        self.waits.add(waited)

    def estimate(self, row: int, n: int) -> Estimate:
        """Estimate a row from the first ``n`` replications."""
        numerator = np.array([values[row] for values in self.numerators[:n]])
        denominator = np.array([values[row] for values in self.denominators[:n]])
        return measures.estimate(self.rows[row].kind, numerator, denominator, self.scenario.run.confidence)


def _plan(scenario: Scenario, replications: int | None, gathered: _Gathered) -> tuple[int, int, Callable[[], bool]]:
    """Return the least and largest number of replications that there may be, and whether those gathered are enough."""
    settings = scenario.run
    if replications is None and settings.precision is not None:
        return settings.precision.least, settings.precision.most, _precise(settings.precision, gathered)
    number = settings.replications if replications is None else replications
    return number, number, lambda: len(gathered.paths) >= number


def _precise(precision: Precision, gathered: _Gathered) -> Callable[[], bool]:
    row = row_named(gathered.rows, precision.measure)

    @cache
    def of_first(n: int) -> Estimate:
        return gathered.estimate(row, n)

    return lambda: stop_after(of_first, len(gathered.paths), precision) is not None
