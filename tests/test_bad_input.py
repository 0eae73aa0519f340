"""Bad input: the exact sentence for each fault, all of a document's faults at once, nothing else, no traceback."""

from __future__ import annotations

import copy
import datetime as dt
import math
import random
import re
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from simsocial.config.loading import load, parse
from simsocial.errors import Fault, InputError

HERE = Path(__file__).parent
INVALID = sorted((HERE / "invalid").glob("*.toml"))
CONFIGS = HERE.parent / "configs"
QUICKSTART = CONFIGS / "quickstart.toml"


def said(error: InputError, folder: Path) -> list[str]:
    return [str(fault).replace(f"{folder}/", "") for fault in error.faults]


def faults(path: Path, *overrides: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        load(path, overrides=overrides)
    return said(caught.value, path.parent)


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_each_invalid_file_has_exactly_the_faults_that_it_names(path: Path) -> None:
    expected = re.findall(r"^# expect: (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert expected
    own = [line.replace(f"{path.name}:", "", 1).lstrip() for line in faults(path)]
    assert own == expected


FAULTLESS = """\
name = "one stage"

[time]
start = 2026-01-05
horizon = "4 weeks"

[calendars.office]
hours = "Mon-Fri 08:00-18:00"

[streams.mentions]
route = ["respond"]
arrivals = { rate = "40 / day" }

[streams.mentions.steps.respond]
work = { law = "lognormal", mean = "6 min", cv = 1.0 }

[streams.mentions.promises.first_response]
within = "60 min"
share = 0.8
clock = "office"

[teams.desk]
headcount = 2
serves = ["mentions.respond"]

[teams.desk.shifts.day]
days = "Mon-Fri"
hours = "08:00-16:30"
"""


def test_the_file_from_which_the_invalid_ones_are_made_has_no_fault() -> None:
    assert parse(tomllib.loads(FAULTLESS)).name == "one stage"


# ---- files that cannot be read --------------------------------------------------------------------------------------


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "desk.toml").write_text(FAULTLESS)
    assert faults(tmp_path / "dsk.toml") == ["dsk.toml: there is no such file; did you mean 'desk.toml'?"]
    assert faults(tmp_path / "no" / "desk.toml") == [
        f"desk.toml: there is no such file; there is no folder {tmp_path}/no either"
    ]


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    loop = tmp_path / "loop.toml"
    loop.symlink_to(loop)
    assert faults(loop) == ["loop.toml: cannot be read: too many levels of symbolic links"]
    assert faults(tmp_path) == [f"{tmp_path}: is a folder; name a file in it".replace(f"{tmp_path.parent}/", "")]


def test_a_file_in_another_encoding(tmp_path: Path) -> None:
    file = tmp_path / "desk.toml"
    file.write_bytes(FAULTLESS.replace("one stage", "büro").encode("latin-1"))
    assert faults(file) == ["desk.toml:1: is not text in UTF-8; save it in that encoding"]
    file.write_bytes(b"\xef\xbb\xbf" + FAULTLESS.encode())
    assert load(file).name == "one stage"


# ---- the command line -----------------------------------------------------------------------------------------------


def test_faults_of_the_command_line_and_of_the_file_come_together() -> None:
    given = ["teams.desk.headcount=-1", "streams.mentions.arrivals.rate=40", "time.horizon=26 wks"]
    assert faults(HERE / "invalid" / "zero_length_shift.toml", *given)[1:] == [
        "--set time.horizon: unknown unit of time 'wks'; use ms, s, min, h, days, weeks, months or years",
        '--set streams.mentions.arrivals.rate: a rate needs its unit: write "40 / day", not 40',
        "--set teams.desk.headcount: write a whole number, 0 or more (got -1)",
    ]


def test_an_override_can_mend_a_file() -> None:
    scenario = load(HERE / "invalid" / "zero_length_shift.toml", overrides=["teams.desk.shifts.day.hours=08:00-16:30"])
    assert scenario.name == "one stage"


def test_an_override_that_names_nothing() -> None:
    assert faults(QUICKSTART, "teams.dsk.headcount=3", "teams.desk.hedcount=3", "time.horizn=4 weeks") == [
        "--set teams.dsk.headcount: no such table 'dsk'; did you mean 'desk'?",
        "--set teams.desk.hedcount: no such key 'hedcount'; did you mean 'headcount'?",
        "--set time.horizn: no such key 'horizn'; did you mean 'horizon'?",
    ]


def test_a_text_in_place_of_a_list_of_overrides_is_one_fault() -> None:
    with pytest.raises(InputError) as caught:
        load(QUICKSTART, overrides="teams.desk.headcount=6")
    assert str(caught.value) == 'overrides: write a list (got a text): ["teams.desk.headcount=6"]'


# ---- anything at all ------------------------------------------------------------------------------------------------

JUNK: list[Any] = [
    0, -1, 10**30, 0.5, -0.5, 1.5, math.nan, math.inf, -math.inf, 1e308, 5e-324, True, False,
    "", "x", "\0", "6 min", "0 min", "-6 min", "1e-9 ms", "1 / day", "1e300 / s", "99 % / s", "-99.9 % / s", "2 %",
    "Mon-Fri 08:00-18:00", "always", "Mon 09:00", "22:00-06:00", "end of business day + 9999", "999 of 999",
    "*", "mentions.*", "*.rework", "author", "elapsed", "nobody", "before publication", "a.b", "..", "m2_profile.csv",
    [], [0], ["x"], [[]], [["*"], "*"], [1, 2, 3], [0.0] * 7, [1] * 12, [1e308] * 12,
    {}, {"value": 1}, {"value": {}}, {"value": [], "range": 3}, {"value": 1, "source": "assumed", "range": ["a", 2]},
    {"law": "gamma"}, {"law": 3}, {"law": {"value": "gamma"}}, {"law": []}, {"a": {"b": {}}}, {"queues": ["*"]},
    dt.date(1, 1, 1), dt.date(9999, 12, 31), dt.datetime(9999, 12, 31, 23, 59), dt.time(9),
]  # fmt: skip
KEYS = [
    "law", "mean", "cv", "shape", "value", "scale", "from", "replay", "kind", "file", "headcount", "serves",
    "shifts", "count", "share", "break", "breaks", "after", "length", "weeks", "rotate", "days", "hours",
    "when", "reject", "returns_to", "rework", "author_delay", "max_rounds", "expires_after", "served_by",
    "suspend", "prefer", "factors", "work", "patience", "zero_share", "actionable", "triage", "calendar",
    "promises", "within", "clock", "grace", "profile", "season", "growth", "special_days", "day_level_cv",
    "timetable", "interval", "warmup", "start", "horizon", "holidays", "changes", "add", "concurrency", "slots",
    "source", "range", "name", "time", "streams", "teams", "run", "replications", "precision", "of",
    "persistence", "confidence", "calendars", "route", "steps", "arrivals", "rate", "x", "rota", "zone", "format",
    "rows", "time_of_day", "headcount_by_interval", "fractions", "order", "agent", "activity", "activities", "end",
    "date",
]  # fmt: skip


def places(table: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    below = list(table.items() if isinstance(table, dict) else enumerate(table) if isinstance(table, list) else ())
    return [(*at, key) for key, _ in below] + [p for key, inner in below for p in places(inner, (*at, key))]


def spoilt(document: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    for _ in range(dice.choice([1, 1, 1, 2, 3])):
        *path, key = dice.choice(places(changed))
        table: Any = changed
        for part in path:
            table = table[part]
        chance = dice.random()
        if chance < 0.6:
            table[key] = copy.deepcopy(dice.choice(JUNK))
        elif chance < 0.75 and len(table) > 1:
            del table[key]
        elif isinstance(table, dict):
            table[dice.choice(KEYS)] = copy.deepcopy(dice.choice(JUNK))
    return changed


def is_one_clear_line(fault: Fault) -> bool:
    leaks = ("\n", "Value error", "pydantic", "function-", "<")
    return bool(fault.message) and not any(leak in f"{fault.path}: {fault.message}" for leak in leaks)


def faults_of(document: dict[str, Any]) -> Sequence[Fault]:
    try:
        parse(document, base=CONFIGS)
    except InputError as error:
        return error.faults
    return ()


@pytest.mark.parametrize("config", ["quickstart", "broker_review"])
def test_whatever_is_written_is_a_scenario_or_a_list_of_faults(config: str) -> None:
    document = tomllib.loads((CONFIGS / f"{config}.toml").read_text(encoding="utf-8"))
    dice = random.Random(20260105)
    found = [faults_of(spoilt(document, dice)) for _ in range(200)]
    assert [fault for faults in found for fault in faults if not is_one_clear_line(fault)] == []
    assert 100 < sum(map(bool, found)) < 198


# ---- speed ----------------------------------------------------------------------------------------------------------


def test_judging_a_document_needs_nothing_heavy() -> None:
    heavy = "{'pandas', 'pyarrow', 'matplotlib', 'simpy', 'scipy.stats', 'typer', 'jsonschema'}"
    code = f"import sys, simsocial.config.loading; print(sorted({heavy} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=HERE.parent)
    assert run.stdout == "[]\n"
