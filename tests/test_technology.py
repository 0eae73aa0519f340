"""Gradual factors, filters and automation: what is read, drawn, expected, simulated and refused (R105-R107)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from configs_in_short import faults, resolved

import simsocial as ss
from simsocial.draw.messages import Plan, draw_messages
from simsocial.draw.roster import compile_roster
from simsocial.measure.fluid import forecast
from simsocial.model.messages import Messages
from simsocial.model.scenario import Scenario
from simsocial.simulation.replication import run_replication
from simsocial.study.verify import verify
from simsocial.study.why.message import message_story
from simsocial.study.why.promises import all_cases
from simsocial.units import DAY, HOUR, MINUTE, NEVER

REVIEWED = """
streams.m.route = ["respond", "review"]
[streams.m.steps.review]
when = "after publication"
work = "2 min"
reject = 0.3
returns_to = "respond"
rework = "4 min"
[teams.desk]
headcount = 40
self_review = true
"""
NOISY = "streams.m.actionable = { share = 0.4, triage = '1 min' }"
FILTER = "streams.m.filters.tool = { from = 2026-01-01, noise = 0.7, lost = 0.1 }"
BOT = "streams.m.steps.respond.automation.bot"
TOOL = f"{BOT} = {{ from = 2026-01-01, share = 0.5, contained = 0.6, handed_over = 1.5, quality = 2.0 }}"
MANY = 'streams.m.arrivals.rate = "2000 / day"'
FACTOR = "streams.m.steps.respond.factors.library"


def z(hits: float, of: int, share: float) -> float:
    return (hits - of * share) / (of * share * (1 - share)) ** 0.5


def columns(given: Messages) -> list[npt.NDArray[np.generic]]:
    """Return every array of what was drawn for the only stream."""
    stream = given.streams[0]
    found = [stream.arrival, stream.patience_ends, stream.actionable, stream.triage, stream.due]
    for step in stream.steps:
        for each in (step.work, step.reject, step.rework):
            found += [] if each is None else [each.first, *(level.value for level in each.later)]
        found.append(step.needs)
    return found


# ---- gradual changes (R105) ------------------------------------------------------------------------------------------


def factor_on(scenario: Scenario, *days: float) -> list[float]:
    factor = scenario.desk.routes[0].steps[0].work_factor
    return [round(float(value), 9) for value in factor.at(np.array([day * DAY for day in days]).astype(np.int64))]


def test_a_gradual_factor_has_the_mean_of_its_line_on_every_date() -> None:
    world = resolved(f'{FACTOR} = {{ from = 2026-01-12, work = 0.8, over = "4 days" }}')
    assert factor_on(world, 0, 6.99, 7, 8, 9, 10, 10.99, 11, 27) == [1, 1, 0.975, 0.925, 0.875, 0.825, 0.825, 0.8, 0.8]


def test_a_begun_day_counts_whole_and_a_change_on_the_spot_stays_one() -> None:
    assert factor_on(resolved(f'{FACTOR} = {{ from = 2026-01-12, work = 0.8, over = "30 h" }}'), 7, 8, 9) == [
        0.95, 0.85, 0.8,
    ]  # fmt: skip
    assert factor_on(resolved(f"{FACTOR} = {{ from = 2026-01-12, work = 0.8 }}"), 6.9, 7) == [1, 0.8]


def test_what_began_before_the_run_holds_as_far_as_it_has_come() -> None:
    world = resolved(f'{FACTOR} = {{ from = 2026-01-03, work = 0.8, over = "4 days" }}')
    assert factor_on(world, 0, 1, 2, 3) == [0.875, 0.825, 0.8, 0.8]


def test_a_later_change_cuts_a_gradual_one_and_goes_on_from_there() -> None:
    later = "streams.m.steps.respond.factors.later"
    world = resolved(
        f'{FACTOR} = {{ from = 2026-01-12, work = 0.8, over = "4 days" }}',
        f'{later} = {{ from = 2026-01-14, work = 1.325, over = "2 days" }}',
    )
    assert factor_on(world, 7, 8, 9, 10, 11, 20) == [0.975, 0.925, 1.025, 1.225, 1.325, 1.325]


# ---- doing nothing ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "nothing",
    [
        "streams.m.filters.tool = { from = 2026-01-01, noise = 0, lost = 0 }",
        f"{BOT} = {{ from = 2026-01-01, share = 0, quality = 3, handed_over = 2 }}",
        f"{BOT} = {{ from = 2026-01-01, share = 1, contained = 0 }}",
        f'{FACTOR} = {{ from = 2026-01-12, work = 1, over = "4 days" }}',
    ],
)
def test_doing_nothing_is_exact(nothing: str) -> None:
    plain, same = (run_replication(resolved(REVIEWED, NOISY, *change), number=3) for change in ([], [nothing]))
    for before, after in zip(columns(plain.messages), columns(same.messages), strict=True):
        np.testing.assert_array_equal(before, after)
    for name, counted in vars(plain.tallies.queues).items():
        np.testing.assert_array_equal(counted, getattr(same.tallies.queues, name))


def test_doing_something_is_not() -> None:
    plain, other = (draw_messages(resolved(REVIEWED, *change), seed=1, replication=0) for change in ([], [TOOL]))
    assert not np.array_equal(plain.streams[0].steps[0].needs, other.streams[0].steps[0].needs)


# ---- filters (R106) --------------------------------------------------------------------------------------------------


def test_a_filter_drops_its_shares_from_its_date_on() -> None:
    late = FILTER.replace("2026-01-01", "2026-01-19")
    plain, tuned = (draw_messages(resolved(MANY, NOISY, *change), seed=2, replication=0) for change in ([], [late]))
    before, after = plain.streams[0], tuned.streams[0]
    np.testing.assert_array_equal(before.arrival, after.arrival)
    live = after.arrival >= 14 * DAY
    lost, dropped = before.actionable & ~after.actionable, before.steps[0].needs & ~after.steps[0].needs
    assert not dropped[~live].any()
    assert after.lost is not None
    np.testing.assert_array_equal(lost, after.lost)
    noise, needed = (live & ~before.actionable).sum(), (live & before.actionable).sum()
    assert abs(z((dropped & ~before.actionable).sum(), noise, 0.7)) < 4.5
    assert abs(z(lost.sum(), needed, 0.1)) < 4.5
    assert abs(z(lost.sum(), needed, 0.13)) > 4.5, "a filter that loses a little more is told from it"
    np.testing.assert_array_equal(before.steps[0].work.first[~lost], after.steps[0].work.first[~lost])


def test_a_better_filter_drops_all_that_a_worse_one_dropped() -> None:
    worse, better = (
        draw_messages(resolved(NOISY, FILTER.replace("0.7", share)), seed=2, replication=0).streams[0].steps[0].needs
        for share in ("0.3", "0.6")
    )
    assert (better <= worse).all()
    assert better.sum() < worse.sum()


@pytest.mark.parametrize("triage", ["", NOISY])
def test_what_is_lost_is_never_seen_and_breaks_its_promise(triage: str) -> None:
    promise = 'streams.m.promises.first_response = { within = "1 h", share = 0.9 }'
    run = run_replication(resolved(promise, FILTER, *([triage] if triage else []), "teams.desk.headcount = 40"))
    stream = run.messages.streams[0]
    streams, promises = run.tallies.streams, run.tallies.promises
    assert stream.lost is not None
    lost = int(stream.lost.sum())
    assert streams.lost.sum() == lost > 0
    visits = run.trace.log.visits
    assert not stream.lost[visits.message].any()
    due = int(((stream.due[0] <= run.scenario.horizon) & (stream.actionable | stream.lost)).sum())
    assert promises.due.sum() == due
    assert due - promises.kept.sum() == (stream.lost & (stream.due[0] <= run.scenario.horizon)).sum()
    fates = streams.handled + streams.abandoned + streams.expired + streams.withdrawn + streams.noise
    assert 0 <= streams.arrived.sum() - fates.sum() < 10, "R41: what is lost is counted as noise"


# ---- automation (R107) -----------------------------------------------------------------------------------------------


def test_a_tool_does_its_share_and_makes_what_it_hands_over_heavier() -> None:
    plain, helped = (
        draw_messages(resolved(MANY, REVIEWED, *c), seed=3, replication=0).streams[0] for c in ([], [TOOL])
    )
    size = len(plain)
    alone = plain.steps[0].needs & ~helped.steps[0].needs
    assert abs(z(alone.sum(), size, 0.5 * 0.6)) < 4.5
    assert abs(z(alone.sum(), size, 0.32)) > 4.5
    heavier = helped.steps[0].work.first == 9 * MINUTE
    assert abs(z(heavier.sum(), size, 0.5 * 0.4)) < 4.5
    assert set(helped.steps[0].work.first[~heavier & ~alone]) == {6 * MINUTE}
    before, after = plain.steps[1].reject, helped.steps[1].reject
    assert before is not None
    assert after is not None
    np.testing.assert_array_equal(after.first, np.where(alone, before.first / 2, before.first))


def test_more_of_a_tool_leaves_all_else_as_it_was() -> None:
    less, more = (
        draw_messages(resolved(REVIEWED, _sure(f"share = {share}")), seed=3, replication=0) for share in (0.3, 0.6)
    )
    few, many = less.streams[0].steps[0].needs, more.streams[0].steps[0].needs
    assert (many <= few).all()
    assert many.sum() < few.sum()
    np.testing.assert_array_equal(less.streams[0].steps[0].work.first[many], more.streams[0].steps[0].work.first[many])


def _sure(share: str) -> str:
    """Return the tool with a share, and nothing handed over."""
    return TOOL.replace("share = 0.5", share).replace("contained = 0.6", "contained = 1")


def test_what_a_tool_answers_is_picked_up_and_out_at_once_and_nobody_loses_patience() -> None:
    promise = 'streams.m.promises.pickup = { within = "1 min", share = 0.9 }'
    patient = 'streams.m.patience = "2 h"\nstreams.m.steps.respond.work = "1 h"'
    few = "teams.desk.headcount = 1"
    run = run_replication(resolved(REVIEWED, patient, promise, few, TOOL.replace("0.6", "1.0")))
    stream, fates = run.messages.streams[0], run.trace.log.fates[0]
    assert stream.answered is not None
    at_once = stream.answered
    np.testing.assert_array_equal(fates.published[at_once], stream.arrival[at_once])
    assert (stream.patience_ends[at_once] == NEVER).all()
    assert (stream.patience_ends[~at_once] < NEVER).all()
    assert run.tallies.promises.kept.sum() >= (at_once & (stream.due[0] <= run.scenario.horizon)).sum() > 0
    visits = run.trace.log.visits
    waited = visits.start[at_once[visits.message]] - visits.joined[at_once[visits.message]]
    assert (waited > HOUR).any(), "else they would be in time anyhow"


def test_quality_nought_is_never_rejected() -> None:
    run = run_replication(resolved(REVIEWED, TOOL.replace("quality = 2.0", "quality = 0")))
    visits, answered = run.trace.log.visits, run.messages.streams[0].answered
    assert answered is not None
    first = (visits.step == 1) & (visits.visit == 1)
    rejected = visits.outcome == 2
    assert not (first & rejected & answered[visits.message]).any()
    assert (first & rejected & ~answered[visits.message]).any()


# ---- what is expected (R53) ------------------------------------------------------------------------------------------


def test_the_forecast_counts_visits_and_work_as_they_come() -> None:
    """Against 40 replications in which nobody leaves, by queue; a forecast without the tools is far off."""
    world = resolved(REVIEWED, NOISY, FILTER, TOOL, "time.horizon = '2 weeks'", "streams.m.arrivals.rate = '60 / day'")
    counts, hours = [], []
    for number in range(40):
        visits = run_replication(world, number=number).trace.log.visits
        counts.append(np.bincount(visits.queue, minlength=3))
        hours.append(np.bincount(visits.queue, visits.work, minlength=3) / HOUR)
    made = forecast(world, compile_roster(world)).offered
    for seen, told in ((counts, made.visits), (hours, made.work / HOUR)):
        mean, error = np.mean(seen, axis=0), np.std(seen, axis=0, ddof=1) / 40**0.5
        assert (abs(mean - told.sum(axis=1)) < 4.5 * error).all()
        assert (error < 0.05 * mean).all()
    mean, error = np.mean(counts, axis=0), np.std(counts, axis=0, ddof=1) / 40**0.5
    for change in ({"filter": None}, {"steps": tuple(replace(s, automation=None) for s in world.streams[0].steps)}):
        other = world.but(streams=(replace(world.streams[0], **change),))  # type: ignore[arg-type]
        wrong = forecast(other, compile_roster(other)).offered.visits.sum(axis=1)
        assert (abs(mean - wrong) > 4.5 * error).any()


def test_the_forecast_knows_the_quality_of_a_tool_at_its_first_look() -> None:
    """All answered by the tool: 0.3 × 2 of them come back once; people's rework is judged by 0.3 again."""
    world = resolved(REVIEWED, f"{BOT} = {{ from = 2026-01-01, share = 1, quality = 2 }}")
    made = forecast(world, compile_roster(world)).offered
    messages = made.messages.sum()
    back = 0.6 * sum(0.3**round_ for round_ in range(4))  # five reviews at most, and the last sends nothing back
    queues = [queue.name for queue in world.desk.queues]
    assert made.visits.sum(axis=1) / messages == pytest.approx([back, 0, 1 + back])
    assert queues == ["m.respond.rework", "m.respond", "m.review"]


