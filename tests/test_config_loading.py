"""Documents judged against a small vocabulary of the test's own: faults, overrides, sources, normal form."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, ValidationError

from simsocial.config.document import Document
from simsocial.config.loading import normalised
from simsocial.config.locating import Locator, dotted
from simsocial.config.overrides import Overrides, override
from simsocial.config.places import Place, expanded
from simsocial.config.reading import read_document
from simsocial.config.scalar import Choice, faults_at
from simsocial.config.sources import sources_and_ranges, with_long_forms
from simsocial.config.tables import ByKind, ByWord, Several, Shorthand, Table
from simsocial.config.values import Count, Date, Duration, Name, Rate, Share, Text
from simsocial.config.wording import worded
from simsocial.errors import InputError

CONFIGS = sorted((Path(__file__).parents[1] / "configs").glob("*.toml"))


class Fixed(Table):
    law: Literal["fixed"]
    value: Duration


class Spread(Table):
    law: Literal["spread"]
    mean: Duration
    shares: Several[Share] = ()


Law = Annotated[Annotated[Fixed | Spread, ByWord("law")], Shorthand("value", Duration, law="fixed")]


class Until(Table):
    most: Count
    of: Text


class Team(Table):
    headcount: Count
    order: Annotated[Literal["fifo", "due"], Choice()] = "fifo"
    work: Law | None = None


class Desk(Table):
    name: Text
    rate: Rate | None = None
    runs: Annotated[Count | Until | Several[Count], ByKind()] = 100
    teams: dict[Name, Team] = Field(default_factory=dict)
    levels: dict[Name, Share] = Field(default_factory=dict)
    holidays: Several[Date] = ()

    def model_post_init(self, _context: Any) -> None:
        if self.name == "both":
            raise faults_at((("runs",), "too many"), (("teams", "desk", "order"), "unfit"))


TEXT = """
name = "quick"
rate = "3 / h"
holidays = [
  2026-01-01,
  2026-12-25,
]
[teams.desk]
headcount = { value = 3, source = "measured", range = [2, 4] }
work = "3 h"
[teams.night]
source = "cited:8"
headcount = 1
work = { law = "spread", mean = { value = "6 min", source = "assumed" }, shares = [0.5, 0.5] }
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "desk.toml"
    file.write_text(text, encoding="utf-8")
    return file


def validate(document: dict[str, Any], where: Locator) -> Desk:
    try:
        return Desk.model_validate(document)
    except ValidationError as error:
        raise InputError(worded(error, Desk, document, where)) from None


def judged(folder: Path, text: str, overrides: Overrides = ()) -> Desk:
    file = written(folder, text)
    document, lines = read_document(file)
    changed, overridden = override(document, Desk, overrides)
    return validate(changed, Locator(file.name, lines, overridden))


def faults(folder: Path, text: str, overrides: Overrides = ()) -> list[str]:
    with pytest.raises(InputError) as caught:
        judged(folder, text, overrides)
    return [str(fault) for fault in caught.value.faults]


# ---- faults ----------------------------------------------------------------------------------------------------------


