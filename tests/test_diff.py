"""Two configs or runs side by side: differences worked by hand, and numbers that are those of the runs themselves."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from tiny import TINY, tiny
from typer.testing import CliRunner, Result

import simsocial as ss
from simsocial.cli import app
from simsocial.errors import InputError
from simsocial.study.recorded import Recorded

MORE = TINY.replace('headcount = 1\nserves = ["mentions.respond"]', 'headcount = 3\nserves = ["mentions.respond"]')


def simsocial(*arguments: str, code: int = 0) -> Result:
    done = CliRunner().invoke(app, list(arguments), catch_exceptions=False, env={"COLUMNS": "80"})
    assert done.exit_code == code, done.output
    return done


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One responder and three: configs ``a.toml``, ``b.toml``, runs ``a``, ``b``, and ``b9`` of another seed."""
    place = tmp_path_factory.mktemp("diff")
    tiny(place).rename(place / "a.toml")
    (place / "b.toml").write_text(MORE, encoding="utf-8")
    now, more = ss.load(place / "a.toml"), ss.load(place / "b.toml")
    ss.write(ss.run(now, replications=8), place / "a")
    ss.write(ss.run(more, replications=6), place / "b")
    ss.write(ss.run(more, replications=6, seed=9), place / "b9")
    return place


@pytest.fixture(autouse=True)
def _here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)


# ---- configs ---------------------------------------------------------------------------------------------------------


def line_of(text: str, file: str) -> int:
    return next(number for number, line in enumerate(Path(file).read_text().splitlines(), 1) if line == text)


def test_values_are_told_with_their_lines() -> None:
    (only,) = ss.diff("a.toml", "b.toml").config
    assert only.path == "teams.desk.headcount"
    assert only.a is not None
    assert only.b is not None
    assert (only.a.value, only.b.value) == (1, 3)
    assert only.a.line == line_of("headcount = 1", "a.toml")
    assert only.b.line == line_of("headcount = 3", "b.toml")


def test_what_only_one_has_and_long_forms(tmp_path: Path) -> None:
    """A value in its long form stands at its own path (R58); a default has the line of the table around it."""
    text = MORE.replace("seed = 7", "seed = { value = 7, source = 'measured' }").replace(
        '"8 / day"', '"8 / day"\nactionable = 0.9'
    )
    (tmp_path / "c.toml").write_text(text, encoding="utf-8")
    found = {each.path: each for each in ss.diff("b.toml", tmp_path / "c.toml").config}
    assert sorted(found) == ["run.seed.source", "streams.mentions.actionable.share"]
    source, share = found["run.seed.source"], found["streams.mentions.actionable.share"]
    assert source.a is None
    assert source.b is not None
    assert source.b.value == "measured"
    assert share.a is not None
    assert share.a.value == 1.0
    assert share.a.line == line_of("[streams.mentions]", "b.toml")


POOL = """
[teams.pool]
headcount = 2
serves = ["mentions.respond"]
shifts.day = { days = "Mon-Fri", hours = "09:00-13:00" }

[run]"""


def test_a_new_table_is_one_difference_with_what_was_written(tmp_path: Path) -> None:
    """No default of the new team is told, and none of its keys by itself."""
    (tmp_path / "pool.toml").write_text(TINY.replace("[run]", POOL), encoding="utf-8")
    for first, second in (("a.toml", tmp_path / "pool.toml"), (tmp_path / "pool.toml", "a.toml")):
        (only,) = ss.diff(first, second).config
        there, missing = (only.b, only.a) if first == "a.toml" else (only.a, only.b)
        assert (only.path, missing) == ("teams.pool", None)
        assert there is not None
        assert there.value == {
            "headcount": 2,
            "serves": ["mentions.respond"],
            "shifts": {"day": {"days": "Mon-Fri", "hours": "09:00-13:00"}},
        }
        assert there.line == line_of("[teams.pool]", str(tmp_path / "pool.toml"))
    printed = simsocial("diff", "a.toml", str(tmp_path / "pool.toml")).stdout
    assert "the configs differ in 1 value" in printed
    for words in ("headcount = 2", "shifts.day.days ="):
        assert words in printed
    assert max(map(len, printed.splitlines())) <= max(80, len(f"B: {tmp_path / 'pool.toml'}"))


