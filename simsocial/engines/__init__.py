"""Engines turn drawn messages and a roster into a log; they share data, never control flow (R67)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final

from simsocial.model.desk import Desk
from simsocial.model.log import Log, Logs
from simsocial.model.messages import Messages
from simsocial.model.roster import Roster

Engine = Callable[[Desk, Messages, Roster], Log]
Together = Callable[[Desk, Sequence[Messages], Sequence[Roster]], Iterator[Logs]]
"""Takes messages and roster of each replication; yields the logs of some of them, in order, until it told them all."""
TogetherOfDesks = Callable[[Sequence[tuple[Desk, Messages, Roster]], Sequence[int]], Iterator[Logs]]
"""The same for lanes on different desks; logs are told apart where the numbers given say that another desk begins."""


def _simpy(desk: Desk, messages: Messages, roster: Roster) -> Log:
    from simsocial.engines import reference  # imports SimPy, which only a run needs

    return reference.simulate(desk, messages, roster)


def _numpy(desk: Desk, messages: Messages, roster: Roster) -> Log:
    return next(_numpy_together(desk, [messages], [roster])).alone(0)


def _numpy_together(
    desk: Desk, messages: Sequence[Messages], rosters: Sequence[Roster], *, in_step: bool | None = None
) -> Iterator[Logs]:
    from simsocial.engines import lanes

    pairs = zip(messages, rosters, strict=True)
    return lanes.simulate_lanes([lanes.Lane(desk, *pair) for pair in pairs], in_step=in_step)


def _numpy_of_desks(lanes: Sequence[tuple[Desk, Messages, Roster]], apart: Sequence[int]) -> Iterator[Logs]:
    from simsocial.engines import lanes as engine

    return engine.simulate_lanes([engine.Lane(*lane) for lane in lanes], apart=apart)


ENGINES: Final[dict[str, Engine]] = {"numpy": _numpy, "simpy": _simpy}
"""The engines a run can name."""

TOGETHER: Final[dict[str, Together]] = {"numpy": _numpy_together}
"""Engines that are fast because they simulate many replications at once."""

OF_DESKS: Final[dict[str, TogetherOfDesks]] = {"numpy": _numpy_of_desks}
"""Those that simulate several desks at once too."""

LOOPS: Final[dict[str, Together]] = {
    "numpy, in step": partial(_numpy_together, in_step=True),
    "numpy, one by one": partial(_numpy_together, in_step=False),
}
"""The two ways in which an engine of those works, whichever is quicker for so many; both tell the same."""

QUICKEST: Final = "numpy"
"""The engine that takes the least time, however many replications there are; all tell the same."""
