"""Replications: drawn, run and counted; none other needs to be run before one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from simsocial.model.desk import Desk
from simsocial.model.log import Logs
from simsocial.model.memory import BYTES_PER_MESSAGE_TOGETHER, MEMORY_TOGETHER
from simsocial.model.messages import Messages
from simsocial.model.roster import Roster
from simsocial.model.scenario import Scenario
from simsocial.model.tallies import Tallies
from simsocial.simulation.engine import engine_named
from simsocial.simulation.numbers import refuse_senseless, refuse_unnumbered
from simsocial.simulation.trace import Trace

MESSAGES_ONE_BY_ONE: Final = 100_000
"""Messages, about, of replications that go one after the other and are still drawn and told together."""

Drawn = tuple[Messages, Roster]
"""What is simulated in one replication."""


@dataclass(frozen=True, eq=False, repr=False)
class Several:
    """What some replications brought that were simulated together.

    Parameters
    ----------
    scenario
        What was simulated.
    first
        Number of the first of them.
    messages, rosters
        What was drawn for each.
    logs, tallies
        What happened, and what measures read.
    """

    scenario: Scenario
    first: int
    messages: Sequence[Messages]
    rosters: Sequence[Roster]
    logs: Logs
    tallies: Tallies

    def __len__(self) -> int:
        return len(self.messages)

    def __iter__(self) -> Iterator[Replication]:
        return (Replication(self, place) for place in range(len(self)))


@dataclass(frozen=True, eq=False, repr=False)
class Replication:
    """What one replication brought.

    Parameters
    ----------
    several
        What those brought with which it was simulated.
    place
        Its place among them.
    """

    several: Several
    place: int

    def __repr__(self) -> str:
        return f"<Replication {self.number} of {self.scenario.name!r}>"

    @property
    def scenario(self) -> Scenario:
        """What was simulated."""
        return self.several.scenario

    @property
    def number(self) -> int:
        """Counted from 0; with the seed, the address of everything drawn in it."""
        return self.several.first + self.place

    @property
    def messages(self) -> Messages:
        """What came."""
        return self.several.messages[self.place]

    @cached_property
    def trace(self) -> Trace:
        """What happened."""
        several, place = self.several, self.place
        return Trace(self.scenario.desk, self.messages, several.rosters[place], several.logs.alone(place))

    @cached_property
    def tallies(self) -> Tallies:
        """What measures read."""
        return self.several.tallies.alone(self.place)


def run_replication(
    scenario: Scenario, *, number: int = 0, seed: int | None = None, engine: str = "simpy"
) -> Replication:
    """Run one replication of a scenario.

    Parameters
    ----------
    scenario
        What the world is.
    number
        Which replication, counted from 0.
    seed
        Default: that of the scenario's run settings.
    engine
        Name of an engine.

    Raises
    ------
    InputError
        When there is no such engine, or a number makes no sense.
    """
    seed = scenario.run.seed if seed is None else seed
    refuse_senseless(("number", number, 0), ("seed", seed, 0))
    refuse_unnumbered("number", number, 1)
    return next(iter(next(replications(scenario, seed=seed, engine=engine, first=number))))


def replications(
    scenario: Scenario,
    *,
    seed: int,
    engine: str,
    first: int = 0,
    planned: int = 1,
    memory: float = MEMORY_TOGETHER,
) -> Iterator[Several]:
    """Run replications in the order of their numbers, from ``first`` on, for as long as somebody asks for more.

    Parameters
    ----------
    scenario, seed, engine, first
        As in :func:`simsocial.run`.
    planned
        How many will probably be asked for: an engine that simulates many at once takes no more at a time.
    memory
        Bytes that replications simulated at once may take; one may take more.
    """
    from simsocial.draw.messages import Plan
    from simsocial.draw.roster import RosterPlan
    from simsocial.measure.tally import buckets, tally_several

    counted_in, plan, people = buckets(scenario), Plan.of(scenario), RosterPlan.of(scenario)
    drawn = (
        (plan.draw(seed=seed, replication=number), people.draw(seed=seed, replication=number))
        for number in itertools.count(first)
    )
    batches = _batches(engine, drawn, planned, memory=memory)
    for messages, rosters, logs in _logs(engine, scenario.desk, batches):
        yield Several(
            scenario, first, messages, rosters, logs, tally_several(scenario, messages, rosters, logs, counted_in)
        )
        first += len(messages)


def _logs(
    engine: str, desk: Desk, batches: Iterator[list[Drawn]]
) -> Iterator[tuple[list[Messages], list[Roster], Logs]]:
    """Simulate what was drawn, the replications of a batch at once where the engine can."""
    from simsocial.engines import TOGETHER

    simulate = engine_named(engine)
    for batch in batches:
        if engine not in TOGETHER:
            yield from (([messages], [roster], Logs.of(simulate(desk, messages, roster))) for messages, roster in batch)
            continue
        messages, rosters = [each for each, _ in batch], [each for _, each in batch]
        done = 0
        for logs in TOGETHER[engine](desk, messages, rosters):
            part = slice(done, done + len(logs))
            yield messages[part], rosters[part], logs
            done += len(logs)


def _batches(engine: str, drawn: Iterator[Drawn], planned: int, *, memory: float) -> Iterator[list[Drawn]]:
    """Gather replications for as long as somebody asks, as many at once as if all have the first's messages."""
    first = next(drawn)
    messages = sum(len(stream) for stream in first[0].streams)
    drawn = itertools.chain([first], drawn)
    while True:
        size = at_once(engine, planned, messages=messages, memory=memory)
        yield list(itertools.islice(drawn, size))
        planned = planned - size or size


def at_once(engine: str, planned: int, *, messages: float, memory: float, besides: float = 0.0) -> int:
    """Return how many replications of those planned are simulated at once, so that all times are even.

    Parameters
    ----------
    engine
        Its name.
    messages
        In each replication.
    memory
        Bytes that they may take; one may take more.
    besides
        Bytes that each takes besides its messages.
    """
    from simsocial.engines import TOGETHER
    from simsocial.engines.lanes import FEWEST_IN_STEP

    fitting = max(1, int(memory / (BYTES_PER_MESSAGE_TOGETHER * max(1.0, messages) + besides)))
    even = -(-planned // -(-planned // fitting))
    if engine in TOGETHER and even >= FEWEST_IN_STEP:
        return even
    return min(even, max(1, int(MESSAGES_ONE_BY_ONE / max(1.0, messages))))  # more would only take more memory
