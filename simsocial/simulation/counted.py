"""What results keep of a replication, small beside what is simulated, and what they make of all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.measure import measures, recovery
from simsocial.measure.behind import onset
from simsocial.measure.behind.path import Path, paths_of_several
from simsocial.measure.behind.stages import stages
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
        fared = paths_of_several(scenario, each_stage, several.tallies, several.rosters)
        values = _values(scenario, several)
        by_interval = series(scenario, several.tallies)
        waited = wait_histograms(scenario, several.tallies)
        for replication, paths, *kept in zip(several, fared, *values, by_interval, waited, strict=True):
            yield replication, _counted(replication, paths, *kept)
            del replication
        del several


def _values(scenario: Scenario, several: Several) -> tuple[Floats, Floats]:
    numerators, denominators = measures.evaluate(scenario, several.tallies)
    back = recovery.evaluate(scenario, several.tallies)
    return np.hstack([numerators, back]), np.hstack([denominators, np.ones_like(back)])


def _counted(
    replication: Replication,
    paths: tuple[Path, ...],
    numerators: Floats,
    denominators: Floats,
    by_interval: Floats,
    waited: Counts,
) -> Counted:
    messages = sum(len(stream) for stream in replication.messages.streams)
    of_stages, below = onset.evaluate(paths)
    numerators = np.concatenate([numerators, of_stages])
    return Counted(messages, numerators, np.concatenate([denominators, below]), paths, by_interval, waited)


class Gathered:
    """What is kept of the replications so far; all but the log takes little memory.

    Parameters
    ----------
    scenario
        What is simulated.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario, self.stages = scenario, stages(scenario)
        self.rows = (*measures.rows(scenario), *recovery.rows(scenario), *onset.rows(self.stages))
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
