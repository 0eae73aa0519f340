"""What takes people off the desk in rotas: in rows of the file, and on top of them (R46, R68, R69, R78–R83)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from configs_in_short import resolved

import simsocial as ss
from simsocial.draw.people.absence import draw_absence
from simsocial.draw.randomness import Dice, Kind
from simsocial.draw.roster import RosterPlan
from simsocial.model.away import Absence, Away
from simsocial.model.roster import Roster
from simsocial.model.scenario import Scenario
from simsocial.units import DAY, HOUR

MONDAY = dt.datetime(2026, 1, 5)
COLUMNS = ("agent", "start", "end", "pace", "quality", "serves", "away_agent", "away_start", "away_end", "away_why")
NO_SHIFTS = 'teams.desk = { headcount = "-", shifts = "-" }'
Row = tuple[str, float, float, str]
"""Agent, hours since the start, activity."""

DAY_OF_ALL: tuple[Row, ...] = (
    ("Ann", 8, 10, "on duty"),
    ("Ann", 10, 10.5, "meeting"),
    ("Ann", 10.5, 12, "on duty"),
    ("Ann", 12, 12.5, "break"),
    ("Ann", 12.5, 14, "other duty"),
    ("Ann", 14, 17, "on duty"),
    ("Bob", 8, 16, "leave"),
    ("Eva", 8, 11, "on duty"),
    ("Eva", 11, 15, "absent"),
    ("Eva", 15, 18, "off"),
)
"""9.5 hours on duty, 0.5 in a meeting, 0.5 of break, 1.5 at another duty, 8 of leave, 4 of absence: 24 are paid."""


def by_rota(folder: Path, rows: Iterable[Row], *changes: str) -> Scenario:
    when = [
        (who, *(MONDAY + dt.timedelta(hours=hour) for hour in (start, end)), what) for who, start, end, what in rows
    ]
    lines = ["agent,start,end,activity", *(",".join(map(str, row)) for row in when)]
    (folder / "rota.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return resolved(NO_SHIFTS, 'teams.desk.rota = "rota.csv"', *changes, base=folder)


def away(roster: Roster, why: Away, agent: int = 0) -> list[tuple[float, float]]:
    mine = (roster.away_agent == agent) & (roster.away_why == why)
    return [(s / HOUR, e / HOUR) for s, e in zip(roster.away_start[mine], roster.away_end[mine], strict=True)]


def windows(roster: Roster, agent: int = 0) -> list[tuple[float, float]]:
    mine = roster.agent == agent
    return [(s / HOUR, e / HOUR) for s, e in zip(roster.start[mine], roster.end[mine], strict=True)]


def same(one: Roster, other: Roster) -> bool:
    return all(getattr(one, name).tobytes() == getattr(other, name).tobytes() for name in COLUMNS)


def paid(roster: Roster) -> list[tuple[int, int, int]]:
    """All paid time in order: (agent, start, end)."""
    columns = zip(
        (*roster.agent, *roster.away_agent),
        (*roster.start, *roster.away_start),
        (*roster.end, *roster.away_end),
        strict=True,
    )
    return sorted((int(agent), int(start), int(end)) for agent, start, end in columns)


def touching(stretches: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Join stretches of an agent that touch; those that overlap are a fault of the account."""
    joined: list[tuple[int, int, int]] = []
    for agent, start, end in stretches:
        if joined and joined[-1][0] == agent and joined[-1][2] >= start:
            assert joined[-1][2] == start, "paid twice"
            joined[-1] = (agent, joined[-1][1], end)
        else:
            joined.append((agent, start, end))
    return joined


# ---- rows of the file ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["simpy", "numpy"])
def test_every_activity_is_told_in_its_category(tmp_path: Path, engine: str) -> None:
    scenario = by_rota(tmp_path, DAY_OF_ALL)
    summary = ss.run(scenario, replications=2, engine=engine).summary()
    told = summary[summary["team"].eq("desk") & summary["step"].eq("")].set_index("measure")["value"].to_dict()
    expected = {"on_break": 0.5, "in_meetings": 0.5, "at_other_duties": 1.5, "on_leave": 8, "absent": 4, "paid": 24}
    assert {name: told[name] for name in expected} == expected
    assert told["shrinkage"] == pytest.approx(14.5 / 24, rel=1e-12)


