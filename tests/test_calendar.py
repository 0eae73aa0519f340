"""Calendars against hand-worked weeks and a twin that looks at every quarter of an hour, one by one (R4, R5, R48)."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simsocial.model.calendar import Calendar
from simsocial.units import DAY, HOUR, MINUTE, WEEK

MONDAY = dt.datetime(2026, 1, 5)
QUARTER = 15 * MINUTE


def weekly(days: range | tuple[int, ...], opens: float, closes: float) -> tuple[tuple[int, int], ...]:
    return tuple((day * DAY + int(opens * HOUR), day * DAY + int(closes * HOUR)) for day in days)


def at(day: int, hour: float) -> int:
    return day * DAY + int(hour * HOUR)


OFFICE = Calendar.compile("office", start=MONDAY, hours=weekly(range(5), 9, 17), until=4 * WEEK)


# --- R5 by hand -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arrival", "within", "due"),
    [
        pytest.param(at(0, 10), 2, at(0, 12), id="inside-a-day"),
        pytest.param(at(0, 16), 2, at(1, 10), id="over-a-night"),
        pytest.param(at(4, 16), 2, at(7, 10), id="over-a-weekend"),
        pytest.param(at(0, 3), 1, at(0, 10), id="before-opening-counts-from-it"),
        pytest.param(at(5, 12), 8, at(7, 17), id="from-a-weekend"),
        pytest.param(at(0, 15), 2, at(0, 17), id="used-up-exactly-at-closing"),
        pytest.param(at(0, 17), 2, at(1, 11), id="at-closing-is-outside"),
        pytest.param(at(0, 9), 40, at(4, 17), id="a-whole-week"),
        pytest.param(at(0, 9), 4000, at(693 + 6, 0) + at(-2, 17), id="far-beyond-the-tables"),
    ],
)
def test_hours_within(arrival: int, within: int, due: int) -> None:
    assert OFFICE.due(arrival, within * HOUR) == due


@pytest.mark.parametrize(
    ("arrival", "n", "due"),
    [
        pytest.param(at(0, 10), 0, at(0, 17), id="same-day"),
        pytest.param(at(0, 10), 1, at(1, 17), id="next-day"),
        pytest.param(at(4, 10), 1, at(7, 17), id="over-a-weekend"),
        pytest.param(at(0, 17), 0, at(1, 17), id="at-the-close-it-is-tomorrow"),
        pytest.param(at(5, 12), 1, at(8, 17), id="saturday-counts-as-monday"),
        pytest.param(at(0, 10), 5000, at(7000, 17), id="far-beyond-the-tables"),
    ],
)
def test_end_of_business_day(arrival: int, n: int, due: int) -> None:
    assert OFFICE.end_of_day(arrival, n) == due


def test_a_holiday_removes_what_opens_on_it() -> None:
    tuesday = frozenset({dt.date(2026, 1, 6)})
    calendar = Calendar.compile("office", start=MONDAY, hours=weekly(range(5), 9, 17), holidays=tuesday, until=WEEK)
    assert calendar.due(at(0, 16), 2 * HOUR) == at(2, 10)
    assert calendar.end_of_day(at(1, 10), 0) == at(2, 17)
    assert calendar.checkpoints(WEEK).tolist() == [at(day, 17) for day in (0, 2, 3, 4)]
    assert calendar.business_days_per_week == 5


def test_hours_past_midnight_belong_to_their_opening_date() -> None:
    bar = Calendar.compile(
        "bar", start=MONDAY, hours=weekly((4, 5), 20, 27), holidays=frozenset({dt.date(2026, 1, 10)}), until=2 * WEEK
    )
    assert bar.end_of_day(at(5, 1), 0) == at(5, 3)  # Saturday 01:00 is still Friday's business
    assert bar.end_of_day(at(5, 1), 1) == at(12, 3)  # Saturday the 10th is a holiday, Sunday 01:00 with it
    assert bar.due(at(4, 26), 2 * HOUR) == at(11, 21)


def test_a_calendar_open_across_the_start_counts_from_inside() -> None:
    start = dt.datetime(2026, 1, 5, 1, 30)  # Monday 01:30, Sunday's hours are running
    night = Calendar.compile("night", start=start, hours=weekly(range(7), 22, 30), until=WEEK)
    assert night.end_of_day(0, 0) == int(4.5 * HOUR)
    assert night.checkpoints(DAY).tolist() == [int(4.5 * HOUR)]


def test_around_the_clock_is_one_stretch_with_a_close_every_midnight() -> None:
    start = dt.datetime(2026, 1, 7, 18, 0)
    always = Calendar.around_the_clock(start=start, until=WEEK)
    assert len(always.open_start) == 1
    assert always.due(5, 100 * DAY) == 5 + 100 * DAY
    assert always.checkpoints(3 * DAY).tolist() == [6 * HOUR, 30 * HOUR, 54 * HOUR]
    assert always.next_checkpoint([0, 6 * HOUR, 500 * DAY]).tolist() == [6 * HOUR, 30 * HOUR, 500 * DAY + 6 * HOUR]


def test_split_days_close_once() -> None:
    siesta = Calendar.compile("siesta", start=MONDAY, hours=weekly((0,), 8, 12) + weekly((0,), 14, 18), until=WEEK)
    assert siesta.checkpoints(WEEK).tolist() == [at(0, 18)]
    assert siesta.end_of_day(at(0, 13), 0) == at(0, 18)
    assert siesta.due(at(0, 11), 2 * HOUR) == at(0, 15)
    assert siesta.business_days_per_week == 1


def test_no_hours_promised_end_at_once() -> None:
    assert OFFICE.due(at(5, 12), 0) == at(5, 12)


def test_checkpoints_beyond_the_tables_are_refused() -> None:
    with pytest.raises(AssertionError, match="R48"):
        OFFICE.checkpoints(OFFICE.end + 1)


# --- The twin ---------------------------------------------------------------------------------------------------------


class Twin:
    """The same calendar as a list of quarters of an hour, with nothing clever in it."""

    def __init__(
        self, start: dt.datetime, hours: tuple[tuple[int, int], ...], holidays: frozenset[dt.date], quarters: int
    ) -> None:
        self.open = [False] * quarters
        self.closes: list[int] = []  # in order of date
        first = start.date() - dt.timedelta(days=14)
        for date in (first + dt.timedelta(days=k) for k in range(quarters // 96 + 14)):
            midnight = (dt.datetime.combine(date, dt.time()) - start) // dt.timedelta(milliseconds=1)
            mine = [(a, b) for a, b in hours if a // DAY == date.weekday() and date not in holidays]
            for a, b in mine:
                for quarter in range((midnight + a % DAY) // QUARTER, (midnight + a % DAY + b - a) // QUARTER):
                    if 0 <= quarter < quarters:
                        self.open[quarter] = True
            if mine:
                self.closes.append(max((midnight + a % DAY + b - a) // QUARTER for a, b in mine))

    def due(self, arrival: int, within: int) -> int:
        while within > 0:
            within -= self.open[arrival]
            arrival += 1
        return arrival

    def end_of_day(self, arrival: int, n: int) -> int:
        return self.closes[next(k for k, close in enumerate(self.closes) if close > arrival) + n]


@st.composite
def weeks(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    """Open hours of a week on whole quarters: one to eight stretches, over midnight, overlapping or touching."""
    hours = st.tuples(st.integers(0, 7 * 96 - 1), st.one_of(st.integers(1, 60), st.integers(90, 100)))
    chosen = draw(st.lists(hours, min_size=1, max_size=8))
    return tuple((a * QUARTER, (a + length) * QUARTER) for a, length in chosen)


@given(
    hours=weeks(),
    offset=st.integers(0, 7 * 96 - 1),
    days=st.frozensets(st.integers(-9, 20), max_size=8),
    until=st.integers(1, 12),
    asked=st.lists(st.integers(0, 40 * 96), min_size=1, max_size=6),
    within=st.integers(0, 150),
    n=st.integers(0, 8),
)
@settings(max_examples=120, deadline=None)
def test_calendar_equals_its_twin(
    hours: tuple[tuple[int, int], ...],
    offset: int,
    days: frozenset[int],
    until: int,
    asked: list[int],
    within: int,
    n: int,
) -> None:
    start = MONDAY + dt.timedelta(minutes=15 * offset)
    holidays = frozenset(start.date() + dt.timedelta(days=day) for day in days)
    calendar = Calendar.compile("c", start=start, hours=hours, holidays=holidays, until=until * DAY)
    twin = Twin(start, hours, holidays, 2000 * 96)
    ticks = np.array(asked) * QUARTER

    elapsed = calendar.open_time(ticks) - calendar.open_time(0)
    assert elapsed.tolist() == [sum(twin.open[:quarter]) * QUARTER for quarter in asked]
    assert calendar.due(ticks, within * QUARTER).tolist() == [twin.due(quarter, within) * QUARTER for quarter in asked]
    assert calendar.end_of_day(ticks, n).tolist() == [twin.end_of_day(quarter, n) * QUARTER for quarter in asked]
    closes = sorted({close * QUARTER for close in twin.closes})
    assert calendar.checkpoints(until * DAY).tolist() == [close for close in closes if 0 < close <= until * DAY]
    assert calendar.next_checkpoint(ticks).tolist() == [min(c for c in closes if c > tick) for tick in ticks]


@given(hours=weeks(), first=st.integers(1, 50), second=st.integers(1, 50), arrival=st.integers(0, 60 * 96))
@settings(max_examples=60, deadline=None)
def test_due_instants_do_not_depend_on_where_the_run_ends(
    hours: tuple[tuple[int, int], ...], first: int, second: int, arrival: int
) -> None:
    short, long = (Calendar.compile("c", start=MONDAY, hours=hours, until=days * DAY) for days in (first, second))
    assert short.due(arrival * QUARTER, 30 * HOUR) == long.due(arrival * QUARTER, 30 * HOUR)
    assert short.end_of_day(arrival * QUARTER, 3) == long.end_of_day(arrival * QUARTER, 3)


def test_the_twin_notices_a_wrong_rule() -> None:
    """Negative control: a calendar whose hours past midnight belong to the date they run into differs from the twin."""
    hours, holiday = weekly((4,), 20, 27), frozenset({dt.date(2026, 1, 10)})
    right = Twin(MONDAY, hours, holiday, 30 * 96)
    split = weekly((4,), 20, 24) + weekly((5,), 0, 3)
    wrong = Calendar.compile("c", start=MONDAY, hours=split, holidays=holiday, until=DAY)
    assert wrong.due(0, 5 * HOUR) != right.due(0, 20) * QUARTER
