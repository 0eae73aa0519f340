"""Solving small desks: the answer is that of brute force on a grid; what is printed, written and refused (R124)."""

from __future__ import annotations

import csv
import datetime as dt
import json
import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from matplotlib.figure import Figure
from tiny import tiny
from typer.testing import CliRunner, Result

import simsocial as ss
from simsocial.cli import app
from simsocial.measure.columns import TRIED
from simsocial.report.as_json import json_text
from simsocial.report.solve_report import solve_document, solve_lines
from simsocial.study.solve.conditions import Condition, Standing, read_conditions
from simsocial.study.solve.solution import Disorder, Solution

BEHIND = "mentions.respond.p_behind <= 20 %"
KEPT = "mentions.first_response_kept_share >= 60 %"
DATED = {"teams.desk.changes.more": {"date": dt.date(2026, 1, 8), "headcount": 4}}


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny(tmp_path_factory.mktemp("solve"))


def brute_force(config: Path, solution: Solution, changes: dict[str, Any]) -> list[bool]:
    """Return of every value of the range whether the conditions hold there, each run by itself."""
    vary, holding = solution.vary, []
    for place in range(len(vary)):
        scenario = ss.load(config, overrides={**changes, vary.path: vary.value(place)})
        results = ss.run(scenario, replications=solution.effort.most)
        told = {row.name: estimate.value for row, estimate in zip(results.rows, results.estimates, strict=True)}
        holding.append(all(each.met_by(told[each.row.name]) for each in solution.conditions))
    return holding


GRIDS: list[tuple[str, str, str | None, dict[str, Any], bool]] = [
    ("teams.desk.headcount=1..6", BEHIND, None, {}, True),
    ("streams.mentions.arrivals.rate=2..14 / day", BEHIND, "1", {}, False),
    (
        "streams.mentions.arrivals.growth=-60..90 % / week",
        f"{KEPT} and mentions.respond.p_behind <= 80 %",
        "15",
        {},
        False,
    ),
    ("teams.desk.changes.more.date=2026-01-06..2026-01-17", KEPT, None, DATED, False),
    ("streams.mentions.steps.respond.work.mean=20..60 min", KEPT, "5 min", {}, False),
]


@pytest.mark.parametrize(("vary", "until", "step", "changes", "smallest"), GRIDS, ids=[each[0] for each in GRIDS])
def test_the_answer_is_that_of_brute_force(
    config: Path, vary: str, until: str, step: str | None, changes: dict[str, Any], smallest: bool
) -> None:
    solution = ss.solve(config, vary=vary, until=until, step=step, overrides=changes, replications=3, most=6)
    holding = brute_force(config, solution, changes)
    assert solution.smallest is smallest
    assert True in holding
    assert False in holding
    if smallest:
        last = len(holding) - 1 - holding[::-1].index(False)  # behind the last that fails all hold
        answer, failing = last + 1, last
    else:
        answer, failing = holding.index(False) - 1, holding.index(False)
    assert solution.value == solution.vary.value(answer)
    assert solution.failing.value == solution.vary.value(failing)
    assert len(solution.tried) < len(holding)


def test_another_limit_has_another_answer(config: Path) -> None:
    """Negative control of the grid: the limit matters."""
    few, many = (
        ss.solve(config, vary="teams.desk.headcount=1..6", until=f"mentions.first_response_kept_share >= {share} %")
        for share in (50, 90)
    )
    assert few.value < many.value


def test_what_is_sure_is_the_far_end_of_the_interval(config: Path) -> None:
    asked = {"vary": "teams.desk.headcount=1..6", "until": "mentions.respond.p_behind <= 5 %"}
    likely, sure = (ss.solve(config, **asked, sure=sure) for sure in (False, True))
    assert likely.value == 3
    assert (likely.low.value, likely.high.value) == (3, 4) if likely.low and likely.high else False
    assert sure.value == 4
    assert sure.answer.standing is Standing.HOLDS
    assert sure.failing.standing is not Standing.HOLDS


def test_the_same_question_has_the_same_answer(config: Path) -> None:
    asked = {"vary": "teams.desk.headcount=1..6", "until": BEHIND}
    one, other = (json_text(solve_document(ss.solve(config, **asked))) for _ in range(2))
    assert one == other
    another = json_text(solve_document(ss.solve(config, **asked, seed=8)))
    assert another != one


def test_replications_added_are_those_that_follow(config: Path) -> None:
    """What rests on 4 and 12 more replications is what a run of 16 measures."""
    solution = ss.solve(config, vary="teams.desk.headcount=1..6", until=KEPT, most=16)
    (added,) = [each for each in solution.tried if each.replications == 16][:1]
    results = ss.run(ss.load(config, overrides={solution.vary.path: added.value}), replications=16)
    told = dict(zip([row.name for row in results.rows], results.estimates, strict=True))
    assert added.estimates[0].value == told["mentions.first_response_kept_share"].value


