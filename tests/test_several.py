"""Several alternatives: intervals that hold together by their coverage, numbers of plain runs, and bad input."""

from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from made_up_runs import MEASURES, made_up
from swept import provenance_of
from tiny import tiny
from typer.testing import CliRunner, Result

import simsocial as ss
from simsocial.cli import app
from simsocial.measure.definitions import MEASURES as DEFINED
from simsocial.measure.definitions import Kind
from simsocial.measure.direction import LARGEST, SMALLEST, largest_is_best
from simsocial.measure.of_runs import rows_of_run
from simsocial.measure.recovery import PREFIX
from simsocial.model.scenario import Scenario
from simsocial.report.several_report import several_lines
from simsocial.simulation.points import PointResults
from simsocial.simulation.several import Several

Floats = npt.NDArray[np.float64]
ROOT = Path(__file__).parents[1]
RESPOND = "mentions.respond"
VARY = ("tiny.toml", "--vary", "teams.desk.headcount=1,3,4")


def simsocial(*arguments: str, code: int = 0) -> Result:
    done = CliRunner().invoke(app, list(arguments), catch_exceptions=False, env={"COLUMNS": "80"})
    assert done.exit_code == code, done.output
    return done


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The config ``tiny.toml``, and runs of it with one, three and four people: ``few``, ``some``, ``many``."""
    place = tmp_path_factory.mktemp("several")
    tiny(place)
    for number, name in ((1, "few"), (3, "some"), (4, "many")):
        scenario = ss.load(place / "tiny.toml", overrides={"teams.desk.headcount": number})
        ss.write(ss.run(scenario, replications=40 if number < 4 else 30), place / name)
    ss.write(ss.run(ss.load(place / "tiny.toml"), replications=20, seed=9), place / "other")
    ss.write(ss.run(ss.load(place / "tiny.toml"), replications=20, first=5), place / "later")
    return place


@pytest.fixture(autouse=True)
def _here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)


# ---- coverage --------------------------------------------------------------------------------------------------------

CONFIDENCE = 0.9


TRUTH = np.array([0.3, 0.4, 0.5, 0.6, 0.7])


def held(found: Several) -> bool:
    """Say whether all intervals hold the true differences."""
    true = [TRUTH[int(pair.name)] - TRUTH[int(pair.against)] for pair in found.pairs]
    return all(
        pair.difference.low - 1e-9 <= difference <= pair.difference.high + 1e-9
        for pair, difference in zip(found.pairs, true, strict=True)
    )


def normal(random: np.random.Generator, n: int) -> Floats:
    """Values of which a fifth of the variance is common."""
    return 0.5 * random.normal(size=(n, 1)) + random.normal(size=(n, 5)) + TRUTH


def happened(random: np.random.Generator, n: int) -> Floats:
    """What happens or not, in three of ten replications by the same uniform in all."""
    return np.where(random.random((n, 1)) < 0.3, random.random((n, 1)), random.random((n, 5))) < TRUTH


def sample(kind: Kind, random: np.random.Generator, n: int) -> Mapping[str, PointResults]:
    if kind is Kind.SHARE:
        return made_up(kind, happened(random, n))
    values = normal(random, n)
    if kind is not Kind.RATIO:
        return made_up(kind, values)
    many = random.poisson(40, (n, 1)) + random.poisson(20, (n, 5))
    return made_up(kind, TRUTH * many + 20 * (values - TRUTH), many)


def coverage_z(holds: int, many: int) -> float:
    """Return by how many standard errors intervals held more often than they say."""
    return (holds / many - CONFIDENCE) / math.sqrt(CONFIDENCE * (1 - CONFIDENCE) / many)


@pytest.mark.parametrize("all_pairs", [False, True])
@pytest.mark.parametrize(("kind", "n"), [(Kind.MEAN, 8), (Kind.RATIO, 40), (Kind.SHARE, 80), (Kind.QUANTILE, 25)])
def test_all_intervals_hold_together(kind: Kind, n: int, all_pairs: bool) -> None:
    random, name = np.random.default_rng(77), [MEASURES[kind].name]
    holds = sum(
        held(ss.compare_several(sample(kind, random, n), measures=name, all_pairs=all_pairs, confidence=CONFIDENCE))
        for _ in range(200)
    )
    assert coverage_z(holds, 200) > -4.5


def pair_by_pair(runs: Mapping[str, PointResults]) -> list[bool]:
    """Whether each interval holds when every alternative is compared with the first by itself."""
    names = [*runs]
    return [
        held(ss.compare_several({name: runs[name] for name in (names[0], other)}, measures=["a.b.backlog_mean"],
                                confidence=CONFIDENCE))
        for other in names[1:]
    ]  # fmt: skip


def test_intervals_that_hold_for_themselves_do_not_hold_together() -> None:
    """Each of them holds as often as it says, and all at once less often: the negative control of the correction."""
    random = np.random.default_rng(3)
    holds = np.array([pair_by_pair(sample(Kind.MEAN, random, 8)) for _ in range(300)])
    assert abs(coverage_z(int(holds[:, 0].sum()), 300)) < 4.5
    assert coverage_z(int(holds.all(axis=1).sum()), 300) < -4.5


# ---- numbers ---------------------------------------------------------------------------------------------------------


def alternatives() -> dict[str, Scenario]:
    return {str(k): ss.load("tiny.toml", overrides={"teams.desk.headcount": k}) for k in (1, 3, 4)}


def test_intervals_are_those_of_two_runs_at_a_higher_confidence() -> None:
    """Of two measures and two pairs: each interval at 1 − 5 %/4."""
    wanted = alternatives()
    found = ss.compare_several(wanted, measures=["desk.occupancy", f"{RESPOND}.wait_mean"], replications=8)
    assert [pair.difference.confidence for pair in found.pairs] == pytest.approx([0.9875] * 4)
    surer = {name: each.but(run=replace(each.run, confidence=0.9875)) for name, each in wanted.items()}
    one, three = (ss.run(surer[name], replications=8) for name in "14")
    table = ss.compare(one, three)
    (expected,) = table[(table.team == "desk") & (table.measure == "occupancy")].itertuples()
    frame = found.frame()
    (mine,) = frame[(frame.measure == "occupancy") & (frame.alternative == "4")].itertuples()
    assert (mine.difference, mine.low, mine.high) == pytest.approx((expected.difference, expected.low, expected.high))
    assert (mine.value, mine.value_against) == (expected.after, expected.before)
    assert (mine.against, mine.together, mine.n) == ("1", 0.95, 8)


def test_folders_and_configs_give_the_same_numbers() -> None:
    """Folders as far as all reach; a config is run as often as the folder beside it."""
    folders = json.loads(simsocial("compare", "few", "some", "many", "--json").stdout)
    assert folders["replications"] == 30
    configs = json.loads(simsocial("compare", *VARY, "--replications", "30", "--json").stdout)
    assert configs["alternatives"] == ["headcount=1", "headcount=3", "headcount=4"]
    mixed = json.loads(simsocial("compare", "few", "tiny.toml:teams.desk.headcount=3", "many", "--json").stdout)
    differences = [
        [pair["difference"] for each in found["measures"] for pair in each["pairs"]]
        for found in (folders, configs, mixed)
    ]
    assert differences[0] == differences[1] == differences[2]
    later = json.loads(simsocial("compare", "later", "tiny.toml", "--json").stdout)
    assert {pair["difference"] for each in later["measures"] for pair in each["pairs"]} == {0}


def test_every_pair_is_compared_when_asked_for() -> None:
    printed = simsocial("compare", *VARY, "--all-pairs", "--measure", f"{RESPOND}.p_behind").stdout
    assert "4 replications of each, on the same draws; all 3 intervals hold together" in printed
    assert printed.count("− headcount=1") == 2
    assert printed.count("− headcount=3") == 1
    assert max(map(len, printed.splitlines())) <= 80


def test_sentences_say_which_are_better() -> None:
    """More people are behind less and paid more; of what is neither better nor worse, what is larger is told."""
    done = simsocial("compare", "few", "some", "--measure", f"{RESPOND}.late_share", "--measure", "desk.paid", "-q")
    assert done.stdout.splitlines() == [
        f"{RESPOND}.late_share: some better than few",
        "desk.paid: some larger than few",
    ]
    again = simsocial("compare", "some", "few", "--measure", f"{RESPOND}.late_share", "-q").stdout
    assert again == f"{RESPOND}.late_share: some better than few\n"
    same = simsocial("compare", "few", "tiny.toml", "--measure", "desk.occupancy", "-q").stdout
    assert same == "desk.occupancy: tiny.toml not told apart from few\n"


def test_a_sentence_names_some_of_very_many() -> None:
    many = ss.compare_several(made_up(Kind.MEAN, np.zeros((8, 10))), measures=["a.b.backlog_mean"])
    (told,) = several_lines(many)
    assert told == "a.b.backlog_mean: 1; 2; 3; 4; 5; 6; and 3 more not told apart from 0"


def test_variants_of_several_values() -> None:
    document = json.loads(
        simsocial(
            "compare", "tiny.toml", "--vary", "teams.desk.headcount=1,2",
            "--vary", "streams.mentions.arrivals.rate=4 / day,8 / day",
            "--set", "time.horizon=1 week", "--json",
        ).stdout
    )  # fmt: skip
    assert document["alternatives"] == [
        *("headcount=1, rate=4 / day", "headcount=1, rate=8 / day"),
        *("headcount=2, rate=4 / day", "headcount=2, rate=8 / day"),
    ]
    both = "tiny.toml:teams.desk.headcount=2; streams.mentions.arrivals.rate=4 / day"
    alone = json.loads(simsocial("compare", "tiny.toml", both, "--set", "time.horizon=1 week", "--json").stdout)
    assert alone["alternatives"] == ["tiny.toml", both]
    first, last = document["measures"][0]["values"], alone["measures"][0]["values"]
    assert first["headcount=2, rate=4 / day"]["value"] == last[both]["value"]
    assert first["headcount=1, rate=8 / day"]["value"] == last["tiny.toml"]["value"]


def sweep(place: Path) -> None:
    """Write the tables that a sweep over two headcounts and two persistences leaves, of 22 replications."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    base, design, tables = ss.load("tiny.toml"), [], []
    for number, (people, days) in enumerate(itertools.product((1, 3), (3, 4))):
        changes = {"teams.desk.headcount": people, "run.falls_behind.persistence": days}
        run = ss.run(ss.load("tiny.toml", overrides=changes), replications=22)
        tables.append(run.replications().assign(point=f"{number:016x}"))
        text = "".join(f'"{path}" = {value}\n' for path, value in changes.items())
        design.append({"point": f"{number:016x}", **changes, "changes": text})
    place.mkdir()
    kept = pd.concat(tables).query("measure in ['p_behind', 'wait_mean', 'paid']")
    pq.write_table(pa.Table.from_pandas(kept, preserve_index=False), place / "replications.parquet")
    pq.write_table(pa.Table.from_pylist(design), place / "design.parquet")
    assert base.origin is not None
    provenance = provenance_of(base, replications=22, seed=7)
    (place / "provenance.json").write_text(provenance.text, encoding="utf-8")


