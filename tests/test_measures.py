"""Measures against what the log says visit by visit, against scipy and laws that hold exactly, and by hand."""

from __future__ import annotations

import math
from random import Random
from typing import Any

import numpy as np
import pytest
from builders import ReviewSpec, ShiftSpec, StepSpec, StreamSpec, TeamSpec, poisson, scenario
from random_logs import OPEN, Case, full_case, random_case
from scipy.stats import CensoredData, ecdf

from simsocial.errors import InputError
from simsocial.measure.definitions import MEASURES, Kind
from simsocial.measure.measures import estimate, evaluate, rows, summarise
from simsocial.measure.rows import row_named
from simsocial.measure.series import series_rows
from simsocial.measure.stats import order_quantile, ratio, student, wilson
from simsocial.measure.tally import buckets, tally
from simsocial.measure.totals import totals
from simsocial.measure.wait_quantiles import of_everyone, of_the_served
from simsocial.model.desk import When
from simsocial.model.laws import Exponential
from simsocial.model.log import VisitOutcome
from simsocial.model.promises import Measured, Promise
from simsocial.model.scenario import Scenario
from simsocial.model.tallies import Tallies
from simsocial.model.teams import Break
from simsocial.model.waits import bin_of, bins, longest
from simsocial.simulation.replication import Replication, run_replication
from simsocial.units import DAY, HOUR, MINUTE, NEVER, WEEK


def counted(case: Case) -> Tallies:
    return tally(case.scenario, case.messages, case.roster, case.log, buckets(case.scenario))


def values(world: Scenario, tallies: Tallies) -> dict[str, float]:
    above, below = evaluate(world, tallies)
    with np.errstate(invalid="ignore", divide="ignore"):
        return dict(zip((row.name for row in rows(world)), above / below, strict=True))


@pytest.fixture(scope="module")
def desk() -> Scenario:
    """Half a week of a desk that loses some customers, with reviews after publication and breaks."""
    check = StepSpec(
        "check",
        Exponential(3 * MINUTE),
        share=0.5,
        review=ReviewSpec(0.3, "respond", rework=Exponential(4 * MINUTE), when=When.AFTER),
    )
    mail = StreamSpec(
        "mail",
        poisson(per_hour=14, horizon=4 * DAY),
        (StepSpec("respond", Exponential(6 * MINUTE)), check),
        promises=(
            Promise("pickup", Measured.PICKUP, 0, 10 * MINUTE, None, 0.8, None),
            Promise("check", Measured.STEP, 1, 20 * MINUTE, None, 0.8, None),
        ),
        actionable=0.9,
        patience=Exponential(HOUR),
    )
    hours = tuple((day * DAY + 8 * HOUR, day * DAY + 20 * HOUR) for day in range(7))
    day = ShiftSpec("day", hours, breaks=(Break(4 * HOUR, 30 * MINUTE),))
    return scenario(mail, teams=(TeamSpec("desk", 2, shifts=(day,)),), horizon=4 * DAY, warmup=10 * HOUR)


@pytest.fixture(scope="module")
def replications(desk: Scenario) -> list[Replication]:
    return [run_replication(desk, number=number) for number in range(6)]


@pytest.fixture(scope="module")
def measured(desk: Scenario, replications: list[Replication]) -> dict[str, float]:
    return values(desk, replications[0].tallies)


# ---- against the log -----------------------------------------------------------------------------------------------