def test_the_engine_makes_no_difference(config: Path) -> None:
    asked = {"vary": "teams.desk.headcount=1..4", "until": KEPT, "replications": 3, "most": 3}
    one, other = (ss.solve(config, **asked, engine=engine) for engine in ("numpy", "simpy"))
    assert one.tried == other.tried


# ---- conditions ------------------------------------------------------------------------------------------------------


def conditions(config: Path, text: str) -> list[tuple[str, bool, float]]:
    return [(each.row.name, each.at_most, each.limit) for each in read_conditions(text, ss.load(config))]


def test_conditions_are_read_in_the_units_of_their_measures(config: Path) -> None:
    assert conditions(config, "mentions.respond.wait_mean<=2 h and desk.occupancy >= .5") == [
        ("mentions.respond.wait_mean", True, 120),
        ("desk.occupancy", False, 0.5),
    ]
    assert conditions(config, " mentions.turnaround_mean <= 90 min ") == [("mentions.turnaround_mean", True, 1.5)]
    assert conditions(config, "desk.occupancy <= 85 % and mentions.respond.first_onset >= 2 weeks") == [
        ("desk.occupancy", True, 0.85),
        ("mentions.respond.first_onset", False, 14),
    ]


def test_names_may_have_the_word_and_in_them(tmp_path: Path) -> None:
    file = tiny(tmp_path)
    text = file.read_text(encoding="utf-8").replace("[teams.desk]", '[teams."sales and care"]')
    file.write_text(text, encoding="utf-8")
    found = conditions(file, "sales and care.occupancy <= 85 % and sales and care.busy <= 100 slot h")
    assert [name for name, _, _ in found] == ["sales and care.occupancy", "sales and care.busy"]


BAD: list[tuple[dict[str, str], str]] = [
    (
        {"vary": "teams.desk.headcout=1..6"},
        "--vary teams.desk.headcout: no such key 'headcout'; did you mean 'headcount'?",
    ),
    ({"vary": "teams.dekk.headcount=1..6"}, "--vary teams.dekk.headcount: no such table 'dekk'; did you mean 'desk'?"),
    (
        {"vary": "teams.desk.headcount=6..1"},
        "--vary teams.desk.headcount=6..1: write the lower end first, and a higher one behind the dots",
    ),
    (
        {"vary": "teams.desk.headcount=3"},
        "--vary teams.desk.headcount=3: write PATH=LOW..HIGH, such as teams.desk.headcount=1..20",
    ),
    ({"vary": "1..3"}, "--vary: write PATH=LOW..HIGH, such as teams.desk.headcount=1..20 (got '1..3')"),
    (
        {"vary": "teams.desk.headcount=few..many"},
        "--vary teams.desk.headcount=few..many: an end is a number, an amount such as 40 / day, or "
        "a date such as 2026-03-01 (got 'few')",
    ),
    ({"vary": "teams.desk.headcount=-1..6"}, "--vary teams.desk.headcount: write a whole number, 0 or more (got -1)"),
    ({"vary": "teams.desk.headcount=1.5..6"}, "--vary teams.desk.headcount: write a whole number, 0 or more (got 1.5)"),
    (
        {"vary": "streams.mentions.arrivals.rate=1..9"},
        '--vary streams.mentions.arrivals.rate: a rate needs its unit: write "1 / day", not 1\n'
        '--vary streams.mentions.arrivals.rate: a rate needs its unit: write "9 / day", not 9',
    ),
    (
        {"vary": "streams.mentions.arrivals.rate=1 / day..2 / h"},
        "--vary streams.mentions.arrivals.rate=1 / day..2 / h: write both ends in one unit, such as"
        " \"40 / day\"..\"200 / day\" (got '/ day' and '/ h')",
    ),
    (
        {"vary": "time.start=2026-02-28..2026-02-30"},
        "--vary time.start=2026-02-28..2026-02-30: there is no such date: day is out of range for month",
    ),
    ({"step": "60"}, "--step: is longer than the range; nothing between its ends would be tried"),
    (
        {"vary": "run.seed=1..5"},
        "--vary run.seed=1..5: is the same at every value tried; vary what the desk, its work or its dates are",
    ),
    ({"step": "0"}, "--step: must be greater than 0"),
    ({"step": "1 min"}, "--step: write a number (got '1 min')"),
    (
        {"vary": "time.start=2026-02-01..2026-02-20", "step": "2"},
        "--step: write a length of time as a number and a unit, such as \"6 min\" (got '2')",
    ),
    (
        {"vary": "time.start=2026-02-01..2026-02-20", "step": "36 h"},
        "--step: dates are whole days apart; write such as \"7 days\" (got '36 h')",
    ),
    (
        {"until": "mentions.respond.p_behing <= 5 %"},
        "--until: there is no measure 'mentions.respond.p_behing'; did you mean 'mentions.respond.p_behind'?",
    ),
    (
        {"until": "mentions.respond.p_behind < 5 %"},
        '--until: write MEASURE <= VALUE or MEASURE >= VALUE, such as "mentions.respond.p_behind <='
        " 5 %\" (got 'mentions.respond.p_behind < 5 %')",
    ),
    (
        {"until": "mentions.respond.p_behind <= 20 % and"},
        '--until: write MEASURE <= VALUE or MEASURE >= VALUE, such as "mentions.respond.p_behind <='
        " 5 %\" (got 'mentions.respond.p_behind <= 20 % and')",
    ),
    (
        {"until": "mentions.respond.p_behind <= 5"},
        '--until: mentions.respond.p_behind is a share; write "5 %", or a number from 0 to 1',
    ),
    ({"until": "mentions.respond.wait_mean <= 5 %"}, "--until: mentions.respond.wait_mean is told in min (got 5 %)"),
    ({"until": "mentions.respond.p_behind <= 2 h"}, "--until: mentions.respond.p_behind has no unit (got 2 h)"),
    (
        {"until": "mentions.respond.drain_time <= 2"},
        "--vary teams.desk.headcount=1..6: mentions.respond.drain_time has no value at 1: nothing "
        "happened to measure it by; take another measure or another range",
    ),
    (
        {"vary": "teams.desk.headcount=4..6"},
        "--vary teams.desk.headcount=4..6: mentions.respond.p_behind <= 20 % holds at every value "
        "tried, even at 4: mentions.respond.p_behind 0 % (95 %: 0 % to 19.4 %); 6: "
        "mentions.respond.p_behind 0 % (95 %: 0 % to 19.4 %); by the fluid forecast no stage is "
        "overloaded at 4 and no stage is overloaded at 6; extend the range",
    ),
    (
        {"vary": "teams.desk.headcount=0..1", "until": "mentions.respond.late_share <= 5 %"},
        "--vary teams.desk.headcount=0..1: mentions.respond.late_share <= 5 % holds at no value "
        "tried; nearest at 1: mentions.respond.late_share 84.2 % (95 %: 80.1 % to 88.2 %); by the "
        "fluid forecast mentions.respond is overloaded from the week of 2026-01-05 on at 1; extend "
        "the range beyond 1",
    ),
]
"""What is asked instead of a good question, and all that is said."""


