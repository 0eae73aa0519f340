"""Lateness of random desks against a slow twin, and twins with one rule changed that must be found out (R47–R49)."""

from __future__ import annotations

from random import Random

import pytest
from behind_twin import Twin, random_case
from random_logs import Case

from simsocial.measure.behind.lateness import lateness
from simsocial.measure.behind.stages import stages
from simsocial.measure.tally import buckets, tally
from simsocial.units import DAY

CASES = 80


Late = dict[str, list[bool]]


@pytest.fixture(scope="module")
def cases() -> list[tuple[Case, Late]]:
    return [(case, late(case)) for case in (random_case(Random(seed)) for seed in range(CASES))]


def late(case: Case) -> Late:
    parts = stages(case.scenario)
    tallies = tally(case.scenario, case.messages, case.roster, case.log, buckets(case.scenario))
    flags = [late[0] for late in lateness(case.scenario, parts, tallies.as_several(), [case.roster])]
    return {stage.name: flag.tolist() for stage, flag in zip(parts, flags, strict=True)}


def test_lateness_is_that_of_the_slow_twin(cases: list[tuple[Case, Late]]) -> None:
    for number, (case, found) in enumerate(cases):
        assert found == Twin(case).late(), f"case {number}"


def test_the_random_desks_are_late_and_on_time(cases: list[tuple[Case, Late]]) -> None:
    flags = [flag for _, found in cases for stage in found.values() for flag in stage]
    assert 0.2 < sum(flags) / len(flags) < 0.8


class WithoutPromises(Twin):
    def verdict(self, broken, backlog, capacity):
        return backlog > capacity


class WithoutBacklog(Twin):
    def verdict(self, broken, backlog, capacity):
        return broken


class BacklogThatJustFitsIsLate(Twin):
    def verdict(self, broken, backlog, capacity):
        return broken or backlog >= capacity


class NoneDueIsKept(Twin):
    def none_due(self, was):
        return False


class DueAtTheCloseIsTheNextDays(Twin):
    def falls_due(self, since, due, now):
        return since <= due < now


class MetIsNotEnough(Twin):
    def broken(self, stream, step, before, since, now):
        found = super().broken(stream, step, before, since, now)
        for place, promise in enumerate(self.promises(stream, step)):
            kept = [done for due, done in self.cases(stream, promise) if self.falls_due(since, due, now)]
            found[place] |= bool(kept) and promise.share < 1 and sum(kept) == promise.share * len(kept)
        return found


class EqualRankIsAbove(Twin):
    def above(self, stream, step):
        own, found = self.own(stream, step), super().above(stream, step)
        for ranking in self.rankings(stream, step):
            for group in self.world.desk.rankings[ranking].groups:
                found |= set(group.queues) if own & set(group.queues) else set()
        return found - own


class NothingIsAbove(Twin):
    def above(self, stream, step):
        return set()


class ReworkIsForgotten(Twin):
    def waits(self, visit, now):
        return super().waits(visit, now) and not self.world.desk.queues[visit["queue"]].rework


class TheCloseIsBeforeWhatHappensAtIt(Twin):
    def waits(self, visit, now):
        return super().waits(visit, now - 1)


class ToTheNextDateOnly(Twin):
    def capacity(self, stream, step, now, after):
        return super().capacity(stream, step, now, min(after, now + DAY))


class PaceIsIgnored(Twin):
    def capacity(self, stream, step, now, after):
        window = zip(self.roster.agent.tolist(), self.roster.start, self.roster.end, self.roster.serves, strict=True)
        return sum(
            max(0, min(end, after) - max(start, now)) * int(self.roster.slots[agent])
            for agent, start, end, serves in window
            if serves in self.rankings(stream, step)
        )


class AllHoursOfTheTeamCount(Twin):
    def capacity(self, stream, step, now, after):
        mine = {self.world.desk.rankings[ranking].team for ranking in super().rankings(stream, step)}
        every = Twin.__new__(Everybody)
        every.__dict__.update(self.__dict__, mine=mine)
        return Twin.capacity(every, stream, step, now, after)


class Everybody(Twin):
    mine: set[int]

    def rankings(self, stream, step):
        return [r for r, ranking in enumerate(self.world.desk.rankings) if ranking.team in self.mine]


class TheWarmUpCounts(Twin):
    def cases(self, stream, promise):
        warmup = self.world.warmup
        self.world = self.world.but(warmup=0)
        found = super().cases(stream, promise)
        self.world = self.world.but(warmup=warmup)
        return found


MUTANTS = [
    WithoutPromises,
    WithoutBacklog,
    BacklogThatJustFitsIsLate,
    NoneDueIsKept,
    DueAtTheCloseIsTheNextDays,
    MetIsNotEnough,
    EqualRankIsAbove,
    NothingIsAbove,
    ReworkIsForgotten,
    TheCloseIsBeforeWhatHappensAtIt,
    ToTheNextDateOnly,
    PaceIsIgnored,
    AllHoursOfTheTeamCount,
    TheWarmUpCounts,
]


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_twin_with_one_rule_changed_is_found_out(mutant: type[Twin], cases: list[tuple[Case, Late]]) -> None:
    """Negative control: the comparison sees each of these rules."""
    assert any(found != mutant(case).late() for case, found in cases)