def test_points_of_a_sweep_are_compared_as_its_configs(tmp_path: Path) -> None:
    sweep(tmp_path / "sweep")
    measures = ("--measure", f"{RESPOND}.p_behind", "--measure", "desk.paid", "--json")
    every = json.loads(simsocial("compare", str(tmp_path / "sweep"), *measures).stdout)
    variants = (*VARY[:2], "teams.desk.headcount=1,3", "--vary", "run.falls_behind.persistence=3,4")
    again = json.loads(simsocial("compare", *variants, "--replications", "22", *measures).stdout)
    assert every == again
    names = [f"{tmp_path}/sweep#{point}" for point in ("headcount=1, persistence=4", "0000000000000003")]
    two = json.loads(simsocial("compare", *names, *measures).stdout)
    assert two["alternatives"] == names
    values = {name: every["measures"][0]["values"][point] for name, point in
              zip(names, ("headcount=1, persistence=4", "headcount=3, persistence=4"), strict=True)}  # fmt: skip
    assert two["measures"][0]["values"] == values
    some = simsocial(
        "compare", f"{tmp_path}/sweep#persistence=3", "--best", f"{RESPOND}.p_behind", "--indifference", "0.5", "-q"
    )
    assert some.stdout.startswith("headcount=3, persistence=3 is the best of 2")


