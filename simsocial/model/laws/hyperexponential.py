"""The hyperexponential law, whose quantile has no formula and is solved for."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simsocial.model.laws.law import Floats


@dataclass(frozen=True)
class HyperExponential:
    """An exponential of mean ``means[i]`` with probability ``shares[i]``."""

    shares: tuple[float, ...]
    means: tuple[float, ...]

    def __post_init__(self) -> None:
        assert len(self.shares) == len(self.means) > 0
        assert min(*self.shares, *self.means) > 0
        assert math.isclose(sum(self.shares), 1)

    @classmethod
    def balanced(cls, mean: float, cv: float) -> HyperExponential:
        """Two branches that carry half of the mean each (Whitt 1982, Oper. Res. 30(1), "balanced means"); cv > 1."""
        assert cv > 1
        share = (1 + math.sqrt((cv**2 - 1) / (cv**2 + 1))) / 2
        return cls((share, 1 - share), (mean / (2 * share), mean / (2 * (1 - share))))

    @property
    def mean(self) -> float:
        return float(np.dot(self.shares, self.means))

    @property
    def cv(self) -> float:
        return math.sqrt(2 * float(np.dot(self.shares, np.square(self.means))) / self.mean**2 - 1)

    def quantile(self, u: Floats) -> Floats:
        """Newton on ln S(t) = ln(1 − u), S the survival function.

        ln S of a mixture of exponentials is convex and falls, so from the left of the root Newton climbs to it without
        passing it. Each value stops by itself when it climbs no more: it does not depend on its neighbours.
        """
        target = -np.log1p(-np.ravel(u))
        t = self._below(target)
        climbing = np.arange(t.size)
        while climbing.size:
            log_survival, hazard = self._survival(t[climbing])
            higher = t[climbing] + (log_survival + target[climbing]) / hazard
            climbs = higher > t[climbing]
            climbing = climbing[climbs]
            t[climbing] = higher[climbs]
        return np.reshape(t, np.shape(u))

    def _below(self, target: Floats) -> Floats:
        """Return instants left of the root: S(t) is at least exp(−t Σ p/m) (Jensen), and at least each branch alone."""
        branches = [mean * (target + math.log(share)) for share, mean in zip(self.shares, self.means, strict=True)]
        jensen = target / sum(share / mean for share, mean in zip(self.shares, self.means, strict=True))
        return np.asarray(np.max([jensen, *branches], axis=0))

    def _survival(self, t: Floats) -> tuple[Floats, Floats]:
        """Return ln S and the hazard at ``t``; ln S from F where F is small, so that both tails keep every digit."""
        share = np.array(self.shares)[:, None] / sum(self.shares)
        mean = np.array(self.means)[:, None]
        branch = share * np.exp(-t / mean)
        survival = branch.sum(axis=0)
        failed = -(share * np.expm1(-t / mean)).sum(axis=0)
        log_survival = np.where(failed < 0.5, np.log1p(-np.minimum(failed, 0.5)), np.log(survival))
        return log_survival, (branch / mean).sum(axis=0) / survival
