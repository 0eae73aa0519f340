"""How timelines are tested: every engine must tell them, and every engine with a wrong rule must not."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest
import twin
from told import Engine, Otherwise
from twin import Twin

from simsocial.engines import reference
from simsocial.model.desk import Desk
from simsocial.model.log import Log
from simsocial.model.messages import Messages
from simsocial.model.roster import Roster

ENGINES: Final[Mapping[str, Engine]] = {"reference": reference.simulate, "twin": twin.simulate}


class Mutant:
    """An engine that gets one rule wrong: the slow twin with one method replaced."""

    def __init__(self, **wrong: Callable[..., Any]) -> None:
        self._twin = type("WrongTwin", (Twin,), wrong)

    def __call__(self, desk: Desk, messages: Messages, roster: Roster) -> Log:
        log: Log = self._twin(desk, messages, roster).run()
        return log


Timeline = Callable[[Engine], None]


def timeline(*mutants: Mutant) -> Callable[[Timeline], Timeline]:
    """Test a timeline with every engine, and against ``mutants``: each must break the rule that the timeline shows."""

    def decorate(test: Timeline) -> Timeline:
        @functools.wraps(test)
        def check(engine: Engine) -> None:
            if isinstance(engine, Mutant):
                with pytest.raises(Otherwise):
                    test(engine)
            else:
                test(engine)

        wrong = [pytest.param(mutant, id=f"wrong-{number}") for number, mutant in enumerate(mutants, 1)]
        right = [pytest.param(engine, id=name) for name, engine in ENGINES.items()]
        return pytest.mark.parametrize("engine", [*right, *wrong])(check)

    return decorate