def test_what_is_no_point_of_a_sweep_is_one_message(tmp_path: Path) -> None:
    place = tmp_path / "sweep"
    sweep(place)
    done = simsocial("compare", f"{place}#headcount=7", "tiny.toml", code=2)
    assert "#headcount=7: teams.desk.headcount: is never 7 at these points; it is 1, 3" in done.stderr
    assert "say by what they are compared" not in done.stderr
    assert "is not run again" in simsocial("compare", str(place), "--set", "run.seed=3", code=2).stderr
    (place / "provenance.json").write_text("{}", encoding="utf-8")
    assert "is not the provenance of a sweep" in simsocial("compare", str(place), code=2).stderr
    (place / "design.parquet").write_bytes(b"PAR1")
    assert "design.parquet: cannot be read" in simsocial("compare", str(place), code=2).stderr


# ---- the best --------------------------------------------------------------------------------------------------------

BEST = ("--best", f"{RESPOND}.p_behind", "--indifference", "10 %")


def test_replications_are_added_where_they_decide() -> None:
    told: list[tuple[str, int, int]] = []
    found = ss.select_best(alternatives(), f"{RESPOND}.p_behind", indifference=0.1, watch=lambda *now: told.append(now))
    fates = {fate.name: fate for fate in found.fates}
    assert fates["1"].dropped
    assert (fates["1"].replications, found.best) == (20, "3")
    assert fates["3"].replications > 20
    assert repr(found) == f"<Selection of '3' by {RESPOND}.p_behind: {len(fates)} alternatives, decided>"
    assert told[:2] == [(f"{len(fates)} alternatives", done, 20 * len(fates)) for done in (0, 20 * len(fates))]
    assert sum(done for _, done, planned in told if done == planned) == sum(fate.replications for fate in found.fates)
    plain = ss.run(alternatives()["3"], replications=fates["3"].replications)
    assert fates["3"].value == plain.numerators[:, [row.name for row in plain.rows].index(f"{RESPOND}.p_behind")].mean()


