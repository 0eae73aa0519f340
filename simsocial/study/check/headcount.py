"""Planned headcount over time, by stage of development, and what training takes (R93, R98)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.model.away import Away
from simsocial.model.capacity import time_in_buckets
from simsocial.model.careers import Stage
from simsocial.model.cells import Buckets
from simsocial.model.roster import Roster
from simsocial.model.scenario import Scenario
from simsocial.units import HOUR, WEEK

Ticks = npt.NDArray[np.int64]
Index = npt.NDArray[np.int64]

PERIOD = 4 * WEEK


@dataclass(frozen=True)
class Headcount:
    """A team with careers in four weeks, or in what is left of the run.

    Parameters
    ----------
    team
        Name.
    start
        Of the period.
    waiting, in_class, nesting, ramping, full
        People in each stage, averaged over time; those who wait are not employed.
    training_hours, teaching_hours
        Paid time of those who learn and of those who train a class, hours in all.
    """

    team: str
    start: dt.datetime
    waiting: float
    in_class: float
    nesting: float
    ramping: float
    full: float
    training_hours: float
    teaching_hours: float

    @property
    def employed(self) -> float:
        return self.in_class + self.nesting + self.ramping + self.full


def headcounts(scenario: Scenario, roster: Roster) -> Iterator[Headcount]:
    """Yield the headcounts of every team whose people come, learn or leave; ``roster`` is the planned one."""
    edges = np.append(np.arange(0, scenario.horizon, PERIOD), scenario.horizon)

    def time(agent: Index, start: Ticks, end: Ticks) -> Ticks:
        group = roster.team[agent]
        return time_in_buckets(start, end, Buckets(edges), group=group, groups=len(scenario.teams))[:, : len(edges) - 1]

    def people(stage: Stage) -> npt.NDArray[np.float64]:
        rows = roster.stage == stage
        mean: npt.NDArray[np.float64] = time(
            roster.stage_agent[rows], roster.stage_start[rows], roster.stage_end[rows]
        ) / np.diff(edges)
        return mean

    def hours(why: Away) -> npt.NDArray[np.float64]:
        rows = roster.away_why == why
        paid: npt.NDArray[np.float64] = (
            time(roster.away_agent[rows], roster.away_start[rows], roster.away_end[rows]) / HOUR
        )
        return paid

    stages = [Stage.WAITING, Stage.IN_CLASS, Stage.NESTING, Stage.RAMPING, Stage.FULL]
    told = np.stack([*map(people, stages), hours(Away.TRAINING), hours(Away.TEACHING)])
    for number, team in enumerate(scenario.teams):
        if team.career is not None:
            for period, row in enumerate(told[:, number].T.tolist()):
                yield Headcount(team.name, scenario.when(edges[period]), *row)
