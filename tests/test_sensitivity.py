"""Sensitivity: swings are paired differences of runs, inert inputs move nothing, and the verdict comes in words."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tiny import TINY
from typer.testing import CliRunner, Result

import simsocial as ss
from simsocial.cli import app
from simsocial.config.ranges import RangedInput, ranged_inputs
from simsocial.config.variants import Variants
from simsocial.measure.columns import FILES_OF_SENSITIVITY
from simsocial.study.sensitivity import Sensitivity
from simsocial.study.sensitivity.verdict import sentences

CONFIGS = sorted((Path(__file__).parents[1] / "configs").glob("*.toml"))

RATE, WORK, INERT = (
    "streams.mentions.arrivals.rate",
    "streams.mentions.steps.respond.work.mean",
    "streams.chat.steps.answer.work.mean",
)
ELSEWHERE = """
[streams.chat]
route = ["answer"]
arrivals.rate = "5 / day"
steps.answer.work.mean = { value = "5 min", range = ["2 min", "20 min"] }
steps.answer.work.law = "exponential"

[teams.others]
headcount = 1
serves = ["chat.answer"]
shifts.day = { days = "Mon-Fri", hours = "09:00-17:00" }
"""
LATE, BEHIND = "mentions.respond.late_share", "mentions.respond.p_behind"


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny desk with two ranges that matter, and another desk beside it with one that does not."""
    text = TINY.replace('"8 / day"', '{ value = "5 / day", range = ["3 / day", "8 / day"] }')
    text = text.replace('mean = "60 min"', 'mean = { value = "60 min", range = ["50 min", "80 min"] }')
    file = tmp_path_factory.mktemp("config") / "ranged.toml"
    file.write_text(text + ELSEWHERE, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def found(config: Path) -> Sensitivity:
    return ss.sensitivity(config, measures=[LATE, BEHIND, "desk.occupancy"], points=4, replications=6)


# ---- ranges ----------------------------------------------------------------------------------------------------------


def ranged(config: Path) -> dict[str, RangedInput]:
    return {each.path: each for each in ranged_inputs(ss.load(config))}


@pytest.mark.parametrize(
    ("written", "shares", "expected"),
    [
        (
            ('arrivals.rate = "8 / day"', "arrivals.rate", '"4 / day"', '"12 / day"'),
            (0, 0.5),
            ("4.0 / day", "8.0 / day"),
        ),
        (('arrivals.rate = "8 / day"', "arrivals.rate", '"7 / week"', '"20 / day"'), (0.5,), ("73.5 / week",)),
        (("headcount = 1", "headcount", "1", "4"), (0, 0.249, 0.25, 0.74, 0.99999), (1, 1, 2, 3, 4)),
        (("share = 0.20", "share", "0.1", "0.3"), (0.25,), (0.15,)),
    ],
)
def test_values_between_the_ends(
    written: tuple[str, str, str, str], shares: tuple[float, ...], expected: tuple[object, ...], tmp_path: Path
) -> None:
    """R125: every whole number has the same room; rates in the unit of the low end."""
    line, key, low, high = written
    value = line.partition("= ")[2]
    file = tmp_path / "one.toml"
    file.write_text(TINY.replace(line, f"{key} = {{ value = {value}, range = [{low}, {high}] }}", 1), encoding="utf-8")
    (only,) = ranged(file).values()
    made = [only.at(share) for share in shares]
    read = only.scalar.read
    assert (
        [read(each) for each in made] == pytest.approx([read(each) for each in expected])
        if isinstance(made[0], int | float)
        else [read(each) for each in made] == [read(each) for each in expected]
    )


def test_growth_in_another_unit_is_the_same_growth(tmp_path: Path) -> None:
    file = tmp_path / "one.toml"
    growth = 'arrivals.growth = { value = "5 % / month", range = ["0 % / month", "100 % / year"] }'
    file.write_text(TINY.replace('arrivals.rate = "8 / day"', f'arrivals.rate = "8 / day"\n{growth}'), encoding="utf-8")
    (only,) = ranged(file).values()
    monthly = only.scalar.read(only.at(1 - 1e-12)).percent
    assert 1 + monthly / 100 == pytest.approx(2 ** (1 / 12), rel=1e-9)


@pytest.mark.parametrize("config", CONFIGS, ids=lambda path: path.stem)
def test_every_range_of_a_bundled_config_can_be_set(config: Path) -> None:
    scenario = ss.load(config)
    if not scenario.origin or not scenario.origin.ranges:
        with pytest.raises(ss.InputError, match="carries a range; write one, such as growth = "):
            ranged_inputs(scenario)
        return
    variants = Variants(config)
    for each in ranged_inputs(scenario):
        for value in (each.low, each.at(0.0), each.at(0.37), each.high):
            changed = variants.scenario({each.path: value}).origin
            assert changed is not None
            assert each.path not in changed.ranges


# ---- one at a time ---------------------------------------------------------------------------------------------------


def test_a_swing_is_the_paired_difference_of_runs(config: Path, found: Sensitivity) -> None:
    low, base, high = (
        ss.run(ss.load(config, overrides={RATE: rate}), replications=6) for rate in ("3 / day", "5 / day", "8 / day")
    )
    row, swings = next((row, swings) for row, swings in found.swings.items() if row.name == LATE)
    (swing,) = (each for each in swings if each.input.path == RATE)
    for one, other, told in ((base, low, swing.at_low), (base, high, swing.at_high), (low, high, swing.across)):
        change = ss.compare(one, other)
        expected = change[(change.measure == row.measure) & (change.step == row.step)].iloc[0]
        assert (told.value, told.low, told.high) == (expected.difference, expected.low, expected.high)
    assert swing.high > swing.base > swing.low


def test_swings_are_sorted_and_an_inert_input_moves_nothing(found: Sensitivity) -> None:
    for swings in found.swings.values():
        assert [each.size for each in swings] == sorted((each.size for each in swings), reverse=True)
        last = swings[-1]
        assert (last.input.path, last.size, last.told) == (INERT, 0, False)
        assert swings[0].told


def test_by_default_stages_are_told_by_what_moves(config: Path) -> None:
    """P(behind) of the stage that can fall behind, late days of those that never do."""
    few = ss.sensitivity(config, replications=6)
    assert [row.name for row in few.swings] == [BEHIND, "mentions.review.late_share", "chat.answer.late_share"]
    assert (few.points, few.indices) == (0, {})


# ---- all together ----------------------------------------------------------------------------------------------------


def test_indices_of_the_inert_input_are_nothing(found: Sensitivity) -> None:
    place = [each.path for each in found.inputs].index(INERT)
    for indices in found.indices.values():
        assert indices[place].total.low <= 0 <= indices[place].total.high
        assert sum(its.total.value for its in indices) > 0, "negative control: the others explain something"


def test_the_same_study_gives_the_same_numbers_whatever_the_memory(config: Path) -> None:
    one, other = (
        ss.sensitivity(config, measures=[LATE], points=2, replications=3, memory=memory) for memory in (1e9, 2e6)
    )
    assert repr(one.indices) == repr(other.indices)  # two points have no interval, and no number is not itself
    assert one.swings == other.swings


def test_progress_counts_every_replication(config: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    ss.sensitivity(config, points=2, replications=2, progress=lambda *now: seen.append(now))
    whole = 2 * (7 + 2 * 5)
    assert {(what, planned) for what, _, planned in seen} == {("17 points", whole)}
    done = [done for _, done, _ in seen]
    assert (done[:2], done[-1], done) == ([0, 14], whole, sorted(done))


# ---- words -----------------------------------------------------------------------------------------------------------


def test_the_verdict_names_the_input_and_what_it_does(config: Path, found: Sensitivity) -> None:
    alone = ss.sensitivity(config, measures=[LATE], replications=6)
    (said,) = sentences(alone)
    first = alone.swings[next(iter(alone.swings))][0]
    assert said.startswith(
        f"{LATE} hangs on {RATE}: {100 * first.low:.3g} % at 3 / day, {100 * first.high:.3g} % at 8 / day (+"
    )
    assert WORK in said
    assert INERT not in said
    assert "explains" not in said
    assert "it explains" in sentences(found)[0]


def test_what_hangs_on_nothing_is_said(config: Path) -> None:
    nothing = ss.sensitivity(config, measures=["chat.arrived"], replications=3)
    (said,) = sentences(nothing)
    assert said.startswith("chat.arrived hangs on none of them: it is ")
    assert said.endswith(" at both ends of every range")


# ---- faults ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"points": 12}, "points: must be a power of two, such as 64, or 0 for no Sobol indices (got 12)"),
        ({"points": 1}, "points: must be a power of two, such as 64, or 0 for no Sobol indices (got 1)"),
        ({"points": -4}, "points: must be a whole number of at least 0 (got -4)"),
        ({"replications": 0}, "replications: must be a whole number of at least 1 (got 0)"),
        (
            {"measures": ["mentions.respond.late"]},
            "measure: there is no measure 'mentions.respond.late'; did you mean ",
        ),
        ({"overrides": {"teams.dsk.headcount": 2}}, "teams"),
    ],
)
def test_senseless_requests_are_refused(config: Path, asked: dict[str, object], message: str) -> None:
    ran: list[int] = []
    with pytest.raises(ss.InputError) as refused:
        ss.sensitivity(
            config, **{"replications": 2, "progress": lambda _what, done, _planned: ran.append(done), **asked}
        )  # type: ignore[arg-type]
    assert message in str(refused.value)
    assert ran == [], "told before anything runs"


