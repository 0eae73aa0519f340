"""Tiles: lanes of many scenarios, cut to advance together, fit into memory and share what they draw (R118)."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from simsocial.engines import OF_DESKS
from simsocial.measure.behind.path import paths_of_several
from simsocial.measure.behind.stages import stages
from simsocial.measure.of_runs import rows_of_run, values_of_run
from simsocial.measure.rows import Row
from simsocial.measure.tally import buckets, tally_several
from simsocial.model.alike import structure
from simsocial.model.desk import Desk
from simsocial.model.log import Logs
from simsocial.model.memory import BYTES_PER_COUNTER, BYTES_PER_MESSAGE_DRAWN, BYTES_PER_MESSAGE_OF_LANE
from simsocial.model.messages import Messages
from simsocial.model.roster import Roster
from simsocial.model.scenario import Scenario
from simsocial.model.tallies import Tallies
from simsocial.simulation.engine import engine_named
from simsocial.simulation.shared_draws import SharedDraws

Floats = npt.NDArray[np.float64]
Lane = tuple[Desk, Messages, Roster]

MOST_LANES: Final = 4096
"""Simulated together: as many as advance together."""
OF_TALLIES: Final = 0.25
"""Of the memory, what is kept for tallies; they are made of so many replications at a time."""


class Measured(NamedTuple):
    """What some replications of a scenario measured; arrays of shape (replications, rows).

    Parameters
    ----------
    number
        Of the scenario.
    messages
        How many came.
    """

    number: int
    numerators: Floats
    denominators: Floats
    messages: int


class Tiles:
    """Scenarios that are simulated together.

    Parameters
    ----------
    scenarios
        Variants of one config.
    seeds
        Of each.
    engine
        Name of an engine.

    Attributes
    ----------
    rows
        What is measured of each.
    """

    def __init__(self, scenarios: Sequence[Scenario], seeds: Sequence[int], engine: str) -> None:
        engine_named(engine)
        self._engine, self._scenarios = engine, scenarios
        self._draws = SharedDraws(scenarios, seeds)
        self._stages = [stages(scenario) for scenario in scenarios]
        self.rows: list[tuple[Row, ...]] = [rows_of_run(each) for each in scenarios]

    def run(self, replications: range, *, memory: float) -> Iterator[Measured]:
        """Run replications of all scenarios; yield what some of one measured, the scenarios in any order.

        Parameters
        ----------
        replications
            Their numbers; of one scenario, those that are yielded ascend.
        memory
            Bytes that may be taken at once, if every replication has as many messages as the first.
        """
        sizes = [self._draws.size(number, replications.start) for number in range(len(self._scenarios))]
        most = memory * (1 - OF_TALLIES)
        alone = max(sizes, default=1) * (BYTES_PER_MESSAGE_DRAWN + BYTES_PER_MESSAGE_OF_LANE)
        for part in _evenly(replications, max(1, min(MOST_LANES, int(most / alone)))):
            for numbers in self._fitting(sizes, lanes=len(part), most=most):
                self._draws.forget_all_but(numbers, part)
                yield from self._measured(numbers, part, memory * OF_TALLIES)

    def _fitting(self, sizes: Sequence[int], *, lanes: int, most: float) -> Iterator[Sequence[int]]:
        """Cut the scenarios, of so many lanes each, into groups that advance together and take ``most`` bytes."""
        group: list[int] = []
        taken = 0
        plans: set[int] = set()
        for number in self._in_order:
            plan, each = self._draws.plan(number), lanes * sizes[number]
            drawn = each * BYTES_PER_MESSAGE_DRAWN
            more = each * BYTES_PER_MESSAGE_OF_LANE + (0 if plan in plans else drawn)
            if group and (taken + more > most or (len(group) + 1) * lanes > MOST_LANES):
                yield group
                group, taken, plans, more = [], 0, set(), each * BYTES_PER_MESSAGE_OF_LANE + drawn
            group.append(number)
            plans.add(plan)
            taken += more
        yield group

    @property
    def _in_order(self) -> Sequence[int]:
        """The scenarios, those that can advance together next to each other, then those with the same messages."""
        numbers: dict[Hashable, int] = {}
        alike = [numbers.setdefault(structure(each.desk), len(numbers)) for each in self._scenarios]
        return sorted(range(len(alike)), key=lambda number: (alike[number], self._draws.plan(number)))

    def _measured(self, numbers: Sequence[int], replications: range, memory: float) -> Iterator[Measured]:
        """Run some replications of some scenarios at once; their tallies are made a few at a time."""
        lanes = [self._lane(number, replication) for number in numbers for replication in replications]
        counted_in = {number: buckets(self._scenarios[number]) for number in numbers}
        several = [max(1, int(memory / _bytes(self._scenarios[n], len(counted_in[n])))) for n in numbers]
        begins = range(0, len(lanes), len(replications))
        apart = [
            lane
            for begin, many in zip(begins, several, strict=True)
            for lane in range(begin, begin + len(replications), many)
        ]
        done = 0
        for logs in _logs(self._engine, lanes, apart):
            number, mine = numbers[done // len(replications)], lanes[done : done + len(logs)]
            scenario, came = self._scenarios[number], [messages for _, messages, _ in mine]
            rosters = [roster for _, _, roster in mine]
            tallies = tally_several(scenario, came, rosters, logs, counted_in[number])
            yield Measured(number, *self._values(number, tallies, rosters), sum(map(_size, came)))
            done += len(logs)

    def _lane(self, number: int, replication: int) -> Lane:
        draws = self._draws
        messages, roster = draws.messages(number, replication), draws.roster(number, replication)
        return self._scenarios[number].desk, messages, roster

    def _values(self, number: int, tallies: Tallies, rosters: Sequence[Roster]) -> tuple[Floats, Floats]:
        """Return numerators and denominators as a run has them, shape (replications, rows)."""
        scenario = self._scenarios[number]
        fared = paths_of_several(scenario, self._stages[number], tallies, rosters)
        return values_of_run(scenario, tallies, list(fared))


def _logs(engine: str, lanes: Sequence[Lane], apart: Sequence[int]) -> Iterator[Logs]:
    """Simulate lanes, at once where the engine can; logs are told apart at the numbers given."""
    if engine in OF_DESKS:
        return OF_DESKS[engine](lanes, apart)
    simulate = engine_named(engine)
    return (Logs.of(simulate(*lane)) for lane in lanes)


def _evenly(replications: range, most: int) -> Iterator[range]:
    """Cut replications into parts of at most ``most``, as even as they can be."""
    parts = -(-len(replications) // most)
    size = -(-len(replications) // parts)
    return (replications[begin : begin + size] for begin in range(0, len(replications), size))


def _bytes(scenario: Scenario, columns: int) -> int:
    """Return what the tallies of a replication take that is counted in so many buckets."""
    promises = sum(len(stream.promises) for stream in scenario.streams)
    rows = 26 * len(scenario.desk.queues) + 14 * len(scenario.streams) + 3 * promises + 23 * len(scenario.teams)
    return columns * rows * BYTES_PER_COUNTER


def _size(messages: Messages) -> int:
    return sum(len(stream) for stream in messages.streams)