def test_all_faults_come_at_once_in_the_order_of_lines_with_the_paths_as_written(tmp_path: Path) -> None:
    text = """
    runs = { most = 3, off = "x" }
    rat = "3 / h"
    [teams.desk]
    headcont = 3
    work = 3
    [teams."a.b"]
    headcount = { value = 0, range = [1, 2] }
    order = "duo"
    work = { law = "spread", mean = "6 mim", shares = [0.5,
      1.5], meen = 1 }
    [teams.c]
    headcount = 1
    work = { law = "spred" }
    [teams.d]
    headcount = 1
    work = { mean = "3 h" }
    """
    assert faults(tmp_path, text) == [
        "desk.toml:2: runs.off: unknown key; did you mean 'of'?",
        "desk.toml:3: rat: unknown key; did you mean 'rate'?",
        "desk.toml:5: teams.desk.headcont: unknown key; did you mean 'headcount'?",
        'desk.toml:6: teams.desk.work: a length of time needs its unit: write "3 min", not 3',
        'desk.toml:7: teams."a.b": name it with letters, digits, _ and - (got "a.b")',
        'desk.toml:8: teams."a.b".headcount: write a whole number, 1 or more (got 0)',
        'desk.toml:9: teams."a.b".order: not one of "fifo", "due"; did you mean "due"? (got "duo")',
        """desk.toml:10: teams."a.b".work.mean: unknown unit of time 'mim'; use ms, s, min, h, days, weeks, """
        "months or years",
        'desk.toml:11: teams."a.b".work.shares.1: write a share between 0 and 1, such as 0.4 (got 1.5)',
        "desk.toml:11: teams.\"a.b\".work.meen: unknown key; did you mean 'mean'?",
        'desk.toml:14: teams.c.work.law: not one of "fixed", "spread"; did you mean "spread"? (got "spred")',
        'desk.toml:17: teams.d.work.law: missing; write one of "fixed", "spread"',
        "desk.toml: name: missing; write a text in quotes",
    ]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("teams = 3", "teams: write a table (got 3)"),
        ("teams.desk = 3", "teams.desk: write a table (got 3)"),
        ("levels = [1]", "levels: write a table (got a list)"),
        ("holidays = 2026-01-01", "holidays: write a list, in [ and ] (got 2026-01-01)"),
        ("holidays = [1]", "holidays.0: write a date such as 2026-01-05 (got 1)"),
        ("runs = 0", "runs: write a whole number, 1 or more (got 0)"),
        ("runs = [0]", "runs.0: write a whole number, 1 or more (got 0)"),
        ("runs = {}", "runs.most: missing; write a whole number, 1 or more"),
        ('runs = { value = "x" }', 'runs: write a whole number, 1 or more (got "x")'),
        (
            "rate = { valu = 1 }",
            "rate: write one value, or { value = …, source = …, range = [low, high] } (got a table)",
        ),
        ("teams.d = { headcount = 1, work = [] }", 'teams.d.work: write a length of time such as "6 min" (got a list)'),
        ("levels.a = nan", "levels.a: write a share between 0 and 1, such as 0.4 (got nan)"),
        ("zzz = 1", "zzz: unknown key; known here: holidays, levels, name, rate, runs, source, teams"),
        ('source = "me"', 'source: write a source as "measured", "assumed" or "cited:" and what is cited (got "me")'),
    ],
)  # fmt: skip
def test_each_shape_has_its_own_words(tmp_path: Path, line: str, fault: str) -> None:
    missing = ["desk.toml:1: runs.of: missing; write a text in quotes"] if line == "runs = {}" else []
    assert faults(tmp_path, line + '\nname = "x"') == [f"desk.toml:1: {fault}", *missing]


def test_faults_that_a_table_finds_in_itself_lie_where_it_says(tmp_path: Path) -> None:
    text = 'name = "both"\n[teams.desk]\nheadcount = 1\n'
    assert faults(tmp_path, text) == ["desk.toml:2: teams.desk.order: unfit", "desk.toml: runs: too many"]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"name = ", ":1: is not valid TOML: invalid value"),
        (b"a = 1\nb == 2", ":2: is not valid TOML: invalid value at column 4"),
        (b"a = 1\na = 2\n", ":2: is not valid TOML: cannot overwrite a value at column 6"),
        (b"a = '''\n\n", ":3: is not valid TOML: expected \"'''\""),
        (b"a = 1\nb = '\xff'", ":2: is not text in UTF-8; save it in that encoding"),
        (b"a = " + b"[" * 5000, ": nested too deeply"),
    ],
)
def test_a_file_that_cannot_be_read_has_one_fault(tmp_path: Path, data: bytes, fault: str) -> None:
    file = tmp_path / "desk.toml"
    file.write_bytes(data)
    with pytest.raises(InputError) as caught:
        read_document(file)
    assert str(caught.value) == f"{file}{fault}"


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    written(tmp_path, "[streams.m]")
    (tmp_path / "task.toml").write_text("[project]")
    for name, fault in {
        "tsk.toml": "there is no such file",
        "nope.toml": "there is no such file",
        "dsk.toml": "there is no such file; did you mean 'desk.toml'?",
        "no/desk.toml": f"there is no such file; there is no folder {tmp_path}/no either",
        ".": "is a folder; name a file in it",
        "desk.toml/x": "cannot be read: not a directory",
    }.items():
        with pytest.raises(InputError) as caught:
            read_document(tmp_path / name)
        assert str(caught.value) == f"{tmp_path / name}: {fault}"


