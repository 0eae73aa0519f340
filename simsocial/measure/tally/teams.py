"""Tallies of teams: on duty, at work, overrun and on break, by exact overlap of visits with windows (R29, R39, R46)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import numpy as np
import numpy.typing as npt

from simsocial.measure.tally.replication import Replication
from simsocial.model.capacity import time_in_buckets
from simsocial.model.cells import Bools, Buckets, Cells, Ticks
from simsocial.model.roster import Roster
from simsocial.model.scenario import Scenario
from simsocial.model.tallies import TeamTimes
from simsocial.units import NEVER

Index = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class _Spells:
    """Stretches ``[start, end)`` of agents' time; shape (spells,) each, ticks."""

    agent: Index
    start: Ticks
    end: Ticks

    @property
    def length(self) -> Ticks:
        return self.end - self.start

    def only(self, which: Bools | Index) -> _Spells:
        return _Spells(self.agent[which], self.start[which], self.end[which])

    def within(self, start: int, end: int) -> _Spells:
        """Return each spell cut to ``[start, end)``, possibly to nothing."""
        return _Spells(self.agent, self.start.clip(start, end), self.end.clip(start, end))


@dataclass(frozen=True, eq=False)
class _Rota:
    """What a roster says of the time from the warm-up to the horizon, the same in every replication.

    Parameters
    ----------
    windows
        By agent, ascending and without overlap.
    on_duty, duty_agents, on_break
        As in :class:`~simsocial.model.tallies.TeamTimes`.
    starts, ends
        The windows' starts and ends among the instants of all agents, told apart by :func:`_of_agent`.
    """

    windows: _Spells
    on_duty: Ticks
    duty_agents: Ticks
    on_break: Ticks
    starts: Buckets
    ends: Buckets


def team_times(replication: Replication) -> TeamTimes:
    """Add up time from the warm-up to the horizon (R9); what the horizon cuts counts up to it."""
    roster, scenario = replication.roster, replication.scenario
    rota = _rota(scenario, roster, replication.buckets)
    time = partial(_time, scenario, roster, replication.buckets)
    visit = _served(replication)
    work = _Spells(replication.visits.agent[visit], replication.visits.start[visit], replication.visits.end[visit])
    work = work.within(scenario.warmup, scenario.horizon)
    which, on_duty_work = _overlap(work, rota, horizon=scenario.horizon)
    overrun = _runs_over(replication, visit, work, which, on_duty_work)
    busy = time(on_duty_work)
    return TeamTimes(
        on_duty=rota.on_duty,
        busy=busy,
        overrun=time(*_less(work.only(overrun), on_duty_work.only(overrun[which]))),
        duty_agents=rota.duty_agents,
        on_break=rota.on_break,
        worked_agents=busy if (roster.slots == 1).all() else time(_merged(on_duty_work)),
    )


@lru_cache(maxsize=1)
def _rota(scenario: Scenario, roster: Roster, buckets: Buckets) -> _Rota:
    def measured(agent: Index, start: Ticks, end: Ticks) -> _Spells:
        spells = _Spells(agent, start, end).within(scenario.warmup, scenario.horizon)
        return spells.only(spells.length > 0)

    time = partial(_time, scenario, roster, buckets)
    windows = measured(roster.agent, roster.start, roster.end)
    beyond = _of_agent(len(roster.team), 0, scenario.horizon)

    def among_all(instant: Ticks) -> Buckets:
        return Buckets(np.concatenate(([-1], _of_agent(windows.agent, instant, scenario.horizon), [beyond])))

    return _Rota(
        windows=windows,
        on_duty=time(windows, roster.slots[windows.agent]),
        duty_agents=time(windows),
        on_break=time(measured(roster.break_agent, roster.break_start, roster.break_end)),
        starts=among_all(windows.start),
        ends=among_all(windows.end),
    )


def _of_agent(agent: Index | int, instant: Ticks | int, horizon: int) -> Any:
    """Return a number for an instant of an agent that orders them by agent, then by time."""
    return agent * (horizon + 1) + instant


def _time(scenario: Scenario, roster: Roster, buckets: Buckets, spells: _Spells, weight: Ticks | int = 1) -> Ticks:
    """Add spells up by team and bucket."""
    team, teams = roster.team[spells.agent], len(scenario.desk.teams)
    return time_in_buckets(spells.start, spells.end, buckets, group=team, groups=teams, weight=weight)


def _less(spells: _Spells, others: _Spells) -> tuple[_Spells, Ticks]:
    """Return both with a weight each, 1 and -1."""
    both = _Spells(*(np.concatenate(pair) for pair in zip(vars(spells).values(), vars(others).values(), strict=True)))
    return both, np.repeat([1, -1], [len(spells.start), len(others.start)])


def _served(replication: Replication) -> Index:
    """Return the rows of the log at which an agent worked."""
    visits = replication.visits
    return np.flatnonzero((visits.start != NEVER) & (visits.agent >= 0))


def _runs_over(replication: Replication, visit: Index, work: _Spells, which: Index, on_duty: _Spells) -> Bools:
    """Return which spells of ``work`` are partly off duty, though not suspended then (R29); shape (spells,)."""
    desk = replication.scenario.desk
    suspend = np.array([desk.routes[queue.stream].steps[queue.step].suspend for queue in desk.queues], np.bool_)
    covered = Cells(which, (1, len(visit))).sum(on_duty.length)[0]
    over: Bools = (covered < work.length) & ~suspend[replication.visits.queue[visit]]
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
    return which, _Spells(work.agent[which], start, end)


def _merged(spells: _Spells) -> _Spells:
    """Join an agent's spells that overlap or touch: his time in at least one of them."""
    span = int(spells.end.max(initial=0)) + 1
    start, end = spells.agent * span + spells.start, spells.agent * span + spells.end
    order = np.argsort(start)
    start, reach = start[order], np.maximum.accumulate(end[order])
    first = np.flatnonzero(np.concatenate(([True], start[1:] > reach[:-1]))) if len(start) else order
    last = np.append(first[1:], len(start)) - 1 if len(start) else order
    return _Spells(start[first] // span, start[first] % span, reach[last] % span)
