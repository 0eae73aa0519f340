"""One message: when it was due, when it became late, and where it waited behind what (R6–R8, R31, R37)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from simsocial.model.capacity import rankings_serving
from simsocial.model.log import MessageOutcome, VisitOutcome
from simsocial.model.scenario import Scenario
from simsocial.simulation.trace import Trace
from simsocial.study.check.coverage import gaps
from simsocial.study.why.names import name_of, name_of_agent
from simsocial.study.why.presence import Absent, absences
from simsocial.study.why.promises import Cases
from simsocial.study.why.waiting import Amount, amount, of_equal_rank, ranked_above, waiting
from simsocial.units import HOUR, NEVER


@dataclass(frozen=True)
class Deadline:
    """A promise to a message, or for one of its visits.

    Parameters
    ----------
    promise, measured
        Its name, and what it measures: ``pickup``, …, or ``step``.
    due, reached
        When it is due; when what it measures came, ``None`` if it did not.
    kept
        ``None`` when it does not count (R8: forgiven, or due after the horizon).
    late_hours
        From due to reached; ``None`` when it was kept or not reached.
    where
        Where the message was when it was due, in words.
    before_it
        What then waited before it, when it waited itself.
    """

    promise: str
    measured: str
    due: dt.datetime
    reached: dt.datetime | None
    kept: bool | None
    late_hours: float | None
    where: str
    before_it: Amount | None


@dataclass(frozen=True)
class Overtaking:
    """Visits to one queue that began while a message waited, by those who serve the message's queue too.

    Parameters
    ----------
    queue
        Name.
    relation
        ``the same queue``, ``ranked above`` or ``of equal rank``.
    begun
        How many, and their work.
    """

    queue: str
    relation: str
    begun: Amount


@dataclass(frozen=True)
class Visit:
    """A visit of a message to a queue.

    Parameters
    ----------
    queue, teams, visit
        The queue, the teams that serve it, and which visit to the step it is, from 1.
    joined, start, end
        Instants; ``None`` for what did not happen.
    team, agent, name
        Who served it; ``None`` where nobody did, and a name only where a rota gives it.
    outcome
        As in ``visits.parquet``.
    before_it
        What waited before it when it joined: in its queue, and in those ranked above.
    wait_hours, unattended_hours
        How long it waited, and for how long of that nobody who serves the queue was on duty.
    overtaking
        What began while it waited.
    absent
        Who of those teams missed a shift while it waited.
    """

    queue: str
    teams: tuple[str, ...]
    visit: int
    joined: dt.datetime
    start: dt.datetime | None
    end: dt.datetime | None
    team: str | None
    agent: int | None
    name: str | None
    outcome: str
    before_it: Amount
    wait_hours: float
    unattended_hours: float
    overtaking: tuple[Overtaking, ...]
    absent: tuple[Absent, ...]


@dataclass(frozen=True)
class MessageStory:
    """A message from its arrival to its end.

    Parameters
    ----------
    message
        ``<stream>.<number>``.
    arrived, published, ended
        Instants; ``None`` for what did not happen.
    outcome
        As in ``messages.parquet``, or ``lost`` of noise that was none (R106).
    deadlines, visits
        In order of time.
    """

    message: str
    arrived: dt.datetime
    published: dt.datetime | None
    ended: dt.datetime | None
    outcome: str
    deadlines: tuple[Deadline, ...]
    visits: tuple[Visit, ...]


def message_story(
    scenario: Scenario, trace: Trace, cases: Sequence[Cases], *, stream: int, message: int
) -> MessageStory:
    """Tell what happened to a message.

    Parameters
    ----------
    scenario, trace
        What was run, and what happened in a replication.
    cases
        Those of every promise.
    stream, message
        Indexes.
    """
    fates, visits = trace.log.fates[stream], trace.log.visits
    lost_of = trace.given.streams[stream].lost
    lost = lost_of is not None and bool(lost_of[message])
    rows = np.flatnonzero((visits.stream == stream) & (visits.message == message)).tolist()
    told = _Story(scenario, trace, stream, message, rows)
    return MessageStory(
        message=name_of(scenario, stream, message),
        arrived=scenario.when(int(trace.given.streams[stream].arrival[message])),
        published=told.when(fates.published[message]),
        ended=told.when(fates.ended[message]),
        outcome="lost" if lost else MessageOutcome(fates.outcome[message]).name.lower(),
        deadlines=tuple(sorted(told.deadlines(cases), key=lambda each: each.due)),
        visits=tuple(map(told.visit, rows)),
    )


@dataclass(frozen=True, eq=False)
class _Story:
    """A message and the rows of its visits in the log."""

    scenario: Scenario
    trace: Trace
    stream: int
    message: int
    rows: list[int]

    def when(self, tick: int) -> dt.datetime | None:
        return None if tick == NEVER else self.scenario.when(int(tick))

    # ---- promises ---------------------------------------------------------------------------------------------------

    def deadlines(self, cases: Sequence[Cases]) -> Iterator[Deadline]:
        for each in cases:
            mine = np.flatnonzero((each.message == self.message) & (each.due != NEVER))
            for row in mine.tolist() if each.stream == self.stream else []:
                yield self._deadline(each, row)

    def _deadline(self, cases: Cases, row: int) -> Deadline:
        due, reached = int(cases.due[row]), int(cases.measured[row])
        late = reached > due
        where, before_it = self._place(due) if late and due < self.scenario.horizon else ("", None)
        return Deadline(
            promise=cases.promise.name,
            measured=cases.promise.measured.value,
            due=self.scenario.when(due),
            reached=self.when(reached),
            kept=not late if cases.counts[row] else None,
            late_hours=(reached - due) / HOUR if late and reached != NEVER else None,
            where=where,
            before_it=before_it,
        )

    def _place(self, tick: int) -> tuple[str, Amount | None]:
        """Say where the message was at an instant, and what waited before it."""
        visits = self.trace.log.visits
        for row in self.rows:
            queue = self.trace.desk.queues[visits.queue[row]].name
            if visits.joined[row] <= tick < min(visits.start[row], visits.end[row]):
                return f"waiting in {queue}", self._before(row, tick)
            if visits.start[row] <= tick < visits.end[row]:
                return f"being worked on in {queue}", None
        gone = self.trace.log.fates[self.stream].ended[self.message] <= tick
        return "gone by then" if gone else "with its author", None

    # ---- visits -----------------------------------------------------------------------------------------------------

    def visit(self, row: int) -> Visit:
        visits, desk, roster = self.trace.log.visits, self.trace.desk, self.trace.roster
        joined, queue = int(visits.joined[row]), int(visits.queue[row])
        until = min(int(visits.start[row]), int(visits.end[row]), self.scenario.horizon)
        agent, team = int(visits.agent[row]), int(visits.team[row])
        number = None if agent < 0 else agent - int(np.searchsorted(roster.team, team))
        return Visit(
            queue=desk.queues[queue].name,
            teams=tuple(desk.teams[team] for team in self._serving(queue)),
            visit=int(visits.visit[row]),
            joined=self.scenario.when(joined),
            start=self.when(visits.start[row]),
            end=self.when(visits.end[row]),
            team=None if agent < 0 else desk.teams[team],
            agent=number,
            name=None if number is None else name_of_agent(self.scenario, team, number),
            outcome=VisitOutcome(visits.outcome[row]).name.lower(),
            before_it=self._before(row, joined),
            wait_hours=(until - joined) / HOUR,
            unattended_hours=self._unattended(queue, joined, until),
            overtaking=tuple(self._overtaking(queue, joined, until, row)),
            absent=absences(self.scenario, roster, self._serving(queue), joined, until),
        )

    def _serving(self, queue: int) -> list[int]:
        desk = self.trace.desk
        return sorted({desk.rankings[ranking].team for ranking in rankings_serving(desk, [queue])})

    def _before(self, row: int, tick: int) -> Amount:
        """Sum up what waits at an instant and ranks before a visit: in its queue by joining, then message (R31)."""
        visits = self.trace.log.visits
        queue, joined = int(visits.queue[row]), int(visits.joined[row])
        earlier = (visits.joined < joined) | ((visits.joined == joined) & (visits.message < self.message))
        in_line = waiting(visits, tick, [queue]) & earlier
        return amount(visits, in_line | waiting(visits, tick, ranked_above(self.trace.desk, queue)))

    def _unattended(self, queue: int, begin: int, end: int) -> float:
        spans = gaps(self.trace.desk, self.trace.roster, [queue]).clip(begin, end)
        return float((spans[:, 1] - spans[:, 0]).sum()) / HOUR

    def _overtaking(self, queue: int, begin: int, end: int, row: int) -> Iterator[Overtaking]:
        """Yield what began while the visit waited; at its own instant, what had begun before it."""
        visits, desk = self.trace.log.visits, self.trace.desk
        above, equal = ranked_above(desk, queue), of_equal_rank(desk, queue)
        began = (visits.start >= begin) & (visits.start < end) & np.isin(visits.queue, [queue, *above, *equal])
        began[row] = False
        by_queue: defaultdict[int, list[int]] = defaultdict(list)
        for other in np.flatnonzero(began).tolist():
            if self._serves(other, queue):
                by_queue[int(visits.queue[other])].append(other)
        for other_queue, rows in sorted(by_queue.items(), key=lambda item: -len(item[1])):
            which = np.zeros(len(visits), np.bool_)
            which[rows] = True
            relation = (
                "the same queue"
                if other_queue == queue
                else "ranked above"
                if other_queue in above
                else "of equal rank"
            )
            yield Overtaking(desk.queues[other_queue].name, relation, amount(visits, which))

    def _serves(self, row: int, queue: int) -> bool:
        """Say whether the agent who began a visit served ``queue`` too in that window."""
        visits, roster, desk = self.trace.log.visits, self.trace.roster, self.trace.desk
        agent = int(visits.agent[row])
        if agent < 0:
            return False
        first, after = roster.windows_of[agent : agent + 2].tolist()
        window = first + int(np.searchsorted(roster.start[first:after], visits.start[row], side="right")) - 1
        return queue in desk.rankings[int(roster.serves[window])].queues
