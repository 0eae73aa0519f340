"""The lanes engine: many replications and scenarios at once, in numpy, one visit of each in every step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simsocial.engines.lanes.kernel import Kernel
from simsocial.engines.lanes.kernel import OutOfBits as OutOfBits
from simsocial.engines.lanes.tables import Lane as Lane
from simsocial.engines.lanes.written import told
from simsocial.model.desk import Desk
from simsocial.model.log import Log
from simsocial.model.messages import Messages
from simsocial.model.roster import Roster


def simulate(desk: Desk, messages: Messages, roster: Roster) -> Log:
    """Let the messages meet the roster: one lane alone."""
    return next(simulate_lanes([Lane(desk, messages, roster)]))


def simulate_lanes(lanes: Sequence[Lane]) -> Iterator[Log]:
    """Simulate lanes together.

    Parameters
    ----------
    lanes
        On one desk, or on desks that differ in their horizon only.

    Yields
    ------
    Log
        One per lane, in their order.
    """
    kernel = Kernel(lanes)
    written = kernel.run().by_lane(len(lanes), kernel.keys.bits)
    for index, (lane, columns) in enumerate(zip(lanes, written, strict=True)):
        yield told(lane, kernel.records.each[kernel.records.number[index]], kernel.duty.servers(index), columns)
