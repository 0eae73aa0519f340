"""Outages: what cannot arrive and who cannot work, on a date, every week or at random (R108, R109)."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import model_validator

from simsocial.config.laws import Deterministic, Law
from simsocial.config.scalar import Choice, faults_at
from simsocial.config.tables import Several, Table
from simsocial.config.values import DateTime, Duration, Name, WeeklyHours, WeeksOfCycle


class Outage(Table):
    """``[outages.X]``: ``at`` an instant or ``every`` so often for a ``length``, or in weekly ``hours``."""

    streams: Several[Name] = ()
    teams: Several[Name] = ()
    at: DateTime | None = None
    every: Duration | None = None
    length: Law | None = None
    hours: WeeklyHours | None = None
    weeks: WeeksOfCycle | None = None
    messages: Annotated[Literal["come later", "are lost"], Choice()] | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        ways = [name for name in ("at", "every", "hours") if getattr(self, name) is not None]
        if len(ways) != 1:
            written = " and ".join(ways) or "none of them"
            raise ValueError(
                f"write one of at, for an outage on a date, every, for outages at random, and hours, for one every "
                f"week (got {written})"
            )
        if not self.streams and not self.teams:
            raise ValueError("stops nothing; write which streams cannot arrive, or which teams cannot work")
        if faults := self._faults(ways[0]):
            raise faults_at(*faults)
        return self

    def _faults(self, way: str) -> list[tuple[tuple[str, ...], str]]:
        weekly = way == "hours"
        wrong = {
            "length": weekly and self.length is not None and "leave it out; the hours say how long",
            "weeks": not weekly and self.weeks is not None and "belongs to hours; leave it out",
            "messages": not self.streams and self.messages is not None and "belongs to streams; leave it out",
        }
        if not weekly and self.length is None:
            wrong["length"] = 'missing; write how long it lasts, such as "3 h"'
        elif self.at is not None and not isinstance(self.length, Deterministic):
            wrong["length"] = 'an outage on a date lasts a known time; write it, such as "3 h"'
        return [((key,), message) for key, message in wrong.items() if message]
