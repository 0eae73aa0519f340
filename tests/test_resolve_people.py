"""Teams, time and run of a config against the scenario they describe, by hand."""

from __future__ import annotations

import datetime as dt

import pytest
from configs_in_short import resolved

from simsocial.model.scenario import Precision
from simsocial.units import DAY, HOUR, MINUTE, WEEK

OFFICE = 'calendars.office = { hours = "Mon-Fri 09:00-17:00", holidays = [2026-01-08] }'


def test_headcount_changes_take_effect_at_their_instant() -> None:
    """Sets come before what is added on the same date; what was changed before the start holds at the start."""
    changes = """
    [teams.desk.changes]
    leaves = { date = 2026-01-19, add = -1 }
    before = { date = 2025-06-01, add = 3 }
    doubled = { date = 2026-01-12, add = 2 }
    reset = { date = 2026-01-12T00:00:00, headcount = 4 }
    noon = { date = 2026-01-20T12:00:00, headcount = 0 }
    """
    headcount = resolved(changes).teams[0].headcount
    assert headcount.breaks.tolist() == [0, WEEK, 2 * WEEK, 2 * WEEK + 36 * HOUR]
    assert headcount.values.tolist() == [5, 6, 5, 0]


def test_shifts_take_from_their_team_what_they_do_not_say() -> None:
    shifts = """
    [teams.desk]
    pace = 1.2
    quality = 0.8
    holidays = "office"
    concurrency = { slots = 3, attention = 0.5, switch_loss = 0.1 }
    [teams.desk.shifts]
    all = "-"
    early = { days = "Mon, Wed", hours = "08:00-12:00, 13:00-16:30", share = 0.25, weeks = "1, 3 of 4" }
    night = { days = "Sun", hours = "22:00-06:00", share = 0.75, pace = 2, quality = 0 }
    """
    team = resolved(OFFICE, shifts).teams[0]
    early, night = team.shifts
    assert early.hours == (
        (8 * HOUR, 12 * HOUR),
        (13 * HOUR, 16 * HOUR + 30 * MINUTE),
        (2 * DAY + 8 * HOUR, 2 * DAY + 12 * HOUR),
        (2 * DAY + 13 * HOUR, 2 * DAY + 16 * HOUR + 30 * MINUTE),
    )
    assert night.hours == ((6 * DAY + 22 * HOUR, 7 * DAY + 6 * HOUR),)
    assert [(s.weight, s.pace, s.quality, s.weeks, s.cycle) for s in team.shifts] == [
        (0.25, 1.2, 0.8, (1, 3), 4),
        (0.75, 2, 0, (1,), 1),
    ]
    assert team.days_off == {dt.date(2026, 1, 8)}
    assert team.slots == 3
    assert team.slot_pace == pytest.approx(1.5 * 1.2)  # R35: max(1, 3 × 0.5) × (1 + 0.1 × 2)


def test_a_shift_may_be_a_whole_weekly_pattern() -> None:
    hours = 'teams.desk.shifts.all.hours = ["Mon-Tue 08:00-16:30", "Fri 08:00-14:00"]'
    assert resolved(hours).teams[0].shifts[0].hours == (
        (8 * HOUR, 16 * HOUR + 30 * MINUTE),
        (DAY + 8 * HOUR, DAY + 16 * HOUR + 30 * MINUTE),
        (4 * DAY + 8 * HOUR, 4 * DAY + 14 * HOUR),
    )


def test_rotation_is_in_the_order_given() -> None:
    shifts = """
    [teams.desk]
    rotate = ["late", "early"]
    shifts = { early.hours = "Mon 08:00-16:00", all.hours = "Tue 08:00-09:00", late.hours = "Mon 12:00-20:00" }
    """
    team = resolved(shifts).teams[0]
    assert [shift.name for shift in team.shifts] == ["all", "early", "late"]
    assert team.rotate == (2, 1)


def test_run_settings() -> None:
    run = resolved(
        "run = { seed = 7, replications = 40, falls_behind.persistence = 3, confidence = 0.9, full_week = '37.5 h' }"
    ).run
    assert (run.seed, run.replications, run.precision, run.persistence, run.confidence) == (7, 40, None, 3, 0.9)
    assert run.full_week == 37.5 * HOUR
    of = '{ min = 50, max = 900, precision = "2 %", of = "m.respond.wait_mean" }'
    run = resolved(f"run.replications = {of}").run
    assert (run.replications, run.precision) == (900, Precision("m.respond.wait_mean", 0.02, 50, 900))


def test_time() -> None:
    scenario = resolved('time = { start = 2026-01-07T09:30:00, interval = "1 h", warmup = "1 week" }')
    assert (scenario.start, scenario.horizon) == (dt.datetime(2026, 1, 7, 9, 30), 4 * WEEK)
    assert (scenario.interval, scenario.warmup) == (HOUR, WEEK)
