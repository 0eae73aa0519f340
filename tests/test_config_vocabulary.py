"""The vocabulary against what it should mean: every spelling of a law, and what does not fit into a table."""

from __future__ import annotations

import math
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from configs_in_short import faults, resolved

from simsocial.config.laws import AnyLaw
from simsocial.model import laws as model
from simsocial.units import HOUR, MINUTE


def law(written: str) -> model.Law:
    """Return the law that ``written`` means as the patience of a stream (the place where all spellings are allowed)."""
    found = resolved(f"streams.m.patience = {written}").streams[0].patience
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("written", "kind", "mean", "cv"),
    [
        ('"6 min"', model.Deterministic, 6, 0),
        ('{ law = "deterministic", value = "6 min" }', model.Deterministic, 6, 0),
        ('{ value = "6 min", source = "measured", range = ["5 min", "7 min"] }', model.Deterministic, 6, 0),
        ('{ law = "exponential", mean = "6 min" }', model.Exponential, 6, 1),
        ('{ law = "gamma", mean = "6 min", cv = 0.5 }', model.Gamma, 6, 0.5),
        ('{ law = "gamma", mean = "6 min", shape = 4 }', model.Gamma, 6, 0.5),
        ('{ law = "erlang", mean = "6 min", stages = 4 }', model.Gamma, 6, 0.5),
        ('{ law = "lognormal", mean = "6 min", cv = 0.8 }', model.LogNormal, 6, 0.8),
        ('{ law = "lognormal", median = "6 min", sigma = 1 }', model.LogNormal, 6 * math.e**0.5, (math.e - 1) ** 0.5),
        ('{ law = "weibull", mean = "6 min", shape = 1 }', model.Weibull, 6, 1),
        ('{ law = "weibull", mean = "6 min", cv = 5 }', model.Weibull, 6, 5),
        ('{ law = "weibull", scale = "6 min", shape = 0.5 }', model.Weibull, 12, 5**0.5),
        ('{ law = "hyperexponential", mean = "6 min", cv = 2 }', model.HyperExponential, 6, 2),
        (
            '{ law = "hyperexponential", shares = [0.25, 0.75], means = ["12 min", "4 min"] }',
            model.HyperExponential,
            6,
            math.sqrt(2 * (0.25 * 144 + 0.75 * 16) / 36 - 1),
        ),
        ('{ law = "uniform", low = 0, high = "12 min" }', model.Uniform, 6, 1 / math.sqrt(3)),
        ('{ law = "triangular", low = 0, mode = "6 min", high = "12 min" }', model.Triangular, 6, 1 / math.sqrt(6)),
        (
            '{ law = "pert", least = "2 min", usual = "5 min", most = "14 min" }',
            model.Pert,
            6,
            math.sqrt((6 - 2) * (14 - 6) / 7) / 6,
        ),
        ('{ law = "exponential", mean = "8 min", zero_share = 0.25 }', model.WithZero, 6, math.sqrt(2 / 0.75 - 1)),
        ('{ law = "exponential", mean = "8 min", zero_share = 1 }', model.Deterministic, 0, 0),
        ("0", model.Deterministic, 0, 0),
    ],
)
def test_each_spelling_of_a_law_has_its_mean_and_spread(written: str, kind: type, mean: float, cv: float) -> None:
    found = law(written)
    assert type(found) is kind
    assert found.mean == pytest.approx(mean * MINUTE, rel=1e-9)
    assert found.cv == pytest.approx(cv, rel=1e-6)


def test_balanced_means_carry_half_each() -> None:
    found = law('{ law = "hyperexponential", mean = "6 min", cv = 2 }')
    assert isinstance(found, model.HyperExponential)
    assert np.multiply(found.shares, found.means) == pytest.approx([3 * MINUTE] * 2)


