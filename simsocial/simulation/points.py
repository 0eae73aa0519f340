"""Points: several scenarios run on the same draws, keeping only what measures of whole runs need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from simsocial.measure.measures import summarise
from simsocial.measure.rows import Row
from simsocial.measure.stats import Estimate
from simsocial.model.memory import MEMORY_TOGETHER
from simsocial.model.scenario import Scenario
from simsocial.simulation.run import run

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class PointResults:
    """What some replications of a scenario measured, as far as runs are compared by it.

    Parameters
    ----------
    scenario, seed
        What was run.
    first
        Number of the first replication.
    rows
        What was measured.
    numerators, denominators
        Shape (replications, rows): as in :class:`~simsocial.simulation.results.Results`.
    """

    scenario: Scenario
    seed: int
    first: int
    rows: tuple[Row, ...]
    numerators: Floats
    denominators: Floats

    def __len__(self) -> int:
        """Return the number of replications."""
        return len(self.numerators)

    def __repr__(self) -> str:
        return f"<PointResults of {self.scenario.name!r}: {len(self)} replications, seed {self.seed}>"

    @cached_property
    def estimates(self) -> tuple[Estimate, ...]:
        """One estimate per row."""
        return tuple(summarise(self.rows, self.numerators, self.denominators, self.scenario.run.confidence))


def run_points(
    scenarios: Sequence[Scenario],
    *,
    replications: int,
    first: int = 0,
    seed: int | None = None,
    engine: str | None = None,
    memory: float = MEMORY_TOGETHER,
) -> Iterator[PointResults]:
    """Run the same replications of several scenarios, and yield what each measured, in their order.

    Parameters
    ----------
    scenarios
        Variants of one config, such as the points of a sweep.
    replications
        How many of each.
    first
        Number of the first.
    seed
        Default: that of each scenario's run settings.
    engine
        Name of an engine; default: the quickest.
    memory
        Bytes that may be taken by what is simulated at once; results do not depend on it.

    Raises
    ------
    InputError
        When there is no such engine, or a number makes no sense.
    """
    for scenario in scenarios:
        results = run(scenario, replications=replications, seed=seed, engine=engine, first=first, memory=memory)
        yield PointResults(
            scenario, results.seed, results.first, results.rows, results.numerators, results.denominators
        )
