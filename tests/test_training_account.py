"""What training takes and brings against the untrained twin, break-even and quality by tenure (R110-R113)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from builders import MONDAY, ReviewSpec, ShiftSpec, StepSpec, StreamSpec, TeamSpec, at, scenario
from hypothesis import given, settings
from hypothesis import strategies as st

from simsocial.draw.roster import RosterPlan
from simsocial.measure.break_even import break_even_week, ends_of_weeks, week_of
from simsocial.measure.measures import evaluate, rows
from simsocial.measure.tally import buckets, tally
from simsocial.model.capacity import capacity
from simsocial.model.careers import Career, Certificate, Continuing, Hire, Leaving, Path
from simsocial.model.laws import Deterministic
from simsocial.model.outages import Dated, Outage
from simsocial.model.roster import Roster
from simsocial.model.scenario import Scenario
from simsocial.model.tallies import Tallies
from simsocial.model.teams import Break
from simsocial.simulation.replication import run_replication
from simsocial.units import DAY, HOUR, MINUTE, WEEK

OFFICE = ShiftSpec("day", tuple((day * DAY + 9 * HOUR, day * DAY + 17 * HOUR) for day in range(5)))
LUNCH = replace(OFFICE, breaks=(Break(3 * HOUR, HOUR),))
"""35 hours a week on the desk."""
CLASS = Path(in_class=7, nesting=7, pace=(*[1.0] * 7, *[1.8] * 7, *[1.5] * 7, 1.0), quality=(1.0,) * 22)
"""A week of class, one of nesting, one of ramp."""


def desk(career: Career, *, agents: int = 1, weeks: int = 6, start: dt.datetime = MONDAY, **team: Any) -> Scenario:
    stream = StreamSpec("mentions", at(0), (StepSpec("respond", Deterministic(MINUTE)),))
    spec = TeamSpec("desk", agents, career=career, **({"shifts": (LUNCH,)} | team))
    return scenario(stream, teams=(spec,), horizon=weeks * WEEK, start=start)


def counted(world: Scenario, *, number: int = 0) -> Tallies:
    trace = run_replication(world, number=number, seed=5).trace
    return tally(world, trace.given, trace.roster, trace.log, buckets(world))


def measured(world: Scenario, *, number: int = 0) -> dict[str, float]:
    above, below = evaluate(world, counted(world, number=number))
    with np.errstate(invalid="ignore"):
        return dict(zip((row.name.removeprefix("desk.") for row in rows(world)), (above / below).tolist(), strict=True))


def account(world: Scenario) -> tuple[float, float, float]:
    """Hours lost, hours gained and the week of break-even."""
    value = measured(world)
    return value["capacity_lost"], value["capacity_gained"], value["break_even"]


# --- Lost and gained (R110), by hand ----------------------------------------------------------------------------------


def test_a_class_of_three_with_two_trainers() -> None:
    """Three at pace 1.8 and two at 1 miss a week of 35 h; nesting brings nothing, a week at 1.5 a little."""
    world = desk(Career(path=CLASS, trainers=Fraction(2, 3), hires=(Hire(0, 3),)), agents=2)
    lost, gained, week = account(world)
    assert lost == pytest.approx(3 * 35 / 1.8 + 2 * 35)
    assert gained == pytest.approx(3 * 35 * ((1 / 1.5 - 1 / 1.8) + 3 * (1 - 1 / 1.8)))
    assert week == 6  # 128 h are lost; 12, 58, 105 and 152 h are gained by the ends of weeks 3 to 6


def test_a_week_less_and_it_has_not_paid_back() -> None:
    value = measured(desk(Career(path=CLASS, trainers=Fraction(2, 3), hires=(Hire(0, 3),)), agents=2, weeks=5))
    assert (value["break_even"], value["p_break_even"]) == (np.inf, 0)


def test_sessions_with_cover_take_what_they_last_and_bring_nothing() -> None:
    """Two of four go for two hours a week, and the other two on another day."""
    four = Career(continuing=Continuing(2 * HOUR, 0, group=2, cover=2))
    lost, gained, week = account(desk(four, agents=4))
    assert (lost, gained, week) == (pytest.approx(6 * 4 * 2), 0, np.inf)


def test_sessions_that_cover_forbids_take_nothing() -> None:
    value = measured(desk(Career(continuing=Continuing(2 * HOUR, 0, group=2, cover=3)), agents=4))
    assert (value["capacity_lost"], value["capacity_gained"], value["p_break_even"]) == (0, 0, 1)
    assert np.isnan(value["break_even"])


def test_certificates_take_what_they_last() -> None:
    social = Certificate("social", frozenset({0}), 8 * HOUR, 2 * HOUR)
    world = desk(Career(path=CLASS, hires=(Hire(0, 1),), certificates=(social,), rankings=((0, (0, 0)),)))
    assert account(world)[0] == pytest.approx((35 + 8) / 1.8)


def test_what_was_learned_before_the_start_stays_learned() -> None:
    """He comes with two of the three weeks behind him: his twin stays at 1.5, not at 1.8."""
    lost, gained, _ = account(desk(Career(path=CLASS, tenure=((1.0, 14),))))
    assert (lost, gained) == (0, pytest.approx(5 * 35 * (1 - 1 / 1.5)))


def test_help_in_nesting_is_not_what_an_untrained_person_does() -> None:
    """At 1.2 in nesting and at 1.6 after it: the twin is at 1.6, so that nesting gains."""
    path = Path(in_class=0, nesting=7, pace=(*[1.2] * 7, *[1.6] * 7, 1.0), quality=(1.0,) * 15)
    lost, gained, _ = account(desk(Career(path=path, hires=(Hire(0, 1),)), weeks=3))
    assert (lost, gained) == (0, pytest.approx(35 * (1 / 1.2 - 1 / 1.6) + 35 * (1 - 1 / 1.6)))


def test_a_trainer_who_was_new_himself_is_missed_as_untrained() -> None:
    """Seat 1 is full in week 4, and with seat 0 trains two others then; his twin is still at 1.8."""
    career = Career(path=CLASS, trainers=Fraction(1), hires=(Hire(0, 1), Hire(3 * WEEK, 2)))
    assert account(desk(career, weeks=4))[0] == pytest.approx((35 / 1.8 + 35) + (2 * 35 / 1.8 + 35 + 35 / 1.8))


def test_an_outage_takes_it_from_the_twin_too() -> None:
    """The team could not work on two days of the class."""
    world = desk(Career(path=CLASS, hires=(Hire(0, 1),)))
    down = world.but(outages=(Outage("tool", Dated(0, 2 * DAY), teams=frozenset({0})),))
    assert account(world)[0] == pytest.approx(35 / 1.8)
    assert account(down)[0] == pytest.approx(21 / 1.8)
    assert account(down)[1] == account(world)[1]


def test_paces_of_shifts_and_slots_drop_out() -> None:
    career = Career(path=CLASS, trainers=Fraction(1), hires=(Hire(0, 1),))
    slow = desk(career, shifts=(replace(LUNCH, pace=1.7),), slots=2, slot_pace=1.3)
    assert account(slow) == account(desk(career))


# --- The twin as a team of its own ------------------------------------------------------------------------------------


@st.composite
def careers(draw: st.DrawFn) -> Career:
    """Careers in which nobody waits for a class."""
    in_class, nesting, ramp = (draw(st.integers(0, 12)) for _ in range(3))
    paces = sorted(draw(st.lists(st.sampled_from([1.0, 1.25, 1.5, 2.0, 3.0]), min_size=ramp, max_size=ramp)))
    nests = draw(st.sampled_from([1.0, 1.1, 2.5]))
    pace = (*[1.0] * in_class, *[nests] * nesting, *reversed(paces), 1.0)
    leaving = Leaving((0, 30), (draw(st.sampled_from([0.0, 0.02])), 0.01), draw(st.sampled_from([None, 0, 5])))
    return Career(
        path=Path(in_class, nesting, pace, (1.0,) * len(pace)),
        leaving=draw(st.sampled_from([None, leaving])),
        hires=tuple(Hire(day * DAY, 2) for day in sorted(draw(st.lists(st.integers(0, 30), max_size=3)))),
        continuing=draw(st.sampled_from([None, Continuing(90 * MINUTE, 0, group=2, cover=1)])),
    )


def untrained(career: Career) -> Career:
    """The same people, who learn nothing and stay at the pace of which nobody is slower on their path."""
    path = Path(pace=(*[max(career.path.pace)] * 9999, 1.0), quality=(1.0,) * 10_000)
    return replace(career, path=path, continuing=None)


def hours(roster: Roster, world: Scenario) -> np.ndarray:
    """Capacity by bucket, of all rankings."""
    return capacity(roster, rankings=len(world.desk.rankings), edges=buckets(world).edges).net.sum(axis=0)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(careers(), st.integers(0, 99))
def test_capacity_is_that_of_the_twin_less_what_is_lost_and_with_what_is_gained(career: Career, number: int) -> None:
    world, twin = desk(career, agents=3), desk(untrained(career), agents=3)
    tallies = counted(world, number=number).careers
    ours, theirs = (hours(RosterPlan.of(each).draw(seed=5, replication=number), each) for each in (world, twin))
    np.testing.assert_allclose(ours, theirs - tallies.lost[0] + tallies.gained[0], atol=1)


def test_that_comparison_sees_a_twin_that_learns() -> None:
    """Negative control: a twin at the pace of the ramp from the start on is another."""
    career = Career(path=CLASS, hires=(Hire(0, 1),))
    tallies, ours = counted(desk(career)).careers, hours(RosterPlan.of(desk(career)).planned, desk(career))
    for pace, alike in ((1.8, True), (1.5, False)):
        other = untrained(replace(career, path=replace(CLASS, pace=(pace, 1.0), quality=(1.0, 1.0))))
        theirs = hours(RosterPlan.of(desk(other)).planned, desk(other))
        assert np.allclose(ours, theirs - tallies.lost[0] + tallies.gained[0], atol=1) == alike


@settings(max_examples=20, deadline=None, derandomize=True)
@given(careers())
def test_the_twin_is_its_own_twin(career: Career) -> None:
    """Nothing is lost or gained without training and ramp."""
    tallies = counted(desk(untrained(career), agents=3)).careers
    assert not tallies.lost.any()
    assert not tallies.gained.any()


# --- Break-even (R111) ------------------------------------------------------------------------------------------------


def test_what_is_lost_again_moves_break_even() -> None:
    """By the ends of four weeks 5, 5, 10, 10 h are lost and 0, 6, 6, 11 are gained: even in week 2, for good in 4."""
    world = desk(Career(), weeks=4)
    careers, edges = counted(world).careers, buckets(world).edges
    place = np.searchsorted(edges, ends_of_weeks(world)) - 1

    def week(lost: list[int], gained: list[int]) -> float:
        booked = np.zeros((2, *careers.lost.shape), np.int64)
        booked[0][:, place], booked[1][:, place] = lost, gained
        return float(break_even_week(world, replace(careers, lost=booked[0], gained=booked[1]), edges)[0])

    assert week([5, 0, 5, 0], [0, 6, 0, 5]) == 4
    assert week([5, 0, 0, 0], [0, 6, 0, 5]) == 2
    assert week([5, 0, 0, 0], [5, 0, 0, 0]) == 1
    assert week([5, 0, 5, 0], [0, 6, 0, 3]) == np.inf
    assert np.isnan(week([0, 0, 0, 0], [0, 6, 0, 3]))


def test_weeks_end_on_sundays_and_have_the_names_of_the_calendar() -> None:
    """From Wednesday 2026-12-30 on: that week ends after five days."""
    world = desk(Career(), weeks=2, start=dt.datetime(2026, 12, 30))
    assert (ends_of_weeks(world) / DAY).tolist() == [5, 12, 14]
    assert [week_of(world, number) for number in (1, 2)] == ["2026-W53", "2027-W01"]


# --- Who is told of it ------------------------------------------------------------------------------------------------


def names(world: Scenario) -> set[str]:
    return {row.measure for row in rows(world)}


def test_only_teams_that_train_have_an_account() -> None:
    told = {"capacity_lost", "capacity_gained", "break_even", "p_break_even"}
    leaves = Career(leaving=Leaving((0,), (0.01,)))
    at_once = replace(leaves, path=Path(pace=(1.0, 1.0), quality=(1.0, 1.0)))
    assert not told & names(desk(leaves))
    assert names(desk(at_once)) == names(desk(leaves))
    assert told <= names(desk(replace(leaves, path=CLASS)))


# --- Quality by tenure (R112) -----------------------------------------------------------------------------------------


def reviewed(*, career: Career | None) -> Scenario:
    review = ReviewSpec(0.01, "write", rework=Deterministic(MINUTE), max_rounds=2)
    steps = (StepSpec("write", Deterministic(10 * MINUTE)), StepSpec("check", Deterministic(MINUTE), review=review))
    stream = StreamSpec("posts", at(*range(0, 8 * WEEK, HOUR)), steps)
    teams = (
        TeamSpec("desk", 1, ("posts.write",), (OFFICE,), career=career),
        TeamSpec("principals", 2, ("posts.check",), (OFFICE,)),
    )
    return scenario(stream, teams=teams, horizon=8 * WEEK)


def test_what_newcomers_write_is_told_by_itself() -> None:
    """Hired at the start; hardly anything of the first month passes (30.4 days), almost all of the second, as ever of
    who has been there for a century."""
    poor = Path(pace=(1.0,) * 31, quality=(*[1e6] * 30, 1.0))
    world = reviewed(career=Career(path=poor, hires=(Hire(0, 1),)))
    value, counts = measured(world), counted(world).queues
    told = {name.rsplit("yield")[-1]: share for name, share in value.items() if "yield_" in name}
    assert list(told) == ["_0_to_1_months", "_1_to_3_months", "_3_to_6_months", "_6_to_12_months", "_after_12_months"]
    assert told["_0_to_1_months"] < 0.1
    assert min(told["_1_to_3_months"], told["_after_12_months"]) > 0.9
    assert np.isnan([told["_3_to_6_months"], told["_6_to_12_months"]]).all()
    assert counts.first_reviews_by_tenure.sum() == counts.first_reviews.sum() > 100
    assert counts.first_passed_by_tenure.sum() == counts.first_passed.sum()


def test_without_careers_nothing_is_told_by_tenure() -> None:
    world = reviewed(career=None)
    assert not [name for name in names(world) if "yield_" in name]
    assert not counted(world).queues.first_reviews_by_tenure.any()
