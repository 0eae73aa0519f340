"""Backlogs as a planner writes them: numbers of a step, a file of open items, what is wrong with them (R87–R89)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from configs_in_short import faults, resolved
from tiny import tiny
from typer.testing import CliRunner

from simsocial.cli import app
from simsocial.config.loading import load, parse
from simsocial.draw.messages import draw_messages
from simsocial.model.laws import Deterministic, Exponential, Uniform
from simsocial.model.scenario import Scenario
from simsocial.simulation.run import run
from simsocial.study.check import check
from simsocial.study.replay import replay
from simsocial.study.verify import verify
from simsocial.units import DAY, HOUR, MINUTE

TWO_STEPS = """
streams.m.route = ["respond", "file"]
streams.m.steps.file = { work = "1 min" }
"""
ITEMS = """\
stream,step,since,count
m,file,2026-01-04 22:30,2
m,,2026-01-02 12:00,1
m,respond,2026-01-05,3
"""


def with_file(folder: Path, text: str, *changes: str) -> Scenario:
    (folder / "today.csv").write_text(text, encoding="utf-8")
    return resolved(TWO_STEPS, 'backlog = "today.csv"', *changes, base=folder)


def said_of(folder: Path, text: str, *changes: str) -> list[str]:
    (folder / "today.csv").write_text(text, encoding="utf-8")
    told = faults(TWO_STEPS, 'backlog = "today.csv"', *changes, base=folder)
    return [fault.replace(f"{folder}/", "") for fault in told]


# ---- numbers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "law"),
    [
        ('{ count = 3, age = "2 days" }', Deterministic(2 * DAY)),
        ('{ count = 3, oldest = "2 days" }', Uniform(0, 2 * DAY)),
        ('{ count = 3, age = { law = "exponential", mean = "5 h" } }', Exponential(5 * HOUR)),
    ],
)
def test_a_step_says_how_many_wait_and_how_old_they_are(written: str, law: object) -> None:
    (waiting,) = resolved(f"streams.m.steps.respond.backlog = {written}").streams[0].waiting
    assert (waiting.step, len(waiting), waiting.age, waiting.shared) == (0, 3, law, True)


def test_what_is_wrong_with_numbers_is_said() -> None:
    at = "streams.m.steps.respond.backlog"
    assert faults(f'{at} = {{ count = 3, age = "1 h", oldest = "1 h" }}') == [
        f"{at}: write how old they are, as age or as oldest (got both)"
    ]
    assert faults(f"{at} = {{ count = 3 }}") == [f"{at}: write how old they are, as age or as oldest (got neither)"]
    assert faults(f'{at} = {{ count = 0, age = "1 h" }}') == [f"{at}.count: write a whole number, 1 or more (got 0)"]
    assert faults(f'{at} = {{ count = 9, age = "11 years" }}') == [
        f"{at}.age: is longer than 520 weeks, after which nothing waits there any more; write at most that"
    ]
    assert faults(f'{at} = {{ count = 9, age = "3 h" }}', 'streams.m.steps.respond.expires_after = "2 h"') == [
        f"{at}.age: is longer than 2 h, after which nothing waits there any more; write at most that"
    ]
    assert "10^" not in faults(f'{at} = {{ count = 900000000, age = "3 h" }}')[0]


def test_an_age_may_not_exceed_every_patience() -> None:
    """A patience of 2 h, always: whoever is 2 h old has left, whoever is a tick younger has not."""
    patience, at = 'streams.m.patience = "2 h"', "streams.m.steps.respond.backlog"
    told = faults(patience, f'{at} = {{ count = 9, age = "2 h" }}')
    assert len(told) == 1
    assert told[0].startswith(f"{at}.age: is longer than")
    (waiting,) = resolved(patience, f'{at} = {{ count = 9, age = "7199999 ms" }}').streams[0].waiting
    assert waiting.longest == 2 * HOUR - 1
    resolved(patience, TWO_STEPS, 'streams.m.steps.file.backlog = { count = 9, age = "3 h" }')
    nothing = faults('streams.m.patience = "0 min"', f'{at} = {{ count = 9, age = "1 min" }}')
    assert nothing == [
        f"{at}.age: nothing waits there for any time: its patience or expiry is over at once; take it out"
    ]


def test_nothing_waits_for_nobody(tmp_path: Path) -> None:
    nobody = 'streams.m.steps.file.served_by = "nobody"'
    told = "nobody serves the step, so nothing waits for it; take it out"
    at = "streams.m.steps.file.backlog"
    assert faults(TWO_STEPS, nobody, f'{at} = {{ count = 1, age = "1 h" }}') == [f"{at}: {told}"]
    assert said_of(tmp_path, "stream,step,age\nm,respond,1 h\nm,file,1 h\n", nobody) == [f"today.csv:3: stream: {told}"]


# ---- files -----------------------------------------------------------------------------------------------------------


def test_a_file_lists_items_with_their_step_and_since_when(tmp_path: Path) -> None:
    """Monday 00:00 is the start: since Friday noon are 60 h; what came at the start itself is a tick old."""
    waiting = with_file(tmp_path, ITEMS).streams[0].waiting
    ages = {those.step: those.age.tolist() for those in waiting if isinstance(those.age, np.ndarray)}
    assert ages == {0: [60 * HOUR, 1, 1, 1], 1: [90 * MINUTE, 90 * MINUTE]}


def test_ages_say_the_same_as_instants(tmp_path: Path) -> None:
    ages = "stream,step,age,count,note\nm,file,90 min,2,x\nm,respond,2.5 days,1,\nm,respond,0 h,3,\n"
    drawn = [draw_messages(with_file(tmp_path, text), seed=1, replication=0).streams[0] for text in (ITEMS, ages)]
    assert drawn[0].arrival[:6].tolist() == [-60 * HOUR, -90 * MINUTE, -90 * MINUTE, -1, -1, -1]
    assert drawn[0].arrival.tolist() == drawn[1].arrival.tolist()
    assert drawn[0].steps[0].work.first.tolist() == drawn[1].steps[0].work.first.tolist()


def test_listed_items_come_behind_those_counted(tmp_path: Path) -> None:
    count = 'streams.m.steps.file.backlog = { count = 5, age = "1 h" }'
    waiting = with_file(tmp_path, ITEMS, count).streams[0].waiting
    numbers = [those.number.tolist() for those in waiting if those.step == 1]
    assert numbers == [[0, 1, 2, 3, 4], [5, 6]]


AS_A_SPREADSHEET_SAVES_IT = "\ufeffstream;step;since;count\r\nm;file;04.01.2026 22:30;2\r\nm;;02.01.2026 12:00;1\r\n"


def test_a_file_of_a_spreadsheet_is_read_too_and_told_of_by_check(tmp_path: Path) -> None:
    """A byte-order mark, semicolons, dates by day first (R72)."""
    scenario = with_file(tmp_path, AS_A_SPREADSHEET_SAVES_IT)
    ages = {
        those.step: those.age.tolist() for those in scenario.streams[0].waiting if isinstance(those.age, np.ndarray)
    }
    assert ages == {0: [60 * HOUR], 1: [90 * MINUTE, 90 * MINUTE]}
    (read,) = check(scenario).files
    assert (read.at, read.separator, read.rows) == ("backlog.file", "semicolons", 2)
    assert [name for name, _ in read.columns] == ["stream", "step", "since", "count"]
    assert set(read.notes) == {"a byte-order mark", "since read as day.month.year", "open items: 3"}


def test_programs_are_told_of_the_files_and_of_paid_time(tmp_path: Path) -> None:
    (tmp_path / "open.csv").write_text(OPEN, encoding="utf-8")
    arguments = ["check", str(tiny(tmp_path)), "--from-backlog", str(tmp_path / "open.csv"), "--json"]
    told = json.loads(CliRunner().invoke(app, arguments).stdout)
    assert [(file["at"], file["rows"]) for file in told["files"]] == [("backlog.file", 2)]
    assert [(team["team"], team["absent"]) for team in told["shrinkage"]] == [("desk", 0.0), ("principals", 0.0)]


def test_ages_have_decimal_commas_where_they_can_be_read_only_so(tmp_path: Path) -> None:
    ages = [
        with_file(tmp_path, f"stream;age\n{rows}").streams[0].waiting[0].age
        for rows in ("m;2,5 days\nm;1,125h\n", "m;2.5 days\nm;1.125 h\n")
    ]
    assert np.array_equal(ages[0], ages[1])
    told = said_of(tmp_path, "stream;age\nm;1,125 h\n")
    assert told == [
        "today.csv:2: age: can be read as 1125 or as 1.125, and no other number of the file tells which; "
        'write backlog = { file = "today.csv", decimal = "." } for 1125, '
        'backlog = { file = "today.csv", decimal = "," } for 1.125 (got "1,125")'
    ]


def test_a_zone_moves_instants_to_the_desks_clock(tmp_path: Path) -> None:
    (tmp_path / "today.csv").write_text("stream,since\nm,2026-01-04 22:30\n", encoding="utf-8")
    table = 'backlog = { file = "today.csv", zone = "UTC" }'
    scenario = resolved('time.zone = "Europe/Berlin"', table, base=tmp_path)
    assert np.array_equal(scenario.streams[0].waiting[0].age, [30 * MINUTE])


FUTURE = (
    "lies after the start of the run, 2026-01-05 00:00; "
    "begin when the list was made, such as time.start = 2026-01-05T09:00:00"
)
AGES = "write one column that says how old an item is, age or since"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("stream,age\nn,1 h\n", ":2: stream: there is no stream 'n'; known here: m"),
        ("stream,step,age\nm,fill,1 h\n", ":2: step: there is no step 'fill' in m; did you mean 'file'?"),
        ("stream\nm\n", f": {AGES} (got neither)"),
        ("stream,age,since\nm,1 h,2026-01-04\n", f": {AGES} (got both)"),
        ("stream,age\nm,3\n", ':2: age: write an age with its unit, such as 26 h or 3 days (got "3")'),
        ("stream,age\nm,1 h\nm,-2 h\n", ':3: age: write an age of 0 or more (got "-2 h")'),
        ("stream,since\nm,2026-01-05 09:00\n", f':2: since: {FUTURE} (got "2026-01-05 09:00")'),
        ("stream,since\nm,now\n", ':2: since: write a date and time such as 2026-01-05 09:00 (got "now")'),
        ("stream,age,count\nm,1 h,0\n", ':2: count: write a whole number, 1 or more (got "0")'),
        ("stream,age,age\nm,1 h,1 h\n", ":1: two columns are named 'age'"),
        (
            "step,age\nrespond,1 h\n",
            ":1: no column 'stream'; there are: step, age; "
            'write backlog = { file = "today.csv", stream = "…" }, with the column that it is in the place of …',
        ),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    assert said_of(tmp_path, text) == [f"today.csv{told}"]


def test_items_older_than_their_expiry_are_refused_and_a_file_of_giants_too(tmp_path: Path) -> None:
    told = said_of(tmp_path, "stream,age\nm,1 h\nm,5 h\n", 'streams.m.steps.respond.expires_after = "4 h"')
    assert told == [
        "today.csv:3: age: is longer than 4 h, after which nothing waits there any more; write at most that"
    ]
    assert "list fewer items" in said_of(tmp_path, "stream,age,count\nm,1 h,900000000\n")[0]


# ---- from end to end -------------------------------------------------------------------------------------------------

OPEN = "stream,step,since\nmentions,,2026-01-02 15:00\nmentions,review,2025-12-30 09:00\n"


def test_engines_agree_on_a_backlog_and_its_run_replays(tmp_path: Path) -> None:
    (tmp_path / "open.csv").write_text(OPEN, encoding="utf-8")
    numbers = "streams.mentions.steps.respond.backlog={ count = 9, oldest = '4 days' }"
    scenario = load(tiny(tmp_path), overrides=["backlog=open.csv", numbers, "streams.mentions.patience=9 days"])
    assert verify(scenario).identical
    assert scenario.origin is not None
    assert list(scenario.origin.files) == ["open.csv"]
    again = parse(scenario.origin.config, base=tmp_path)
    first, second = (run(one, replications=2).summary() for one in (scenario, again))
    assert first.equals(second)
    assert float(first.loc[first.measure == "initial", "value"].iloc[0]) == 11


def test_the_command_line_takes_a_file_of_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """R89; the file of the same name beside the config would be refused."""
    config, here = str(tiny(tmp_path)), tmp_path / "elsewhere"
    here.mkdir()
    (here / "open.csv").write_text(OPEN, encoding="utf-8")
    (tmp_path / "open.csv").write_text("stream,age\nnobody,1 h\n", encoding="utf-8")
    monkeypatch.chdir(here)
    for verb, *others in (["check"], ["verify", "--replications", "1"], ["run", "--out", "out"]):
        done = CliRunner().invoke(app, [verb, config, "--from-backlog", "open.csv", *others])
        assert done.exit_code == 0, done.output
    assert ",initial,messages,2.0," in (here / "out" / "summary.csv").read_text(encoding="utf-8")
    assert replay(here / "out").difference is None


def test_a_file_at_fault_ends_with_code_2_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = str(tiny(tmp_path))
    (tmp_path / "open.csv").write_text("stream,since\nmentions,2026-01-05 08:30\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["run", config, "--from-backlog", "open.csv"])
    assert (done.exit_code, FUTURE in done.output) == (2, True)
    assert not (tmp_path / "runs").exists()
