"""What is drawn of messages that are there at the start: by hand, against exact laws, and addressed (R87, R88, R91)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from builders import MONDAY, ReviewSpec, StepSpec, StreamSpec, TeamSpec, at, poisson, scenario
from scipy import stats

from simsocial.draw.durations import durations, patience_beyond
from simsocial.draw.messages import Plan
from simsocial.draw.roster import compile_roster
from simsocial.measure.fluid import forecast
from simsocial.model.backlog import Waiting
from simsocial.model.calendar import Calendar
from simsocial.model.desk import When
from simsocial.model.laws import Deterministic, Exponential, Law, LogNormal, Uniform, Weibull, WithZero
from simsocial.model.messages import StreamMessages
from simsocial.model.promises import Measured, Promise
from simsocial.model.scenario import Scenario
from simsocial.simulation.run import run
from simsocial.units import DAY, HOUR, MINUTE, NEVER, WEEK

OFFICE = Calendar.compile(
    "office",
    start=MONDAY,
    hours=tuple((day * DAY + 9 * HOUR, day * DAY + 17 * HOUR) for day in range(5)),
    until=WEEK,
    since=-WEEK,
)
"""Mon-Fri 09:00-17:00; tick 0 is a Monday's midnight."""
PROMISES = (
    Promise("pickup", Measured.PICKUP, 0, 2 * HOUR, None, 0.8, None),
    Promise("first_response", Measured.FIRST_RESPONSE, 0, 4 * HOUR, None, 0.8, 0),
    Promise("completion", Measured.COMPLETION, 2, 90 * HOUR, None, 0.8, None),
)


def desk(*waiting: Waiting, **changes: Any) -> Scenario:
    audit = ReviewSpec(0.5, "respond", rework=Exponential(MINUTE), when=When.AFTER)
    stream = StreamSpec(
        "mentions",
        poisson(per_hour=2, horizon=WEEK),
        (
            StepSpec("respond", Exponential(MINUTE)),
            StepSpec("audit", Exponential(MINUTE), share=0.3, review=audit),
            StepSpec("file", Exponential(MINUTE), share=0.5, review=replace(audit, reject=0.0)),
        ),
        promises=PROMISES,
        patience=Exponential(8 * HOUR),
        waiting=waiting,
        **changes,
    )
    return scenario(stream, teams=(TeamSpec("desk", 2),), horizon=WEEK, calendars=[OFFICE])


def listed(step: int, *ages: int, first: int = 0) -> Waiting:
    return Waiting(step, first + np.arange(len(ages)), np.array(ages))


def drawn(world: Scenario, replication: int = 0) -> StreamMessages:
    return Plan.of(world).draw(seed=3, replication=replication).streams[0]


# ---- by hand ---------------------------------------------------------------------------------------------------------


def test_messages_stand_in_order_of_arrival_and_promises_count_from_it() -> None:
    """Ages of 1 h, 3 h and 60 h at Monday 00:00: 60 h before is Friday 12:00, whose 4 open hours end at 16:00, at
    -56 h; those of Sunday night end on Monday 13:00.
    """
    there = drawn(desk(listed(0, HOUR, 60 * HOUR, 3 * HOUR)))
    assert there.arrival[:3].tolist() == [-60 * HOUR, -3 * HOUR, -HOUR]
    pickup, response, completion = there.due[:, :3].tolist()
    assert pickup == [-58 * HOUR, -HOUR, HOUR]
    assert response == [-56 * HOUR, 13 * HOUR, 13 * HOUR]
    assert completion == [30 * HOUR, 87 * HOUR, 89 * HOUR]


def test_what_waits_behind_the_first_step_has_been_picked_up_and_behind_publication_published() -> None:
    there = drawn(desk(listed(1, HOUR)))
    assert there.arrival[0] == -HOUR
    assert there.due[:, 0].tolist() == [NEVER, NEVER, 89 * HOUR]
    assert there.patience_ends[0] == NEVER
    assert [bool(step.needs[0]) for step in there.steps[:2]] == [False, True]


