"""The turning point of a stage: how long a visit's work may be before a week is overloaded, by the fluid forecast."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.measure.fluid import ROUNDING, Forecast, StageForecast

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class TurningPoint:
    """How far all the work of a stage may be stretched (R86).

    Parameters
    ----------
    work
        Mean work of a visit as it is, ticks, over the run.
    most
        The longest at which no week is overloaded, ticks; 0 where some week is so already without this work.
    """

    work: float
    most: float

    @property
    def holds(self) -> bool:
        """Whether no week is overloaded."""
        return self.work <= self.most * (1 + ROUNDING)


def turning_points(forecast: Forecast) -> dict[str, TurningPoint]:
    """Return the turning point of every stage that has work, by its name (R86)."""
    found = {each.stage.name: _of_stage(each) for each in forecast.stages if each.work.sum() > 0}
    return {name: point for name, point in found.items() if math.isfinite(point.most)}


def _of_stage(made: StageForecast) -> TurningPoint:
    """Stretch the stage's own work in every week until R53 calls it overloaded; the tightest week counts."""
    worked = made.work > 0
    beside = (made.load - made.work)[worked]  # competing work stays as it is
    room = np.minimum(made.capacity[worked], made.shared_capacity[worked] - beside).clip(min=0)
    factor = float((room / made.work[worked]).min())
    mean = float(made.work.sum() / made.visits.sum())
    return TurningPoint(work=mean, most=factor * mean)