@pytest.mark.parametrize(("asked", "said"), BAD, ids=[" ".join(asked.values()) for asked, _ in BAD])
def test_bad_input_is_told(config: Path, asked: dict[str, str], said: str) -> None:
    with pytest.raises(ss.InputError) as caught:
        ss.solve(config, **{"vary": "teams.desk.headcount=1..6", "until": BEHIND, "most": 16, **asked})
    assert str(caught.value) == said


def test_numbers_that_make_no_sense_are_told(config: Path) -> None:
    asked = {"vary": "teams.desk.headcount=1..6", "until": BEHIND}
    with pytest.raises(ss.InputError, match=r"^most: must be at least the 9 replications of every value \(got 4\)$"):
        ss.solve(config, **asked, replications=9, most=4)
    with pytest.raises(ss.InputError, match=r"^replications: must be a whole number of at least 1 \(got -1\)$"):
        ss.solve(config, **asked, replications=-1)
    with pytest.raises(ss.InputError, match=r"^--sure: no number of replications makes sure of .*p_behind <= 0 %"):
        ss.solve(config, vary=asked["vary"], until="mentions.respond.p_behind <= 0 %", sure=True)
    with pytest.raises(ss.InputError, match=r"holds at 3 by the estimate, but nowhere surely: .*\(--most\)"):
        ss.solve(config, **asked, most=4, sure=True)


def test_an_estimate_without_an_interval_leaves_it_open(config: Path) -> None:
    (condition,) = read_conditions("mentions.respond.first_onset >= 10 days", ss.load(config))
    assert isinstance(condition, Condition)
    unsure = ss.run(ss.load(config), replications=4).by_name["mentions", "respond", "", "first_onset"]
    assert math.isnan(unsure.low)
    assert condition.standing(unsure) is Standing.OPEN


# ---- on the command line ---------------------------------------------------------------------------------------------


def simsocial(*arguments: str, code: int = 0) -> Result:
    done = CliRunner().invoke(app, list(arguments), catch_exceptions=False, env={"COLUMNS": "80"})
    assert done.exit_code == code, done.output
    return done


