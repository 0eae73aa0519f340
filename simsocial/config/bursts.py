"""What comes on top of a stream's own arrivals: bursts, dated or not, and messages that bring others (R73, R74)."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import model_validator

from simsocial.config.laws import AnyLaw
from simsocial.config.tables import Shorthand, Table
from simsocial.config.values import BelowOne, DateTime, Duration, NonNegative


class Burst(Table):
    """``[streams.X.arrivals.bursts.Y]``: ``every`` so often, or one ``at`` an instant (R73).

    Its messages come after its beginning by the law ``decay``; a length of time is the mean of an exponential one.
    """

    size: NonNegative
    decay: Annotated[AnyLaw, Shorthand("mean", Duration, law="exponential")]
    every: Duration | None = None
    at: DateTime | None = None
    size_cv: NonNegative = 0.0

    @model_validator(mode="after")
    def _begins_somehow(self) -> Self:
        if (self.every is None) == (self.at is None):
            written = "none of them" if self.every is None else "both"
            raise ValueError(f"write either every, for bursts at random, or at, for one on a date (got {written})")
        return self


class SelfExciting(Table):
    """Every message brings ``branching_ratio`` others on average, each after an exponential time of mean ``decay``."""

    branching_ratio: BelowOne
    decay: Duration