def test_folders_are_judged_as_far_as_they_reach() -> None:
    """As configs are with that cap; and it is said that it is not decided."""
    folders = json.loads(simsocial("compare", "few", "some", "many", *BEST, "--json").stdout)
    configs = json.loads(simsocial("compare", *VARY, *BEST, "--most", "30", "--json").stdout)
    assert folders["best"] is None
    assert folders["decided"] is False
    names = dict(zip(("headcount=1", "headcount=3", "headcount=4"), ("few", "some", "many"), strict=True))
    assert [each | {"name": names[each["name"]]} for each in configs["alternatives"]] == folders["alternatives"]
    said = simsocial("compare", "few", "some", "many", *BEST, "-q").stdout
    assert said == (
        f"not decided by {RESPOND}.p_behind after 30 replications: some; many still in, some ahead so far; "
        "1 dropped after 20 replications\n"
    )


def test_the_selection_is_told_with_how_sure_it_is() -> None:
    printed = " ".join(simsocial("compare", *VARY, *BEST).stdout.split())
    assert printed.startswith(
        f"headcount=3 is the best of 3 by {RESPOND}.p_behind, or worse by less than 10 points, "
        "with a probability of at least 95 %; 1 dropped after 20 replications"
    )
    said = simsocial(
        "compare", *VARY, "--best", f"{RESPOND}.wait_mean", "--indifference", "1 h", "--confidence", "0.9", "-q"
    )
    assert said.stdout.startswith(
        f"headcount=4 is the best of 3 by {RESPOND}.wait_mean, "
        "with a probability of at least 90 % if no other is within 1 h of it; "
    )
    paid = ("compare", "few", "some", "many", "--best", "desk.paid", "--indifference", "1", "-q")
    assert simsocial(*paid, "--largest").stdout.startswith("many is the best of 3 by desk.paid")
    assert simsocial(*paid, "--smallest").stdout.startswith("few is the best of 3 by desk.paid")


def test_directions_are_of_measures_that_there_are() -> None:
    scenario_rows = {row.measure for row in rows_of_run(ss.load("tiny.toml"))}
    known = scenario_rows | {each.name for each in DEFINED} | {PREFIX}
    assert {*LARGEST, *SMALLEST} - known == set()
    assert set(LARGEST) & set(SMALLEST) == set()
    rows = {row.name: row for row in rows_of_run(ss.load("tiny.toml"))}
    assert largest_is_best(rows["mentions.first_response_kept_share"]) is True
    assert largest_is_best(rows["mentions.first_response_broken"]) is False
    assert largest_is_best(rows["desk.paid"]) is None


