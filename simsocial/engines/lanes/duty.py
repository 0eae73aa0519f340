"""Windows as the lanes read them: at every instant at which a window ends, when each slot can begin from then on."""

from __future__ import annotations

from dataclasses import dataclass

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
    since
        Shape (instants, rows), from that instant on, the start of the stretch of the window in force, or of the next
        one when off duty (R38); ``NEVER`` while the slot cannot begin under that ranking.
    pace, quality
        Shape (instants, rows), of that window.
    window_end, on_duty
        Shape (windows,), end of each window and the on-duty ticks of its agent up to there, for suspended work (R29).
    windows_of
        Shape (agents + 1,).
    """

    slot_agent: Ticks
    slot_number: Ticks
    row_slot: Ticks
    row_bounds: Ticks
    instants: Ticks
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
        return np.array(
            [self._suspended_end(*visit) for visit in zip(agent.tolist(), start.tolist(), work.tolist(), strict=True)],
            np.int64,
        )

    def _suspended_end(self, agent: int, start: int, work: int) -> int:
        mine = slice(self.windows_of[agent], self.windows_of[agent + 1])
        begins, ends, done = self.window_start[mine], self.window_end[mine], self.on_duty[mine]
        here = int(np.searchsorted(ends, start, side="right"))  # the window in force or the next one
        if here == len(ends):
            return NEVER
        wanted = work + int(done[here]) - int(ends[here] - max(start, begins[here]))
        last = int(np.searchsorted(done, wanted))
        return int(ends[last] - (done[last] - wanted)) if last < len(done) else NEVER


def compile_duty(desk: Desk, roster: Roster) -> Duty:
    """Read a roster for the lanes."""
    slot_agent = np.repeat(np.arange(len(roster.team)), roster.slots)
    firsts = np.cumsum(roster.slots) - roster.slots
    slot_number = np.arange(len(slot_agent)) - np.repeat(firsts, roster.slots)
    rankings = len(desk.rankings)
    uses = np.zeros((rankings, len(roster.team)), np.bool_)
    uses[roster.serves, roster.agent] = True
    row_ranking, row_slot = np.nonzero(uses[:, slot_agent])
    instants = np.concatenate(([-1], np.unique(roster.end), [NEVER]))
    by_agent = [_by_instant(roster, agent, instants[:-1]) for agent in range(len(roster.team))]
    since, pace, quality = (
        np.empty((len(instants) - 1, len(row_slot)), kind) for kind in (np.int64, np.float64, np.float64)
    )
    for row, (ranking, slot) in enumerate(zip(row_ranking.tolist(), row_slot.tolist(), strict=True)):
        begins, serves, its_pace, its_quality = by_agent[slot_agent[slot]]
        since[:, row] = np.where(serves == ranking, begins, NEVER)
        pace[:, row], quality[:, row] = its_pace, its_quality
    length = roster.end - roster.start
    total = np.cumsum(length)
    before = np.concatenate(([0], total))[roster.windows_of[roster.agent]]
    return Duty(
        slot_agent=slot_agent,
        slot_number=slot_number,
        row_slot=row_slot,
        row_bounds=np.searchsorted(row_ranking, np.arange(rankings + 1)),
        instants=instants,
        since=since,
        pace=pace,
        quality=quality,
        window_start=np.asarray(roster.start),
        window_end=np.asarray(roster.end),
        on_duty=total - before,
        windows_of=roster.windows_of,
    )


def _by_instant(roster: Roster, agent: int, instants: Ticks) -> tuple[Ticks, npt.NDArray[np.int64], Floats, Floats]:
    """Return since when, under which ranking, and how well an agent works after each instant."""
    mine = slice(*roster.windows_of[agent : agent + 2])
    start, end = roster.start[mine], roster.end[mine]
    index = np.searchsorted(end, instants, side="right")  # the window in force at an instant, or the next one
    adjacent = np.concatenate(([False], start[1:] == end[:-1]))[: len(start)]
    first = np.maximum.accumulate(np.where(adjacent, 0, np.arange(len(start)))) if len(start) else start
    gone = index == len(start)
    index = np.where(gone, 0, index)
    if not len(start):
        return np.full(len(instants), NEVER), np.full(len(instants), -1), np.ones(len(instants)), np.ones(len(instants))
    since = np.where(gone, NEVER, start[first[index]])
    return since, roster.serves[mine][index], roster.pace[mine][index], roster.quality[mine][index]