def test_measures_of_a_run_are_what_its_log_says(
    desk: Scenario, replications: list[Replication], measured: dict[str, float]
) -> None:
    trace = replications[0].trace
    visits, fates, drawn = trace.log.visits, trace.log.fates[0], trace.given.streams[0]
    after = drawn.arrival >= desk.warmup
    own = after[visits.message]
    respond = own & (visits.step == 0)
    began = respond & (visits.start != NEVER)
    wait = (visits.start - visits.joined)[began]
    check = own & (visits.step == 1)
    first = check & (visits.visit == 1)
    passed, rejected = visits.outcome == VisitOutcome.PASSED, visits.outcome == VisitOutcome.REJECTED
    waiting = (visits.outcome == VisitOutcome.WAITING) & (visits.step == 0)
    handled = after & (fates.outcome == 0)
    assert (visits.queue[respond] != visits.queue[respond][0]).any(), "rework is in it"
    expected = {
        "mail.arrived": after.sum(),
        "mail.abandoned_share": (after & (fates.outcome == 1)).sum() / after.sum(),
        "mail.noise": (after & (fates.outcome == 4)).sum(),
        "mail.turnaround_mean": (fates.ended - drawn.arrival)[handled].mean() / HOUR,
        "mail.respond.offered": respond.sum(),
        "mail.respond.wait_mean": wait.mean() / MINUTE,
        "mail.respond.waited_share": (wait > 0).mean(),
        "mail.check.rejected_share": (check & rejected).sum() / (check & (passed | rejected)).sum(),
        "mail.check.first_pass_yield": (first & passed).sum() / (first & (passed | rejected)).sum(),
        "mail.check.rounds": (check & (passed | rejected)).sum() / (first & (passed | rejected)).sum(),
        "mail.respond.backlog": waiting.sum(),
        "mail.respond.backlog_work": visits.work[waiting].sum() / HOUR,
        "mail.respond.backlog_age": (desk.horizon - visits.joined[waiting]).mean() / HOUR,
    }
    assert {name: measured[name] for name in expected} == pytest.approx(expected, rel=1e-12)
    exact = np.quantile(wait, [0.5, 0.9, 0.95], method="inverted_cdf")
    for name, quantile in zip(("p50", "p90", "p95"), exact, strict=True):
        assert quantile <= measured[f"mail.respond.wait_{name}"] * MINUTE <= quantile * 33 / 32  # R44


def test_rows_of_later_streams_and_steps_are_their_own() -> None:
    case = full_case()
    visits, after = case.log.visits, [drawn.arrival >= case.scenario.warmup for drawn in case.messages.streams]
    assert all(len(each) for each in after)
    got = values(case.scenario, counted(case))
    for stream, route in enumerate(case.scenario.desk.routes):
        name, own = route.stream, visits.stream == stream
        assert got[f"{name}.arrived"] == after[stream].sum()
        for step, part in enumerate(route.steps):
            joined = visits.message[own & (visits.step == step)]
            assert got[f"{name}.{part.name}.offered"] == after[stream][joined].sum() > 0
    answer = np.flatnonzero((visits.stream == 1) & (visits.step == 0))
    today = answer[after[1][visits.message[answer]] & (visits.joined[answer] < OPEN[1])]
    assert got["questions.answer.due"] == len(today) > 0  # end of business day + 0


def test_backlog_work_and_age_are_read_where_intervals_end_after_the_warm_up() -> None:
    """Ends 20, 40, 60, 80 and 90; the warm-up of 40 leaves the last three."""
    case = full_case()
    case = Case(case.scenario.but(interval=20, warmup=40), case.messages, case.roster, case.log)
    visits = case.log.visits
    write = (visits.stream == 0) & (visits.step == 0)
    stopped = np.where(visits.start != NEVER, visits.start, visits.end)
    waiting = [write & (visits.joined < end) & (stopped >= end) for end in (60, 80, 90)]
    got = values(case.scenario, counted(case))
    work = sum(visits.work[each].sum() for each in waiting) / 3
    age = sum((end - visits.joined[each]).sum() for end, each in zip((60, 80, 90), waiting, strict=True))
    assert work > 0
    assert got["posts.write.backlog_work_mean"] * HOUR == pytest.approx(work)
    assert got["posts.write.backlog_age_mean"] * HOUR == pytest.approx(age / sum(each.sum() for each in waiting))


def test_fates_add_up(measured: dict[str, float]) -> None:
    """R41."""
    gone = ("handled", "abandoned", "expired", "withdrawn", "noise", "pending")
    assert sum(measured[f"mail.{name}"] for name in gone) == measured["mail.arrived"]
    assert sum(measured[f"mail.{name}_share"] for name in gone) == pytest.approx(1)


