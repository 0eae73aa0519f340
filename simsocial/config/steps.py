"""The steps of a route: work, reviews and where their rejections go, and what changes with time (R22-R29)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from simsocial.config.backlog import Waiting
from simsocial.config.laws import Law
from simsocial.config.scalar import Choice, faults_at
from simsocial.config.tables import Several, Table
from simsocial.config.technology import Automation, Factor
from simsocial.config.values import Count, Duration, Flag, Name, Share

MOST_ROUNDS = 32
_REVIEW_ONLY = ("reject", "returns_to", "rework", "author_delay", "max_rounds")


class Step(Table):
    """``[streams.X.steps.Y]``; with ``when`` it is a review."""

    work: Law
    share: Share = 1.0
    when: Annotated[Literal["before publication", "after publication"], Choice()] | None = None
    reject: Share | None = None
    returns_to: Name | None = None
    rework: Law | None = None
    author_delay: Law | None = None
    max_rounds: Count | None = None
    expires_after: Duration | None = None
    served_by: Annotated[Literal["nobody"], Choice()] | None = None
    suspend: Flag = False
    prefer: Several[Name] = ()
    factors: dict[Name, Factor] = Field(default_factory=dict)
    automation: dict[Name, Automation] = Field(default_factory=dict)
    backlog: Waiting | None = None

    @model_validator(mode="before")
    @classmethod
    def _fill_rounds(cls, raw: Any) -> Any:
        return {"max_rounds": 5, **raw} if isinstance(raw, Mapping) and "when" in raw else raw

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        faults = self._review_faults() if self.when else self._ordinary_faults()
        if self.served_by:
            alone = 'leave it out: with served_by = "nobody" work starts at once and never stops'
            faults += [((key,), alone) for key in ("suspend", "prefer") if getattr(self, key)]
        if faults:
            raise faults_at(*faults)
        return self

    def _ordinary_faults(self) -> list[tuple[tuple[str, ...], str]]:
        say = 'belongs to a review; say when = "before publication" or "after publication", or leave it out'
        faults = [((key,), say) for key in _REVIEW_ONLY if getattr(self, key) is not None]
        return faults + [
            (("factors", name, "reject"), say) for name, factor in self.factors.items() if factor.reject is not None
        ]

    def _review_faults(self) -> list[tuple[tuple[str, ...], str]]:
        to_author = self.returns_to == "author"
        wrong = {
            "reject": self.reject is None and "missing; a review says which share it rejects, such as 0.1",
            "returns_to": self.returns_to is None and 'missing; write an earlier step of the route, or "author"',
            "author_delay": to_author and self.author_delay is None and "missing; how long the author takes",
            "rework": to_author and self.rework is not None and "leave it out; the author does the rework",
            "max_rounds": (self.max_rounds or 0) > MOST_ROUNDS and f"at most {MOST_ROUNDS} (got {self.max_rounds})",
        }
        if self.returns_to is not None and not to_author and self.author_delay is not None:
            wrong["author_delay"] = 'belongs to returns_to = "author"; leave it out'
        return [((key,), message) for key, message in wrong.items() if message]
