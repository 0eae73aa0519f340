"""Solving on made-up data: the crossing found is that of a full scan, and its interval covers the true one (R124)."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny import TINY

import simsocial as ss
from simsocial.config.vary import Vary, read_vary
from simsocial.errors import InputError
from simsocial.measure.definitions import Kind
from simsocial.measure.rows import Row
from simsocial.measure.stats import wilson
from simsocial.model.scenario import Scenario
from simsocial.simulation.points import PointResults
from simsocial.study.solve.conditions import Condition, Standing
from simsocial.study.solve.effort import MOST_BY_DEFAULT, Effort, most_by_default
from simsocial.study.solve.finding import Found, find
from simsocial.study.solve.search import Crossing, Judgement, search
from simsocial.study.solve.trials import Trials, at_level

Floats = npt.NDArray[np.float64]
Draw = Callable[[int, int, int], Floats]
"""From a place, the first replication and how many, to their values."""

SHARE = Row("mentions", "respond", "", "p_behind", "", Kind.SHARE)
MEAN = Row("mentions", "respond", "", "late_share", "", Kind.MEAN)


@cache
def scenario() -> Scenario:
    import tomllib

    return ss.parse(tomllib.loads(TINY))


def span(values: int) -> Vary:
    """Values 0, 1, … of some key."""
    from decimal import Decimal

    return Vary("teams.desk.headcount", Decimal(0), Decimal(values - 1), Decimal(1))


def trials(draw: Draw, condition: Condition, effort: Effort) -> Trials:
    def sample(places: Sequence[int], first: int, number: int) -> Iterator[PointResults]:
        for place in places:
            values = draw(place, first, number)[:, None]
            point = PointResults(scenario(), 1, 0, (condition.row,), values, np.ones_like(values))
            yield at_level(point, effort.level)

    return Trials(sample, (condition,), effort)


def found(draw: Draw, condition: Condition, effort: Effort, *, values: int) -> tuple[Found, Trials]:
    tried = trials(draw, condition, effort)
    return find(tried, span(values), lambda place: scenario()), tried


# ---- the search against a scan of everything -------------------------------------------------------------------------


@dataclass
class Known:
    """Places whose standing is known beforehand; counts which are looked at."""

    standings: Sequence[Standing]
    holding: Sequence[bool]
    seen: set[int] = field(default_factory=set)

    def places(self) -> Collection[int]:
        return self.seen

    def judgement(self, place: int) -> Judgement:
        self.seen.add(place)
        return Judgement(self.holding[place], self.standings[place])

    settled = judgement


@given(st.tuples(st.integers(0, 40), st.integers(1, 10), st.integers(1, 10), st.integers(0, 40)), st.booleans())
def test_the_crossing_is_that_of_a_full_scan(lengths: tuple[int, int, int, int], backwards: bool) -> None:
    fails, no, yes, holds = lengths
    standings = [Standing.FAILS] * fails + [Standing.OPEN] * (no + yes) + [Standing.HOLDS] * holds
    holding = [False] * (fails + no) + [True] * (yes + holds)
    order = list(range(len(standings)))
    if backwards:
        standings, holding, order = standings[::-1], holding[::-1], order[::-1]
    known = Known(standings, holding)
    for end in (0, len(order) - 1):
        known.judgement(end)
    nearest = None if fails == 0 else order[fails]
    furthest = None if holds == 0 else order[fails + no + yes]
    assert search(known, order) == Crossing(order[fails + no - 1], order[fails + no], nearest, furthest)


def test_bisection_looks_at_few_of_many() -> None:
    known = Known(
        *zip(*[(Standing.HOLDS, True) if n >= 700 else (Standing.FAILS, False) for n in range(1000)], strict=True)
    )
    known.judgement(0), known.judgement(999)
    assert search(known, range(1000)) == Crossing(699, 700, 700, 700)
    assert len(known.seen) <= 2 + math.ceil(math.log2(1000))


# ---- how sure --------------------------------------------------------------------------------------------------------


def behind_up_to(seed: int) -> Draw:
    """Return replications that are behind below thresholds of their own, geometric with mean 5 from 0."""

    def draw(place: int, first: int, number: int) -> Floats:
        thresholds = np.random.default_rng([seed, 1]).geometric(0.2, size=first + number)[first:]
        return (thresholds > place).astype(np.float64)

    return draw


def noisy_line(seed: int) -> Draw:
    """Return values around (40 − place) / 40 with noise of their own beside what the places have in common."""

    def draw(place: int, first: int, number: int) -> Floats:
        common = np.random.default_rng([seed, 0]).normal(size=first + number)[first:]
        own = np.random.default_rng([seed, 1, place]).normal(size=first + number)[first:]
        return (40 - place) / 40 + 0.3 * common + 0.05 * own

    return draw


MADE_UP: list[tuple[Callable[[int], Draw], Condition, int]] = [
    # P(threshold > v) = 0.8^v is at most 10 % from 11 on
    (behind_up_to, Condition(SHARE, at_most=True, limit=0.1, written="10 %"), 11),
    (noisy_line, Condition(MEAN, at_most=True, limit=0.4999, written="0.4999"), 21),
]
REPEATS = 250


@pytest.mark.parametrize(("make", "condition", "truth"), MADE_UP, ids=["share", "mean"])
def test_the_interval_covers_the_true_crossing_as_often_as_it_says(
    make: Callable[[int], Draw], condition: Condition, truth: int
) -> None:
    effort = Effort(start=25, most=100, confidence=0.8, conditions=1)
    covered = exact = 0
    for seed in range(REPEATS):
        told, _ = found(make(seed), condition, effort, values=60)
        nearest, furthest = told.crossing.nearest, told.crossing.furthest
        covered += (nearest is None or nearest <= truth) and (furthest is None or truth <= furthest)
        exact += told.crossing.holding == truth
    error = math.sqrt(REPEATS * 0.8 * 0.2)
    assert (covered - 0.8 * REPEATS) / error >= -4.5
    assert (exact - 0.8 * REPEATS) / error < -4.5  # negative control: the answer alone is no interval


def test_more_replications_go_only_to_what_is_near_the_answer() -> None:
    condition, effort = MADE_UP[0][1], Effort(start=25, most=100, confidence=0.95, conditions=1)
    told, tried = found(behind_up_to(3), condition, effort, values=60)
    sizes = {place: len(point) for place, point in tried.points.items()}
    nearest, furthest = told.crossing.nearest, told.crossing.furthest
    assert nearest is not None
    assert furthest is not None
    deciding = {nearest - 1, nearest, told.crossing.failing, told.crossing.holding, furthest - 1, furthest}
    assert {sizes[place] for place in deciding} == {100}
    assert (sizes[0], sizes[59]) == (25, 25)


def test_first_replications_that_mislead_do_not_decide() -> None:
    """The first 25 know nothing of what the others say: the answer is that of all of them."""

    def draw(place: int, first: int, number: int) -> Floats:
        lucky = np.arange(first, first + number) < 25
        return np.where(lucky, place < 10, place < 50).astype(np.float64)

    condition = Condition(SHARE, at_most=True, limit=0.3, written="30 %")
    told, _ = found(draw, condition, Effort(start=25, most=100, confidence=0.95, conditions=1), values=60)
    assert told.crossing.holding == 50
    few, _ = found(draw, condition, Effort(start=25, most=25, confidence=0.95, conditions=1), values=60)
    assert few.crossing.holding == 10  # negative control


def test_an_end_that_more_replications_turn_is_no_answer() -> None:
    def draw(place: int, first: int, number: int) -> Floats:
        return np.where(np.arange(first, first + number) < 25, place < 30, 1.0)

    condition = Condition(SHARE, at_most=True, limit=0.3, written="30 %")
    with pytest.raises(InputError, match=r"holds at no value tried; nearest at 59: \S+ 75 %"):
        found(draw, condition, Effort(start=25, most=100, confidence=0.95, conditions=1), values=60)


def test_each_condition_has_its_part_of_the_error() -> None:
    assert Effort(25, 100, 0.95, 1).level == pytest.approx(0.95)
    assert Effort(25, 100, 0.95, 2).level == pytest.approx(0.975)


@pytest.mark.parametrize("at_most", [True, False])
def test_so_many_replications_make_sure_of_a_share_that_is_never_seen(at_most: bool) -> None:
    condition = Condition(SHARE, at_most=at_most, limit=0.02 if at_most else 0.98, written="")
    most = most_by_default(25, [condition], 0.95)
    assert most > 100
    for n, standing in ((most, Standing.HOLDS), (most - 1, Standing.OPEN)):
        assert condition.standing(wilson(0 if at_most else n, n, 0.95)) is standing
    assert most_by_default(25, [Condition(SHARE, True, 1e-6, "")], 0.95) == MOST_BY_DEFAULT
    assert most_by_default(25, [Condition(MEAN, True, 0.02, "")], 0.95) == 100


# ---- order -----------------------------------------------------------------------------------------------------------


def dented(place: int, first: int, number: int) -> Floats:
    """Return values that fall from 1 to 0 over 60 places, but for a rise to 0.9 from 35 to 45."""
    noise = np.random.default_rng(1).normal(0, 0.01, size=first + number)[first:]
    return noise + (0.9 if 35 <= place <= 45 else 1 - place / 60)


def test_a_dent_is_told_and_the_answer_lies_behind_it() -> None:
    condition = Condition(MEAN, at_most=True, limit=0.5, written="0.5")
    effort = Effort(start=25, most=100, confidence=0.95, conditions=1)
    told, tried = found(dented, condition, effort, values=60)
    assert told.crossing.holding == 46
    assert told.disorders
    assert all(better < worse <= 45 for better, worse in told.disorders)
    assert len(tried.points) > 20


def test_without_the_dent_nothing_is_told() -> None:
    """Negative control."""
    condition = Condition(MEAN, at_most=True, limit=0.5, written="0.5")
    told, tried = found(noisy_line(1), condition, Effort(25, 100, 0.95, 1), values=60)
    assert told.disorders == ()
    assert len(tried.points) < 20


def test_a_value_in_between_that_holds_alone_is_told() -> None:
    """Both ends fail, the middle holds: that is no range without an answer, but one that is not monotone."""
    condition = Condition(MEAN, at_most=True, limit=0.5, written="0.5")
    with pytest.raises(InputError, match=r"holds at 30 but not at the ends of the range.*begin or end there"):
        found(
            lambda place, first, number: np.full(number, abs(place - 30) / 14),
            condition,
            Effort(25, 25, 0.95, 1),
            values=61,
        )


# ---- values ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "tiny.toml"
    file.write_text(TINY, encoding="utf-8")
    return file


WRITTEN: list[tuple[str, str | None, list[object], int, object]] = [
    ("teams.desk.headcount=1..20", None, [1, 2, 3], 20, 20),
    ("teams.desk.headcount=1..20", "4", [1, 5, 9], 6, 20),
    ("streams.mentions.steps.review.share=0..1", None, [0, 0.02, 0.04], 51, 1),
    ("streams.mentions.steps.review.share=0 %..100 %", "30 %", ["0 %", "30 %", "60 %"], 5, "100 %"),
    ('streams.mentions.arrivals.rate="40 / day".."200 / day"', None, ["40 / day", "42 / day"], 81, "200 / day"),
    ("streams.mentions.arrivals.growth=0..10 % / month", None, ["0 % / month", "0.2 % / month"], 51, "10 % / month"),
    ("streams.mentions.steps.respond.work.mean=30 min..90 min", "20 min", ["30 min", "50 min"], 4, "90 min"),
    ("streams.mentions.arrivals.growth = -5 %/week .. 5 %/week", "2.5", ["-5 %/week", "-2.5 %/week"], 5, "5 %/week"),
]


@pytest.mark.parametrize(("text", "step", "first", "number", "last"), WRITTEN)
def test_values_are_written_as_the_key_is(
    config: Path, text: str, step: str | None, first: list[object], number: int, last: object
) -> None:
    asked = read_vary(text, config, step=step)
    assert [asked.value(place) for place in range(len(first))] == first
    assert len(asked) == number
    assert asked.value(number - 1) == last
    for place in (0, 1, number - 1):
        ss.load(config, overrides={asked.path: asked.value(place)})


def test_dates_go_day_by_day_or_by_the_week(config: Path) -> None:
    import datetime as dt

    asked = read_vary("teams.desk.changes.more.date=2026-01-05..2026-01-26", config)
    assert (len(asked), asked.value(1), asked.written(21)) == (22, dt.date(2026, 1, 6), "2026-01-26")
    weekly = read_vary("teams.desk.changes.more.date=2026-01-05..2026-01-26", config, step="1 week")
    assert [weekly.written(place) for place in range(4)] == ["2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26"]
