"""Laws of amounts between bounds: deterministic, uniform, triangular, PERT, and a sample of observed values."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from simsocial.model.laws.law import Floats
from simsocial.model.piecewise import frozen


@dataclass(frozen=True)
class Deterministic:
    """Always ``value``."""

    value: float

    def __post_init__(self) -> None:
        assert self.value >= 0

    @property
    def mean(self) -> float:
        return self.value

    @property
    def cv(self) -> float:
        return 0.0

    def quantile(self, u: Floats) -> Floats:
        return np.full(np.shape(u), float(self.value))


@dataclass(frozen=True)
class Uniform:
    """Uniform between ``low`` and ``high``."""

    low: float
    high: float

    def __post_init__(self) -> None:
        assert 0 <= self.low < self.high

    @property
    def mean(self) -> float:
        return (self.low + self.high) / 2

    @property
    def cv(self) -> float:
        return (self.high - self.low) / math.sqrt(12) / self.mean

    def quantile(self, u: Floats) -> Floats:
        return self.low + (self.high - self.low) * np.asarray(u)


@dataclass(frozen=True)
class Triangular:
    """A density that rises in a straight line from ``low`` to ``mode`` and falls to ``high``."""

    low: float
    mode: float
    high: float

    def __post_init__(self) -> None:
        assert 0 <= self.low <= self.mode <= self.high
        assert self.low < self.high

    @property
    def mean(self) -> float:
        return (self.low + self.mode + self.high) / 3

    @property
    def cv(self) -> float:
        sides = (self.mode - self.low) ** 2 + (self.high - self.mode) ** 2 + (self.high - self.low) ** 2
        return math.sqrt(sides / 36) / self.mean

    def quantile(self, u: Floats) -> Floats:
        width, rise = self.high - self.low, self.mode - self.low
        rising = self.low + np.sqrt(u * (width * rise))
        falling = self.high - np.sqrt((1 - u) * (width * (width - rise)))
        return np.where(u < rise / width, rising, falling)


@dataclass(frozen=True)
class Pert:
    """PERT by the ``least``, ``usual`` and ``most`` amount: a beta on [least, most] (Clark 1962, Oper. Res. 10(3)).

    Its mean is (least + 4 usual + most) / 6, its parameters are 1 + 4 (usual − least) / (most − least) and
    1 + 4 (most − usual) / (most − least); its variance is then (mean − least) (most − mean) / 7.
    """

    least: float
    usual: float
    most: float

    def __post_init__(self) -> None:
        assert 0 <= self.least <= self.usual <= self.most
        assert self.least < self.most

    @property
    def mean(self) -> float:
        return (self.least + 4 * self.usual + self.most) / 6

    @property
    def cv(self) -> float:
        return math.sqrt((self.mean - self.least) * (self.most - self.mean) / 7) / self.mean

    def quantile(self, u: Floats) -> Floats:
        width = self.most - self.least
        left, right = 1 + 4 * (self.usual - self.least) / width, 1 + 4 * (self.most - self.usual) / width
        return np.asarray(self.least + width * special.betaincinv(left, right, u))


@dataclass(frozen=True, eq=False)
class Empirical:
    """Each of ``values`` equally likely; they are kept sorted.

    Parameters
    ----------
    values
        Shape (values,).
    """

    values: Floats

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", frozen(np.sort(self.values), np.float64))
        assert len(self.values) > 0
        assert self.values[0] >= 0

    @property
    def mean(self) -> float:
        return float(self.values.mean())

    @property
    def cv(self) -> float:
        return float(self.values.std()) / self.mean if self.mean else 0.0

    def quantile(self, u: Floats) -> Floats:
        return self.values[np.floor(np.multiply(u, len(self.values))).astype(np.int64)]
