"""Figures of sweeps: they draw what the tables say, hide nothing, and the same tables give the same bytes (R127)."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from test_figures import hidden
from typer.testing import CliRunner, Result

import simsocial as ss
from simsocial.cli import app
from simsocial.report.figures.frontier import efficient, named
from simsocial.report.figures.pages import house_look, lay_out
from simsocial.report.figures.sweep_axes import brief, cell_text
from simsocial.report.figures.sweep_pages import Shown, sweep_figures, sweep_files
from simsocial.study.sweep.reading import SweepTables
from simsocial.study.sweep.verdict import Behind, fared, lines

DESK, PRINCIPALS, GROWTH = "teams.desk.headcount", "teams.principals.headcount", "streams.mentions.arrivals.growth"
BEHIND, PAID, ONSET = "mentions.respond.p_behind", "desk.paid", "mentions.respond.first_onset"
PACES = ("1 % / month", "2 % / month", "10 % / month")


def behind(desk: int, pace: str, principals: int) -> float:
    return round(float(np.clip((6 + float(pace.split()[0]) - 2 * desk - 0.5 * principals) / 10, 0, 1)), 6)


def sweep_of(folder: Path, *, desk: int = 4, paces: tuple[str, ...] = PACES, principals: int = 2) -> SweepTables:
    """Write the tables of a sweep whose P(behind) follows a formula, points in a jumbled order."""
    folder.mkdir(parents=True, exist_ok=True)
    points = list(itertools.product(range(1, desk + 1), paces, range(1, principals + 1)))
    keys = [f"{number:04x}" for number in range(len(points))]
    columns = dict(zip((DESK, GROWTH, PRINCIPALS), zip(*points, strict=True), strict=True))
    design = pd.DataFrame({"point": keys, **columns, "changes": ""})
    design.iloc[np.arange(len(points)) * 5 % len(points) if len(points) % 5 else slice(None)].to_parquet(
        folder / "design.parquet", index=False
    )
    rows = []
    for key, (agents, pace, reviewers) in zip(keys, points, strict=True):
        p = behind(agents, pace, reviewers)
        onset = np.inf if p < 0.5 else 100 * (1 - p)
        names: tuple[tuple[str, ...], ...] = (
            ("mentions", "respond", "", "p_behind", ""),
            ("mentions", "", "", "p_behind", ""),
            ("", "", "desk", "paid", "h"),
            ("mentions", "respond", "", "first_onset", "days"),
        )
        values = (p, 0.99, 1000.0 * agents + 200 * reviewers, onset)
        rows += [
            ("S", key, *name, value, max(value - 0.1, 0), value + 0.1, 0.95, 50)
            for name, value in zip(names, values, strict=True)
        ]
    head = ("scenario", "point", "stream", "step", "team", "measure", "unit", "value", "low", "high", "confidence", "n")
    pd.DataFrame(rows, columns=head).to_parquet(folder / "results.parquet", index=False)
    return ss.read_sweep(folder)


@pytest.fixture
def sweep(tmp_path: Path) -> SweepTables:
    return sweep_of(tmp_path / "sweep")


def axes() -> Axes:
    return Figure().subplots()


# ---- tables ----------------------------------------------------------------------------------------------------------


def test_a_measure_is_read_of_every_point_in_the_order_of_the_design(sweep: SweepTables) -> None:
    told = sweep.told(BEHIND)
    settings = zip(sweep.settings[DESK], sweep.settings[GROWTH], sweep.settings[PRINCIPALS], strict=True)
    np.testing.assert_array_equal(told.value, [behind(int(a), str(b), int(c)) for a, b, c in settings])
    assert sweep.told("mentions.p_behind").value.tolist() == [0.99] * len(sweep), "negative control: names in full"
    assert (told.unit, sweep.told(PAID).unit) == ("", "h")
    assert sweep.usual_measures == [BEHIND]


def test_points_are_chosen_by_values(sweep: SweepTables) -> None:
    some = sweep.where("desk.headcount", "2", "3.0").where("growth", "10 % / month")
    assert (len(some), some.levels(DESK), some.varying) == (4, [2, 3], [DESK, PRINCIPALS])
    assert set(some.settings[GROWTH]) == {"10 % / month"}


def test_points_are_chosen_by_numbers_too(sweep: SweepTables) -> None:
    some = sweep.where(DESK, 2, 3.0)
    assert some.levels(DESK) == [2, 3]
    assert repr(some) == f"<SweepTables of '{sweep.folder}': 12 points, factors {DESK}, {GROWTH}, {PRINCIPALS}>"
    with pytest.raises(ss.InputError, match="is never 9 at these points; it is 1, 2, 3, 4"):
        sweep.where(DESK, 9)


def test_a_number_may_be_written_with_the_unit_of_its_factor() -> None:
    changes = tuple(f'"{GROWTH}" = "{pace} % / month"\n"{DESK}" = 3' for pace in ("0", "4", "4.5"))
    swept = SweepTables(Path(), ("a", "b", "c"), changes, {GROWTH: (0.0, 4.0, 4.5), DESK: (3, 3, 3)})
    assert swept.where("growth", "4 % / month").points == swept.where("growth", "4.0 %/month").points == ("b",)
    assert swept.chosen("growth=4.5 % / month, desk.headcount=3").points == ("c",)
    together = SweepTables(Path(), ("a", "b", "c"), changes, {"pace": (0.0, 4.0, 4.5)})
    assert together.where("pace", "4.5 % / month").points == ("c",)
    for other in (("growth", "4 % / year"), ("growth", "5 % / month"), (DESK, "3 % / month")):
        with pytest.raises(ss.InputError, match="is never"):
            swept.where(*other)


def test_a_point_without_a_measure_has_no_number(sweep: SweepTables) -> None:
    table = pd.read_parquet(sweep.folder / "results.parquet")
    table[table.point != sweep.points[3]].to_parquet(sweep.folder / "results.parquet", index=False)
    assert np.flatnonzero(np.isnan(sweep.told(BEHIND).value)).tolist() == [3]


@pytest.mark.parametrize(
    ("levels", "expected"), [((3, 1, 2.5), [1, 2.5, 3]), (("b", "a", "b"), ["b", "a"]), (("9 h", 2), ["9 h", 2])]
)
def test_levels_are_in_an_order_that_is_read(levels: tuple[str | float, ...], expected: list[str | float]) -> None:
    points = tuple(map(str, range(len(levels))))
    assert SweepTables(Path(), points, points, {"x": levels}).levels("x") == expected


def test_a_sweep_tells_at_how_many_points_it_falls_behind(sweep: SweepTables) -> None:
    values = [behind(int(a), str(b), int(c)) for a, b, c in zip(*sweep.settings.values(), strict=True)]
    low, high = sum(value < 0.05 for value in values), sum(value > 0.95 for value in values)
    stream, stage = fared(sweep.folder)
    assert (stage.name, stage.points) == ("mentions.respond", len(values))
    assert (stage.hardly, stage.between, stage.nearly) == (low, len(values) - low - high, high)
    assert low > 0
    assert (stream.name, stream.nearly) == ("mentions", len(values)), "the worst first"
    assert lines([stream, stage])[:2] == [
        "P(behind) at 24 points  below 5 %  between  above 95 %",
        "mentions                      0 %      0 %       100 %",
    ]
    assert lines([Behind("a", 1000, 1, 999, 0)])[1].split() == ["a", "1", "%", "99", "%", "0", "%"]
    assert lines([stage] * 5)[-1] == "and 2 more, see the results"
    assert lines([]) == []


# ---- what is drawn ---------------------------------------------------------------------------------------------------


def numbers(drawn: Axes) -> dict[tuple[float, float], str]:
    return {text.get_position(): text.get_text() for text in drawn.texts}


def test_a_heatmap_has_every_number_in_its_cell(sweep: SweepTables) -> None:
    drawn = ss.figures.heatmap(axes(), sweep.where(PRINCIPALS, "1"), measure=BEHIND, x="desk.headcount", y="growth")
    assert numbers(drawn) == {
        (agents - 0.5, row + 0.5): cell_text(100 * behind(agents, pace, 1))
        for agents in range(1, 5)
        for row, pace in enumerate(dict.fromkeys(sweep.where(PRINCIPALS, "1").settings[GROWTH]))
    }
    assert [label.get_text() for label in drawn.get_xticklabels()] == ["1", "2", "3", "4"]
    assert drawn.get_xlabel() == "desk.headcount"


def parted(drawn: Axes) -> set[tuple[tuple[float, ...], tuple[float, ...]]]:
    return {(tuple(map(float, line.get_xdata())), tuple(map(float, line.get_ydata()))) for line in drawn.get_lines()}  # type: ignore[arg-type]


@pytest.mark.parametrize("limit", [0.25, 0.5])
def test_the_line_is_where_the_limit_is_passed(sweep: SweepTables, limit: float) -> None:
    """Between every cell above the limit and a neighbour that is not, and nowhere else."""
    part = sweep.where(PRINCIPALS, "1")
    drawn = ss.figures.heatmap(axes(), part, measure=BEHIND, x=DESK, y=GROWTH, limit=limit)
    paces = [str(pace) for pace in part.levels(GROWTH)]
    above = {(a - 1, r) for a in range(1, 5) for r, pace in enumerate(paces) if behind(a, pace, 1) > limit}
    expected = set()
    for column, row in itertools.product(range(4), range(3)):
        if column < 3 and ((column, row) in above) != ((column + 1, row) in above):
            expected.add(((column + 1.0, column + 1.0), (float(row), row + 1.0)))
        if row < 2 and ((column, row) in above) != ((column, row + 1) in above):
            expected.add(((float(column), column + 1.0), (row + 1.0, row + 1.0)))
    assert parted(drawn) == expected
    assert expected
    assert f"above {100 * limit:g} %" in drawn.get_title(loc="left")


def test_cells_too_small_for_numbers_are_hatched_above_the_limit(tmp_path: Path) -> None:
    big = sweep_of(tmp_path / "big", desk=20, paces=tuple(f"{pace} % / month" for pace in range(1, 31)), principals=1)
    drawn = ss.figures.heatmap(axes(), big, measure=BEHIND, x=DESK, y=GROWTH, limit=0.5)
    assert numbers(drawn) == {}
    hatched = [patch for patch in drawn.patches if patch.get_hatch()]
    cells = sum(round(patch.get_width()) for patch in hatched)  # type: ignore[attr-defined]
    assert cells == sum(behind(a, f"{pace} % / month", 1) > 0.5 for a in range(1, 21) for pace in range(1, 31))


def test_what_never_happens_has_no_colour_but_a_word(sweep: SweepTables) -> None:
    drawn = ss.figures.heatmap(axes(), sweep.where(PRINCIPALS, "1"), measure=ONSET, x=DESK, y=GROWTH)
    told = numbers(drawn).values()
    assert set(told) > {"never"}
    assert len([each for each in told if each == "never"]) == sum(
        behind(a, pace, 1) < 0.5 for a in range(1, 5) for pace in PACES
    )


def test_curves_have_a_line_and_a_band_for_every_value(sweep: SweepTables) -> None:
    drawn = ss.figures.curves(axes(), sweep.where(PRINCIPALS, "2"), measure=BEHIND, x=DESK, lines=GROWTH, limit=0.05)
    lines = {str(line.get_label()): line for line in drawn.get_lines()}
    for pace in PACES:
        line = lines[f"growth {pace}"]
        assert np.asarray(line.get_xdata()).tolist() == [1, 2, 3, 4]
        np.testing.assert_allclose(line.get_ydata(), [100 * behind(agents, pace, 2) for agents in range(1, 5)])
    assert len({(line.get_linestyle(), line.get_marker()) for line in lines.values()}) == 4, "read without colour"
    assert set(np.asarray(lines["limit 5 %"].get_ydata())) == {5.0}
    assert len(drawn.collections) == 3


def test_the_frontier_is_what_nothing_beats(sweep: SweepTables) -> None:
    """Brute force: a point is efficient when no other is at most as large in both and less in one."""
    places = efficient(sweep, measures=(PAID, BEHIND))
    x, y = sweep.told(PAID).value, sweep.told(BEHIND).value
    beaten = [any(((x <= a) & (y <= b)) & ((x < a) | (y < b))) for a, b in zip(x, y, strict=True)]
    assert {(x[place], y[place]) for place in places} == {
        (a, b) for a, b, worse in zip(x, y, beaten, strict=True) if not worse
    }
    assert 1 < len(places) < len(sweep)
    assert np.all(np.diff(x[places]) > 0)
    least_of_both = set(places)
    assert set(efficient(sweep, measures=(PAID, BEHIND), more=(BEHIND,))) != least_of_both


def test_a_later_onset_is_better_without_being_told_so(sweep: SweepTables) -> None:
    """Known as to ``compare --best`` (R123); paid hours are not, and less of them is better."""
    assert efficient(sweep, measures=(PAID, ONSET)) == efficient(sweep, measures=(PAID, ONSET), more=(ONSET,))
    assert efficient(sweep, measures=(PAID, ONSET)) != efficient(sweep, measures=(PAID, ONSET), more=(PAID,))


def test_efficient_points_are_named_by_what_they_differ_in(sweep: SweepTables) -> None:
    drawn = ss.figures.frontier(axes(), sweep, measures=(PAID, BEHIND))
    told = drawn.get_legend_handles_labels()[1]
    best = efficient(sweep, measures=(PAID, BEHIND))
    assert "each with growth 1 % / month" in told
    assert [label for label in told if label[0].isdigit()] == [
        f"{number}: desk.headcount {agents},\nprincipals.headcount {reviewers}"
        for number, (agents, reviewers) in enumerate(
            ((sweep.settings[DESK][place], sweep.settings[PRINCIPALS][place]) for place in best), start=1
        )
    ]
    assert named(sweep, best, most=1)[1] == f"and {len(best) - 1} more"


def test_names_are_as_short_as_they_can_be() -> None:
    assert brief([DESK, PRINCIPALS, GROWTH, "levers"]) == {
        DESK: "desk.headcount",
        PRINCIPALS: "principals.headcount",
        GROWTH: "growth",
        "levers": "levers",
    }


# ---- pages -----------------------------------------------------------------------------------------------------------


def test_pages_take_the_same_bytes_from_the_same_tables(sweep: SweepTables) -> None:
    shown = Shown((BEHIND,), limit=0.05)
    one, other = sweep_files(sweep, shown), sweep_files(SweepTables.read(sweep.folder), shown)
    assert list(one) == [f"{BEHIND}_over_desk.headcount_and_growth.{kind}" for kind in ("png", "svg")]
    assert one == other
    assert one != sweep_files(sweep, Shown((BEHIND,), limit=0.5)), "negative control"


@pytest.mark.parametrize(
    "shown",
    [
        Shown((BEHIND,), limit=0.05),
        Shown((BEHIND,), over=(DESK,), limit=0.05),
        Shown((BEHIND,), against=PAID),
        Shown((ONSET,), over=(GROWTH, DESK)),
    ],
    ids=lambda shown: shown.against or "_".join(shown.over) or "heatmap",
)
def test_nothing_hides_anything(sweep: SweepTables, shown: Shown) -> None:
    with house_look():
        for _, figure in sweep_figures(sweep, shown):
            lay_out(figure)
            FigureCanvasAgg(figure).draw()
            assert hidden(figure) == []


def simsocial(*arguments: object, code: int = 0) -> Result:
    done = CliRunner().invoke(app, list(map(str, arguments)), catch_exceptions=False, env={"COLUMNS": "80"})
    assert done.exit_code == code, done.output
    return done


def test_the_command_writes_what_is_asked_for(sweep: SweepTables) -> None:
    folder = sweep.folder
    simsocial("picture", folder, "--limit", "5 %")
    simsocial("picture", folder, "--over", "desk.headcount", "--where", "principals.headcount=1")
    done = simsocial("picture", folder, "--against", PAID, "--where", "growth=2 % / month")
    assert f"efficient in {BEHIND} against {PAID}:\n  1: desk.headcount 1" in done.stdout
    assert sorted(path.name for path in (folder / "figures").glob("*.png")) == [
        f"{BEHIND}_against_{PAID}.png",
        f"{BEHIND}_over_desk.headcount.png",
        f"{BEHIND}_over_desk.headcount_and_growth.png",
    ]
    again = simsocial("picture", folder, "--limit", "5 %", code=2)
    assert "is there already and is not overwritten" in again.stderr
    simsocial("picture", folder, "--limit", "5 %", "--force")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("--over", "headcount"),
            f"--over headcount: there is no factor 'headcount'; did you mean {DESK} or ",
        ),
        (
            ("--over", "desk.headcuont"),
            "--over desk.headcuont: there is no factor 'desk.headcuont'; did you mean ",
        ),
        (("--where", "hedcount=1"), "--where hedcount=1: there is no factor 'hedcount'; did you mean "),
        (("--over", DESK, "--over", GROWTH, "--over", PRINCIPALS), "over: write one factor for curves, or two"),
        (("--measure", "mentions.respond.behind"), f"did you mean '{BEHIND}'?"),
        (("--where", "growth=7 % / month"), f"{GROWTH}: is never 7 % / month at these points; it is "),
        (("--where", "growth"), "--where growth: write FACTOR=VALUE, such as teams.desk.headcount=3"),
        (("--over", GROWTH, "--over", GROWTH), f"over: {GROWTH} is given twice; write two factors for a heatmap"),
        (("--more", PAID), "--more: is nothing for figures without --against; leave it out"),
        (("--against", PAID, "--more", ONSET), f"--more {ONSET}: is not on the frontier; ask for it with --measure"),
        (("--against", PAID, "--over", DESK), "--over: is nothing for a frontier; leave it out"),
        (("--limit", "few"), "--limit: write a number, such as 0.05 or 5 % (got 'few')"),
    ],
)
def test_what_cannot_be_drawn_is_told(sweep: SweepTables, arguments: tuple[str, ...], message: str) -> None:
    assert message in simsocial("picture", sweep.folder, *arguments, code=2).stderr
    assert not (sweep.folder / "figures").exists()


@pytest.mark.parametrize(
    "shown", [Shown((BEHIND,), limit=0.05), Shown((BEHIND,), over=(DESK,)), Shown((BEHIND,), against=PAID)]
)
def test_titles_end_with_what_was_fixed(sweep: SweepTables, shown: Shown) -> None:
    some = sweep.where(PRINCIPALS, 1).where(GROWTH, "2 % / month", "1 % / month")
    with house_look():
        for asked, expected in (((PRINCIPALS, GROWTH), True), ((), False)):
            ((_, figure),) = sweep_figures(some, replace(shown, chosen=asked))
            titles = list(filter(None, (each.get_title(loc="left") for each in figure.axes)))
            assert titles
            assert all(title.endswith("\nat principals.headcount 1") is expected for title in titles)
            lay_out(figure)
            FigureCanvasAgg(figure).draw()
            assert hidden(figure) == []


def test_too_many_panels_are_refused_with_what_to_do(tmp_path: Path) -> None:
    many = sweep_of(tmp_path / "many", principals=13, desk=14, paces=tuple(f"{n} % / month" for n in range(14)))
    with pytest.raises(ss.InputError, match=r"13 panels would be drawn for teams\.principals\.headcount \(13 values\)"):
        sweep_files(many, Shown((BEHIND,)))


def test_a_function_does_not_draw_over_what_else_varies(sweep: SweepTables) -> None:
    with pytest.raises(ss.InputError, match=r"teams\.principals\.headcount has 2 values at these points; choose one"):
        ss.figures.heatmap(axes(), sweep, measure=BEHIND, x=DESK, y=GROWTH)


def test_a_file_is_no_place_for_figures(sweep: SweepTables) -> None:
    file = sweep.folder / "design.parquet"
    before = file.read_bytes()
    done = simsocial("picture", sweep.folder, "--out", file, "--force", code=2)
    assert done.stderr == f"{file}: cannot be written: it is a file, and a folder is wanted; name a new one\n"
    assert file.read_bytes() == before


@pytest.mark.parametrize("there", [False, True])
def test_a_folder_without_a_sweep_is_told(tmp_path: Path, there: bool) -> None:
    if there:
        pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "design.parquet")
    done = simsocial("picture", tmp_path, code=2)
    assert ("it has no column point and no column changes" if there else "give the folder of a sweep") in done.stderr
