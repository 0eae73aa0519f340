"""What ``check`` says against sums by hand: load, capacity, gaps in who is on duty, and the size of the run (R53)."""

from __future__ import annotations

import datetime as dt
import math
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from builders import ShiftSpec, StepSpec, StreamSpec, TeamSpec, at, hourly, scenario, single_stage_scenario

from simsocial.draw.messages import draw_messages
from simsocial.draw.roster import compile_roster
from simsocial.engines.reference import simulate
from simsocial.measure.series import series_rows
from simsocial.model.arrivals import RateArrivals, ReplayCounts, ReplayStamps
from simsocial.model.away import Meeting
from simsocial.model.calendar import Calendar
from simsocial.model.laws import Deterministic, Exponential, WithZero
from simsocial.model.log import MessageOutcome
from simsocial.model.memory import BYTES_AT_REST, BYTES_PER_CELL, BYTES_PER_VISIT
from simsocial.model.piecewise import Piecewise
from simsocial.model.promises import Measured, Promise
from simsocial.model.scenario import Precision, RunSettings, Scenario
from simsocial.model.teams import Break
from simsocial.study.check import Check, Concern, check
from simsocial.study.check.coverage import gaps
from simsocial.study.check.estimate import SECONDS_PER_REPLICATION, SECONDS_PER_VISIT
from simsocial.units import DAY, HOUR, MINUTE, WEEK

WEDNESDAY_NOON = dt.datetime(2025, 1, 8, 12, 0)
SIX_MINUTES = Deterministic(6 * MINUTE)


def days(opens: float, closes: float, number: int) -> tuple[tuple[int, int], ...]:
    return tuple((day * DAY + int(opens * HOUR), day * DAY + int(closes * HOUR)) for day in range(number))


DAILY = ShiftSpec("day", days(9, 17, 7))
OFFICE = ShiftSpec("day", days(9, 17, 5), breaks=(Break(3 * HOUR, HOUR),))


def responders(*, patience: object = None, arrivals: object = None, steps: tuple[StepSpec, ...] = ()) -> Scenario:
    """One responder from 9 to 17 every day, and a message every hour."""
    stream = StreamSpec(
        "mentions",
        arrivals or hourly([1.0], horizon=WEEK),  # type: ignore[arg-type]
        steps or (StepSpec("respond", SIX_MINUTES),),
        patience=patience,  # type: ignore[arg-type]
    )
    team = TeamSpec("desk", 1, ("mentions.respond",), shifts=(DAILY,))
    return scenario(stream, teams=(team,), horizon=WEEK)


def lost(world: Scenario) -> float:
    return check(world).streams[0].lost_before_duty


def remarks(made: Check, concern: Concern) -> list[tuple[str, str]]:
    return [(remark.where, remark.text) for remark in made.remarks if remark.concern is concern]


# --- Patience that ends before anyone is on duty ----------------------------------------------------------------------


def test_deterministic_patience_loses_all_but_the_last_hours_of_a_gap() -> None:
    """Four hours: 5 of the 9 first hours, 12 of each night's 16, and all 7 that are left on Sunday."""
    assert lost(responders(patience=Deterministic(4 * HOUR))) == pytest.approx((5 + 6 * 12 + 7) / 168)


def test_exponential_patience_loses_the_integral_of_its_distribution() -> None:
    mean = 4.0

    def within(short: float, long: float) -> float:
        """Expected losses, at one message an hour, of those who come ``short`` to ``long`` hours before the end."""
        return long - short + mean * (math.exp(-long / mean) - math.exp(-short / mean))

    expected = (within(0, 9) + 6 * within(0, 16) + within(9, 16)) / 168
    assert lost(responders(patience=Exponential(mean * HOUR))) == pytest.approx(expected, abs=1e-3)
    assert abs(lost(responders(patience=Exponential(4.1 * HOUR))) - expected) > 1e-3  # negative control


def test_a_patience_of_zero_loses_whoever_comes_when_nobody_is_there() -> None:
    off_duty = (9 + 6 * 16 + 7) / 168
    never_else = WithZero(Deterministic(100 * WEEK), 0.25)
    assert lost(responders(patience=never_else)) == pytest.approx(0.25 * off_duty)


