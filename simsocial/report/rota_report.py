"""Who is on duty when, agents with the same hours on one line."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.table import Table

from simsocial.measure.behind.wording import WEEKDAYS
from simsocial.report.words import day, ranges
from simsocial.study.duties import Duty

Pattern = tuple[tuple[int, str], ...]
"""(day of the week from 0, hours) of one agent in one week."""


def rota_report(duties: Sequence[Duty]) -> RenderableType:
    """Return a table with a row per week, team and hours."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    for heading in ("Week of", "Team", "Agents", "Days", "Hours"):
        table.add_column(heading, overflow="fold")
    names = {(duty.team, duty.agent): duty.name for duty in duties if duty.name is not None}
    for (week, team), patterns in _patterns(duties).items():
        for pattern, agents in patterns.items():
            whose = ", ".join(names[team, agent] for agent in agents) if (team, agents[0]) in names else ranges(agents)
            for days, hours in _days(pattern):
                table.add_row(day(week), team, whose, days, hours)
    return table


def _patterns(duties: Sequence[Duty]) -> dict[tuple[dt.date, str], dict[Pattern, list[int]]]:
    """Return who shares which hours, by week and team."""
    hours: dict[tuple[dt.date, str], dict[int, dict[int, list[str]]]] = defaultdict(dict)
    for duty in duties:
        date = duty.start.date()
        week = hours[date - dt.timedelta(date.weekday()), duty.team]
        week.setdefault(duty.agent, defaultdict(list))[date.weekday()].append(_hours(duty))
    shared: dict[tuple[dt.date, str], dict[Pattern, list[int]]] = {}
    for key, agents in sorted(hours.items(), key=lambda item: item[0][0]):
        patterns = shared.setdefault(key, {})
        for agent, days in agents.items():
            pattern = tuple((weekday, ", ".join(spells)) for weekday, spells in days.items())
            patterns.setdefault(pattern, []).append(agent)
    return shared


def _hours(duty: Duty) -> str:
    length = duty.end - dt.datetime.combine(duty.start.date(), dt.time())
    end = "24:00" if length == dt.timedelta(days=1) else f"{duty.end:%H:%M}"
    more = "" if length <= dt.timedelta(days=2) else f" {duty.end:%Y-%m-%d}"
    return f"{duty.start:%H:%M}–{end}{more}"


def _days(pattern: Pattern) -> Iterable[tuple[str, str]]:
    """Return the days of a week that have the same hours together."""
    together: dict[str, list[int]] = {}
    for weekday, hours in pattern:
        together.setdefault(hours, []).append(weekday)
    return [(ranges(days, WEEKDAYS), hours) for hours, days in together.items()]
