"""What results keep of a replication, small beside what is simulated, and what they make of all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.measure import measures
from simsocial.measure.behind.path import Path, paths_of_several
from simsocial.measure.behind.stages import stages
from simsocial.measure.of_runs import rows_of_run, values_of_run
from simsocial.measure.series import SeriesSum, series
from simsocial.measure.stats import Estimate
from simsocial.measure.waits import Waits, wait_histograms
from simsocial.model.scenario import Scenario
from simsocial.simulation.replication import Replication, Several
from simsocial.simulation.trace import Trace

Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class Counted:
    """What results keep of one replication.

    Parameters
    ----------
    messages
        How many came.
    numerators, denominators
        Shape (rows of measures,).
    paths
        How each stage fared.
    by_interval
        As :func:`~simsocial.measure.series.series` tells it.
    waited
        As :func:`~simsocial.measure.waits.wait_histograms` tells it.
    """

    messages: int
    numerators: Floats
    denominators: Floats
    paths: tuple[Path, ...]
    by_interval: Floats
    waited: Counts


def counted(scenario: Scenario, made: Iterable[Several]) -> Iterator[tuple[Replication, Counted]]:
    """Yield one replication after the other with what is kept of it; only those told together are in memory."""
    each_stage = stages(scenario)
    for several in made:
        fared = list(paths_of_several(scenario, each_stage, several.tallies, several.rosters))
        values = values_of_run(scenario, several.tallies, fared)
        by_interval = series(scenario, several.tallies)
        waited = wait_histograms(scenario, several.tallies)
        for replication, paths, above, below, *kept in zip(several, fared, *values, by_interval, waited, strict=True):
            messages = sum(len(stream) for stream in replication.messages.streams)
            yield replication, Counted(messages, above, below, paths, *kept)
            del replication
        del several


class Gathered:
    """What is kept of the replications so far; all but the log takes little memory.

    Parameters
    ----------
    scenario
        What is simulated.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.rows = rows_of_run(scenario)
        self.numerators: list[Floats] = []
        self.denominators: list[Floats] = []
        self.paths: list[tuple[Path, ...]] = []
        self.series = SeriesSum(scenario)
        self.waits = Waits.none(scenario)
        self.traces: list[Trace] = []

    def __len__(self) -> int:
        return len(self.paths)

    def add(self, one: Counted) -> None:
        """Keep what was counted in the next replication."""
        self.numerators.append(one.numerators)
        self.denominators.append(one.denominators)
        self.paths.append(one.paths)
        self.series.add(one.by_interval)
        self.waits.add(one.waited)

    def estimate(self, row: int, n: int) -> Estimate:
        """Estimate a row from the first ``n`` replications."""
        numerator = np.array([values[row] for values in self.numerators[:n]])
        denominator = np.array([values[row] for values in self.denominators[:n]])
        return measures.estimate(self.rows[row].kind, numerator, denominator, self.scenario.run.confidence)
