"""A rota: people by name, with the stretches of time in which each is on duty or paid for something else (R68, R69)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt

from simsocial.model.away import Away
from simsocial.model.piecewise import frozen

ON_DUTY = -1
"""In the place of a reason for being away."""


class Activity(Enum):
    """What somebody does by a rota (R68)."""

    ON_DUTY = "on duty"
    BREAK = "break"
    MEETING = "meeting"
    OTHER_DUTY = "other duty"
    LEAVE = "leave"
    ABSENT = "absent"
    OFF = "off"


PAID = {Activity.ON_DUTY: ON_DUTY} | {
    activity: int(Away[activity.name]) for activity in Activity if activity.name in Away.__members__
}
"""What rows of paid time say in a :class:`Rota`."""


@dataclass(frozen=True, eq=False)
class Rota:
    """Who works when, said row by row.

    Parameters
    ----------
    agents
        Names; an agent's place is his number in the team.
    agent, start, end
        Shape (rows,), number of the agent and ticks; by agent, then start. An agent's rows do not overlap. They may
        begin before the run and reach beyond the horizon.
    why
        Shape (rows,), :data:`ON_DUTY`, or the :class:`~simsocial.model.away.Away` of paid time off duty.
    """

    agents: tuple[str, ...]
    agent: npt.NDArray[np.int64]
    start: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]
    why: npt.NDArray[np.int64]

    def __post_init__(self) -> None:
        for name in ("agent", "start", "end", "why"):
            object.__setattr__(self, name, frozen(getattr(self, name), np.int64))
        same = np.diff(self.agent) == 0
        assert (np.diff(self.agent) >= 0).all()
        assert (self.start[1:] >= self.end[:-1])[same].all()

    @property
    def has_time_away(self) -> bool:
        """Whether it has anything but duty and breaks."""
        return bool((self.why > Away.BREAK).any())