def test_patience_that_ends_as_the_window_begins_is_served() -> None:
    patience, nine = Deterministic(4 * HOUR), 9 * HOUR
    assert lost(responders(patience=patience, arrivals=at(nine - 4 * HOUR))) == 0.0  # R36
    assert lost(responders(patience=patience, arrivals=at(nine - 4 * HOUR - 1))) == 1.0


def test_only_those_who_wait_for_people_are_lost() -> None:
    """Half need a step that nobody does first; of the others, half need no answer at all."""
    steps = (StepSpec("sort", SIX_MINUTES, share=0.5, nobody=True), StepSpec("respond", SIX_MINUTES, share=0.5))
    world = responders(patience=Deterministic(4 * HOUR), steps=steps)
    assert lost(world) == pytest.approx(0.25 * 84 / 168)
    assert lost(responders()) == 0.0


def test_without_people_everybody_is_lost() -> None:
    step = StepSpec("respond", SIX_MINUTES)
    stream = StreamSpec("mentions", hourly([1.0], horizon=WEEK), (step,), patience=Exponential(HOUR))
    assert lost(scenario(stream, teams=(TeamSpec("desk", 0),), horizon=WEEK)) == pytest.approx(1.0)


def test_a_desk_with_people_enough_loses_just_those() -> None:
    """With 900 people from 9 to 17, the engine loses nobody but those whom ``check`` expects (z of the share).

    The last messages come on Sunday before 17, so that nobody outlives the horizon unserved.
    """
    last = 6 * DAY + 17 * HOUR
    stream = StreamSpec(
        "mentions",
        hourly([60.0] * 24 + [120.0] * 24, horizon=last),
        (StepSpec("sort", SIX_MINUTES, share=0.3), StepSpec("respond", SIX_MINUTES)),
        patience=WithZero(Exponential(4 * HOUR), 0.1),
    )
    world = scenario(stream, teams=(TeamSpec("desk", 900, shifts=(DAILY,)),), horizon=WEEK)
    log = simulate(world.desk, draw_messages(world, seed=1, replication=0), compile_roster(world))
    gone = log.fates[0].outcome == MessageOutcome.ABANDONED
    error = gone.std() / math.sqrt(len(gone))
    assert error < 0.005
    assert abs(gone.mean() - lost(world)) / error < 4.5


# --- Open hours with nobody on duty -----------------------------------------------------------------------------------


def promised(start: dt.datetime, *, calendar: int | None) -> Scenario:
    """A promise on a calendar from 8 to 18, Monday to Friday; one responder from 9 to 17 with an hour's lunch at 12."""
    hours = Calendar.compile("desk_day", start=start, hours=days(8, 18, 5), until=2 * WEEK)
    promise = Promise("completion", Measured.COMPLETION, 0, HOUR, None, 0.8, calendar)
    step = StepSpec("respond", SIX_MINUTES)
    return scenario(
        StreamSpec("mentions", at(0), (step,), promises=(promise,)),
        teams=(TeamSpec("desk", 1, shifts=(OFFICE,)),),
        horizon=2 * WEEK,
        start=start,
        calendars=(hours,),
    )


def test_a_meeting_that_was_ordered_is_no_gap() -> None:
    """R65: with a meeting at 9 on Mondays the gaps are those without it; without the exception an hour is missing."""
    world = promised(dt.datetime(2025, 1, 6), calendar=0)
    meeting = Meeting("weekly", ((9 * HOUR, 10 * HOUR),))
    met = world.but(teams=(replace(world.teams[0], meetings=(meeting,)),))
    assert remarks(check(met), Concern.NOBODY_ON_DUTY) == remarks(check(world), Concern.NOBODY_ON_DUTY)
    roster = compile_roster(met)
    whole, without = (gaps(met.desk, roster, [0], but_meetings=flag) for flag in (False, True))
    assert (9 * HOUR, 10 * HOUR) not in {tuple(gap) for gap in without.tolist()}
    assert np.diff(whole.clip(max=WEEK)).sum() - np.diff(without.clip(max=WEEK)).sum() == HOUR