def test_the_offered_load_falls_from_the_date_of_a_tool() -> None:
    world = resolved(f"{BOT} = {{ from = 2026-01-19, share = 0.4 }}")
    weeks = forecast(world, compile_roster(world)).stages[0].work / HOUR
    assert weeks == pytest.approx([16.8, 16.8, 16.8 * 0.6, 16.8 * 0.6])


# ---- engines, measures, input ----------------------------------------------------------------------------------------


def test_both_engines_tell_the_same() -> None:
    gradual = "streams.m.steps.review.automation.auto = { from = 2026-01-10, share = 0.5, over = '2 weeks' }"
    world = resolved(REVIEWED, NOISY, FILTER, TOOL, gradual, 'streams.m.patience = "4 h"', "teams.desk.headcount = 1")
    assert verify(world, replications=2).identical


def test_lost_is_told_of_streams_with_a_filter_only() -> None:
    with_filter = {row.name for row in ss.run(resolved(NOISY, FILTER), replications=2).rows}
    without = {row.name for row in ss.run(resolved(NOISY), replications=2).rows}
    assert with_filter - without == {"m.lost"}


def test_what_tools_finished_is_told_of_streams_with_automation() -> None:
    """R107: messages of two steps, each half done by a tool; counted once, when they arrive, and noise not at all."""
    reviewer = TOOL.replace("respond", "review").replace(", quality = 2.0", "")
    world = resolved(MANY, REVIEWED, NOISY, TOOL, reviewer)
    run = run_replication(world, number=2)
    stream = run.messages.streams[0]
    assert stream.automated is not None
    told = stream.automated
    assert run.tallies.streams.automated.sum() == told.sum()
    assert abs(z(told.sum(), stream.actionable.sum(), 1 - (1 - 0.5 * 0.6) ** 2)) < 4.5
    assert abs(z(told.sum(), stream.actionable.sum(), 0.5 * 0.6)) > 4.5, "those of the first step alone are fewer"
    assert not told[~stream.actionable].any()
    rows = {row.name for row in ss.run(world, replications=2).rows}
    without = {row.name for row in ss.run(resolved(MANY, REVIEWED, NOISY), replications=2).rows}
    assert rows - without == {"m.automated", "m.automated_share"}


