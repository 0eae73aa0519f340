"""How timelines are tested: every engine must tell them, and every engine with a wrong rule must not."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Final

import loops
import mutants_of_desks
import mutants_of_routes
import pytest
import twin
from mutant import Mutant
from told import Engine, Otherwise

from simsocial.engines import reference

ENGINES: Final[Mapping[str, Engine]] = {
    "reference": reference.simulate,
    loops.IN_STEP: loops.in_step,
    loops.ALONE: loops.alone,
    "twin": twin.simulate,
}
MUTANTS: Final[Mapping[str, Mutant]] = {
    name: value
    for module in (mutants_of_routes, mutants_of_desks)
    for name, value in vars(module).items()
    if isinstance(value, Mutant)
}

Timeline = Callable[[Engine], None]


def timeline(*mutants: str) -> Callable[[Timeline], Timeline]:
    """Test a timeline with every engine, and with the ``mutants`` (names) that break the rule which it shows."""

    def decorate(test: Timeline) -> Timeline:
        @functools.wraps(test)
        def check(engine: Engine) -> None:
            if isinstance(engine, Mutant):
                with pytest.raises(Otherwise):
                    test(engine)
            else:
                test(engine)

        right = [pytest.param(engine, id=name) for name, engine in ENGINES.items()]
        wrong = [pytest.param(MUTANTS[name], id=f"not if {name}".replace("_", " ")) for name in mutants]
        return pytest.mark.parametrize("engine", [*right, *wrong])(check)

    return decorate
