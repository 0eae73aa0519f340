"""Values as a planner writes them: accepted spellings, the sentence for each refused one, exact round trips."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from spellings import ACCEPTED, REFUSED

from simsocial.config import amounts, values, weekly
from simsocial.units import DAY, HOUR, MINUTE, MONTH, SECOND, WEEK, YEAR


def read(kind: Any, raw: object) -> Any:
    return TypeAdapter(kind).validate_python(raw)


def refusal(kind: Any, raw: object) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        read(kind, raw)
    return [fault["msg"].removeprefix("Value error, ") for fault in caught.value.errors()]


@pytest.mark.parametrize(("kind", "raw", "value"), ACCEPTED)
def test_accepted(kind: Any, raw: object, value: object) -> None:
    assert read(kind, raw) == value
    assert read(kind, {"value": raw, "source": "assumed"}) == value


@pytest.mark.parametrize(("kind", "raw", "message"), REFUSED)
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
