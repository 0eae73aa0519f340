"""How far the promises charged to a stage were kept over a run: a stage can break them without falling behind (R54)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simsocial.measure.behind.stages import Stage
from simsocial.measure.stats import Estimate
from simsocial.model.scenario import Measured, Promise, Scenario

Estimates = Mapping[tuple[str, str, str, str], Estimate]
"""By stream, step, team and measure."""


@dataclass(frozen=True)
class Kept:
    """A promise charged to a stage.

    Parameters
    ----------
    promise
        Its name.
    promised
        The share of messages to which it is promised.
    share
        To how many it was kept.
    """

    promise: str
    promised: float
    share: Estimate

    @property
    def broken(self) -> bool:
        """Whether it was surely not kept: all of the interval lies below what was promised."""
        return self.share.high < self.promised


def kept_promises(scenario: Scenario, stage: Stage, estimates: Estimates) -> tuple[Kept, ...]:
    """Return how far each promise charged to ``stage`` was kept, in the order of the config."""
    promises = [(stream.name, promise) for stream in scenario.streams for promise in stream.promises]
    charged = (promises[row] for row in stage.promises)
    return tuple(
        Kept(promise.name, promise.share, estimates[stream, *_row(stage, promise)]) for stream, promise in charged
    )


def _row(stage: Stage, promise: Promise) -> tuple[str, str, str]:
    """Return step, team and measure of the row that tells a promise's kept share."""
    if promise.measured is Measured.STEP:
        return stage.step, "", "kept_share"
    return "", "", f"{promise.name}_kept_share"
