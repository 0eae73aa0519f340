"""The lanes engine: many replications and scenarios at once, in numpy, one visit of each in every step.

A few go one after the other instead, in plain Python, which is faster for them and tells the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from simsocial.engines.lanes import alone, kernel
from simsocial.engines.lanes.batch import Batch
from simsocial.engines.lanes.tables import Lane as Lane
from simsocial.engines.lanes.told import Teller
from simsocial.model.alike import structure
from simsocial.model.desk import Desk
from simsocial.model.log import Log, Logs
from simsocial.model.messages import Messages
from simsocial.model.roster import Roster

MOST_TOGETHER: Final = 4096
"""Lanes that advance together: enough that calls cost little, few enough that their state stays in the cache."""

FEWEST_IN_STEP: Final = 60
"""Lanes from which on it takes less time to advance them together than one after the other.

Measured: fewer than 50 for M2, `quickstart` and `brand_care`, some 120 for `broker_review`.
"""


def simulate(desk: Desk, messages: Messages, roster: Roster) -> Log:
    """Let the messages meet the roster: one lane alone."""
    return next(simulate_lanes([Lane(desk, messages, roster)])).alone(0)


def simulate_lanes(lanes: Sequence[Lane], *, apart: Sequence[int] = (), in_step: bool | None = None) -> Iterator[Logs]:
    """Simulate lanes, together where they follow each other on desks that differ in their horizon only.

    Parameters
    ----------
    lanes
        In any number.
    apart
        Numbers of lanes that are told apart from those before them, as where another scenario begins.
    in_step
        Whether lanes advance together. Default: as takes the least time.

    Yields
    ------
    Logs
        Of some lanes, in their order.
    """
    for first, behind in pairwise(_bounds(lanes)):
        part = lanes[first:behind]
        batch = Batch(part)
        together = batch.fits and (len(part) >= FEWEST_IN_STEP if in_step is None else in_step)
        written = kernel.run(batch) if together else alone.run(batch)
        teller = Teller(part, batch.records, batch.duty)
        here = [number - first for number in apart if first < number < behind]
        for happened in written.by_lane(apart=here):
            yield teller.logs(happened)


def _bounds(lanes: Sequence[Lane]) -> list[int]:
    """Return where lanes begin that advance together, and the number of lanes."""
    desks = {id(lane.desk): lane.desk for lane in lanes}
    alike = {key: structure(desk) for key, desk in desks.items()}
    bounds = [0]
    for number, (before, lane) in enumerate(pairwise(lanes), 1):
        full = number - bounds[-1] == MOST_TOGETHER
        if full or alike[id(before.desk)] != alike[id(lane.desk)]:
            bounds.append(number)
    return [*bounds, len(lanes)] if lanes else []
