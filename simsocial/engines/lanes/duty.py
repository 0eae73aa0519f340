"""Windows as the lanes read them: at every instant at which a window ends, when each slot can begin from then on."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from simsocial.model.desk import Desk
from simsocial.model.messages import Floats, Ticks
from simsocial.model.roster import Roster
from simsocial.units import NEVER


@dataclass(frozen=True, eq=False)
class Duty:
    """A roster, read in order of time.

    A slot has a row under each ranking that one of its agent's windows names. At most one of its rows can begin work at
    an instant, since his windows do not overlap.

    Parameters
    ----------
    slot_agent, slot_number
        Shape (slots,), agent and number inside the agent; slots are in order of agent, then number (R37).
    row_slot
        Shape (rows,), by ranking, then slot.
    row_bounds
        Shape (rankings + 1,): ranking r has the rows ``[row_bounds[r], row_bounds[r + 1])``.
    instants
        Shape (instants + 1,), ticks at which windows end, the first before all time, and ``NEVER`` behind the last.
    window
        Shape (instants, rows), from that instant on, the window in force, or the next one when off duty; the number
        behind the last while the slot cannot begin under that ranking.
    since
        Shape (windows + 1,), the start of the stretch that each window belongs to (R38), and ``NEVER`` behind them.
    pace, quality
        Shape (windows + 1,), of each window, and 1 behind them.
    window_start, window_end, on_duty
        Shape (windows,), of each window, and the on-duty ticks of its agent up to its end, for suspended work (R29).
    windows_of
        Shape (agents + 1,).
    """

    slot_agent: Ticks
    slot_number: Ticks
    row_slot: Ticks
    row_bounds: Ticks
    instants: Ticks
    window: npt.NDArray[np.int32]
    since: Ticks
    pace: Floats
    quality: Floats
    window_start: Ticks
    window_end: Ticks
    on_duty: Ticks
    windows_of: Ticks

    def suspended_end(self, agent: Ticks, start: Ticks, work: Ticks) -> Ticks:
        """Return when ``work`` on-duty ticks of agents from ``start`` are done (R29), for each of some visits.

        ``NEVER`` where no window is left for it.
        """
        visits = zip(agent.tolist(), start.tolist(), work.tolist(), strict=True)
        return np.array([self.one_suspended_end(*visit) for visit in visits], np.int64)

    def one_suspended_end(self, agent: int, start: int, work: int) -> int:
        """Return the same for one visit."""
        begins, ends, done = self._windows_by_agent[agent]
        here = bisect_right(ends, start)  # the window in force or the next one
        if here == len(ends):
            return NEVER
        wanted = work + done[here] - (ends[here] - max(start, begins[here]))
        last = bisect_left(done, wanted)
        return ends[last] - (done[last] - wanted) if last < len(done) else NEVER

    @cached_property
    def _windows_by_agent(self) -> list[list[list[int]]]:
        """By agent, ``window_start``, ``window_end`` and ``on_duty`` of his windows."""
        columns, bounds = (self.window_start, self.window_end, self.on_duty), pairwise(self.windows_of.tolist())
        return [[column[first:behind].tolist() for column in columns] for first, behind in bounds]


def compile_duty(desk: Desk, roster: Roster, *, horizon: int) -> Duty:
    """Read a roster for the lanes.

    Parameters
    ----------
    desk, roster
        Who may serve what, and when.
    horizon
        Ticks; windows that end at it or later do so after all.
    """
    roster = _joined(roster)
    slot_agent = np.repeat(np.arange(len(roster.team)), roster.slots)
    firsts = np.cumsum(roster.slots) - roster.slots
    uses = np.zeros((len(desk.rankings), len(roster.team)), np.bool_)
    uses[roster.serves, roster.agent] = True
    row_ranking, row_slot = np.nonzero(uses[:, slot_agent])
    instants = np.concatenate(([-NEVER], np.unique(roster.end[roster.end < horizon]), [NEVER]))
    total = np.cumsum(roster.end - roster.start)
    return Duty(
        slot_agent=slot_agent,
        slot_number=np.arange(len(slot_agent)) - np.repeat(firsts, roster.slots),
        row_slot=row_slot,
        row_bounds=np.searchsorted(row_ranking, np.arange(len(desk.rankings) + 1)),
        instants=instants,
        window=_windows(roster, instants, row_ranking, slot_agent[row_slot]),
        since=np.append(_stretches(roster), NEVER),
        pace=np.append(roster.pace, 1.0),
        quality=np.append(roster.quality, 1.0),
        window_start=roster.start,
        window_end=roster.end,
        on_duty=total - np.concatenate(([0], total))[roster.windows_of[roster.agent]],
        windows_of=roster.windows_of,
    )


def _joined(roster: Roster) -> Roster:
    """Return the roster with windows of an agent joined that follow each other without a change."""
    last = np.ones(len(roster.agent), np.bool_)
    last[:-1] = (roster.agent[1:] != roster.agent[:-1]) | (roster.start[1:] != roster.end[:-1])
    for column in (roster.pace, roster.quality, roster.serves):
        last[:-1] |= column[1:] != column[:-1]
    first = np.concatenate(([True], last[:-1]))[: len(last)]
    of_first = {name: getattr(roster, name)[first] for name in ("agent", "start", "pace", "quality", "serves")}
    return replace(roster, end=roster.end[last], **of_first)


def _windows(roster: Roster, instants: Ticks, ranking: Ticks, agent: Ticks) -> npt.NDArray[np.int32]:
    """Return the window of each row, whose ranking and agent are given, from each instant on."""
    ended = np.zeros((len(instants) - 1, len(roster.team)), np.int32)
    when = np.searchsorted(instants, roster.end)
    ends = when < len(ended)
    ended[when[ends], roster.agent[ends]] = 1
    np.cumsum(ended, axis=0, out=ended)
    behind = roster.windows_of.astype(np.int32)
    number = (behind[:-1] + ended).take(agent, axis=1)
    serves = np.append(roster.serves, -1).astype(np.int32)
    can = (number < behind[agent + 1]) & (serves.take(number) == ranking)
    return np.where(can, number, behind[-1])


def _stretches(roster: Roster) -> Ticks:
    """Return the start of the on-duty stretch that each window belongs to (R38)."""
    first = np.ones(len(roster.agent), np.bool_)
    first[1:] = (roster.agent[1:] != roster.agent[:-1]) | (roster.start[1:] != roster.end[:-1])
    return roster.start[np.maximum.accumulate(np.where(first, np.arange(len(first)), 0))]
