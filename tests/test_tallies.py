"""Tallies against a slow twin: on random logs, and on those of an engine."""

from __future__ import annotations

from dataclasses import fields, replace
from random import Random
from typing import Any

import numpy as np
import pytest
from builders import ReviewSpec, ShiftSpec, StepSpec, StreamSpec, TeamSpec, at, scenario
from hypothesis import given, settings
from hypothesis import strategies as st
from random_logs import Case, random_case
from tally_twin import LEFT, Twin, Visit

from simsocial.measure.tally import buckets, edges, tally
from simsocial.model.arrivals import RateArrivals
from simsocial.model.away import Absence, Leave, Meeting, OnCall, OtherDuty
from simsocial.model.backlog import Waiting
from simsocial.model.desk import When
from simsocial.model.laws import Deterministic, Exponential
from simsocial.model.outages import Dated, Outage
from simsocial.model.piecewise import Piecewise
from simsocial.model.promises import Measured, Promise
from simsocial.model.scenario import Scenario
from simsocial.model.tallies import StreamCounts, Tallies
from simsocial.model.teams import Break
from simsocial.model.technology import Automation, Filter
from simsocial.simulation.replication import run_replication


def counters(tallies: Tallies) -> dict[str, Any]:
    groups = {group.name: getattr(tallies, group.name) for group in fields(tallies) if group.name != "edges"}
    return {f"{name}.{f.name}": getattr(group, f.name) for name, group in groups.items() for f in fields(group)}


def differing(a: Tallies, b: Tallies) -> set[str]:
    left, right = counters(a), counters(b)
    return {name for name in left if not np.array_equal(left[name], right[name])}


def compared(case: Case, twin: type[Twin] = Twin) -> set[str]:
    parts = (case.scenario, case.messages, case.roster, case.log)
    return differing(tally(*parts, buckets(case.scenario)), twin(*parts, edges(case.scenario)).tallies())


# ---- the twin ------------------------------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1))
def test_tallies_are_those_of_the_slow_twin(seed: int) -> None:
    assert compared(random_case(Random(seed))) == set()


class GraceIncludesItsEnd(Twin):
    def book_promise(self, out: Any, row: int, promise: Promise, *case: Any) -> None:
        super().book_promise(out, row, replace(promise, grace=promise.grace + 1), *case)


class DueAtTheHorizonIsForgotten(Twin):
    def book_promise(self, out: Any, row: int, promise: Promise, m: Any, since: int, due: int, *rest: int) -> None:
        if due != self.horizon:
            super().book_promise(out, row, promise, m, since, due, *rest)


class SuspendedWorkOverruns(Twin):
    def book_tick(self, out: Any, tick: int, b: int, agent: int, team: int) -> None:
        super().book_tick(out, tick, b, agent, team)
        windows = zip(self.roster.agent, self.roster.start, self.roster.end, strict=True)
        if not any(a == agent and s <= tick < e for a, s, e in windows):
            asleep = [v for v in self.visits if (v.agent, v.stream) == (agent, 1) and v.start <= tick < v.end]
            out["overrun"][team, b] += len(asleep)


class QualityIsAlwaysOne(Twin):
    def quality_of(self, v: Visit) -> float:
        return 1.0


class AuthorsDoNotCorrect(Twin):
    def quality(self, s: int, m: int, judged: int, instant: int) -> float:
        own = [v for v in self.of_message(s, m) if v.step == judged and v.joined < instant]
        return self.quality_of(own[-1]) if own else 1.0


class ExposureEndsAtRejection(Twin):
    def exposure(self, s: int, m: int) -> int | None:
        published = int(self.log.fates[s].published[m])
        found = [v.end for v in self.of_message(s, m) if v.outcome == 2 and v.end > published]
        return found[-1] - published if found else None


