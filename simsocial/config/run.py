"""How to run and report: seed, replications or a precision to reach, when a stage is behind, an FTE (R43, R50, R85)."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import model_validator

from simsocial.config.scalar import faults_at
from simsocial.config.tables import ByKind, Table
from simsocial.config.values import Count, CountOrZero, Duration, Percent, Share, Text
from simsocial.units import HOUR, WEEK


class UntilPrecise(Table):
    """Replicate until the interval of the measure ``of`` is within ``precision`` of its value."""

    min: Count = 20
    max: Count = 1000
    precision: Percent
    of: Text

    @model_validator(mode="after")
    def _room_to_stop(self) -> Self:
        if self.min < 2:
            raise faults_at((("min",), "an interval needs at least 2 replications"))
        if self.max < self.min:
            raise faults_at((("max",), f"must be at least min, which is {self.min} (got {self.max})"))
        return self


class FallsBehind(Table):
    """Consecutive late checkpoints after which a stage is behind (R50)."""

    persistence: Count = 5


class Run(Table):
    """``[run]``."""

    seed: CountOrZero = 1
    replications: Annotated[Count | UntilPrecise, ByKind()] = 100
    falls_behind: FallsBehind = FallsBehind()
    confidence: Share = 0.95
    full_week: Duration = 40 * HOUR

    @model_validator(mode="after")
    def _some_confidence(self) -> Self:
        if not 0.5 <= self.confidence < 1:
            raise faults_at((("confidence",), f"write a share from 0.5 to below 1 (got {self.confidence:g})"))
        return self

    @model_validator(mode="after")
    def _within_a_week(self) -> Self:
        if self.full_week > WEEK:
            raise faults_at((("full_week",), "paid hours of one person in a week; write at most 168 h"))
        return self
