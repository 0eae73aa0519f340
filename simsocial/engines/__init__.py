"""Engines turn drawn messages and a roster into a log; they share data, never control flow (R67)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from simsocial.model.desk import Desk
from simsocial.model.log import Log
from simsocial.model.messages import Messages
from simsocial.model.roster import Roster

Engine = Callable[[Desk, Messages, Roster], Log]
Together = Callable[[Desk, Sequence[Messages], Roster], Iterator[Log]]


def _simpy(desk: Desk, messages: Messages, roster: Roster) -> Log:
    from simsocial.engines import reference  # imports SimPy, which only a run needs

    return reference.simulate(desk, messages, roster)


def _numpy(desk: Desk, messages: Messages, roster: Roster) -> Log:
    return next(_numpy_together(desk, [messages], roster))


def _numpy_together(desk: Desk, messages: Sequence[Messages], roster: Roster) -> Iterator[Log]:
    from simsocial.engines import lanes

    try:
        yield from lanes.simulate_lanes([lanes.Lane(desk, each, roster) for each in messages])
    except lanes.OutOfBits:  # millions of messages over centuries; it is raised before anything is told
        yield from (_simpy(desk, each, roster) for each in messages)


ENGINES: Final[dict[str, Engine]] = {"numpy": _numpy, "simpy": _simpy}
"""The engines a run can name."""

TOGETHER: Final[dict[str, Together]] = {"numpy": _numpy_together}
"""Engines that are fast because they simulate many replications at once."""

FEWEST_TOGETHER: Final = 8
"""Replications below which the reference engine takes less time than one that simulates many at once."""


def quickest(replications: int) -> str:
    """Return the engine that takes the least time for so many replications; all tell the same."""
    return "simpy" if replications < FEWEST_TOGETHER else "numpy"