# ---- overrides -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("name=other", ("name",), "other"),
        ('name="3"', ("name",), "3"),
        ("rate = 4 / day", ("rate",), "4 / day"),
        ("runs=7", ("runs",), 7),
        ("runs.most=7", ("runs", "most"), 7),
        ("runs=[1, 2]", ("runs",), [1, 2]),
        ("holidays.1=2026-12-24", ("holidays", 1), dt.date(2026, 12, 24)),
        ("teams.desk.headcount=5", ("teams", "desk", "headcount"), 5),
        ("teams.desk.order=due", ("teams", "desk", "order"), "due"),
        ("teams.desk.work=7 min", ("teams", "desk", "work"), "7 min"),
        ("teams.desk.work.value=7 min", ("teams", "desk", "work"), {"law": "fixed", "value": "7 min"}),
        ("teams.night.work.mean=7 min", ("teams", "night", "work", "mean"), {"value": "7 min"}),
        ("teams.desk.headcount.range=[1, 9]", ("teams", "desk", "headcount", "range"), [1, 9]),
        ("teams.new={ headcount = 2 }", ("teams", "new"), {"headcount": 2}),
        ("levels.low=0.1", ("levels", "low"), 0.1),
        ('"teams"."desk".headcount=5', ("teams", "desk", "headcount"), 5),
        ("rate=3 = 4", ("rate",), "3 = 4"),
        ("name=a\nb = 1", ("name",), "a\nb = 1"),
    ],
)
def test_overrides_reach_every_value(tmp_path: Path, text: str, path: tuple[Any, ...], value: object) -> None:
    document, _ = read_document(
        written(tmp_path, TEXT.replace('name = "quick"', 'name = "quick"\nruns = { of = "x" }'))
    )
    before = repr(document)
    changed, _ = override(document, Desk, [text])
    for key in path:
        changed = changed[key]
    assert changed == value
    assert repr(document) == before


def test_later_overrides_win_and_values_from_code_keep_their_type(tmp_path: Path) -> None:
    desk = judged(tmp_path, TEXT, ["runs=1", "runs=2", "teams.night.work.shares=[]"])
    assert (desk.runs, desk.teams["night"].work) == (2, Spread(law="spread", mean="6 min"))  # type: ignore[arg-type]
    assert judged(tmp_path, TEXT, {"teams.desk.headcount": 9}).teams["desk"].headcount == 9


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("teams.dsk.headcount=3", "--set teams.dsk.headcount: no such table 'dsk'; did you mean 'desk'?"),
        ("teams.dsk=3", "--set teams.dsk: no such table 'dsk'; did you mean 'desk'?"),
        ("teams.desk.headcont=3", "--set teams.desk.headcont: no such key 'headcont'; did you mean 'headcount'?"),
        (
            "team.desk.headcount=3",
            "--set team.desk.headcount: no such key 'team'; did you mean 'teams'?",
        ),
        (
            "rate.number=3",
            "--set rate.number: rate is written as one value; set that, or a whole table: rate={ … }",
        ),
        ("holidays.2=2026-01-02", "--set holidays.2: no item 2; the list has 2, counted from 0"),
        ("holidays.x=2026-01-02", "--set holidays.x: no item x; the list has 2, counted from 0"),
        ("headcount", "--set headcount: write path=value, such as teams.desk.headcount=4"),
        ("a..b=1", "--set a..b: write path=value, such as teams.desk.headcount=4"),
        ("teams.desk.headcount=-1", "--set teams.desk.headcount: write a whole number, 1 or more (got -1)"),
        ("teams.desk.headcount=inf", "--set teams.desk.headcount: write a whole number, 1 or more (got inf)"),
        ("teams.desk.headcount=", '--set teams.desk.headcount: write a whole number, 1 or more (got "")'),
        ("teams.new={}", "--set teams.new.headcount: missing; write a whole number, 1 or more"),
        ("teams.desk={ headcount = 0 }", "--set teams.desk.headcount: write a whole number, 1 or more (got 0)"),
        ("runs={ most = 2 }", "--set runs.of: missing; write a text in quotes"),
        ("teams.desk.work.cv=2", "--set teams.desk.work.cv: no such key 'cv'; known here: law, source, value"),
    ],
)  # fmt: skip
def test_overrides_that_fit_nowhere_say_so(tmp_path: Path, text: str, fault: str) -> None:
    assert faults(tmp_path, TEXT, [text]) == [fault]


def test_faults_of_overrides_come_with_those_of_the_file(tmp_path: Path) -> None:
    text = TEXT.replace('"3 / h"', "3")
    assert faults(tmp_path, text, ["runs=0"]) == [
        'desk.toml:3: rate: a rate needs its unit: write "3 / day", not 3',
        "--set runs: write a whole number, 1 or more (got 0)",
    ]
    assert len(faults(tmp_path, TEXT, ["rums=0", "teems=0"])) == 2


# ---- sources, normal form --------------------------------------------------------------------------------------------


