"""Measures by reporting interval: they add up to the run's, and are summed over replications as if all were kept."""

from __future__ import annotations

from random import Random

import numpy as np
import numpy.typing as npt
import pytest
from builders import poisson, single_stage_scenario
from random_logs import Case, full_case, random_case

from simsocial.measure.measures import evaluate, rows
from simsocial.measure.rows import rows_of
from simsocial.measure.series import SeriesSum, SeriesTable, series
from simsocial.measure.series_definitions import COUNTED
from simsocial.measure.stats import Estimate, ratio, student
from simsocial.measure.tally import buckets, tally
from simsocial.model.laws import Exponential
from simsocial.model.promises import Measured, Promise
from simsocial.model.tallies import Tallies
from simsocial.simulation.replication import run_replication
from simsocial.units import DAY, MINUTE, NEVER

Floats = npt.NDArray[np.float64]


def counted(case: Case) -> Tallies:
    return tally(case.scenario, case.messages, case.roster, case.log, buckets(case.scenario))


@pytest.mark.parametrize("seed", range(30))
def test_intervals_add_up_to_the_run(seed: int) -> None:
    case = random_case(Random(seed))
    tallies = counted(case)
    run = dict(zip((row.name for row in rows(case.scenario)), evaluate(case.scenario, tallies)[0], strict=True))
    names = [row.name for row in rows_of(case.scenario, COUNTED)]
    told = dict(zip(names, series(case.scenario, tallies), strict=True))
    assert {len(line) for line in told.values()} == {-(-case.scenario.horizon // case.scenario.interval)}
    flows = [name for name in names if name in run and "backlog" not in name and "headcount" not in name]
    assert len(flows) > 30
    assert {name: told[name].sum() for name in flows} == pytest.approx({name: run[name] for name in flows})
    people = [name for name in names if name in run and "headcount" in name]
    edges = np.append(np.arange(0, case.scenario.horizon, case.scenario.interval), case.scenario.horizon)
    length = np.diff(edges.clip(min=case.scenario.warmup))
    assert len(people) == 10  # averages that add up by how long the intervals are after the warm-up
    assert {name: told[name] @ length / length.sum() for name in people} == pytest.approx({n: run[n] for n in people})
    at_the_end = [name for name in names if name.endswith((".backlog", ".backlog_work"))]
    assert {name: told[name][-1] for name in at_the_end} == pytest.approx({name: run[name] for name in at_the_end})


def test_an_interval_holds_what_happened_in_it() -> None:
    """R2: what happens at its start is in it, what happens at its end is not; backlog is read before its end."""
    case = full_case()
    world, visits = case.scenario.but(interval=20, warmup=0), case.log.visits
    case = Case(world, case.messages, case.roster, case.log)
    told = dict(zip((row.name for row in rows_of(world, COUNTED)), series(world, counted(case)), strict=True))
    write = (visits.stream == 0) & (visits.step == 0)
    assert write.sum() > 5
    stopped = np.where(visits.start != NEVER, visits.start, visits.end)
    for i, start in enumerate(range(0, world.horizon, 20)):
        end = min(start + 20, world.horizon)
        joined = write & (start <= visits.joined) & (visits.joined < end)
        assert told["posts.write.offered"][i] == joined.sum()
        assert told["posts.write.backlog"][i] == (write & (visits.joined < end) & (stopped >= end)).sum()


SOON = Promise("respond", Measured.STEP, 0, 10 * MINUTE, None, 0.8, None)
DESK = single_stage_scenario(arrivals=poisson(per_hour=11, horizon=DAY), work=Exponential(5 * MINUTE), promises=(SOON,))


@pytest.fixture(scope="module")
def every() -> Floats:
    """Return what six replications counted; shape (6, counted rows, intervals)."""
    return np.array([series(DESK, run_replication(DESK, number=number).tallies) for number in range(6)])


def summed(every: Floats, confidence: float = 0.9) -> SeriesTable:
    running = SeriesSum(DESK)
    for one in every:
        running.add(one)
    return running.table(confidence)


def told(table: SeriesTable, name: str, interval: int) -> tuple[float, float, float]:
    row = [row.name for row in table.rows].index(name)
    return table.value[row, interval], table.low[row, interval], table.high[row, interval]


def test_means_are_estimated_as_if_all_were_kept(every: Floats) -> None:
    table, names = summed(every), [row.name for row in rows_of(DESK, COUNTED)]
    assert (table.n, table.confidence) == (6, 0.9)
    assert table.start.tolist() == list(range(0, DESK.horizon, DESK.interval))
    for row, interval in ((0, 3), (5, 20), (len(names) - 2, 23)):
        expected = student(every[:, row, interval], 0.9)
        assert told(table, names[row], interval) == pytest.approx((expected.value, expected.low, expected.high))
    once = summed(every[:1])
    assert told(once, names[0], 7)[0] == every[0, 0, 7]
    assert np.isnan(once.low).all()
    assert np.isnan(once.high).all()


def test_ratios_are_estimated_as_if_all_were_kept(every: Floats) -> None:
    """Delta method; negative controls: a mean of ratios, and parts of different replications, tell something else."""
    table, names = summed(every), [row.name for row in rows_of(DESK, COUNTED)]
    wrong = []
    for name, above, below, unit in RATIOS:
        x, y = unit * every[:, names.index(above)], every[:, names.index(below)]
        for interval in (3, 11, 20):
            expected = ratio(x[:, interval], y[:, interval], 0.9)
            low = max(expected.low, 0)
            assert told(table, name, interval) == pytest.approx((expected.value, low, expected.high), rel=1e-9)
            if np.ptp(y[:, interval]) and expected.half_width:
                wrong += [abs(of_ratios(x[:, interval], y[:, interval]).value - expected.value)]
                wrong += [abs(mispaired(x[:, interval], y[:, interval]).high - expected.high)]
    assert len(wrong) >= 10  # time on duty is the same in all replications
    assert min(wrong) > 1e-4


RATIOS = (
    ("mentions.respond.kept_share", "mentions.respond.kept", "mentions.respond.due", 1),
    ("mentions.respond.wait_mean", "mentions.respond.wait_total", "mentions.respond.served", 60),
    ("desk.occupancy", "desk.busy", "desk.on_duty", 1),
)


def of_ratios(x: Floats, y: Floats) -> Estimate:
    return student(x / y, 0.9)


def mispaired(x: Floats, y: Floats) -> Estimate:
    return ratio(x, np.roll(y, 1), 0.9)


def test_a_ratio_of_nothing_is_no_number(every: Floats) -> None:
    """Nothing due, begun or on duty in any replication; where there is something in one, there is a ratio."""
    idle = every.copy()
    idle[:, :, 5], idle[1:, :, 6] = 0, 0
    table = summed(idle)
    for name, *_ in RATIOS:
        assert np.isnan(told(table, name, 5)).all()
        assert np.isfinite(told(table, name, 6)).all()


def test_a_limit_below_nothing_is_told_as_nothing(every: Floats) -> None:
    rare = np.zeros_like(every)
    rare[0] = 1.0
    raw = student(rare[:, 0, 0], 0.9)
    assert raw.low < 0  # negative control: Student's own limit
    assert told(summed(rare), "mentions.arrived", 0) == pytest.approx((raw.value, 0, raw.high))
