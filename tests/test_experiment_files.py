"""Experiment files against designs written out by hand, and faults against the lines that cause them (R115–R117)."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from typer.testing import CliRunner

import simsocial
from simsocial.cli import app
from simsocial.cli.listing import print_listing
from simsocial.config.experiments import judging
from simsocial.config.experiments.experiment import Experiment, Level, Point
from simsocial.config.experiments.judging import judge_points
from simsocial.engines import ENGINES
from simsocial.simulation.executors import local
from simsocial.study import judging as study_judging
from simsocial.study.judging import judge_together

ROOT = Path(__file__).parents[1]
HEAD = f'question = "How many?"\nbase = {json.dumps(str(ROOT / "configs" / "quickstart.toml"))}\nreplications = 5\n'
DESK, SHARE = '"teams.desk.headcount"', '"streams.mentions.steps.review.share"'


def written(folder: Path, text: str, head: str = HEAD) -> Path:
    file = folder / "experiment.toml"
    file.write_text(head + text, encoding="utf-8")
    return file


def loaded(folder: Path, text: str) -> Experiment:
    return simsocial.load_experiment(written(folder, text))


def values(experiment: Experiment) -> list[tuple[Any, ...]]:
    return [tuple(point.values.values()) for point in experiment.points]


# ---- designs --------------------------------------------------------------------------------------------------------


def test_a_grid_has_every_combination_the_last_factor_varying_fastest(tmp_path: Path) -> None:
    growth = '"streams.mentions.arrivals.growth" = { low = 0, high = 8, steps = 3, unit = "% / month" }'
    experiment = loaded(tmp_path, f"[factors]\n{DESK} = [1, 2, 4]\n{growth}")
    assert values(experiment) == list(itertools.product([1, 2, 4], [0.0, 4.0, 8.0]))
    assert [point.number for point in experiment.points] == list(range(9))
    assert experiment.points[-1].changes == {
        "teams.desk.headcount": 4,
        "streams.mentions.arrivals.growth": "8 % / month",
    }


def test_ranges_are_even_or_even_in_ratio_and_whole_where_asked(tmp_path: Path) -> None:
    experiment = loaded(
        tmp_path,
        f"[factors]\n{DESK} = {{ low = 2, high = 5, whole = true }}\n"
        f'{SHARE} = {{ low = 0.01, high = 1, steps = 3, scale = "log" }}',
    )
    assert [level.value for level in experiment.factors[0].levels] == [2, 3, 4, 5]
    assert [level.value for level in experiment.factors[1].levels] == [0.01, 0.1, 1.0]
    judge_points(loaded(tmp_path, f"[factors]\n{DESK} = {{ low = 1, high = 5, steps = 3 }}\n"))  # whole as it stands
    every = loaded(tmp_path, f"[factors]\n{DESK} = {{ low = 1, high = 3, steps = 3, whole = true }}\n")
    assert [level.value for level in every.factors[0].levels] == [1, 2, 3]


def test_settings_move_several_paths_and_labels_stand_for_tables(tmp_path: Path) -> None:
    experiment = loaded(
        tmp_path,
        "[factors]\n"
        '"streams.mentions.steps.respond.work" = { labels = ["now", "soon"], values = ["9 min", "8 min"] }\n'
        'both.settings.few = { "teams.desk.headcount" = 1, "teams.principals.headcount" = 1 }\n'
        'both.settings.many = { "teams.desk.headcount" = 3, "teams.principals.headcount" = 2 }\n'
        'pace = { paths = ["teams.desk.pace", "teams.principals.pace"], values = [1, 0.9] }\n',
    )
    assert values(experiment)[5] == ("soon", "few", 0.9)
    assert experiment.points[5].changes == {
        "streams.mentions.steps.respond.work": "8 min",
        "teams.desk.headcount": 1,
        "teams.principals.headcount": 1,
        "teams.desk.pace": 0.9,
        "teams.principals.pace": 0.9,
    }


def test_drawn_designs_cover_every_factor_evenly_and_follow_the_seed(tmp_path: Path) -> None:
    text = (
        f'[design]\nkind = "KIND"\npoints = 64\n[factors]\n{DESK} = {{ low = 1, high = 4, whole = true }}\n'
        f"{SHARE} = {{ low = 0, high = 1 }}\n"
    )
    for kind in ("latin_hypercube", "sobol"):
        experiment = loaded(tmp_path, "seed = 3\n" + text.replace("KIND", kind))
        shares = sorted(point.values["streams.mentions.steps.review.share"] for point in experiment.points)
        assert [int(float(share) * 64) for share in shares] == list(range(64)), "one in each 64th"
        assert set(Counter(point.values["teams.desk.headcount"] for point in experiment.points).values()) == {16}
        assert values(loaded(tmp_path, "seed = 3\n" + text.replace("KIND", kind))) == values(experiment)
        assert values(loaded(tmp_path, "seed = 4\n" + text.replace("KIND", kind))) != values(experiment)


def test_twice_as_many_sobol_points_begin_with_the_same(tmp_path: Path) -> None:
    text = f'[design]\nkind = "sobol"\npoints = 32\n[factors]\n{SHARE} = {{ low = 0, high = 1 }}\n'
    fewer, more = loaded(tmp_path, text), loaded(tmp_path, text.replace("32", "64"))
    assert [point.key for point in more.points][:32] == [point.key for point in fewer.points]


def test_drawn_points_that_would_come_again_are_left_out_and_counted(tmp_path: Path) -> None:
    text = f'[design]\nkind = "latin_hypercube"\npoints = 20\n[factors]\n{DESK} = [1, 2]\n'
    experiment = loaded(tmp_path, text)
    assert (sorted(values(experiment)), experiment.design.repeated) == ([(1,), (2,)], 18)


def test_a_list_is_the_same_in_the_file_and_in_a_csv(tmp_path: Path) -> None:
    here = loaded(
        tmp_path,
        'design.kind = "list"\n'
        '[[points]]\nsize = "few"\n"streams.mentions.steps.respond.work" = "10 min"\n'
        '[[points]]\nsize = "many"\n"streams.mentions.steps.respond.work" = "12 min"\n'
        "[factors]\nsize = { labels = ['few', 'many'], values = [1, 3], paths = ['teams.desk.headcount'] }\n",
    )
    (tmp_path / "points.csv").write_text(
        "size;streams.mentions.steps.respond.work\nfew;10 min\nmany;12 min\n", encoding="utf-8"
    )
    there = loaded(
        tmp_path,
        'design = { kind = "list", file = "points.csv" }\n'
        "[factors]\nsize = { labels = ['few', 'many'], values = [1, 3], paths = ['teams.desk.headcount'] }\n",
    )
    assert values(here) == values(there) == [("few", "10 min"), ("many", "12 min")]
    assert [point.key for point in here.points] == [point.key for point in there.points]
    assert here.points[1].changes["teams.desk.headcount"] == 3


def test_a_field_that_is_nested_without_end_is_a_text(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text(f"{DESK.strip(chr(34))}\n{'[' * 3000}\n", encoding="utf-8")
    with pytest.raises(simsocial.InputError, match="write a whole number"):
        judge_points(loaded(tmp_path, "design = { kind = 'list', file = 'points.csv' }\n"))


def test_what_is_not_said_is_the_base_configs(tmp_path: Path) -> None:
    head = HEAD.replace("replications = 5\n", "")
    experiment = simsocial.load_experiment(written(tmp_path, f"[factors]\n{DESK} = [1]\n", head))
    assert (experiment.seed, experiment.replications, experiment.precision) == (1, 25, None)
    precise = 'replications = { min = 10, max = 40, precision = "5 %", of = "desk.occupancy" }\n'
    said = simsocial.load_experiment(written(tmp_path, f"seed = 9\n[factors]\n{DESK} = [1]\n", head + precise))
    assert said.precision is not None
    assert (said.seed, said.replications, said.precision.least, said.precision.relative) == (9, 40, 10, 0.05)


# ---- constraints ----------------------------------------------------------------------------------------------------

BOTH = f'[factors]\n{DESK} = [1, 2, 3]\n"teams.principals.headcount" = [1, 2, 3]\n'


@pytest.mark.parametrize(
    ("constraint", "kept"),
    [
        ('"teams.principals.headcount" <= 2 * "teams.desk.headcount"', lambda desk, others: others <= 2 * desk),
        ("teams.desk.headcount + teams.principals.headcount == 4", lambda desk, others: desk + others == 4),
        ("not (teams.desk.headcount > 1 and teams.principals.headcount != 2)", lambda d, o: not (d > 1 and o != 2)),
        ("1 < teams.desk.headcount / 1 <= -teams.principals.headcount + 5 - 0 or 3 < 2", lambda d, o: 1 < d <= 5 - o),
    ],
)
def test_constraints_keep_the_points_that_python_would(tmp_path: Path, constraint: str, kept: Any) -> None:
    experiment = loaded(tmp_path, f"constraints = [{json.dumps(constraint)}]\n{BOTH}")
    expected = [pair for pair in itertools.product([1, 2, 3], repeat=2) if kept(*pair)]
    assert values(experiment) == expected
    assert experiment.design.dropped == 9 - len(expected) > 0


def test_constraints_compare_units_and_labels(tmp_path: Path) -> None:
    experiment = loaded(
        tmp_path,
        'constraints = [\'"streams.mentions.steps.respond.work" < "0.2 h" or size == "many"\']\n'
        '[factors]\n"streams.mentions.steps.respond.work" = ["11 min", "13 min"]\n'
        "size.settings.few = { 'teams.desk.headcount' = 1, 'teams.principals.headcount' = 1 }\n"
        "size.settings.many = { 'teams.desk.headcount' = 2, 'teams.principals.headcount' = 2 }\n",
    )
    assert values(experiment) == [("11 min", "few"), ("11 min", "many"), ("13 min", "many")]


@pytest.mark.parametrize(
    ("constraint", "told"),
    [
        ("teams.desk.headcnt < 2", "there is no factor 'teams.desk.headcnt'; did you mean 'teams.desk.headcount'?"),
        ('"teams.desk.headcnt" < 2', "there is no factor 'teams.desk.headcnt', nor one with that value; did you mean"),
        ("__import__('os').system('true') == 0", "is neither a factor, nor a value, nor arithmetic"),
        ("teams.desk.headcount ** 2 < 3", "reckon with +, -, * or /"),
        ("teams.desk.headcount in teams.desk.headcount", "compare with <, <=, >, >=, == or !="),
        ("teams.desk.headcount", "says nothing that is true or false"),
        ('teams.desk.headcount < "3 min"', "compares a number with a length of time"),
        ("teams.desk.headcount <", "cannot be read"),
        ("(" * 300 + "1" + ")" * 300, "too long"),
        ("9" * 400 + " > teams.desk.headcount", "has a number that is too large to reckon with"),
        ("-" * 400 + "teams.desk.headcount < 0", "no point is left of 9"),  # each sign is read once
        (r'teams.desk.headcount == "\d"', r"there is no factor '\d'"),
        ("teams.desk.headcount > 3", "no point is left of 9"),
    ],
)
def test_a_wrong_constraint_is_told_and_nothing_in_it_runs(tmp_path: Path, constraint: str, told: str) -> None:
    with pytest.raises(simsocial.InputError) as caught:
        loaded(tmp_path, f"constraints = [{json.dumps(constraint)}]\n{BOTH}")
    (fault,) = caught.value.faults
    assert (fault.line, fault.path.partition(".")[0]) == (4, "constraints")
    assert told in fault.message


# ---- names of points ------------------------------------------------------------------------------------------------


def test_the_key_of_a_point_depends_on_its_changes_alone(tmp_path: Path) -> None:
    fewer = {point.name: point.key for point in loaded(tmp_path, f"[factors]\n{DESK} = [1, 3]\n").points}
    more = {point.name: point.key for point in loaded(tmp_path, f"[factors]\n{DESK} = [3, 2, 1]\n").points}
    assert fewer.items() < more.items()
    assert len(set(more.values())) == 3
    assert fewer["teams.desk.headcount = 1"] == "5553f13dd921bcd0", "results on disks are found by it: never change it"
    assert Point(0, {}, {"b": 1, "a": {"y": 1, "x": 2}}).key == Point(5, {"f": 1}, {"a": {"y": 1, "x": 2}, "b": 1}).key
    assert Point(0, {}, {"a": {"y": 1, "x": 2}}).key != Point(0, {}, {"a": {"x": 2, "y": 1}}).key, "order may matter"


# ---- faults ---------------------------------------------------------------------------------------------------------

SOBOL = "design = { kind = 'sobol', points = 8 }\n"


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("[factors]\nteams.desk.headcount = [1]", 5, 'write a path in quotes, as one name: "teams.desk.headcount" ='),
        ('[factors]\n"teams.dsk.headcount" = [1]', 5, "no such table 'dsk'; did you mean 'desk'?"),
        ('[factors]\n"teams.desk.headcont" = [1]', 5, "no such key 'headcont'; did you mean 'headcount'?"),
        (f"[factors]\n{DESK} = []", 5, "is empty; write at least one"),
        (f"[factors]\n{DESK} = 3", 5, "write a list, in [ and ] (got 3)"),
        (f"[factors]\n{DESK} = [1, 2, 1]", 5, "1 comes a second time"),
        (f"[factors]\n{DESK} = {{ low = 3, high = 2, steps = 2 }}", 5, "must be more than low, which is 3 (got 2)"),
        (f"[factors]\n{DESK} = {{ low = 1, high = 2 }}", 5, "a grid needs steps"),
        (f"[factors]\n{DESK} = {{ low = 1, high = 3, steps = 4, whole = true }}", 5, "only 3 different values are"),
        (f"{SOBOL}[factors]\n{DESK} = {{ low = 1, high = 3, steps = 4, whole = true }}", 6, "write 3 or fewer (got 4)"),
        (f"[factors]\n{SHARE} = {{ low = 0, high = 1, steps = 2, scale = 'log' }}", 5, "must be more than 0"),
        (f"[factors]\n{DESK} = {{ values = [1], low = 1 }}", 5, "write one of values, settings, or low and high"),
        (f"[factors]\n{DESK} = {{ values = [1, 2], labels = ['a'] }}", 5, "write one for each of the 2 values"),
        ('[factors]\n"run.seed" = [1, 2]', 5, "belongs to the experiment; write seed = …"),
        (f"[fixed]\n{DESK} = 1\n[factors]\n{DESK} = [1]", 7, "teams.desk.headcount is fixed too"),
        (f"[factors]\n{DESK} = [1]\n'teams.desk' = [{{}}]", 6, "is set by the factor teams.desk.headcount too"),
        ("", None, "there is no factor; write at least one"),
        (f"measures = ['desk.ocupancy']\n[factors]\n{DESK} = [1]", 4, "did you mean 'desk.occupancy'?"),
        (f"measures = []\n[factors]\n{DESK} = [1]", 4, "is empty; write at least one, or leave it out for all"),
        (f"engine = 'nunpy'\n[factors]\n{DESK} = [1]", 4, 'did you mean "numpy"?'),
        (f"seed = -1\n[factors]\n{DESK} = [1]", 4, "write a whole number, 0 or more (got -1)"),
        (f"design = {{ kind = 'sobol', points = 100 }}\n[factors]\n{DESK} = [1]", 4, "powers of two; write 128"),
        (f"design.kind = 'sobol'\n[factors]\n{DESK} = [1]", 4, "write how many points, such as 256"),
        (f"design.kind = 'list'\n[[points]]\n{DESK} = 1\n[[points]]\n{DESK} = 1", 7, "is the same as a point before"),
        (f"design.kind = 'list'\n[[points]]\n{DESK} = 1\n[[points]]\n{SHARE} = 1", 5, f"says nothing of {SHARE[1:-1]}"),
        ("design.kind = 'list'", None, "there is no point; write [[points]] tables"),
        ("design = { kind = 'list', file = 'no.csv' }", None, "there is no such file"),
        (f"[[points]]\n{DESK} = 1\n[factors]\n{DESK} = [1]", 4, 'goes with kind = "list"'),
    ],
)  # fmt: skip
def test_a_fault_names_line_and_remedy(tmp_path: Path, text: str, line: int | None, told: str) -> None:
    with pytest.raises(simsocial.InputError) as caught:
        loaded(tmp_path, text)
    assert any(told in fault.message and fault.line == line for fault in caught.value.faults), caught.value


def test_a_missing_base_and_negative_replications_are_told(tmp_path: Path) -> None:
    with pytest.raises(simsocial.InputError, match=r"experiment.toml:3: replications: write a whole number, 1 or more"):
        simsocial.load_experiment(written(tmp_path, "[factors]\n", HEAD.replace("= 5", "= -5")))
    with pytest.raises(simsocial.InputError, match=r"experiment.toml:2: base: there is no such file"):
        simsocial.load_experiment(written(tmp_path, "", 'question = "?"\nbase = "no.toml"\n'))


def test_a_folder_stands_for_its_experiment_and_a_config_is_none(tmp_path: Path) -> None:
    file = written(tmp_path, f"[factors]\n{DESK} = [1]\n")
    assert simsocial.load_experiment(file.parent).file == file
    with pytest.raises(simsocial.InputError, match="is a config; write an experiment file of which it is the base"):
        simsocial.load_experiment(simsocial.load_experiment(file).base)


def test_points_at_fault_are_told_by_reason_with_the_values_that_cause_them(tmp_path: Path) -> None:
    experiment = loaded(tmp_path, f"[factors]\n{DESK} = [1, 2, -1]\n{SHARE} = [0.1, 0.2, 1.5, 0.4]\n")
    with pytest.raises(simsocial.InputError) as caught:
        judge_points(experiment)
    shares, desks = sorted(caught.value.faults, key=lambda fault: -(fault.line or 0))
    assert (desks.line, desks.path) == (5, 'factors."teams.desk.headcount"')
    assert desks.message.endswith("(got -1) (in 4 of 12 points: teams.desk.headcount = -1)")
    assert (shares.line, shares.message.count("(in 3 of 12 points: streams.mentions.steps.review.share = 1.5)")) == (
        6,
        1,
    )


def test_a_fault_of_two_factors_together_names_both(tmp_path: Path) -> None:
    """Neither value is wrong by itself: the shares of two shifts must add up to 1."""
    shift = "{ days = 'Mon-Fri', hours = '08:00-16:00', share = SHARE }"
    early, late = ([shift.replace("SHARE", each) for each in shares] for shares in (("0.5", "0.4"), ("0.5", "0.6")))
    text = (
        f"[factors]\n'teams.desk.shifts.day' = [{', '.join(early)}]\n'teams.desk.shifts.late' = [{', '.join(late)}]\n"
    )
    with pytest.raises(simsocial.InputError) as caught:
        judge_points(loaded(tmp_path, text))
    assert [fault.message for fault in caught.value.faults if "add up to 0.9" in fault.message]
    assert "(in 1 of 4 points: " in str(caught.value)


def test_judging_ends_when_very_many_points_are_at_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "MOST_AT_FAULT", 4)
    experiment = loaded(tmp_path, f"[factors]\n{DESK} = [1, -1]\n{SHARE} = {{ low = 0, high = 0.9, steps = 10 }}\n")
    with pytest.raises(
        simsocial.InputError, match="4 of the first 14 points are at fault; the others were not"
    ) as caught:
        judge_points(experiment)
    assert len(caught.value.faults) == 2


@pytest.mark.parametrize("wrong", [0, 1])
def test_points_are_judged_alike_by_several_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: int
) -> None:
    for name, value in {"LOOK": 3, "WORTH_SECONDS": 0.0, "POINTS_OF_TASK": 4}.items():
        monkeypatch.setattr(study_judging, name, value)
    text = f"[factors]\n{SHARE} = {{ low = 0, high = 0.9, steps = 10 }}\n{DESK} = [1, 2, {3 - 4 * wrong}]\n"
    experiment = loaded(tmp_path, text)
    asked: list[Any] = []
    monkeypatch.setattr(study_judging, "local", lambda *given: asked.append(given) or local(*given))
    told: list[str] = []
    for workers in (1, 2):
        try:
            judge_together(experiment, workers=workers)
        except simsocial.InputError as error:
            told.append(str(error))
    assert [workers for workers, *_ in asked] == [2]
    assert len(told) == 2 * wrong
    assert len(set(told)) == wrong


# ---- listing, schema ------------------------------------------------------------------------------------------------


def test_the_listing_tells_points_factors_and_cost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, f"[fixed]\n'time.horizon' = '2 weeks'\n[factors]\n{DESK} = [1, 2, 3]\n")
    print_listing(file, workers=1, as_json=True)
    told = json.loads(capsys.readouterr().out)
    listing = simsocial.list_points(simsocial.load_experiment(file))
    assert [row["teams.desk.headcount"] for row in told["points"]] == [1, 2, 3]
    assert [row["point"] for row in told["points"]] == [point.key for point in listing.experiment.points]
    assert told["cost"]["replications"] == 15
    one = simsocial.check(simsocial.load(ROOT / "configs" / "quickstart.toml", overrides={"time.horizon": "2 weeks"}))
    assert listing.cost.seconds == pytest.approx(15 * one.estimate.seconds)
    print_listing(file, workers=1, as_json=False)
    shown = capsys.readouterr().out
    assert "3 points, all in order: a grid of 3" in shown
    assert "5 replications of each point" in shown


def test_columns_of_points_are_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stream = "streams.mentions"
    paths = [f"{stream}.arrivals.growth", f"{stream}.arrivals.rate", "teams.desk.headcount"]
    design = "design = { kind = 'sobol', points = 4 }\n[fixed]\n'time.horizon' = '2 weeks'\n[factors]\n"
    values = ("['1 % / month', '2 % / month']", "['40 / day', '50 / day']", "[2, 3]")
    factors = "".join(f'"{path}" = {each}\n' for path, each in zip(paths, values, strict=True))
    print_listing(written(tmp_path, design + factors), workers=1, as_json=False)
    shown = capsys.readouterr().out
    assert "4 points, all in order: Sobol points" in shown
    (head,) = (line for line in shown.splitlines() if line.split()[:1] == ["point"])
    assert head.split() == ["point", "growth", "rate", "headcount"]


def test_the_engines_that_may_be_named_are_those_there_are(tmp_path: Path) -> None:
    for engine in ENGINES:
        assert loaded(tmp_path, f"engine = '{engine}'\n[factors]\n{DESK} = [1]\n").engine == engine


def test_the_schema_is_the_one_beside_the_experiments_and_takes_the_documented_example() -> None:
    text = (ROOT / "experiments" / "experiment.schema.json").read_text(encoding="utf-8")
    assert text == simsocial.experiment_schema_text(), "run: simsocial schema --experiment"
    assert CliRunner().invoke(app, ["schema", "--experiment"]).stdout == text
    jsonschema.Draft202012Validator.check_schema(json.loads(text))
    assert not jsonschema.Draft202012Validator(json.loads(text)).is_valid({"question": "?", "base": "x", "seed": -1})


def test_the_example_of_the_documentation_works_as_it_stands(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "experiments.md").read_text(encoding="utf-8")
    text = page.partition("<!-- file experiment.toml -->\n```toml\n")[2].partition("```")[0]
    (tmp_path / "quickstart.toml").write_bytes((ROOT / "configs" / "quickstart.toml").read_bytes())
    experiment = simsocial.load_experiment(written(tmp_path, text, head=""))
    judge_points(experiment)
    assert (len(experiment.points), experiment.design.dropped) == (120, 24)
    assert {type(level) for factor in experiment.factors for level in factor.levels} == {Level}
    assert np.array_equal(np.unique(experiment.design.places[:, 4]), [0, 1])
