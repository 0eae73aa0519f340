"""Which messages of a day came of a burst, as the addresses of their draws tell (R73, R75)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.draw.messages import Plan
from simsocial.draw.randomness import Dice, branch_named
from simsocial.model.arrivals import Timetable
from simsocial.model.bursts import Burst, BurstyArrivals
from simsocial.model.scenario import Scenario
from simsocial.units import DAY

Branches = npt.NDArray[np.int64]


@dataclass(frozen=True)
class BurstDay:
    """What a kind of burst brought to a stream on a date.

    Parameters
    ----------
    stream, burst
        Names.
    began
        When it began, by then; ``None`` of bursts without a date.
    came, of
        Messages of the stream that arrived on the date because of it, and all that did.
    """

    stream: str
    burst: str
    began: dt.datetime | None
    came: int
    of: int


class Brought:
    """The messages of one replication, by what brought them.

    Parameters
    ----------
    scenario
        What was run.
    seed, replication
        Of the run; its arrivals are drawn again.
    """

    def __init__(self, scenario: Scenario, *, seed: int, replication: int) -> None:
        self.scenario = scenario
        self._plan, self._dice = Plan.of(scenario), Dice(seed, replication)

    def on(self, date: dt.date) -> Iterator[BurstDay]:
        """Yield the bursts of which messages came on a date, or which began on it, by stream."""
        begin = self.scenario.tick(dt.datetime.combine(date, dt.time()))
        for stream, draw in zip(self.scenario.streams, self._plan.arrivals, strict=True):
            if not isinstance(stream.arrivals, BurstyArrivals) or not stream.arrivals.bursts:
                continue
            arrival, lineage = draw(self._dice)
            branch = lineage.branch[(arrival >= max(begin, 0)) & (arrival < begin + DAY)]
            for burst in stream.arrivals.bursts:
                came, began = _came_of(f"{stream.drawn_as}.{burst.name}", branch), _began(burst, begin + DAY)
                if came or (began is not None and began >= begin):
                    when = None if began is None else self.scenario.when(began)
                    yield BurstDay(stream.name, burst.name, when, came, len(branch))


def _came_of(name: str, branch: Branches) -> int:
    """Count the branches that are of any burst of a name: its number in its week is the last 24 bits."""
    (first,) = branch_named(name, np.zeros(1, np.int64))
    return int((branch >> 24 == first >> 24).sum())


def _began(burst: Burst, by: int) -> int | None:
    """Return when the last burst with a date began before a tick."""
    if not isinstance(burst.begins, Timetable):
        return None
    begun = burst.begins.instants[burst.begins.instants < by]
    return int(begun[-1]) if len(begun) else None
