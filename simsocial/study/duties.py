"""Who is on duty when, as rows that a planner can compare with his rota."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from simsocial.draw.roster import compile_roster
from simsocial.model.scenario import Scenario
from simsocial.units import WEEK


class Duty(NamedTuple):
    """A window of an agent (R30).

    Parameters
    ----------
    team
        Name.
    agent
        Number inside the team, counted from 0.
    start, end
        Wall-clock instants.
    pace, quality
        Multiply work and rejection.
    serves
        Queues in order of rank; those of equal rank are joined by ``=``.
    """

    team: str
    agent: int
    start: dt.datetime
    end: dt.datetime
    pace: float
    quality: float
    serves: str


def duties(scenario: Scenario, *, weeks: int = 2) -> tuple[Duty, ...]:
    """Return every window that begins in the first weeks, by team, agent and time.

    Parameters
    ----------
    scenario
        Whose teams.
    weeks
        How many, from the start of the run.
    """
    return tuple(_duties(scenario, until=min(weeks * WEEK, scenario.horizon)))


def _duties(scenario: Scenario, *, until: int) -> Iterator[Duty]:
    desk, roster = scenario.desk, compile_roster(scenario)
    numbers = _numbers(roster.team.tolist())
    served = [" > ".join(_equals(scenario, group.queues) for group in ranking.groups) for ranking in desk.rankings]
    for row in (roster.start < until).nonzero()[0].tolist():
        agent = roster.agent.item(row)
        yield Duty(
            team=desk.teams[roster.team.item(agent)],
            agent=numbers[agent],
            start=scenario.when(roster.start.item(row)),
            end=scenario.when(roster.end.item(row)),
            pace=roster.pace.item(row),
            quality=roster.quality.item(row),
            serves=served[roster.serves.item(row)],
        )


def _numbers(teams: list[int]) -> list[int]:
    """Return each agent's number inside his team; agents are in order of team."""
    return [agent - teams.index(team) for agent, team in enumerate(teams)]


def _equals(scenario: Scenario, queues: tuple[int, ...]) -> str:
    return " = ".join(scenario.desk.queues[queue].name for queue in queues)
