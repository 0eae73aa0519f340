"""Tallies of teams: on duty, at work, overrun and away, by exact overlap of visits with windows (R29, R39, R46)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import numpy as np

from simsocial.measure.tally.replications import Index, Replications
from simsocial.model.away import Away
from simsocial.model.capacity import time_in_buckets
from simsocial.model.cells import Bools, Buckets, Cells, Ticks
from simsocial.model.roster import Roster, stacked
from simsocial.model.scenario import Scenario
from simsocial.model.tallies import TeamTimes
from simsocial.units import NEVER


@dataclass(frozen=True, eq=False)
class _Spells:
    """Stretches ``[start, end)`` of agents' time.

    Parameters
    ----------
    row
        Shape (spells,), where they are counted: replication, or roster, × teams + team.
    agent
        Shape (spells,), as numbered in the rosters of all replications.
    start, end
        Shape (spells,), ticks.
    """

    row: Index
    agent: Index
    start: Ticks
    end: Ticks

    @property
    def length(self) -> Ticks:
        return self.end - self.start

    def only(self, which: Bools | Index) -> _Spells:
        return _Spells(*(column[which] for column in vars(self).values()))

    def within(self, start: int, end: int) -> _Spells:
        """Return each spell cut to ``[start, end)``, possibly to nothing."""
        return _Spells(self.row, self.agent, self.start.clip(start, end), self.end.clip(start, end))


@dataclass(frozen=True, eq=False)
class _Rota:
    """What rosters say of the time from the warm-up to the horizon.

    Parameters
    ----------
    windows
        By agent, ascending and without overlap.
    on_duty, duty_agents
        As in :class:`~simsocial.model.tallies.TeamTimes`, for each of the rosters.
    away
        By reason, likewise.
    starts, ends
        The windows' starts and ends among the instants of all agents, told apart by :func:`_of_agent`.
    """

    windows: _Spells
    on_duty: Ticks
    duty_agents: Ticks
    away: dict[Away, Ticks]
    starts: Buckets
    ends: Buckets


def team_times(replications: Replications) -> TeamTimes:
    """Add up time from the warm-up to the horizon (R9); what the horizon cuts counts up to it."""
    scenario, number = replications.scenario, replications.roster_number
    rota = _rota(scenario, replications.different_rosters, replications.buckets)
    time = partial(_time, scenario, replications.buckets, tables=len(replications))
    visit = _served(replications)
    work = _work(replications, visit)
    which, on_duty_work = _overlap(work, rota, horizon=scenario.horizon)
    overrun = _runs_over(replications, visit, work, which, on_duty_work).nonzero()[0]
    busy = time(on_duty_work)
    return TeamTimes(
        on_duty=rota.on_duty[number],
        busy=busy,
        overrun=time(*_less(work.only(overrun), on_duty_work.only(np.isin(which, overrun)))),
        duty_agents=rota.duty_agents[number],
        on_break=rota.away[Away.BREAK][number],
        in_meetings=rota.away[Away.MEETING][number],
        at_other_duties=rota.away[Away.OTHER_DUTY][number],
        on_leave=rota.away[Away.LEAVE][number],
        absent=rota.away[Away.ABSENT][number],
        in_training=rota.away[Away.TRAINING][number],
        teaching=rota.away[Away.TEACHING][number],
        in_outages=rota.away[Away.OUTAGE][number],
        worked_agents=busy if (replications.roster.slots == 1).all() else time(_merged(on_duty_work)),
    )


@lru_cache(maxsize=1)
def _rota(scenario: Scenario, rosters: tuple[Roster, ...], buckets: Buckets) -> _Rota:
    roster, teams = stacked(rosters), len(scenario.desk.teams)
    row = np.repeat(np.arange(len(rosters)), [len(each.team) for each in rosters]) * teams + roster.team

    def measured(agent: Index, start: Ticks, end: Ticks) -> _Spells:
        spells = _Spells(row[agent], agent, start, end).within(scenario.warmup, scenario.horizon)
        return spells.only(spells.length > 0)

    time = partial(_time, scenario, buckets, tables=len(rosters))
    windows = measured(roster.agent, roster.start, roster.end)
    beyond = _of_agent(len(roster.team), 0, scenario.horizon)

    def away(why: Away) -> Ticks:
        which = roster.away_why == why
        return time(measured(roster.away_agent[which], roster.away_start[which], roster.away_end[which]))

    def among_all(instant: Ticks) -> Buckets:
        return Buckets(np.concatenate(([-1], _of_agent(windows.agent, instant, scenario.horizon), [beyond])))

    return _Rota(
        windows=windows,
        on_duty=time(windows, roster.slots[windows.agent]),
        duty_agents=time(windows),
        away={why: away(why) for why in Away},
        starts=among_all(windows.start),
        ends=among_all(windows.end),
    )


def _of_agent(agent: Index | int, instant: Ticks | int, horizon: int) -> Any:
    """Return a number for an instant of an agent that orders them by agent, then by time."""
    return agent * (horizon + 1) + instant


def _time(scenario: Scenario, buckets: Buckets, spells: _Spells, weight: Ticks | int = 1, *, tables: int) -> Ticks:
    """Add spells up by table, team and bucket."""
    rows = tables * len(scenario.desk.teams)
    time = time_in_buckets(spells.start, spells.end, buckets, group=spells.row, groups=rows, weight=weight)
    return time.reshape(tables, -1, len(buckets))


def _less(spells: _Spells, others: _Spells) -> tuple[_Spells, Ticks]:
    """Return both with a weight each, 1 and -1."""
    both = _Spells(*(np.concatenate(pair) for pair in zip(vars(spells).values(), vars(others).values(), strict=True)))
    return both, np.repeat([1, -1], [len(spells.start), len(others.start)])


def _served(replications: Replications) -> Index:
    """Return the rows of the log at which an agent worked."""
    visits = replications.visits
    return np.flatnonzero((visits.start != NEVER) & (visits.agent >= 0))


def _work(replications: Replications, visit: Index) -> _Spells:
    """Return the agents' work on some visits, from the warm-up to the horizon."""
    scenario, visits, agent = replications.scenario, replications.visits, replications.agent[visit]
    row = replications.replication[visit] * len(scenario.desk.teams) + visits.team[visit]
    return _Spells(row, agent, visits.start[visit], visits.end[visit]).within(scenario.warmup, scenario.horizon)


