"""Time until a stage's backlog is back, against backlogs written by hand (R77)."""

from __future__ import annotations

import datetime as dt
import io
import math
from pathlib import Path

import numpy as np
import pytest
from builders import at, single_stage_scenario
from configs_in_short import resolved
from rich.console import Console

import simsocial as ss
from simsocial.errors import InputError
from simsocial.measure.recovery import _hours_until_back, rows, time_until_back
from simsocial.measure.stats import order_quantile
from simsocial.model.laws import Deterministic
from simsocial.report.run_report import run_report
from simsocial.report.words import duration
from simsocial.simulation.replication import Replication, run_replication
from simsocial.study.recorded import Recorded
from simsocial.units import DAY, HOUR, MINUTE, WEEK

ENDS = np.arange(1, 2 * 168 + 1) * HOUR
"""Two weeks of hours; the burst begins after the first."""


def back(*spells: tuple[int, int, int], usual: int = 3, since: int = WEEK) -> float:
    """Backlogs of ``spells`` (from, to, waiting) in hours after the burst, ``usual`` otherwise."""
    waiting = np.full(len(ENDS), usual)
    for first, last, number in spells:
        waiting[168 + first : 168 + last] = number
    return _hours_until_back(ENDS, waiting, since)


def test_back_at_the_first_end_from_which_a_day_stays_at_the_level() -> None:
    assert back((0, 50, 9)) == 51.0
    assert back((0, 50, 9), (60, 62, 4)) == 63.0  # ten calm hours are no day
    assert back((0, 50, 9), (73, 80, 4)) == 81.0  # 51 to 73 h is 23 h
    assert back((0, 50, 9), (74, 80, 4)) == 51.0  # the next above ends at 75 h, a day after 51 h
    assert back((0, 50, 9), (80, 90, 3)) == 51.0  # at the level is not above it


def test_a_burst_that_lifts_nothing_is_back_at_once() -> None:
    assert back() == 0.0
    assert back((0, 50, 3)) == 0.0
    assert back((24, 50, 9)) == 0.0  # what comes a day later is another matter
    assert back((23, 50, 9)) == 0.0
    assert back((22, 50, 9)) == 51.0


def test_what_waits_before_counts_from_the_week_before_the_burst() -> None:
    waiting = np.full(len(ENDS), 3)
    waiting[[10, 100]] = 7, 5
    waiting[180:200] = 6
    assert _hours_until_back(ENDS, waiting, WEEK) == 0.0
    assert _hours_until_back(ENDS, waiting, WEEK + 12 * HOUR) == 201 - 180


def test_what_is_not_calm_for_a_day_within_the_horizon_is_never_back() -> None:
    assert back((0, 168, 9)) == math.inf
    assert back((0, 144, 9)) == math.inf
    assert back((0, 143, 9)) == 144.0


def test_the_backlog_of_a_run_is_read_at_the_ends_of_its_intervals() -> None:
    """100 messages come in the tick at which day 8 begins, 30 min of work each for two agents: 25 h of work.

    In the week before one waited once: three came together. The last two begin at 24.5 h; just before it two still
    wait, one too many, and at the next end of an interval none.
    """
    world = single_stage_scenario(
        arrivals=at(*[DAY] * 3, *[8 * DAY] * 100), work=Deterministic(30 * MINUTE), agents=2, horizon=14 * DAY
    ).but(interval=15 * MINUTE)
    tallies = run_replication(world).tallies
    assert time_until_back(world, tallies, stage="mentions.respond", since=8 * DAY) == 24.75
    with pytest.raises(InputError, match="there is no stage"):
        time_until_back(world, tallies, stage="mentions.review", since=8 * DAY)
    with pytest.raises(InputError, match="no reporting interval ends"):
        time_until_back(world, tallies, stage="mentions.respond", since=0)


# ---- as a measure of a run -------------------------------------------------------------------------------------------


EVENT = """
[time]
interval = "15 min"
[streams.m.arrivals.bursts.storms]
every = "1 week"
size = 5
decay = "1 h"
[streams.m.arrivals.bursts.viral]
at = 2026-01-20T18:00:00
size = 2000
decay = "6 h"
"""


def test_a_burst_with_a_date_is_a_row_and_a_sentence(tmp_path: Path) -> None:
    """R77: each replication's value is that of its tallies; storms without a date have no row, nor has an early one."""
    found: list[float] = []
    world = resolved(EVENT)
    since = world.tick(dt.datetime(2026, 1, 20, 18))

    def watch(each: Replication, _: int) -> None:
        found.append(time_until_back(world, each.tallies, stage="m.respond", since=since))

    results = ss.run(world, replications=8, progress=watch)
    (column,) = (place for place, row in enumerate(results.rows) if row.measure.startswith("back_after"))
    assert results.rows[column].name == "m.respond.back_after_viral"
    assert results.numerators[:, column].tolist() == found
    assert 24 < min(found) < max(found) < math.inf
    estimate = results.by_name["m", "respond", "", "back_after_viral"]
    assert estimate == order_quantile(found, 0.5)
    console = Console(width=200, file=io.StringIO())
    console.print(run_report(results))
    after = duration(estimate.value * HOUR)
    said = f"m.respond: back after the event viral of Tue 2026-01-20 18:00 in median after {after} ("
    assert said in console.file.getvalue()  # type: ignore[attr-defined]
    assert Recorded.of(results).rows == results.rows
    ss.write(results, tmp_path / "out")
    summary = (tmp_path / "out" / "summary.csv").read_text(encoding="utf-8")
    assert ",m,respond,,back_after_viral,h," in summary


def test_a_stage_that_is_not_back_says_so() -> None:
    results = ss.run(resolved(EVENT, "streams.m.arrivals.bursts.viral.size = 8000"), replications=6)
    assert results.by_name["m", "respond", "", "back_after_viral"].value == math.inf
    console = Console(width=200, file=io.StringIO())
    console.print(run_report(results))
    assert "in median not back after the event viral of Tue 2026-01-20 18:00 within the run" in console.file.getvalue()  # type: ignore[attr-defined]


def test_an_event_in_the_first_interval_has_no_level_before_it() -> None:
    assert rows(resolved(EVENT, "streams.m.arrivals.bursts.viral.at = 2026-01-05T00:10:00")) == ()
    assert rows(resolved()) == ()
