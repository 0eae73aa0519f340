"""What takes people off the desk in paid time, and what calls them in beside their shifts (R78–R84)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

Hours = tuple[tuple[int, int], ...]
"""(start, end) of each slot in the week, ticks from Monday 00:00, ascending; ``end`` may pass the week's end."""


class Away(IntEnum):
    """Why somebody is paid and not on duty: every such stretch has exactly one reason (R83)."""

    BREAK = 0
    MEETING = 1
    OTHER_DUTY = 2
    LEAVE = 3
    ABSENT = 4
    TRAINING = 5
    TEACHING = 6
    OUTAGE = 7


@dataclass(frozen=True)
class Absence:
    """Random absence (R78).

    Parameters
    ----------
    share
        Of an agent's dates, from 0 to below 1.
    spell
        Mean number of dates in a row, at least 1 / (1 − share): there each date is by itself.
    """

    share: float
    spell: float

    @property
    def begins(self) -> float:
        """Probability of being absent on a date after one of presence."""
        return self.share / ((1 - self.share) * self.spell)

    @property
    def lasts(self) -> float:
        """Probability of being absent on a date after one of absence."""
        return 1 - 1 / self.spell


@dataclass(frozen=True)
class Leave:
    """Planned leave (R79).

    Parameters
    ----------
    days
        Dates with a shift per agent and year.
    season
        Proportions of the twelve months in which it is earned.
    at_once
        At most so many agents of the team are on leave; ``None`` for any number.
    by_weeks
        Taken in whole weeks, not in single dates.
    """

    days: float
    season: tuple[float, ...] = (1.0,) * 12
    at_once: int | None = None
    by_weeks: bool = True


@dataclass(frozen=True)
class Meeting:
    """Weekly slots at which nobody of the team is on duty (R81), in weeks ``weeks`` of each ``cycle`` (R33)."""

    name: str
    hours: Hours
    weeks: tuple[int, ...] = (1,)
    cycle: int = 1


@dataclass(frozen=True)
class OtherDuty:
    """Weekly slots dealt to ``groups`` of the team (R80): slot j takes the agents of group j mod ``groups``."""

    name: str
    hours: Hours
    groups: int


@dataclass(frozen=True)
class OnCall:
    """Weekly hours at which agents are called in who have no shift then (R82).

    Parameters
    ----------
    name
        Name inside its team.
    hours
        Of each call.
    agents
        At most so many at once.
    for_the_absent
        Only as many as there are agents absent from a shift that begins on the date of the call.
    ranking
        Index into ``Desk.rankings``.
    pace, quality
        While called in.
    """

    name: str
    hours: Hours
    ranking: int
    agents: int = 1
    for_the_absent: bool = False
    pace: float = 1.0
    quality: float = 1.0
