"""Measures by reporting interval: they add up to the run's, and are summed over replications as if all were kept."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from builders import poisson, single_stage_scenario
from random_logs import Case, full_case, random_case

from simsocial.measure.measures import evaluate, rows
from simsocial.measure.series import SeriesSum, series, series_rows
from simsocial.measure.stats import student
from simsocial.measure.tally import buckets, tally
from simsocial.model.laws import Exponential
from simsocial.model.tallies import Tallies
from simsocial.simulation.replication import run_replication
from simsocial.units import DAY, MINUTE, NEVER


def counted(case: Case) -> Tallies:
    return tally(case.scenario, case.messages, case.roster, case.log, buckets(case.scenario))


@pytest.mark.parametrize("seed", range(30))
def test_intervals_add_up_to_the_run(seed: int) -> None:
    case = random_case(Random(seed))
    tallies = counted(case)
    run = dict(zip((row.name for row in rows(case.scenario)), evaluate(case.scenario, tallies)[0], strict=True))
    names = [row.name for row in series_rows(case.scenario)]
    told = dict(zip(names, series(case.scenario, tallies), strict=True))
    assert {len(line) for line in told.values()} == {-(-case.scenario.horizon // case.scenario.interval)}
    flows = [name for name in names if name in run and "backlog" not in name]
    assert len(flows) > 30
    assert {name: told[name].sum() for name in flows} == pytest.approx({name: run[name] for name in flows})
    at_the_end = [name for name in names if name.endswith((".backlog", ".backlog_work"))]
    assert {name: told[name][-1] for name in at_the_end} == pytest.approx({name: run[name] for name in at_the_end})


def test_an_interval_holds_what_happened_in_it() -> None:
    """R2: what happens at its start is in it, what happens at its end is not; backlog is read before its end."""
    case = full_case()
    world, visits = case.scenario.but(interval=20, warmup=0), case.log.visits
    case = Case(world, case.messages, case.roster, case.log)
    told = dict(zip((row.name for row in series_rows(world)), series(world, counted(case)), strict=True))
    write = (visits.stream == 0) & (visits.step == 0)
    assert write.sum() > 5
    stopped = np.where(visits.start != NEVER, visits.start, visits.end)
    for i, start in enumerate(range(0, world.horizon, 20)):
        end = min(start + 20, world.horizon)
        joined = write & (start <= visits.joined) & (visits.joined < end)
        assert told["posts.write.offered"][i] == joined.sum()
        assert told["posts.write.backlog"][i] == (write & (visits.joined < end) & (stopped >= end)).sum()


def test_series_are_summed_as_if_all_were_kept() -> None:
    desk = single_stage_scenario(arrivals=poisson(per_hour=11, horizon=DAY), work=Exponential(5 * MINUTE))
    every = np.array([series(desk, run_replication(desk, number=number).tallies) for number in range(6)])
    running = SeriesSum(desk)
    for one in every:
        running.add(one)
    table = running.table(0.9)
    assert (table.n, table.confidence) == (6, 0.9)
    assert table.start.tolist() == list(range(0, desk.horizon, desk.interval))
    for row, interval in ((0, 3), (5, 20), (len(table.rows) - 2, 23)):
        expected = student(every[:, row, interval], 0.9)
        got = (table.value[row, interval], table.low[row, interval], table.high[row, interval])
        assert got == pytest.approx((expected.value, expected.low, expected.high))
    once = SeriesSum(desk)
    once.add(every[0])
    assert (once.table().value == every[0]).all()
    assert np.isnan(once.table().high).all()
