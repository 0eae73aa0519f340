"""The laws of random lengths of time as a planner writes them, each turned into the model's law (R21)."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from itertools import pairwise
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
import numpy.typing as npt
from pydantic import model_validator

from simsocial.config.files import Decimal
from simsocial.config.scalar import Choice, faults_at
from simsocial.config.tables import ByWord, Several, Shorthand, Table
from simsocial.config.values import Count, Duration, DurationOrZero, PositiveRatio, Share, Text
from simsocial.model import laws as model
from simsocial.units import DURATIONS

ReadColumn = Callable[[str, str, Decimal | None], npt.NDArray[np.float64]]
"""Returns the numbers, none negative and at least one, in a column of a file: (file, column, sign before decimals)."""


class LawTable(Table):
    """What all laws share: the ways to spell their parameters, and the share of zeros that a patience may have."""

    spellings: ClassVar[tuple[tuple[str, ...], ...]] = ()

    zero_share: Share | None = None

    @model_validator(mode="after")
    def _one_spelling(self) -> Self:
        known = {key for spelling in self.spellings for key in spelling}
        given = [key for key in type(self).model_fields if key in known and getattr(self, key) is not None]
        if self.spellings and set(given) not in map(set, self.spellings):
            right = ", or ".join(" and ".join(spelling) for spelling in self.spellings)
            raise ValueError(f"this law takes {right} (got {' and '.join(given) or 'none of them'})")
        return self

    @abstractmethod
    def compiled(self, column: ReadColumn) -> model.Law:
        """Return the law in ticks, without its share of zeros."""


class Deterministic(LawTable):
    law: Literal["deterministic"]
    value: DurationOrZero

    def compiled(self, column: ReadColumn) -> model.Law:
        return model.Deterministic(self.value)


class Exponential(LawTable):
    law: Literal["exponential"]
    mean: Duration

    def compiled(self, column: ReadColumn) -> model.Law:
        return model.Exponential(self.mean)


class Gamma(LawTable):
    spellings = (("mean", "cv"), ("mean", "shape"))

    law: Literal["gamma"]
    mean: Duration
    cv: PositiveRatio | None = None
    shape: PositiveRatio | None = None

    def compiled(self, column: ReadColumn) -> model.Law:
        if self.shape is not None:
            return model.Gamma.from_shape(self.mean, self.shape)
        assert self.cv is not None
        return model.Gamma(self.mean, self.cv)


class Erlang(LawTable):
    law: Literal["erlang"]
    mean: Duration
    stages: Count

    def compiled(self, column: ReadColumn) -> model.Law:
        return model.Gamma.erlang(self.mean, self.stages)


class LogNormal(LawTable):
    spellings = (("mean", "cv"), ("median", "sigma"))

    law: Literal["lognormal"]
    mean: Duration | None = None
    cv: PositiveRatio | None = None
    median: Duration | None = None
    sigma: PositiveRatio | None = None

    def compiled(self, column: ReadColumn) -> model.Law:
        if self.mean is not None and self.cv is not None:
            return model.LogNormal(self.mean, self.cv)
        assert self.median is not None
        assert self.sigma is not None
        return model.LogNormal.from_median(self.median, self.sigma)


class Weibull(LawTable):
    spellings = (("mean", "shape"), ("mean", "cv"), ("scale", "shape"))

    law: Literal["weibull"]
    mean: Duration | None = None
    cv: PositiveRatio | None = None
    scale: Duration | None = None
    shape: PositiveRatio | None = None

    @model_validator(mode="after")
    def _solvable(self) -> Self:
        if self.cv is not None and not 0.01 <= self.cv <= 1000:
            raise faults_at((("cv",), f"a Weibull's cv is written between 0.01 and 1000 (got {self.cv:g})"))
        if self.shape is not None and not 0.05 <= self.shape <= 1000:
            raise faults_at((("shape",), f"a Weibull's shape is written between 0.05 and 1000 (got {self.shape:g})"))
        return self

    def compiled(self, column: ReadColumn) -> model.Law:
        if self.mean is not None and self.cv is not None:
            return model.Weibull.from_cv(self.mean, self.cv)
        assert self.shape is not None
        if self.mean is not None:
            return model.Weibull(self.mean, self.shape)
        assert self.scale is not None
        return model.Weibull.from_scale(self.scale, self.shape)


class HyperExponential(LawTable):
    spellings = (("mean", "cv"), ("shares", "means"))

    law: Literal["hyperexponential"]
    mean: Duration | None = None
    cv: PositiveRatio | None = None
    shares: Several[Share] | None = None
    means: Several[Duration] | None = None

    @model_validator(mode="after")
    def _mixture(self) -> Self:
        if self.cv is not None and self.cv <= 1:
            raise faults_at((("cv",), f'must be greater than 1; up to 1, write law = "gamma" (got {self.cv:g})'))
        if self.shares is not None and self.means is not None:
            if len(self.shares) != len(self.means):
                raise faults_at((("means",), "write as many means as shares"))
            if min(self.shares, default=0) == 0 or abs(sum(self.shares) - 1) > 1e-9:
                raise faults_at((("shares",), f"must be greater than 0 and add up to 1 (got {sum(self.shares):g})"))
        return self

    def compiled(self, column: ReadColumn) -> model.Law:
        if self.mean is not None and self.cv is not None:
            return model.HyperExponential.balanced(self.mean, self.cv)
        assert self.shares is not None
        assert self.means is not None
        return model.HyperExponential(self.shares, tuple(map(float, self.means)))


class Bounded(LawTable):
    """A law whose parameters, in the order of its fields, never fall and are not all equal."""

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        keys = [key for key in type(self).model_fields if key not in ("law", "zero_share", "source")]
        values = [getattr(self, key) for key in keys]
        if any(b < a for a, b in pairwise(values)) or values[0] == values[-1]:
            raise ValueError(f"write {' ≤ '.join(keys)}, the first less than the last")
        return self


class Uniform(Bounded):
    law: Literal["uniform"]
    low: DurationOrZero
    high: Duration

    def compiled(self, column: ReadColumn) -> model.Law:
        return model.Uniform(self.low, self.high)


class Triangular(Bounded):
    law: Literal["triangular"]
    low: DurationOrZero
    mode: DurationOrZero
    high: Duration

    def compiled(self, column: ReadColumn) -> model.Law:
        return model.Triangular(self.low, self.mode, self.high)


class Pert(Bounded):
    law: Literal["pert"]
    least: DurationOrZero
    usual: DurationOrZero
    most: Duration

    def compiled(self, column: ReadColumn) -> model.Law:
        return model.Pert(self.least, self.usual, self.most)


class Empirical(LawTable):
    law: Literal["empirical"]
    file: Text
    column: Text
    unit: Annotated[Literal["ms", "s", "min", "h", "days", "weeks"], Choice()]
    decimal: Decimal | None = None

    def compiled(self, column: ReadColumn) -> model.Law:
        return model.Empirical(column(self.file, self.column, self.decimal) * DURATIONS[self.unit])


AnyLaw = Annotated[
    Deterministic
    | Exponential
    | Gamma
    | Erlang
    | LogNormal
    | Weibull
    | HyperExponential
    | Uniform
    | Triangular
    | Pert
    | Empirical,
    ByWord("law"),
]
Law = Annotated[AnyLaw, Shorthand("value", DurationOrZero, law="deterministic")]
"""A law, or one length of time."""
