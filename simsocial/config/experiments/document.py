"""The whole experiment file as a planner writes it (R115)."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from simsocial.config.run import UntilPrecise
from simsocial.config.scalar import Choice, Scalar, faults_at
from simsocial.config.tables import ByKind, Several, Shorthand, Table
from simsocial.config.values import Count, CountOrZero, Flag, Text, number, read_text, whole

ANYTHING = ("*",)
Number = Annotated[float, number("a number")]
Steps = Annotated[int, whole("a whole number, 2 or more", low=2)]
Path = Annotated[str, Scalar(read_text, schema={"title": "a dotted path", "type": "string", "pattern": r"\S"})]

FORMS = "values, settings, or low and high"


class Factor(Table):
    """One factor: ``values`` of a path or of ``paths``; named ``settings`` of several; or a range (R115)."""

    values: Several[Any] | None = None
    labels: Several[Text] | None = None
    paths: Several[Path] | None = None
    settings: dict[Text, dict[Path, Any]] | None = None
    low: Number | None = None
    high: Number | None = None
    steps: Steps | None = None
    scale: Annotated[Literal["linear", "log"], Choice()] = "linear"
    whole: Flag = False
    unit: Text | None = None

    @property
    def ranges(self) -> bool:
        """Whether it is a range."""
        return self.low is not None or self.high is not None

    @property
    def ends(self) -> tuple[float, float]:
        """Low and high of a range."""
        assert self.low is not None
        assert self.high is not None
        return self.low, self.high

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        forms = [self.values is not None, self.settings is not None, self.ranges]
        if sum(forms) != 1:
            raise ValueError(f"write one of {FORMS}" + (" (got several)" if sum(forms) else ""))
        for key, fits in (("labels", forms[0]), ("paths", not forms[1]), ("steps", forms[2]), ("unit", forms[2])):
            if getattr(self, key) is not None and not fits:
                raise faults_at(((key,), f"goes with {FITS[key]}; leave it out"))
        return self

    @model_validator(mode="after")
    def _something(self) -> Self:
        for key in ("values", "settings", "paths"):
            if getattr(self, key) is not None and not getattr(self, key):
                raise faults_at(((key,), "is empty; write at least one, or leave the factor out"))
        labels = self.labels or ()
        if labels and len(labels) != len(self.values or ()):
            raise faults_at((("labels",), f"write one for each of the {len(self.values or ())} values"))
        if twice := next((label for k, label in enumerate(labels) if label in labels[:k]), None):
            raise faults_at((("labels",), f"two values are called '{twice}'; give each a label of its own"))
        return self

    @model_validator(mode="after")
    def _low_first(self) -> Self:
        if not self.ranges:
            return self
        if self.low is None or self.high is None:
            missing = "low" if self.low is None else "high"
            raise faults_at(((missing,), "missing; a range goes from low to high"))
        if self.low >= self.high:
            raise faults_at((("high",), f"must be more than low, which is {self.low:g} (got {self.high:g})"))
        if self.scale == "log" and self.low <= 0:
            raise faults_at((("low",), f'must be more than 0 where scale = "log" (got {self.low:g})'))
        for key, end in (("low", self.low), ("high", self.high)):
            if self.whole and end % 1:
                raise faults_at(((key,), f"write a whole number where whole = true (got {end:g})"))
        return self


FITS = {"labels": "values", "paths": "values or a range", "steps": "a range", "unit": "a range"}


class Design(Table):
    """``[design]``: which values of the factors meet."""

    kind: Annotated[Literal["grid", "list", "latin_hypercube", "sobol"], Choice()] = "grid"
    points: Count | None = None
    file: Text | None = None

    @model_validator(mode="after")
    def _points_where_drawn(self) -> Self:
        drawn = self.kind in ("latin_hypercube", "sobol")
        if drawn and self.points is None:
            raise faults_at((("points",), "missing; write how many points, such as 256"))
        if not drawn and self.points is not None:
            raise faults_at((("points",), f"a {self.kind} has the points that are written; leave it out"))
        if self.file is not None and self.kind != "list":
            raise faults_at((("file",), 'goes with kind = "list"; leave it out'))
        if self.kind == "sobol" and self.points is not None and self.points & (self.points - 1):
            near = 1 << (self.points - 1).bit_length()
            raise faults_at((("points",), f"Sobol points are even in powers of two; write {near} (got {self.points})"))
        return self


class ExperimentDocument(Table):
    """An experiment file."""

    question: Text
    base: Text
    engine: Annotated[Literal["numpy", "simpy"], Choice()] | None = None
    seed: CountOrZero | None = None
    replications: Annotated[Count | UntilPrecise, ByKind()] | None = None
    measures: Several[Text] = ANYTHING
    fixed: dict[Path, Any] = Field(default_factory=dict)
    design: Design = Design()
    factors: dict[Path, Annotated[Factor, Shorthand("values", Several[Any])]] = Field(default_factory=dict)
    constraints: Several[Text] = ()
    points: Several[dict[Path, Any]] = ()
