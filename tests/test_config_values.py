"""Values as a planner writes them: accepted spellings, the sentence for each refused one, exact round trips."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from simsocial.config import amounts, instants, values, weekly
from simsocial.units import DAY, HOUR, MINUTE, MONTH, SECOND, WEEK, YEAR

MONDAY_TO_FRIDAY = tuple(range(5))


def read(kind: Any, raw: object) -> Any:
    return TypeAdapter(kind).validate_python(raw)


def refusal(kind: Any, raw: object) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        read(kind, raw)
    return [fault["msg"].removeprefix("Value error, ") for fault in caught.value.errors()]


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (values.Duration, "6 min", 6 * MINUTE),
        (values.Duration, " 1.5h ", 90 * MINUTE),
        (values.Duration, "1 month", MONTH),
        (values.Duration, "1 ms", 1),
        (values.DurationOrZero, 0, 0),
        (values.DurationOrZero, "0 s", 0),
        (values.Share, 1, 1.0),
        (values.PositiveRatio, 1e-9, 1e-9),
        (values.Count, 3, 3),
        (values.CountOrZero, 0, 0),
        (values.Percent, "2 %", 0.02),
        (values.Rate, "220 / day", amounts.Rate(220.0, "day")),
        (values.Rate, "0/week", amounts.Rate(0.0, "week")),
        (values.Rate, "3.5 / open  day", amounts.Rate(3.5, "open day")),
        (values.Rate, "1 / hour", amounts.Rate(1.0, "h")),
        (values.Growth, "4 % / month", amounts.Growth(4.0, "month")),
        (values.Growth, "-1.5%/week", amounts.Growth(-1.5, "week")),
        (values.Date, dt.date(2026, 1, 5), dt.date(2026, 1, 5)),
        (values.Date, "2026-01-05", dt.date(2026, 1, 5)),
        (values.DateTime, dt.date(2026, 1, 5), dt.datetime(2026, 1, 5)),
        (values.DateTime, "2026-01-05T09:30", dt.datetime(2026, 1, 5, 9, 30)),
        (values.Days, "Mon-Fri", MONDAY_TO_FRIDAY),
        (values.Days, "sat, Mon", (0, 5)),
        (values.Days, "Fri-Mon", (0, 4, 5, 6)),
        (values.ClockRange, "08:00-16:30", (8 * HOUR, 16 * HOUR + 30 * MINUTE)),
        (values.ClockRange, "22:00-06:00", (22 * HOUR, 30 * HOUR)),
        (values.ClockRange, "00:00-24:00", (0, DAY)),
        (values.ClockRanges, "13:00-17:00, 08:00-12:00", ((8 * HOUR, 12 * HOUR), (13 * HOUR, 17 * HOUR))),
        (values.WeeklyHours, "Tue 09:00-10:00", ((DAY + 9 * HOUR, DAY + 10 * HOUR),)),
        (values.WeeklyHours, "Mon, Wed 9:00-10:00", tuple((d * DAY + 9 * HOUR, d * DAY + 10 * HOUR) for d in (0, 2))),
        (values.WeeklyHours, ["Sun 22:00-06:00"], ((6 * DAY + 22 * HOUR, WEEK + 6 * HOUR),)),
        (values.WeeklyHours, "always", tuple((d * DAY, d * DAY + DAY) for d in range(7))),
        (values.WeeklyTimes, "Mon 09:00", (9 * HOUR,)),
        (values.WeeklyTimes, "Mon-Tue 13:00, 9:00", (9 * HOUR, 13 * HOUR, DAY + 9 * HOUR, DAY + 13 * HOUR)),
        (values.Within, "60 min", instants.Within(HOUR, None, "60 min")),
        (values.Within, "end of business day", instants.Within(None, 0, "end of business day")),
        (values.Within, "end of business day + 2", instants.Within(None, 2, "end of business day + 2")),
        (values.WeeksOfCycle, "3, 1 of 4", instants.WeeksOfCycle((1, 3), 4)),
    ],
)
def test_accepted(kind: Any, raw: object, value: object) -> None:
    assert read(kind, raw) == value
    assert read(kind, {"value": raw, "source": "assumed"}) == value


@pytest.mark.parametrize(
    ("kind", "raw", "message"),
    [
        (values.Duration, 6, 'a length of time needs its unit: write "6 min", not 6'),
        (values.Duration, True, 'write a length of time such as "6 min" (got true)'),
        (values.Duration, math.nan, 'write a length of time such as "6 min" (got nan)'),
        (values.Duration, -6, 'write a length of time such as "6 min" (got -6)'),
        (values.Duration, "6 mins", "unknown unit of time 'mins'; use ms, s, min, h, days, weeks, months or years"),
        (values.Duration, "0 min", 'a length of time must be greater than 0 (got "0 min")'),
        (values.Duration, "-6 min", 'a length of time must be greater than 0 (got "-6 min")'),
        (values.Duration, "9e9 years", 'too long; at most 1000 years (got "9e9 years")'),
        (values.Duration, "1e999 s", 'too long; at most 1000 years (got "1e999 s")'),
        (values.DurationOrZero, "-6 min", 'a length of time must not be negative (got "-6 min")'),
        (values.Share, 1.01, "write a share between 0 and 1, such as 0.4 (got 1.01)"),
        (values.Share, math.nan, "write a share between 0 and 1, such as 0.4 (got nan)"),
        (values.Share, "40 %", 'write a share between 0 and 1, such as 0.4 (got "40 %")'),
        (values.Share, True, "write a share between 0 and 1, such as 0.4 (got true)"),
        (values.PositiveRatio, 0, "write a number greater than 0 (got 0)"),
        (values.NonNegative, -0.1, "write a number, 0 or more (got -0.1)"),
        (values.NonNegative, math.inf, "write a number, 0 or more (got inf)"),
        (values.Count, 0, "write a whole number, 1 or more (got 0)"),
        (values.Count, 3.0, "write a whole number, 1 or more (got 3.0)"),
        (values.Count, 2**60, "write a whole number, 1 or more (got 1152921504606846976)"),
        (values.CountOrZero, -1, "write a whole number, 0 or more (got -1)"),
        (values.Percent, 2, 'write a percentage greater than 0, such as "2 %" (got 2)'),
        (values.Percent, "0 %", 'write a percentage greater than 0, such as "2 %" (got "0 %")'),
        (values.Rate, 220, 'a rate needs its unit: write "220 / day", not 220'),
        (values.Rate, "220", 'write a rate such as "220 / day" or "40 / h" (got "220")'),
        (values.Rate, "-2 / day", 'a rate must not be negative (got "-2 / day")'),
        (values.Rate, "inf / day", 'write a rate such as "220 / day" or "40 / h" (got "inf / day")'),
        (
            values.Rate,
            "2 / fortnight",
            "unknown unit of time 'fortnight'; use s, min, h, day, open day, week, month or year",
        ),
        (values.Growth, 4, 'growth needs its unit: write "4 % / month", not 4'),
        (values.Growth, "4 / month", 'write growth such as "4 % / month" or "-1 % / week" (got "4 / month")'),
        (
            values.Growth,
            "-100 % / month",
            'growth must be more than -100 % and at most 10000 % of a day, week, … (got "-100 % / month")',
        ),
        (values.Date, "5 Jan 2026", 'write a date such as 2026-01-05 (got "5 Jan 2026")'),
        (values.Date, "2026-02-30", 'there is no such date: day is out of range for month (got "2026-02-30")'),
        (values.Date, dt.datetime(2026, 1, 5, 9), "write a date such as 2026-01-05 (got 2026-01-05 09:00:00)"),
        (values.DateTime, 2026, "write a date or a date and time such as 2026-01-05T09:00:00 (got 2026)"),
        (values.DateTime, "soon", 'write a date or a date and time such as 2026-01-05T09:00:00 (got "soon")'),
        (
            values.DateTime,
            dt.datetime(2026, 1, 5, tzinfo=dt.UTC),
            "write local time, without a time zone (got 2026-01-05 00:00:00+00:00)",
        ),
        (values.DateTime, "2026-01-05T00:00:00.0001", 'write at most milliseconds (got "2026-01-05T00:00:00.0001")'),
        (values.Days, "Monday", 'write weekdays such as "Mon-Fri" or "Mon, Wed" (got "Monday")'),
        (values.Days, "Mon, Mon", 'names a weekday twice (got "Mon, Mon")'),
        (values.ClockRange, "8-16", 'write a time of day from-to, such as "08:00-16:30" (got "8-16")'),
        (values.ClockRange, "08:00-08:00", 'has no length; the whole day is "00:00-24:00" (got "08:00-08:00")'),
        (values.ClockRange, "08:61-09:00", "08:61 is not a time of day"),
        (values.WeeklyHours, "Mon", 'write "Mon-Fri 08:00-18:00, Sat 09:00-13:00" or "always" (got "Mon")'),
        (values.WeeklyHours, [], 'write "Mon-Fri 08:00-18:00, Sat 09:00-13:00" or "always" (got a list)'),
        (
            values.WeeklyHours,
            "Mon 08:00-12:00, Mon 11:00-13:00",
            "overlapping hours: Mon 08:00-12:00 and those from Mon 11:00",
        ),
        (
            values.WeeklyHours,
            "Sun 22:00-06:00, Mon 05:59-07:00",
            "overlapping hours: Sun 22:00-06:00 and those from Mon 05:59",
        ),
        (values.WeeklyTimes, "Mon 24:00", "24:00 is not a time of day"),
        (values.WeeklyTimes, "Mon 09:00-10:00", 'write a time of day such as "09:00" (got "09:00-10:00")'),
        (values.WeeklyTimes, "Mon 09:00, 09:00", 'names a time twice (got "Mon 09:00, 09:00")'),
        (values.Within, 60, 'a length of time needs its unit: write "60 min", not 60'),
        (
            values.Within,
            "end of day + 1",
            'write "end of business day" or "end of business day + 1" (got "end of day + 1")',
        ),
        (values.WeeksOfCycle, "5 of 4", 'write each week once, from 1 to 4 (got "5 of 4")'),
        (values.WeeksOfCycle, "1", 'write the weeks worked of a cycle, such as "1, 3 of 4" (got "1")'),
        (values.Name, "a.b", 'name it with letters, digits, _ and - (got "a.b")'),
        (values.Text, "", 'write a text in quotes (got "")'),
        (values.Flag, 1, "write true or false (got 1)"),
    ],
)
def test_refused(kind: Any, raw: object, message: str) -> None:
    assert refusal(kind, raw) == [message]
    assert refusal(kind, {"value": raw}) == [message]


def test_all_faults_of_a_long_form_come_together() -> None:
    raw = {"value": "6 mins", "source": "guess", "range": ["1 min"]}
    assert refusal(values.Duration, raw) == [
        "unknown unit of time 'mins'; use ms, s, min, h, days, weeks, months or years",
        'write a source as "measured", "assumed" or "cited:" and what is cited (got "guess")',
        "write a range as [low, high] (got a list)",
    ]


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ([0.5, 0.6], "the value must lie in its range, low first (got [0.5, 0.6])"),
        ([0.6, 0.1], "the value must lie in its range, low first (got [0.6, 0.1])"),
        ([0.1, 1.5], "write a share between 0 and 1, such as 0.4 (got 1.5)"),
        ("0.1-0.5", 'write a range as [low, high] (got "0.1-0.5")'),
    ],
)
def test_a_range_holds_its_value(limits: object, message: str) -> None:
    assert read(values.Share, {"value": 0.4, "range": [0.4, 0.5]}) == 0.4
    assert refusal(values.Share, {"value": 0.4, "range": limits}) == [message]


def test_a_text_has_no_range_and_a_value_no_other_table() -> None:
    assert refusal(values.Text, {"value": "a", "range": ["a", "b"]}) == [
        "this value has no range; write only value and source"
    ]
    form = "write one value, or { value = …, source = …, range = [low, high] } (got a table)"
    assert refusal(values.Share, {"value": 0.4, "sauce": "assumed"}) == [form]


def test_units_mean_what_they_say() -> None:
    assert amounts.Rate(1, "week").ticks == WEEK
    assert amounts.Rate(1, "open day").ticks is None
    assert math.exp(amounts.Growth(4, "month").log_per_tick * MONTH) == pytest.approx(1.04, rel=1e-14)
    assert [read(values.Within, text).in_days for text in ("2 days", "24 h", "1 week", "end of business day + 1")] == [
        True,
        False,
        True,
        False,
    ]


NUMBERS = st.floats(0, 1e12, allow_nan=False)
PERIODS = st.sampled_from(["s", "min", "h", "day", "week", "month", "year"])
LENGTHS = st.integers(1, YEAR) | st.builds(
    lambda n, unit: n * unit, st.integers(1, 500), st.sampled_from([SECOND, MINUTE, HOUR, DAY, WEEK])
)
CLOCKS = st.integers(0, 24 * 60 - 1)


@given(LENGTHS, NUMBERS, PERIODS, st.floats(-99.9, 1e4), st.integers(1, 10_000))
def test_amounts_are_written_exactly(ticks: int, number: float, per: str, percent: float, points: int) -> None:
    assert amounts.read_duration(amounts.write_duration(ticks)) == ticks
    rate, growth = amounts.Rate(number, per), amounts.Growth(percent, per)
    assert amounts.read_rate(amounts.write_rate(rate)) == rate
    assert amounts.read_growth(amounts.write_growth(growth)) == growth
    share = amounts.read_percent(f"{points / 100} %")
    assert amounts.read_percent(amounts.write_percent(share)) == share


@given(st.sets(st.integers(0, 6), min_size=1), CLOCKS, st.integers(1, 24 * 60 - 1))
def test_hours_are_written_exactly(days: set[int], start: int, length: int) -> None:
    clock = (start * MINUTE, (start + length) * MINUTE)
    assert weekly.read_days(weekly.write_days(sorted(days))) == tuple(sorted(days))
    assert weekly.read_clock_range(weekly.write_clock_ranges([clock])) == clock
    hours = weekly.weekly_ranges(sorted(days), [clock])
    assert weekly.read_weekly_hours(weekly.write_weekly_hours(hours)) == hours
    times = tuple(start for start, _ in hours)
    assert weekly.read_weekly_times(weekly.write_weekly_times(times)) == times


def test_the_whole_week_is_written_exactly() -> None:
    always = weekly.read_weekly_hours("always")
    assert weekly.read_weekly_hours(weekly.write_weekly_hours(always)) == always
