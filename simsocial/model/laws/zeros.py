"""A law with a share of zeros."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simsocial.model.laws.law import Floats, Law

BELOW_ONE = math.nextafter(1.0, 0.0)
"""The largest uniform there is."""


@dataclass(frozen=True)
class WithZero:
    """Zero with probability ``zero_share``, else as ``law``; a patience of zero waits for nobody (R21)."""

    law: Law
    zero_share: float

    def __post_init__(self) -> None:
        assert 0 <= self.zero_share < 1

    @property
    def mean(self) -> float:
        return (1 - self.zero_share) * self.law.mean

    @property
    def cv(self) -> float:
        return math.sqrt((1 + self.law.cv**2) / (1 - self.zero_share) - 1)

    def quantile(self, u: Floats) -> Floats:
        rest = (u - self.zero_share) / (1 - self.zero_share)
        return np.where(u < self.zero_share, 0.0, self.law.quantile(np.clip(rest, 0.0, BELOW_ONE)))
