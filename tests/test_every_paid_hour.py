"""Every paid hour in exactly one category, for every agent and date, while all that moves people happens (R46, R83)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from configs_in_short import resolved
from hypothesis import given, settings
from hypothesis import strategies as st

from simsocial.model.away import Away
from simsocial.model.careers import Stage
from simsocial.model.roster import Roster
from simsocial.model.scenario import Scenario
from simsocial.simulation.replication import Replication, run_replication
from simsocial.units import DAY, HOUR

Ticks = npt.NDArray[np.int64]
WEEKS = 12

ALL = """
time.horizon = "12 weeks"
time.interval = "1 week"
[adoption.staff]
population = 90
curve = "waves"
start = 20
waves.first = { date = 2026-01-19, employees = 30 }
waves.second = { date = 2026-02-16, employees = 40 }
classes = { size = 8, length = "8 h", trainers = 2 }
[outages.tool]
every = "9 days"
length = { law = "exponential", mean = "7 h" }
teams = ["desk"]
streams = ["m"]
[outages.care]
hours = "Fri 16:00-18:00"
weeks = "1 of 2"
teams = ["desk"]
[streams.m]
route = ["respond", "check"]
arrivals = { per_employee = "0.9 / day", of = "staff" }
steps.respond.work = { law = "lognormal", mean = "50 min", cv = 1.0 }
steps.check = { work = "10 min", when = "after publication", reject = 0.3, returns_to = "respond" }
[teams.desk]
headcount = 4
self_review = true
meetings.weekly = "Mon 09:30-10:00"
other_duties.posts = "Tue,Thu 10:00-11:00"
on_call.saturday = "Sat 10:00-12:00"
shifts.all = "-"
shifts.day = { days = "Mon-Fri", hours = "09:00-17:00", break = { after = "3 h", length = "45 min" } }
tenure = [{ share = 0.5, length = "3 weeks" }]
dips.rollout = { waves_of = "staff", pace = 1.4, recovers_in = "3 weeks" }
hiring.winter = { date = 2026-01-12, count = 2 }
hiring.spring = { date = 2026-02-09, headcount = 8, lead_time = "1 week" }
[teams.desk.training]
class_size = 3
trainers = "1 / 2"
nesting = { length = "1 week", pace = 1.8, quality = 3.0 }
ramp = { shape = "linear", pace = 1.5, quality = 2.0, length = "4 weeks" }
continuing = { hours = "2 h / month", group = 2, cover = 1 }
certification.check = { steps = ["m.check"], hours = "6 h", valid = "5 weeks", refresher = "2 h" }
"""


def world(*, class_weeks: int, leaving: int, lead: int, absence: float, leave: int) -> Scenario:
    return resolved(
        'streams.m.arrivals.rate = "-"',
        ALL,
        f'teams.desk.training.class = "{class_weeks} weeks"',
        f'teams.desk.leaving = {{ rate = "{leaving} % / year", replaced_after = "{lead} days" }}',
        f'teams.desk.absence = {absence}\nteams.desk.leave = "{leave} days / year"',
    )


def by_date(agents: int, agent: Ticks, start: Ticks, end: Ticks) -> Ticks:
    """How long stretches last on each date of each agent; none of them goes over midnight."""
    assert (start // DAY == (end - 1) // DAY).all()
    table = np.zeros((agents, 7 * WEEKS), np.int64)
    inside = (start >= 0) & (start < WEEKS * 7 * DAY)
    np.add.at(table, (agent[inside], start[inside] // DAY), (end - start)[inside])
    return table


def employed(roster: Roster) -> npt.NDArray[np.bool_]:
    """On which dates somebody sits in each seat."""
    there = np.zeros((len(roster.team), 7 * WEEKS), np.bool_)
    rows = (roster.stage >= Stage.IN_CLASS) & (roster.stage <= Stage.FULL)
    spans = np.stack([roster.stage_agent, roster.stage_start // DAY, roster.stage_end // DAY])[:, rows]
    for agent, first, last in spans.T.tolist():
        there[agent, max(first, 0) : max(last, 0)] = True
    return there


def is_paid_once(roster: Roster) -> bool:
    """Whether on each date that somebody sits in a seat its eight hours are covered once, and on no other."""
    agent = np.concatenate([roster.agent, roster.away_agent])
    start = np.concatenate([roster.start, roster.away_start])
    end = np.concatenate([roster.end, roster.away_end])
    order = np.lexsort((start, agent))
    agent, start, end = agent[order], start[order], end[order]
    office = start // DAY % 7 < 5
    alone = (start[1:] >= end[:-1]) | (agent[1:] != agent[:-1])
    inside = (start % DAY >= 9 * HOUR) & ((end - 1) % DAY < 17 * HOUR)
    total = by_date(len(roster.team), agent[office], start[office], end[office])
    weekday = np.arange(7 * WEEKS) % 7 < 5
    return bool(alone.all() and inside.all() and (total == 8 * HOUR * (employed(roster) & weekday)).all())


def at_work(made: Replication, roster: Roster) -> Ticks:
    """How long each agent worked inside his windows on each date, from the log of visits."""
    visits = made.trace.log.visits
    mine = (visits.agent >= 0) & (visits.start < made.scenario.horizon)
    begun, ended = visits.start[mine], np.minimum(visits.end[mine], made.scenario.horizon)
    table = np.zeros((len(roster.team), 7 * WEEKS), np.int64)
    for agent, start, end in zip(visits.agent[mine].tolist(), begun.tolist(), ended.tolist(), strict=True):
        windows = slice(*np.searchsorted(roster.agent, [agent, agent + 1]))
        overlap = np.minimum(roster.end[windows], end) - np.maximum(roster.start[windows], start)
        for place in np.flatnonzero(overlap > 0).tolist():
            table[agent, roster.start[windows][place] // DAY] += overlap[place]
    return table


@given(
    seed=st.integers(0, 99),
    class_weeks=st.integers(1, 3),
    leaving=st.sampled_from([0, 60, 95]),
    lead=st.sampled_from([0, 5, 20]),
    absence=st.sampled_from([0.0, 0.1]),
    leave=st.sampled_from([0, 40]),
)
@settings(max_examples=12, deadline=None)
def test_every_paid_hour_is_in_one_category(
    seed: int, class_weeks: int, leaving: int, lead: int, absence: float, leave: int
) -> None:
    """Careers, adoption, dips, outages, leave and absence at once: roster, log and tallies tell the same account."""
    scenario = world(class_weeks=class_weeks, leaving=leaving, lead=lead, absence=absence, leave=leave)
    made = run_replication(scenario, seed=seed, engine="numpy")
    roster, times = made.several.rosters[0], made.tallies.teams
    agents = len(roster.team)
    assert is_paid_once(roster)
    duty = by_date(agents, roster.agent, roster.start, roster.end)
    working = at_work(made, roster)
    assert (working <= duty).all()  # the rest is idle
    assert times.duty_agents.sum() == duty.sum()
    assert times.worked_agents.sum() == working.sum()
    counted = (
        times.on_break, times.in_meetings, times.at_other_duties, times.on_leave, times.absent, times.in_training,
        times.teaching, times.in_outages,
    )  # fmt: skip
    for why, table in zip(Away, counted, strict=True):
        rows = roster.away_why == why
        away = by_date(agents, roster.away_agent[rows], roster.away_start[rows], roster.away_end[rows])
        assert table.sum() == away.sum()
    assert {Away.TRAINING, Away.TEACHING, Away.OUTAGE, Away.MEETING} <= set(roster.away_why.tolist())


@pytest.mark.parametrize("spoilt", ["forgotten", "twice", "too late", "nobody there"])
def test_a_wrong_account_is_noticed(spoilt: str) -> None:
    """Negative control: one stretch of a right roster is left out, told twice, an hour late, or of an empty seat."""
    roster = run_replication(
        world(class_weeks=1, leaving=60, lead=5, absence=0.1, leave=40), engine="numpy"
    ).several.rosters[0]
    assert is_paid_once(roster)
    columns = {name: getattr(roster, name) for name in ("away_agent", "away_start", "away_end", "away_why")}
    if spoilt == "forgotten":
        columns = {name: column[1:] for name, column in columns.items()}
    elif spoilt == "twice":
        columns = {name: np.append(column, column[:1]) for name, column in columns.items()}
    elif spoilt == "too late":
        columns |= {name: columns[name] + HOUR * (np.arange(len(roster.away_why)) == 0) for name in list(columns)[1:3]}
    else:
        empty = np.argwhere(~employed(roster) & (np.arange(7 * WEEKS) % 7 < 5))[0]
        row = (empty[0], empty[1] * DAY + 9 * HOUR, empty[1] * DAY + 17 * HOUR, Away.LEAVE)
        columns = {name: np.append(column, value) for (name, column), value in zip(columns.items(), row, strict=True)}
    assert not is_paid_once(replace(roster, **columns))