def test_check_tells_the_planned_shrinkage_of_a_rota(tmp_path: Path) -> None:
    (found,) = (each for each in ss.check(by_rota(tmp_path, DAY_OF_ALL)).shrinkage if each.team == "desk")
    parts = (found.on_duty, found.breaks, found.meetings, found.other_duties, found.leave, found.absent)
    ratio = found.paid / 24
    assert [part / ratio for part in parts] == pytest.approx([9.5, 0.5, 0.5, 1.5, 8, 4], rel=1e-12)


def test_a_rota_of_duty_and_breaks_has_no_categories_of_its_own(tmp_path: Path) -> None:
    """Negative control: the categories are told because of the rows."""
    plain = by_rota(tmp_path, [row for row in DAY_OF_ALL if row[3] in ("on duty", "break")])
    assert not plain.teams[0].has_time_away
    assert by_rota(tmp_path, DAY_OF_ALL).teams[0].has_time_away


# ---- on top of the file ----------------------------------------------------------------------------------------------


def test_meetings_and_duties_take_only_time_on_duty(tmp_path: Path) -> None:
    """A meeting from 9 to 13: Ann's break and her meeting at 10 stay; the other duty takes agent 1 of two groups."""
    on_top = (
        'teams.desk.meetings.long = "Mon 09:00-13:00"',
        'teams.desk.other_duties.posts = "Mon 14:00-15:00, Tue 09:00-10:00"',
    )
    roster = RosterPlan.of(by_rota(tmp_path, DAY_OF_ALL, *on_top)).planned
    assert windows(roster) == [(8, 9), (15, 17)]
    assert away(roster, Away.MEETING) == [(9, 10), (10, 10.5), (10.5, 12)]
    assert away(roster, Away.BREAK) == [(12, 12.5)]
    assert away(roster, Away.OTHER_DUTY) == [(12.5, 14), (14, 15)]
    assert away(roster, Away.MEETING, 2) == [(9, 11)]
    assert away(roster, Away.ABSENT, 2) == [(11, 15)]
    assert away(roster, Away.OTHER_DUTY, 1) == []


def test_every_paid_hour_is_in_exactly_one_category(tmp_path: Path) -> None:
    rows = [(who, start + 24 * day, end + 24 * day, what) for day in range(14) for who, start, end, what in DAY_OF_ALL]
    on_top = (
        "teams.desk.absence = { share = 0.4, spell = '2 days' }",
        'teams.desk.meetings.long = "Mon 09:00-13:00"',
        'teams.desk.other_duties.posts = "Mon-Fri 14:00-15:00"',
    )
    bare = touching(paid(RosterPlan.of(by_rota(tmp_path, rows)).planned))
    plan = RosterPlan.of(by_rota(tmp_path, rows, *on_top))
    drawn = [plan.draw(seed=5, replication=number) for number in range(20)]
    assert all(touching(paid(roster)) == bare for roster in drawn)
    assert len({roster.start.tobytes() for roster in drawn}) > 10, "somebody else is absent each time"
    assert all(away(roster, Away.LEAVE, 1) == [(24 * day + 8, 24 * day + 16) for day in range(14)] for roster in drawn)


def test_the_account_notices_what_is_paid_twice() -> None:
    """Negative control of the comparison above."""
    with pytest.raises(AssertionError, match="paid twice"):
        touching([(0, 8, 10), (0, 9, 12)])


def test_a_rota_that_says_what_shifts_say_is_drawn_as_they_are(tmp_path: Path) -> None:
    """Two weeks of 09:00-17:00 with a break at noon, by rows and by shifts, with all that comes on top."""
    stretches = ((9, 12, "on duty"), (12, 12.5, "break"), (12.5, 17, "on duty"))
    rows = [
        (who, 168 * week + 24 * day + start, 168 * week + 24 * day + end, what)
        for who in ("Ann", "Bob", "Eva")
        for week in range(9)
        for day in range(5)
        for start, end, what in stretches
    ]
    on_top = (
        'teams.desk.absence = { share = 0.3, spell = "3 days" }',
        'teams.desk.meetings.weekly = { hours = "Mon 11:30-12:15", weeks = "1 of 2" }',
        'teams.desk.other_duties.posts = "Tue 10:00-11:00, Thu 16:00-18:00"',
    )
    shift = '{ days = "Mon-Fri", hours = "09:00-17:00", break = { after = "3 h", length = "30 min" } }'
    by_name = RosterPlan.of(by_rota(tmp_path, rows, *on_top), until=8 * 7 * DAY)
    shifts = RosterPlan.of(
        resolved("teams.desk.headcount = 3", f"teams.desk.shifts = {{ all = {shift} }}", *on_top), until=8 * 7 * DAY
    )
    for number in range(3):
        one, other = (plan.draw(seed=11, replication=number) for plan in (by_name, shifts))
        assert same(one, other)
        assert not same(one, by_name.planned)


