"""Tallies of teams: on duty, at work, overrun and on break, by exact overlap of visits with windows (R29, R39, R46)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.measure.tally.replication import Replication
from simsocial.model.capacity import time_in_buckets
from simsocial.model.cells import Bools, Ticks
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


def team_times(replication: Replication) -> TeamTimes:
    """Add up time from the warm-up to the horizon (R9); what the horizon cuts counts up to it."""
    roster, scenario = replication.roster, replication.scenario

    def measured(agent: Index, start: Ticks, end: Ticks) -> _Spells:
        spells = _Spells(agent, start, end).within(scenario.warmup, scenario.horizon)
        return spells.only(spells.length > 0)

    def time(spells: _Spells, weight: Ticks | int = 1) -> Ticks:
        team, teams = roster.team[spells.agent], len(scenario.desk.teams)
        return time_in_buckets(spells.start, spells.end, replication.buckets, group=team, groups=teams, weight=weight)

    windows = measured(roster.agent, roster.start, roster.end)
    visit = _served(replication)
    work = _Spells(replication.visits.agent[visit], replication.visits.start[visit], replication.visits.end[visit])
    work = work.within(scenario.warmup, scenario.horizon)
    which, on_duty_work = _overlap(work, windows)
    overrun = _runs_over(replication, visit, work, which, on_duty_work)
    busy = time(on_duty_work)
    return TeamTimes(
        on_duty=time(windows, roster.slots[windows.agent]),
        busy=busy,
        overrun=time(work.only(overrun)) - time(on_duty_work.only(overrun[which])),
        duty_agents=time(windows),
        on_break=time(measured(roster.break_agent, roster.break_start, roster.break_end)),
        worked_agents=busy if (roster.slots == 1).all() else time(_merged(on_duty_work)),
    )


def _served(replication: Replication) -> Index:
    """Return the rows of the log at which an agent worked."""
    visits = replication.visits
    return np.flatnonzero((visits.start != NEVER) & (visits.agent >= 0))


def _runs_over(replication: Replication, visit: Index, work: _Spells, which: Index, on_duty: _Spells) -> Bools:
    """Return which spells of ``work`` are partly off duty, though not suspended then (R29); shape (spells,)."""
    desk = replication.scenario.desk
    suspend = np.array([desk.routes[queue.stream].steps[queue.step].suspend for queue in desk.queues], np.bool_)
    covered = np.zeros(len(visit), np.int64)
    np.add.at(covered, which, on_duty.length)
    return (covered < work.length) & ~suspend[replication.visits.queue[visit]]


def _overlap(work: _Spells, windows: _Spells) -> tuple[Index, _Spells]:
    """Cut work at the edges of its agents' windows, and leave out what lies between them.

    Parameters
    ----------
    work
        In any order.
    windows
        By agent, ascending and without overlap.

    Returns
    -------
    tuple
        Shape (pieces,): the place in ``work`` of each piece; and the pieces.
    """
    span = max(int(windows.end.max(initial=0)), int(work.end.max(initial=0))) + 1  # keeps agents apart in one key
    base = work.agent * span
    first = np.searchsorted(windows.agent * span + windows.end, base + work.start, side="right")
    beyond = np.searchsorted(windows.agent * span + windows.start, base + work.end, side="left")
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
