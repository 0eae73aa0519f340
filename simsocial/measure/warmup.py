"""Advice for the warm-up: how long a run looks as if its waiting lines were still filling up (R9)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from simsocial.measure.series import SeriesTable
from simsocial.measure.stats import mser5
from simsocial.units import DAY, HOUR, WEEK

Floats = npt.NDArray[np.float64]

LEAST_WEEKS: Final = 4
"""Fewer do not tell a start that differs from a week that does."""
STEADY: Final = 0.1
"""Where the volume of the second half differs by more from that of the first, waiting lines have no level to reach."""
MATTERS: Final = 0.02
"""A warm-up matters when it moves the mean number waiting by more."""


@dataclass(frozen=True)
class WarmupAdvice:
    """What is advised for the warm-up of a run.

    Parameters
    ----------
    length
        Ticks to leave out at the start, in whole hours, or whole days from two on; ``None`` where none can be advised.
    change
        By how much of itself the mean number waiting would change with it in place of the run's own warm-up.
    matters
        Whether the run's own warm-up is shorter, and the change is worth it.
    sentence
        The same in words.
    """

    length: int | None
    change: float
    matters: bool
    sentence: str


def warmup_advice(table: SeriesTable, *, warmup: int, horizon: int) -> WarmupAdvice:
    """Advise a warm-up by MSER-5 on the number waiting in all stages together, its means over replications.

    What recurs every week is levelled out first. No advice is given to runs of fewer than four weeks, to intervals that
    do not divide a week, to a volume that changes over the run, and to waiting lines that reach no level within its
    first half. Seasons and changes of headcount can look like a start that differs: whether they are meant, a planner
    must judge.

    Parameters
    ----------
    table
        Series from the start of the run.
    warmup, horizon
        Of the run, ticks.
    """
    interval = int(table.start[1]) if len(table.start) > 1 else horizon
    if horizon < LEAST_WEEKS * WEEK or WEEK % interval:
        return _none("the run is too short, or its reporting interval does not divide a week")
    if not _steady(_total(table, "arrived")):
        return _none("the volume changes over the run, so that waiting lines have no level to reach")
    waiting = _without_rhythm(_total(table, "backlog"), WEEK // interval)
    cut = mser5(waiting)
    if cut is None:
        return _none("waiting lines reach no level within the first half of the run")
    return _advice(_rounded_up(cut * interval), warmup, waiting, interval)


def _total(table: SeriesTable, measure: str) -> Floats:
    """Return a measure of every interval, added up over what it is told of; shape (intervals,)."""
    total: Floats = table.value[[row.measure == measure for row in table.rows]].sum(axis=0)
    return total


def _steady(arrived: Floats) -> bool:
    first, second = (half.mean() for half in np.array_split(arrived, 2))
    return bool(abs(second - first) <= STEADY * first)


def _without_rhythm(values: Floats, per_week: int) -> Floats:
    """Level out what recurs every week: medians of each interval over all whole weeks, which a start hardly moves."""
    weeks = len(values) // per_week
    typical = np.median(values[: weeks * per_week].reshape(weeks, per_week), axis=0)
    return values - np.resize(typical - typical.mean(), len(values))


def _rounded_up(ticks: int) -> int:
    unit = DAY if ticks >= 2 * DAY else HOUR
    return -(-ticks // unit) * unit


def _advice(length: int, warmup: int, waiting: Floats, interval: int) -> WarmupAdvice:
    now, then = (float(waiting[-(-ticks // interval) :].mean()) for ticks in (warmup, length))
    change = then / now - 1 if now > 0 else 0.0
    if length <= warmup or abs(change) <= MATTERS:
        return WarmupAdvice(length, change, False, "the warm-up is long enough (MSER-5)")
    spelled = f"{length // DAY} days" if length >= 2 * DAY else f"{length // HOUR} h"
    sentence = (
        f"in the first {spelled} the waiting lines look as if they were still filling up (MSER-5); without them "
        f"{abs(change):.0%} {'more' if change > 0 else 'fewer'} wait on average; "
        f'write time.warmup = "{spelled}" unless the desk does start like that'
    ).replace("%", " %")
    return WarmupAdvice(length, change, True, sentence)


def _none(because: str) -> WarmupAdvice:
    return WarmupAdvice(None, math.nan, False, f"no warm-up can be advised: {because}")
