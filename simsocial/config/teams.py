"""Teams: people, what they serve and in which order, and when they work (R30-R35, R78-R82)."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from simsocial.config.amounts import LARGEST
from simsocial.config.careers import AnyLeaving, Hiring, Tenured, Training
from simsocial.config.people import AnyAbsence, AnyDip, AnyLeave, AnyMeeting, AnyOnCall, AnyOtherDuty
from simsocial.config.rotas import HeadcountByInterval, Rota
from simsocial.config.scalar import Choice, Scalar, faults_at, shown
from simsocial.config.tables import ByKey, ByKind, Several, Shorthand, Table
from simsocial.config.values import (
    Count,
    CountOrZero,
    DateTime,
    Days,
    Duration,
    Flag,
    Name,
    NonNegative,
    PositiveRatio,
    Share,
    Text,
    WeeksOfCycle,
)
from simsocial.config.weekly import read_clock_ranges, read_weekly_hours, weekly_ranges


class EqualRank(Table):
    """Queues of equal rank, compared by the ``order`` of their heads (R31)."""

    queues: Several[Text]
    order: Annotated[Literal["fifo", "due"], Choice()] = "fifo"


Entry = Annotated[Text | Several[Text] | EqualRank, ByKind()]
"""A queue or wildcard; several of equal rank, first come first served; or a table that says in which order."""


class Concurrency(Table):
    """Threads at once (R35)."""

    slots: Count
    attention: Share = 1.0
    switch_loss: NonNegative = 0.0

    @property
    def pace(self) -> float:
        """What the slots multiply a thread's pace by."""
        return max(1.0, self.slots * self.attention) * (1 + self.switch_loss * (self.slots - 1))


def _read_more(raw: Any) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool) or abs(raw) > LARGEST:
        raise ValueError(f"write a whole number, such as 2 or -1 (got {shown(raw)})")
    return raw


_MORE = {"title": "a whole number, such as 2 or -1", "type": "integer"}
More = Annotated[int, Scalar(_read_more, schema=_MORE, order=float)]
"""So many people more, or fewer."""


class Change(Table):
    """``changes.X``: from ``date`` on the headcount is a number, or so many more (or fewer)."""

    date: DateTime
    headcount: CountOrZero | None = None
    add: More | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.headcount is None) == (self.add is None):
            raise ValueError("write either headcount or add")
        return self


class Break(Table):
    """Time off ``after`` the shift's beginning (R34)."""

    after: Duration
    length: Duration


def _read_hours(raw: Any) -> tuple[str, ...]:
    texts = (raw,) if isinstance(raw, str) else raw
    if not isinstance(texts, list | tuple) or not texts or not all(isinstance(text, str) for text in texts):
        raise ValueError(f'write hours such as "08:00-16:30" (got {shown(raw)})')
    return tuple(texts)


_HOURS = {
    "title": "weekly hours",
    "anyOf": [
        {"type": "string", "examples": ["08:00-16:30", "Mon-Fri 08:00-16:30"]},
        {"type": "array", "items": {"type": "string"}, "minItems": 1},
    ],
}
Hours = Annotated[tuple[str, ...], Scalar(_read_hours, ", ".join, _HOURS)]


class Shift(Table):
    """``[teams.X.shifts.Y]``: hours on ``days``, or a whole weekly pattern; what it leaves out is the team's."""

    days: Days | None = None
    hours: Hours
    count: CountOrZero | None = None
    share: Share | None = None
    break_: Break | None = Field(default=None, alias="break")
    breaks: dict[Name, Break] = Field(default_factory=dict)
    serves: Several[Entry] | None = None
    pace: PositiveRatio | None = None
    quality: NonNegative | None = None
    weeks: WeeksOfCycle | None = None

    @property
    def weekly(self) -> tuple[tuple[int, int], ...]:
        """(start, end) of each duty in the week, ticks from Monday 00:00."""
        text = ", ".join(self.hours)
        return read_weekly_hours(text) if self.days is None else weekly_ranges(self.days, read_clock_ranges(text))

    @property
    def all_breaks(self) -> dict[str, Break]:
        """Its breaks by their place below the shift."""
        named = {f"breaks.{name}": written for name, written in self.breaks.items()}
        return named | ({"break": self.break_} if self.break_ else {})

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        faults: list[tuple[tuple[str, ...], str]] = []
        try:
            duties = self.weekly
        except ValueError as error:
            faults.append((("hours",), str(error)))
        else:
            faults += self._break_faults(max(end - start for start, end in duties))
        if self.count is not None and self.share is not None:
            faults.append((("share",), "leave out count or share; a shift has one of them"))
        if faults:
            raise faults_at(*faults)
        return self

    def _break_faults(self, longest: int) -> list[tuple[tuple[str, ...], str]]:
        faults = [
            (tuple(place.split(".")), "begins when the shift is over; write an earlier time after its beginning")
            for place, written in self.all_breaks.items()
            if written.after >= longest
        ]
        ordered = sorted((b.after, b.after + b.length, place) for place, b in self.all_breaks.items())
        for (_, end, first), (start, _, second) in pairwise(ordered):
            if start < end:
                faults.append((tuple(second.split(".")), f"overlaps {first}; write breaks one after the other"))
        return faults


class Team(Table):
    """``[teams.X]``: what its people serve and how, whichever way it is said when they work."""

    serves: Several[Entry] | None = None
    pace: PositiveRatio = 1.0
    quality: NonNegative = 1.0
    concurrency: Concurrency = Concurrency(slots=1)
    self_review: Flag = False
    absence: AnyAbsence | None = None
    meetings: dict[Name, AnyMeeting] = Field(default_factory=dict)
    other_duties: dict[Name, AnyOtherDuty] = Field(default_factory=dict)
    dips: dict[Name, AnyDip] = Field(default_factory=dict)


class TeamOfShifts(Team):
    """People by number, dealt to shifts (R32, R33), who go on leave, are called in, come, learn and leave."""

    headcount: CountOrZero
    shifts: dict[Name, Shift] = Field(default_factory=dict)
    holidays: Name | None = None
    rotate: Several[Name] = ()
    changes: dict[Name, Change] = Field(default_factory=dict)
    leave: AnyLeave | None = None
    on_call: dict[Name, AnyOnCall] = Field(default_factory=dict)
    training: Training | None = None
    tenure: Several[Tenured] = ()
    leaving: AnyLeaving | None = None
    hiring: dict[Name, Hiring] = Field(default_factory=dict)


class TeamOfRota(Team):
    """People by name, in a file that says what each does when (R68)."""

    rota: Annotated[Rota, Shorthand("file", Text)]


class TeamOfIntervals(Team):
    """So many people in each interval of a file (R69)."""

    headcount_by_interval: Annotated[HeadcountByInterval, Shorthand("file", Text)]


AnyTeam = Annotated[
    TeamOfShifts | TeamOfRota | TeamOfIntervals,
    ByKey("headcount", "rota", "headcount_by_interval", default="headcount", why="one place says who is there when"),
]
