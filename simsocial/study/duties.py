"""Who is on duty when, as rows that a planner can compare with his rota."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from simsocial.draw.roster import compile_roster
from simsocial.errors import InputError
from simsocial.model.scenario import Scenario
from simsocial.units import DAY, WEEK


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
    name
        Of the agent, where a rota gives it.
    """

    team: str
    agent: int
    start: dt.datetime
    end: dt.datetime
    pace: float
    quality: float
    serves: str
    name: str | None = None


def duties(scenario: Scenario, *, weeks: int = 2, since: dt.date | None = None) -> tuple[Duty, ...]:
    """Return every window that begins in some weeks, by team, agent and time.

    Parameters
    ----------
    scenario
        Whose teams.
    weeks
        How many.
    since
        Date at whose midnight they begin; default: the start of the run.

    Raises
    ------
    InputError
        When that date does not lie in the run.
    """
    first = 0 if since is None else scenario.tick(dt.datetime(since.year, since.month, since.day))
    if first <= -DAY or first >= scenario.horizon:
        begin, end = f"{scenario.start:%Y-%m-%d}", f"{scenario.when(scenario.horizon - 1):%Y-%m-%d}"
        raise InputError(f"from: write a date of the run, {begin} to {end} (got {since:%Y-%m-%d})")
    return tuple(_duties(scenario, first, min(first + weeks * WEEK, scenario.horizon)))


def _duties(scenario: Scenario, begin: int, end: int) -> Iterator[Duty]:
    desk, roster = scenario.desk, compile_roster(scenario)
    numbers = _numbers(roster.team.tolist())
    served = [" > ".join(_equals(scenario, group.queues) for group in ranking.groups) for ranking in desk.rankings]
    for row in ((roster.start >= begin) & (roster.start < end)).nonzero()[0].tolist():
        agent = roster.agent.item(row)
        team = roster.team.item(agent)
        names = scenario.teams[team].names
        yield Duty(
            team=desk.teams[team],
            agent=numbers[agent],
            start=scenario.when(roster.start.item(row)),
            end=scenario.when(roster.end.item(row)),
            pace=roster.pace.item(row),
            quality=roster.quality.item(row),
            serves=served[roster.serves.item(row)],
            name=names[numbers[agent]] if names else None,
        )


def _numbers(teams: list[int]) -> list[int]:
    """Return each agent's number inside his team; agents are in order of team."""
    return [agent - teams.index(team) for agent, team in enumerate(teams)]


def _equals(scenario: Scenario, queues: tuple[int, ...]) -> str:
    return " = ".join(scenario.desk.queues[queue].name for queue in queues)