def test_an_empirical_law_takes_the_numbers_of_a_column_in_their_unit(tmp_path: Path) -> None:
    (tmp_path / "handled.csv").write_text("who,minutes\na,4\nb,1.5\nc,0\n")
    work = '{ law = "empirical", file = "handled.csv", column = "minutes", unit = "min" }'
    scenario = resolved(f"streams.m.steps.respond.work = {work}", base=tmp_path)
    found = scenario.streams[0].steps[0].work
    assert isinstance(found, model.Empirical)
    assert found.values.tolist() == [0, 1.5 * MINUTE, 4 * MINUTE]
    assert scenario.origin is not None
    assert list(scenario.origin.files) == ["handled.csv"]


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ('{ law = "gamma", mean = "6 min" }', "this law takes mean and cv, or mean and shape (got mean)"),
        (
            '{ law = "gamma", mean = "6 min", cv = 1, shape = 1 }',
            "this law takes mean and cv, or mean and shape (got mean and cv and shape)",
        ),
        ('{ law = "lognormal", median = "6 min", cv = 1 }', "this law takes mean and cv, or median and sigma"),
        ('{ law = "lognormal" }', "this law takes mean and cv, or median and sigma (got none of them)"),
        ('{ law = "weibull", cv = 1, shape = 1 }', "this law takes mean and shape, or mean and cv, or scale and shape"),
        ('{ law = "weibull", mean = "1 h", cv = 2000 }', "cv: a Weibull's cv is written between 0.01 and 1000"),
        ('{ law = "weibull", mean = "1 h", shape = 0.001 }', "shape: a Weibull's shape is written between"),
        (
            '{ law = "hyperexponential", mean = "1 h", cv = 1 }',
            'cv: must be greater than 1; up to 1, write law = "gamma"',
        ),
        ('{ law = "hyperexponential", shares = [0.5, 0.5], means = ["1 h"] }', "means: write as many means as shares"),
        (
            '{ law = "hyperexponential", shares = [0.5, 0.4], means = ["1 h", "2 h"] }',
            "shares: must be greater than 0 and add up to 1 (got 0.9)",
        ),
        ('{ law = "uniform", low = "2 h", high = "1 h" }', "write low ≤ high, the first less than the last"),
        ('{ law = "triangular", low = "1 h", mode = "1 h", high = "1 h" }', "write low ≤ mode ≤ high, the first less"),
        ('{ law = "pert", least = "1 h", usual = "4 h", most = "2 h" }', "write least ≤ usual ≤ most"),
        ('{ law = "erlang", mean = "6 min", stages = 1.5 }', "stages: write a whole number, 1 or more (got 1.5)"),
        ('{ law = "exponential", mean = 6 }', 'mean: a length of time needs its unit: write "6 min", not 6'),
        ('{ law = "poisson", mean = "6 min" }', "law: write one of"),
    ],
)
def test_a_wrong_spelling_is_told_the_right_ones(written: str, fault: str) -> None:
    (found,) = faults(f"streams.m.patience = {written}")
    assert found.startswith("streams.m.patience")
    assert fault in found


LAWS = [word for kind in get_args(get_args(AnyLaw)[0]) for word in get_args(kind.model_fields["law"].annotation)]


@pytest.mark.parametrize("name", LAWS)
def test_no_law_reads_over_a_parameter_that_is_not_its_own(name: str) -> None:
    found = faults(f'streams.m.patience = {{ law = "{name}", steepness = 1 }}')
    assert any(fault.startswith("streams.m.patience.steepness: unknown key") for fault in found)


REVIEW = (
    'streams.m.route = ["respond", "review"]\nteams.desk.self_review = true\n[streams.m.steps.review]\nwork = "2 min"'
)


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ('reject = 0.1\nreturns_to = "respond"', "reject: belongs to a review; say when ="),
        ('when = "after publication"\nreturns_to = "respond"', "reject: missing; a review says which share it rejects"),
        (
            'when = "after publication"\nreject = 0.1',
            'returns_to: missing; write an earlier step of the route, or "author"',
        ),
        ('when = "after publication"\nreject = 0.1\nreturns_to = "author"', "author_delay: missing; how long"),
        (
            'when = "before publication"\nreject = 0.1\nreturns_to = "author"\nauthor_delay = "1 h"\nrework = "1 h"',
            "rework: leave it out; the author does the rework",
        ),
        (
            'when = "before publication"\nreject = 0.1\nreturns_to = "respond"\nauthor_delay = "1 h"',
            'author_delay: belongs to returns_to = "author"; leave it out',
        ),
        (
            'when = "before publication"\nreject = 0.1\nreturns_to = "respond"\nmax_rounds = 33',
            "max_rounds: at most 32 (got 33)",
        ),
        ('when = "before"\nreject = 0.1\nreturns_to = "respond"', "when: write one of"),
        ('served_by = "nobody"\nsuspend = true', "suspend: leave it out"),
        ('served_by = "nobody"\nprefer = ["desk"]', "prefer: leave it out"),
        ("factors.a = { from = 2026-01-06, reject = 0.5 }", "factors.a.reject: belongs to a review"),
        ("factors.a = { from = 2026-01-06 }", "factors.a: changes nothing; write work, reject, or both"),
    ],
)
def test_what_does_not_fit_a_step_says_what_would(lines: str, fault: str) -> None:
    assert any(found.startswith(f"streams.m.steps.review.{fault}") for found in faults(f"{REVIEW}\n{lines}"))