@pytest.mark.parametrize("seed", range(30))
def test_every_paid_tick_is_in_one_account(seed: int) -> None:
    """R46, in whole ticks: working and idle are never negative, and add up with the rest to the paid time."""
    case = random_case(Random(seed))
    got = values(case.scenario, counted(case))
    for team in ("desk", "seniors"):
        away = (
            *("on_break", "in_meetings", "at_other_duties", "on_leave", "absent"),
            *("in_training", "teaching", "in_outages"),
        )
        parts = [round(got[f"{team}.{name}"] * HOUR) for name in ("working", "idle", *away)]
        assert min(parts) >= 0
        assert sum(parts) == round(got[f"{team}.paid"] * HOUR)


@pytest.mark.parametrize("seed", range(30))
def test_littles_law_holds_to_the_tick(seed: int) -> None:
    """The number waiting, integrated after the warm-up, is the waits added up (Little 1961): true of every log."""
    case = random_case(Random(seed))
    visits, warmup, horizon = case.log.visits, case.scenario.warmup, case.scenario.horizon
    until = np.minimum(np.where(visits.start != NEVER, visits.start, visits.end), horizon)
    total = totals(case.scenario, counted(case))
    names = [(queue.stream, queue.step) for queue in case.scenario.desk.queues]
    stages = sorted(set(names))
    stage = np.array([stages.index(name) for name in names])[visits.queue]
    waits = np.bincount(stage, until.clip(warmup) - visits.joined.clip(warmup), len(stages))
    assert total.mean_waiting * (horizon - warmup) == pytest.approx(waits, rel=1e-12)
    if waits.sum() > 50:  # negative control: reading it at the ends of intervals is not the same
        assert not np.allclose(total.backlogs.count.mean(axis=1) * (horizon - warmup), waits)


# ---- quantiles -----------------------------------------------------------------------------------------------------


def histogram(waits: Any) -> Any:
    return np.bincount(bin_of(waits), minlength=bins(WEEK))[None, :]


def test_kaplan_meier_is_scipys() -> None:
    random = np.random.default_rng(4)
    offered, patience = random.exponential(20 * MINUTE, 500), random.exponential(30 * MINUTE, 500)
    waits = longest(bin_of(np.minimum(offered, patience).astype(np.int64)))  # on the bins it is exact
    served = offered <= patience
    data = CensoredData.right_censored(waits, ~served)
    curve = ecdf(data).sf
    for share in (0.1, 0.5, 0.9):
        theirs = curve.quantiles[curve.probabilities <= 1 - share][0]
        assert of_everyone(histogram(waits[served]), histogram(waits[~served]), share)[0] == theirs
        assert of_the_served(histogram(waits[served]), share)[0] < theirs  # those who would have waited longest left
    everyone_served = of_everyone(histogram(waits), np.zeros_like(histogram(waits)), 0.5)
    assert everyone_served[0] < curve.quantiles[curve.probabilities <= 0.5][0]  # negative control


def test_kaplan_meier_by_hand() -> None:
    """Served at 1, 3, 4, left at 2: 3/4 survive 1, then 3/8, then none; when another leaves at 5, some survive 4."""
    served, left = histogram(np.array([1, 3, 4])), histogram(np.array([2]))
    assert [of_everyone(served, left, share)[0] for share in (0.25, 0.5, 0.625, 0.63)] == [1, 3, 3, 4]
    assert of_everyone(served, histogram(np.array([2, 5])), 0.99)[0] == math.inf
    nobody = np.zeros_like(served)
    assert math.isnan(of_everyone(nobody, nobody, 0.5)[0])
    assert math.isnan(of_the_served(nobody, 0.5)[0])


