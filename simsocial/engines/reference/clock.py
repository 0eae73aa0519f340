"""SimPy's clock with the phases of a tick: what happens first when several things happen at once (R36)."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

import simpy


class Phase(IntEnum):
    """The order inside a tick; SimPy takes the smallest first."""

    WINDOW_END = 0
    WINDOW_START = 1
    EFFECT = 2
    DISPATCH = 3
    LEAVE = 4


class Clock(simpy.Environment):
    """The simulated time of one replication, from tick 0 to the horizon."""

    def __init__(self, horizon: int) -> None:
        super().__init__()
        self.horizon = horizon

    @property
    def now(self) -> int:
        """The current tick; all delays are whole ticks."""
        return self._now  # type: ignore[return-value]

    def wait(self, instant: int, phase: Phase) -> Moment:
        """Return the moment at ``instant`` (ticks) in ``phase``, for a process to wait for."""
        moment = Moment(self)
        self.plan(moment, instant, phase)
        return moment

    def call(self, callback: Callable[[simpy.Event], None], instant: int, phase: Phase) -> None:
        """Call ``callback`` with the moment at ``instant`` in ``phase``."""
        self.wait(instant, phase).callbacks.append(callback)

    def plan(self, moment: Moment, instant: int, phase: Phase) -> None:
        """Let ``moment`` happen at ``instant`` in ``phase``, if that is before the horizon (R2)."""
        if instant < self.horizon:
            moment._ok, moment._value = True, None
            self.schedule(moment, phase, instant - self._now)  # type: ignore[arg-type]  # any whole number orders


class Moment(simpy.Event):
    """An event that happens at a known instant in a known phase (:meth:`Clock.plan`)."""
