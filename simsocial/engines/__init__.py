"""Engines turn drawn messages and a roster into a log; they share data, never control flow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from simsocial.model.desk import Desk
from simsocial.model.log import Log
from simsocial.model.messages import Messages
from simsocial.model.roster import Roster

Engine = Callable[[Desk, Messages, Roster], Log]


def _simpy(desk: Desk, messages: Messages, roster: Roster) -> Log:
    from simsocial.engines import reference  # imports SimPy, which only a run needs

    return reference.simulate(desk, messages, roster)


ENGINES: Final[dict[str, Engine]] = {"simpy": _simpy}
"""The engines a run can name."""
