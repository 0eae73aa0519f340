"""Rosters against hand-worked weeks and a twin that looks at every quarter of an hour, one by one (R30–R35)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from builders import MONDAY, Serves, ShiftSpec, StepSpec, StreamSpec, TeamSpec, at, scenario
from hypothesis import given, settings
from hypothesis import strategies as st

from simsocial.draw.people.shifts import deal
from simsocial.draw.roster import compile_roster
from simsocial.model.calendar import Calendar
from simsocial.model.capacity import capacity, rankings_serving, time_in_buckets
from simsocial.model.cells import Buckets
from simsocial.model.laws import Deterministic
from simsocial.model.piecewise import Piecewise
from simsocial.model.roster import Roster
from simsocial.model.scenario import Scenario
from simsocial.model.teams import Break
from simsocial.units import DAY, HOUR, MINUTE, WEEK

QUARTER = 15 * MINUTE
Window = tuple[float, float]


def desk(*teams: TeamSpec, start: dt.datetime = MONDAY, horizon: int = WEEK) -> Scenario:
    steps = (StepSpec("respond", Deterministic(MINUTE)), StepSpec("check", Deterministic(MINUTE)))
    return scenario(StreamSpec("mentions", at(0), steps), teams=teams, horizon=horizon, start=start)


def roster(team: TeamSpec, *, weeks: int = 1, start: dt.datetime = MONDAY) -> Roster:
    return compile_roster(desk(team, start=start), until=weeks * WEEK)


def windows(roster: Roster, agent: int = 0) -> list[Window]:
    """Windows of one agent in hours from the start."""
    mine = roster.agent == agent
    return [(start / HOUR, end / HOUR) for start, end in zip(roster.start[mine], roster.end[mine], strict=True)]


def breaks(roster: Roster, agent: int = 0) -> list[Window]:
    mine = roster.away_agent == agent
    return [(s / HOUR, e / HOUR) for s, e in zip(roster.away_start[mine], roster.away_end[mine], strict=True)]


def shift(name: str, opens: float, closes: float, *, days: range = range(1), **fields: object) -> ShiftSpec:
    hours = tuple((day * DAY + int(opens * HOUR), day * DAY + int(closes * HOUR)) for day in days)
    return ShiftSpec(name, hours, **fields)  # type: ignore[arg-type]


# --- Dealing (R32) ----------------------------------------------------------------------------------------------------


def test_agents_are_dealt_to_the_shift_furthest_behind_its_proportion() -> None:
    assert deal([3, 1], 4) == [0, 0, 1, 0]  # behind before each deal, in quarters: 3 1, 2 2 (first named), 1 3, 4 0
    assert deal([0.5, 0.3, 0.2], 5) == [0, 1, 2, 0, 0]
    assert deal([0.1] * 10, 10) == list(range(10))  # ten tenths tie, whatever binary fractions say
    assert deal([0, 2], 3) == [1, 1, 1]


@given(st.lists(st.integers(0, 9), min_size=1, max_size=6).filter(any))
def test_counts_that_add_up_to_the_headcount_are_met_exactly(counts: list[int]) -> None:
    dealt = deal(counts, sum(counts))
    assert [dealt.count(one) for one in range(len(counts))] == counts


@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=6), st.integers(0, 40), st.integers(0, 40))
def test_an_agent_keeps_his_shift_when_the_headcount_grows(shares: list[float], few: int, more: int) -> None:
    assert deal(shares, few + more)[:few] == deal(shares, few)


def test_dealing_in_turn_would_not_meet_the_counts() -> None:
    """Negative control: a rule that keeps shifts for ever, but deals in turn."""
    counts = [3, 1]
    in_turn = [agent % len(counts) for agent in range(4)]
    assert [in_turn.count(one) for one in range(2)] != counts


# --- Shifts (R33) -----------------------------------------------------------------------------------------------------


def test_a_shift_is_one_window_on_each_of_its_days() -> None:
    assert windows(roster(TeamSpec("desk", 1, shifts=(shift("day", 9, 17, days=range(3)),)))) == [
        (9, 17),
        (33, 41),
        (57, 65),
    ]


def test_hours_over_midnight_belong_to_the_date_on_which_they_begin() -> None:
    tuesday = frozenset({dt.date(2025, 1, 7)})
    night = TeamSpec("desk", 1, shifts=(shift("night", 22, 30, days=range(3)),), days_off=tuesday)
    assert windows(roster(night)) == [(22, 30), (70, 78)]


def test_the_night_shift_of_the_week_before_reaches_into_the_run() -> None:
    sunday = TeamSpec("desk", 1, shifts=(ShiftSpec("night", ((6 * DAY + 22 * HOUR, 7 * DAY + 6 * HOUR),)),))
    assert windows(roster(sunday)) == [(0, 6), (166, 168)]  # cut at both ends of the roster


def test_the_run_may_start_at_any_time_of_the_week() -> None:
    start = dt.datetime(2025, 1, 8, 12, 0)  # Wednesday noon
    assert windows(roster(TeamSpec("desk", 1, shifts=(shift("day", 9, 17, days=range(4)),)), start=start)) == [
        (0, 5),
        (21, 29),
        (117, 125),
        (141, 149),
        (165, 168),
    ]


def test_weeks_of_a_cycle_count_from_the_first_monday() -> None:
    odd = TeamSpec("desk", 1, shifts=(shift("day", 9, 17, weeks=(1, 3), cycle=4),))
    assert windows(roster(odd, weeks=5, start=dt.datetime(2025, 1, 8))) == [
        (9 + 168 * week - 48, 17 + 168 * week - 48) for week in (2, 4)
    ]
    assert windows(roster(odd, weeks=6)) == [(9 + 168 * week, 17 + 168 * week) for week in (0, 2, 4)]


def test_rotation_hands_agents_from_shift_to_shift_each_week_in_its_order() -> None:
    shifts = (shift("early", 6, 14), shift("fixed", 8, 16), shift("late", 14, 22))
    team = TeamSpec("desk", 3, shifts=shifts, rotate=(2, 0))
    made = roster(team, weeks=3)
    assert windows(made, 0) == [(6, 14), (168 + 14, 168 + 22), (336 + 6, 336 + 14)]
    assert windows(made, 1) == [(168 * week + 8, 168 * week + 16) for week in range(3)]
    assert windows(made, 2) == [(14, 22), (168 + 6, 168 + 14), (336 + 14, 336 + 22)]


def test_a_night_that_runs_into_an_early_shift_is_finished_first() -> None:
    night = ShiftSpec("night", ((6 * DAY + 22 * HOUR, 7 * DAY + 8 * HOUR),))
    early = shift("early", 6, 14, breaks=(Break(3 * HOUR, HOUR),), pace=1.5)
    made = roster(TeamSpec("desk", 2, shifts=(early, night), rotate=(0, 1)), weeks=2)
    assert windows(made, 1) == [(166, 176), (176, 177), (178, 182)]  # the early break is still three hours after six
    assert made.pace[made.agent == 1].tolist() == [1.0, 1.5, 1.5]
    assert windows(made, 0) == [(0, 8), (8, 9), (10, 14), (334, 336)]  # week 0 after the night of the week before


def test_a_duty_inside_another_does_not_shorten_it() -> None:
    hours = tuple((a * HOUR, b * HOUR) for a, b in ((0, 20), (5, 10), (15, 30)))
    assert windows(roster(TeamSpec("desk", 1, shifts=(ShiftSpec("day", hours),)))) == [(0, 20), (20, 30)]


# --- Breaks (R34) -----------------------------------------------------------------------------------------------------


def test_breaks_cut_the_window_and_are_kept_for_the_account() -> None:
    lunch = shift("day", 9, 17, breaks=(Break(6 * HOUR, HOUR // 2), Break(3 * HOUR, HOUR)))
    made = roster(TeamSpec("desk", 1, shifts=(lunch,)))
    assert windows(made) == [(9, 12), (13, 15), (15.5, 17)]
    assert breaks(made) == [(12, 13), (15, 15.5)]


def test_breaks_at_the_edges_and_beyond_them() -> None:
    edges = shift("day", 9, 17, breaks=(Break(0, HOUR), Break(7 * HOUR, 2 * HOUR), Break(20 * HOUR, HOUR)))
    made = roster(TeamSpec("desk", 1, shifts=(edges,)))
    assert windows(made) == [(10, 16)]
    assert breaks(made) == [(9, 10), (16, 17)]


# --- Headcount (R32) --------------------------------------------------------------------------------------------------


def test_headcount_rises_and_falls_at_its_instants() -> None:
    headcount = Piecewise(np.array([0, 12, 36, 60]) * HOUR, np.array([1, 3, 2, 3]))
    team = TeamSpec("desk", headcount, shifts=(shift("day", 9, 17, days=range(3)),))
    made = roster(team)
    assert windows(made, 0) == [(9, 17), (33, 41), (57, 65)]
    assert windows(made, 1) == [(12, 17), (33, 41), (57, 65)]
    assert windows(made, 2) == [(12, 17), (33, 36), (60, 65)]


def test_a_break_is_only_kept_for_those_employed() -> None:
    headcount = Piecewise(np.array([0, 12 * HOUR + HOUR // 2]), np.array([0, 1]))
    made = roster(TeamSpec("desk", headcount, shifts=(shift("day", 9, 17, breaks=(Break(3 * HOUR, HOUR),)),)))
    assert windows(made) == [(13, 17)]
    assert breaks(made) == [(12.5, 13)]


# --- What windows say (R30, R35) --------------------------------------------------------------------------------------


def test_a_window_has_the_pace_quality_and_ranking_of_its_shift() -> None:
    both: Serves = ("mentions.respond", "mentions.check")
    shifts = (
        shift("day", 9, 17, serves=both, pace=1.2),
        shift("senior", 17, 19, serves=("mentions.check",), quality=0.5),
    )
    first = TeamSpec("desk", 2, serves=both, shifts=shifts, slots=3, slot_pace=1.5)
    second = TeamSpec("help", 1, serves=("mentions.check",))
    made = compile_roster(desk(first, second), until=WEEK)
    assert made.team.tolist() == [0, 0, 1]
    assert made.slots.tolist() == [3, 3, 1]
    assert made.agent.tolist() == [0, 1, 2]
    assert made.pace == pytest.approx([1.2 * 1.5, 1.5, 1.0])
    assert made.quality.tolist() == [1.0, 0.5, 1.0]
    assert made.serves.tolist() == [0, 1, 2]


def test_a_desk_without_teams_has_an_empty_roster() -> None:
    made = compile_roster(desk())
    assert len(made.team) == len(made.start) == len(made.away_start) == 0


def test_the_roster_reaches_past_every_next_checkpoint() -> None:
    shut = frozenset(dt.date(2025, 1, 13) + dt.timedelta(days=day) for day in range(45))
    office = Calendar.compile("office", start=MONDAY, hours=((9 * HOUR, 17 * HOUR),), holidays=shut, until=WEEK)
    plain = desk(TeamSpec("desk", 1))
    assert compile_roster(plain).end.max() == 4 * WEEK
    assert compile_roster(plain.but(calendars=(office,))).end.max() == 8 * WEEK + 17 * HOUR


# --- The twin ---------------------------------------------------------------------------------------------------------


class Twin:
    """Where an agent is at an instant, by the rules alone: at work (under which shift), on a break, or off."""

    def __init__(self, team: TeamSpec, start: dt.datetime) -> None:
        self.team = team
        self.start = start
        self.dealt = deal([one.weight for one in team.shifts], 9)

    def duties(self, agent: int, instant: int) -> Iterator[tuple[int, int]]:
        """(begin, shift) of all duties that contain the instant, in order of begin."""
        team, dealt = self.team, self.dealt[agent]
        monday = (self.start - dt.timedelta(days=self.start.weekday())).replace(hour=0, minute=0)
        for week in range(-2, 6):
            index = dealt
            if dealt in team.rotate:
                index = team.rotate[(team.rotate.index(dealt) + week) % len(team.rotate)]
            one = team.shifts[index]
            for opens, closes in sorted(one.hours):
                begin = monday + dt.timedelta(weeks=week, milliseconds=opens)
                tick = (begin - self.start) // dt.timedelta(milliseconds=1)
                works = week % one.cycle in {number - 1 for number in one.weeks} and begin.date() not in team.days_off
                if works and tick <= instant < tick + closes - opens:
                    yield tick, index

    def at(self, agent: int, instant: int) -> tuple[str, int]:
        assert isinstance(self.team.agents, Piecewise)
        if self.team.agents.at(instant) <= agent:
            return "off", -1
        begin, index = next(self.duties(agent, instant), (0, -1))
        if index < 0:
            return "off", -1
        paused = any(
            begin + pause.after <= instant < begin + pause.after + pause.length
            for pause in self.team.shifts[index].breaks
        )
        return ("break", -1) if paused else ("work", index)


def quarters(low: int, high: int) -> st.SearchStrategy[int]:
    return st.integers(low, high).map(lambda quarter: quarter * QUARTER)


@st.composite
def shift_specs(draw: st.DrawFn, name: str, pace: float) -> ShiftSpec:
    hours = draw(st.lists(st.tuples(quarters(0, 671), quarters(1, 60)), min_size=1, max_size=5))
    cycle = draw(st.integers(1, 3))
    return ShiftSpec(
        name,
        tuple((begin, begin + length) for begin, length in hours),
        weight=draw(st.integers(1, 3)),
        breaks=tuple(draw(st.lists(st.builds(Break, quarters(0, 40), quarters(1, 8)), max_size=3))),
        pace=pace,
        weeks=tuple(draw(st.sets(st.integers(1, cycle), min_size=1))),
        cycle=cycle,
    )


@st.composite
def team_specs(draw: st.DrawFn) -> TeamSpec:
    shifts = tuple(draw(shift_specs(f"s{number}", 1.0 + number)) for number in range(draw(st.integers(1, 3))))
    instants = draw(st.lists(quarters(1, 1300), max_size=3, unique=True))
    headcount = draw(st.lists(st.integers(0, 4), min_size=len(instants) + 1, max_size=len(instants) + 1))
    return TeamSpec(
        "desk",
        Piecewise(np.array([0, *sorted(instants)]), np.array(headcount, dtype=float)),
        shifts=shifts,
        rotate=tuple(draw(st.permutations(range(len(shifts))))) if draw(st.booleans()) else (),
        days_off=frozenset(
            MONDAY.date() + dt.timedelta(days=day) for day in draw(st.sets(st.integers(-7, 20), max_size=4))
        ),
    )


@given(team=team_specs(), offset=st.integers(0, 671), data=st.data())
@settings(max_examples=100, deadline=None)
def test_roster_equals_its_twin(team: TeamSpec, offset: int, data: st.DataObject) -> None:
    start = MONDAY + offset * dt.timedelta(minutes=15)
    made, twin = roster(team, weeks=2, start=start), Twin(team, start)
    asked = data.draw(st.lists(quarters(0, 2 * 672 - 1), min_size=20, max_size=40))
    for agent in range(len(made.team)):
        mine, off = made.agent == agent, made.away_agent == agent
        for instant in asked:
            at_work = mine & (made.start <= instant) & (instant < made.end)
            paused = off & (made.away_start <= instant) & (instant < made.away_end)
            where = "work" if at_work.any() else "break" if paused.any() else "off"
            index = int(made.pace[at_work][0]) - 1 if at_work.any() else -1
            assert (where, index) == twin.at(agent, instant)
            assert at_work.sum() + paused.sum() <= 1
    assert ((made.start >= 0) & (made.end <= 2 * WEEK)).all()


def test_the_twin_notices_a_wrong_rule() -> None:
    """Negative control: of two duties at once, the later one wins."""

    class LaterWins(Twin):
        def duties(self, agent: int, instant: int) -> Iterator[tuple[int, int]]:
            return reversed(list(super().duties(agent, instant)))

    hours = ((20 * HOUR, 30 * HOUR), (28 * HOUR, 36 * HOUR))
    one = Piecewise.constant(1)
    team = TeamSpec("desk", one, shifts=(ShiftSpec("night", hours, breaks=(Break(0, HOUR),)),))
    made = roster(team)
    assert windows(made) == [(21, 30), (30, 36)]
    assert Twin(team, MONDAY).at(0, 28 * HOUR) == ("work", 0)
    assert LaterWins(team, MONDAY).at(0, 28 * HOUR) == ("break", -1)


# --- Capacity (R49) ---------------------------------------------------------------------------------------------------


def test_capacity_by_hand() -> None:
    both: Serves = ("mentions.respond", "mentions.check")
    shifts = (
        shift("day", 9, 17, serves=both, pace=2.0, weight=2),
        shift("senior", 9, 11, serves=("mentions.check",), weight=1),
    )
    world = desk(TeamSpec("desk", 3, serves=both, shifts=shifts, slots=2, slot_pace=1.25))
    edges = np.array([0, 10, 12, 20, 24]) * HOUR
    made = capacity(compile_roster(world), rankings=len(world.desk.rankings), edges=edges)
    assert (made.on_duty / HOUR).tolist() == [[4, 8, 20, 0], [2, 2, 0, 0]]
    assert made.net / HOUR == pytest.approx(np.array([[4 / 2.5, 8 / 2.5, 20 / 2.5, 0], [2 / 1.25, 2 / 1.25, 0, 0]]))
    assert (made.net[:, 3] == 0).all()
    assert rankings_serving(world.desk, [0]) == (0,)
    assert rankings_serving(world.desk, [1]) == (0, 1)


@given(
    st.lists(
        st.tuples(st.integers(-50, 150), st.integers(1, 80), st.integers(0, 2), st.integers(1, 4)),
        min_size=1,
        max_size=9,
    ),
    st.lists(st.integers(0, 100), min_size=2, max_size=8, unique=True),
)
def test_overlap_sums_equal_a_count_of_ticks(rows: list[tuple[int, int, int, int]], edges: list[int]) -> None:
    start, length, group, weight = np.array(rows).T
    edges = sorted(edges)
    total = time_in_buckets(start, start + length, Buckets(np.array(edges)), group=group, groups=3, weight=weight)
    counted = [
        [
            sum(w * sum(s <= tick < s + n for tick in range(low, high)) for s, n, g, w in rows if g == one)
            for low, high in pairwise(edges)
        ]
        for one in range(3)
    ]
    assert total.tolist() == counted
