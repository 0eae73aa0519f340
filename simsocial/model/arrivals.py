"""Where a stream's messages come from: a rate, a timetable, or a file of counts or time stamps (R11–R16)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt

from simsocial.model.bursts import BurstyArrivals
from simsocial.model.piecewise import frozen


class Placing(Enum):
    """Where inside its interval a replayed count's messages arrive (R16)."""

    UNIFORM = "uniform"
    EVEN = "even"


@dataclass(frozen=True, eq=False)
class RateArrivals:
    """A rate that is constant between breaks (R12).

    Parameters
    ----------
    breaks
        Shape (pieces + 1,), ticks, from 0 to the horizon or beyond.
    rates
        Shape (pieces,), messages per tick, without the day factor.
    day_cv
        Coefficient of variation of the day factor (R14).
    """

    breaks: npt.NDArray[np.int64]
    rates: npt.NDArray[np.float64]
    day_cv: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "breaks", frozen(self.breaks, np.int64))
        object.__setattr__(self, "rates", frozen(self.rates, np.float64))


@dataclass(frozen=True, eq=False)
class Timetable:
    """One message at each instant; ``instants`` has shape (messages,), ticks, ascending (R15)."""

    instants: npt.NDArray[np.int64]

    def __post_init__(self) -> None:
        object.__setattr__(self, "instants", frozen(self.instants, np.int64))


@dataclass(frozen=True, eq=False)
class ReplayCounts:
    """Counts per interval, used as they are (R16).

    Parameters
    ----------
    start, end
        Shape (intervals,), ticks; intervals ascend and do not overlap.
    counts
        Shape (intervals,), messages before scaling; of a fraction there is one message more, with that probability.
    scale_from, scale_to
        Factor at the run's start and at its horizon, linear between them.
    placing
        Where in its interval a message arrives.
    """

    start: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]
    counts: npt.NDArray[np.float64]
    scale_from: float = 1.0
    scale_to: float = 1.0
    placing: Placing = Placing.UNIFORM

    def __post_init__(self) -> None:
        for name, kind in (("start", np.int64), ("end", np.int64), ("counts", np.float64)):
            object.__setattr__(self, name, frozen(getattr(self, name), kind))


@dataclass(frozen=True, eq=False)
class ReplayStamps:
    """Time stamps, used as they are (R16).

    Parameters
    ----------
    stamps
        Shape (items,), ticks, ascending.
    scale_from, scale_to
        Factor at the run's start and at its horizon, linear between them.
    spread
        Ticks over which an item's copies are spread after it; 0 for the same instant.
    """

    stamps: npt.NDArray[np.int64]
    scale_from: float = 1.0
    scale_to: float = 1.0
    spread: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "stamps", frozen(self.stamps, np.int64))


OwnArrivals = RateArrivals | Timetable | ReplayCounts | ReplayStamps
"""What comes to a stream without bursts (R12–R16)."""
Arrivals = OwnArrivals | BurstyArrivals
