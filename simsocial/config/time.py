"""When the run happens, in which intervals it is reported, and the named calendars that count promises (R1, R4, R9)."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import model_validator

from simsocial.config.files import HolidaysFile
from simsocial.config.scalar import faults_at
from simsocial.config.tables import ByKind, Several, Table
from simsocial.config.values import Date, DateTime, Duration, DurationOrZero, Text, WeeklyHours, Zone
from simsocial.units import MINUTE


class Time(Table):
    """``[time]``: from ``start`` for ``horizon``, reported per ``interval``, measured after ``warmup``.

    ``zone`` is that of the desk's clock, to which instants of files move that come from another (R71).
    """

    start: DateTime
    horizon: Duration
    interval: Duration = 30 * MINUTE
    warmup: DurationOrZero = 0
    zone: Zone | None = None

    @model_validator(mode="after")
    def _in_our_times(self) -> Self:
        if self.warmup >= self.horizon:
            raise faults_at((("warmup",), "nothing is left to measure; write less than the horizon"))
        if not 1900 <= self.start.year <= 2900:
            raise faults_at((("start",), f"write a year from 1900 to 2900 (got {self.start.year})"))
        return self


class OpenHours(Table):
    """``[calendars.X]``: open hours by weekday, and dates on which it does not open, or a file of them."""

    hours: WeeklyHours
    holidays: Annotated[Text | Several[Date] | HolidaysFile, ByKind()] = ()
