"""How to run: seed, replications or a precision to reach, and when a stage counts as behind (R43, R50)."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import model_validator

from simsocial.config.scalar import faults_at
from simsocial.config.tables import ByKind, Table
from simsocial.config.values import Count, CountOrZero, Percent, Share, Text


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

    @model_validator(mode="after")
    def _some_confidence(self) -> Self:
        if not 0.5 <= self.confidence < 1:
            raise faults_at((("confidence",), f"write a share from 0.5 to below 1 (got {self.confidence:g})"))
        return self
