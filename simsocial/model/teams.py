"""Teams: how many people, when they work, and what takes them off the desk (R30–R35, R68, R78–R82)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from simsocial.model.away import Absence, Leave, Meeting, OnCall, OtherDuty
from simsocial.model.careers import Career
from simsocial.model.piecewise import Piecewise
from simsocial.model.rota import Rota


@dataclass(frozen=True)
class Break:
    """Time off inside a shift: ticks after its beginning, and length (R34)."""

    after: int
    length: int


@dataclass(frozen=True)
class Shift:
    """A weekly pattern of duty.

    Parameters
    ----------
    name
        Name inside its team.
    hours
        (start, end) of each duty in the week, ticks from Monday 00:00; ``end`` may pass the week's end.
    weight
        Proportion of the team's agents (a count or a share, R32).
    ranking
        Index into ``Desk.rankings``.
    breaks, pace, quality
        In each of these duties.
    weeks, cycle
        Worked in weeks ``weeks`` (counted from 1) of each ``cycle`` weeks (R33).
    """

    name: str
    hours: tuple[tuple[int, int], ...]
    weight: float
    ranking: int
    breaks: tuple[Break, ...] = ()
    pace: float = 1.0
    quality: float = 1.0
    weeks: tuple[int, ...] = (1,)
    cycle: int = 1


@dataclass(frozen=True)
class Dip:
    """Work takes longer for a time (R104).

    Parameters
    ----------
    begin
        Tick at which the date begins on which it does, before the start too.
    pace
        What multiplies work on that date.
    recovers_in
        Ticks from then on in which it comes back to 1, in equal steps from date to date.
    """

    begin: int
    pace: float
    recovers_in: int


@dataclass(frozen=True)
class Team:
    """People who share a name, shifts and a ranking; ``name`` is ``Desk.teams`` at the same index.

    Parameters
    ----------
    headcount
        Agents in force over time, whole numbers; changes take effect at their instant.
    shifts
        In the config's order.
    slots, slot_pace
        Threads per agent, and what they multiply his pace by (R35).
    rotate
        Shift indexes through which the agents of those shifts move, a week each; empty for none.
    days_off
        Dates on which no shift begins.
    absence, leave, meetings, other_duties, on_call
        What takes agents off the desk, and what calls them in (R78–R82).
    dips
        When its work takes longer for a time (R104).
    rota
        Who works when, said row by row (R68, R69): the only shift then has no hours, and says pace, quality and
        ranking; ``None`` for a team of shifts.
    career
        How its people come, learn and leave (R92–R98); ``None`` where nothing of it changes anything.
    """

    name: str
    headcount: Piecewise
    shifts: tuple[Shift, ...]
    slots: int = 1
    slot_pace: float = 1.0
    rotate: tuple[int, ...] = ()
    days_off: frozenset[dt.date] = frozenset()
    absence: Absence | None = None
    leave: Leave | None = None
    meetings: tuple[Meeting, ...] = ()
    other_duties: tuple[OtherDuty, ...] = ()
    on_call: tuple[OnCall, ...] = ()
    dips: tuple[Dip, ...] = ()
    rota: Rota | None = None
    career: Career | None = None

    @property
    def seats(self) -> int:
        """How many agents it ever has."""
        return int(self.headcount.values.max()) + (self.career.seats if self.career else 0)

    @property
    def worst_quality(self) -> float:
        """The largest factor by which its people's careers multiply rejection, at least 1 (R94)."""
        return max(self.career.path.quality) if self.career else 1.0

    @property
    def posts(self) -> tuple[Shift | OnCall, ...]:
        """What a window can be of: the shifts, then the calls."""
        return (*self.shifts, *self.on_call)

    @property
    def names(self) -> tuple[str, ...]:
        """Of its agents, by number; empty where they have only numbers (R62, R68, R69)."""
        known = self.rota.agents if self.rota else ()
        return () if known == tuple(map(str, range(len(known)))) else known

    @property
    def absent_share(self) -> float:
        """Share of the shifts that agents miss at random (R78)."""
        return self.absence.share if self.absence else 0.0

    @property
    def has_time_away(self) -> bool:
        """Whether anything but breaks takes agents off the desk (R78–R81)."""
        by_rota = self.rota is not None and self.rota.has_time_away
        planned = (self.leave and self.leave.days) or self.meetings or self.other_duties or self.career
        return bool(by_rota or self.absent_share or planned)