def test_open_hours_without_anybody_are_named() -> None:
    monday = dt.datetime(2025, 1, 6)
    ((where, text),) = remarks(check(promised(monday, calendar=0)), Concern.NOBODY_ON_DUTY)
    assert where == "mentions.respond"
    assert text == (
        "nobody who serves it is on duty in 15 open hours a week of calendar desk_day, first from Mon 2025-01-06 08:00"
    )
    ((_, text),) = remarks(check(promised(WEDNESDAY_NOON, calendar=0)), Concern.NOBODY_ON_DUTY)
    assert text.endswith("in 15 open hours a week of calendar desk_day, first from Wed 2025-01-08 12:00")


def test_covered_hours_need_no_remark() -> None:
    covered = promised(WEDNESDAY_NOON, calendar=0)
    all_day = tuple(replace(shift, hours=((0, WEEK),), breaks=()) for shift in covered.teams[0].shifts)
    assert not check(covered.but(teams=(replace(covered.teams[0], shifts=all_day),))).remarks


# --- Promises of elapsed time with nobody within reach ----------------------------------------------------------------


def elapsed(*promises: Promise, arrivals: object = None, share: float = 1.0) -> Scenario:
    """Three weeks; ``sort`` from 9 to 17 with an hour's lunch at 12, Monday to Friday; ``answer`` from 8 on daily."""
    steps = (StepSpec("sort", SIX_MINUTES, share=share), StepSpec("answer", SIX_MINUTES))
    volume = arrivals or hourly([1.0], horizon=3 * WEEK)
    stream = StreamSpec("mentions", volume, steps, promises=promises)  # type: ignore[arg-type]
    teams = (
        TeamSpec("desk", 1, ("mentions.sort",), shifts=(OFFICE,)),
        TeamSpec("experts", 1, ("mentions.answer",), shifts=(ShiftSpec("long", days(8, 24, 7)),)),
    )
    return scenario(stream, teams=teams, horizon=3 * WEEK)


def within(length: int, measured: Measured = Measured.COMPLETION, step: int = 1) -> Promise:
    return Promise(measured.value, measured, step, length, None, 0.8, None)


