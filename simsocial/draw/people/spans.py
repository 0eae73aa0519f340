"""Stretches of agents' time, and the calendar weeks in which they are laid out (R33)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.units import DAY, NEVER, WEEK

Ticks = npt.NDArray[np.int64]
Index = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Spans:
    """Stretches of time; shapes (spans,).

    Parameters
    ----------
    start, end
        Ticks; those of one agent ascend and are disjoint.
    post
        Index into the team's shifts, and then its calls.
    date
        On which the shift or call began, see :class:`Weeks`.
    """

    start: Ticks
    end: Ticks
    post: Index
    date: Index

    @classmethod
    def of(cls, rows: Sequence[tuple[int, int, int, int]]) -> Spans:
        return cls(*np.array(rows, dtype=np.int64).reshape(-1, 4).T)

    @classmethod
    def joined(cls, many: Sequence[Spans]) -> tuple[Spans, Index]:
        """Return all spans one after another, with the index of each one's origin."""
        nothing = np.array([], dtype=np.int64)
        columns = list(zip(*(vars(spans).values() for spans in many), strict=True)) or [()] * 4
        origin = np.repeat(np.arange(len(many)), [len(spans) for spans in many])
        return cls(*(np.concatenate([nothing, *column]) for column in columns)), origin

    def __len__(self) -> int:
        return len(self.start)

    def only(self, which: Bools | Index | slice) -> Spans:
        return Spans(self.start[which], self.end[which], self.post[which], self.date[which])

    def ascending(self) -> Spans:
        return self.only(np.argsort(self.start, kind="stable"))

    def inside(self, periods: Ticks) -> Spans:
        """Return what lies in ``periods``, shape (periods, 2), ascending and disjoint."""
        first = np.searchsorted(periods[:, 1], self.start, side="right")
        number = (np.searchsorted(periods[:, 0], self.end) - first).clip(min=0)
        which = np.repeat(np.arange(len(number)), number)
        period = periods[first[which] + np.arange(len(which)) - (number.cumsum() - number)[which]]
        start, end = np.maximum(self.start[which], period[:, 0]), np.minimum(self.end[which], period[:, 1])
        there = end > start
        return Spans(start[there], end[there], self.post[which][there], self.date[which][there])

    def covered(self, periods: Ticks) -> Bools:
        """Return which spans lie wholly in one of ``periods``, as for :meth:`inside`."""
        place = np.searchsorted(periods[:, 1], self.end)
        begins = np.append(periods[:, 0], NEVER)[place]
        covered: Bools = begins <= self.start
        return covered

    def outside(self, periods: Ticks) -> Spans:
        """Return what lies between ``periods``, as for :meth:`inside`."""
        return self.inside(np.concatenate(([-NEVER], periods.ravel(), [NEVER])).reshape(-1, 2))


@dataclass(frozen=True, eq=False)
class Stretches:
    """Spans of several agents; ``agent`` has shape (spans,)."""

    agent: Index
    spans: Spans

    def only(self, which: Bools) -> Stretches:
        return Stretches(self.agent[which], self.spans.only(which))

    def at(self, first_post: int) -> Stretches:
        """Return them with posts that count from another one on."""
        spans = self.spans
        return Stretches(self.agent, Spans(spans.start, spans.end, spans.post + first_post, spans.date))


@dataclass(frozen=True)
class Weeks:
    """Calendar weeks from the one before the start's, whose last shifts may reach into the run, up to ``until``.

    Their dates count from the Monday of the first of them; week 0 is the start's, the one before it is week −1.

    Parameters
    ----------
    monday
        Date on which week 0 begins.
    begin
        Its tick, not after 0.
    until
        Ticks.
    """

    monday: dt.date
    begin: int
    until: int

    @classmethod
    def of(cls, start: dt.datetime, until: int) -> Weeks:
        monday = start.date() - dt.timedelta(days=start.weekday())
        begin = (dt.datetime.combine(monday, dt.time()) - start) // dt.timedelta(milliseconds=1)
        return cls(monday, begin, until)

    @property
    def numbers(self) -> range:
        return range(-1, (self.until - self.begin) // WEEK + 1)

    @property
    def dates(self) -> int:
        """How many."""
        return 7 * len(self.numbers)

    @property
    def run(self) -> Ticks:
        """Shape (1, 2): from the start up to ``until``."""
        return np.array([[0, self.until]])

    @property
    def midnights(self) -> Ticks:
        """Shape (dates,), ticks at which dates begin."""
        return self.begin - WEEK + DAY * np.arange(self.dates)

    @property
    def months(self) -> npt.NDArray[np.datetime64]:
        """Shape (dates,), the month of each date, ``datetime64[M]``."""
        return (np.datetime64(self.monday) - 7 + np.arange(self.dates)).astype("datetime64[M]")

    def tick(self, week: int) -> int:
        """Return the tick at which a week begins."""
        return self.begin + week * WEEK

    def day(self, week: int, weekday: int) -> dt.date:
        """Return a date of a week; ``weekday`` may pass Sunday."""
        return self.monday + dt.timedelta(weeks=week, days=weekday)

    @property
    def today(self) -> int:
        """The date of the start, counted as said."""
        return -self.begin // DAY + 7

    def date(self, instant: Ticks) -> Index:
        """Return the dates of instants, counted as said."""
        return (instant - self.begin) // DAY + 7

    def midnight(self, date: Index) -> Ticks:
        """Return the ticks at which dates begin, also those beyond the last week."""
        return self.begin - WEEK + DAY * date

    def repeated(self, hours: Iterable[tuple[int, int]], weeks: Sequence[int] = (1,), cycle: int = 1) -> Ticks:
        """Return weekly ``hours`` in every week, or in those of a cycle (R33); shape (slots, 2), ticks, ascending."""
        worked = [self.tick(week) for week in self.numbers if week % cycle + 1 in weeks]
        slots = np.array(sorted(hours), dtype=np.int64).reshape(-1, 2)
        return (np.array(worked, dtype=np.int64)[:, None, None] + slots).reshape(-1, 2)
