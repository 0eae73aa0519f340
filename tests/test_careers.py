"""Hiring, classes, ramps, leaving, certificates and continuing education against hand-worked calendars (R92-R98)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import numpy as np
from builders import MONDAY, ShiftSpec, StepSpec, StreamSpec, TeamSpec, at, scenario

from simsocial.draw.people.turnover import VETERAN
from simsocial.draw.roster import RosterPlan
from simsocial.model.away import Away, OnCall
from simsocial.model.careers import Career, Hire, Leaving, Path, Stage
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
        if whose == agent and end > begin and stage != Stage.CERTIFIED
    ]


def office_days(*weeks: int) -> list[int]:
    return [7 * week + day for week in weeks for day in range(5)]


# --- Classes and the path (R94, R95) ----------------------------------------------------------------------------------


def test_who_is_new_goes_through_class_nesting_and_ramp() -> None:
    """Hired for week 1: class in week 1, nesting in 2, the ramp in 3, full from 4 on; a trainer is off the desk in 1."""
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
    """The hazard is such that 1/2 leave within 10 dates. Generation 0 leaves after 20 dates (u = 3/4) and is replaced
    after 5; generation 1 leaves after 5 dates (u = 1 − 1/√2) of its class of 7, generation 2 comes 5 later and stays."""
    leaving = Leaving((0,), (hazard(0.5, 10),), replaced_after=5)
    people = turnover(Career(path=CLASS, leaving=leaving), {0: 0.75 - 1e-9, 1: 1 - 0.5**0.5 - 1e-9, 2: 1 - 1e-300})
    assert people[0] == (0, -VETERAN, -VETERAN, 20)
    assert people[1:3] == [(0, 25, 25, 30), (0, 35, 35, 35 + 530)] or people[1] == (0, 25, 25, 30)
