"""The answer: the value that was sought with its interval, and every value tried on the way (R124)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from simsocial.config.vary import Vary
from simsocial.measure.stats import Estimate
from simsocial.model.scenario import Scenario
from simsocial.study.solve.conditions import Condition, Standing
from simsocial.study.solve.effort import Effort


@dataclass(frozen=True)
class Tried:
    """A value that was tried.

    Parameters
    ----------
    value
        As the config takes it: a number, a date, or a text with its unit.
    written
        As a user writes it.
    number
        On an axis: the number without its unit; of a date, its ordinal.
    replications
        That it rests on.
    estimates
        Of the measure of each condition, with intervals of the ``level`` of the effort.
    holds
        Whether all conditions hold by the estimates.
    standing
        The same by the intervals.
    """

    value: Any
    written: str
    number: float
    replications: int
    estimates: tuple[Estimate, ...]
    holds: bool
    standing: Standing


@dataclass(frozen=True)
class Disorder:
    """Two values in the order in which the condition should come to hold, of which the second is surely worse."""

    better: Tried
    worse: Tried


@dataclass(frozen=True, eq=False)
class Solution:
    """The value that keeps the conditions.

    Parameters
    ----------
    vary, conditions
        What was asked.
    smallest
        Whether the smallest value that holds was found, as the conditions hold towards the upper end; else the largest.
    sure
        Whether a value was asked for that holds by its interval, not just by its estimate.
    answer
        The value.
    failing
        Its neighbour at which the conditions do not hold (of a sure answer: not surely).
    low, high
        Limits of the interval around the value at which the conditions truly begin to hold; ``None`` where it reaches
        beyond the range.
    effort
        How many replications a value got, and the confidence of the intervals.
    tried
        Every value tried, ascending.
    disorders
        Where the conditions are surely not monotone, worst first; none where all goes well.
    scenario
        With the answer in place.
    seed
        Of all that is random.
    started, process_seconds
        Local date and time, and processor time that it took.
    """

    vary: Vary
    conditions: tuple[Condition, ...]
    smallest: bool
    sure: bool
    answer: Tried
    failing: Tried
    low: Tried | None
    high: Tried | None
    effort: Effort
    tried: tuple[Tried, ...]
    disorders: tuple[Disorder, ...]
    scenario: Scenario = field(repr=False)
    seed: int
    started: dt.datetime
    process_seconds: float

    @property
    def value(self) -> Any:
        """The answer as the config takes it."""
        return self.answer.value