def test_a_measure_without_a_number_at_some_point_has_no_indices(config: Path) -> None:
    with pytest.raises(ss.InputError, match=r"mentions\.review\.first_onset: no number with streams\.mentions"):
        ss.sensitivity(config, measures=["mentions.review.first_onset"], points=2, replications=2)


def test_an_end_at_which_the_config_does_not_hold_is_told_before_anything_runs(tmp_path: Path) -> None:
    text = TINY.replace("share = 0.20", "share = { value = 0.20, range = [0.1, 1.0] }")
    text = text.replace(
        'horizon = "3 weeks"', 'horizon = "3 weeks"\nwarmup = { value = "1 day", range = [0, "4 weeks"] }'
    )
    file = tmp_path / "fragile.toml"
    file.write_text(text, encoding="utf-8")
    ran: list[int] = []
    with pytest.raises(ss.InputError, match=r"with time\.warmup = 4 weeks: "):
        ss.sensitivity(file, replications=2, progress=lambda _what, done, _planned: ran.append(done))
    assert ran == []


# ---- the command -----------------------------------------------------------------------------------------------------


def simsocial(*arguments: object, code: int = 0) -> Result:
    done = CliRunner().invoke(app, list(map(str, arguments)), catch_exceptions=False, env={"COLUMNS": "80"})
    assert done.exit_code == code, done.output
    return done