class ExpiredReworkCorrects(Twin):
    def exposure(self, s: int, m: int) -> int | None:
        way = self.of_message(s, m)
        gone = len(way) > 1 and way[-1].outcome in LEFT and way[-2].outcome == 2
        published = int(self.log.fates[s].published[m])
        by_agent = gone and self.scenario.desk.queues[way[-1].queue].rework and way[-2].end > published
        return way[-1].end - published if by_agent else super().exposure(s, m)


class AuthorsGrowOlderWhileTheyWait(Twin):
    def tenure(self, agent: int, instant: int) -> float:
        return super().tenure(agent, self.horizon)


class LossesAreGains(Twin):
    def apart(self, sign: int) -> Any:
        return super().apart(1)


class WarmupIsIgnored(Twin):
    def __init__(self, scenario: Scenario, *rest: Any) -> None:
        super().__init__(scenario.but(warmup=0), *rest)


@pytest.mark.parametrize(
    ("twin", "seen"),
    [
        (GraceIncludesItsEnd, {"promises.due"}),
        (DueAtTheHorizonIsForgotten, {"promises.due"}),
        (SuspendedWorkOverruns, {"teams.overrun"}),
        (QualityIsAlwaysOne, {"streams.escaped"}),
        (AuthorsDoNotCorrect, {"streams.escaped"}),
        (ExposureEndsAtRejection, {"streams.exposure_sum"}),
        (ExpiredReworkCorrects, {"streams.exposure_sum"}),
        (AuthorsGrowOlderWhileTheyWait, {"queues.first_reviews_by_tenure", "queues.first_passed_by_tenure"}),
        (LossesAreGains, {"careers.lost"}),
        (WarmupIsIgnored, {"queues.offered", "streams.arrived", "promises.due", "teams.on_duty"}),
    ],
)
def test_a_twin_with_one_rule_changed_is_found_out(twin: type[Twin], seen: set[str]) -> None:
    """Negative control: the comparison sees each of these rules."""
    found: set[str] = set()
    for seed in range(400):
        found |= compared(random_case(Random(seed)), twin)
        if seen <= found:
            return
    pytest.fail(f"only {found} differed")


def test_tallies_of_an_engines_logs_are_those_of_the_slow_twin() -> None:
    """A busy desk in which everything happens, in ticks: logs that an engine makes, not chance."""
    world = busy_desk()
    happened = set()
    for number in range(3):
        trace = run_replication(world, number=number, seed=7).trace
        parts = (world, trace.given, trace.roster, trace.log)
        fast = tally(*parts, buckets(world))
        assert differing(fast, Twin(*parts, edges(world)).tallies()) == set()
        happened |= {name for name, table in counters(fast).items() if table.any()}
    never = {name for name in counters(fast) if name.startswith("careers.")} | {"teams.in_training", "teams.teaching"}
    never |= {"queues.first_reviews_by_tenure", "queues.first_passed_by_tenure"}
    assert happened == counters(fast).keys() - never - {"streams.initial"}  # R9: what is there precedes the warm-up


def test_tallies_of_a_backlog_are_those_of_the_slow_twin() -> None:
    """R91: without a warm-up, what is there at the start is counted, and not as arrived."""
    world = busy_desk().but(warmup=0)
    there = (Waiting(0, np.arange(9), Exponential(60), 100), Waiting(1, np.arange(5), np.array([1, 20, 50, 90, 140])))
    world = world.but(streams=(replace(world.streams[0], waiting=there), world.streams[1]))
    for number in range(2):
        trace = run_replication(world, number=number, seed=7).trace
        parts = (world, trace.given, trace.roster, trace.log)
        fast = tally(*parts, buckets(world))
        assert differing(fast, Twin(*parts, edges(world)).tallies()) == set()
        assert fast.streams.initial.sum(axis=1).tolist() == [14, 0]
    wrong = WithoutBacklog(*parts, edges(world)).tallies()
    assert differing(fast, wrong) == {"streams.arrived", "streams.initial"}


