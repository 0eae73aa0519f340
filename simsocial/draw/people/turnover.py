"""Who sits in which seat when: hiring, classes that wait for trainers, leaving and replacement (R92, R93, R95)."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from heapq import heapify, heappop, heappush
from math import ceil, floor

import numpy as np
import numpy.typing as npt

from simsocial.draw.people.shifts import deal
from simsocial.draw.people.spans import Index, Ticks, Weeks
from simsocial.model.careers import VETERAN, Career

FOR_EVER = 1_000_000
"""A date that never comes."""
SMALLEST = 1e-300
"""Hazard that is survived at least, so that nobody leaves where there is none."""

Uniforms = Callable[[int], npt.NDArray[np.float64]]
"""From a generation to numbers in [0, 1), one for each seat."""


@dataclass(frozen=True, eq=False)
class People:
    """Everybody whom a team ever has, in dates of :class:`~simsocial.draw.people.spans.Weeks`; shapes (people,).

    Parameters
    ----------
    seat
        Number of the agent.
    due
        When he is to begin; of those who come with tenure, when they began.
    begins
        When he does, in class or on the desk; never, of those who still wait at the end.
    comes
        When the team gets him: later than he began, of those with tenure.
    leaves
        The first date on which he is gone.
    lessons
        Shape (lessons, 3): seat, first date and the date after the last one of everybody who trains a class.
    """

    seat: Index
    due: Index
    begins: Index
    comes: Index
    leaves: Index
    lessons: Index


@dataclass(frozen=True, eq=False)
class Seats:
    """The seats of a team.

    Parameters
    ----------
    tenure
        Shape (seats,), dates of tenure of those who do not come by a requisition.
    periods
        (date on which it opens, seat, date on which it closes, whether a requisition adds it), ascending. Somebody with
        tenure sits in it as it opens, unless a requisition adds it.
    """

    tenure: Index
    periods: tuple[tuple[int, int, int, bool], ...]

    @classmethod
    def of(cls, in_force: list[Ticks], career: Career, weeks: Weeks) -> Seats:
        """Take the ticks, shape (periods, 2), in which each seat is there, those from requisitions last."""
        shares, dates = zip(*career.tenure, strict=True) if career.tenure else ((1.0,), (VETERAN,))
        tenure = np.array(dates)[deal(shares, len(in_force))]
        periods = []
        for seat, spans in enumerate(in_force):
            opens = weeks.date(spans[:, 0].clip(min=0)).tolist()
            closes = (weeks.date(spans[:, 1] - 1) + 1).tolist()
            periods += [
                (first, seat, min(last, FOR_EVER), seat >= len(in_force) - career.seats)
                for first, last in zip(opens, closes, strict=True)
                if first < last
            ]
        return cls(tenure, tuple(sorted(periods)))

    def __len__(self) -> int:
        return len(self.tenure)


class _Event:
    """What happens on a date, in this order; LOOK lets those who wait see whether they can begin."""

    OPENS, REFILLS, DUE, LOOK = range(4)


class Turnover:
    """A team while dates pass.

    Parameters
    ----------
    career
        How people come, learn and leave.
    seats
        Of the team.
    refills
        Dates on which vacant seats are filled.
    uniforms
        That decide when people leave (R93).
    until
        The date at which to stop.
    """

    def __init__(self, career: Career, seats: Seats, refills: tuple[int, ...], uniforms: Uniforms, until: int) -> None:
        self._career, self._seats, self._until = career, seats, until
        self._lasts = cache(lambda generation, new: self._lifetimes(uniforms(generation), new=new))
        self._generation: Counter[int] = Counter()
        self._people: list[tuple[int, int, int, int, int]] = []
        self._lessons: list[tuple[int, int, int]] = []
        self._waiting: deque[tuple[int, int]] = deque()
        self._class_ends: list[int] = []
        self._full_from, self._leaves, self._teaches_until, self._closes = np.zeros((4, len(seats)), np.int64)
        self._events = [(period[0], _Event.OPENS, number) for number, period in enumerate(seats.periods)]
        self._events += [(date, _Event.REFILLS, 0) for date in refills]

    def run(self) -> People:
        """Let the dates pass on which something happens."""
        heapify(self._events)
        while self._events and self._events[0][0] < self._until:
            date = self._events[0][0]
            while self._events and self._events[0][0] == date:
                _, kind, which = heappop(self._events)
                self._happens(date, kind, which)
            self._begin_class(date)
        still = [(seat, due, FOR_EVER, FOR_EVER, FOR_EVER) for seat, due in self._waiting]
        lessons = np.array(self._lessons, np.int64).reshape(-1, 3)
        seat, due, begins, comes, leaves = np.array([*self._people, *still], np.int64).reshape(-1, 5).T
        return People(seat, due, begins, comes, leaves, lessons)

    def _happens(self, date: int, kind: int, which: int) -> None:
        if kind == _Event.OPENS:
            _, seat, closes, hired = self._seats.periods[which]
            self._closes[seat] = closes
            self._waiting = deque(each for each in self._waiting if each[0] != seat)
            if hired:
                self._waiting.append((seat, date))
            else:
                began = date - int(self._seats.tenure[seat])
                self._sits(seat, due=began, begins=began, comes=date)
        elif kind == _Event.DUE and self._leaves[which] <= date < self._closes[which]:
            self._waiting.append((which, date))
        elif kind == _Event.REFILLS and self._career.leaving and self._career.leaving.replaced_after is None:
            vacant = (self._leaves <= date) & (self._closes > date)
            vacant[[seat for seat, _ in self._waiting]] = False
            self._waiting.extend((seat, date) for seat in np.flatnonzero(vacant).tolist())

    def _begin_class(self, date: int) -> None:
        """Let as many of those who wait begin as there is room and trainers for, the first due first."""
        path = self._career.path
        if not self._waiting:
            return
        self._waiting = deque((seat, due) for seat, due in self._waiting if date < self._closes[seat])
        each = self._career.trainers if path.in_class else None
        trainers = self._free(date) if each else None
        number = self._fitting(date, trainers)
        if number and each and trainers is not None:
            free = trainers[: ceil(number * each)]
            self._teaches_until[free] = date + path.in_class
            until = np.minimum(self._leaves[free], date + path.in_class).tolist()
            self._lessons += [(seat, date, last) for seat, last in zip(free.tolist(), until, strict=True)]
        for _ in range(number):
            seat, due = self._waiting.popleft()
            leaves = self._sits(seat, due=due, begins=date, comes=date)
            self._class_ends.append(min(date + path.in_class, leaves))
        if self._waiting:
            ends = np.concatenate([self._class_ends, self._full_from, self._teaches_until])
            self._comes_up(int(ends[ends > date].min(initial=self._until)), _Event.LOOK, 0)

    def _comes_up(self, date: int, kind: int, which: int) -> None:
        if date < self._until:
            heappush(self._events, (date, kind, which))

    def _fitting(self, date: int, trainers: Index | None) -> int:
        """Return how many can begin; ``trainers`` are free for them, if they need any."""
        number, career = len(self._waiting), self._career
        if not career.path.in_class:
            return number
        self._class_ends = [end for end in self._class_ends if end > date]
        if career.size is not None:
            number = min(number, career.size - len(self._class_ends))
        if trainers is None or career.trainers is None:
            return number
        return min(number, floor(len(trainers) / career.trainers))

    def _free(self, date: int) -> Index:
        """Return the seats of those who can train: fully ramped, there, and not at it already."""
        free = (self._full_from <= date) & (self._leaves > date) & (self._teaches_until <= date)
        return free.nonzero()[0]

    def _sits(self, seat: int, *, due: int, begins: int, comes: int) -> int:
        """Let somebody take a seat; return when he leaves."""
        leaving = self._career.leaving
        generation = self._generation[seat]
        lasts = self._lasts(generation, begins == comes)[seat] if leaving else np.inf
        leaves = min(comes + max(1, ceil(lasts)) if lasts < FOR_EVER else FOR_EVER, int(self._closes[seat]))
        self._generation[seat] += 1
        self._people.append((seat, due, begins, comes, leaves))
        self._full_from[seat], self._leaves[seat] = begins + self._career.path.dates, leaves
        if leaving and leaving.replaced_after is not None:
            self._comes_up(leaves + leaving.replaced_after, _Event.DUE, seat)
        return leaves

    def _lifetimes(self, uniforms: npt.NDArray[np.float64], *, new: bool) -> npt.NDArray[np.float64]:
        """Return after how many dates those who sit down in each seat leave, new or with tenure."""
        assert self._career.leaving is not None
        survived = (-np.log1p(-uniforms)).clip(min=SMALLEST)
        return self._career.leaving.lasts(
            survived, np.zeros(len(survived)) if new else self._seats.tenure.astype(float)
        )
