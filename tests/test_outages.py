"""Outages of streams and teams: worked by hand, against exact means, and with the backlog they leave (R108, R109)."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from configs_in_short import faults, resolved

import simsocial as ss
from simsocial.draw.messages import Plan, draw_messages
from simsocial.draw.outages import plan_outages
from simsocial.draw.randomness import Dice
from simsocial.draw.roster import RosterPlan, compile_roster
from simsocial.measure.coming import expected_messages
from simsocial.measure.fluid import forecast
from simsocial.measure.volume import expected_arrivals
from simsocial.model.away import Away
from simsocial.model.roster import Roster
from simsocial.model.scenario import Scenario
from simsocial.simulation.replication import run_replication
from simsocial.study.check import check
from simsocial.study.verify import verify
from simsocial.units import DAY, HOUR, MINUTE, WEEK

OFFICE = """
time.horizon = "2 weeks"
[calendars.office]
hours = "Mon-Fri 09:00-17:00"
[teams.desk]
headcount = 1
shifts.all = "-"
shifts.day = { days = "Mon-Fri", hours = "09:00-17:00", break = { after = "3 h", length = "1 h" } }
"""
CLOSE = 'outages.tool = { at = 2026-01-05T15:00:00, length = "19 h", teams = ["desk"] }'
AT_RANDOM = 'outages.cloud = { every = "2 days", length = { law = "exponential", mean = "6 h" }'
LONG = 'time.horizon = "8 weeks"'


def spans(roster: Roster, why: Away) -> list[tuple[float, float]]:
    which = np.flatnonzero((roster.away_why == why) & (roster.away_start < 2 * DAY))
    return sorted(
        zip((roster.away_start[which] / HOUR).tolist(), (roster.away_end[which] / HOUR).tolist(), strict=True)
    )


def windows(roster: Roster, agent: int = 0) -> list[tuple[float, float]]:
    mine = (roster.agent == agent) & (roster.start < 2 * DAY)
    return list(zip((roster.start[mine] / HOUR).tolist(), (roster.end[mine] / HOUR).tolist(), strict=True))


def at_times(text: str) -> Scenario:
    """Return the desk with its tool out over the close of Monday, and messages at named times."""
    return resolved("streams.m.arrivals.rate = '-'", f"streams.m.arrivals.timetable = '{text}'", OFFICE, CLOSE)


# ---- a team (R109) ---------------------------------------------------------------------------------------------------


def test_an_outage_over_a_close_takes_the_windows_and_leaves_breaks_and_the_night_alone() -> None:
    """Monday 15:00 to Tuesday 10:00: of duty are lost Mon 15-17 and Tue 9-10; nobody is paid for the night."""
    roster = compile_roster(resolved(OFFICE, CLOSE))
    assert windows(roster) == [(9, 12), (13, 15), (34, 36), (37, 41)]
    assert spans(roster, Away.OUTAGE) == [(15, 17), (33, 34)]
    assert spans(roster, Away.BREAK) == [(12, 13), (36, 37)]


def test_a_break_in_an_outage_stays_a_break() -> None:
    roster = compile_roster(resolved(OFFICE, CLOSE.replace("15:00:00", "11:00:00").replace("19 h", "3 h")))
    assert windows(roster)[:2] == [(9, 11), (14, 17)]
    assert spans(roster, Away.OUTAGE) == [(11, 12), (13, 14)]
    assert spans(roster, Away.BREAK)[0] == (12, 13)


def test_the_backlog_it_leaves_is_worked_off_in_order() -> None:
    """At 14:58 work of 6 min begins and is finished (R39); 15:00, 16:00 and Tue 09:30 wait until Tue 10:00."""
    run = run_replication(at_times("Mon 14:58, Mon 15:00, Mon 16:00, Tue 09:30, Tue 10:03"))
    visits = run.trace.log.visits
    begun = (visits.start[:5] / MINUTE - 24 * 60).tolist()
    assert begun == [14 * 60 + 58 - 24 * 60, 600, 606, 612, 618]
    assert (visits.end[0] - visits.start[0]) / MINUTE == 6
    times = run.tallies.teams
    assert times.overrun.sum() == 4 * MINUTE
    assert times.in_outages.sum() == 3 * HOUR
    waiting = run.tallies.flows.waiting[0][np.searchsorted(run.tallies.edges, 34 * HOUR)]
    assert waiting == 3


def test_without_the_outage_nobody_waits() -> None:
    world = at_times("Mon 14:58, Mon 15:10, Mon 16:00").but(outages=())
    visits = run_replication(world).trace.log.visits
    np.testing.assert_array_equal(visits.start[:3], visits.joined[:3])


def test_every_paid_tick_is_in_one_account_and_paid_as_before() -> None:
    """R83: for each agent and week, windows and time away together are what they are without outages."""
    away = """
    [teams.desk]
    headcount = 6
    absence = 0.2
    leave = "25 days / year"
    meetings.weekly = "Mon 09:30-10:00"
    on_call.evening = "Mon-Fri 17:00-19:00"
    """
    plans = [
        RosterPlan.of(resolved(OFFICE, LONG, away, *out)) for out in ([], [f'{AT_RANDOM}, teams = ["desk"] }}', CLOSE])
    ]
    for number in range(10):
        before, after = (plan.draw(seed=5, replication=number) for plan in plans)
        assert (after.away_why == Away.OUTAGE).any()
        np.testing.assert_array_equal(_paid(before), _paid(after))
        for why in (Away.LEAVE, Away.ABSENT, Away.MEETING, Away.BREAK):
            assert (before.away_why == why).sum() == (after.away_why == why).sum()


def _paid(roster: Roster) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    start, end = np.append(roster.start, roster.away_start), np.append(roster.end, roster.away_end)
    agent = np.append(roster.agent, roster.away_agent)
    table = np.zeros((len(roster.team), 16), dtype=np.int64)
    for week in range(16):
        length = end.clip(week * WEEK, (week + 1) * WEEK) - start.clip(week * WEEK, (week + 1) * WEEK)
        np.add.at(table, (agent, week), length)
    return table


def test_weekly_outages_come_in_their_weeks_and_beyond_the_horizon() -> None:
    weekly = 'outages.care = { hours = "Fri 16:00-18:00", weeks = "2 of 2", teams = ["desk"] }'
    roster = compile_roster(resolved(OFFICE, weekly))
    out = roster.away_start[roster.away_why == Away.OUTAGE] / DAY
    assert out.tolist() == pytest.approx([4 + 7 + 16 / 24, 4 + 21 + 16 / 24])


# ---- a stream (R108) -------------------------------------------------------------------------------------------------


def test_messages_come_when_it_is_over_or_never() -> None:
    def arrivals(messages: str) -> list[float]:
        out = f'outages.site = {{ at = 2026-01-05T15:00:00, length = "19 h", streams = ["m"]{messages} }}'
        times = "streams.m.arrivals.timetable = 'Mon 14:58, Mon 15:00, Tue 09:59, Tue 10:00, Tue 11:00'"
        world = resolved("streams.m.arrivals.rate = '-'", times, OFFICE, out)
        return (draw_messages(world, seed=1, replication=0).streams[0].arrival[:5] / HOUR).round(3).tolist()

    assert arrivals("") == arrivals(', messages = "come later"') == [14.967, 34, 34, 34, 35]
    assert arrivals(', messages = "are lost"')[:3] == [14.967, 34, 35]


def test_outages_that_meet_are_one_and_what_passes_the_horizon_never_comes() -> None:
    out = """
    outages.first = { at = 2026-01-06, length = "1 day", streams = ["m"] }
    outages.second = { at = 2026-01-07, length = "1 day", streams = ["m"], messages = "are lost" }
    outages.last = { at = 2026-01-31, length = "3 days", streams = ["m"] }
    """
    plain, held = (draw_messages(resolved(*c), seed=4, replication=0).streams[0].arrival for c in ([], [out]))
    day = np.bincount(held // DAY, minlength=28)
    before = np.bincount(plain // DAY, minlength=28)
    assert day[:4].tolist() == [before[0], 0, 0, before[1] + before[3]]
    assert (held == 3 * DAY).sum() == before[1]
    assert day[25:].tolist() == [before[25], 0, 0]


OUT = """
outages.held = { at = 2026-01-06T06:00:00, length = "30 h", streams = ["m"] }
outages.lossy = { at = 2026-01-12, length = "1 day", streams = ["m"], messages = "are lost" }
outages.weekly = { hours = "Sun 02:00-08:00", streams = ["m"] }
"""


def test_the_expected_number_is_exact_for_planned_outages() -> None:
    """Per half day, 200 replications; what is expected without outages is far off."""
    world = resolved(OUT, "streams.m.arrivals.rate = '48 / day'")
    edges = np.arange(0, 14 * DAY + 1, DAY // 2)
    plan = Plan.of(world)
    seen = [np.histogram(plan.draw(seed=6, replication=n).streams[0].arrival, edges)[0] for n in range(200)]
    told = np.diff(expected_messages(world, 0, edges))
    error = np.sqrt(np.maximum(told, 1) / 200)
    assert (abs(np.mean(seen, axis=0) - told) < 4.5 * error).all()
    assert np.mean(seen, axis=0)[told == 0].sum() == 0
    assert (told == 0).sum() == 2 + 2
    without = np.diff(expected_arrivals(world.streams[0].arrivals, edges, horizon=world.horizon))
    assert (abs(np.mean(seen, axis=0) - without) > 4.5 * error).sum() >= 5


def test_the_expected_number_when_messages_are_lost_at_random() -> None:
    """Every message is lost with probability 1 − exp(−6 h / 2 days), but for the first hours of the run."""
    world = resolved(LONG, f'{AT_RANDOM}, streams = ["m"], messages = "are lost" }}', "time.start = 2026-01-05")
    plan = Plan.of(world)
    later = [(plan.draw(seed=7, replication=n).streams[0].arrival >= 2 * DAY).sum() for n in range(150)]
    told = np.diff(expected_messages(world, 0, [2 * DAY, world.horizon]))[0]
    error = np.std(later, ddof=1) / 150**0.5
    assert abs(np.mean(later) - told) < 4.5 * error
    assert told == pytest.approx(24 * 54 * np.exp(-6 / 48))
    assert abs(np.mean(later) - 24 * 54) > 4.5 * error


# ---- at random -------------------------------------------------------------------------------------------------------


def stretches(world: Scenario, replication: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    draw = plan_outages(world.outages, start=world.start, until=world.horizon)
    return draw(Dice(8, replication))


def test_the_share_of_time_lost_at_random_is_that_of_a_busy_system_with_servers_for_all() -> None:
    world = resolved('time.horizon = "20 weeks"', f'{AT_RANDOM}, teams = ["desk"] }}')
    out = [np.diff(stretches(world, n).clip(2 * DAY, world.horizon), axis=1).sum() for n in range(200)]
    share = np.array(out) / (world.horizon - 2 * DAY)
    error = share.std(ddof=1) / 200**0.5
    assert error < 0.002
    assert abs(share.mean() - (1 - np.exp(-6 / 48))) < 4.5 * error
    assert abs(share.mean() - 6 / 48) > 3 * error, "outages overlap"


def test_draws_are_addressed_a_longer_run_or_outage_or_another_one_moves_nothing() -> None:
    base = f'{AT_RANDOM}, teams = ["desk"] }}'
    worlds = {
        "base": resolved(base),
        "longer": resolved(base.replace('mean = "6 h"', 'mean = "7 h"')),
        "later": resolved(base, 'time.horizon = "8 weeks"'),
        "more": resolved(base, base.replace("cloud", "other").replace('"2 days"', '"2000 days"')),
        "staff": resolved(base, "teams.desk.headcount = 5"),
    }
    drawn = {name: stretches(world, 3) for name, world in worlds.items()}
    first = drawn["base"][:, 0]
    assert np.isin(drawn["longer"][:, 0], first).all()
    np.testing.assert_array_equal(drawn["later"][drawn["later"][:, 0] < 4 * WEEK], drawn["base"])
    for name in ("more", "staff"):
        np.testing.assert_array_equal(drawn[name], drawn["base"])
    assert not np.array_equal(stretches(worlds["base"], 4), drawn["base"])


def test_streams_and_teams_of_an_outage_fail_together() -> None:
    world = resolved(f'{AT_RANDOM}, streams = ["m"], teams = ["desk"] }}', "streams.m.arrivals.rate = '2000 / day'")
    arrival = draw_messages(world, seed=8, replication=0).streams[0].arrival
    roster = RosterPlan.of(world).draw(seed=8, replication=0)
    out = stretches(world, 0)
    at_desk = (roster.away_why == Away.OUTAGE) & (roster.away_agent == 0)
    assert roster.away_start[at_desk][0] == out[0, 0]
    inside = [(arrival >= begin) & (arrival < end) for begin, end in out]
    assert not np.any(inside)
    assert (arrival == out[0, 1]).sum() > 10, "what was held back comes at its end"


def test_an_outage_that_never_comes_changes_nothing() -> None:
    never = 'outages.far = { at = 2027-01-05, length = "1 h", streams = ["m"], teams = ["desk"] }'
    plain, same = (run_replication(resolved(OFFICE, *change), number=2) for change in ([], [never]))
    for group in ("queues", "streams", "teams", "promises", "flows"):
        for name, counted in vars(getattr(plain.tallies, group)).items():
            np.testing.assert_array_equal(counted, vars(getattr(same.tallies, group))[name])
    assert plain.several.rosters[0].start.tobytes() == same.several.rosters[0].start.tobytes()


# ---- forecast, check, engines, measures, input -----------------------------------------------------------------------


def test_the_forecast_expects_capacity_without_what_fails() -> None:
    plain, planned, at_random = (
        forecast(world, compile_roster(world)).teams[0].capacity.sum() / HOUR
        for world in (
            resolved(OFFICE),
            resolved(OFFICE, CLOSE),
            resolved(OFFICE, f'{AT_RANDOM}, teams = ["desk"] }}'),
        )
    )
    assert (plain, planned) == (70, 67)
    assert at_random == pytest.approx(70 * np.exp(-6 / 48))


def test_check_tells_of_paid_time_in_outages() -> None:
    (told,) = check(resolved(OFFICE, CLOSE, f'{AT_RANDOM}, teams = ["desk"] }}')).shrinkage
    fails = 1 - np.exp(-6 / 48)
    assert (told.outages, told.paid) == pytest.approx((1.5 + 33.5 * fails, 40))


def test_both_engines_tell_the_same_with_outages() -> None:
    out = f'{AT_RANDOM}, streams = ["m"], teams = ["desk"] }}'
    assert verify(resolved(OFFICE, OUT, CLOSE, out, 'streams.m.patience = "20 h"'), replications=3).identical


def test_hours_in_outages_are_told_of_teams_that_have_some() -> None:
    world = resolved(OFFICE, CLOSE)
    told = {row.name for row in ss.run(world, replications=2).rows}
    plain = {row.name for row in ss.run(resolved(OFFICE), replications=2).rows}
    assert told - plain == {"desk.in_outages", "desk.in_outages_share"}
    assert world.outages[0].planned(start=dt.datetime(2026, 1, 5), until=WEEK).tolist() == [[15 * HOUR, 34 * HOUR]]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            'outages.x = { at = 2026-01-06, length = "1 h" }',
            "outages.x: stops nothing; write which streams cannot arrive, or which teams cannot work",
        ),
        (
            'outages.x = { streams = ["m"] }',
            "outages.x: write one of at, for an outage on a date, every, for outages at random, and hours, for one "
            "every week (got none of them)",
        ),
        (
            'outages.x = { streams = ["m"], every = "1 week" }',
            'outages.x.length: missing; write how long it lasts, such as "3 h"',
        ),
        (
            'outages.x = { teams = ["desk"], every = "1 week", length = "1 h", messages = "are lost" }',
            "outages.x.messages: belongs to streams; leave it out",
        ),
        (
            'outages.x = { teams = ["desk"], hours = "Sun 02:00-04:00", length = "1 h" }',
            "outages.x.length: leave it out; the hours say how long",
        ),
        (
            'outages.x = { teams = ["desk"], at = 2026-01-06, length = { law = "exponential", mean = "1 h" } }',
            'outages.x.length: an outage on a date lasts a known time; write it, such as "3 h"',
        ),
        (
            'outages.x = { teams = ["dask"], hours = "Sun 02:00-04:00" }',
            "outages.x.teams.0: there is no team 'dask'; did you mean 'desk'?",
        ),
        (
            'outages.x = { streams = ["m", "m"], hours = "Sun 02:00-04:00" }',
            "outages.x.streams.1: names m a second time; write each stream once",
        ),
    ],
)
def test_bad_input(change: str, said: str) -> None:
    assert faults(change) == [said]