def normal(desk: Desk, document: dict[str, Any]) -> dict[str, Any]:
    plain = desk.model_dump(mode="json", by_alias=True, exclude_none=True)
    return dict(with_long_forms(plain, expanded(document, Place.of(Desk))))


def test_the_normal_form_says_the_same_in_full(tmp_path: Path) -> None:
    document, _ = read_document(written(tmp_path, TEXT))
    desk = judged(tmp_path, TEXT)
    config = normal(desk, document)
    assert config["teams"] == {
        "desk": {
            "headcount": {"value": 3, "source": "measured", "range": [2, 4]},
            "order": "fifo",
            "work": {"law": "fixed", "value": "3 h"},
        },
        "night": {
            "source": "cited:8",
            "headcount": 1,
            "order": {"value": "fifo"},
            "work": {
                "law": "spread",
                "mean": {"value": "6 min", "source": "assumed"},
                "shares": [0.5, 0.5],
            },
        },
    }
    assert config["holidays"] == ["2026-01-01", "2026-12-25"]
    assert validate(config, Locator()) == desk
    assert normal(desk, config) == config


def test_sources_are_those_of_the_value_or_else_of_its_table(tmp_path: Path) -> None:
    document, _ = read_document(
        written(tmp_path, TEXT + '[teams.late]\nheadcount = 1\nwork = { value = "3 h", source = "measured" }')
    )
    sources, ranges = sources_and_ranges(expanded(document, Place.of(Desk)))
    assert sources == {
        "teams.desk.headcount": "measured",
        "teams.night.headcount": "cited:8",
        "teams.night.work.law": "cited:8",
        "teams.night.work.mean": "assumed",
        "teams.night.work.shares": "cited:8",
        "teams.late.work.value": "measured",
    }
    assert ranges == {"teams.desk.headcount": (2, 4)}
    assert sources_and_ranges(normal(validate(document, Locator()), document)) == (sources, ranges)


def test_an_overridden_value_has_no_source_but_its_own(tmp_path: Path) -> None:
    document, _ = read_document(written(tmp_path, TEXT))
    changes = {
        "teams.desk.headcount": 5,
        "teams.night.headcount": 5,
        "teams.night.work.mean": "7 min",
        "rate": {"value": "1 / h", "source": "assumed"},
    }
    changed, _ = override(document, Desk, changes)
    sources, ranges = sources_and_ranges(changed)
    law = {"teams.night.work.law": "cited:8", "teams.night.work.shares": "cited:8"}
    assert sources == {"rate": "assumed", **law}
    assert ranges == {}
    config = normal(validate(changed, Locator()), changed)
    assert sources_and_ranges(config) == (sources, {})
    assert config["teams"]["night"]["headcount"] == {"value": 5}


def test_dotted_paths_can_be_read_back() -> None:
    assert dotted(["a", 'b."c', 0, "ü"]) == 'a."b.\\"c".0.ü'


# ---- the whole vocabulary --------------------------------------------------------------------------------------------


def leaves(config: Any, at: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], Any]]:
    below = list(config.items() if isinstance(config, dict) else enumerate(config) if isinstance(config, list) else ())
    return [leaf for key, inner in below for leaf in leaves(inner, (*at, key))] if below else [(at, config)]


def as_toml(value: Any) -> str:
    return "[]" if value == [] else "{}" if value == {} else json.dumps(value)


@pytest.mark.parametrize("config", CONFIGS, ids=lambda path: path.stem)
def test_every_value_of_a_normal_form_defaults_too_is_reached_on_the_command_line(config: Path) -> None:
    document, _ = read_document(config)
    normal_form = normalised(Document.model_validate(document))
    found = leaves(normal_form)
    assert len(found) > 50
    for path, value in found:
        changed, _ = override(document, Document, [f"{dotted(path)}={as_toml(value)}"])
        assert normalised(Document.model_validate(changed)) == normal_form, dotted(path)


ANY_TEXT = st.text("tms.=\"'{}[],: \\\n0é", max_size=20)
ANY_PATH = st.from_regex(r"(teams|time|run|x)(\.[a-z\"']{1,9}){0,3}=.*", fullmatch=True)


@given(ANY_TEXT | ANY_PATH)
def test_any_text_after_set_is_an_override_or_a_fault(text: str) -> None:
    try:
        changed, overridden = override({"teams": {"desk": {}}, "time": {}}, Document, [text])
    except InputError as error:
        found = [str(fault) for fault in error.faults]
    else:
        found = ["--set "] if changed and overridden else []
    assert len(found) == 1
    assert found[0].startswith("--set ")