@pytest.mark.parametrize("n", [10, 20, 30, 60])
def test_kaplan_meier_of_the_served_alone_is_their_quantile(n: int) -> None:
    """Products of survivors come out even but for rounding, which must not push the quantile up."""
    served = histogram(np.arange(1, n + 1))
    for share in (0.5, 0.9):
        assert (
            of_everyone(served, np.zeros_like(served), share)[0] == of_the_served(served, share)[0] == round(share * n)
        )


def test_quantiles_of_no_wait_are_zero() -> None:
    assert of_the_served(histogram(np.zeros(3, np.int64)), 0.9)[0] == 0


# ---- rows ----------------------------------------------------------------------------------------------------------


def test_rows_are_told_apart_by_their_names(desk: Scenario) -> None:
    names = [row.name for row in rows(desk)]
    assert len(set(names)) == len(names)
    assert {"mail.pickup_kept_share", "mail.check.kept", "mail.escaped", "desk.occupancy"} <= set(names)
    assert "mail.respond.rounds" not in names  # no review
    asked = [row.name for row in series_rows(desk)]
    assert len(set(asked)) == len(asked)


def test_a_name_that_is_no_measure_is_an_error_that_names_one(desk: Scenario) -> None:
    assert rows(desk)[row_named(rows(desk), "desk.occupancy")].team == "desk"
    with pytest.raises(InputError, match=r"no measure 'desk.ocupancy'; did you mean 'desk.occupancy'\?"):
        row_named(rows(desk), "desk.ocupancy")


def test_definitions_are_sentences_and_names_are_unique_by_entity() -> None:
    assert len({(measure.entity, measure.name) for measure in MEASURES}) == len(MEASURES)
    for measure in MEASURES:
        assert measure.definition.endswith(".")
        assert measure.definition.count(". ") == 0
        assert (measure.kind is Kind.RATIO) == (measure.denominator is not None)


# ---- over replications ---------------------------------------------------------------------------------------------


def test_estimates_are_of_the_stated_kind(desk: Scenario, replications: list[Replication]) -> None:
    above, below = (np.array(x) for x in zip(*(evaluate(desk, each.tallies) for each in replications), strict=True))
    by_name = dict(zip((row.name for row in rows(desk)), summarise(rows(desk), above, below, 0.9), strict=True))
    occupancy = row_named(rows(desk), "desk.occupancy")
    assert by_name["desk.occupancy"].value == above[:, occupancy].sum() / below[:, occupancy].sum()
    arrived = row_named(rows(desk), "mail.arrived")
    assert by_name["mail.arrived"] == student(above[:, arrived], 0.9)
    wait = row_named(rows(desk), "mail.respond.wait_p90")
    assert by_name["mail.respond.wait_p90"].value == np.sort(above[:, wait])[2]
    assert {found.n for found in by_name.values()} == {6}
    for found in by_name.values():
        assert not found.low > found.value
        assert not found.value > found.high


def test_each_kind_has_its_own_interval() -> None:
    x, y = np.array([0.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0]), np.arange(1.0, 8.0)
    assert estimate(Kind.MEAN, x, y, 0.8) == student(x, 0.8)
    assert estimate(Kind.RATIO, x, y, 0.8) == ratio(x, y, 0.8)
    assert estimate(Kind.SHARE, x, y, 0.8) == wilson(5, 7, 0.8)
    assert estimate(Kind.QUANTILE, np.append(x, np.nan), np.append(y, 1.0), 0.8) == order_quantile(x, 0.5, 0.8)


def test_nothing_that_happened_has_no_value_and_one_replication_no_interval() -> None:
    case = next(case for case in map(random_case, map(Random, range(99))) if not len(case.log.visits))
    above, below = evaluate(case.scenario, counted(case))
    estimates = summarise(rows(case.scenario), above[None], below[None])
    by_name = dict(zip((row.name for row in rows(case.scenario)), estimates, strict=True))
    for name in ("posts.write.wait_mean", "posts.write.wait_p90", "posts.pickup_kept_share", "posts.exposure_mean"):
        assert math.isnan(by_name[name].value)
    assert by_name["posts.write.served"].value == 0
    assert all(math.isnan(found.low) for found in estimates)