def test_hours_from_which_nobody_is_within_reach_are_named() -> None:
    """Of the 16 hours from 17 to 9, 15 and a half are more than 30 minutes before 9; so is half of the lunch hour.

    And of the 64 from Friday on, 63.5: 4 × 15.5 + 63.5 + 5 × 0.5 = 128 for the first stage, 7 × 7.5 for the other.
    """
    first, last = remarks(check(elapsed(within(HOUR // 2))), Concern.BEYOND_REACH)
    assert first == (
        "mentions.sort",
        "in 128 h of a normal week nobody who serves it is on duty within the next 30 min, "
        "first from Mon 2025-01-06 00:00: what arrives then breaks completion",
    )
    assert last[0] == "mentions.answer"
    assert last[1].startswith("in 52.5 h of a normal week nobody")


def test_lengths_that_reach_over_every_gap_need_no_remark() -> None:
    assert [where for where, _ in remarks(check(elapsed(within(8 * HOUR))), Concern.BEYOND_REACH)] == ["mentions.sort"]
    assert not check(elapsed(within(64 * HOUR))).remarks
    assert remarks(check(elapsed(within(64 * HOUR - 1))), Concern.BEYOND_REACH)  # negative control


def test_hours_in_which_nothing_arrives_need_no_remark() -> None:
    at_ten = at(*(day * DAY + 10 * HOUR for day in range(5)))
    assert not check(elapsed(within(HOUR // 2), arrivals=at_ten)).remarks
    assert remarks(check(elapsed(within(HOUR // 2), arrivals=at(7 * HOUR))), Concern.BEYOND_REACH)


def test_a_step_s_promise_counts_from_joining_it() -> None:
    """R7: the first stage does not matter; when messages join the other is not known."""
    of_step = within(HOUR, Measured.STEP)
    ((where, text),) = remarks(check(elapsed(of_step, arrivals=at(10 * HOUR))), Concern.BEYOND_REACH)
    assert (where, text.partition(" nobody")[0]) == ("mentions.answer", "in 49 h of a normal week")


def test_a_step_that_some_need_and_weeks_that_differ_are_said() -> None:
    once = at(*(day * DAY + hour * HOUR for day in range(2) for hour in (6, 10)))
    ((_, text),) = remarks(check(elapsed(within(2 * HOUR, step=0), arrivals=once, share=0.5)), Concern.BEYOND_REACH)
    assert text.startswith("in some hours of some weeks nobody")
    assert text.endswith("what arrives then and needs it breaks completion")


# --- Queues without people, counts without heads ----------------------------------------------------------------------


@pytest.mark.parametrize(("messages", "visits"), [(100, "50"), (2020, "1,010"), (2_000_000, "1,000,000")])
def test_a_queue_that_nobody_on_duty_serves_is_named(messages: int, visits: str) -> None:
    """``check`` is ranked by a shift that no agent was dealt to."""
    shifts = (
        ShiftSpec("main", weight=1, serves=("mentions.respond",)),
        ShiftSpec("senior", weight=0, serves=("mentions.check",)),
    )
    steps = (StepSpec("respond", Deterministic(1)), StepSpec("check", SIX_MINUTES, share=0.5))
    world = scenario(
        StreamSpec("mentions", at(*range(messages)), steps), teams=(TeamSpec("desk", 1, shifts=shifts),), horizon=WEEK
    )
    made = check(world)
    assert remarks(made, Concern.UNSERVED) == [
        ("mentions.check", f"nobody on duty ever serves it; {visits} visits are expected")
    ]
    assert made.first_overloaded is not None
    assert made.first_overloaded.stage == "mentions.check"


@pytest.mark.parametrize(
    ("weights", "agents", "text"),
    [
        ((2, 1), 4, "the counts of its shifts add up to 3, the headcount is 4: early 3, late 1"),
        ((2, 1), 3, None),
        ((0.6, 0.4), 4, None),
        ((1, 1), 4, None),
    ],
)
def test_counts_that_miss_the_headcount_are_named(weights: tuple[float, float], agents: int, text: str | None) -> None:
    shifts = (ShiftSpec("early", weight=weights[0]), ShiftSpec("late", weight=weights[1]))
    step = StepSpec("respond", SIX_MINUTES)
    world = scenario(
        StreamSpec("mentions", at(0), (step,)), teams=(TeamSpec("desk", agents, shifts=shifts),), horizon=WEEK
    )
    assert remarks(check(world), Concern.COUNTS) == ([("desk", text)] if text else [])


# --- Promises that nobody answers for, files that end too soon --------------------------------------------------------


@pytest.mark.parametrize(
    ("measured", "step", "said"),
    [
        (Measured.COMPLETION, 1, "is charged to step archive, which nobody serves: breaking it makes no stage late"),
        (Measured.FIRST_RESPONSE, 0, None),
    ],
)
def test_a_promise_charged_to_a_step_that_nobody_serves_is_named(
    measured: Measured, step: int, said: str | None
) -> None:
    """R47."""
    promise = Promise(measured.value, measured, step, HOUR, None, 0.8, None)
    steps = (StepSpec("respond", SIX_MINUTES), StepSpec("archive", Deterministic(HOUR), nobody=True))
    stream = StreamSpec("mentions", at(0), steps, promises=(promise,))
    made = check(scenario(stream, teams=(TeamSpec("desk", 1, ("mentions.respond",)),), horizon=WEEK))
    assert remarks(made, Concern.UNCHARGED) == ([("mentions.completion", said)] if said else [])


def hours(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int64) * HOUR


@pytest.mark.parametrize(
    ("arrivals", "covers", "missing"),
    [
        (ReplayCounts(hours(0, 48), hours(48, 96), [1, 1]), "Mon 2025-01-06 00:00 to Fri 2025-01-10 00:00", "3 days"),
        (ReplayCounts(hours(0, 72), hours(24, 168), [1, 1]), "Mon 2025-01-06 00:00 to Mon 2025-01-13 00:00", "2 days"),
        (ReplayCounts(hours(0, 84), hours(84, 200), [1, 1]), None, None),
        (ReplayStamps(hours(12, 108)), "Mon 2025-01-06 12:00 to Fri 2025-01-10 12:00", "3 days"),
        (ReplayStamps(hours(2, 160)), None, None),
    ],
)
def test_a_file_that_ends_before_the_run_is_named(
    arrivals: ReplayCounts | ReplayStamps, covers: str | None, missing: str | None
) -> None:
    stream = StreamSpec("mentions", arrivals, (StepSpec("respond", SIX_MINUTES),))
    made = check(scenario(stream, teams=(TeamSpec("desk", 1),), horizon=WEEK))
    expected = f"its file covers {covers}; nothing arrives in the other {missing} of the run"
    assert remarks(made, Concern.SHORT_FILE) == ([("mentions", expected)] if covers else [])


# --- Load and capacity ------------------------------------------------------------------------------------------------


def growing() -> Scenario:
    """200, 400, 600 messages of six minutes in three weeks; two people with 35 hours each at pace 1.25."""
    volume = RateArrivals(np.arange(4) * WEEK, np.array([200, 400, 600]) / WEEK)
    step = StepSpec("respond", SIX_MINUTES)
    return scenario(
        StreamSpec("mentions", volume, (step,), actionable=0.75),
        StreamSpec("reports", at(0), (StepSpec("report", Deterministic(3 * HOUR)),)),
        teams=(
            TeamSpec("desk", 2, ("mentions.respond",), shifts=(OFFICE,), slot_pace=1.25),
            TeamSpec("analysts", Piecewise(np.array([0, WEEK]), np.array([1, 0])), ("reports.report",), (OFFICE,)),
        ),
        horizon=3 * WEEK,
        run=RunSettings(replications=40),
    )


def test_streams_stages_and_teams_by_hand() -> None:
    made = check(growing())
    mentions, reports = made.streams
    assert (mentions.stream, mentions.noise_share) == ("mentions", 0.25)
    assert (mentions.messages, mentions.messages_per_week) == (pytest.approx(1200), pytest.approx(400))
    assert reports.messages == 1
    stage = made.stages[0]
    assert (stage.stage, stage.teams) == ("mentions.respond", ("desk",))
    assert stage.visits_per_week == pytest.approx(300)
    assert stage.hours_per_week == pytest.approx(30)
    assert stage.busiest_hours == pytest.approx(45)
    assert stage.erlangs == pytest.approx(30 / 168)
    assert stage.capacity_hours == pytest.approx(70 / 1.25)
    assert (stage.overloaded_weeks, stage.first_overloaded) == (0, None)
    desk, analysts = made.teams
    assert (desk.agents, desk.on_duty_hours, desk.hours_per_week) == (2, pytest.approx(70), pytest.approx(30))
    assert (desk.capacity_hours, desk.least_capacity_hours) == (pytest.approx(56), pytest.approx(56))
    assert (analysts.agents, analysts.least_capacity_hours) == (pytest.approx(1 / 3), 0)  # gone after a week
    assert analysts.capacity_hours == pytest.approx(35 / 3)
    assert made.first_overloaded is None


def test_a_longer_last_week_is_not_the_busiest() -> None:
    world = single_stage_scenario(arrivals=hourly([1.0], horizon=WEEK + 3 * DAY), work=SIX_MINUTES)
    made = check(world)
    assert made.stages[0].busiest_hours == pytest.approx(16.8)
    assert made.teams[0].least_capacity_hours == pytest.approx(168)
    assert [row.hours for row in made.stage_weeks] == pytest.approx([24.0])


def test_weeks_are_rows() -> None:
    made = check(growing())
    mentions = [row for row in made.stage_weeks if row.stage == "mentions.respond"]
    assert [(row.week, row.start.date().isoformat()) for row in mentions] == [
        (0, "2025-01-06"),
        (1, "2025-01-13"),
        (2, "2025-01-20"),
    ]
    assert [row.hours for row in mentions] == pytest.approx([15, 30, 45])
    assert [row.visits for row in mentions] == pytest.approx([150, 300, 450])
    assert [row.capacity_hours for row in mentions] == pytest.approx([56] * 3)
    assert [row.load_hours for row in mentions] == pytest.approx([15, 30, 45])
    assert [row.on_duty_hours for row in made.team_weeks if row.team == "analysts"] == pytest.approx([35, 0, 0])


def test_the_first_overloaded_stage_has_a_date() -> None:
    world = growing()
    alone = replace(world.teams[0], headcount=Piecewise.constant(1))  # 28 hours a week
    one = check(world.but(teams=(alone, world.teams[1])))
    assert one.first_overloaded is not None
    assert one.first_overloaded.stage == "mentions.respond"
    assert one.first_overloaded.first_overloaded == dt.datetime(2025, 1, 13)
    assert one.first_overloaded.overloaded_weeks == 2


@pytest.mark.parametrize(
    ("serves", "filled_by"),
    [
        (("posts.review", "notes.read", "mentions.respond"), "posts.review"),
        ((("posts.review", "notes.read", "mentions.respond"),), "posts.review"),
        (("mentions.respond", "posts.review", "notes.read"), None),
    ],
)
def test_a_stage_without_room_names_the_one_that_fills_its_people(
    serves: tuple[str | tuple[str, ...], ...], filled_by: str | None
) -> None:
    """35 hours: 35 of reviews, 1 of notes and 2 of responses; what is ranked first has room."""
    streams = [
        StreamSpec(
            name, RateArrivals(np.array([0, WEEK]), np.array([hours / WEEK])), (StepSpec(step, Deterministic(HOUR)),)
        )
        for name, step, hours in (("mentions", "respond", 2), ("notes", "read", 1), ("posts", "review", 35))
    ]
    made = check(scenario(*streams, teams=(TeamSpec("desk", 1, serves, (OFFICE,)),), horizon=WEEK))
    by_name = {stage.stage: stage for stage in made.stages}
    assert by_name["mentions.respond"].filled_by == filled_by
    assert (by_name["mentions.respond"].first_overloaded is None) == (filled_by is None)


def test_a_stage_with_too_much_work_of_its_own_names_no_other() -> None:
    world = growing()
    one = check(world.but(teams=(replace(world.teams[0], headcount=Piecewise.constant(1)), world.teams[1])))
    assert one.stages[0].first_overloaded is not None
    assert one.stages[0].filled_by is None


# --- The size of the run ----------------------------------------------------------------------------------------------


def test_the_size_of_a_run_follows_from_its_visits() -> None:
    world = growing()
    size = check(world).estimate
    assert (size.messages, size.visits) == (pytest.approx(1201), pytest.approx(901))
    assert size.seconds == pytest.approx(SECONDS_PER_REPLICATION + 1201 * SECONDS_PER_VISIT)
    cells = 3 * WEEK // world.interval * len(series_rows(world))
    assert size.memory == pytest.approx(BYTES_AT_REST + 1201 * BYTES_PER_VISIT + cells * BYTES_PER_CELL)
    assert size.replications == (40, 40)
    until_precise = RunSettings(precision=Precision("mentions.kept", 0.02, least=20, most=500))
    assert check(growing().but(run=until_precise)).estimate.replications == (20, 500)


WITHOUT_HEAVY_LIBRARIES = """
import sys

sys.path[:0] = {paths}
from builders import at, single_stage_scenario
from simsocial.model.laws import Exponential
from simsocial.study.check import check

assert check(single_stage_scenario(arrivals=at(5), work=Exponential(9.0), horizon=99, patience=Exponential(9.0))).stages
print(sorted(dict.fromkeys(["pandas", "pyarrow", "matplotlib", "simpy", "scipy.stats"]).keys() & sys.modules.keys()))
"""


def test_checking_needs_no_heavy_library() -> None:
    tests = Path(__file__).parent
    code = WITHOUT_HEAVY_LIBRARIES.format(paths=[str(tests), str(tests.parent)])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
