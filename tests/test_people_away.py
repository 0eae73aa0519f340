"""Absence, leave, meetings, other duties and calls against hand-worked calendars, and every paid hour accounted for."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from builders import MONDAY, ShiftSpec, StepSpec, StreamSpec, TeamSpec, at, scenario
from hypothesis import given, settings
from hypothesis import strategies as st

from simsocial.draw.people.absence import draw_absence
from simsocial.draw.randomness import Dice, Kind, Uniforms
from simsocial.draw.roster import RosterPlan
from simsocial.model.away import Absence, Away, Hours, Leave, Meeting, OnCall, OtherDuty
from simsocial.model.laws import Deterministic
from simsocial.model.piecewise import Piecewise
from simsocial.model.roster import Roster
from simsocial.model.scenario import Scenario
from simsocial.model.teams import Break
from simsocial.units import DAY, HOUR, MINUTE, WEEK

OFFICE = ShiftSpec("day", tuple((day * DAY + 9 * HOUR, day * DAY + 17 * HOUR) for day in range(5)))
LUNCH = replace(OFFICE, breaks=(Break(3 * HOUR, HOUR),))
Window = tuple[float, float]


def hours(*slots: Window) -> Hours:
    return tuple((int(start * HOUR), int(end * HOUR)) for start, end in slots)


def desk(team: TeamSpec, *, start: dt.datetime = MONDAY, weeks: int = 1) -> Scenario:
    stream = StreamSpec("mentions", at(0), (StepSpec("respond", Deterministic(MINUTE)),))
    return scenario(stream, teams=(team,), horizon=weeks * WEEK, start=start)


def plan(team: TeamSpec, *, weeks: int = 1, start: dt.datetime = MONDAY) -> RosterPlan:
    return RosterPlan.of(desk(team, start=start), until=weeks * WEEK)


def planned(team: TeamSpec, *, weeks: int = 1, start: dt.datetime = MONDAY) -> Roster:
    return plan(team, weeks=weeks, start=start).planned


def windows(roster: Roster, agent: int = 0) -> list[Window]:
    mine = roster.agent == agent
    return [(start / HOUR, end / HOUR) for start, end in zip(roster.start[mine], roster.end[mine], strict=True)]


def away(roster: Roster, why: Away, agent: int = 0) -> list[Window]:
    mine = (roster.away_agent == agent) & (roster.away_why == why)
    return [(s / HOUR, e / HOUR) for s, e in zip(roster.away_start[mine], roster.away_end[mine], strict=True)]


def weeks_of_leave(roster: Roster, agent: int) -> list[int]:
    return sorted({int(start * HOUR // WEEK) for start, _ in away(roster, Away.LEAVE, agent)})


# --- Absence (R78) ----------------------------------------------------------------------------------------------------


class Written(Uniforms):
    """Uniforms written down, by week."""

    def __init__(self, *weeks: list[float]) -> None:
        self.weeks = weeks

    def vector(self, count: int, *, week: int, branch: int = 0, visit: int = 1) -> npt.NDArray[np.float64]:
        assert count == len(self.weeks[week])
        return np.array(self.weeks[week])


def test_a_spell_begins_and_lasts_by_the_dates_own_uniforms() -> None:
    """Share 1/4 and two dates in a row: a spell begins with 1/6 and lasts with 1/2; the first date has the share."""
    first = [0.20, 0.40, 0.50, 0.30, 0.16, 0.49, 0.99]
    second = [0.25, 0.17, 0.16, 0.00, 0.49, 0.50, 0.17]
    uniforms = Written([*first, *second], [*[0.3] * 7, 0.1, *[0.3] * 6])
    absent = draw_absence(Absence(0.25, 2.0), uniforms, agents=2, weeks=2)
    assert absent[0].tolist() == [True, True, False, False, True, True, False] + [False] * 7
    assert absent[1].tolist() == [False, False, True, True, True, False, False] + [True] * 7


def test_by_default_each_date_is_by_itself() -> None:
    uniforms = Written([0.19, 0.2, 0.1, 0.9, 0.19, 0.2, 0.0])
    absent = draw_absence(Absence(0.2, 1 / 0.8), uniforms, agents=1, weeks=1)
    assert absent[0].tolist() == [True, False, True, False, True, False, True]


@pytest.mark.parametrize(("share", "spell"), [(0.06, 3.0), (0.3, 1 / 0.7), (0.5, 10.0)])
def test_share_and_spells_are_those_asked_for(share: float, spell: float) -> None:
    absence, agents = Absence(share, spell), 2000
    absent = draw_absence(absence, Dice(5, 0)("desk", Kind.ABSENCE), agents=agents, weeks=40)
    of_agents = absent.mean(axis=1)
    assert abs(of_agents.mean() - share) <= 4.5 * of_agents.std(ddof=1) / agents**0.5
    before, after = absent[:, :-1], absent[:, 1:]
    for given_, probability in ((before, 1 - 1 / spell), (~before, share / ((1 - share) * spell))):
        n, hits = given_.sum(), (given_ & after).sum()
        assert abs(hits - n * probability) <= 4.5 * (n * probability * (1 - probability)) ** 0.5


def test_the_spells_tell_a_wrong_length() -> None:
    """Negative control: independent dates do not last like spells of three dates."""
    absent = draw_absence(Absence(0.06, 1 / 0.94), Dice(5, 0)("desk", Kind.ABSENCE), agents=2000, weeks=40)
    before, after = absent[:, :-1], absent[:, 1:]
    n, hits = before.sum(), (before & after).sum()
    assert abs(hits - n * 2 / 3) > 4.5 * (n * 2 / 9) ** 0.5


@given(share=st.floats(0.01, 0.4), more=st.floats(0.0, 0.4), spell=st.floats(6, 20), few=st.integers(1, 5))
@settings(max_examples=30, deadline=None)
def test_pairs_stay_paired(share: float, more: float, spell: float, few: int) -> None:
    """More absence takes nobody back to the desk; more agents change nothing for those who are there."""
    uniforms = Dice(1, 2)("desk", Kind.ABSENCE)
    less = draw_absence(Absence(share, spell), uniforms, agents=few, weeks=5)
    worse = draw_absence(Absence(share + more, spell), uniforms, agents=few, weeks=5)
    larger = draw_absence(Absence(share, spell), uniforms, agents=few + 3, weeks=7)
    assert not (less & ~worse).any()
    assert np.array_equal(larger[:few, :35], less)


def test_who_is_absent_misses_every_shift_that_begins_on_the_date_whole() -> None:
    """Nights belong to the date on which they begin, also the one before the start's."""
    nights = ShiftSpec("night", tuple((d * DAY + 22 * HOUR, (d + 1) * DAY + 6 * HOUR) for d in range(7)))
    team = TeamSpec("desk", 5, shifts=(replace(nights, breaks=(Break(HOUR, HOUR),)),), absence=Absence(0.4, 2.0))
    made = plan(team, weeks=2)
    roster, whole = made.draw(seed=1, replication=3), made.planned
    absent = draw_absence(Absence(0.4, 2.0), Dice(1, 3)("desk", Kind.ABSENCE), agents=5, weeks=4)
    for agent in range(5):
        missed = [(max(24 * d - 2, 0), min(24 * d + 6, 336)) for d in range(15) if absent[agent, d + 6]]
        assert away(roster, Away.ABSENT, agent) == missed
        there = [one for one in windows(whole, agent) if not any(s <= one[0] < e for s, e in missed)]
        assert windows(roster, agent) == there
        assert len(missed) > 0
        rests = [one for one in away(whole, Away.BREAK, agent) if not any(s <= one[0] < e for s, e in missed)]
        assert away(roster, Away.BREAK, agent) == rests