CALENDAR = 'calendars.office.hours = "Mon-Fri 09:00-17:00"'


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (
            ['streams.m.arrivals.timetable = "Mon 09:00"'],
            "streams.m.arrivals: write a table with exactly one of rate, per_employee, forecast, timetable, replay; "
            "take out rate or timetable (got rate and timetable)",
        ),
        (
            ['streams.m.arrivals.rate = "-"', 'streams.m.arrivals.ratte = "1 / h"'],
            "streams.m.arrivals.ratte: unknown key; did you mean 'rate'?",
        ),
        (
            ['streams.m.arrivals = { rate = "-", timetable = "Mon 09:00", growth = "1 % / week" }'],
            "streams.m.arrivals.growth: goes with rate and per_employee, not with timetable; leave it out",
        ),
        (
            ["streams.m.arrivals.season = [1, 2]"],
            "streams.m.arrivals.season: write 12 monthly or 53 weekly factors (got 2)",
        ),
        (
            [CALENDAR, 'streams.m.promises.pickup = { within = "2 days", share = 0.9, clock = "office" }'],
            'streams.m.promises.pickup.within: "2 days" on a calendar can be read in two ways; write its open hours, '
            'such as "10 h", or "end of business day + 2"',
        ),
        (
            ['streams.m.promises.pickup = { within = "end of business day", share = 0.9 }'],
            "streams.m.promises.pickup.within: business days need a calendar; write its name as clock",
        ),
        (['time.warmup = "4 weeks"'], "time.warmup: nothing is left to measure; write less than the horizon"),
        (['time.horizon = "0 h"'], 'time.horizon: a length of time must be greater than 0 (got "0 h")'),
        (["time.start = 0026-01-05"], "time.start: write a year from 1900 to 2900 (got 26)"),
        (["run.confidence = 1"], "run.confidence: write a share from 0.5 to below 1 (got 1)"),
        (["run.full_week = '169 h'"], "run.full_week: paid hours of one person in a week; write at most 168 h"),
        (
            ['run.replications = { min = 9, max = 8, precision = "2 %", of = "m.kept" }'],
            "run.replications.max: must be at least min, which is 9 (got 8)",
        ),
        (
            ['run.replications = { min = 1, precision = "2 %", of = "m.kept" }'],
            "run.replications.min: an interval needs at least 2 replications",
        ),
        (
            ["teams.desk.changes.a = { date = 2026-02-01 }"],
            "teams.desk.changes.a: write either headcount or add",
        ),
        (
            ["teams.desk.changes.a = { date = 2026-02-01, add = 0.5 }"],
            "teams.desk.changes.a.add: write a whole number, such as 2 or -1 (got 0.5)",
        ),
        (
            ["teams.desk.shifts.all = { count = 1, share = 0.5 }"],
            "teams.desk.shifts.all.share: leave out count or share; a shift has one of them",
        ),
        (
            ['teams.desk.shifts.all = { days = "Mon", hours = "22:00-06:00, 23:00-24:00" }'],
            "teams.desk.shifts.all.hours: overlapping hours: Mon 22:00-06:00 and those from Mon 23:00",
        ),
        (
            ['teams.desk.shifts.all = { days = "Mon", hours = "08:00-08:00" }'],
            'teams.desk.shifts.all.hours: has no length; the whole day is "00:00-24:00" (got "08:00-08:00")',
        ),
        (
            ['teams.desk.shifts.all = { days = "Mon", hours = "Tue 08:00-09:00" }'],
            'teams.desk.shifts.all.hours: write a time of day from-to, such as "08:00-16:30" (got "Tue 08:00-09:00")',
        ),
        (
            [
                'teams.desk.shifts.all = { days = "Mon", hours = "08:00-16:00" }',
                'teams.desk.shifts.all.break = { after = "8 h", length = "5 min" }',
            ],
            "teams.desk.shifts.all.break: begins when the shift is over; write an earlier time after its beginning",
        ),
        (
            [
                'teams.desk.shifts.all.breaks.tea = { after = "2 h", length = "15 min" }',
                'teams.desk.shifts.all.break = { after = "134 min", length = "15 min" }',
            ],
            "teams.desk.shifts.all.break: overlaps breaks.tea; write breaks one after the other",
        ),
    ],
)
def test_what_does_not_fit_a_table_says_what_would(lines: list[str], found: str) -> None:
    assert faults(*lines) == [found]


def test_breaks_may_follow_each_other_without_a_gap() -> None:
    """Negative control for the overlap above."""
    tea, lunch = '{ after = "2 h", length = "15 min" }', '{ after = "135 min", length = "15 min" }'
    team = resolved(f"teams.desk.shifts.all.breaks = {{ tea = {tea}, lunch = {lunch} }}").teams[0]
    found = [(pause.after, pause.length) for pause in team.shifts[0].breaks]
    assert found == [(2 * HOUR, 15 * MINUTE), (135 * MINUTE, 15 * MINUTE)]


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("currency = 'USD'", "currency"),
        ("levers = { kind = 'technology' }", "levers"),
        ("teams.desk.wage = '30 / h'", "teams.desk.wage"),
    ],
)
def test_what_the_model_does_not_do_is_not_read_over(line: str, key: str) -> None:
    assert [fault.split(";")[0] for fault in faults(line)] == [f"{key}: unknown key"]
