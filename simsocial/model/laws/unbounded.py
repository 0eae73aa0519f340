"""Laws of amounts without an upper bound, by mean and spread: exponential, gamma, lognormal, Weibull."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from simsocial.model.laws.law import Floats


@dataclass(frozen=True)
class Exponential:
    """Exponential with the given ``mean``."""

    mean: float

    def __post_init__(self) -> None:
        assert self.mean > 0

    @property
    def cv(self) -> float:
        return 1.0

    def quantile(self, u: Floats) -> Floats:
        return -self.mean * np.log1p(-u)


@dataclass(frozen=True)
class Gamma:
    """Gamma by ``mean`` and ``cv``; its shape is 1 / cv²."""

    mean: float
    cv: float

    def __post_init__(self) -> None:
        assert self.mean > 0
        assert self.cv > 0

    @classmethod
    def from_shape(cls, mean: float, shape: float) -> Gamma:
        return cls(mean, 1 / math.sqrt(shape))

    @classmethod
    def erlang(cls, mean: float, stages: int) -> Gamma:
        """The sum of ``stages`` exponentials of equal mean, ``mean`` in all."""
        return cls.from_shape(mean, stages)

    def quantile(self, u: Floats) -> Floats:
        shape = self.cv**-2
        return np.asarray(special.gammaincinv(shape, u) * (self.mean / shape))


@dataclass(frozen=True)
class LogNormal:
    """Lognormal by ``mean`` and ``cv``; the logarithm has variance ln(1 + cv²)."""

    mean: float
    cv: float

    def __post_init__(self) -> None:
        assert self.mean > 0
        assert self.cv > 0

    @classmethod
    def from_median(cls, median: float, sigma: float) -> LogNormal:
        """By its median and ``sigma``, the standard deviation of the logarithm."""
        return cls(median * math.exp(sigma**2 / 2), math.sqrt(math.expm1(sigma**2)))

    def quantile(self, u: Floats) -> Floats:
        variance = math.log1p(self.cv**2)
        mu = math.log(self.mean) - variance / 2
        return np.asarray(np.exp(mu + math.sqrt(variance) * special.ndtri(u)))


@dataclass(frozen=True)
class Weibull:
    """Weibull by ``mean`` and ``shape``; below shape 1 its hazard falls."""

    mean: float
    shape: float

    def __post_init__(self) -> None:
        assert self.mean > 0
        assert self.shape > 0

    @classmethod
    def from_scale(cls, scale: float, shape: float) -> Weibull:
        return cls(scale * math.gamma(1 + 1 / shape), shape)

    @classmethod
    def from_cv(cls, mean: float, cv: float) -> Weibull:
        """By ``mean`` and ``cv``; the shape is solved for."""
        from scipy.optimize import brentq

        log_shape = brentq(lambda x: _weibull_log_cv(math.exp(x)) - math.log(cv), math.log(0.05), math.log(1000))
        return cls(mean, math.exp(log_shape))

    @property
    def cv(self) -> float:
        return math.exp(_weibull_log_cv(self.shape))

    def quantile(self, u: Floats) -> Floats:
        scale = self.mean / math.gamma(1 + 1 / self.shape)
        return np.asarray(scale * (-np.log1p(-u)) ** (1 / self.shape))


def _weibull_log_cv(shape: float) -> float:
    """Logarithm of a Weibull's cv: cv² = Γ(1 + 2/k) / Γ(1 + 1/k)² − 1."""
    return math.log(math.expm1(math.lgamma(1 + 2 / shape) - 2 * math.lgamma(1 + 1 / shape))) / 2
