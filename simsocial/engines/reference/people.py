"""Agents, their windows and slots, and who of the idle is next (R30, R37, R38)."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from heapq import heappop, heappush
from itertools import chain

import simpy

from simsocial.engines.reference.clock import Clock, Phase
from simsocial.model.desk import Desk
from simsocial.model.roster import Roster
from simsocial.units import NEVER

OFF_DUTY = -1
Turn = tuple[int, int, int, "Slot"]
"""Idle since, agent, number of the slot, and the slot."""
Window = tuple[int, int, float, float, int]
"""Start, end, pace, quality, ranking."""


class Slot:
    """One thread of an agent: free or at work; ``turn`` is its latest place among the idle."""

    __slots__ = ("agent", "free", "freed", "number", "turn")

    def __init__(self, agent: Agent, number: int) -> None:
        self.agent = agent
        self.number = number
        self.free = True
        self.freed = -NEVER
        self.turn: Turn | None = None

    @property
    def idle_since(self) -> int:
        """R38, for a slot that is free and whose agent is on duty."""
        return max(self.freed, self.agent.stretch_start)


class Agent:
    """Someone with windows; his pace, quality and ranking are those of the window in force."""

    __slots__ = ("index", "pace", "quality", "ranking", "slots", "stretch_start", "team", "window_end", "windows")

    def __init__(self, index: int, team: int, slots: int, windows: list[Window]) -> None:
        self.index = index
        self.team = team
        self.windows = windows
        self.slots = [Slot(self, number) for number in range(slots)]
        self.ranking = OFF_DUTY
        self.pace = self.quality = 1.0
        self.stretch_start = self.window_end = -1

    def enter(self, window: Window) -> None:
        start, end, self.pace, self.quality, self.ranking = window
        if start != self.window_end:
            self.stretch_start = start  # R38: a gap begins a new stretch
        self.window_end = end

    def duty_end(self, start: int, work: int) -> int:
        """Return when ``work`` on-duty ticks from ``start`` are done (R29); ``NEVER`` when no window is left for it."""
        for begin, end, *_ in self.windows:
            on_duty = end - max(begin, start)
            if on_duty >= work:
                return max(begin, start) + work
            work -= max(on_duty, 0)
        return NEVER


def agents_of(roster: Roster) -> list[Agent]:
    """Return the roster's agents with their windows as plain values."""
    columns = (roster.start, roster.end, roster.pace, roster.quality, roster.serves)
    windows: list[Window] = list(zip(*(column.tolist() for column in columns), strict=True))
    bounds = roster.windows_of.tolist()
    teams, slots = roster.team.tolist(), roster.slots.tolist()
    return [Agent(k, teams[k], slots[k], windows[bounds[k] : bounds[k + 1]]) for k in range(len(teams))]


class People:
    """All agents; knows who is idle under each ranking."""

    def __init__(self, clock: Clock, desk: Desk, roster: Roster) -> None:
        self.clock = clock
        self.agents = agents_of(roster)
        self._idle: list[list[Turn]] = [[] for _ in desk.rankings]
        self._serving = [_rankings_by_team(desk, queue) for queue in range(len(desk.queues))]
        self._rankings = [list(chain(*by_team)) for by_team in self._serving]

    def duty(self, agent: Agent, may_start: Callable[[], None]) -> Generator[simpy.Event, None, None]:
        """Live through the agent's windows, as a SimPy process; call ``may_start`` whenever one begins."""
        for window in agent.windows:
            yield self.clock.wait(window[0], Phase.WINDOW_START)
            agent.enter(window)
            for slot in agent.slots:
                self.offer(slot)
            may_start()
            yield self.clock.wait(window[1], Phase.WINDOW_END)
            agent.ranking = OFF_DUTY  # R39

    def offer(self, slot: Slot) -> None:
        """Let a slot take work, if it is free and its agent on duty."""
        if slot.free and slot.agent.ranking != OFF_DUTY:
            slot.turn = (slot.idle_since, slot.agent.index, slot.number, slot)
            heappush(self._idle[slot.agent.ranking], slot.turn)

    def anyone_idle(self, queue: int) -> bool:
        """Return whether somebody idle could take a message of ``queue``."""
        return any(map(self.longest_idle, self._rankings[queue]))

    def longest_idle(self, ranking: int) -> Turn | None:
        """Return (idle since, agent, number, slot) of the next slot under ``ranking``, if any."""
        heap = self._idle[ranking]
        while heap:
            entry = heap[0]
            slot = entry[3]
            if slot.free and slot.turn is entry and slot.agent.ranking == ranking:
                return entry
            heappop(heap)  # it began work, went off duty or changed its ranking since
        return None

    def chosen(self, queue: int, prefer: Iterable[int]) -> Slot:
        """Return the slot that takes a message of ``queue`` (R37); someone idle must serve it."""
        for team in prefer:
            idle = [entry for ranking in self._serving[queue][team] if (entry := self.longest_idle(ranking))]
            if idle:
                return min(idle)[3]
        raise AssertionError("R37: dispatch named a message that nobody idle serves")


def _rankings_by_team(desk: Desk, queue: int) -> list[list[int]]:
    """Return, for each team, the rankings with ``queue``."""
    return [
        [index for index, ranking in enumerate(desk.rankings) if ranking.team == team and queue in ranking.queues]
        for team in range(len(desk.teams))
    ]
