"""What careers, outages and dips do to one team together: each as if alone (R94, R98, R104, R109)."""

from __future__ import annotations

import numpy as np
from configs_in_short import resolved

from simsocial.draw.roster import compile_roster
from simsocial.model.away import Away
from simsocial.model.roster import STAGES, Roster
from simsocial.model.scenario import Scenario
from simsocial.study.verify import verify
from simsocial.units import DAY, HOUR

CAREERS = """
time.horizon = "6 weeks"
[teams.desk]
headcount = 3
leaving = { rate = "90 % / year", replaced_after = "1 week" }
shifts.all = "-"
shifts.day = { days = "Mon-Fri", hours = "09:00-17:00" }
hiring.new = { date = 2026-01-05, count = 1 }
training.class = "1 week"
training.ramp = { shape = "linear", pace = 2.0, length = "2 weeks" }
"""
OUTAGE = 'outages.tool = { at = 2026-01-06T15:00:00, length = "6 days", teams = ["desk"] }'
DIP = 'teams.desk.dips.tool = { date = 2026-01-13, pace = 1.5, recovers_in = "1 day" }'


def pace_on(world: Scenario, agent: int, date: int) -> float:
    roster = compile_roster(world)
    (row,) = np.flatnonzero((roster.agent == agent) & (roster.start // DAY == date))
    return float(roster.pace[row])


def hours(roster: Roster, agent: int, why: Away) -> float:
    mine = (roster.away_agent == agent) & (roster.away_why == why)
    return float((roster.away_end - roster.away_start)[mine].sum() / HOUR)


def test_an_outage_leaves_stages_and_classes_alone() -> None:
    """From Tuesday 15:00 to Monday 15:00: 2 + 3 · 8 + 6 hours of duty; who is in class that week loses Monday's."""
    without, outage = compile_roster(resolved(CAREERS)), compile_roster(resolved(CAREERS, OUTAGE))
    for name in STAGES:
        assert len(getattr(outage, name)) > 0
        assert np.array_equal(getattr(outage, name), getattr(without, name))
    assert (hours(outage, 0, Away.OUTAGE), hours(outage, 3, Away.OUTAGE)) == (32, 6)
    assert hours(outage, 3, Away.TRAINING) == hours(without, 3, Away.TRAINING) == 40


def test_a_dip_multiplies_the_pace_of_the_ramp() -> None:
    """The new one is in the first of two weeks of a ramp from 2 to 1 on the date of the dip: 1.75 · 1.5."""
    without, dip = resolved(CAREERS), resolved(CAREERS, DIP)
    assert (pace_on(without, 0, 8), pace_on(without, 3, 8)) == (1, 1.75)
    assert (pace_on(dip, 0, 8), pace_on(dip, 3, 8)) == (1.5, 1.75 * 1.5)


def test_both_engines_tell_the_same_of_all_of_them() -> None:
    at_random = 'outages.cloud = { every = "3 days", length = "4 h", teams = ["desk"] }'
    assert verify(resolved(CAREERS, OUTAGE, DIP, at_random), replications=3).identical
