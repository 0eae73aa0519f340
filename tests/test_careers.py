"""Hiring, classes, ramps, leaving, certificates and continuing education against hand-worked calendars (R92-R98)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pytest
from builders import MONDAY, ShiftSpec, StepSpec, StreamSpec, TeamSpec, at, scenario
from hypothesis import given, settings
from hypothesis import strategies as st

from simsocial.draw.people.turnover import FOR_EVER, People, Seats, Turnover
from simsocial.draw.randomness import Dice, Kind
from simsocial.draw.roster import RosterPlan
from simsocial.model.away import Absence, Away, Leave, Meeting, OnCall
from simsocial.model.careers import VETERAN, Career, Certificate, Continuing, Hire, Leaving, Path, Stage
from simsocial.model.desk import Ranking
from simsocial.model.laws import Deterministic
from simsocial.model.piecewise import Piecewise
from simsocial.model.roster import Roster
from simsocial.model.scenario import Scenario
from simsocial.model.teams import Break
from simsocial.units import DAY, HOUR, MINUTE, WEEK

OFFICE = ShiftSpec("day", tuple((day * DAY + 9 * HOUR, day * DAY + 17 * HOUR) for day in range(5)))
LUNCH = replace(OFFICE, breaks=(Break(3 * HOUR, HOUR),))
CLASS = Path(
    in_class=7, nesting=7, pace=(*[1.0] * 7, *[1.8] * 7, *[1.5] * 7, 1.0), quality=(*[1.0] * 14, *[2.0] * 7, 1.0)
)
"""A week of class, one of nesting, one of ramp."""


def desk(career: Career, *, agents: int = 1, weeks: int = 6, start: dt.datetime = MONDAY, **team: object) -> Scenario:
    stream = StreamSpec("mentions", at(0), (StepSpec("respond", Deterministic(MINUTE)),))
    spec = TeamSpec("desk", agents, career=career, **({"shifts": (LUNCH,)} | team))  # type: ignore[arg-type]
    return scenario(stream, teams=(spec,), horizon=weeks * WEEK, start=start)


def planned(career: Career, *, agents: int = 1, weeks: int = 6, start: dt.datetime = MONDAY, **team: object) -> Roster:
    return RosterPlan.of(desk(career, agents=agents, weeks=weeks, start=start, **team), until=weeks * WEEK).planned


def dates(roster: Roster, agent: int, why: Away | None = None) -> list[int]:
    """The dates, from 0 at the start, on which an agent is on duty, or away for a reason."""
    mine = roster.agent == agent if why is None else (roster.away_agent == agent) & (roster.away_why == why)
    return sorted({int(begin) // DAY for begin in (roster.start if why is None else roster.away_start)[mine]})


def stages(roster: Roster, agent: int) -> list[tuple[str, float, float]]:
    """The stages that have any length, with their first date and the one after the last."""
    rows = zip(roster.stage_agent, roster.stage, roster.stage_start, roster.stage_end, strict=True)
    return [
        (Stage(stage).name, begin / DAY, min(end / DAY, 999.0))
        for whose, stage, begin, end in rows
        if whose == agent and end > begin and stage <= Stage.FULL
    ]


def office_days(*weeks: int) -> list[int]:
    return [7 * week + day for week in weeks for day in range(5)]


# --- Classes and the path (R94, R95) ----------------------------------------------------------------------------------


def test_who_is_new_goes_through_class_nesting_and_ramp() -> None:
    """Hired for week 1: class in week 1, nesting in 2, the ramp in 3, full from 4 on; a trainer is away in 1."""
    roster = planned(Career(path=CLASS, trainers=Fraction(1, 8), hires=(Hire(WEEK, 1),)))
    assert dates(roster, 1) == office_days(2, 3, 4, 5)
    assert (dates(roster, 1, Away.TRAINING), dates(roster, 0, Away.TEACHING)) == (office_days(1), office_days(1))
    assert dates(roster, 0) == office_days(0, 2, 3, 4, 5)
    mine = roster.agent == 1
    week = roster.start[mine] // WEEK
    assert dict(zip(week.tolist(), roster.pace[mine].tolist(), strict=True)) == {2: 1.8, 3: 1.5, 4: 1.0, 5: 1.0}
    assert dict(zip(week.tolist(), roster.quality[mine].tolist(), strict=True)) == {2: 1.0, 3: 2.0, 4: 1.0, 5: 1.0}
    walked = [("IN_CLASS", 7, 14), ("NESTING", 14, 21), ("RAMPING", 21, 28), ("FULL", 28, 999)]
    assert stages(roster, 1) == walked
    assert stages(roster, 0)[0][0] == "FULL"


def test_a_class_takes_what_would_be_duty_and_leaves_the_breaks() -> None:
    """R83: shifts of 8 hours with an hour of break are 7 of training and 1 of break."""
    roster = planned(Career(path=CLASS, hires=(Hire(0, 1),)), weeks=1)
    for why, hours in ((Away.TRAINING, 35), (Away.BREAK, 5)):
        rows = (roster.away_agent == 1) & (roster.away_why == why)
        assert (roster.away_end - roster.away_start)[rows].sum() == hours * HOUR


def test_a_class_of_three_with_two_trainers() -> None:
    """Two trainers, one for each newcomer: two begin, the third when the class of the two is over, a week later."""
    roster = planned(Career(path=CLASS, trainers=Fraction(1), hires=(Hire(0, 3),)), agents=2)
    assert [dates(roster, agent, Away.TRAINING) for agent in (2, 3, 4)] == [office_days(0)] * 2 + [office_days(1)]
    assert dates(roster, 0, Away.TEACHING) == office_days(0, 1)  # the lowest seat goes again
    assert dates(roster, 1, Away.TEACHING) == office_days(0)
    assert stages(roster, 4)[0] == ("WAITING", 0, 7)


def test_two_trainers_for_three_newcomers_are_enough() -> None:
    roster = planned(Career(path=CLASS, trainers=Fraction(2, 3), hires=(Hire(0, 3),)), agents=2)
    assert [dates(roster, agent, Away.TRAINING) for agent in (2, 3, 4)] == [office_days(0)] * 3
    assert [dates(roster, agent, Away.TEACHING) for agent in (0, 1)] == [office_days(0)] * 2


def test_a_class_has_room_for_so_many() -> None:
    roster = planned(Career(path=CLASS, size=1, hires=(Hire(0, 3),)))
    assert [dates(roster, agent, Away.TRAINING) for agent in (1, 2, 3)] == [office_days(week) for week in (0, 1, 2)]


def test_newcomers_train_others_when_they_are_fully_ramped() -> None:
    """Seat 0 has been there for two of the three weeks of the path: nobody can train before date 7."""
    roster = planned(Career(path=CLASS, trainers=Fraction(1), tenure=((1.0, 14),), hires=(Hire(0, 1),)))
    assert dates(roster, 1, Away.TRAINING) == office_days(1)
    assert stages(roster, 0) == [("RAMPING", 0, 7), ("FULL", 7, 999)]


def test_nobody_is_called_in_from_a_class() -> None:
    call = OnCall("weekend", ((5 * DAY, 5 * DAY + 2 * HOUR),), 0, agents=2)
    roster = planned(Career(path=CLASS, hires=(Hire(0, 1),)), weeks=2, on_call=(call,))
    assert [5 in dates(roster, agent) for agent in (0, 1)] == [True, False]
    assert [12 in dates(roster, agent) for agent in (0, 1)] == [True, True]


def test_when_the_headcount_falls_whoever_sits_there_goes() -> None:
    """R92: seat 1 of the headcount is there in weeks 0 and 2; who was hired behind it keeps his seat."""
    headcount = Piecewise(np.array([0, WEEK, 2 * WEEK, 3 * WEEK]), np.array([2.0, 1.0, 2.0, 1.0]))
    roster = planned(Career(hires=(Hire(WEEK, 1),)), agents=headcount, weeks=4)  # type: ignore[arg-type]
    assert dates(roster, 1) == office_days(0, 2)
    assert dates(roster, 2) == office_days(1, 2, 3)


# --- Leaving and replacement (R93) ------------------------------------------------------------------------------------


def turnover(career: Career, uniforms: dict[int, float], *, seats: int = 1, weeks: int = 30) -> list[tuple[int, ...]]:
    """The people of a team in which only those leave whose generation has a uniform, counted from the start."""
    scene = desk(career, agents=seats, weeks=weeks)
    plan = RosterPlan.of(scene, until=weeks * WEEK).times[0].careers
    assert plan is not None
    people = plan.people(lambda generation: np.full(len(plan.seats), uniforms.get(generation, 0.0)))
    columns = (people.seat, people.due, people.begins, people.leaves)
    return [tuple(int(each) - 7 * (place > 0) for place, each in enumerate(row)) for row in zip(*columns, strict=True)]


def hazard(share: float, dates: float) -> float:
    return -np.log1p(-share) / dates


def test_a_leaver_is_replaced_while_in_class() -> None:
    """Half leave within 10 dates. Generation 0 leaves after 20 dates (u = 3/4) and is replaced 5 later; generation 1
    leaves after 5 dates (u = 1 − 1/√2) of its class of 7, and its successor, due 5 later, stays for long."""
    leaving = Leaving((0,), (hazard(0.5, 10),), replaced_after=5)
    uniforms = {0: 0.75 - 1e-9, 1: 1 - 0.5**0.5 - 1e-9, 2: 1 - 1e-12}
    people = turnover(Career(path=CLASS, leaving=leaving), uniforms)
    assert people[0] == (0, -VETERAN, -VETERAN, 20)
    assert people[1] == (0, 25, 25, 30)
    assert people[2][:3] == (0, 35, 35)
    assert people[2][3] > 210


def test_who_leaves_is_gone_from_midnight_and_his_seat_is_vacant() -> None:
    leaving = Leaving((0,), (hazard(0.5, 10),), replaced_after=None)
    team = {"leave": Leave(200.0, by_weeks=False)}
    plan = RosterPlan.of(desk(Career(leaving=leaving), weeks=30, **team), until=30 * WEEK)
    roster = plan.draw(seed=3, replication=0)
    u = Dice(3, 0)("desk", Kind.LEAVING).vector(1, week=0, branch=0)[0]
    gone = int(np.ceil(-np.log1p(-u) / hazard(0.5, 10)))
    assert stages(roster, 0)[-1] == ("FULL", 0, gone)
    assert roster.end.max() <= gone * DAY
    assert (roster.away_end <= gone * DAY).all()  # no leave, no breaks


def test_a_headcount_wanted_fills_what_is_vacant() -> None:
    """R92: without replacement, a requisition up to three seats adds one and fills the two vacant since date 10."""
    leaving = Leaving((0,), (hazard(0.5, 10),))
    hires = (Hire(4 * WEEK, 1, refills=True),)
    people = turnover(Career(leaving=leaving, hires=hires), {0: 0.5 - 1e-9, 1: 1 - 1e-12}, seats=2)
    assert [(seat, leaves) for seat, _, _, leaves in people[:2]] == [(0, 10), (1, 10)]
    assert sorted((seat, begins) for seat, _, begins, _ in people[2:5]) == [(0, 28), (1, 28), (2, 28)]


@pytest.mark.parametrize(("tenure", "dates_"), [(0, 60), (0, 365), (50, 365), (91, 365)])
def test_as_many_leave_as_the_formula_says(tenure: int, dates_: int) -> None:
    """R93, 10⁴ seats: 60 % a year in the first 91 dates of tenure, 20 % from there on."""
    career = Career(leaving=Leaving((0, 91), (hazard(0.6, 365.25), hazard(0.2, 365.25))), tenure=((1.0, tenure),))
    gone, seats = int((_leaves(career, 10_000) <= dates_).sum()), 10_000
    early = min(max(91 - tenure, 0), dates_)
    share = 1 - (1 - 0.6) ** (early / 365.25) * (1 - 0.2) ** ((dates_ - early) / 365.25)
    assert abs(gone - seats * share) <= 4.5 * (seats * share * (1 - share)) ** 0.5


def test_the_count_of_leavers_tells_a_wrong_rate() -> None:
    """Negative control: a rate of 60 % a year taken for the hazard itself."""
    career = Career(leaving=Leaving((0,), (0.6 / 365.25,)), tenure=((1.0, 0),))
    gone, share = int((_leaves(career, 10_000) <= 365).sum()), 1 - 0.4 ** (365 / 365.25)
    assert abs(gone - 10_000 * share) > 4.5 * (10_000 * share * (1 - share)) ** 0.5


def _leaves(career: Career, seats: int) -> npt.NDArray[np.int64]:
    periods = tuple((0, seat, FOR_EVER, False) for seat in range(seats))
    uniforms = Dice(11, 0)("desk", Kind.LEAVING)
    held = Seats(np.full(seats, career.tenure[0][1]), periods)
    return Turnover(career, held, (), lambda g: uniforms.vector(seats, week=0, branch=g), 4000).run().leaves


@given(seed=st.integers(0, 99), more=st.integers(1, 5))
@settings(max_examples=10, deadline=None)
def test_pairs_stay_paired_when_the_headcount_changes(seed: int, more: int) -> None:
    """R93: whoever was there leaves on the same date, and so does every successor, whose class waits for nobody."""
    career = Career(path=CLASS, leaving=Leaving((0, 60), (0.01, 0.004), replaced_after=10))

    def people(agents: int) -> People:
        plan = RosterPlan.of(desk(career, agents=agents, weeks=26), until=26 * WEEK).times[0].careers
        assert plan is not None
        uniforms = Dice(seed, 0)("desk", Kind.LEAVING)
        return plan.people(lambda generation: uniforms.vector(len(plan.seats), week=0, branch=generation))

    few, many = people(3), people(3 + more)
    same = many.seat < 3
    for name in ("seat", "due", "begins", "leaves"):
        assert np.array_equal(getattr(few, name), getattr(many, name)[same])


# --- Continuing education (R96) ---------------------------------------------------------------------------------------


def test_groups_go_in_turn_for_the_first_hours_of_their_shifts() -> None:
    """Four agents, two at a time, 4 hours a week. Of seven dates the groups' places are 7/4 and 21/4: Tuesday, and
    Saturday, from which the first date with a shift, going round, is Monday. Hours: 9–12 and 13–14."""
    roster = planned(Career(continuing=Continuing(4 * HOUR, 0, group=2)), agents=4, weeks=1)
    assert [dates(roster, agent, Away.TRAINING) for agent in range(4)] == [[1], [1], [0], [0]]
    mine = (roster.away_agent == 0) & (roster.away_why == Away.TRAINING)
    spans = zip(roster.away_start[mine] - DAY, roster.away_end[mine] - DAY, strict=True)
    assert [(start / HOUR, end / HOUR) for start, end in spans] == [(9, 12), (13, 14)]
    rest = (roster.agent == 0) & (roster.start // DAY == 1)
    assert ((roster.start[rest] - DAY) / HOUR).tolist() == [14]


@pytest.mark.parametrize(("cover", "go"), [(0, True), (2, True), (3, False)])
def test_enough_stay_on_the_desk_or_nobody_goes(cover: int, go: bool) -> None:
    roster = planned(Career(continuing=Continuing(HOUR, 0, group=2, cover=cover)), agents=4, weeks=1)
    assert [bool(dates(roster, agent, Away.TRAINING)) for agent in range(4)] == [go] * 4


def test_two_groups_do_not_go_on_one_date_when_that_leaves_too_few() -> None:
    """Only Mondays are worked: with a cover of two of four, one group goes and the other has no date."""
    mondays = ShiftSpec("day", ((9 * HOUR, 17 * HOUR),))
    career = Career(continuing=Continuing(HOUR, 0, group=2, cover=2))
    roster = planned(career, agents=4, weeks=1, shifts=(mondays,))
    assert [dates(roster, agent, Away.TRAINING) for agent in range(4)] == [[0], [0], [], []]


def test_every_month_has_its_hours() -> None:
    start = dt.datetime(2026, 1, 1)
    roster = planned(Career(continuing=Continuing(30 * MINUTE, 1, group=1)), weeks=52, start=start)
    begins = roster.away_start[roster.away_why == Away.TRAINING]
    assert [(start + dt.timedelta(milliseconds=int(each))).month for each in begins] == list(range(1, 13))


# --- Certificates (R97) -----------------------------------------------------------------------------------------------


def certified(certificate: Certificate, *, start: dt.datetime, weeks: int, **career: object) -> Roster:
    """The roster of an agent who serves both steps by ranking 0, and without the certificate one by ranking 2."""
    steps = (StepSpec("respond", Deterministic(MINUTE)), StepSpec("check", Deterministic(MINUTE)))
    teams = (
        TeamSpec("desk", 1, ("mentions.respond", "mentions.check"), shifts=(OFFICE,)),
        TeamSpec("other", 1, ("mentions.check",)),
    )
    made = scenario(StreamSpec("mentions", at(0), steps), teams=teams, horizon=weeks * WEEK, start=start)
    without = Ranking(0, made.desk.rankings[0].groups[:1])
    made = made.but(
        desk=replace(made.desk, rankings=(*made.desk.rankings, without)),
        teams=(
            replace(
                made.teams[0],
                career=Career(certificates=(certificate,), rankings=((0, (0, 2)),), **career),  # type: ignore[arg-type]
            ),
            made.teams[1],
        ),
    )
    return RosterPlan.of(made, until=weeks * WEEK).planned


def rankings(roster: Roster, agent: int = 0) -> dict[int, int]:
    """The ranking in force on each date."""
    mine = roster.agent == agent
    return dict(zip((roster.start[mine] // DAY).tolist(), roster.serves[mine].tolist(), strict=True))


NEW_YEAR = dt.datetime(2026, 12, 21)
OBTAINED = (dt.datetime(2026, 1, 2) - NEW_YEAR) // dt.timedelta(milliseconds=1)
LICENCE = Certificate("check", frozenset({1}), 8 * HOUR, 10 * HOUR, valid=364, obtained=OBTAINED)


def test_a_certificate_ends_across_new_year() -> None:
    """Obtained on 2 January 2026 for 364 dates, it ends with Friday 1 January 2027, date 11 from 21 December. The
    refresher takes 10 hours: all of that Friday and 9–11 on Monday the 4th; from Tuesday, date 15, he serves both."""
    roster = certified(LICENCE, start=NEW_YEAR, weeks=4)
    expected = dict.fromkeys([*office_days(0), 7, 8, 9, 10, 15, 16, 17, 18, *office_days(3)], 0) | {14: 2}
    assert rankings(roster) == expected
    learns = roster.away_why == Away.TRAINING
    spans = zip(roster.away_start[learns] / HOUR, roster.away_end[learns] / HOUR, strict=True)
    assert list(spans) == [(11 * 24 + 9, 11 * 24 + 17), (14 * 24 + 9, 14 * 24 + 11)]
    assert roster.start[(roster.agent == 0) & (roster.start // DAY == 14)].tolist() == [(14 * 24 + 11) * HOUR]
    held = (roster.stage == Stage.CERTIFIED) & (roster.stage_agent == 0)
    assert roster.stage_end[held][0] == 11 * DAY


def test_a_refresher_in_time_loses_nothing() -> None:
    """A week early: Friday 25 December and two hours of Monday 28."""
    roster = certified(replace(LICENCE, early=7), start=NEW_YEAR, weeks=4)
    assert set(rankings(roster).values()) == {0}
    assert dates(roster, 0, Away.TRAINING) == [4, 7]


def test_who_is_new_obtains_it_after_the_class() -> None:
    """Class in week 0; 12 hours take Monday and half of Tuesday of week 1; from Wednesday, date 9, he serves both."""
    path = Path(in_class=7, pace=(1.0,) * 8, quality=(1.0,) * 8)
    certificate = Certificate("check", frozenset({1}), 12 * HOUR, 2 * HOUR)
    roster = certified(certificate, start=MONDAY, weeks=2, path=path, hires=(Hire(0, 1),))
    assert rankings(roster, 1) == {8: 2, 9: 0, 10: 0, 11: 0}
    held = (roster.stage_agent == 1) & (roster.stage == Stage.CERTIFIED)
    assert roster.stage_start[held].tolist() == [9 * DAY]


def test_seats_renew_one_after_another() -> None:
    """By default what is left at the start is spread: seat 0 has all of it, seat 1 has 1 − 0.618 of 100 dates."""
    certificate = Certificate("x", frozenset(), HOUR, HOUR, valid=100)
    roster = planned(Career(certificates=(certificate,), rankings=((0, (0, 0)),)), agents=2, weeks=20)
    assert [dates(roster, agent, Away.TRAINING) for agent in (0, 1)] == [[101 - 1], [38]]


# --- Every paid hour once (R46, R83) ----------------------------------------------------------------------------------


HALF = HOUR // 2


@given(
    seed=st.integers(0, 50),
    lead=st.integers(0, 30),
    size=st.sampled_from([None, 1, 3]),
    share=st.sampled_from([0.0, 0.2]),
    rate=st.floats(0.001, 0.02),
)
@settings(max_examples=12, deadline=None)
def test_every_paid_hour_is_spent_once(seed: int, lead: int, size: int | None, share: float, rate: float) -> None:
    """While somebody sits in a seat its shifts are paid and spent on one thing; while nobody does, on none."""
    career = Career(
        path=CLASS,
        trainers=Fraction(1, 2),
        size=size,
        tenure=((0.5, 14), (0.5, VETERAN)),
        leaving=Leaving((0, 30), (2 * rate, rate), replaced_after=lead),
        hires=(Hire(2 * WEEK, 2), Hire(4 * WEEK, 1)),
        continuing=Continuing(2 * HOUR, 1, group=2, cover=1),
        certificates=(Certificate("x", frozenset(), 5 * HOUR, 2 * HOUR, valid=40),),
        rankings=((0, (0, 0)),),
    )
    team = {"meetings": (Meeting("weekly", ((10 * HOUR, 11 * HOUR),)),), "leave": Leave(30.0)}
    absence = {"absence": Absence(share, 2.0)} if share else {}
    scene = desk(career, agents=4, weeks=12, **team, **absence)
    roster = RosterPlan.of(scene, until=12 * WEEK).draw(seed=seed, replication=1)
    paid = _counted(len(roster.team), roster.agent, roster.start, roster.end)
    paid += _counted(len(roster.team), roster.away_agent, roster.away_start, roster.away_end)
    employed = (roster.stage >= Stage.IN_CLASS) & (roster.stage <= Stage.FULL)
    columns = (column[employed] for column in (roster.stage_agent, roster.stage_start, roster.stage_end))
    there = _counted(len(roster.team), *columns)
    half = np.arange(paid.shape[1]) % (7 * 48)
    office = (half // 48 < 5) & (half % 48 >= 18) & (half % 48 < 34)
    assert there.max() == 1
    assert np.array_equal(paid, there * office)
    assert {Away.TRAINING, Away.TEACHING} <= set(roster.away_why.tolist())


def _counted(
    agents: int, agent: npt.NDArray[np.int64], start: npt.NDArray[np.int64], end: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """How many stretches cover each half hour of each agent's twelve weeks."""
    table = np.zeros((agents, 12 * WEEK // HALF), np.int64)
    for whose, begin, stop in zip(agent, start.clip(0, 12 * WEEK), end.clip(0, 12 * WEEK), strict=True):
        assert begin % HALF == stop % HALF == 0
        table[whose, begin // HALF : stop // HALF] += 1
    return table


def test_a_roster_is_the_same_whenever_it_is_drawn() -> None:
    career = Career(path=CLASS, leaving=Leaving((0,), (0.01,), 5), trainers=Fraction(1, 2))
    plan = RosterPlan.of(desk(career, agents=5, weeks=20), until=20 * WEEK)
    first, other, again = (plan.draw(seed=1, replication=number) for number in (4, 5, 4))
    assert all(np.array_equal(getattr(first, name), getattr(again, name)) for name in vars(first))
    assert not np.array_equal(first.stage_end, other.stage_end)
