"""One replication: drawn, run and counted; none other needs to be run before it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

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


def replications(scenario: Scenario, *, seed: int, engine: str, first: int = 0) -> Iterator[Replication]:
    """Run one replication after the other, from number ``first`` on, for as long as somebody asks for the next."""
    from simsocial.draw.messages import Plan
    from simsocial.draw.roster import compile_roster
    from simsocial.measure.tally import buckets, tally

    simulate, roster, counted_in = engine_named(engine), compile_roster(scenario), buckets(scenario)
    plan = Plan.of(scenario)

    def replication(number: int) -> Replication:
        messages = plan.draw(seed=seed, replication=number)
        log = simulate(scenario.desk, messages, roster)
        tallies = tally(scenario, messages, roster, log, counted_in)
        return Replication(scenario, number, Trace(scenario.desk, messages, roster, log), tallies)

    yield from map(replication, itertools.count(first))
