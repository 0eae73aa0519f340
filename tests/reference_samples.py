"""What a reference case measures in a stretch of time: sums over visits, their ratios, and how far off they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Z = 4.5


@dataclass(frozen=True)
class Sample:
    """Visits in one replication, in the case's unit of time, seen through a window; what never happened is infinite.

    ``begun`` is the end of waiting: the start of work, or the instant of leaving. ``fresh`` marks messages' first
    visits of all.
    """

    joined: Floats
    begun: Floats
    end: Floats
    lost: Bools
    fresh: Bools
    window: tuple[float, float]

    @property
    def span(self) -> float:
        return self.window[1] - self.window[0]

    @cached_property
    def inside(self) -> Bools:
        return (self.joined >= self.window[0]) & (self.joined < self.window[1])

    @cached_property
    def wait(self) -> Floats:
        return (self.begun - self.joined)[self.inside]

    @cached_property
    def gone(self) -> Bools:
        return self.lost[self.inside]

    @cached_property
    def whole(self) -> Floats:
        return (self.end - self.joined)[self.inside]

    def present(self, since: Floats, until: Floats) -> float:
        """Return the integral over the window of the number of visits between ``since`` and ``until``."""
        return float(np.sum(np.clip(until, *self.window) - np.clip(since, *self.window)))


Metric = Callable[[Sample], float]
Ratio = tuple[Metric, Metric]
"""A numerator and a denominator; means of both are taken before they are divided."""


def one(_: Sample) -> float:
    return 1.0


def count(s: Sample) -> float:
    return float(np.sum(s.inside))


def served(s: Sample) -> float:
    return float(np.sum(~s.gone))


def lost(s: Sample) -> float:
    return float(np.sum(s.gone))


def delayed(s: Sample) -> float:
    """Count those not served at once; who leaves at once because he would have to wait is one of them."""
    return float(np.sum((s.wait > 0) | s.gone))


def within(s: Sample, *, x: float) -> float:
    return float(np.sum(~s.gone & (s.wait <= x)))


def beyond(s: Sample, *, x: float) -> float:
    return float(np.sum(s.wait > x))


def served_or_late(s: Sample, *, x: float) -> float:
    return float(np.sum(~s.gone | (s.wait > x)))


def span(s: Sample) -> float:
    return s.span


def busy(s: Sample) -> float:
    return s.present(s.begun, s.end)


def total(s: Sample) -> float:
    """Add up the times from joining to end."""
    return float(np.sum(s.whole))


def in_system(s: Sample) -> float:
    return s.present(s.joined, s.end)


def offered_load(s: Sample) -> float:
    """Return arrivals × mean service, which over the span is the load offered."""
    return float(len(s.wait) * np.mean((s.whole - s.wait)[~s.gone]))


def queue_metrics(*, servers: int, thresholds: Sequence[float] = ()) -> dict[str, Ratio]:
    """Return the metrics of a queue by their names in the cases."""
    share_of_time = busy, lambda s: servers * s.span
    metrics: dict[str, Ratio] = {
        "P_wait": (delayed, count),
        "Wq": (lambda s: np.sum(s.wait), count),
        "Wq_served": (lambda s: np.sum(s.wait[~s.gone]), served),
        "W": (total, count),
        "P_abandon": (lost, count),
        "P_abandon_given_wait": (lost, delayed),
        "Lq": (lambda s: s.present(s.joined, s.begun), span),
        "L": (in_system, span),
        "rho": share_of_time,
        "utilisation": share_of_time,
        "throughput": (served, span),
        "arrival_rate": (count, span),
        "offered_load": (offered_load, span),
    }
    for x in thresholds:
        metrics |= _at_threshold(f"_{x:.6g}", x)
    return metrics | ({"SL": metrics[f"SL_{thresholds[0]:.6g}"]} if thresholds else {})


def variance_of_wait(*, mean: float, third: float, weight: float) -> Ratio:
    """Return the variance around a known mean, without the luck of the services' draw.

    In E W^2 = 2 (E W)^2 + E S^3 rate / (3 (1 - rho)) (Takacs) a few giants among the services decide over E S^3, and
    no sample shows its own error. So the excess of the seen S^3 over the law's ``third`` moment, times the ``weight``
    it has there, is taken off: a control variate with a mean of 0.
    """

    def spread(s: Sample) -> float:
        return float(np.sum((s.wait - mean) ** 2 - weight * ((s.whole - s.wait) ** 3 - third)))

    return spread, count


def _at_threshold(name: str, x: float) -> dict[str, Ratio]:
    return {
        f"SL{name}": (partial(within, x=x), count),
        f"P_wait_gt{name}": (partial(beyond, x=x), count),
        f"P_abandon_within{name}": (lambda s: np.sum(s.gone & (s.wait <= x)), count),
        f"SL_served_or_late{name}": (partial(within, x=x), partial(served_or_late, x=x)),
    }


def instant_metrics(t: float, servers: int) -> dict[str, Ratio]:
    """Return the metrics of a transient case at the instant ``t``."""

    def number(s: Sample, since: Floats, until: Floats) -> float:
        return float(np.sum((since <= t) & (until > t)))

    return {
        "mean_in_system": (lambda s: number(s, s.joined, s.end), one),
        "mean_queue": (lambda s: number(s, s.joined, s.begun), one),
        "P_all_busy": (lambda s: float(number(s, s.begun, s.end) == servers), one),
        "mean_busy": (lambda s: number(s, s.begun, s.end), one),
    }


@dataclass(frozen=True)
class Target:
    """A value to be reproduced.

    Parameters
    ----------
    name
        As in the case.
    queue
        ``stream.step``, rework included; a stream's name means all its steps.
    ratio
        What is measured.
    value, se
        What it must be, and the standard error of that.
    sd
        Standard deviation of one sample where theory knows it: rare values have no spread in a small sample.
    rare
        Whether it is so rare that a relative standard error of 2 % would take too many paths.
    """

    name: str
    queue: str
    ratio: Ratio
    value: float
    se: float = 0.0
    sd: float | None = None
    rare: bool = False


def estimate(rows: Sequence[Floats], targets: Sequence[Target]) -> tuple[Floats, Floats]:
    """Return the ratios of means of shape (targets,) and their standard errors by the delta method.

    ``rows`` are of shape (2, targets): numerators and denominators of one sample.
    """
    numerator, denominator = np.moveaxis(np.array(rows), 1, 0)
    ratio = numerator.mean(axis=0) / denominator.mean(axis=0)
    residual = (numerator - ratio * denominator) / denominator.mean(axis=0)
    spread = [
        seen if target.sd is None else target.sd
        for target, seen in zip(targets, residual.std(axis=0, ddof=1), strict=True)
    ]
    return ratio, np.array(spread) / np.sqrt(len(rows))


def deviations(targets: Sequence[Target], mean: Floats, se: Floats) -> dict[str, float]:
    """Return z of every target, with both standard errors; what cannot vary must be right exactly."""
    gap = mean - [target.value for target in targets]
    error = np.hypot(se, [target.se for target in targets])
    z = np.divide(gap, error, out=np.where(gap == 0, 0.0, np.inf), where=error > 0)
    return {target.name: float(value) for target, value in zip(targets, z, strict=True)}


def off(z: Mapping[str, float]) -> dict[str, float]:
    return {name: value for name, value in z.items() if not abs(value) <= Z}
