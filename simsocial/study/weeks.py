"""The calendar weeks of a run, made of whole reporting intervals, and what the series say of each (R85)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.model.scenario import Scenario
from simsocial.simulation.results import Results
from simsocial.units import DAY, WEEK

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Name = tuple[str, str, str, str]
"""Stream, step, team and measure; empty where they do not apply."""


@dataclass(frozen=True, eq=False)
class Weeks:
    """The weeks of a run after its warm-up.

    Parameters
    ----------
    scenario
        What was run.
    first
        Shape (weeks + 1,), ascending: the first reporting interval of each week, and their number.
    """

    scenario: Scenario
    first: Ints

    @classmethod
    def of(cls, scenario: Scenario) -> Weeks:
        """Cut the run at the first interval that begins in each week from Monday 00:00 on."""
        count = -(-scenario.horizon // scenario.interval)
        begin = min(-(-scenario.warmup // scenario.interval), count - 1)  # R9: the warm-up is left out
        mondays = np.arange(WEEK - into_week(scenario.start), scenario.horizon, WEEK)
        cuts = -(-mondays // scenario.interval)
        return cls(scenario, np.unique([begin, *cuts[(cuts > begin) & (cuts < count)], count]))

    def __len__(self) -> int:
        return len(self.first) - 1

    @property
    def edges(self) -> Ints:
        """Shape (weeks + 1,), ticks."""
        return np.minimum(self.first * self.scenario.interval, self.scenario.horizon)

    @property
    def days(self) -> Floats:
        """Shape (weeks,): how long each is; the first and last may be cut."""
        return np.diff(self.edges) / DAY

    @property
    def starts(self) -> list[dt.date]:
        """The date on which each begins."""
        return [self.scenario.when(edge).date() for edge in self.edges[:-1].tolist()]

    @property
    def names(self) -> list[str]:
        """ISO year and week in which each begins, such as ``2026-W02``."""
        return ["{}-W{:02}".format(*date.isocalendar()[:2]) for date in self.starts]

    def total(self, by_interval: Floats) -> Floats:
        """Add up what is told of every interval; shape (weeks,)."""
        sums: Floats = np.add.reduceat(by_interval[: self.first[-1]], self.first[:-1])
        return sums

    def at_beginning(self, by_interval: Floats) -> Floats:
        """Return what is told of the end of the last interval before each week, 0 before the first; shape (weeks,)."""
        return np.concatenate(([0.0], by_interval))[self.first[:-1]]

    def at_end(self, by_interval: Floats) -> Floats:
        """Return what is told of the last interval of each week; shape (weeks,)."""
        return by_interval[self.first[1:] - 1]


def series_named(results: Results, *names: Name) -> Floats:
    """Return the values of series added up; shape (intervals,), zeros where none are named."""
    places = {
        (row.stream, row.step, row.team, row.measure): place for place, row in enumerate(results.by_interval.rows)
    }
    told: Floats = results.by_interval.value[[places[name] for name in names]]
    total: Floats = told.sum(axis=0)
    return total


def into_day(instant: dt.datetime) -> int:
    """Return the ticks since midnight."""
    return (instant - dt.datetime.combine(instant.date(), dt.time())) // dt.timedelta(milliseconds=1)


def into_week(instant: dt.datetime) -> int:
    """Return the ticks since Monday 00:00."""
    return instant.weekday() * DAY + into_day(instant)
