"""Points: several scenarios run on the same draws, keeping only what measures of whole runs need (R118)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from simsocial.engines import QUICKEST
from simsocial.measure.measures import estimate, summarise
from simsocial.measure.replications import stop_after
from simsocial.measure.rows import Row, row_named
from simsocial.measure.stats import Estimate
from simsocial.model.memory import MEMORY_TOGETHER
from simsocial.model.scenario import Precision, Scenario
from simsocial.simulation.numbers import refuse_senseless, refuse_unnumbered
from simsocial.simulation.tiles import Tiles

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
    messages
        How many came in all replications.
    """

    scenario: Scenario
    seed: int
    first: int
    rows: tuple[Row, ...]
    numerators: Floats
    denominators: Floats
    messages: int = 0

    def __len__(self) -> int:
        """Return the number of replications."""
        return len(self.numerators)

    def __repr__(self) -> str:
        return f"<PointResults of {self.scenario.name!r}: {len(self)} replications, seed {self.seed}>"

    @cached_property
    def estimates(self) -> tuple[Estimate, ...]:
        """One estimate per row."""
        return tuple(summarise(self.rows, self.numerators, self.denominators, self.scenario.run.confidence))

    def of_first(self, n: int, row: int) -> Estimate:
        """Estimate a row from the first ``n`` replications."""
        above, below = self.numerators[:n, row], self.denominators[:n, row]
        return estimate(self.rows[row].kind, above, below, self.scenario.run.confidence)

    def only(self, n: int) -> PointResults:
        """Return what the first ``n`` replications measured."""
        return replace(self, numerators=self.numerators[:n], denominators=self.denominators[:n])

    def and_more(self, more: PointResults) -> PointResults:
        """Return this and what the replications behind it measured."""
        return replace(
            self,
            numerators=np.vstack([self.numerators, more.numerators]),
            denominators=np.vstack([self.denominators, more.denominators]),
            messages=self.messages + more.messages,
        )


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

    Lanes of all of them are simulated together, as far as their desks allow it, and what they draw alike is drawn once.

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

    Returns
    -------
    iterator of PointResults
        Equal, to the last bit, to what :func:`simsocial.run` measures of each.

    Raises
    ------
    InputError
        When there is no such engine, or a number makes no sense.
    """
    refuse_senseless(("replications", replications, 1), ("seed", seed, 0), ("first", first, 0))
    refuse_unnumbered("first", first, replications)
    seeds = [scenario.run.seed if seed is None else seed for scenario in scenarios]
    tiles = Tiles(scenarios, seeds, QUICKEST if engine is None else engine)
    parts: list[list[tuple[Floats, Floats]]] = [[] for _ in scenarios]
    came = [0] * len(scenarios)
    for number, numerators, denominators, messages in tiles.run(range(first, first + replications), memory=memory):
        parts[number].append((numerators, denominators))
        came[number] += messages
    for number, scenario in enumerate(scenarios):
        above, below = (np.vstack(columns) for columns in zip(*parts[number], strict=True))
        yield PointResults(scenario, seeds[number], first, tiles.rows[number], above, below, came[number])


def run_points_until_precise(
    scenarios: Sequence[Scenario],
    *,
    precision: Precision,
    seed: int | None = None,
    engine: str | None = None,
    memory: float = MEMORY_TOGETHER,
) -> list[PointResults]:
    """Run as many replications of each scenario as ``precision`` takes (R57), and return what each measured.

    How many depends on the scenario's own replications, in their order, alone: it is the number at which
    :func:`simsocial.run` stops. The other parameters are those of :func:`run_points`.

    Raises
    ------
    InputError
        When there is no such engine or measure, or a number makes no sense.
    """
    found: dict[int, PointResults] = {}
    enough: dict[int, int] = {}
    done, step = 0, precision.least
    while waiting := [number for number in range(len(scenarios)) if number not in enough]:
        those = [scenarios[number] for number in waiting]
        made = run_points(those, replications=step, first=done, seed=seed, engine=engine, memory=memory)
        done += step
        for number, more in zip(waiting, made, strict=True):
            found[number] = found[number].and_more(more) if number in found else more
            stopped = _stopped(found[number], precision)
            if stopped is not None:
                enough[number] = stopped
        step = min(max(precision.least, done // 2), precision.most - done)
    return [found[number].only(enough[number]) for number in range(len(scenarios))]


def _stopped(results: PointResults, precision: Precision) -> int | None:
    row = row_named(results.rows, precision.measure)
    return stop_after(lambda n: results.of_first(n, row), len(results), precision)