def test_later_steps_are_needed_with_their_shares() -> None:
    there = drawn(desk(listed(1, *[HOUR] * 4000)))
    needs = [step.needs[:4000] for step in there.steps]
    assert not needs[0].any()
    assert needs[1].all()
    assert abs(needs[2].mean() - 0.5) < 4.5 * 0.5 / 4000**0.5


def test_noise_waits_only_for_triage() -> None:
    """R88: "It is no noise, unless it waits for a first step that triages"; behind it there is no triage left."""
    there = drawn(desk(listed(0, *[HOUR] * 50), actionable=0.5))
    assert there.actionable[:50].all()
    triaging = desk(listed(0, *[HOUR] * 400), listed(1, *[HOUR] * 400), actionable=0.5, triage=Deterministic(7))
    there = drawn(triaging)
    steps = np.array([step.needs[:800] for step in there.steps])
    first = steps[0]
    assert abs(there.actionable[:800][first].mean() - 0.5) < 4.5 * 0.5 / 400**0.5
    assert there.actionable[:800][~first].all()
    assert set(there.triage[:800][first].tolist()) == {7}
    assert set(there.triage[:800][~first].tolist()) == {0}


# ---- laws ------------------------------------------------------------------------------------------------------------

U = (np.arange(20_000) + 0.5) / 20_000


def test_exponential_patience_knows_no_age() -> None:
    """What is left of it is exponential again."""
    age = 3 * HOUR
    left = patience_beyond(Exponential(2 * HOUR), U, np.full(len(U), age)) - age
    np.testing.assert_allclose(left, durations(Exponential(2 * HOUR), U), rtol=1e-9, atol=1.0)


@pytest.mark.parametrize(
    ("law", "survival"),
    [
        (Weibull.from_scale(5 * HOUR, 0.8), stats.weibull_min(0.8, scale=5 * HOUR).sf),
        (LogNormal.from_median(4 * HOUR, 1.0), stats.lognorm(1.0, scale=4 * HOUR).sf),
        (Uniform(0, 10 * HOUR), stats.uniform(0, 10 * HOUR).sf),
        (WithZero(Exponential(6 * HOUR), 0.4), lambda t: 0.6 * stats.expon(scale=6 * HOUR).sf(t)),
    ],
    ids=["weibull", "lognormal", "uniform", "with zeros"],
)
def test_patience_is_that_of_those_who_are_still_there(law: Law, survival: Callable[[Any], Any]) -> None:
    """P(patience > t | patience > age) = S(t) / S(age); without the condition the law would be another."""
    for age in (1, 2 * HOUR, 7 * HOUR):
        amount = patience_beyond(law, U, np.full(len(U), age))
        assert (amount > age).all()
        np.testing.assert_allclose(survival(amount) / survival(age), 1 - U, atol=1e-5)
    assert not np.allclose(survival(durations(law, U)) / survival(7 * HOUR), 1 - U, atol=0.05)


def test_ages_are_those_of_their_law_cut_to_the_longest() -> None:
    world = desk(Waiting(0, np.arange(5000), Exponential(10 * HOUR), longest=20 * HOUR))
    age = -drawn(world).arrival[:5000]
    assert age.max() == 20 * HOUR
    cut = float(np.exp(-2.0))
    assert abs((age == 20 * HOUR).mean() - cut) < 4.5 * (cut * (1 - cut) / 5000) ** 0.5
    below = age[age < 20 * HOUR]
    assert stats.kstest(below, stats.truncexpon(2.0, scale=10 * HOUR).cdf).pvalue > 1e-5
    assert stats.kstest(below, stats.uniform(0, 20 * HOUR).cdf).pvalue < 1e-5


# ---- addresses -------------------------------------------------------------------------------------------------------