def test_other_hours_or_leave_do_not_change_who_is_absent_when() -> None:
    ill = TeamSpec("desk", 4, shifts=(OFFICE,), absence=Absence(0.3, 2.0))
    early = replace(ill, shifts=(replace(OFFICE, hours=tuple((s - HOUR, e - HOUR) for s, e in OFFICE.hours)),))
    one, other = (plan(team, weeks=3).draw(seed=9, replication=0) for team in (ill, early))
    assert len(one.start) == len(other.start) < 60
    assert (one.start - HOUR == other.start).all()
    with_leave = plan(replace(ill, leave=Leave(60)), weeks=3).draw(seed=9, replication=0)
    assert set(zip(with_leave.agent, with_leave.start, strict=True)) < set(zip(one.agent, one.start, strict=True))


def test_without_randomness_all_replications_share_one_roster() -> None:
    for absence in (None, Absence(0.0, 1.0)):
        made = plan(TeamSpec("desk", 2, shifts=(OFFICE,), absence=absence, leave=Leave(30)))
        assert made.draw(seed=1, replication=0) is made.draw(seed=2, replication=1) is made.planned
    made = plan(TeamSpec("desk", 20, shifts=(OFFICE,), absence=Absence(0.2, 2.0)))
    assert len({made.draw(seed=1, replication=n).start.tobytes() for n in range(3)}) == 3
    assert len(made.planned.start) == 100


