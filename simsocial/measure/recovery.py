"""How long a stage needs after a burst until no more waits than before it (R77)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from simsocial.errors import Fault, InputError
from simsocial.measure.definitions import Kind
from simsocial.measure.rows import Row
from simsocial.measure.totals import by_stage, ends_of_intervals
from simsocial.model.arrivals import Timetable
from simsocial.model.bursts import BurstyArrivals
from simsocial.model.scenario import Scenario
from simsocial.model.tallies import Tallies
from simsocial.units import DAY, HOUR, WEEK

PREFIX: Final = "back_after_"
"""What stands before the name of a burst in the name of the measure."""
UNIT: Final = "h"
DEFINITION: Final = (
    "Time from the beginning of a burst that is written with a date until no more waits than before it; infinite where "
    "the backlog is not back within the run (R77)."
)


@dataclass(frozen=True)
class Event:
    """A burst at an instant, and a stage of its stream.

    Parameters
    ----------
    stream, step, burst
        Names.
    place
        Of the stage among all steps, by streams and routes.
    since
        Tick at which the burst begins.
    """

    stream: str
    step: str
    burst: str
    place: int
    since: int

    @property
    def measure(self) -> str:
        return PREFIX + self.burst

    @property
    def row(self) -> Row:
        return Row(self.stream, self.step, "", self.measure, UNIT, Kind.QUANTILE)


@lru_cache(maxsize=4)
def events(scenario: Scenario) -> tuple[Event, ...]:
    """Return the bursts with a date, each with every stage of its stream that people serve, by stage.

    One that begins in the first reporting interval has no level before it, and is left out.
    """
    return tuple(_events(scenario))


def _events(scenario: Scenario) -> Iterator[Event]:
    place = -1
    for stream, route in zip(scenario.streams, scenario.desk.routes, strict=True):
        bursts = stream.arrivals.bursts if isinstance(stream.arrivals, BurstyArrivals) else ()
        dated = [
            (each.name, tick)
            for each in bursts
            if isinstance(each.begins, Timetable)
            for tick in each.begins.instants.tolist()
            if scenario.interval <= tick < scenario.horizon
        ]
        for step in route.steps:
            place += 1
            if not step.nobody:
                yield from (Event(stream.name, step.name, burst, place, tick) for burst, tick in dated)


def rows(scenario: Scenario) -> tuple[Row, ...]:
    """Return a row for each of the :func:`events`."""
    return tuple(event.row for event in events(scenario))


def evaluate(scenario: Scenario, tallies: Tallies) -> npt.NDArray[np.float64]:
    """Return how many hours each event takes until the stage is back; shape (…, rows), infinite where it is not."""
    lasting = events(scenario)
    several = tallies.flows.joined.shape[:-2]
    hours = np.zeros((*several, len(lasting)))
    if lasting:
        ends = ends_of_intervals(scenario, tallies.edges)
        waiting = by_stage(scenario, tallies.flows.waiting.take(ends, axis=-1))
        for number, event in enumerate(lasting):
            for one in np.ndindex(several):
                hours[(*one, number)] = _hours_until_back(
                    tallies.edges[ends], waiting[(*one, event.place)], event.since
                )
    return hours


def time_until_back(scenario: Scenario, tallies: Tallies, *, stage: str, since: int) -> float:
    """Tell when a stage's backlog is back at its level before a burst.

    Parameters
    ----------
    scenario, tallies
        What was simulated, and what was counted in one replication.
    stage
        ``<stream>.<step>``.
    since
        Tick at which the burst begins, at least a reporting interval after the start and before the horizon.

    Returns
    -------
    float
        Hours from the beginning of the burst to the end of a reporting interval, by R77; infinite where the backlog
        is not back within the horizon.

    Raises
    ------
    InputError
        When there is no such stage, or no interval of the run ends before the burst.
    """
    stages = [f"{route.stream}.{step.name}" for route in scenario.desk.routes for step in route.steps]
    if stage not in stages:
        raise InputError(Fault(f"there is no stage {stage!r}; there are {', '.join(stages)}"))
    ends = ends_of_intervals(scenario, tallies.edges)
    waiting = by_stage(scenario, tallies.flows.waiting.take(ends, axis=1))[stages.index(stage)]
    return _hours_until_back(tallies.edges[ends], waiting, since)


def _hours_until_back(end: npt.NDArray[np.int64], waiting: npt.NDArray[np.int64], since: int) -> float:
    before, after = (end > since - WEEK) & (end <= since), end > since
    if not before.any() or not after.any():
        raise InputError(Fault("no reporting interval ends in the week before the burst, or none after it"))
    end, above = np.append(since, end[after]), np.append(False, waiting[after] > waiting[before].max())
    calm = np.flatnonzero(~above)
    next_above = np.append(end[above], end[-1])[np.searchsorted(np.flatnonzero(above), calm)]
    back = calm[next_above - end[calm] >= DAY]
    return float((end[back[0]] - since) / HOUR) if len(back) else math.inf
