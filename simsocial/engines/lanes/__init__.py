"""The lanes engine: many replications and scenarios at once, in numpy, one visit of each in every step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simsocial.engines.lanes.kernel import Kernel
from simsocial.engines.lanes.kernel import OutOfBits as OutOfBits
from simsocial.engines.lanes.tables import Lane as Lane
from simsocial.engines.lanes.told import Teller
from simsocial.model.desk import Desk
from simsocial.model.log import Log, Logs
from simsocial.model.messages import Messages
from simsocial.model.roster import Roster


def simulate(desk: Desk, messages: Messages, roster: Roster) -> Log:
    """Let the messages meet the roster: one lane alone."""
    return next(simulate_lanes([Lane(desk, messages, roster)])).alone(0)


def simulate_lanes(lanes: Sequence[Lane], *, apart: Sequence[int] = ()) -> Iterator[Logs]:
    """Simulate lanes together.

    Parameters
    ----------
    lanes
        On one desk, or on desks that differ in their horizon only.
    apart
        Numbers of lanes that are told apart from those before them, as where another scenario begins.

    Yields
    ------
    Logs
        Of some lanes, in their order.
    """
    kernel = Kernel(lanes)
    teller = Teller(lanes, kernel.records, kernel.duty)
    for happened in kernel.run().by_lane(kernel.records.sizes, apart=apart):
        yield teller.logs(happened)
