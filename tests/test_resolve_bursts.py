"""Bursts and forecasts of a config against what was written, worked out by hand (R73, R74, R76)."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from configs_in_short import faults, resolved
from scipy import stats

from simsocial.draw.arrivals import plan_arrivals
from simsocial.draw.randomness import Dice
from simsocial.model.arrivals import RateArrivals, ReplayCounts, Timetable
from simsocial.model.bursts import BurstyArrivals, SelfExciting
from simsocial.model.laws import Exponential, Gamma
from simsocial.study.check import check
from simsocial.units import DAY, HOUR, WEEK

# ---- bursts ----------------------------------------------------------------------------------------------------------

STORMS = 'streams.m.arrivals.bursts.storms = { every = "6 weeks", size = 400, size_cv = 0.5, decay = "8 h" }'
VIRAL = (
    "streams.m.arrivals.bursts.viral = "
    '{ at = 2026-01-10T12:00:00, size = 3000, decay = { law = "gamma", mean = "1 days", cv = 0.5 } }'
)
EXCITING = 'streams.m.arrivals.self_exciting = { branching_ratio = 0.25, decay = "2 h" }'


def bursty(*changes: str, base: Path | str = ".") -> BurstyArrivals:
    found = resolved(*changes, base=base).streams[0].arrivals
    assert isinstance(found, BurstyArrivals)
    return found


def test_bursts_and_excitement_come_on_top_of_the_rate() -> None:
    found = bursty(STORMS, VIRAL, EXCITING)
    assert isinstance(found.own, RateArrivals)
    assert found.own.rates.tolist() == [24 / DAY]
    storms, viral = found.bursts
    assert isinstance(storms.begins, RateArrivals)
    assert (storms.begins.breaks.tolist(), storms.begins.rates.tolist()) == ([0, 4 * WEEK], [1 / (6 * WEEK)])
    assert (storms.name, storms.size, storms.size_cv, storms.decay) == ("storms", 400, 0.5, Exponential(8 * HOUR))
    assert isinstance(viral.begins, Timetable)
    assert viral.begins.instants.tolist() == [5 * DAY + 12 * HOUR]
    assert (viral.size, viral.size_cv, viral.decay) == (3000, 0, Gamma(DAY, 0.5))
    assert found.excitement == SelfExciting(0.25, 2 * HOUR)


def test_what_has_no_bursts_is_as_it_was() -> None:
    assert isinstance(resolved().streams[0].arrivals, RateArrivals)


def test_a_replay_takes_bursts_and_its_coverage_is_still_looked_at(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("timestamp,value\n2026-01-05,3\n2026-01-06,4\n")
    world = resolved('streams.m.arrivals = { rate = "-", replay = "c.csv" }', VIRAL, base=tmp_path)
    arrivals = world.streams[0].arrivals
    assert isinstance(arrivals, BurstyArrivals)
    assert isinstance(arrivals.own, ReplayCounts)
    (remark,) = [each for each in check(world).remarks if each.where == "m"]
    assert "its file covers" in remark.text


def test_check_counts_bursts_in_their_weeks() -> None:
    plain, with_event = (check(resolved(*changes)).streams[0].messages for changes in ((), (VIRAL,)))
    assert with_event - plain == pytest.approx(3000, rel=1e-9)
    excited = check(resolved(EXCITING, 'time.horizon = "52 weeks"')).streams[0]
    assert excited.messages_per_week == pytest.approx(7 * 24 / 0.75, rel=1e-3)


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        (
            'bursts.b = { size = 3, decay = "1 h" }',
            "bursts.b: write either every, for bursts at random, or at, for one on a date (got none of them)",
        ),
        (
            'bursts.b = { size = 3, decay = "1 h", every = "1 days", at = 2026-01-06 }',
            "bursts.b: write either every, for bursts at random, or at, for one on a date (got both)",
        ),
        (
            'bursts.b = { size = 3, decay = "1 h", at = 2026-01-04 }',
            "bursts.b.at: lies before the run, which begins 2026-01-05 00:00; what was left of it then nobody knows",
        ),
        (
            'bursts.b = { size = -1, decay = "1 h", at = 2026-01-06 }',
            "size: write a number, 0 or more (got -1)",
        ),
        ('bursts.b = { size = 3, decay = "0 h", at = 2026-01-06 }', "must be greater than 0"),
        ("bursts.b = { size = 3, at = 2026-01-06 }", "bursts.b.decay: missing"),
        (
            'bursts.b = { size = 3, decay = { law = "exponential", mean = "1 h", zero_share = 0.1 }, every = "1 h" }',
            "bursts.b.decay.zero_share: belongs to patience; leave it out here",
        ),
        (
            'self_exciting = { branching_ratio = 1, decay = "1 h" }',
            "self_exciting.branching_ratio: write a number of 0 or more and less than 1 (got 1)",
        ),
        (
            'self_exciting = { branching_ratio = 1.2, decay = "1 h" }',
            "self_exciting.branching_ratio: write a number of 0 or more and less than 1 (got 1.2)",
        ),
        ("self_exciting = { branching_ratio = 0.5 }", "self_exciting.decay: missing"),
        ('bursts.b = { size = 1e9, decay = "1 h", at = 2026-01-06 }', "about 1,000,000,673 messages would take"),
        ('bursts.b = { size = 0, decay = "1 h", every = "1 ms" }', "about 2,419,200,672 messages would take"),
        ('self_exciting = { branching_ratio = 0.9999999, decay = "1 years" }', "messages would take"),
    ],
)
def test_bursts_at_fault(written: str, fault: str) -> None:
    (found,) = faults(f"streams.m.arrivals.{written}")
    assert fault in found


def test_a_timetable_has_no_bursts() -> None:
    (found,) = faults('streams.m.arrivals = { rate = "-", timetable = "Mon 09:00" }', VIRAL)
    assert found == (
        "streams.m.arrivals.bursts: goes with rate and per_employee and forecast and replay, not with timetable; "
        "leave it out"
    )


# ---- forecasts -------------------------------------------------------------------------------------------------------

WEEKS = "timestamp,value,lower,upper\n2025-12-29,70,60,80\n2026-01-05,700,500,900\n2026-01-12,1400,1000,1800\n"
TWO_WEEKS = 'time.horizon = "2 weeks"'


def forecast(folder: Path, text: str, *changes: str, written: str = '"f.csv"') -> RateArrivals:
    (folder / "f.csv").write_text(text)
    lines = f'streams.m.arrivals = {{ rate = "-", forecast = {written} }}'
    found = resolved(lines, TWO_WEEKS, *changes, base=folder).streams[0].arrivals
    assert isinstance(found, RateArrivals)
    return found


def test_a_weekly_volume_is_the_rate_of_its_week(tmp_path: Path) -> None:
    found = forecast(tmp_path, WEEKS)
    assert found.breaks.tolist() == [0, WEEK, 2 * WEEK]
    assert found.rates * DAY == pytest.approx([100, 200])
    assert found.day_cv == 0


def test_a_profile_spreads_the_volume_inside_its_interval(tmp_path: Path) -> None:
    """Weights 3 and 1 for Monday and Tuesday; the run begins on Monday at 12:00, so half of Monday is before it."""
    found = forecast(
        tmp_path,
        WEEKS,
        'time = { start = 2026-01-05T12:00:00, horizon = "13 days" }',
        "streams.m.arrivals.profile = [3, 1, 0, 0, 0, 0, 0]",
    )
    ends = [0.5, 1.5, 6.5, 7.5, 8.5, 13]
    assert found.breaks.tolist() == [0, *(int(day * DAY) for day in ends)]
    assert found.rates * DAY == pytest.approx([525, 175, 0, 1050, 350, 0])


def test_intervals_shorter_than_the_profiles_steps_keep_their_volumes(tmp_path: Path) -> None:
    volumes = np.arange(14 * 48) % 7 + 1.0
    rows = [f"{np.datetime64('2026-01-05T00:00') + 30 * k},{volume}" for k, volume in enumerate(volumes)]
    found = forecast(tmp_path, "at,n\n" + "\n".join(rows), written='{ file = "f.csv", time = "at", value = "n" }')
    edges = np.arange(0, 14 * DAY + 1, HOUR // 2)
    counted = np.interp(edges, found.breaks, np.concatenate([[0], np.cumsum(found.rates * np.diff(found.breaks))]))
    assert np.diff(counted) == pytest.approx(volumes)


def test_a_band_gives_the_day_factor_whose_variances_add_up_to_its_own(tmp_path: Path) -> None:
    """Weeks of 70, 700 and 1400, evenly over seven dates each: Σ v_d² = v² / 7."""
    found = forecast(tmp_path, WEEKS, written='{ file = "f.csv", band = 0.9 }')
    z = stats.norm.ppf(0.95)
    variances = sum((half / z) ** 2 - v for half, v in ((10, 70), (200, 700), (400, 1400)))
    assert found.day_cv == pytest.approx(math.sqrt(variances / (sum(v**2 for v in (70, 700, 1400)) / 7)))
    daily = "timestamp,value,lower,upper\n" + "".join(f"2026-01-{day:02},100,70,130\n" for day in range(5, 19))
    found = forecast(tmp_path, daily, written='{ file = "f.csv", band = 0.9 }')
    assert found.day_cv == pytest.approx(math.sqrt((30 / z) ** 2 - 100) / 100)


def test_the_band_holds_its_share_of_what_is_drawn(tmp_path: Path) -> None:
    """Its rule is one of variances; the variance of the daily counts drawn is the band's."""
    daily = "timestamp,value,lower,upper\n" + "".join(f"2026-01-{day:02},100,70,130\n" for day in range(5, 19))
    found = forecast(tmp_path, daily, written='{ file = "f.csv", band = 0.9 }')
    draw = plan_arrivals(found, stream="m", start=resolved().start, horizon=2 * WEEK)
    drawn = np.concatenate([np.bincount(draw(Dice(2, k))[0] // DAY, minlength=14) for k in range(150)])
    squares = (drawn - 100.0) ** 2
    error = squares.std(ddof=1) / math.sqrt(len(squares))
    assert abs(squares.mean() - (30 / stats.norm.ppf(0.95)) ** 2) < 4.5 * error
    assert abs(squares.mean() - (30 / stats.norm.ppf(0.90)) ** 2) > 4.5 * error  # negative control: a band of 80 %


def test_a_band_narrower_than_chance_has_no_day_factor(tmp_path: Path) -> None:
    narrow = "timestamp,value,lower,upper\n2026-01-05,700,699,701\n2026-01-12,700,699,701\n"
    assert forecast(tmp_path, narrow, written='{ file = "f.csv", band = 0.9 }').day_cv == 0


def test_a_longer_horizon_leaves_the_forecast_as_it_was(tmp_path: Path) -> None:
    banded = '{ file = "f.csv", band = 0.9 }'
    short, long = (forecast(tmp_path, WEEKS, f'time.horizon = "{days} days"', written=banded) for days in (5, 14))
    assert short.rates.tolist() == long.rates[:1].tolist()
    assert short.day_cv == long.day_cv


@pytest.mark.parametrize(
    ("text", "written", "fault"),
    [
        (
            WEEKS.replace("2026-01-05,700,500,900\n", "") + "2026-01-19,7,7,7\n",
            '"f.csv"',
            "f.csv:3: timestamp: no row for 2026-01-05 00:00; a forecast has one every 7 days, without holes "
            "(got 2026-01-12)",
        ),
        (WEEKS, '{ file = "f.csv", interval = "14 days" }', "forecast.interval: is longer than the 7 days between"),
        (
            WEEKS,
            '{ file = "f.csv", interval = "1 days" }',
            "f.csv:3: timestamp: no row for 2025-12-30 00:00;",
        ),
        (
            WEEKS.replace("2026-01-12,1400,1000,1800\n", ""),
            '"f.csv"',
            "forecast.file: forecasts 2025-12-29 00:00 to 2026-01-12 00:00, but the run goes from 2026-01-05 00:00 to "
            "2026-01-19 00:00; change time.start, time.horizon or the file",
        ),
        ("timestamp,value\n2026-01-05,7\n", '"f.csv"', "forecast.interval: missing; the file has a single row"),
        (
            WEEKS.replace(",900", ",600"),
            '{ file = "f.csv", band = 0.9 }',
            "f.csv:3: the band must hold the value:",
        ),
        (WEEKS.replace(",700", ",-7"), '"f.csv"', 'f.csv:3: value: write a number, 0 or more (got "-7")'),
        (WEEKS, '{ file = "f.csv", band = 1 }', "forecast.band: write a share greater than 0 and less than 1 (got 1)"),
        (WEEKS, '{ file = "f.csv", band = 0.9, upper = "p95" }', "f.csv:1: no column 'p95'; there are"),
        (WEEKS.replace("2026-01-05", "soon"), '"f.csv"', "f.csv:3: timestamp: write a date and time"),
    ],
)
def test_a_forecast_at_fault(tmp_path: Path, text: str, written: str, fault: str) -> None:
    (tmp_path / "f.csv").write_text(text)
    lines = f'streams.m.arrivals = {{ rate = "-", forecast = {written} }}'
    (found,) = faults(lines, TWO_WEEKS, base=tmp_path)
    assert fault in found


def test_a_volume_must_have_a_place_and_one_spread(tmp_path: Path) -> None:
    daily = "timestamp,value\n" + "".join(f"2026-01-{day:02},100\n" for day in range(5, 19))
    (tmp_path / "f.csv").write_text(daily)
    lines = 'streams.m.arrivals = { rate = "-", forecast = "f.csv", profile = "office" }'
    (found,) = faults(lines, TWO_WEEKS, base=tmp_path)
    assert found.endswith(
        "f.csv:7: value: the profile has no weight in this interval; write 0, or another profile (got 100)"
    )
    (tmp_path / "f.csv").write_text(WEEKS)
    both = 'streams.m.arrivals = { rate = "-", forecast = { file = "f.csv", band = 0.9 }, day_level_cv = 0.2 }'
    (found,) = faults(both, TWO_WEEKS, base=tmp_path)
    assert found.startswith("streams.m.arrivals.day_level_cv: follows from the band of the forecast")