def test_a_first_meeting_is_one_difference(tmp_path: Path) -> None:
    """A team without meetings has an empty table of them."""
    meeting = 'headcount = 1\nmeetings.weekly = { hours = "Mon 09:00-09:30" }\nserves = ["mentions.respond"]'
    text = TINY.replace('headcount = 1\nserves = ["mentions.respond"]', meeting)
    (tmp_path / "met.toml").write_text(text, encoding="utf-8")
    (only,) = ss.diff("a.toml", tmp_path / "met.toml").config
    assert (only.path, only.a) == ("teams.desk.meetings.weekly", None)
    assert only.b is not None
    assert only.b.value == {"hours": "Mon 09:00-09:30"}


def test_both_begin_with_the_same_open_items(tmp_path: Path) -> None:
    (tmp_path / "today.csv").write_text("stream,age,count\nmentions,2 h,25\n", encoding="utf-8")
    arguments = ("diff", "a.toml", "b.toml", "--replications", "2", "--json")
    plain, begun = (
        json.loads(simsocial(*arguments, *more).stdout)
        for more in ((), ("--from-backlog", str(tmp_path / "today.csv")))
    )
    initial = [each for each in begun["changes"] if each["measure"] == "initial"]
    assert [(each["before"], each["after"]) for each in initial] == [(25, 25)]
    assert [each for each in plain["changes"] if each["measure"] == "initial"] == []
    assert begun["config"] == plain["config"]


def test_a_config_does_not_differ_from_itself() -> None:
    assert ss.diff("a.toml", "a.toml").config == ()
    assert "the configs say the same" in simsocial("diff", "a.toml", "a.toml").stdout


def test_configs_that_were_not_run_are_forecast() -> None:
    printed = simsocial("diff", "a.toml", "b.toml").stdout
    assert printed.startswith("A: a.toml\nmentions.respond is overloaded first: from the week of Mon 2026-01-05\n")
    assert "\nB: b.toml\nno stage is overloaded in any week\n" in printed
    assert ss.diff("a.toml", "b.toml").changes is None
    row = next(line.split() for line in printed.splitlines() if "mentions.respond capacity" in line)
    assert row[-2:] == ["40", "120"]


# ---- runs ------------------------------------------------------------------------------------------------------------


def test_a_folder_tells_what_the_run_found(folder: Path) -> None:
    """Verdicts and estimates from the stored numbers are those of the results themselves."""
    results = ss.run(ss.load("a.toml"), replications=8)
    recorded = Recorded.read(folder / "a")
    assert recorded.rows == results.rows
    np.testing.assert_array_equal(recorded.numerators, results.numerators)
    np.testing.assert_array_equal(recorded.denominators, results.denominators)
    assert [each.sentence for each in recorded.verdict()] == [each.sentence for each in results.verdict()]


def test_verdicts_of_another_run_are_others(folder: Path) -> None:
    """Negative control."""
    mine, other = (Recorded.read(folder / name).verdict() for name in "ab")
    assert [each.sentence for each in mine] != [each.sentence for each in other]


def test_runs_of_one_seed_are_paired() -> None:
    """As by R43, over the replications that both have."""
    found = ss.diff("a", "b")
    now, more = ss.run(ss.load("a.toml"), replications=6), ss.run(ss.load("b.toml"), replications=6)
    expected = ss.compare(now, more)
    assert (found.replications, found.unpaired) == (6, None)
    assert found.changes is not None
    told = [(each.before, each.after, each.difference.value, each.difference.low) for each in found.changes]
    np.testing.assert_allclose(told, expected[["before", "after", "difference", "low"]].to_numpy())


def test_runs_of_two_seeds_are_set_side_by_side() -> None:
    found = ss.diff("b", "b9")
    assert found.unpaired == "their seeds differ (7 and 9)"
    assert found.changes is not None
    assert all(np.isnan(each.difference.value) for each in found.changes)
    printed = simsocial("diff", "b", "b9").stdout
    assert "not compared one by one, as their seeds differ (7 and 9)" in printed
    assert "of both, on the same draws" not in printed


