"""Reports: what people read says what the numbers say, in 80 columns, also where there is little to say."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
from collections.abc import Callable

import pytest
from builders import StepSpec, StreamSpec, TeamSpec, at, scenario, single_stage_scenario
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

import simsocial as ss
from simsocial.measure.stats import Estimate
from simsocial.model.laws import Deterministic, Exponential
from simsocial.report.check_report import check_report
from simsocial.report.run_report import run_report
from simsocial.report.sentence import Name, Sentence
from simsocial.report.words import amount, counted, day, duration, percent, percent_with_interval, roughly
from simsocial.units import DAY, HOUR, MINUTE, WEEK, format_duration, format_size


def printed(renderable: RenderableType, *, width: int = 80) -> str:
    console = Console(width=width, file=io.StringIO())
    console.print(renderable)
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def test_report_of_a_desk_that_waits_for_nobody() -> None:
    stream = StreamSpec("mentions", at(0), (StepSpec("answer", Exponential(HOUR), nobody=True),))
    world = scenario(stream, teams=(TeamSpec("desk", 1, ()),), horizon=DAY)
    assert printed(run_report(ss.run(world, replications=2))).startswith("nothing can fall behind")


def test_names_are_broken_between_their_parts_only() -> None:
    table = Table.grid()
    table.add_column(width=17, overflow="fold")
    table.add_row(Name("mentions.de_at.respond", "desk"))
    assert printed(table).split() == ["mentions.de_at.", "respond", "desk"]
    assert printed(Name("mentions.de_at.respond", "desk")).split() == ["mentions.de_at.respond", "desk"]


def test_report_of_a_run_too_short_to_judge() -> None:
    world = single_stage_scenario(arrivals=at(0), work=Deterministic(HOUR), horizon=2 * DAY)
    lines = printed(run_report(ss.run(world, replications=2))).splitlines()
    assert lines[0].startswith("mentions.respond (team desk) cannot be judged")
    row = next(line for line in lines if line.startswith(" mentions.respond "))
    assert row.split() == ["mentions.respond", "–", "0", "2", "%", "–", "–"]


def test_report_says_first_what_makes_its_verdict_meaningless() -> None:
    """R65: a queue that nobody serves, and three times the work that can be done; a plain desk has no such line."""
    plain = single_stage_scenario(arrivals=at(0), work=Deterministic(HOUR), horizon=DAY)
    assert "look at" not in printed(run_report(ss.run(plain, replications=2)))
    far = single_stage_scenario(arrivals=at(*[0] * 72), work=Deterministic(HOUR), horizon=DAY)
    first = " ".join(printed(run_report(ss.run(far, replications=2))).split())
    assert first.startswith(
        "look at mentions.respond first: 3 times as much work is expected over the run as those who serve it can do; "
        "is it the unit of a rate or of work, or the headcount? mentions.respond (team desk)"
    )


def test_report_fits_80_columns_with_long_names() -> None:
    stream = StreamSpec("mentions_of_the_firm", at(0), (StepSpec("answer_after_checking", Exponential(HOUR)),))
    world = scenario(stream, teams=(TeamSpec("people_who_answer_all_day", 1), TeamSpec("others", 1)), horizon=WEEK)
    for renderable in (run_report(ss.run(world, replications=2)), check_report(ss.check(world))):
        text = printed(renderable)
        assert max(map(len, text.splitlines())) <= 80
        assert "…" not in text


SAID = (
    "late on 40 % (95 %: 36–44 %) of business days, behind in 0 of 100 replications (99.9 %: at most 4 %); "
    "the first 12 h wait 3.5 days; 15 minutes of 24 months take 1.5 GB, 12 monthly ones 3"
)
APART = re.compile(r"\d\n(%|h|days|minutes|months|GB)\b|%:\n|at\nmost|most\n4")


def broken_apart(kind: Callable[..., RenderableType]) -> list[int]:
    """Return the widths at which something that belongs together stands on two lines."""
    text = kind("desk ", ("struggles", "bold"), f": {SAID}")
    told = {width: re.sub(" *\n", "\n", printed(text, width=width)) for width in range(30, 100)}
    assert {words.strip().replace("\n", " ") for words in told.values()} == {f"desk struggles: {SAID}"}
    assert all(max(map(len, words.splitlines())) <= width for width, words in told.items())
    return [width for width, words in told.items() if APART.search(words)]


def test_numbers_stay_with_their_units() -> None:
    assert broken_apart(Sentence) == []


def test_numbers_of_any_text_do_not() -> None:
    """Negative control: rich itself breaks lines there."""
    assert len(broken_apart(Text.assemble)) > 20


@pytest.mark.parametrize(
    ("share", "text"), [(0.0, "0 %"), (0.004, "<1 %"), (0.5, "50 %"), (0.999, ">99 %"), (1.0, "100 %"), (math.nan, "–")]
)
def test_shares_in_words(share: float, text: str) -> None:
    assert percent(share) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [(0.55, 0.65, "60 ±5 %"), (0.596, 0.604, "60.0 ±0.4 %"), (0.6, 0.6, "60 %"), (math.nan, math.nan, "60 %")],
)
def test_shares_with_intervals_in_words(low: float, high: float, text: str) -> None:
    assert percent_with_interval(Estimate(0.6, low, high, 0.95, 10)) == text


def test_amounts_in_words() -> None:
    assert [amount(number) for number in (0, 0.1234, 12.34, 1234.5, math.nan)] == ["0", "0.123", "12.3", "1,234", "–"]
    assert [duration(ticks) for ticks in (0, 90 * MINUTE, math.inf, math.nan)] == ["0", "1.5 h", "never", "–"]
    lengths = (2400 * HOUR, 100 * MINUTE, 26 * WEEK, 1000 * DAY, 3 * DAY + 1)
    assert [duration(ticks) for ticks in lengths] == ["100 days", "1.67 h", "26 weeks", "143 weeks", "3 days"]
    assert [counted(number, "week") for number in (0, 1, 1234)] == ["0 weeks", "1 week", "1,234 weeks"]
    assert [format_duration(ticks, digits=2) for ticks in (444_000, 1234 * WEEK)] == ["7.4 min", "1,234 weeks"]
    assert [roughly(number) for number in (0, 3.59, 195e6)] == [0, 3.6, 200e6]
    assert [format_size(octets) for octets in (2e3, 153e6, 2.34e9, 1.12e12)] == [
        "2 kB",
        "153 MB",
        "2.34 GB",
        "1,120 GB",
    ]
    assert day(dt.date(2026, 1, 5)) == "Mon 2026-01-05"
