"""What takes a team off the desk in paid time, and what calls it in: absence, leave, meetings, duties (R78-R82);
and when its work takes longer for a time (R104)."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import model_validator

from simsocial.config.amounts import NUMBER
from simsocial.config.scalar import Choice, Scalar, faults_at, shown
from simsocial.config.tables import ByKey, Several, Shorthand, Table
from simsocial.config.values import (
    Count,
    Date,
    Duration,
    Name,
    NonNegative,
    OneOrMore,
    Share,
    WeeklyHours,
    WeeksOfCycle,
)
from simsocial.units import DAY


def _read_days(raw: object) -> float:
    match = re.fullmatch(rf"\s*\+?({NUMBER})\s*days?\s*/\s*year\s*", raw) if isinstance(raw, str) else None
    if match is None:
        raise ValueError(f'write days per year, such as "25 days / year" (got {shown(raw)})')
    if float(match[1]) > 366:
        raise ValueError(f"a year has at most 366 days (got {shown(raw)})")
    return float(match[1])


_DAYS = {
    "title": "days per year",
    "type": "string",
    "pattern": rf"^\s*\+?{NUMBER}\s*days?\s*/\s*year\s*$",
    "examples": ["25 days / year"],
}
DaysPerYear = Annotated[
    float, Scalar(_read_days, lambda days: f"{days!r} days / year".replace(".0 ", " "), _DAYS, lambda days: days)
]


class Absence(Table):
    """``absence``: the share of shifts that an agent misses at random, and how long he then does (R78)."""

    share: Share
    spell: Duration | None = None

    @property
    def dates(self) -> float:
        """Mean number of dates in a row."""
        return 1 / (1 - self.share) if self.spell is None else self.spell / DAY

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.share == 1:
            raise faults_at((("share",), "nobody would ever work; write less than 1"))
        least = 1 / (1 - self.share)
        if self.spell is not None and self.dates < least:
            text = f"shorter than by chance, which is {least:.3g} days at this share; write more, or leave it out"
            raise faults_at((("spell",), text))
        return self


class Leave(Table):
    """``leave``: planned leave of every agent (R79)."""

    days: DaysPerYear
    season: Several[NonNegative] | None = None
    at_once: Count | None = None
    taken_in: Annotated[Literal["weeks", "days"], Choice()] = "weeks"

    @model_validator(mode="after")
    def _whole_season(self) -> Self:
        if self.season is not None and (len(self.season) != 12 or not any(self.season)):
            raise faults_at((("season",), f"write 12 monthly weights, not all 0 (got {len(self.season)})"))
        return self


class Meeting(Table):
    """``meetings.X``: when the whole team is off the desk (R81)."""

    hours: WeeklyHours
    weeks: WeeksOfCycle | None = None


class OtherDuty(Table):
    """``other_duties.X``: weekly slots dealt to groups of the team, one slot each by default (R80)."""

    hours: WeeklyHours
    groups: Count | None = None

    @model_validator(mode="after")
    def _a_slot_for_each(self) -> Self:
        if self.groups is not None and self.groups > len(self.hours):
            text = f"more groups than slots, so some would never go; write at most {len(self.hours)}"
            raise faults_at((("groups",), text))
        return self


class OnCall(Table):
    """``on_call.X``: who comes beside the shifts (R82)."""

    hours: WeeklyHours
    agents: Count = 1
    called: Annotated[Literal["always", "for the absent"], Choice()] = "always"


class DatedDip(Table):
    """``dips.X``: from ``date`` on work takes ``pace`` times as long, less and less until it has recovered (R104)."""

    date: Date
    pace: OneOrMore
    recovers_in: Duration


class DipsOfWaves(Table):
    """``dips.X``: the same from every wave of an adoption."""

    waves_of: Name
    pace: OneOrMore
    recovers_in: Duration


AnyDip = Annotated[DatedDip | DipsOfWaves, ByKey("date", "waves_of")]
AnyAbsence = Annotated[Absence, Shorthand("share", Share)]
AnyLeave = Annotated[Leave, Shorthand("days", DaysPerYear)]
AnyMeeting = Annotated[Meeting, Shorthand("hours", WeeklyHours)]
AnyOtherDuty = Annotated[OtherDuty, Shorthand("hours", WeeklyHours)]
AnyOnCall = Annotated[OnCall, Shorthand("hours", WeeklyHours)]
