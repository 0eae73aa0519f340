"""The fluid forecast against sums by hand, and offered work against what the engine counts when nobody waits (R53)."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from builders import (
    MONDAY,
    ReviewSpec,
    Serves,
    ShiftSpec,
    StepSpec,
    StreamSpec,
    TeamSpec,
    at,
    hourly,
    poisson,
    scenario,
)

from simsocial.draw.messages import draw_messages
from simsocial.draw.roster import compile_roster
from simsocial.engines.reference import simulate
from simsocial.measure.fluid import Forecast, StageForecast, forecast, weeks
from simsocial.measure.offered import offered
from simsocial.measure.passes import expected_passes, first_steps
from simsocial.measure.volume import expected_arrivals
from simsocial.model.arrivals import Placing, RateArrivals, ReplayCounts, ReplayStamps
from simsocial.model.desk import When
from simsocial.model.laws import Deterministic, Exponential, LogNormal
from simsocial.model.log import Log
from simsocial.model.piecewise import Piecewise
from simsocial.model.scenario import Scenario
from simsocial.units import DAY, HOUR, MINUTE, WEEK

SIX_MINUTES = Deterministic(6 * MINUTE)
OFFICE = tuple((day * DAY + 9 * HOUR, day * DAY + 17 * HOUR) for day in range(5))


def office(name: str, agents: int | Piecewise, serves: Serves | None = None, **fields: object) -> TeamSpec:
    """A team with 40 hours a week."""
    return TeamSpec(name, agents, serves, shifts=(ShiftSpec("day", OFFICE),), **fields)  # type: ignore[arg-type]


def forecast_of(world: Scenario) -> Forecast:
    return forecast(world, compile_roster(world))


def stage(made: Forecast, name: str) -> StageForecast:
    return next(one for one in made.stages if one.stage.name == name)


# --- Expected arrivals (R12–R16) --------------------------------------------------------------------------------------


def test_rates_add_up() -> None:
    arrivals = RateArrivals(np.array([0, 100, 300]), np.array([0.5, 0.1]), day_cv=2.0)
    assert expected_arrivals(arrivals, [0, 50, 100, 200, 300], horizon=300) == pytest.approx([0, 25, 50, 60, 70])
    assert expected_arrivals(arrivals, [200, 300], horizon=250) == pytest.approx([60, 65])


def test_a_timetable_counts_what_comes_before() -> None:
    assert expected_arrivals(at(0, 10, 10, 20), [0, 1, 10, 11, 99], horizon=20).tolist() == [0, 1, 1, 3, 3]


def test_replayed_counts_grow_with_the_scale_at_the_start_of_their_interval() -> None:
    replay = ReplayCounts(
        np.array([0, 100]), np.array([100, 150]), np.array([10, 4]), scale_from=1.0, scale_to=3.0, placing=Placing.EVEN
    )
    assert expected_arrivals(replay, [50, 100, 125, 200], horizon=200) == pytest.approx([5, 10, 14, 18])


def test_replayed_stamps_come_at_once_and_their_copies_spread() -> None:
    stamps = np.array([0, 100])
    growing = ReplayStamps(stamps, scale_from=0.5, scale_to=4.5, spread=40)  # scale 0.5, then 2.5
    assert expected_arrivals(growing, [0, 1, 100, 101, 120, 140, 150], horizon=200) == pytest.approx(
        [0, 0.5, 0.5, 1.5 + 1.5 / 40, 1.5 + 0.75, 3.0, 3.0]
    )
    at_once = replace(growing, spread=0)
    assert expected_arrivals(at_once, [100, 101], horizon=200) == pytest.approx([0.5, 3.0])


# --- Passes (R22, R23, R25) -------------------------------------------------------------------------------------------


def passes(*steps: StepSpec, chance: float | list[list[float]]) -> dict[str, list[float]]:
    route = scenario(StreamSpec("mentions", at(0), steps), horizon=WEEK).desk.routes[0]
    at_any_look = np.broadcast_to(chance, (2, 2, len(steps)))
    made = expected_passes(route, [step.share for step in steps], at_any_look)
    return {name: getattr(made, name).tolist() for name in ("visits", "sent_back", "withdrawn")}


def work(name: str, **fields: object) -> StepSpec:
    return StepSpec(name, SIX_MINUTES, **fields)  # type: ignore[arg-type]


def review(name: str, returns_to: str, *, rounds: int = 5, share: float = 1.0) -> StepSpec:
    law = {"author_delay": SIX_MINUTES} if returns_to == "author" else {"rework": SIX_MINUTES}
    return StepSpec(name, SIX_MINUTES, share, ReviewSpec(0.5, returns_to, max_rounds=rounds, **law))


def test_reviews_of_one_message_are_a_geometric_sum() -> None:
    made = passes(work("respond"), review("check", "respond", rounds=3), chance=0.5)
    assert made["visits"] == pytest.approx([1, 1 + 0.5 + 0.25])
    assert made["sent_back"] == pytest.approx([0, 0.5 + 0.25])
    assert made["withdrawn"] == pytest.approx([0, 0.125])


def test_an_authors_correction_has_quality_one() -> None:
    made = passes(work("respond"), review("check", "author", rounds=3), chance=[[0.5, 0.5], [0.9, 0.9]])
    assert made["visits"] == pytest.approx([1, 1 + 0.9 + 0.9 * 0.5])
    assert made["sent_back"] == pytest.approx([0, 0])
    assert made["withdrawn"] == pytest.approx([0, 0.9 * 0.5 * 0.5])


def test_work_by_nobody_has_quality_one() -> None:
    steps = (work("respond", nobody=True), review("check", "respond", rounds=2))
    assert passes(*steps, chance=[[0.0, 0.0], [0.9, 0.9]])["visits"] == pytest.approx([1, 1])


def test_a_step_that_was_not_needed_is_judged_at_quality_one() -> None:
    steps = (work("respond", share=0.25), review("check", "author", rounds=2))
    made = passes(*steps, chance=[[0.0, 0.0], [0.8, 0.8]])
    assert made["visits"] == pytest.approx([0.25, 1 + 0.25 * 0.8])


def test_the_need_of_a_review_is_decided_once() -> None:
    """One in two messages meets ``first``; those that ``second`` sends back meet it again, the others never do."""
    steps = (work("respond"), review("first", "respond", share=0.5, rounds=9), review("second", "respond", rounds=2))
    made = passes(*steps, chance=[[0.0, 0.0, 1.0]] * 2)
    assert made["visits"] == pytest.approx([1, 0.5 * 2, 2])
    assert made["withdrawn"] == pytest.approx([0, 0, 1])


def test_rework_at_a_review_is_a_visit_to_it() -> None:
    """R25: of those that audit returns to approve each has been there before, so that approve's next no withdraws it.

    Approve: 1 + 1/2 in its own queue. Audit: 1/2 + 1/4 for the first time, of which 3/8 go to approve and 3/16 return.
    """
    made = passes(work("draft"), review("approve", "draft", rounds=2), review("audit", "approve", rounds=2), chance=0.5)
    assert made["visits"] == pytest.approx([1, 3 / 2, 15 / 16])
    assert made["sent_back"] == pytest.approx([0, 1 / 2, 3 / 8])
    assert made["withdrawn"] == pytest.approx([0, 1 / 4 + 3 / 16, 3 / 32])


def test_steps_after_a_withdrawal_are_not_reached() -> None:
    steps = (work("respond"), review("check", "respond", rounds=1), work("publish", share=0.5))
    assert passes(*steps, chance=0.2)["visits"] == pytest.approx([1, 1, 0.5 * 0.8])


def test_first_steps() -> None:
    assert first_steps([0.5, 0.0, 0.5, 1.0, 1.0]) == pytest.approx([0.5, 0, 0.25, 0.25, 0])


# --- Offered work against the engine ----------------------------------------------------------------------------------

REVIEWED = (
    StepSpec("draft", LogNormal(3 * MINUTE, 1.0), share=0.6),
    StepSpec("respond", Exponential(4 * MINUTE)),
    StepSpec(
        "check",
        Exponential(2 * MINUTE),
        share=0.7,
        review=ReviewSpec(reject=0.4, returns_to="draft", rework=Exponential(5 * MINUTE), max_rounds=3),
        work_factor=Piecewise.constant(0.5),
    ),
    StepSpec(
        "audit",
        Exponential(2 * MINUTE),
        share=0.5,
        review=ReviewSpec(
            reject=0.3, returns_to="author", author_delay=Exponential(HOUR), when=When.AFTER, max_rounds=2
        ),
        reject_factor=Piecewise.constant(2.0),
    ),
)
ROOMY = scenario(
    StreamSpec("posts", poisson(per_hour=60, horizon=WEEK), REVIEWED, actionable=0.8, triage=Exponential(MINUTE)),
    teams=(TeamSpec("desk", 40, shifts=(ShiftSpec("always", quality=1.4),)),),
    horizon=2 * WEEK,
)


def log_of(world: Scenario) -> Log:
    return simulate(world.desk, draw_messages(world, seed=3, replication=0), compile_roster(world))


@cache
def roomy_log() -> Log:
    return log_of(ROOMY)


def z_scores(world: Scenario, log: Log) -> tuple[np.ndarray, np.ndarray]:
    """z of visits and of work per message and queue: what the engine counts against what ``world`` expects."""
    expected = offered(world, compile_roster(world), np.array([0, world.horizon]))
    messages, queues, (route,) = len(log.fates[0].outcome), len(world.desk.queues), world.desk.routes
    factor = np.array([route.steps[queue.step].work_factor.values[0] for queue in world.desk.queues])[log.visits.queue]
    z = []
    for amount, total in ((np.ones(len(log.visits)), expected.visits), (log.visits.work * factor, expected.work)):
        counted = np.zeros((messages, queues))
        np.add.at(counted, (log.visits.message, log.visits.queue), amount)
        error = counted.std(axis=0, ddof=1) / np.sqrt(messages)
        z.append((counted.mean(axis=0) - total[:, 0] / expected.messages[0, 0]) / error)
    return z[0], z[1]


def test_offered_work_is_what_the_engine_counts() -> None:
    visits, worked = z_scores(ROOMY, roomy_log())
    assert len(visits) == 5  # with draft's rework
    assert np.abs(visits).max() < 4.5
    assert np.abs(worked).max() < 4.5


@pytest.mark.parametrize("rounds", [2, 3])
def test_offered_work_is_what_the_engine_counts_where_a_review_is_reworked(rounds: int) -> None:
    approve, audit = review("approve", "draft", rounds=rounds), review("audit", "approve", rounds=rounds)
    steps = (work("draft", share=0.9), approve, audit)
    volume = poisson(per_hour=60, horizon=WEEK)
    world = scenario(StreamSpec("posts", volume, steps), teams=(TeamSpec("desk", 40),), horizon=2 * WEEK)
    visits, worked = z_scores(world, log_of(world))
    assert len(visits) == 5  # with rework of draft and of approve
    assert np.abs(visits).max() < 4.5
    assert np.abs(worked).max() < 4.5


@pytest.mark.parametrize("mistake", ["quality", "triage", "rounds"])
def test_the_comparison_notices_wrong_theory(mistake: str) -> None:
    """Negative control: theory that forgets quality, triage or the last round differs from the same log."""
    (stream,), steps = ROOMY.streams, ROOMY.desk.routes[0].steps
    wrong = ROOMY
    if mistake == "quality":
        wrong = wrong.but(teams=(replace(wrong.teams[0], shifts=(replace(wrong.teams[0].shifts[0], quality=1.0),)),))
    elif mistake == "triage":
        wrong = wrong.but(streams=(replace(stream, triage=Deterministic(0)),))
    else:
        last = tuple(replace(s, review=s.review and replace(s.review, max_rounds=9)) for s in steps)
        wrong = wrong.but(desk=replace(wrong.desk, routes=(replace(wrong.desk.routes[0], steps=last),)))
    assert max(np.abs(z).max() for z in z_scores(wrong, roomy_log())) > 4.5


def test_the_qualities_of_a_team_count_by_what_its_windows_can_do() -> None:
    """Two hours at pace 1 and quality 2, two at pace 2 and quality 0.5: the first do two of three messages."""
    shifts = (
        ShiftSpec("good", ((0, 2 * HOUR),), quality=0.5, pace=2.0),
        ShiftSpec("hasty", ((0, 2 * HOUR),), quality=2.0, pace=1.0),
    )
    checked = StepSpec("check", SIX_MINUTES, review=ReviewSpec(0.6, "respond", rework=SIX_MINUTES, max_rounds=2))
    world = scenario(
        StreamSpec("mentions", at(0), (StepSpec("respond", SIX_MINUTES), checked)),
        teams=(TeamSpec("desk", 2, ("mentions.respond",), shifts), TeamSpec("reviewers", 1, ("mentions.check",))),
        horizon=2 * WEEK,
    )
    made = offered(world, compile_roster(world), np.array([0, DAY, 2 * DAY]))  # nobody is on duty on the second day
    rework, check = 0, 2
    assert made.visits[rework, 0] == pytest.approx(2 / 3 * 1.0 + 1 / 3 * 0.3)
    assert made.visits[check, 0] == pytest.approx(1 + 2 / 3 * 1.0 + 1 / 3 * 0.3)


def test_means_of_a_step_function() -> None:
    steps = Piecewise(np.array([10, 20, 40]), np.array([1.0, 3.0, 0.0]))
    assert steps.average(np.array([0, 10, 30, 60])) == pytest.approx([1.0, 2.0, 1.0])
    assert steps.average(np.array([45, 50])) == pytest.approx([0.0])


def test_factors_count_with_their_mean_over_the_bucket() -> None:
    halfway = Piecewise(np.array([0, WEEK + WEEK // 2]), np.array([1.0, 0.5]))
    step = StepSpec("respond", SIX_MINUTES, work_factor=halfway)
    world = scenario(StreamSpec("mentions", poisson(per_hour=10, horizon=3 * WEEK), (step,)), horizon=3 * WEEK)
    assert offered(world, compile_roster(world), weeks(3 * WEEK)).work[0] / HOUR == pytest.approx([168, 126, 84])


# --- The forecast (R53) -----------------------------------------------------------------------------------------------


def test_the_first_week_with_more_work_than_capacity() -> None:
    """Work of 15, 16, … hours a week (6 min each, 150 messages and 10 more every week) against 20 hours."""
    growing = RateArrivals(np.arange(11) * WEEK, (150 + 10 * np.arange(10)) / WEEK)
    half_days = TeamSpec("desk", 1, shifts=(ShiftSpec("half", tuple((a, a + 4 * HOUR) for a, _ in OFFICE)),))
    world = scenario(
        StreamSpec("mentions", growing, (StepSpec("respond", SIX_MINUTES),)), teams=(half_days,), horizon=10 * WEEK
    )
    (made,) = forecast_of(world).stages
    assert made.work / HOUR == pytest.approx(15 + np.arange(10))
    assert (made.capacity == 20 * HOUR).all()
    assert made.first_overloaded == 6  # 20 hours in week 5 are just enough
    assert made.overloaded.tolist() == [False] * 6 + [True] * 4


def test_rework_can_overload() -> None:
    checked = StepSpec("check", Deterministic(0), review=ReviewSpec(0.5, "respond", rework=SIX_MINUTES, max_rounds=9))
    steps = (StepSpec("respond", SIX_MINUTES), checked)
    teams = (office("desk", 1, ("mentions.respond",)), office("reviewers", 1, ("mentions.check",)))
    busy = scenario(
        StreamSpec("mentions", hourly([300 / 168], horizon=WEEK), steps), teams=teams, horizon=WEEK
    )  # 30 hours at first, 30 × (1/2 + 1/4 + …) again
    made = stage(forecast_of(busy), "mentions.respond")
    assert made.work[0] / HOUR == pytest.approx(30 * (2 - 2**-8))
    assert made.first_overloaded == 0
    assert stage(forecast_of(busy), "mentions.check").first_overloaded is None


def two_streams(*teams: TeamSpec) -> Forecast:
    """``urgent`` and ``other`` bring 30 hours a week each."""
    volume = hourly([300 / 168], horizon=WEEK)
    step = StepSpec("respond", SIX_MINUTES)
    streams = (StreamSpec("urgent", volume, (step,)), StreamSpec("other", volume, (step,)))
    return forecast_of(scenario(*streams, teams=teams, horizon=WEEK))


def loads(made: Forecast) -> list[tuple[int, int, bool]]:
    return [(round(s.load[0] / HOUR), round(s.shared_capacity[0] / HOUR), bool(s.overloaded[0])) for s in made.stages]


def test_what_is_ranked_above_competes() -> None:
    made = two_streams(office("desk", 1, ("urgent.respond", "other.respond")))
    assert loads(made) == [(30, 40, False), (60, 40, True)]


def test_equal_rank_competes_both_ways() -> None:
    made = two_streams(office("desk", 1, (("urgent.respond", "other.respond"),)))
    assert loads(made) == [(60, 40, True), (60, 40, True)]


def test_what_another_team_serves_too_does_not_count() -> None:
    made = two_streams(office("desk", 1, ("urgent.respond", "other.respond")), office("help", 1, ("urgent.respond",)))
    assert loads(made) == [(30, 80, False), (30, 40, False)]
    assert [team.work[0] / HOUR for team in made.teams] == pytest.approx([30, 0])
    assert [team.capacity[0] / HOUR for team in made.teams] == pytest.approx([40, 40])


def test_a_stage_that_only_some_windows_serve_needs_them_to_be_enough() -> None:
    """Five shifts of 40 hours in one team, one of which serves ``other`` (30 hours of work), below ``urgent``."""
    both = ("urgent.respond", "other.respond")
    shifts = (ShiftSpec("main", OFFICE, weight=4, serves=("urgent.respond",)), ShiftSpec("senior", OFFICE, serves=both))
    made = two_streams(TeamSpec("desk", 5, shifts=shifts))
    assert loads(made) == [(30, 200, False), (60, 200, False)]
    slow = (shifts[0], replace(shifts[1], pace=1.5))
    made = two_streams(TeamSpec("desk", 5, shifts=slow))
    assert made.stages[1].capacity[0] / HOUR == pytest.approx(40 / 1.5)
    assert loads(made)[1] == (60, 187, True)


def test_a_step_nobody_is_assigned_to_is_overloaded_and_one_served_by_nobody_is_no_stage() -> None:
    steps = (StepSpec("write", SIX_MINUTES, nobody=True), StepSpec("respond", SIX_MINUTES))
    made = forecast_of(scenario(StreamSpec("mentions", at(0), steps), horizon=WEEK, start=MONDAY))
    assert [(one.stage.name, one.first_overloaded) for one in made.stages] == [("mentions.respond", 0)]
    assert made.offered.work[:, 0].tolist() == [0, 6 * MINUTE]


def test_dated_headcount_moves_the_capacity() -> None:
    growing = Piecewise(np.array([0, WEEK]), np.array([1, 2]))
    step = StepSpec("respond", SIX_MINUTES)
    volume = hourly([600 / 168], horizon=2 * WEEK)
    world = scenario(StreamSpec("mentions", volume, (step,)), teams=(office("desk", growing),), horizon=2 * WEEK)
    assert forecast_of(world).stages[0].overloaded.tolist() == [True, False]


def test_the_end_of_a_run_joins_its_last_week() -> None:
    assert weeks(3 * DAY).tolist() == [0, 3 * DAY]
    assert weeks(WEEK).tolist() == [0, WEEK]
    assert weeks(2 * WEEK + DAY).tolist() == [0, WEEK, 2 * WEEK + DAY]
