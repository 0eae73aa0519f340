"""A slow twin of the tallies, written from their definitions: plain loops over messages, visits and single ticks.

It shares nothing with the fast one but the data structures and the bins of waits, which have tests of their own.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
from random_logs import OPEN

from simsocial.model.away import Away
from simsocial.model.desk import AUTHOR, OUTSIDE, When
from simsocial.model.log import Log, MessageOutcome, VisitOutcome
from simsocial.model.messages import Messages, StreamMessages
from simsocial.model.promises import Measured, Promise
from simsocial.model.roster import Roster
from simsocial.model.scenario import Scenario
from simsocial.model.tallies import (
    CareerCounts,
    Flows,
    PromiseCounts,
    QueueCounts,
    StreamCounts,
    Tallies,
    TeamTimes,
)
from simsocial.model.waits import bin_of, bins
from simsocial.units import MONTH, NEVER

COUNTER_OF: dict[int, str] = {
    Away.BREAK: "on_break",
    Away.MEETING: "in_meetings",
    Away.OTHER_DUTY: "at_other_duties",
    Away.LEAVE: "on_leave",
    Away.ABSENT: "absent",
    Away.TRAINING: "in_training",
    Away.TEACHING: "teaching",
    Away.OUTAGE: "in_outages",
}
STAGE_OF = dict(enumerate(["waiting", "in_class", "nesting", "ramping", "full", "certified", "employed"]))
LEFT = (VisitOutcome.ABANDONED, VisitOutcome.EXPIRED)


class Visit:
    """A row of the log with names."""

    def __init__(self, log: Log, row: int) -> None:
        for field in fields(log.visits):
            setattr(self, field.name, int(getattr(log.visits, field.name)[row]))

    def __getattr__(self, name: str) -> int:
        raise AttributeError(name)


class Twin:
    """Counts one replication the long way."""

    def __init__(self, scenario: Scenario, messages: Messages, roster: Roster, log: Log, edges: Any) -> None:
        self.scenario, self.messages, self.roster, self.log, self.edges = scenario, messages, roster, log, edges
        self.horizon = scenario.horizon
        self.buckets = len(edges) - 1
        self.visits = [Visit(log, row) for row in range(len(log.visits))]

    def bucket(self, instant: int) -> int:
        return next(i for i in range(self.buckets) if self.edges[i] <= instant < self.edges[i + 1])

    def table(self, rows: int) -> Any:
        return np.zeros((rows, self.buckets), np.int64)

    def new(self, kind: Any, rows: int) -> dict[str, Any]:
        return {field.name: self.table(rows) for field in fields(kind)}

    def arrival(self, visit: Visit) -> int:
        return int(self.messages.streams[visit.stream].arrival[visit.message])

    def tallies(self) -> Tallies:
        groups = (self.flows(), self.queues(), self.streams(), self.promises(), self.teams(), self.careers())
        return Tallies(self.edges, *groups)

    # ---- queues --------------------------------------------------------------------------------------------------

    def flows(self) -> Flows:
        out = self.new(Flows, len(self.scenario.desk.queues))
        for v in self.visits:
            b = self.bucket(v.joined)
            for name, amount in (("joined", 1), ("work_joined", v.work), ("joined_sum", v.joined)):
                out[name][v.queue, b] += amount
            name, stopped = ("left", v.end) if v.outcome in LEFT else ("started", v.start)
            if stopped != NEVER:
                b = self.bucket(stopped)
                out[name][v.queue, b] += 1
                out["work_" + name][v.queue, b] += v.work
                out["ended_sum"][v.queue, b] += v.joined
                out["stopped_sum"][v.queue, b] += stopped
        return Flows(**out)

    def queues(self) -> QueueCounts:
        rows = len(self.scenario.desk.queues)
        out = self.new(QueueCounts, rows)
        for name in ("wait_histogram", "lost_histogram", "open_histogram"):
            out[name] = np.zeros((rows, bins(self.horizon)), np.int64)
        for name in ("first_reviews_by_tenure", "first_passed_by_tenure"):
            out[name] = np.zeros((rows, 5), np.int64)
        for v in self.visits:
            if max(self.arrival(v), 0) >= self.scenario.warmup:
                self.book_visit(out, v)
        return QueueCounts(**out)

    def book_visit(self, out: dict[str, Any], v: Visit) -> None:
        def book(name: str, instant: int, amount: int = 1) -> None:
            out[name][v.queue, self.bucket(instant)] += amount

        book("offered", v.joined)
        if v.outcome in LEFT:
            book("abandoned" if v.outcome == VisitOutcome.ABANDONED else "expired", v.end)
            book("lost_wait_sum", v.end, v.end - v.joined)
            out["lost_histogram"][v.queue, bin_of(v.end - v.joined)] += 1
        elif v.start == NEVER:
            out["open_histogram"][v.queue, bin_of(self.horizon - v.joined)] += 1
        else:
            book("started", v.start)
            book("wait_sum", v.start, v.start - v.joined)
            book("waited", v.start, int(v.start > v.joined))
            out["wait_histogram"][v.queue, bin_of(v.start - v.joined)] += 1
            if v.end != NEVER:
                self.book_end(out, book, v)

    def book_end(self, out: dict[str, Any], book: Any, v: Visit) -> None:
        book("finished", v.end)
        book("service_sum", v.end, v.end - v.start)
        book("sojourn_sum", v.end, v.end - v.joined)
        if v.outcome in (VisitOutcome.PASSED, VisitOutcome.REJECTED):
            passed = v.outcome == VisitOutcome.PASSED
            book("passed" if passed else "rejected", v.end)
            if v.visit == 1:
                book("first_reviews", v.end)
                book("first_passed", v.end, int(passed))
                for name in ("first_reviews_by_tenure", *["first_passed_by_tenure"] * passed):
                    self.book_tenure(out[name], v)

    def book_tenure(self, table: Any, review: Visit) -> None:
        """R112: the months that whoever did the work last had been there as he began it."""
        judged = self.scenario.desk.routes[review.stream].steps[review.step].review.judges
        before = [v for v in self.visits if (v.stream, v.message) == (review.stream, review.message)]
        work = [v for v in before if v.step == judged and v.start < review.start and v.outcome not in LEFT]
        if work and work[-1].agent >= 0 and any(team.career for team in self.scenario.teams):
            months = self.tenure(work[-1].agent, work[-1].start) / MONTH
            table[review.queue, sum(months > limit for limit in (1, 3, 6, 12))] += 1

    def tenure(self, agent: int, instant: int) -> float:
        roster = self.roster
        columns = (roster.stage_agent, roster.stage, roster.stage_start, roster.stage_since)
        his = [
            (start, since)
            for whose, stage, start, since in zip(*(column.tolist() for column in columns), strict=True)
            if whose == agent and STAGE_OF[stage] == "employed" and start <= instant
        ]
        return instant - max(his)[1] if his else np.inf

    # ---- streams -------------------------------------------------------------------------------------------------

    def streams(self) -> StreamCounts:
        out = self.new(StreamCounts, len(self.messages.streams))
        for s, drawn in enumerate(self.messages.streams):
            for m, arrival in enumerate(drawn.arrival.tolist()):
                if max(arrival, 0) >= self.scenario.warmup:
                    self.book_message(out, s, m, arrival, drawn)
        return StreamCounts(**out)

    def book_message(self, out: dict[str, Any], s: int, m: int, arrival: int, drawn: StreamMessages) -> None:
        def book(name: str, instant: int, amount: int = 1) -> None:
            out[name][s, self.bucket(instant)] += amount

        fates = self.log.fates[s]
        outcome, ended = MessageOutcome(int(fates.outcome[m])), int(fates.ended[m])
        published = int(fates.published[m])
        book("initial" if arrival < 0 else "arrived", max(arrival, 0))
        if outcome is not MessageOutcome.PENDING:
            book(outcome.name.lower(), ended)
        if drawn.automated is not None and drawn.automated[m]:
            book("automated", max(arrival, 0))
        if drawn.lost is not None and drawn.lost[m] and outcome is MessageOutcome.NOISE:
            book("lost", ended)
        if outcome is MessageOutcome.HANDLED:
            book("turnaround_sum", ended, ended - arrival)
        if published != NEVER:
            book("published", published)
            book("response_sum", published, published - arrival)
            exposure = self.exposure(s, m)
            if exposure is not None:
                book("exposed", published)
                book("exposure_sum", published, exposure)
            book("escaped", published, int(self.escaped(s, m)))

    def of_message(self, s: int, m: int) -> list[Visit]:
        return [v for v in self.visits if (v.stream, v.message) == (s, m)]

    def exposure(self, s: int, m: int) -> int | None:
        """R45: from publication to the end of the last correction, the withdrawal, or the horizon."""
        published = int(self.log.fates[s].published[m])
        faulty_until = None
        way = self.of_message(s, m)
        for i, v in enumerate(way):
            review = self.scenario.desk.routes[s].steps[v.step].review
            if v.outcome != VisitOutcome.REJECTED or v.end <= published:
                continue
            assert review is not None
            faulty_until = self.horizon
            if self.log.fates[s].outcome[m] == MessageOutcome.WITHDRAWN and i == len(way) - 1:
                faulty_until = v.end
            elif i + 1 < len(way):
                correction = way[i + 1]
                if review.returns_to == AUTHOR:
                    faulty_until = correction.joined
                elif correction.end != NEVER and correction.outcome not in LEFT:
                    faulty_until = correction.end
        return None if faulty_until is None else faulty_until - published

    def escaped(self, s: int, m: int) -> bool:
        """R45: some review after publication did not sample it, and its first uniform fails it at publication (R23)."""
        published = int(self.log.fates[s].published[m])
        for r, step in enumerate(self.scenario.desk.routes[s].steps):
            drawn = self.messages.streams[s].steps[r]
            if step.review is None or step.review.when is not When.AFTER or drawn.needs[m]:
                continue
            chance = step.review.reject * float(step.reject_factor.at(published))
            quality = self.quality(s, m, step.review.judges, published)
            if chance > 0 and drawn.reject.first[m] / chance < quality:
                return True
        return False

    def quality(self, s: int, m: int, judged: int, instant: int) -> float:
        quality = 1.0
        for v in self.of_message(s, m):
            review = self.scenario.desk.routes[s].steps[v.step].review
            if v.joined >= instant or judged == OUTSIDE:
                break
            if v.step == judged:
                quality = self.quality_of(v)
            elif v.outcome == VisitOutcome.REJECTED and review.returns_to == AUTHOR and review.judges == judged:
                quality = 1.0
        return quality

    def quality_of(self, v: Visit) -> float:
        roster = self.roster
        for w in range(len(roster.agent)):
            if roster.agent[w] == v.agent and roster.start[w] <= v.start < roster.end[w]:
                return float(roster.quality[w])
        return 1.0

    # ---- promises ------------------------------------------------------------------------------------------------

    def promises(self) -> PromiseCounts:
        made = [(s, promise) for s, stream in enumerate(self.scenario.streams) for promise in stream.promises]
        out = self.new(PromiseCounts, len(made))
        for row, (s, promise) in enumerate(made):
            step = promise.measured is Measured.STEP
            for case in self.visit_cases(s, promise) if step else self.message_cases(s, promise):
                self.book_promise(out, row, promise, *case)
        return PromiseCounts(**out)

    def book_promise(
        self, out: Any, row: int, promise: Promise, m: tuple[int, int], since: int, due: int, measured: int, left: int
    ) -> None:
        drawn = self.messages.streams[m[0]]
        lost = drawn.lost is not None and drawn.lost[m[1]]
        if not (drawn.actionable[m[1]] or lost) or max(drawn.arrival[m[1]], 0) < self.scenario.warmup:
            return
        if not 0 <= due <= self.horizon:
            return
        if left != NEVER and left - since < promise.grace:
            return
        b = self.bucket(due)
        out["due"][row, b] += 1
        out["kept"][row, b] += measured <= due
        out["excused"][row, b] += left <= due

    def message_cases(self, s: int, promise: Promise) -> Any:
        drawn, fates = self.messages.streams[s], self.log.fates[s]
        for m in range(len(drawn)):
            way = self.of_message(s, m)
            completed = int(fates.ended[m]) if fates.outcome[m] == MessageOutcome.HANDLED else NEVER
            measured = {
                Measured.PICKUP: way[0].start if way else completed,
                Measured.FIRST_RESPONSE: int(fates.published[m]),
                Measured.PUBLICATION: int(fates.published[m]),
                Measured.COMPLETION: completed,
            }[promise.measured]
            lost = fates.outcome[m] in (MessageOutcome.ABANDONED, MessageOutcome.EXPIRED) and measured == NEVER
            due = int(drawn.due[drawn.promises.index(promise.name)][m])
            yield (s, m), int(drawn.arrival[m]), due, measured, int(fates.ended[m]) if lost else NEVER

    def visit_cases(self, s: int, promise: Promise) -> Any:
        for v in self.visits:
            if (v.stream, v.step) == (s, promise.step):
                left = v.outcome in LEFT
                due = self.due(promise, v.joined)
                yield (s, v.message), v.joined, due, NEVER if left else v.end, v.end if left else NEVER

    def due(self, promise: Promise, joined: int) -> int:
        if promise.calendar is None:
            return joined + int(promise.within or 0)
        if promise.end_of_day is not None:
            assert promise.end_of_day == 0
            return OPEN[1] if joined < OPEN[1] else NEVER
        opened = [t for t in range(joined, self.horizon + 1) if OPEN[0] <= t < OPEN[1]]
        return opened[promise.within - 1] + 1 if len(opened) >= promise.within else NEVER

    # ---- teams ---------------------------------------------------------------------------------------------------

    def teams(self) -> TeamTimes:
        out = self.new(TeamTimes, len(self.scenario.desk.teams))
        for tick in range(self.scenario.warmup, self.horizon):
            b = self.bucket(tick)
            for agent, team in enumerate(self.roster.team.tolist()):
                self.book_tick(out, tick, b, agent, team)
        return TeamTimes(**out)

    def book_tick(self, out: Any, tick: int, b: int, agent: int, team: int) -> None:
        roster, desk = self.roster, self.scenario.desk
        on_duty = any(
            a == agent and s <= tick < e for a, s, e in zip(roster.agent, roster.start, roster.end, strict=True)
        )
        at_work = [v for v in self.visits if v.agent == agent and v.start <= tick < v.end]
        if on_duty:
            out["on_duty"][team, b] += roster.slots[agent]
            out["duty_agents"][team, b] += 1
            out["busy"][team, b] += len(at_work)
            out["worked_agents"][team, b] += bool(at_work)
        else:
            out["overrun"][team, b] += sum(not desk.routes[v.stream].steps[v.step].suspend for v in at_work)
        for a, s, e, why in zip(roster.away_agent, roster.away_start, roster.away_end, roster.away_why, strict=True):
            out[COUNTER_OF[why]][team, b] += a == agent and s <= tick < e

    # ---- careers -------------------------------------------------------------------------------------------------

    def careers(self) -> CareerCounts:
        roster, out = self.roster, self.new(CareerCounts, len(self.scenario.desk.teams))
        columns = (roster.stage_agent, roster.stage_start, roster.stage_end, roster.stage, roster.stage_since)
        for agent, start, end, stage, since in zip(*(column.tolist() for column in columns), strict=True):
            team = roster.team[agent]
            if STAGE_OF[stage] == "employed":
                continue
            for tick in range(max(start, self.scenario.warmup), min(end, self.horizon)):
                out[STAGE_OF[stage]][team, self.bucket(tick)] += 1
            if since == NEVER:
                continue
            if STAGE_OF[stage] == "waiting" and self.scenario.warmup <= end < self.horizon:
                out["begun"][team, self.bucket(end)] += 1
                out["waited"][team, self.bucket(end)] += end - start
            if STAGE_OF[stage] == "full" and self.scenario.warmup <= start < self.horizon:
                out["became_full"][team, self.bucket(start)] += 1
                out["took"][team, self.bucket(start)] += start - since
        for name, sign in (("lost", -1), ("gained", 1)):
            out[name] = np.rint(self.apart(sign)).astype(np.int64)
        return CareerCounts(**out)

    def apart(self, sign: int) -> Any:
        """What each team does more (or less) than its untrained twin, tick by tick (R110)."""
        roster, sums = self.roster, self.table(len(self.scenario.desk.teams)).astype(float)
        columns = (roster.twin_agent, roster.twin_start, roster.twin_end, roster.twin_gain)
        for agent, start, end, gain in zip(*(column.tolist() for column in columns), strict=True):
            for tick in range(max(start, self.scenario.warmup), min(end, self.horizon)):
                sums[roster.team[agent], self.bucket(tick)] += max(sign * gain, 0)
        return sums