def test_the_command_tells_the_verdict_and_writes_tables(config: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = simsocial("sensitivity", config, "--measure", LATE, "--points", 2, "--replications", 4, "--out", out)
    assert done.stdout.startswith(f"{LATE} hangs on streams.mentions.")
    assert sorted(path.name for path in out.iterdir()) == ["figures", "provenance.json", "sobol.csv", "tornado.csv"]
    for name, columns in FILES_OF_SENSITIVITY.items():
        assert pd.read_csv(out / name).columns.tolist() == [column.name for column in columns]
    tornado = pd.read_csv(out / "tornado.csv")
    assert tornado.groupby(["input", "end"]).size().to_dict() == {
        (path, end): 1 for path in (RATE, WORK, INERT) for end in ("low", "high", "across")
    }
    told = json.loads((out / "provenance.json").read_text(encoding="utf-8"))
    assert (told["seed"], told["replications"], told["points"]) == (7, 4, 2)
    assert sorted(path.name for path in (out / "figures").iterdir()) == [
        f"{LATE}_tornado.{kind}" for kind in ("png", "svg")
    ]


def test_the_command_for_programs_and_the_quiet(config: Path, tmp_path: Path) -> None:
    arguments = ("sensitivity", config, "--measure", LATE, "--replications", 3)
    quiet = simsocial(*arguments, "--quiet", "--out", tmp_path / "a").stdout.splitlines()
    document = json.loads(simsocial(*arguments, "--json", "--out", tmp_path / "b").stdout)
    assert quiet == document["verdict"]
    assert [each["path"] for each in document["inputs"]] == [RATE, WORK, INERT]
    assert len(document["tornado"]) == 9
    assert document["sobol"] == []


def test_a_value_that_is_set_has_no_range(config: Path, tmp_path: Path) -> None:
    arguments = ("--set", f"{RATE}=12 / day", "--replications", 2, "--json", "--out", tmp_path / "out")
    document = json.loads(simsocial("sensitivity", config, *arguments).stdout)
    assert [each["path"] for each in document["inputs"]] == [WORK, INERT]


def test_a_config_without_ranges_is_told_how_to_write_one(tmp_path: Path) -> None:
    file = tmp_path / "plain.toml"
    file.write_text(TINY, encoding="utf-8")
    done = simsocial("sensitivity", file, "--out", tmp_path / "out", code=2)
    assert done.stderr.startswith("no value of 'Tiny desk' carries a range; write one, such as growth = { value = ")
    assert not (tmp_path / "out").exists()


def test_the_tornado_is_drawn_from_the_table_alone(config: Path, tmp_path: Path) -> None:
    simsocial("sensitivity", config, "--measure", LATE, "--replications", 3, "--out", tmp_path / "out")
    written = (tmp_path / "out" / "figures" / f"{LATE}_tornado.svg").read_bytes()
    simsocial("picture", tmp_path / "out", "--out", tmp_path / "again")
    assert (tmp_path / "again" / f"{LATE}_tornado.svg").read_bytes() == written
    done = simsocial("picture", tmp_path / "out", "--measure", "desk.paid", "--out", tmp_path / "none", code=2)
    assert f"there is no 'desk.paid'; there are: {LATE}" in done.stderr


def test_tornado_draws_the_differences(found: Sensitivity) -> None:
    from matplotlib.figure import Figure

    from simsocial.study.sensitivity.tables import tornado_table

    table = pd.DataFrame(tornado_table(found))
    axes = ss.figures.tornado(Figure().subplots(), table, measure=LATE)  # type: ignore[arg-type]
    swings = next(swings for row, swings in found.swings.items() if row.name == LATE)
    widths = [bar.get_width() for bars in axes.containers if hasattr(bars, "patches") for bar in bars.patches]
    expected = [100 * change for each in swings for change in (each.at_low.value, each.at_high.value)]
    np.testing.assert_allclose(widths, expected)
    assert not math.isclose(widths[0], widths[1])
    assert [label.get_text() for label in axes.get_yticklabels()] == [each.input.path for each in swings]


def test_the_page_shows_what_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = CONFIGS[0].parents[1]
    page = (root / "docs" / "sensitivity.md").read_text(encoding="utf-8")
    shown = re.search(r"<!-- simsocial (sensitivity [^\n]+) -->\n```text\n(.*?)```", page, re.DOTALL)
    assert shown is not None
    monkeypatch.chdir(root)
    printed = simsocial(*shown[1].split(), "--out", tmp_path / "out").stdout.split("written to")[0]
    assert [line.rstrip() for line in printed.splitlines()] == shown[2].splitlines()