# --- Leave (R79) ------------------------------------------------------------------------------------------------------


def test_leave_is_dealt_week_by_week() -> None:
    """73 days a year are 1.4 a week; the head starts of agents 0, 1, 2 are 0, 0.618 and 0.236 of a week of 5 shifts.

    Agent 0 goes when 5 are owed: 5.6 after week 3; then 0.6, 2.0, 3.4, 4.8, 6.2: week 7.
    Agent 1 goes at 1.91: week 1 (2.8), then −2.2 … 2.0: week 4, then −3.0 … 2.6: week 8.
    Agent 2 goes at 3.82: week 2 (4.2), then −0.8 … 4.8: week 6, then −0.2 … 4.0: week 9.
    """
    roster = planned(TeamSpec("desk", 3, shifts=(LUNCH,), leave=Leave(73)), weeks=10)
    assert [weeks_of_leave(roster, agent) for agent in range(3)] == [[3, 7], [1, 4, 8], [2, 6, 9]]
    assert away(roster, Away.LEAVE)[:5] == [(3 * 168 + 24 * day + 9, 3 * 168 + 24 * day + 17) for day in range(5)]
    assert [start for start, _ in windows(roster) if 3 * 168 <= start < 4 * 168] == []
    assert len(away(roster, Away.BREAK)) == 40


def test_the_longest_owed_go_first_when_few_may_be_away() -> None:
    """7 days are owed each week, 5 taken in one. Owed in weeks with the head start, by agent; the largest goes:

    1.4, 2.02, 1.64: agent 1; 2.8, 2.42, 3.04: agent 2; 4.2, 3.82, 3.44: agent 0; 4.6, 5.22, 4.84: agent 1.
    """
    team = TeamSpec("desk", 3, shifts=(OFFICE,), leave=Leave(365, at_once=1))
    roster = planned(team, weeks=4)
    assert [weeks_of_leave(roster, agent) for agent in range(3)] == [[2], [0, 3], [1]]
    owed = plan(team, weeks=4).times[0].leave_owed  # at the end of the week that the roster reaches, where agent 2 goes
    assert owed == pytest.approx([5 * 7 - 5, 5 * 7 - 10, 5 * 7 - 10])


