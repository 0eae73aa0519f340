"""What changes with time: factors of work and rejection, filters and automation (R27, R105-R107)."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import Field, model_validator

from simsocial.config.tables import Table
from simsocial.config.values import Date, Duration, NonNegative, PositiveRatio, Share


class Change(Table):
    """What holds from a date on; what it leaves out stays as before, and ``over`` a time it comes gradually (R105)."""

    changes: ClassVar[tuple[str, ...]]

    from_: Date = Field(alias="from")
    over: Duration | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if all(getattr(self, name) is None for name in self.changes):
            *others, last = self.changes
            every = "both" if len(others) == 1 else "several"
            raise ValueError(f"changes nothing; write {', '.join(others)}, {last}, or {every}")
        return self


class Factor(Change):
    """``factors.X``: what multiplies work and rejection (R27)."""

    changes = ("work", "reject")

    work: PositiveRatio | None = None
    reject: NonNegative | None = None


class Filter(Change):
    """``filters.X``: the shares of the noise and, by mistake, of actionable messages dropped unseen (R106)."""

    changes = ("noise", "lost")

    noise: Share | None = None
    lost: Share | None = None


class Automation(Change):
    """``automation.X``: the ``share`` of messages that a tool tries, and what becomes of them (R107)."""

    changes = ("share", "contained", "quality", "handed_over")

    share: Share | None = None
    contained: Share | None = None
    quality: NonNegative | None = None
    handed_over: PositiveRatio | None = None