PRINTED = """\
3 people are needed on desk (95 %: 3 to 4) so that mentions.respond.p_behind
stays at or below 5 %; at 2 it is 52.1 %
at 3 it is 1.37 % (95 %: 0.242 % to 7.36 %); it holds there by the estimate, by
the whole interval from 4 on (--sure)

Tiny desk
5 values tried on the same draws, 4 replications each, 73 near the answer; seed
7

                        Repli-  mentions.respond.p_behind
 teams.desk.headcount  cations                     (95 %)  Holds
 ────────────────────────────────────────────────────────────────────
 1                           4           100 % (51 – 100)  surely not
 2                          73       52.1 % (40.8 – 63.1)  surely not
 3                          73      1.37 % (0.242 – 7.36)  yes
 4                          73                0 % (0 – 5)  surely
 6                           4               0 % (0 – 49)  yes
"""
ASKED = ("--vary", "teams.desk.headcount=1..6", "--until", "mentions.respond.p_behind <= 5 %")


def test_the_answer_comes_first(config: Path) -> None:
    printed = simsocial("solve", str(config), *ASKED).stdout
    assert [line.rstrip() for line in printed.strip().splitlines()] == PRINTED.strip().splitlines()
    quiet = simsocial("solve", str(config), *ASKED, "--quiet").stdout
    assert quiet.split() == PRINTED.split("\n\n")[0].split()


def test_what_is_not_monotone_is_said(config: Path) -> None:
    solution = ss.solve(config, vary="teams.desk.headcount=1..6", until=BEHIND)
    assert len(solve_lines(solution)) == 2
    better, worse = solution.tried[1], solution.tried[0]
    (said,) = solve_lines(replace(solution, disorders=(Disorder(better, worse),)))[2:]
    assert re.fullmatch(
        r"not monotone: it is [\d.]+ % at 2, it is 100 % at 1, which is no luck; "
        r"of \d values tried, all from 3 on hold",
        said,
    )


def test_a_folder_has_what_was_tried(config: Path, tmp_path: Path) -> None:
    place = tmp_path / "answer"
    done = simsocial("solve", str(config), *ASKED, "--out", str(place), "--figures", "--json")
    told = json.loads(done.stdout)
    assert (told["value"], told["low"], told["high"], told["sought"]) == (3, 3, 4, "smallest")
    assert {str(file.relative_to(place)) for file in place.rglob("*.*")} == {
        "tried.csv", "solution.json", "provenance.json", "figures/solved.png", "figures/solved.svg",
    }  # fmt: skip
    with (place / "tried.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [column.name for column in TRIED]
    assert [(row["tried"], row["n"], row["standing"]) for row in rows][1:3] == [
        ("2", "73", "fails"),
        ("3", "73", "open"),
    ]
    assert json.loads((place / "solution.json").read_text()) | {"folder": str(place)} == told
    provenance = json.loads((place / "provenance.json").read_text())
    assert provenance["vary"] == "teams.desk.headcount=1..6"
    assert provenance["config"]["teams"]["desk"]["headcount"] == {"value": 3}


def test_nothing_is_written_when_there_is_no_answer(config: Path, tmp_path: Path) -> None:
    place = tmp_path / "answer"
    asked = ("--vary", "teams.desk.headcount=4..6", "--until", BEHIND)
    done = simsocial("solve", str(config), *asked, "--out", str(place), code=2)
    assert "holds at every value tried" in done.stderr
    assert list(tmp_path.iterdir()) == []
    assert "--figures: say where" in simsocial("solve", str(config), *asked, "--figures", code=2).stderr


def test_dates_are_told_with_their_weekdays(config: Path) -> None:
    change = "teams.desk.changes.more={date=2026-01-08,headcount=4}"
    vary = "teams.desk.changes.more.date=2026-01-05..2026-01-24"
    done = simsocial(
        "solve", str(config), "--set", change, "--vary", vary, "--until", KEPT, "--replications", "30", "--most", "30"
    )
    told = " ".join(done.stdout.split())
    assert told.startswith("the latest teams.desk.changes.more.date is Tue 2026-01-13 (95 %: 2026-01-13 to 2026-01-14)")


def test_the_figure_shows_the_limit_and_the_answer(config: Path) -> None:
    solution = ss.solve(config, vary="teams.desk.headcount=1..6", until=BEHIND)
    axes = ss.figures.solved(Figure().subplots(), solution)
    labels = axes.get_legend_handles_labels()[1]
    few, many = (f"{number} replications,\n95 % interval" for number in (4, 16))
    assert labels == [few, many, "limit 20 %", "answer", "its 95 % interval"]
    (curve,) = [line for line in axes.lines if line.get_label() == many]
    assert list(curve.get_xdata()) == [tried.number for tried in solution.tried if tried.replications == 16]
    assert re.search("p_behind <= 20 %", axes.get_title(loc="left"))