class WithoutBacklog(Twin):
    """Negative control: takes what is there at the start for arrivals."""

    def streams(self) -> StreamCounts:
        right = super().streams()
        return replace(right, initial=right.initial * 0, arrived=right.initial + right.arrived)


def busy_desk() -> Scenario:
    work = Exponential(30)
    author = ReviewSpec(0.4, "author", author_delay=Exponential(20), max_rounds=2)
    audit = ReviewSpec(0.5, "write", rework=work, when=When.AFTER, max_rounds=2)
    posts = StreamSpec(
        "posts",
        RateArrivals(np.array([0, 2000]), np.array([0.08])),
        (
            StepSpec("write", work),
            StepSpec("check", Exponential(15), share=0.6, review=author, expires_after=150),
            StepSpec("audit", Exponential(15), share=0.4, review=audit),
        ),
        promises=(
            Promise("pickup", Measured.PICKUP, 0, 40, None, 0.8, None, grace=10),
            Promise("completion", Measured.COMPLETION, 2, 200, None, 0.8, None),
            Promise("check", Measured.STEP, 1, 50, None, 0.8, None),
        ),
        actionable=0.8,
        triage=Exponential(5),
        patience=Exponential(150),
    )
    reports = StreamSpec("reports", at(5, 900, 1800), (StepSpec("report", Deterministic(300), suspend=True),))
    hours = tuple((start, start + 180) for start in range(0, 2000, 200))
    shift = ShiftSpec("shift", hours, breaks=(Break(90, 15),), quality=1.5)
    desk = TeamSpec("desk", 2, ("posts.write", "reports.report", "posts.check"), (shift,), slots=2, slot_pace=1.2)
    seniors = TeamSpec("seniors", 1, ("posts.audit", "posts.check"))
    helpers = TeamSpec(
        "helpers",
        4,
        ("reports.report",),
        tuple(ShiftSpec(str(begin), ((begin, begin + 40),)) for begin in (250, 600, 950, 1300)),
        absence=Absence(0.4, 2.0),
        leave=Leave(1000, at_once=1, by_weeks=False),
        meetings=(Meeting("weekly", ((0, 10), (600, 610), (955, 960))),),
        other_duties=(OtherDuty("posts", ((605, 625), (1310, 1330), (260, 270)), 1),),
        on_call=(OnCall("cover", ((700, 720),), ranking=2, for_the_absent=True),),
    )
    world = scenario(posts, reports, teams=(desk, seniors, helpers), horizon=2000, interval=250, warmup=300)
    dropping = Filter(noise=Piecewise.constant(0.3), lost=Piecewise.constant(0.1))
    bot = Automation(*map(Piecewise.constant, (0.2, 0.5, 1.0, 1.0)))
    filtered, other = world.streams
    tried = (*other.steps[:-1], replace(other.steps[-1], automation=bot))
    outage = Outage("tool", Dated(1000, 1050), teams=frozenset({0}))
    return world.but(streams=(replace(filtered, filter=dropping), replace(other, steps=tried)), outages=(outage,))


@pytest.mark.parametrize("seed", range(20))
def test_messages_and_visits_are_conserved(seed: int) -> None:
    """R41, and nothing waits that did not join."""
    case = random_case(Random(seed))
    tallies = tally(case.scenario.but(warmup=0), case.messages, case.roster, case.log, buckets(case.scenario))
    streams, flows, queues = tallies.streams, tallies.flows, tallies.queues
    gone = streams.handled + streams.abandoned + streams.expired + streams.withdrawn + streams.noise
    pending = [np.count_nonzero(fates.outcome == 5) for fates in case.log.fates]
    assert ((streams.arrived - gone).sum(axis=1) == pending).all()
    waiting = (flows.joined - flows.started - flows.left).cumsum(axis=1)
    assert (waiting >= 0).all()
    assert (waiting[:, -1] == queues.open_histogram.sum(axis=1)).all()