def test_the_page_on_choosing_works(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Its Python runs, and every command in it is taken, of configs that there are."""
    monkeypatch.chdir(ROOT)
    page = (ROOT / "docs" / "choosing.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    exec(compile(code, "choosing.md", "exec"), {})  # noqa: S102  # the page's own code
    assert capsys.readouterr().out.splitlines()[-1].startswith("3 people [('1 people', 20)")
    options = set(re.findall(r"--[a-z]+(?:-[a-z]+)*", page))
    assert options <= set(re.findall(r"--[a-z]+(?:-[a-z]+)*", simsocial("compare", "--help").stdout))


# ---- bad input -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["tiny.toml"], "alternatives: give at least two to compare (got 1)"),
        (["tiny.toml", "tiny.toml"], "tiny.toml: is given twice"),
        (["few", "other"], "seed: alternatives are compared on the same draws and dates (got 7 of few and 9 of other)"),
        (["few", "later"], "first: alternatives are compared on the same draws and dates (got 0 of few and 5 of la"),
        (["few", "some", "--seed", "3"], "seed: alternatives are compared on the same draws and dates (got 3 of what"),
        (["tiny.toml", "tiny.toml:time.horizon=1 week"], "time.horizon: alternatives are compared on the same draw"),
        (["tiny.toml", "tiny.toml:run.seed=8"], "seed: alternatives are compared on the same draws"),
        (["few", "tiny.toml", "--replications", "50"], "replications: a run has no more than"),
        (["few", "some", "--replications", "3"], "--replications: is nothing for what has been run, which is only"),
        (["few", "some", "--set", "time.horizon=1 week"], "time.horizon: few has been run and is not run again"),
        (["few", "nowhere.toml"], "nowhere.toml: there is no such file"),
        ([*VARY, "--measure", "desk.occupency"], "--measure: there is no measure 'desk.occupency'; did you mean 'd"),
        (["tiny.toml", "--vary", "teams.desk.hedcount=1,2"], "--vary teams.desk.hedcount: no such key 'hedcount'; did"),
        (["tiny.toml", "--vary", "teams.desk.headcount="], "--vary teams.desk.headcount=: write path=value,value,"),
        (["tiny.toml", "--vary", "=3"], "--vary =3: write a dotted path"),
        ([*VARY, "--best", "desk.occupancy"], "--indifference: say how small a difference does not matter"),
        ([*VARY, *BEST[:2], "--indifference", "0"], "indifference: must be greater than 0 (got 0)"),
        ([*VARY, *BEST[:2], "--indifference", "nan"], "indifference: must be greater than 0 (got nan)"),
        ([*VARY, *BEST[:2], "--indifference", "100 %"], "indifference: must be less than 1 (100 %), which is the most"),
        ([*VARY, *BEST[:2], "--indifference", "few"], "indifference: write a number or per cent, such as 0.02 or 2 %"),
        ([*VARY, "--best", f"{RESPOND}.wait_mean", "--indifference", "5 %"], "write a length of time as a number a"),
        ([*VARY, "--best", "desk.paid", "--indifference", "5"], "desk.paid: say which is best, --largest or --smal"),
        ([*VARY, "--best", "desk.p_behnd", "--indifference", "1"], "--best: there is no measure 'desk.p_behnd'; di"),
        ([*VARY, "--best", f"{RESPOND}.wait_p90", "--indifference", "5"], f"choose a mean, such as {RESPOND}.wait_"),
        ([*VARY, "--best", f"{RESPOND}.first_onset", "--indifference", "5"], f"such as {RESPOND}.days_ahead"),
        ([*VARY, *BEST, "--most", "10"], "most: must be a whole number of at least 20 (got 10)"),
        ([*VARY, *BEST, "--replications", "50"], "--replications: goes without --best"),
        ([*VARY, *BEST, "--confidence", "1.5"], "confidence: must be more than 0.5 and less than 1 (got 1.5)"),
        ([*VARY, "--indifference", "5"], "--indifference: goes with --best NAME"),
        ([*VARY, "--smallest"], "--largest/--smallest: goes with --best NAME"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_one_message(arguments: list[str], says: str) -> None:
    done = simsocial("compare", *arguments, code=2)
    assert says in done.stderr
    assert done.stdout == ""


def test_every_fault_of_every_variant_is_told() -> None:
    done = simsocial("compare", "tiny.toml", "--vary", "teams.desk.headcount=1,-2,many", code=2)
    assert len(done.stderr.splitlines()) == 2
    assert "-2" in done.stderr
    assert "many" in done.stderr


def test_what_never_happened_cannot_select() -> None:
    nothing = made_up(Kind.RATIO, np.zeros((30, 2)), np.zeros((30, 2)))
    with pytest.raises(ss.InputError, match=r"a\.b\.wait_mean: in 0 nothing happened"):
        ss.select_best(nothing, "a.b.wait_mean", indifference=1)
    with pytest.raises(ss.InputError, match="takes at least 20 of each"):
        ss.select_best(made_up(Kind.MEAN, np.zeros((8, 2))), "a.b.backlog_mean", indifference=1)