def test_who_is_absent_misses_the_shift_that_began_on_the_date_also_after_midnight(tmp_path: Path) -> None:
    """Nights of three rows belong to the date on which they begin."""
    rows = [
        ("Ann", 24 * day + start, 24 * day + end, what)
        for day in range(10)
        for start, end, what in ((22, 25, "on duty"), (25, 25.5, "break"), (25.5, 30, "on duty"))
    ]
    absence = Absence(0.4, 2.0)
    plan = RosterPlan.of(by_rota(tmp_path, rows, 'teams.desk.absence = { share = 0.4, spell = "2 days" }'))
    roster = plan.draw(seed=1, replication=3)
    absent = draw_absence(absence, Dice(1, 3)("desk", Kind.ABSENCE), agents=1, weeks=4)[0]
    missed = [day for day in range(10) if absent[7 + day]]
    assert away(roster, Away.ABSENT) == [(24 * day + 22, 24 * day + 30) for day in missed]
    assert [start for start, _ in windows(roster)] == [
        24 * day + hour for day in range(10) if day not in missed for hour in (22, 25.5)
    ]
    assert 0 < len(missed) < 10


def test_what_lasts_for_days_is_a_shift_on_each_date(tmp_path: Path) -> None:
    """A row of four days and one that touches it: whole dates are missed, and nothing else changes."""
    rows = [("Ann", 12, 108, "on duty"), ("Ann", 108, 110, "on duty")]
    plan = RosterPlan.of(by_rota(tmp_path, rows, "teams.desk.absence = 0.5"))
    assert windows(plan.planned) == [(12, 24), (24, 48), (48, 72), (72, 96), (96, 108), (108, 110)]
    begins, ends = (12, 24, 48, 72, 96), (24, 48, 72, 96, 110)
    seen = set()
    for number in range(20):
        absent = draw_absence(Absence(0.5, 2.0), Dice(1, number)("desk", Kind.ABSENCE), agents=1, weeks=4)[0]
        missed = [day for day in range(5) if absent[7 + day]]
        assert away(plan.draw(seed=1, replication=number), Away.ABSENT) == [(begins[day], ends[day]) for day in missed]
        seen.add(len(missed))
    assert len(seen) > 3


def test_required_headcounts_are_thinned_by_absence_too(tmp_path: Path) -> None:
    (tmp_path / "heads.csv").write_text("start,headcount\n2026-01-05 00:00,2\n2026-01-06 00:00,1\n", encoding="utf-8")
    by_file = 'teams.desk.headcount_by_interval = "heads.csv"'
    scenario = resolved(NO_SHIFTS, by_file, "teams.desk.absence = 0.5", base=tmp_path)
    plan = RosterPlan.of(scenario)
    for number in range(10):
        absent = draw_absence(Absence(0.5, 2.0), Dice(0, number)("desk", Kind.ABSENCE), agents=2, weeks=4)[:, 7:9]
        roster = plan.draw(seed=0, replication=number)
        assert int((roster.end - roster.start).sum()) == DAY * (3 - absent[0].sum() - absent[1, 0])


def test_both_engines_tell_the_same_of_a_rota_with_all_that_takes_people_away(tmp_path: Path) -> None:
    rows = [(who, start + 24 * day, end + 24 * day, what) for day in range(7) for who, start, end, what in DAY_OF_ALL]
    on_top = ("teams.desk.absence = 0.2", 'teams.desk.meetings.weekly = "Mon 09:00-09:30"')
    scenario = by_rota(tmp_path, rows, *on_top)
    assert ss.verify(scenario, replications=3).difference is None
    reasons = set(Away) - {Away.TRAINING, Away.TEACHING, Away.OUTAGE}  # which no row of a rota can say
    assert set(np.unique(RosterPlan.of(scenario).planned.away_why).tolist()) == reasons
