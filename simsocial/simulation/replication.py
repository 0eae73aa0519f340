"""One replication: drawn, run and counted; none other needs to be run before it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

from simsocial.model.desk import Desk
from simsocial.model.log import Log
from simsocial.model.memory import BYTES_PER_MESSAGE_TOGETHER, MEMORY_TOGETHER
from simsocial.model.messages import Messages
from simsocial.model.roster import Roster
from simsocial.model.scenario import Scenario
from simsocial.model.tallies import Tallies
from simsocial.simulation.engine import engine_named
from simsocial.simulation.numbers import refuse_senseless, refuse_unnumbered
from simsocial.simulation.trace import Trace


@dataclass(frozen=True, eq=False)
class Replication:
    """What one replication brought.

    Parameters
    ----------
    scenario
        What was simulated.
    number
        Counted from 0; with the seed, the address of everything drawn in it.
    trace
        What happened.
    tallies
        What measures read.
    """

    scenario: Scenario = field(repr=False)
    number: int
    trace: Trace
    tallies: Tallies = field(repr=False)


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
    return next(replications(scenario, seed=seed, engine=engine, first=number))


def replications(
    scenario: Scenario,
    *,
    seed: int,
    engine: str,
    first: int = 0,
    planned: int = 1,
    memory: float = MEMORY_TOGETHER,
) -> Iterator[Replication]:
    """Run one replication after the other, from number ``first`` on, for as long as somebody asks for the next.

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
    from simsocial.draw.roster import compile_roster
    from simsocial.engines import TOGETHER
    from simsocial.measure.tally import buckets, tally

    roster, counted_in, plan = compile_roster(scenario), buckets(scenario), Plan.of(scenario)
    drawn = (plan.draw(seed=seed, replication=number) for number in itertools.count(first))
    batches = _batches(drawn, planned if engine in TOGETHER else 1, most=memory / BYTES_PER_MESSAGE_TOGETHER)
    logs = _logs(engine, scenario.desk, batches, roster)
    for number, (messages, log) in enumerate(logs, first):
        tallies = tally(scenario, messages, roster, log, counted_in)
        yield Replication(scenario, number, Trace(scenario.desk, messages, roster, log), tallies)


def _logs(engine: str, desk: Desk, batches: Iterator[list[Messages]], roster: Roster) -> Iterator[tuple[Messages, Log]]:
    """Simulate what was drawn, the replications of a batch at once where the engine can."""
    from simsocial.engines import TOGETHER

    simulate = engine_named(engine)
    for batch in batches:
        if engine in TOGETHER:
            yield from zip(batch, TOGETHER[engine](desk, batch, roster), strict=True)
        else:
            for messages in batch:
                yield messages, simulate(desk, messages, roster)


def _batches(drawn: Iterator[Messages], planned: int, *, most: float) -> Iterator[list[Messages]]:
    """Gather replications until there are as many as planned, or ``most`` messages in them."""
    batch: list[Messages] = []
    size = 0
    for messages in drawn:
        batch.append(messages)
        size += sum(len(stream) for stream in messages.streams)
        if len(batch) >= planned or size >= most:
            yield batch
            planned, batch, size = planned - len(batch) or len(batch), [], 0
