"""Runs a scenario with the fast engine and with the reference engine, and tells whether they tell the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from simsocial.engines import ENGINES, LOOPS, TOGETHER
from simsocial.errors import Fault, InputError
from simsocial.measure.tally import buckets, tally
from simsocial.model.log import Fates, Log
from simsocial.model.scenario import Scenario
from simsocial.model.tallies import Tallies
from simsocial.simulation.replication import Replication, Several, replications
from simsocial.simulation.run import Watch
from simsocial.study.story import story
from simsocial.units import WEEK

REFERENCE = "simpy"
FAST = next(iter(TOGETHER))


@dataclass(frozen=True)
class Difference:
    """Where the engines part first: by replication, then stream, then message.

    Parameters
    ----------
    replication
        Its number.
    what
        The message, or the counter where no message differs.
    told
        By engine, what it tells of it, line by line.
    """

    replication: int
    what: str
    told: dict[str, list[str]]

    def __str__(self) -> str:
        lines = [f"replication {self.replication}, {self.what}"]
        for engine, its_lines in self.told.items():
            lines += [f"{engine} tells:", *(f"  {line}" for line in its_lines)]
        return "\n".join(lines)


@dataclass(frozen=True)
class Verification:
    """What the comparison of the engines brought.

    Parameters
    ----------
    replications, visits
        How many were compared; no more than up to the first difference.
    horizon
        Up to which tick.
    difference
        The first; ``None`` when logs and tallies are identical.
    """

    replications: int
    visits: int
    horizon: int
    difference: Difference | None

    @property
    def identical(self) -> bool:
        return self.difference is None


def verify(
    scenario: Scenario,
    *,
    replications: int = 3,
    weeks: int | None = None,
    seed: int | None = None,
    progress: Watch | None = None,
) -> Verification:
    """Run the same replications with both engines, and compare logs and tallies.

    Parameters
    ----------
    scenario
        From :func:`simsocial.load`, or made in code.
    replications
        How many. The fast engine simulates them together.
    weeks
        Put the horizon so many weeks after the start, if it is later.
    seed
        Default: that of the scenario's run settings.
    progress
        As in :func:`simsocial.run`.

    Raises
    ------
    InputError
        When a number makes no sense.
    """
    for name, number, least in (("replications", replications, 1), ("weeks", weeks, 1), ("seed", seed, 0)):
        if number is not None and number < least:
            raise InputError(Fault(f"must be a whole number of at least {least} (got {number!r})", path=name))
    scenario = scenario if weeks is None else _first_weeks(scenario, weeks)
    return _compared(scenario, scenario.run.seed if seed is None else seed, replications, progress)


def _first_weeks(scenario: Scenario, weeks: int) -> Scenario:
    horizon = min(weeks * WEEK, scenario.horizon)
    return scenario.but(desk=replace(scenario.desk, horizon=horizon), warmup=min(scenario.warmup, horizon))


def _compared(scenario: Scenario, seed: int, number: int, progress: Watch | None) -> Verification:
    visits = 0
    made = chain.from_iterable(map(_told, replications(scenario, seed=seed, engine=FAST, planned=number)))
    for count, (replication, by_loop) in zip(range(1, number + 1), made, strict=False):
        visits += len(replication.trace.log.visits)
        difference = _difference(replication, by_loop)
        if progress is not None:
            progress(replication, number)
        if difference is not None:
            return Verification(count, visits, scenario.horizon, difference)
    return Verification(number, visits, scenario.horizon, None)


def _told(several: Several) -> Iterator[tuple[Replication, dict[str, Log]]]:
    """Yield each replication, and what either loop of the fast engine tells of it."""
    given = several.scenario.desk, several.messages, several.rosters
    loops = (chain.from_iterable(loop(*given)) for loop in LOOPS.values())
    for replication, *logs in zip(several, *loops, strict=True):
        yield replication, dict(zip(LOOPS, logs, strict=True))


def _difference(fast: Replication, by_loop: dict[str, Log]) -> Difference | None:
    """Run a replication again with the reference engine, and return the first difference."""
    trace, scenario = fast.trace, fast.scenario
    log = ENGINES[REFERENCE](trace.desk, trace.given, trace.roster)
    for engine, mine in {FAST: trace.log, **by_loop}.items():
        message = _first_message(mine, log)
        if message is not None:
            stream, index = message
            logs = {engine: mine, REFERENCE: log}
            return Difference(
                fast.number,
                f"message {index} of {trace.desk.routes[stream].stream}",
                {name: story(scenario, replace(trace, log=told), stream, index) for name, told in logs.items()},
            )
    tallies = tally(scenario, trace.given, trace.roster, log, buckets(scenario))
    counter = _first_counter(fast.tallies, tallies)
    return Difference(fast.number, *counter) if counter else None


# ---- logs ------------------------------------------------------------------------------------------------------------


def _first_message(left: Log, right: Log) -> tuple[int, int] | None:
    """Return stream and message of the first message of which the logs tell different things."""
    stories = [_first_row(_table(left.visits), _table(right.visits))]
    for stream, (mine, theirs) in enumerate(zip(left.fates, right.fates, strict=True)):
        stories.append(_first_row(_fates(mine, stream), _fates(theirs, stream)))
    return min((message for message in stories if message), default=None)


def _first_row(left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]) -> tuple[int, int] | None:
    """Return the first two values of the first row that only one of two sorted tables has in its place."""
    both = min(len(left), len(right))
    differs = np.flatnonzero((left[:both] != right[:both]).any(axis=1))
    row = int(differs[0]) if len(differs) else both
    rows = [tuple(table[row, :2].tolist()) for table in (left, right) if row < len(table)]
    return min(rows, default=None)


def _table(part: Any) -> npt.NDArray[np.int64]:
    return np.column_stack([getattr(part, field.name) for field in fields(part)])


def _fates(fates: Fates, stream: int) -> npt.NDArray[np.int64]:
    size = len(fates.outcome)
    return np.column_stack((np.full(size, stream), np.arange(size), _table(fates)))


# ---- tallies ---------------------------------------------------------------------------------------------------------


def _first_counter(left: Tallies, right: Tallies) -> tuple[str, dict[str, list[str]]] | None:
    """Return the first counter that differs, and what it is by engine."""
    for part in fields(Tallies):
        mine, theirs = getattr(left, part.name), getattr(right, part.name)
        if isinstance(mine, np.ndarray):
            continue  # the edges of the buckets, given to both
        for field in fields(mine):
            one, other = getattr(mine, field.name), getattr(theirs, field.name)
            if not np.array_equal(one, other):
                place = tuple(np.argwhere(one != other)[0].tolist())
                name = f"counter {part.name}.{field.name}{list(place)}"
                return name, {FAST: [str(one[place])], REFERENCE: [str(other[place])]}
    return None