def test_why_says_that_a_filter_lost_a_message() -> None:
    world = resolved(FILTER, "streams.m.promises.completion = { within = '1 h', share = 0.9 }", MANY)
    trace = run_replication(world).trace
    lost = trace.given.streams[0].lost
    assert lost is not None
    cases = all_cases(world, trace)
    told = [
        message_story(world, trace, cases, stream=0, message=int(m)).outcome for m in (np.argmax(lost), np.argmin(lost))
    ]
    assert told == ["lost", "handled"]


def test_split_streams_are_filtered_as_the_whole() -> None:
    whole = Plan.of(resolved(NOISY, FILTER)).draw(seed=1, replication=0).streams
    parts = Plan.of(resolved(NOISY, FILTER, "streams.m.split = { en = 0.6, fr = 0.4 }")).draw(seed=1, replication=0)
    assert sum(int(part.lost.sum()) for part in parts.streams if part.lost is not None) == whole[0].lost.sum()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            "streams.m.filters.tool = { from = 2026-01-01 }",
            "streams.m.filters.tool: changes nothing; write noise, lost, or both",
        ),
        (
            "streams.m.filters.tool = { from = 2026-01-01, noise = 1.2 }",
            "streams.m.filters.tool.noise: write a share between 0 and 1, such as 0.4 (got 1.2)",
        ),
        (
            f"{BOT} = {{ from = 2026-01-01, over = '3 days' }}",
            f"{BOT}: changes nothing; write share, contained, quality, handed_over, or several",
        ),
        (
            f"{BOT} = {{ from = 2026-01-01, share = 0.3, quality = 2 }}",
            f"{BOT}.quality: no review judges respond; leave it out",
        ),
        (
            f"{BOT} = {{ from = 2026-01-01, share = 0.3 }}\n{BOT}2 = {{ from = 2026-01-01, share = 0.4 }}",
            f"{BOT}2.from: bot begins on that date too; write them as one",
        ),
        (
            f'{FACTOR} = {{ from = 2026-01-12, work = 0.8, over = "0 days" }}',
            f'{FACTOR}.over: a length of time must be greater than 0 (got "0 days")',
        ),
    ],
)
def test_bad_input(change: str, said: str) -> None:
    assert faults(change) == [said]
