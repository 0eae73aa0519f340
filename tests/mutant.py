"""A mutant: an engine that gets one rule wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twin import Twin

from simsocial.model.desk import Desk
from simsocial.model.log import Log
from simsocial.model.messages import Messages
from simsocial.model.roster import Roster


class Mutant:
    """The slow twin with one method replaced."""

    def __init__(self, **wrong: Callable[..., Any]) -> None:
        self._twin = type("WrongTwin", (Twin,), wrong)

    def __call__(self, desk: Desk, messages: Messages, roster: Roster) -> Log:
        log: Log = self._twin(desk, messages, roster).run()
        return log
