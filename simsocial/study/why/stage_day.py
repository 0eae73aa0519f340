"""One stage on one day: what came, what could be done, what waited, what ranked before it, what broke (R47–R50)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.measure.behind.lateness import broken
from simsocial.measure.behind.path import Path
from simsocial.measure.behind.wording import closing_day
from simsocial.model.capacity import capacity
from simsocial.model.scenario import Scenario
from simsocial.simulation.trace import Trace
from simsocial.study.why.names import name_of
from simsocial.study.why.presence import Span, uncovered_hours
from simsocial.study.why.promises import Cases
from simsocial.study.why.waiting import Amount, amount, ranked_above, waiting
from simsocial.units import HOUR

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Backlog:
    """What waited at an instant, and since when the oldest of it."""

    at: dt.datetime
    waiting: Amount
    oldest: dt.datetime | None


@dataclass(frozen=True)
class PromiseDay:
    """A promise at a close (R49 a).

    Parameters
    ----------
    promise, promised
        Its name and share.
    due, kept
        Messages due since the close before, and those of them that kept it.
    broken
        Whether it makes the stage late: too few kept it, or, with none due, when it was last due.
    first_broken, first_broken_due
        The first message due that broke it, and when it was due.
    """

    promise: str
    promised: float
    due: int
    kept: int
    broken: bool
    first_broken: str | None
    first_broken_due: dt.datetime | None


@dataclass(frozen=True)
class Above:
    """A queue that ranks above the stage: what of it was begun since the close before, and what waited at the close."""

    queue: str
    begun: Amount
    waiting: Amount


@dataclass(frozen=True)
class StageDay:
    """A stage from the close before a day to the close of the day.

    Parameters
    ----------
    stage, teams
        Names.
    since, close, next_close
        The close before (or the start), that of the day, and the next.
    late
        R49.
    behind_since
        The day from which it was behind (R50); ``None`` when it was not.
    came, came_unattended
        Visits that joined; those of them that did when nobody who serves the stage was on duty.
    usual
        Median number that joined over the same weekday's other closes; ``None`` when there is no other.
    begun
        Visits begun.
    capacity_hours, capacity_ahead_hours
        Net capacity of those who serve it, since the close before and until the next.
    morning, evening
        What waited when the first of them came on duty (at the start of the day, when nobody did), and at the close.
    load_hours
        Work that waited at the close, with what ranks above (R49 b).
    above
        Queues ranked above, of which something was begun or waited.
    uncovered
        Open hours of the day in which nobody who serves it was on duty.
    promises
        Those charged to it.
    """

    stage: str
    teams: tuple[str, ...]
    since: dt.datetime
    close: dt.datetime
    next_close: dt.datetime
    late: bool
    behind_since: dt.date | None
    came: Amount
    came_unattended: int
    usual: float | None
    begun: Amount
    capacity_hours: float
    capacity_ahead_hours: float
    morning: Backlog
    evening: Backlog
    load_hours: float
    above: tuple[Above, ...]
    uncovered: tuple[Span, ...]
    promises: tuple[PromiseDay, ...]

    @property
    def overloaded(self) -> bool:
        """Whether more waited at the close than can be done until the next (R49 b)."""
        return self.load_hours > self.capacity_ahead_hours


class StageDays:
    """The days of a stage in one replication.

    Parameters
    ----------
    scenario, trace
        What was run, and what happened.
    path
        How the stage fared.
    cases
        Those of every promise, in the order of ``PromiseCounts``.
    """

    def __init__(self, scenario: Scenario, trace: Trace, path: Path, cases: Sequence[Cases]) -> None:
        self.scenario, self.trace, self.path = scenario, trace, path
        self.stage = path.stage
        self.cases = [cases[row] for row in path.stage.promises]
        marks, shape = self.stage.marks, (len(self.cases), len(path.late))
        counted = [[_counted(each, marks, kept=kept) for each in self.cases] for kept in (False, True)]
        self.due, self.kept = (np.array(rows, np.int64).reshape(shape) for rows in counted)
        self.broken = broken(self.due, self.kept, self.stage.shares)

    @property
    def missed(self) -> Counts:
        """Shape (checkpoints,): promises due since the checkpoint before that were broken."""
        missed: Counts = (self.due - self.kept).sum(axis=0)
        return missed

    def on(self, date: dt.date) -> int | None:
        """Return the checkpoint whose day is ``date`` (R48), the last when there are several."""
        days = [closing_day(self.scenario, int(tick)) for tick in self.stage.checkpoints]
        return len(days) - 1 - days[::-1].index(date) if date in days else None

    def load_hours(self, checkpoint: int) -> float:
        """Return the work that waits at a checkpoint in the stage and above it (R49 b), in hours."""
        visits, close = self.trace.log.visits, int(self.stage.checkpoints[checkpoint])
        return amount(visits, waiting(visits, close, {*self.stage.queues, *self.stage.above})).hours

    def day(self, checkpoint: int) -> StageDay:
        """Return what happened up to a checkpoint, by its index."""
        since, close, next_close = map(int, self.stage.marks[checkpoint : checkpoint + 3])
        visits, when = self.trace.log.visits, self.scenario.when
        own = np.isin(visits.queue, self.stage.queues)
        came = own & (visits.joined > since) & (visits.joined <= close)
        roster, rankings = self.trace.roster, len(self.trace.desk.rankings)
        net = capacity(roster, rankings=rankings, edges=[since + 1, close + 1, next_close + 1]).net / HOUR
        ahead = capacity(roster, rankings=rankings, edges=[close, next_close]).net / HOUR
        return StageDay(
            stage=self.stage.name,
            teams=self.stage.team_names,
            since=when(max(since, 0)),
            close=when(close),
            next_close=when(next_close),
            late=bool(self.path.late[checkpoint]),
            behind_since=self._behind_since(checkpoint),
            came=amount(visits, came),
            came_unattended=int(self._unattended(visits.joined[came]).sum()),
            usual=self._usual(checkpoint),
            begun=amount(visits, own & (visits.start > since) & (visits.start <= close)),
            capacity_hours=float(net[list(self.stage.rankings), 0].sum()),
            capacity_ahead_hours=float(ahead[list(self.stage.rankings), 0].sum()),
            morning=self._backlog(self._morning(since, close)),
            evening=self._backlog(close),
            load_hours=self.load_hours(checkpoint),
            above=tuple(self._above(since, close)),
            uncovered=uncovered_hours(
                self.scenario, roster, self.stage.queues, self._calendar(), closing_day(self.scenario, close)
            ),
            promises=tuple(self._promise(row, checkpoint) for row in range(len(self.cases))),
        )

    def _behind_since(self, checkpoint: int) -> dt.date | None:
        for stay in self.path.episodes:
            if stay.start <= checkpoint and (stay.end is None or checkpoint < stay.end):
                return closing_day(self.scenario, int(self.stage.checkpoints[stay.start]))
        return None

    def _usual(self, checkpoint: int) -> float | None:
        visits, marks = self.trace.log.visits, self.stage.marks
        joined = np.sort(visits.joined[np.isin(visits.queue, self.stage.queues)])
        counts = np.diff(np.searchsorted(joined, marks[:-1], side="right"))
        weekdays = np.array([closing_day(self.scenario, int(tick)).weekday() for tick in self.stage.checkpoints])
        others = weekdays == weekdays[checkpoint]
        others[checkpoint] = False
        return float(np.median(counts[others])) if others.any() else None

    def _windows(self) -> Counts:
        """Return the windows of those who serve the stage, shape (windows, 2), ticks, by start."""
        roster = self.trace.roster
        serving = np.isin(roster.serves, self.stage.rankings)
        spans = np.column_stack([roster.start[serving], roster.end[serving]])
        return spans[np.argsort(spans[:, 0], kind="stable")]

    def _unattended(self, instants: Counts) -> npt.NDArray[np.bool_]:
        windows = self._windows()
        on_duty = np.searchsorted(windows[:, 0], instants, side="right")
        gone = np.searchsorted(np.sort(windows[:, 1]), instants, side="right")
        return on_duty <= gone

    def _morning(self, since: int, close: int) -> int:
        """Return when the first of those who serve the stage came on duty on the day, at the earliest its midnight."""
        day = closing_day(self.scenario, close)
        begin = max(self.scenario.tick(dt.datetime.combine(day, dt.time())), since + 1, 0)
        windows = self._windows()
        there = windows[(windows[:, 1] > begin) & (windows[:, 0] < close)]
        return max(int(there[0, 0]), begin) if len(there) else begin

    def _backlog(self, tick: int) -> Backlog:
        visits = self.trace.log.visits
        which = waiting(visits, tick, self.stage.queues)
        oldest = self.scenario.when(int(visits.joined[which].min())) if which.any() else None
        return Backlog(self.scenario.when(tick), amount(visits, which), oldest)

    def _above(self, since: int, close: int) -> Iterator[Above]:
        visits, desk = self.trace.log.visits, self.trace.desk
        above = frozenset().union(*(ranked_above(desk, queue) for queue in self.stage.queues))
        for queue in sorted(above):
            begun = (visits.queue == queue) & (visits.start > since) & (visits.start <= close)
            found = Above(
                desk.queues[queue].name, amount(visits, begun), amount(visits, waiting(visits, close, [queue]))
            )
            if found.begun.visits or found.waiting.visits:
                yield found

    def _promise(self, row: int, checkpoint: int) -> PromiseDay:
        cases, (since, close) = self.cases[row], map(int, self.stage.marks[checkpoint : checkpoint + 2])
        missed = np.flatnonzero(cases.due_in(since, close) & cases.broken)
        first = missed[np.argmin(cases.due[missed])] if len(missed) else None
        return PromiseDay(
            promise=cases.promise.name,
            promised=cases.promise.share,
            due=int(self.due[row, checkpoint]),
            kept=int(self.kept[row, checkpoint]),
            broken=bool(self.broken[row, checkpoint]),
            first_broken=None if first is None else name_of(self.scenario, cases.stream, int(cases.message[first])),
            first_broken_due=None if first is None else self.scenario.when(int(cases.due[first])),
        )

    def _calendar(self) -> int | None:
        """Return the calendar whose closes are the checkpoints (R48)."""
        if not self.stage.on_calendar:
            return None
        stream = next(stream for stream in self.scenario.streams if stream.name == self.stage.stream)
        charged = [each.promise.calendar for each in self.cases]
        candidates = [*charged, stream.calendar, *(promise.calendar for promise in stream.promises)]
        return next((calendar for calendar in candidates if calendar is not None), 0)


def _counted(cases: Cases, marks: Counts, *, kept: bool) -> Counts:
    """Count the cases due between checkpoints, or those of them that were kept; shape (checkpoints,)."""
    which = cases.counts & (cases.measured <= cases.due) if kept else cases.counts
    return np.diff(np.searchsorted(np.sort(cases.due[which]), marks[:-1], side="right"))