def _runs_over(replications: Replications, visit: Index, work: _Spells, which: Index, on_duty: _Spells) -> Bools:
    """Return which spells of ``work`` are partly off duty, though not suspended then (R29); shape (spells,)."""
    desk = replications.scenario.desk
    suspend = np.array([desk.routes[queue.stream].steps[queue.step].suspend for queue in desk.queues], np.bool_)
    covered = Cells(which, (1, len(visit))).sum(on_duty.length)[0]
    over: Bools = (covered < work.length) & ~suspend[replications.visits.queue[visit]]
    return over


def _overlap(work: _Spells, rota: _Rota, *, horizon: int) -> tuple[Index, _Spells]:
    """Cut work at the edges of its agents' windows, and leave out what lies between them.

    Parameters
    ----------
    work
        In any order, until the horizon.
    rota
        Windows.
    horizon
        Ticks.

    Returns
    -------
    tuple
        Shape (pieces,): the place in ``work`` of each piece; and the pieces.
    """
    windows = rota.windows
    first = rota.ends.of(_of_agent(work.agent, work.start, horizon))
    beyond = rota.starts.of(_of_agent(work.agent, work.end, horizon) - 1)
    pieces = (beyond - first).clip(min=0)
    which = np.repeat(np.arange(len(pieces)), pieces)
    window = first[which] + np.arange(len(which)) - (pieces.cumsum() - pieces)[which]
    start = np.maximum(work.start[which], windows.start[window])
    end = np.minimum(work.end[which], windows.end[window])
    return which, _Spells(work.row[which], work.agent[which], start, end)


def _merged(spells: _Spells) -> _Spells:
    """Join an agent's spells that overlap or touch: his time in at least one of them."""
    span = int(spells.end.max(initial=0)) + 1
    his = (spells.row * (int(spells.agent.max(initial=0)) + 1) + spells.agent) * span  # those of a replication
    start, end = his + spells.start, his + spells.end
    order = np.argsort(start)
    start, reach = start[order], np.maximum.accumulate(end[order])
    first = np.flatnonzero(np.concatenate(([True], start[1:] > reach[:-1]))) if len(start) else order
    last = np.append(first[1:], len(start)) - 1 if len(start) else order
    return _Spells(spells.row[order][first], spells.agent[order][first], start[first] % span, reach[last] % span)
