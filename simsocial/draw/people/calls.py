"""Who is called in beside his shifts, and when (R82)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simsocial.draw.people.spans import Bools, Index, Spans, Stretches, Ticks, Weeks
from simsocial.model.away import OnCall


@dataclass(frozen=True, eq=False)
class Calls:
    """The calls of a team.

    Parameters
    ----------
    spans
        Shape (calls,); the post is the index of its :class:`~simsocial.model.away.OnCall`.
    wanted
        Shape (calls,), how many agents at most.
    for_the_absent
        Shape (calls,), whether only as many as are absent.
    turn
        Shape (agents, calls), agents in the order in which they are asked.
    free
        Shape (agents, calls), whether the agent whose turn it is could come if he is not absent.
    """

    spans: Spans
    wanted: Index
    for_the_absent: Bools
    turn: Index
    free: Bools

    def called(self, absent: Bools, missed: Bools) -> Bools:
        """Return who is called; shape (agents, calls).

        Parameters
        ----------
        absent
            Shape (agents, dates).
        missed
            Shape (agents, dates), whether he misses a shift by that.
        """
        wanted = np.where(self.for_the_absent, missed.sum(axis=0)[self.spans.date], self.wanted)
        comes = self.free & ~absent[self.turn, self.spans.date]
        comes &= comes.cumsum(axis=0) <= np.minimum(wanted, self.wanted)
        called = np.zeros_like(comes)
        np.put_along_axis(called, self.turn, comes, axis=0)
        return called

    def candidates(self) -> tuple[Stretches, Index]:
        """Return all calls of all who could come, and the place of each in :meth:`called`, flattened."""
        free = np.zeros_like(self.free)
        np.put_along_axis(free, self.turn, self.free, axis=0)
        agent, call = np.nonzero(free)
        return Stretches(agent, self.spans.only(call)), agent * free.shape[1] + call


def plan_calls(
    on_call: tuple[OnCall, ...], *, shifts: Spans, agent: Index, in_force: list[Ticks], leave: Bools, weeks: Weeks
) -> Calls:
    """Lay out the calls of a team, and who could come.

    Parameters
    ----------
    on_call
        Of the team.
    shifts, agent
        Paid time in shifts, leave included, and whose it is, ascending.
    in_force
        Of each agent, shape (periods, 2).
    leave
        Shape (agents, dates).
    weeks
        Whose dates these are.
    """
    spans = _spans(on_call, weeks)
    agents, week = len(in_force), spans.date // 7 - 1
    wanted = np.array([each.agents for each in on_call], dtype=np.int64)[spans.post]
    turn = (np.arange(agents)[:, None] + week * wanted) % max(agents, 1)
    free = ~_touched(spans, shifts, agent, agents) & ~leave[:, spans.date]
    for number, periods in enumerate(in_force):
        free[number] &= spans.covered(periods)
    only = np.array([each.for_the_absent for each in on_call], dtype=np.bool_)[spans.post]
    return Calls(spans, wanted, only, turn, np.take_along_axis(free, turn, axis=0))


def _spans(on_call: tuple[OnCall, ...], weeks: Weeks) -> Spans:
    """Return all calls from the start on, ascending."""
    hours = [weeks.repeated(each.hours) for each in on_call]
    slots = np.concatenate([np.empty((0, 2), np.int64), *hours])
    post = np.repeat(np.arange(len(hours)), [len(each) for each in hours])
    order = np.argsort(slots[:, 0], kind="stable")
    start, end = slots[order].T
    spans = Spans(start, end, post[order], weeks.date(start))
    return spans.inside(weeks.run)


def _touched(spans: Spans, shifts: Spans, agent: Index, agents: int) -> Bools:
    """Return whose shifts overlap which calls, shape (agents, calls), by how many have begun and how many ended."""
    reach = int(max(shifts.end.max(initial=0), spans.end.max(initial=0))) + 1
    first = np.arange(agents)[:, None] * reach

    begun = np.searchsorted(agent * reach + shifts.start, first + spans.end)
    ended = np.searchsorted(agent * reach + shifts.end, first + spans.start, side="right")
    touched: Bools = begun > ended
    return touched