def columns(messages: StreamMessages, part: slice) -> list[list[Any]]:
    every = [messages.arrival, messages.patience_ends, messages.actionable, *messages.due]
    every += [column for step in messages.steps for column in (step.needs, step.work.first)]
    return [column[part].tolist() for column in every]


def test_a_backlog_changes_nothing_of_what_arrives() -> None:
    bare, stocked = drawn(desk()), drawn(desk(listed(0, HOUR, 2 * HOUR), listed(1, HOUR)))
    assert len(stocked) == len(bare) + 3
    assert columns(stocked, slice(3, None)) == columns(bare, slice(None))


def test_a_larger_backlog_changes_nothing_of_the_smaller() -> None:
    law = Exponential(5 * HOUR)
    few, many = (drawn(desk(Waiting(0, np.arange(n), law), Waiting(1, np.arange(4), law))) for n in (20, 30))
    rows = set(zip(*columns(many, slice(34)), strict=True))
    assert set(zip(*columns(few, slice(24)), strict=True)) < rows


def test_what_waits_for_different_steps_has_draws_of_its_own() -> None:
    law = Exponential(5 * HOUR)
    there = drawn(desk(Waiting(0, np.arange(40), law), Waiting(1, np.arange(40), law)))
    assert len(set(there.arrival[:80].tolist())) == 80


# ---- measures --------------------------------------------------------------------------------------------------------


def kept(results: Any, name: str) -> float:
    table = results.summary()
    return float(table.loc[table.measure == name, "value"].iloc[0])


def test_promises_due_before_the_start_are_not_counted() -> None:
    """One agent, three messages of 30 min each that were promised an answer within 2 h: that of the first was due
    before the start, the second is answered at 1 h (due at 1 h 30 min), the third at 1 h 30 min (due at 1 h).
    """
    promise = Promise("first_response", Measured.FIRST_RESPONSE, 0, 2 * HOUR, None, 0.8, None)
    stream = StreamSpec(
        "mentions",
        at(),
        (StepSpec("respond", Deterministic(30 * MINUTE)),),
        promises=(promise,),
        waiting=(listed(0, 3 * HOUR, 60 * MINUTE + 1, 30 * MINUTE),),
    )
    results = run(scenario(stream, teams=(TeamSpec("desk", 1),), horizon=DAY), replications=1)
    assert kept(results, "initial") == 3
    assert kept(results, "arrived") == 0
    assert kept(results, "handled") == 3
    assert kept(results, "handled_share") == 1
    assert kept(results, "first_response_due") == 2
    assert kept(results, "first_response_kept") == 1
    assert kept(results, "turnaround_mean") == pytest.approx((3.5 + 2 + 2) / 3, abs=1e-6)
    assert kept(results, "wait_mean") == 30


def test_without_a_backlog_there_is_no_such_measure() -> None:
    world = desk()
    assert "initial" not in set(run(world, replications=1).summary().measure)
    assert "initial" in set(run(desk(listed(0, HOUR)), replications=1).summary().measure)


def test_the_forecast_has_a_backlog_in_its_first_week() -> None:
    """R91: 6 wait for the first step, 10 for the audit: visits to respond 6 and the reworks of the audits rejected."""
    bare, stocked = (
        forecast(world, compile_roster(world)).offered
        for world in (desk(), desk(listed(0, *[HOUR] * 6), listed(1, *[HOUR] * 10)))
    )
    queues = [queue.name for queue in desk().desk.queues]
    more = dict(zip(queues, (stocked.visits - bare.visits)[:, 0].tolist(), strict=True))
    assert (stocked.messages - bare.messages).sum() == pytest.approx(16)
    assert more["mentions.respond"] == pytest.approx(6)
    assert more["mentions.audit"] > 10 + 6 * 0.3 - 1e-9
    assert more["mentions.file"] == pytest.approx(0.5 * 16, rel=0.05)
