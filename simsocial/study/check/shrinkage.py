"""Planned shrinkage: the paid time of each team by what it is spent on, before anything is simulated (R83, R84)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.model.away import Away
from simsocial.model.outages import up_share
from simsocial.model.roster import Roster
from simsocial.model.scenario import Scenario
from simsocial.units import HOUR, WEEK


@dataclass(frozen=True)
class Shrinkage:
    """Paid time of a team, hours per week: the mean over the run.

    Parameters
    ----------
    team
        Name.
    on_duty
        Expected on the desk.
    breaks, meetings, other_duties, training, leave
        Planned; of all but leave, what is expected of them when agents are absent at random. Training is of those who
        learn and of those who train a class.
    absent
        Expected, and what a rota knows of (R68).
    outages
        Planned, and expected at random (R109).
    """

    team: str
    on_duty: float
    breaks: float
    meetings: float
    other_duties: float
    training: float
    leave: float
    absent: float
    outages: float = 0.0

    @property
    def paid(self) -> float:
        return self.on_duty + self.away

    @property
    def away(self) -> float:
        at_work = self.breaks + self.meetings + self.other_duties + self.training
        return at_work + self.leave + self.absent + self.outages

    @property
    def share(self) -> float:
        """Shrinkage: share of the paid time off the desk; 0 where nobody is paid."""
        return self.away / self.paid if self.paid else 0.0


def shrinkage(scenario: Scenario, roster: Roster) -> tuple[Shrinkage, ...]:
    """Return the shrinkage of every team; ``roster`` is the planned one."""

    def hours(agent: npt.NDArray[np.int64], start: npt.NDArray[np.int64], end: npt.NDArray[np.int64]) -> list[float]:
        length = end.clip(0, scenario.horizon) - start.clip(0, scenario.horizon)
        total = np.bincount(roster.team[agent], length, minlength=len(scenario.teams))
        return list(total / HOUR / (scenario.horizon / WEEK))

    def away(why: Away) -> list[float]:
        which = roster.away_why == why
        return hours(roster.away_agent[which], roster.away_start[which], roster.away_end[which])

    learning = [sum(both) for both in zip(away(Away.TRAINING), away(Away.TEACHING), strict=True)]
    at_work = (*map(away, (Away.BREAK, Away.MEETING, Away.OTHER_DUTY)), learning, away(Away.OUTAGE))
    on_duty = hours(roster.agent, roster.start, roster.end)
    times = zip(on_duty, *at_work, away(Away.LEAVE), away(Away.ABSENT), strict=True)
    return tuple(_expected(scenario, number, *of_team) for number, of_team in enumerate(times))


def _expected(scenario: Scenario, number: int, on_duty: float, *planned: float) -> Shrinkage:
    """Let agents miss a share of all that is neither leave nor an absence that a rota knows of, and things fail."""
    team = scenario.teams[number]
    *at_work, leave, known = planned
    missed = team.absent_share
    absent = known + missed * (on_duty + sum(at_work))
    breaks, meetings, other_duties, training, outages = (hours * (1 - missed) for hours in at_work)
    there = on_duty * (1 - missed)
    works = there * up_share(outage for outage in scenario.outages if number in outage.teams)
    return Shrinkage(team.name, works, breaks, meetings, other_duties, training, leave, absent, outages + there - works)
