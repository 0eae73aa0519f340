"""The lanes engine with one of its loops, however many lanes there are."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Final

import pytest

from simsocial.engines import lanes
from simsocial.model.desk import Desk
from simsocial.model.log import Log
from simsocial.model.messages import Messages
from simsocial.model.roster import Roster

IN_STEP, ALONE = "lanes in step", "lanes alone"
LOOPS: Final = {IN_STEP: 1, ALONE: sys.maxsize}
"""By loop, the number of lanes from which on they advance together."""


@contextmanager
def only(loop: str, engine: ModuleType = lanes) -> Iterator[None]:
    """Let the engine simulate everything with one loop."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "FEWEST_IN_STEP", LOOPS[loop])
        yield


def in_step(desk: Desk, messages: Messages, roster: Roster) -> Log:
    with only(IN_STEP):
        return lanes.simulate(desk, messages, roster)


def alone(desk: Desk, messages: Messages, roster: Roster) -> Log:
    with only(ALONE):
        return lanes.simulate(desk, messages, roster)
