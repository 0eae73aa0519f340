"""Named calendars as exact integer tables: open hours, business days, and due instants (R4, R5)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from simsocial.model.intervals import merged
from simsocial.model.piecewise import frozen
from simsocial.units import DAY, WEEK

Ticks = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Calendar:
    """Open hours and business days around a run, and exactly beyond it.

    The tables end in normal weeks after the run and the last holiday; later instants are answered by the week that
    repeats there. So no due instant is ever cut off, and none depends on where the run ends. Make one with
    :meth:`compile` or :meth:`around_the_clock`.

    Parameters
    ----------
    name
        Name in the config.
    holidays
        Dates on which the calendar does not open.
    begin, end
        Ticks of the Mondays 00:00 between which the tables hold; nothing may be asked about instants before ``begin``.
    open_start, open_end
        Shape (stretches,), ticks: open time, touching and overlapping hours merged.
    open_before
        Shape (stretches,), open ticks from ``begin`` to each ``open_start``.
    day_close
        Shape (business days,), ticks: last close of the hours that open on each business day, by date.
    open_per_week
        Open ticks of a normal week.
    business_days_per_week
        Weekdays with open hours in a normal week (R12).
    """

    name: str
    holidays: frozenset[dt.date]
    begin: int
    end: int
    open_start: Ticks
    open_end: Ticks
    open_before: Ticks
    day_close: Ticks
    open_per_week: int
    business_days_per_week: int

    def __post_init__(self) -> None:
        for name in ("open_start", "open_end", "open_before", "day_close"):
            object.__setattr__(self, name, frozen(getattr(self, name), np.int64))

    @classmethod
    def compile(
        cls,
        name: str,
        *,
        start: dt.datetime,
        hours: tuple[tuple[int, int], ...],
        holidays: frozenset[dt.date] = frozenset(),
        until: int,
        since: int = 0,
    ) -> Calendar:
        """Lay open hours out over the weeks around ``[since, until]``.

        Parameters
        ----------
        name
            Name in the config.
        start
            Wall-clock instant of tick 0, at any time of day.
        hours
            (open, close) in a normal week, ticks from Monday 00:00; at least one. ``open`` lies in the week; ``close``
            follows within a week and may pass midnight or the week's end: the hours belong to the date of opening (R4).
        holidays
            Hours that open on these dates are left out.
        until
            Ticks; :meth:`checkpoints` reach at least so far.
        since
            Ticks, at most 0; from then on anything may be asked about.
        """
        assert hours, "R4: a calendar has open hours"
        assert all(0 <= a < WEEK and a < b <= a + WEEK for a, b in hours), "R4: hours of one week"
        first = start + since * dt.timedelta(milliseconds=1)
        monday = first.date().toordinal() - first.weekday() - 7  # what is open then opened up to a week before
        begin = (dt.datetime.fromordinal(monday) - start) // dt.timedelta(milliseconds=1)
        settled = max(until, 0, *(begin + (day.toordinal() - monday + 1) * DAY for day in holidays))
        weeks = -((begin - settled) // WEEK) + 3  # hours of the last holiday's week, and the two that `_folded` reads
        end = begin + weeks * WEEK

        opened, closed = (begin + np.arange(weeks)[:, None] * WEEK + np.array(sorted(hours)).T[:, None]).reshape(2, -1)
        date = monday + (opened - begin) // DAY
        works = ~np.isin(date, [day.toordinal() for day in holidays])
        opened, closed, date = opened[works], closed[works], date[works]
        open_start, open_end = merged(opened, closed.clip(max=end))
        length = open_end - open_start
        return cls(
            name=name,
            holidays=holidays,
            begin=begin,
            end=end,
            open_start=open_start,
            open_end=open_end,
            open_before=length.cumsum() - length,
            day_close=np.maximum.reduceat(closed, np.flatnonzero(np.diff(date, prepend=-1))),
            open_per_week=int((open_end.clip(min=end - WEEK) - open_start.clip(min=end - WEEK)).sum()),
            business_days_per_week=len({a // DAY for a, _ in hours}),
        )

    @classmethod
    def around_the_clock(cls, *, start: dt.datetime, until: int) -> Calendar:
        """Return the calendar that is always open: its checkpoints are the midnights (R48)."""
        hours = tuple((day * DAY, (day + 1) * DAY) for day in range(7))
        return cls.compile("around the clock", start=start, hours=hours, until=until)

    @cached_property
    def closes(self) -> Ticks:
        """Shape (checkpoints,), ticks: the closes of all business days in the tables, ascending, each once."""
        return np.unique(self.day_close)

    def open_time(self, instant: npt.ArrayLike) -> Ticks:
        """Return the open ticks in ``[begin, instant)`` (any shape, ticks)."""
        weeks, instant = self._folded(instant)
        stretch = (np.searchsorted(self.open_start, instant, side="right") - 1).clip(min=0)
        within = (np.minimum(instant, self.open_end[stretch]) - self.open_start[stretch]).clip(min=0)
        elapsed: Ticks = self.open_before[stretch] + within + weeks * self.open_per_week
        return elapsed

    def due(self, arrival: npt.ArrayLike, within: npt.ArrayLike) -> Ticks:
        """Return the first instants at which ``within`` open ticks have passed since ``arrival`` (R5).

        Parameters
        ----------
        arrival, within
            Ticks; shapes that broadcast. Hours used up exactly at a closing end there, not at the next opening.
        """
        goal = self.open_time(arrival) + np.asarray(within)
        all_open = self.open_before[-1] + self.open_end[-1] - self.open_start[-1]
        weeks = (-((all_open - goal) // self.open_per_week)).clip(min=0)
        goal = goal - weeks * self.open_per_week
        stretch = (np.searchsorted(self.open_before, goal, side="left") - 1).clip(min=0)
        reached = self.open_start[stretch] + goal - self.open_before[stretch] + weeks * WEEK
        return np.where(np.asarray(within) > 0, reached, arrival)  # no hours have passed at once, open or not

    def end_of_day(self, arrival: npt.ArrayLike, n: int) -> Ticks:
        """Return the closes of the ``n``-th business day after that of ``arrival`` (any shape, ticks; R5).

        The business day of an arrival is the first that has not closed: the one that is open, or the next to open.
        """
        weeks, arrival = self._folded(arrival)
        day = np.searchsorted(np.maximum.accumulate(self.day_close), arrival, side="right") + n
        beyond = (-((len(self.day_close) - 1 - day) // self.business_days_per_week)).clip(min=0)
        close: Ticks = self.day_close[day - beyond * self.business_days_per_week] + (weeks + beyond) * WEEK
        return close

    def checkpoints(self, until: int) -> Ticks:
        """Return the closes of business days in ``(0, until]``, ascending (R48); ``until`` at most ``end``."""
        assert until <= self.end, "R48: checkpoints were asked for beyond the calendar"
        return self.closes[slice(*np.searchsorted(self.closes, (0, until), side="right"))]

    def next_checkpoint(self, instant: npt.ArrayLike) -> Ticks:
        """Return the first closes after ``instant`` (any shape, ticks)."""
        weeks, instant = self._folded(instant)
        close: Ticks = self.closes[np.searchsorted(self.closes, instant, side="right")] + weeks * WEEK
        return close

    def _folded(self, instant: npt.ArrayLike) -> tuple[Ticks, Ticks]:
        """Move instants from the last week of the tables, or beyond, back by whole weeks: (weeks, moved instants)."""
        instant = np.asarray(instant, dtype=np.int64)
        weeks = ((instant - self.end) // WEEK + 2).clip(min=0)
        return weeks, instant - weeks * WEEK
