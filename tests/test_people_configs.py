"""Absence, leave, meetings, duties and calls in configs: what is read, refused, simulated, measured and checked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from configs_in_short import faults, resolved

import simsocial as ss
from simsocial.config.document import Document
from simsocial.config.loading import normalised, parse
from simsocial.draw.messages import draw_messages
from simsocial.draw.roster import RosterPlan, compile_roster
from simsocial.engines.reference import simulate
from simsocial.measure.behind.lateness import lateness
from simsocial.measure.behind.stages import stages
from simsocial.measure.fluid import forecast
from simsocial.measure.tally import buckets, tally
from simsocial.model.away import Absence, Leave, Meeting, OnCall, OtherDuty
from simsocial.model.capacity import time_in_buckets
from simsocial.model.scenario import Scenario
from simsocial.simulation.replication import replications, run_replication
from simsocial.study.check import Concern, check
from simsocial.study.verify import verify
from simsocial.units import DAY, HOUR, WEEK

OFFICE = """
time.horizon = "6 weeks"
time.interval = "1 week"
[calendars.office]
hours = "Mon-Fri 09:00-17:00"
[streams.m]
arrivals = { rate = "60 / day", profile = "office" }
steps.respond.work = { law = "lognormal", mean = "20 min", cv = 1.0 }
[streams.m.promises]
completion = { within = "2 h", share = 0.8, clock = "office" }
[teams.desk]
headcount = 5
shifts.all = "-"
shifts.day = { days = "Mon-Fri", hours = "09:00-17:00", break = { after = "3 h", length = "30 min" } }
"""
EVERYTHING = """
[teams.desk]
quality = 1.2
pace = 1.1
absence = { share = 0.1, spell = "3 days" }
leave = { days = "60 days / year", at_once = 2, season = [2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1] }
meetings.weekly = "Mon 09:30-10:00"
meetings.monthly = { hours = "Wed 14:00-15:00", weeks = "1 of 4" }
other_duties.posts = { hours = "Tue-Thu 10:00-11:00", groups = 3 }
on_call.weekend = "Sat-Sun 10:00-14:00"
on_call.cover = { hours = "Mon-Fri 17:00-19:00", agents = 2, called = "for the absent" }
"""


def test_what_is_written_is_what_is_known() -> None:
    team = resolved(OFFICE, EVERYTHING).teams[0]
    assert team.absence == Absence(0.1, 3.0)
    assert team.leave == Leave(60.0, (2.0, 2.0, *(1.0,) * 10), 2, by_weeks=True)
    monday = (9 * HOUR + HOUR // 2, 10 * HOUR)
    assert team.meetings == (
        Meeting("weekly", (monday,)),
        Meeting("monthly", ((2 * DAY + 14 * HOUR, 2 * DAY + 15 * HOUR),), (1,), 4),
    )
    slots = tuple((day * DAY + 10 * HOUR, day * DAY + 11 * HOUR) for day in (1, 2, 3))
    assert team.other_duties == (OtherDuty("posts", slots, 3),)
    weekend, cover = team.on_call
    assert weekend == OnCall("weekend", weekend.hours, 0, 1, False, 1.1, 1.2)
    assert (cover.agents, cover.for_the_absent, len(cover.hours)) == (2, True, 5)


def test_short_forms() -> None:
    lines = ["absence = 0.06", 'leave = "25 days / year"', 'other_duties.posts = "Mon-Fri 10:00-11:00"']
    team = resolved(*(f"teams.desk.{line}" for line in lines)).teams[0]
    assert team.absence == Absence(0.06, 1 / 0.94)
    assert team.leave == Leave(25.0)
    assert team.other_duties[0].groups == 5
    assert resolved('teams.desk.leave = { days = "1.5 day / year", taken_in = "days" }').teams[0].leave == Leave(
        1.5, by_weeks=False
    )


def test_what_has_a_name_may_be_set_in_its_short_form_where_there_was_none() -> None:
    """R59: a whole meeting is told by its hours alone; a headcount is not a whole team."""
    quickstart = Path(__file__).parents[1] / "configs" / "quickstart.toml"
    scenario = ss.load(quickstart, overrides=["teams.desk.meetings.week='Mon 10:00-10:30'"])
    assert [meeting.name for meeting in scenario.teams[0].meetings] == ["week"]
    with pytest.raises(ss.InputError, match="no such table 'dsk'; did you mean 'desk'"):
        ss.load(quickstart, overrides=["teams.dsk=1"])


def test_a_call_serves_what_the_team_does_even_where_no_shift_does() -> None:
    serves = """
    [teams.desk]
    serves = ["m.respond"]
    shifts.all.serves = [["m.respond"]]
    on_call.weekend = "Sat 10:00-14:00"
    """
    scenario = resolved(serves)
    assert scenario.teams[0].on_call[0].ranking == 0
    assert scenario.teams[0].shifts[0].ranking in (0, 1)


def test_the_normal_form_says_the_same() -> None:
    origin = resolved(OFFICE, EVERYTHING).origin
    assert origin is not None
    again = parse(origin.config)
    assert again.teams[0].leave == resolved(OFFICE, EVERYTHING).teams[0].leave
    assert normalised(Document.model_validate(origin.config)) == origin.config


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("absence = 1.2", "absence: write a share between 0 and 1, such as 0.4 (got 1.2)"),
        ("absence = 1", "absence: nobody would ever work; write less than 1"),
        (
            'absence = { share = 0.2, spell = "1 day" }',
            "absence.spell: shorter than by chance, which is 1.25 days at this share; write more, or leave it out",
        ),
        (
            "absence = { share = 0.2, spell = 3 }",
            'absence.spell: a length of time needs its unit: write "3 min", not 3',
        ),
        ('leave = "25 days"', 'leave: write days per year, such as "25 days / year" (got "25 days")'),
        (
            'leave = "400 days / year"',
            'leave: a year has at most 366 days (got "400 days / year")',
        ),
        (
            'leave = { days = "25 days / year", season = [1, 2] }',
            "leave.season: write 12 monthly weights, not all 0 (got 2)",
        ),
        (
            'leave = { days = "25 days / year", taken_in = "months" }',
            'leave.taken_in: write one of "weeks", "days" (got "months")',
        ),
        (
            'other_duties.posts = { hours = "Mon 10:00-11:00", groups = 2 }',
            "other_duties.posts.groups: more groups than slots, so some would never go; write at most 1",
        ),
        (
            'other_duties = { a = "Mon 10:00-11:00", b = "Mon 10:30-12:00" }',
            "other_duties.b: overlaps the hours of a, but at most one group may be away at a time",
        ),
        (
            'on_call = { a = "Sun 22:00-02:00", b = "Mon 01:00-03:00" }',
            "on_call.b: overlaps the hours of a, but nobody can be called in twice at a time; write other hours",
        ),
        ('meetings.m = "Monday"', "meetings.m: there is no weekday 'Monday'; known: Mon, Tue, Wed, Thu, Fri, Sat, Sun"),
        ('other_duties = "4 h / week"', "other_duties: write a table"),
    ],
)
def test_what_does_not_fit_says_what_would(line: str, fault: str) -> None:
    (found,) = faults(f"teams.desk.{line}")
    assert found.startswith(f"teams.desk.{fault}")


# --- Runs -------------------------------------------------------------------------------------------------------------


def bytes_of(scenario: Scenario) -> list[bytes]:
    results = ss.run(scenario, replications=2)
    table = results.by_interval
    names = "".join(row.name for row in (*results.rows, *table.rows)).encode()
    return [names, results.numerators.tobytes(), results.denominators.tobytes(), table.value.tobytes()]


def test_nothing_of_it_is_as_if_it_were_not_written() -> None:
    nothing = """
    [teams.desk]
    absence = { share = 0, spell = "3 days" }
    leave = { days = "0 days / year", at_once = 1 }
    """
    assert bytes_of(resolved(OFFICE, nothing)) == bytes_of(resolved(OFFICE))
    assert bytes_of(resolved(OFFICE, "teams.desk.absence = 0.02")) != bytes_of(resolved(OFFICE))


def test_engines_agree_where_every_replication_has_its_own_roster() -> None:
    scenario = resolved(OFFICE, EVERYTHING)
    assert verify(scenario, replications=3).identical
    rosters = [run_replication(scenario, number=number).trace.roster for number in range(3)]
    assert len({roster.start.tobytes() for roster in rosters}) == 3


def test_replications_simulated_together_have_the_rosters_they_have_alone() -> None:
    scenario = resolved(OFFICE, EVERYTHING)
    together = ss.run(scenario, replications=9, engine="numpy", log=True).traces
    plan = RosterPlan.of(scenario)
    for number in (0, 8):
        roster = plan.draw(seed=1, replication=number)
        assert np.array_equal(together[number].roster.start, roster.start)
        alone = simulate(scenario.desk, draw_messages(scenario, seed=1, replication=number), roster)
        assert np.array_equal(together[number].log.visits.start, alone.visits.start)


def test_every_paid_hour_of_every_week_is_told_in_exactly_one_category() -> None:
    scenario = resolved(OFFICE, EVERYTHING, 'teams.desk.on_call = "-"')
    bare, kinds = compile_roster(resolved(OFFICE)), buckets(scenario)
    nobody = np.zeros(1, np.int64)
    paid = sum(
        time_in_buckets(start, end, kinds, group=nobody.repeat(len(start)), groups=1)
        for start, end in ((bare.start, bare.end), (bare.away_start, bare.away_end))
    )
    for number in range(3):
        trace = run_replication(scenario, number=number).trace
        times = tally(scenario, trace.given, trace.roster, trace.log, kinds).teams
        away = (times.on_break, times.in_meetings, times.at_other_duties, times.on_leave, times.absent)
        inside = slice(0, -1)  # the last bucket is the tick after the horizon (R8)
        assert np.array_equal((times.duty_agents + sum(away))[:, inside], np.asarray(paid)[:, inside])
        assert all(each.sum() > 0 for each in away)


def test_measures_of_a_week_by_hand() -> None:
    """Five agents, 40 h with five half-hour breaks each; the meeting takes half an hour, the duty an hour of each."""
    quiet = 'teams.desk.meetings.weekly = "Mon 09:30-10:00"\nteams.desk.other_duties.posts = "Mon-Fri 10:00-11:00"'
    results = ss.run(resolved(OFFICE, quiet, 'time.horizon = "1 week"'), replications=2)
    value = {row.measure: estimate.value for row, estimate in zip(results.rows, results.estimates, strict=True)}
    assert value["paid"] == 5 * 40
    assert (value["on_break"], value["in_meetings"], value["at_other_duties"]) == (12.5, 2.5, 5)
    assert (value["on_leave"], value["absent"], value["absent_share"]) == (0, 0, 0)
    assert value["shrinkage"] == pytest.approx(20 / 200)
    assert value["in_meetings_share"] == pytest.approx(2.5 / 200)
    assert value["working"] + value["idle"] == pytest.approx(180)


def test_lateness_is_judged_by_the_people_who_turned_out_to_be_there() -> None:
    """R84: who is absent from now on is missing from what can be done until the next checkpoint."""
    scenario = resolved(
        OFFICE,
        'teams.desk.absence = { share = 0.3, spell = "4 days" }',
        'streams.m = { arrivals.rate = "50 / day", promises.completion.within = "40 h" }',
    )
    results = ss.run(scenario, replications=4, engine="numpy")
    several = next(replications(scenario, seed=1, engine="numpy", planned=4))
    arguments = scenario, stages(scenario), several.tallies
    (late,) = lateness(*arguments, several.rosters)
    (as_planned,) = lateness(*arguments, [RosterPlan.of(scenario).planned] * 4)
    assert np.array_equal([of_stage.late for (of_stage,) in results.paths], late)
    assert not (as_planned & ~late).any()
    assert (late & ~as_planned).any(), "else the test shows nothing"


# --- Check ------------------------------------------------------------------------------------------------------------


def test_check_tells_what_paid_time_is_spent_on() -> None:
    """200 h a week, 10 % of it absent: of 12.5 h of breaks, 2.5 of meetings and 5 of duties 90 % stay."""
    away = """
    [teams.desk]
    absence = 0.1
    meetings.weekly = "Mon 09:30-10:00"
    other_duties.posts = "Mon-Fri 10:00-11:00"
    """
    found = check(resolved(OFFICE, away))
    (told,) = found.shrinkage
    assert (told.breaks, told.meetings, told.other_duties) == pytest.approx((11.25, 2.25, 4.5))
    assert (told.on_duty, told.leave, told.absent, told.paid) == pytest.approx((162, 0, 20, 200))
    assert told.share == pytest.approx(38 / 200)
    assert found.teams[0].capacity_hours == pytest.approx(162)
    leave = check(resolved(OFFICE, away, 'teams.desk.leave = "365 days / year"')).shrinkage[0]
    assert leave.absent == pytest.approx(0.1 * (200 - leave.leave))
    assert leave.paid == pytest.approx(200)


def test_expected_capacity_is_the_mean_of_the_replications() -> None:
    """R84: the forecast leaves out what is missed at random; 400 rosters agree within chance."""
    scenario = resolved(OFFICE, "teams.desk.absence = { share = 0.2, spell = '4 days' }")
    plan = RosterPlan.of(scenario)
    expected = forecast(scenario, plan.planned).teams[0].capacity.sum()
    hours = [
        (roster.end.clip(max=6 * WEEK) - roster.start.clip(max=6 * WEEK)).sum()
        for roster in (plan.draw(seed=1, replication=number) for number in range(400))
    ]
    assert abs(np.mean(hours) - expected) <= 4.5 * np.std(hours, ddof=1) / 20


def test_check_points_at_leave_that_cannot_be_taken() -> None:
    lines = "teams.desk.leave = { days = '25 days / year', at_once = 1 }", 'time.horizon = "52 weeks"'
    few = [remark for remark in check(resolved(OFFICE, *lines)).remarks if remark.concern is Concern.LEAVE_OWED]
    assert few == []
    many = check(resolved(OFFICE, *lines, "teams.desk.headcount = 20")).remarks
    ((where, text),) = [(remark.where, remark.text) for remark in many if remark.concern is Concern.LEAVE_OWED]
    assert where == "desk"
    assert text.endswith("are owed to one agent in the end: more than can be taken with at most 1 away at once")
