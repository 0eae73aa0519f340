"""Streams: classes of work with their arrivals, promises, patience, route and steps (R6, R11, R17)."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from simsocial.config.arrivals import Arrivals
from simsocial.config.laws import Law
from simsocial.config.scalar import faults_at
from simsocial.config.steps import Step
from simsocial.config.tables import Several, Shorthand, Table
from simsocial.config.technology import Filter
from simsocial.config.values import DurationOrZero, Name, Share, Within

ELAPSED = "elapsed"


class Promise(Table):
    """``[streams.X.promises.Y]``: ``share`` of the messages ``within`` a time that ``clock`` counts (R5-R8)."""

    within: Within
    share: Share
    clock: Name = ELAPSED
    grace: DurationOrZero = 0

    @model_validator(mode="after")
    def _one_reading(self) -> Self:
        if self.clock == ELAPSED and self.within.end_of_day is not None:
            raise faults_at((("within",), "business days need a calendar; write its name as clock"))
        if self.clock != ELAPSED and self.within.in_days:
            number = self.within.text.split()[0]
            both = f'write its open hours, such as "10 h", or "end of business day + {number}"'
            raise faults_at((("within",), f'"{self.within.text}" on a calendar can be read in two ways; {both}'))
        return self


class Actionable(Table):
    """The ``share`` of messages that need work; with ``triage`` an agent finds that out first (R17)."""

    share: Share = 1.0
    triage: Law | None = None


class Stream(Table):
    """``[streams.X]``."""

    route: Several[Name]
    arrivals: Arrivals
    steps: dict[Name, Step]
    calendar: Name | None = None
    actionable: Annotated[Actionable, Shorthand("share", Share)] = Actionable()
    filters: dict[Name, Filter] = Field(default_factory=dict)
    patience: Law | None = None
    promises: dict[Name, Promise] = Field(default_factory=dict)
    split: dict[Name, Share] | None = None