def test_leave_in_days_and_holidays_that_cost_none() -> None:
    """365 a year is a day each day: who has a shift and a day owed goes, one at a time; the holiday takes none."""
    holiday = frozenset({dt.date(2025, 1, 7)})
    team = TeamSpec("desk", 2, shifts=(OFFICE,), leave=Leave(365, at_once=1, by_weeks=False), days_off=holiday)
    roster = planned(team)
    assert [start // 24 for start, _ in away(roster, Away.LEAVE, 1)] == [0, 3]
    assert [start // 24 for start, _ in away(roster, Away.LEAVE, 0)] == [2, 4]


def test_leave_falls_where_the_season_earns_it_and_comes_to_the_days_of_the_year() -> None:
    july = tuple(float(month == 7) for month in range(1, 13))
    roster = planned(TeamSpec("desk", 12, shifts=(OFFICE,), leave=Leave(25, season=july)), weeks=52)
    for agent in range(12):
        starts = [MONDAY + dt.timedelta(hours=start) for start, _ in away(roster, Away.LEAVE, agent)]
        assert len(starts) == 25
        assert {start.month for start in starts} <= {6, 7, 8}
        assert min(starts) >= dt.datetime(2025, 6, 30)  # the week of the first of July


def test_leave_is_earned_from_the_hiring_on() -> None:
    headcount = Piecewise(np.array([0, 4 * WEEK]), np.array([1, 2]))
    roster = planned(TeamSpec("desk", headcount, shifts=(OFFICE,), leave=Leave(73)), weeks=7)
    assert weeks_of_leave(roster, 1) == [4 + 1]


# --- Meetings and other duties (R80, R81) -----------------------------------------------------------------------------


def test_a_meeting_takes_everybody_off_the_desk_and_no_break_away() -> None:
    team = TeamSpec("desk", 2, shifts=(LUNCH,), meetings=(Meeting("weekly", hours((8.5, 9.5), (11.5, 12.5))),))
    roster = planned(team)
    for agent in range(2):
        assert windows(roster, agent)[:3] == [(9.5, 11.5), (13, 17), (33, 36)]
        assert away(roster, Away.MEETING, agent) == [(9, 9.5), (11.5, 12)]
        assert away(roster, Away.BREAK, agent)[0] == (12, 13)


def test_meetings_of_a_cycle() -> None:
    team = TeamSpec("desk", 1, shifts=(OFFICE,), meetings=(Meeting("monthly", hours((10, 11)), (2,), 3),))
    assert away(planned(team, weeks=5), Away.MEETING) == [(168 + 10, 168 + 11), (4 * 168 + 10, 4 * 168 + 11)]


def test_slots_are_dealt_to_groups_in_each_shift() -> None:
    """Agents 0, 2 have the early and 1, 3 the late shift: in each the first is of group 0, the second of group 1."""
    early, late = (replace(OFFICE, name=name, hours=hours(slot)) for name, slot in (("e", (8, 16)), ("l", (9, 17))))
    duty = OtherDuty("posts", hours((10, 11), (12, 13), (14, 15), (16, 17)), 2)
    roster = planned(TeamSpec("desk", 4, shifts=(early, late), other_duties=(duty,)))
    assert away(roster, Away.OTHER_DUTY, 0) == [(10, 11), (14, 15)]
    assert away(roster, Away.OTHER_DUTY, 1) == [(10, 11), (14, 15)]
    assert away(roster, Away.OTHER_DUTY, 2) == [(12, 13)]  # the fourth slot is after the early shift
    assert away(roster, Away.OTHER_DUTY, 3) == [(12, 13), (16, 17)]
    assert windows(roster, 2) == [(8, 12), (13, 16)]


def test_a_meeting_goes_before_another_duty() -> None:
    team = TeamSpec(
        "desk",
        1,
        shifts=(OFFICE,),
        meetings=(Meeting("weekly", hours((10, 11))),),
        other_duties=(OtherDuty("posts", hours((10.5, 12)), 1),),
    )
    roster = planned(team)
    assert (away(roster, Away.MEETING), away(roster, Away.OTHER_DUTY)) == ([(10, 11)], [(11, 12)])


# --- On call (R82) ----------------------------------------------------------------------------------------------------

WEEKEND = OnCall("weekend", hours((5 * 24 + 10, 5 * 24 + 14)), ranking=0, pace=1.5, quality=0.5)


def called(roster: Roster, agent: int) -> list[int]:
    """Weeks in which an agent is called in on Saturday."""
    return [int(start // 168) for start, _ in windows(roster, agent) if start % 168 == 130]


def test_calls_go_round_the_team_by_week() -> None:
    roster = planned(TeamSpec("desk", 3, shifts=(OFFICE,), on_call=(WEEKEND,)), weeks=5)
    assert [called(roster, agent) for agent in range(3)] == [[0, 3], [1, 4], [2]]
    on_call = roster.start % WEEK == 130 * HOUR
    assert set(roster.pace[on_call]) == {1.5}
    assert set(roster.quality[on_call]) == {0.5}
    two = planned(TeamSpec("desk", 3, shifts=(OFFICE,), on_call=(replace(WEEKEND, agents=2),)), weeks=3)
    assert [called(two, agent) for agent in range(3)] == [[0, 1], [0, 2], [1, 2]]


def test_who_has_a_shift_or_leave_or_is_not_employed_is_passed_over() -> None:
    saturday = ShiftSpec("sat", hours((5 * 24 + 13, 5 * 24 + 18)))
    shifts = (OFFICE, saturday)  # agents 0 and 2 have the office's hours
    roster = planned(TeamSpec("desk", 3, shifts=shifts, on_call=(WEEKEND,)), weeks=3)
    assert [called(roster, agent) for agent in range(3)] == [[0], [], [1, 2]]
    resting = planned(TeamSpec("desk", 3, shifts=(OFFICE,), leave=Leave(365, at_once=1), on_call=(WEEKEND,)), weeks=3)
    assert [weeks_of_leave(resting, agent) for agent in range(3)] == [[2], [0], [1]]
    assert [called(resting, agent) for agent in range(3)] == [[0], [1], [2]]
    later = Piecewise(np.array([0, WEEK + 131 * HOUR]), np.array([1, 3]))  # hired while the second call lasts
    hired = planned(TeamSpec("desk", later, shifts=(OFFICE,), on_call=(WEEKEND,)), weeks=3)
    assert [called(hired, agent) for agent in range(3)] == [[0, 1], [], [2]]


def test_as_many_come_as_are_absent() -> None:
    cover = OnCall("cover", hours(*((24 * day + 18, 24 * day + 20) for day in range(7))), 0, 2, for_the_absent=True)
    team = TeamSpec("desk", 9, shifts=(OFFICE,), absence=Absence(0.15, 2.0), on_call=(cover,))
    made = plan(team, weeks=6)
    roster = made.draw(seed=4, replication=0)
    absent = draw_absence(Absence(0.15, 2.0), Dice(4, 0)("desk", Kind.ABSENCE), agents=9, weeks=8)[:, 7:]
    numbers = []
    for date in range(42):
        come = roster.agent[roster.start == date * DAY + 18 * HOUR]
        missing = absent[:, date].sum() if date % 7 < 5 else 0
        in_turn = [agent % 9 for agent in range(2 * (date // 7), 2 * (date // 7) + 9) if not absent[agent % 9, date]]
        assert come.tolist() == sorted(in_turn[: min(missing, 2)])
        numbers.append(len(come))
    assert set(numbers) == {0, 1, 2}
    assert (made.planned.start % DAY != 18 * HOUR).all()


# --- Every paid hour once (R83) ---------------------------------------------------------------------------------------


def quarters(low: int, high: int) -> st.SearchStrategy[int]:
    return st.integers(low, high).map(lambda quarter: quarter * 15 * MINUTE)


def slots(least: int = 0) -> st.SearchStrategy[Hours]:
    each = st.tuples(quarters(0, 671), quarters(1, 20)).map(lambda slot: (slot[0], slot[0] + slot[1]))
    return st.lists(each, min_size=least, max_size=5).map(lambda listed: tuple(sorted(listed)))


def apart(of_week: Hours) -> bool:
    following = [*(start for start, _ in of_week[1:]), *(start + WEEK for start, _ in of_week[:1])]
    return all(end <= start for (_, end), start in zip(of_week, following, strict=True))


@st.composite
def teams(draw: st.DrawFn) -> TeamSpec:
    shifts = tuple(
        ShiftSpec(
            str(number),
            tuple((begin, begin + length) for begin, length in draw(LISTED)),
            breaks=tuple(draw(st.lists(st.builds(Break, quarters(0, 40), quarters(1, 8)), max_size=2))),
        )
        for number in range(draw(st.integers(1, 2)))
    )
    calls = [draw(slots().filter(apart)), draw(st.booleans())]
    return TeamSpec(
        "desk",
        Piecewise(np.array([0, draw(quarters(1, 1000))]), np.array(draw(st.tuples(*[st.integers(0, 5)] * 2)))),
        shifts=shifts,
        rotate=tuple(range(len(shifts))) if len(shifts) > 1 and draw(st.booleans()) else (),
        absence=draw(st.none() | st.builds(Absence, st.sampled_from([0.0, 0.2, 0.5]), st.just(3.0))),
        leave=draw(st.none() | st.builds(Leave, st.sampled_from([0.0, 40.0, 300.0]), by_weeks=st.booleans())),
        meetings=tuple(Meeting("m", part, (1,), 2) for part in draw(st.lists(slots(), max_size=2))),
        other_duties=tuple(OtherDuty("o", part, len(part)) for part in draw(st.lists(slots(1), max_size=2))),
        on_call=(OnCall("c", calls[0], 0, draw(st.integers(1, 3)), bool(calls[1])),),
    )


LISTED = st.lists(st.tuples(quarters(0, 671), quarters(1, 60)), min_size=1, max_size=5)


def without_anything(team: TeamSpec) -> TeamSpec:
    return replace(team, absence=None, leave=None, meetings=(), other_duties=(), on_call=())


def stretches_at(roster: Roster, agents: int, weeks: int) -> npt.NDArray[np.int64]:
    """Shape (agents, quarters of an hour): how many stretches of an agent there are in each."""
    count = np.zeros((agents, weeks * 672 + 1), np.int64)
    columns = ((roster.agent, roster.start, roster.end), (roster.away_agent, roster.away_start, roster.away_end))
    for agent, start, end in columns:
        np.add.at(count, (agent, start // (15 * MINUTE)), 1)
        np.add.at(count, (agent, end // (15 * MINUTE)), -1)
    return count.cumsum(axis=1)[:, :-1]


@given(team=teams(), offset=st.integers(0, 671), seed=st.integers(0, 99))
@settings(max_examples=80, deadline=None)
def test_every_paid_hour_is_in_exactly_one_category(team: TeamSpec, offset: int, seed: int) -> None:
    start = MONDAY + offset * dt.timedelta(minutes=15)
    bare = planned(without_anything(team), weeks=4, start=start)
    roster = plan(team, weeks=4, start=start).draw(seed=seed, replication=0)
    agents = len(bare.team)
    in_shifts, paid = (stretches_at(each, agents, 4) for each in (bare, roster))
    assert set(np.unique(paid)) <= {0, 1}
    assert (paid >= in_shifts).all(), "what was paid stays paid, whatever it is spent on"
    beyond = stretches_at(replace_away(roster), agents, 4) * (1 - in_shifts)
    assert (paid - in_shifts == beyond).all(), "only windows of calls lie outside shifts"
    assert beyond.sum() == 0 or team.on_call[0].hours


def replace_away(roster: Roster) -> Roster:
    """The same roster without its other paid time."""
    nothing = np.zeros(0, np.int64)
    return replace(roster, away_agent=nothing, away_start=nothing, away_end=nothing, away_why=nothing)


def test_the_account_notices_an_hour_counted_twice_and_one_forgotten() -> None:
    """Negative control for the property above."""
    roster = planned(TeamSpec("desk", 1, shifts=(LUNCH,), meetings=(Meeting("m", hours((10, 11))),)))
    bare = stretches_at(planned(TeamSpec("desk", 1, shifts=(LUNCH,))), 1, 1)
    assert (stretches_at(roster, 1, 1) == bare).all()
    twice = replace(roster, away_start=roster.away_start - HOUR)
    assert stretches_at(twice, 1, 1).max() == 2
    assert (stretches_at(replace_away(roster), 1, 1) < bare).any()


def test_a_longer_run_has_the_same_roster_as_far_as_it_goes() -> None:
    team = TeamSpec("desk", 6, shifts=(LUNCH,), absence=Absence(0.2, 3.0), leave=Leave(40), on_call=(WEEKEND,))
    short, long = (plan(team, weeks=weeks).draw(seed=3, replication=1) for weeks in (6, 9))
    for agent in range(6):
        assert windows(short, agent) == [one for one in windows(long, agent) if one[0] < 6 * 168]
        for why in Away:
            assert away(short, why, agent) == [one for one in away(long, why, agent) if one[0] < 6 * 168]
