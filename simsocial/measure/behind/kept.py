"""How far the promises charged to a stage were kept over a run: a stage can break them without falling behind (R54)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simsocial.measure.behind.stages import Stage
from simsocial.measure.stats import Estimate
from simsocial.model.promises import Measured, Promise
from simsocial.model.scenario import Scenario

Estimates = Mapping[tuple[str, str, str, str], Estimate]
"""By stream, step, team and measure."""


@dataclass(frozen=True)
class Elsewhere:
    """A step before the stage to which a promise is charged, at which messages wait longer than at all others.

    Parameters
    ----------
    step
        Dotted name.
    wait, wait_here
        Mean waits there and at the stage, minutes.
    """

    step: str
    wait: float
    wait_here: float


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
    elsewhere
        Where most of the time passes that it takes, if that is not the stage to which it is charged.
    """

    promise: str
    promised: float
    share: Estimate
    elsewhere: Elsewhere | None = None

    @property
    def broken(self) -> bool:
        """Whether it was surely not kept: all of the interval lies below what was promised."""
        return self.share.high < self.promised


def kept_promises(scenario: Scenario, stage: Stage, estimates: Estimates) -> tuple[Kept, ...]:
    """Return how far each promise charged to ``stage`` was kept, in the order of the config."""
    promises = [(stream.name, promise) for stream in scenario.streams for promise in stream.promises]
    charged = (promises[row] for row in stage.promises)
    return tuple(
        Kept(
            promise.name,
            promise.share,
            estimates[stream, *_row(stage, promise)],
            None if promise.measured is Measured.STEP else _elsewhere(scenario, stage, estimates),
        )
        for stream, promise in charged
    )


def _elsewhere(scenario: Scenario, stage: Stage, estimates: Estimates) -> Elsewhere | None:
    """Return the step at which most of the time passes until the end of ``stage``, if that is an earlier one."""
    route = next(route for route in scenario.desk.routes if route.stream == stage.stream)
    steps = [step.name for step in route.steps]
    until = steps[: steps.index(stage.step) + 1]
    waits = {step: estimates[stage.stream, step, "", "wait_mean"].value for step in until}
    longest = max(until, key=lambda step: waits[step])
    if longest == stage.step or not waits[longest] > sum(waits.values()) / 2:
        return None
    return Elsewhere(f"{stage.stream}.{longest}", waits[longest], waits[stage.step])


def _row(stage: Stage, promise: Promise) -> tuple[str, str, str]:
    """Return step, team and measure of the row that tells a promise's kept share."""
    if promise.measured is Measured.STEP:
        return stage.step, "", "kept_share"
    return "", "", f"{promise.name}_kept_share"
