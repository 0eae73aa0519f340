"""Arrivals of a config against rates worked out by hand: levels, profiles, seasons, growth, timetables, replays."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from configs_in_short import faults, resolved

from simsocial.config.resolve.rates import date_factors, mean_growth
from simsocial.config.resolve.world import Span
from simsocial.model.arrivals import Placing, RateArrivals, ReplayCounts, ReplayStamps, Timetable
from simsocial.units import DAY, HOUR, MINUTE, MONTH, WEEK, YEAR

A = TypeVar("A", RateArrivals, Timetable, ReplayCounts, ReplayStamps)
OFFICE = 'calendars.office = { hours = "Mon-Fri 09:00-17:00", holidays = [2026-01-08] }'


def arrivals(kind: type[A], *changes: str, base: Path | str = ".") -> A:
    found = resolved(*changes, base=base).streams[0].arrivals
    assert isinstance(found, kind)
    return found


def rate(*changes: str, base: Path | str = ".") -> RateArrivals:
    return arrivals(RateArrivals, *changes, base=base)


def hourly(found: RateArrivals) -> list[float]:
    """Return the messages of each hour of the run; every piece is whole hours."""
    assert not (np.diff(found.breaks) % HOUR).any()
    return (np.repeat(found.rates, np.diff(found.breaks) // HOUR) * HOUR).tolist()


# ---- level ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "per_tick"),
    [
        ("24 / day", 24 / DAY),
        ("3 / h", 3 / HOUR),
        ("0.5 / min", 0.5 / MINUTE),
        ("168 / week", 168 / WEEK),
        ("100 / month", 100 / MONTH),
        ("100 / year", 100 / YEAR),
        ("0 / day", 0.0),
    ],
)
def test_a_flat_rate_is_one_piece(written: str, per_tick: float) -> None:
    found = rate(f'streams.m.arrivals.rate = "{written}"')
    assert found.breaks.tolist() == [0, 4 * WEEK]
    assert found.rates == pytest.approx([per_tick], rel=1e-14)


def test_open_days_are_those_of_the_streams_calendar_in_a_normal_week() -> None:
    """7 an open day are 35 in a week of 5 business days, also in the week of the holiday."""
    found = rate(OFFICE, 'streams.m.arrivals.rate = "7 / open day"')
    assert found.rates == pytest.approx([35 / WEEK])
    half = 'calendars.half.hours = "Mon 22:00-02:00, Sat 09:00-12:00"'
    found = rate(OFFICE, half, 'streams.m = { calendar = "half", arrivals.rate = "7 / open day" }')
    assert found.rates == pytest.approx([14 / WEEK])


# ---- profile --------------------------------------------------------------------------------------------------------


def test_a_profile_is_normalised_over_the_week_and_begins_on_monday() -> None:
    """7 a day are 49 a week: with weights 3 and 1 for Monday and Tuesday, 36.75 and 12.25."""
    found = rate(
        'time = { start = 2026-01-06T18:00:00, horizon = "2 weeks" }',
        'streams.m.arrivals = { rate = "7 / day", profile = [3, 1, 0, 0, 0, 0, 0] }',
    )
    ends = [6 * HOUR, 5 * DAY + 6 * HOUR, 6 * DAY + 6 * HOUR, WEEK + 6 * HOUR, WEEK + 5 * DAY + 6 * HOUR]
    assert found.breaks.tolist() == [0, *ends, WEEK + 6 * DAY + 6 * HOUR, 2 * WEEK]
    assert found.rates * DAY == pytest.approx([12.25, 0, 36.75, 12.25, 0, 36.75, 12.25])


def test_the_office_is_empty_at_night_and_at_weekends() -> None:
    found = hourly(rate('streams.m.arrivals.profile = "office"', 'time.horizon = "1 week"'))
    assert sum(found) == pytest.approx(7 * 24)
    assert [hour for hour, messages in enumerate(found) if messages] == [
        24 * day + hour for day in range(5) for hour in range(8, 18)
    ]
    assert found[10] / found[8] == pytest.approx(2)


def test_retail_mentions_never_stop_and_are_fewer_at_weekends() -> None:
    days = np.array(hourly(rate('streams.m.arrivals.profile = "retail_mentions"', 'time.horizon = "1 week"')))
    days = days.reshape(7, 24)
    assert days.min() > 0
    assert days.sum(axis=1) / days[0].sum() == pytest.approx([1, 1, 1, 1, 1, 0.68, 0.65])


def test_a_profile_may_come_from_a_file_of_any_resolution(tmp_path: Path) -> None:
    weights = np.arange(2016) % 12 + 1
    (tmp_path / "five.csv").write_text("weight\n" + "\n".join(map(str, weights)))
    found = rate('streams.m.arrivals.profile = "five.csv"', 'time.horizon = "1 week"', base=tmp_path)
    assert np.diff(found.breaks).tolist() == [5 * MINUTE] * 2016
    assert found.rates * 5 * MINUTE == pytest.approx(24 * 7 * weights / weights.sum())


@pytest.mark.parametrize(
    ("profile", "fault"),
    [
        ("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]", "11 weights do not divide a week"),
        ("[]", "0 weights do not divide a week"),
        ("[0, 0]", "all weights are 0"),
        ('"offices"', "there is no profile 'offices', and it is no .csv file; did you mean 'office'?"),
    ],
)
def test_a_profile_at_fault(profile: str, fault: str) -> None:
    (found,) = faults(f"streams.m.arrivals.profile = {profile}")
    assert found.startswith(f"streams.m.arrivals.profile: {fault}")


# ---- dates ----------------------------------------------------------------------------------------------------------


def test_factors_of_dates_multiply_from_midnight_to_midnight() -> None:
    """Season 2 in January and 3 in February; the holiday 2026-01-29 has × 0.5, 2026-02-01 × 4 as a special day."""
    found = rate(
        'calendars.office = { hours = "Mon-Fri 09:00-17:00", holidays = [2026-01-29] }',
        'time = { start = 2026-01-28T12:00:00, horizon = "6 days" }',
        "streams.m.arrivals = { season = [2, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], holiday_factor = 0.5 }",
        "streams.m.arrivals.special_days = { 2026-02-01 = 4, 2026-01-29 = 3 }",
    )
    assert ((found.breaks + 12 * HOUR) / DAY).tolist() == [0.5, 1, 2, 4, 5, 6.5]
    assert found.rates * HOUR == pytest.approx([2, 3, 2, 12, 3])


def test_weekly_seasons_are_iso_weeks() -> None:
    """Three years around leap days and 53-week years, against the standard library."""
    span = Span(dt.datetime(2024, 12, 30, 15), 1200 * DAY)
    season = [float(week) for week in range(1, 54)]
    found = date_factors(span, season=season, holidays=frozenset(), holiday_factor=1, special_days={})
    dates = [dt.date(2024, 12, 30) + dt.timedelta(days=day) for day in range(len(found))]
    assert found.tolist() == [date.isocalendar().week for date in dates]
    assert 53 in found


def test_a_holiday_factor_needs_a_calendar() -> None:
    (found,) = faults("streams.m.arrivals.holiday_factor = 0.5")
    assert found.startswith("streams.m.arrivals.holiday_factor: needs the holidays of a calendar")
    (found,) = faults('streams.m.arrivals.rate = "1 / open day"')
    assert found.startswith('streams.m.arrivals.rate: "/ open day" needs a calendar')


# ---- growth ---------------------------------------------------------------------------------------------------------


def test_growth_is_its_mean_over_each_step_so_that_counts_are_exact() -> None:
    """The sum over the run is the integral of 24 a day × 1.04^(t / month) (R13)."""
    horizon = 52 * WEEK
    found = rate('streams.m.arrivals.growth = "4 % / month"', 'time.horizon = "52 weeks"')
    integral = 24 / DAY * MONTH / math.log(1.04) * (1.04 ** (horizon / MONTH) - 1)
    assert float(found.rates @ np.diff(found.breaks)) == pytest.approx(integral, rel=1e-12)
    by_exponent = 24 / DAY * MONTH / 0.04 * (math.exp(0.04 * horizon / MONTH) - 1)
    assert float(found.rates @ np.diff(found.breaks)) != pytest.approx(by_exponent, rel=1e-3)


def test_a_week_later_the_volume_is_so_much_higher() -> None:
    messages = np.array(hourly(rate('streams.m.arrivals = { growth = "10 % / week", profile = "retail_mentions" }')))
    np.testing.assert_allclose(messages[168:] / messages[:-168], 1.1, rtol=1e-12)
    shrinking = np.array(hourly(rate('streams.m.arrivals.growth = "-10 % / week"')))
    np.testing.assert_allclose(shrinking[168:] / shrinking[:-168], 0.9, rtol=1e-12)


def test_the_mean_of_growth_is_its_integral() -> None:
    begin, end = np.array([0, 10, -5]), np.array([10, 25, 5])
    exact = [(math.exp(0.1 * b) - math.exp(0.1 * a)) / 0.1 / (b - a) for a, b in zip(begin, end, strict=True)]
    assert mean_growth(0.1, begin, end) == pytest.approx(exact)
    assert mean_growth(0.0, begin, end).tolist() == [1, 1, 1]


@pytest.mark.parametrize("profile", ['"flat"', '"office"', "[1]", "[1, 2]"])
def test_a_longer_horizon_leaves_what_comes_before_as_it_was(profile: str) -> None:
    lines = [
        'streams.m.arrivals.growth = "7 % / month"',
        f"streams.m.arrivals.profile = {profile}",
        "streams.m.arrivals.special_days = { 2026-01-17 = 2 }",
    ]
    short, long = (rate(*lines, f'time.horizon = "{days} days"') for days in (11, 30))
    earlier = long.breaks[:-1] < 11 * DAY
    assert short.breaks[:-1].tolist() == long.breaks[:-1][earlier].tolist()
    assert short.rates.tolist() == long.rates[earlier].tolist()


def test_what_would_not_fit_in_memory_says_so() -> None:
    (found,) = faults('streams.m.arrivals.rate = "1000 / s"')
    assert found == (
        "streams.m.arrivals: about 2,419,200,000 messages would take some 1,693 GB of memory, more than 8 GB; "
        "write a shorter horizon or a lower rate"
    )
    fine = f'streams.m.arrivals = {{ rate = "0 / day", profile = [{"1, " * 2015}1] }}'
    (found,) = faults(fine, 'time = { horizon = "1000 years", interval = "1 year" }')
    assert found.startswith("streams.m.arrivals.profile: about 105,192,000 pieces of rate would take")
    (found,) = faults('streams.m.arrivals.growth = "10000 % / day"')
    assert found.startswith("streams.m.arrivals.growth: multiplies the volume by more than 10^12")
    (found,) = faults('time.interval = "1 ms"')
    assert found.startswith("time.interval: about 2,419,200,000 intervals")


# ---- timetables -----------------------------------------------------------------------------------------------------


def test_a_timetable_is_laid_out_week_by_week_from_the_start() -> None:
    found = arrivals(
        Timetable,
        'time = { start = 2026-01-05T09:00:01, horizon = "8 days" }',
        'streams.m.arrivals = { rate = "-", timetable = "Mon 09:00, Wed 13:30" }',
    )
    start = 9 * HOUR + 1000
    assert (found.instants + start).tolist() == [2 * DAY + 13 * HOUR + 30 * MINUTE, WEEK + 9 * HOUR]


def test_a_timetable_keeps_holidays_unless_it_says_otherwise() -> None:
    lines = [OFFICE, 'time.horizon = "1 week"', 'streams.m.arrivals = { rate = "-", timetable = "Wed-Fri 09:00" }']
    assert (arrivals(Timetable, *lines).instants // DAY).tolist() == [2, 4]
    on_holidays = arrivals(Timetable, *lines, "streams.m.arrivals.on_holidays = true")
    assert (on_holidays.instants // DAY).tolist() == [2, 3, 4]


# ---- replays --------------------------------------------------------------------------------------------------------

COUNTS = "timestamp,value\n2026-01-04 23:55:00,9\n2026-01-05 00:00:00,3\n2026-01-05 00:05:00,0\n2026-01-05 00:15:00,4\n"


def test_counts_are_taken_per_interval_and_rows_outside_the_run_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(COUNTS)
    replay = 'streams.m.arrivals = { rate = "-", replay = "c.csv" }'
    found = arrivals(ReplayCounts, replay, 'time.horizon = "10 min"', 'time.warmup = "1 min"', base=tmp_path)
    assert (found.start.tolist(), found.end.tolist()) == ([0, 5 * MINUTE], [5 * MINUTE, 10 * MINUTE])
    assert found.counts.tolist() == [3, 0]
    assert (found.scale_from, found.scale_to, found.placing) == (1, 1, Placing.UNIFORM)


def test_columns_interval_scale_and_placing_may_be_said(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("n,when,x\n2,2026-01-05,a\n5,2026-01-06 00:00,b\n")
    file = 'file = "c.csv", time = "when", value = "n", interval = "2 h"'
    scale = 'scale = { from = 1, to = 2.5 }, placing = "even"'
    found = arrivals(
        ReplayCounts, f'streams.m.arrivals = {{ rate = "-", replay = {{ {file}, {scale} }} }}', base=tmp_path
    )
    assert (found.end - found.start).tolist() == [2 * HOUR, 2 * HOUR]
    assert (found.counts.tolist(), found.start.tolist()) == ([2, 5], [0, DAY])
    assert (found.scale_from, found.scale_to, found.placing) == (1, 2.5, Placing.EVEN)


def test_time_stamps_may_repeat(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("at\n2026-01-05 00:00:01\n2026-01-05 00:00:01\n2026-01-05 00:00:02.5\n2027-01-01\n")
    replay = '{ file = "s.csv", kind = "stamps", time = "at", scale = 2, spread = "30 s" }'
    found = arrivals(ReplayStamps, f'streams.m.arrivals = {{ rate = "-", replay = {replay} }}', base=tmp_path)
    assert found.stamps.tolist() == [1000, 1000, 2500]
    assert (found.scale_from, found.scale_to, found.spread) == (2, 2, 30_000)


@pytest.mark.parametrize(
    ("text", "replay", "fault"),
    [
        (
            COUNTS,
            '{ file = "c.csv", interval = "6 min" }',
            "replay.interval: is longer than the 5 min between two rows",
        ),
        (COUNTS.replace("2026", "2016"), '"c.csv"', "replay.file: its rows, 2016-01-04 23:55 to 2016-01-05 00:15, lie"),
        ("timestamp,value\n2026-01-05,1\n", '"c.csv"', "replay.interval: missing; the file has a single row"),
        (COUNTS, '{ file = "c.csv", time = "when" }', "c.csv:1: no column 'when'; there are: timestamp, value"),
        (COUNTS.replace(",3", ",-3"), '"c.csv"', 'c.csv:3: value: write a whole number, 0 or more (got "-3")'),
        (COUNTS, '"d.csv"', "there is no such file"),
        (COUNTS, '{ file = "c.csv", spread = "1 min" }', "replay.spread: unknown key"),
    ],
)
def test_a_replay_at_fault(tmp_path: Path, text: str, replay: str, fault: str) -> None:
    (tmp_path / "c.csv").write_text(text)
    (found,) = faults(f'streams.m.arrivals = {{ rate = "-", replay = {replay} }}', base=tmp_path)
    assert fault in found


def test_counts_with_fractions_are_refused_unless_the_config_says_by_chance(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(COUNTS.replace(",3", ",3.5"))
    meant, said = faults('streams.m.arrivals = { rate = "-", replay = "c.csv" }', base=tmp_path)
    assert 'c.csv:3: value: write a whole number, 0 or more (got "3.5")' in meant
    assert said == (
        "streams.m.arrivals.replay.fractions: counts with fractions are refused without it; write "
        'streams.m.arrivals.replay = { file = "c.csv", fractions = "by chance" }'
    )
    replay = '{ rate = "-", replay = { file = "c.csv", fractions = "by chance" } }'
    found = arrivals(ReplayCounts, f"streams.m.arrivals = {replay}", base=tmp_path)
    assert 3.5 in found.counts.tolist()


def test_files_are_looked_for_beside_the_config_and_then_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here, beside = tmp_path / "here", tmp_path / "beside"
    for folder, count in ((here, 7), (beside, 3)):
        folder.mkdir()
        (folder / "c.csv").write_text(f"timestamp,value\n2026-01-05,{count}\n2026-01-06,{count}\n")
    monkeypatch.chdir(here)
    replay = 'streams.m.arrivals = { rate = "-", replay = "c.csv" }'
    assert arrivals(ReplayCounts, replay, base=beside).counts.tolist() == [3, 3]
    (beside / "c.csv").unlink()
    assert arrivals(ReplayCounts, replay, base=beside).counts.tolist() == [7, 7]