def test_runs_of_other_desks_have_nothing_in_common(tmp_path: Path) -> None:
    other = TINY.replace("mentions", "questions").replace("teams.desk", "teams.help")
    (tmp_path / "other.toml").write_text(other.replace("teams.principals", "teams.officers"), encoding="utf-8")
    ss.write(ss.run(ss.load(tmp_path / "other.toml"), replications=2), tmp_path / "other")
    printed = simsocial("diff", "a", str(tmp_path / "other")).stdout
    assert "they have no measure in common" in printed
    assert max(map(len, printed.splitlines())) <= max(80, len(f"B: {tmp_path / 'other'}"))


def test_runs_are_told_verdicts_first_and_fit_80_columns() -> None:
    printed = simsocial("diff", "a", "b").stdout
    lines = printed.splitlines()
    assert lines[:2] == ["A: a", "mentions.respond (team desk) falls behind: first onset in median on Fri "]
    assert "mentions.respond (team desk) keeps up" in printed.partition("B: b")[2]
    parts = ["A: a", "B: b", "the configs differ in 1 value", "6 replications of both"]
    assert sorted(parts, key=printed.index) == parts
    assert max(map(len, lines)) <= 80
    (kept,) = (line.split() for line in lines if "first_response kept" in line)
    change = row(first_change(), measure="first_response_kept_share")
    expected = [f"{100 * change['before']:.0f}", "%", f"{100 * change['after']:.0f}", "%"]
    assert kept[-6:-2] == expected


def first_change() -> list[dict]:  # type: ignore[type-arg]
    return list(json.loads(simsocial("diff", "a", "b", "--json").stdout)["changes"])


def row(rows: list[dict], **names: str) -> dict:  # type: ignore[type-arg]
    (found,) = (row for row in rows if names.items() <= row.items())
    return found


def test_configs_can_be_run_for_the_comparison() -> None:
    asked, stored = ss.diff("a.toml", "b.toml", replications=6), ss.diff("a", "b")
    assert asked.changes is not None
    assert stored.changes is not None
    assert [each.row for each in asked.changes] == [each.row for each in stored.changes]
    differences = [[each.difference.value for each in changes] for changes in (asked.changes, stored.changes)]
    np.testing.assert_array_equal(*differences)


def test_a_run_and_a_config_differ_in_what_was_written_since() -> None:
    found = ss.diff("a", "b.toml")
    assert [each.path for each in found.config] == ["teams.desk.headcount"]
    assert found.changes is None


def test_verdicts_alone_and_everything_for_programs() -> None:
    quiet = simsocial("diff", "a", "b", "--quiet").stdout.splitlines()
    assert [line[:40] for line in quiet] == [
        "A: mentions.respond (team desk) falls be",
        "B: mentions.respond (team desk) keeps up",
    ]
    document = json.loads(simsocial("diff", "a.toml", "b.toml", "--json").stdout)
    assert document["command"] == "diff"
    assert document["config"][0]["path"] == "teams.desk.headcount"
    assert document["a"]["first_overloaded"]["stage"] == "mentions.respond"
    assert document["b"]["verdict"] is None


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["a", "nowhere"], "nowhere: there is no such file"),
        (["a", "."], "provenance.json: cannot be read"),
        (["a", "b.toml", "--replications", "2"], "replications: a is the folder of a run and is not run again"),
        (["a", "b.toml", "--from-backlog", "x.csv"], "from_backlog: a is the folder of a run and is not run again"),
        (["a.toml"], "Missing argument"),
    ],
)
def test_what_cannot_be_compared_is_one_message(arguments: list[str], says: str) -> None:
    done = simsocial("diff", *arguments, code=2)
    assert says in done.stderr
    assert done.stdout == ""


def test_numbers_of_other_measures_are_refused(folder: Path, tmp_path: Path) -> None:
    other = shutil.copytree(folder / "a", tmp_path / "other")
    table = pq.read_table(other / "replications.parquet")
    pq.write_table(table.slice(1), other / "replications.parquet")
    with pytest.raises(InputError, match="does not hold the measures of this version"):
        Recorded.read(other)
