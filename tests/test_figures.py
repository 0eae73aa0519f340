"""Figures: what they draw is what was measured, nothing hides anything, and the same run gives the same bytes."""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox
from tiny import tiny

import simsocial as ss
from simsocial.measure.definitions import Kind
from simsocial.measure.rows import Row
from simsocial.report.figures import pages
from simsocial.report.figures.by_hour import by_hour, cell_of
from simsocial.report.figures.style import spelled_dates
from simsocial.simulation.results import Results
from simsocial.study.capacity_plan import CapacityPlan
from simsocial.units import DAY, HOUR, MINUTE

QUICKSTART = Path(__file__).parents[1] / "configs" / "quickstart.toml"
NAMES = ("workload", "backlog", "behind", "kept", "waits", "paid_time", "occupancy_by_hour", "waits_by_hour")


def of_weeks(weeks: int) -> Results:
    return ss.run(ss.load(QUICKSTART, overrides=[f"time.horizon='{weeks} weeks'"]), replications=2)


@pytest.fixture(scope="module", params=[8, 26, 104])
def drawn(request: pytest.FixtureRequest) -> dict[str, Figure]:
    """Every page of a run of so many weeks, laid out as in the files."""
    results = of_weeks(request.param)
    made = {}
    with mpl.rc_context(pages.LOOK):
        for name, height, panels in pages.pages(results, ss.capacity_plan(results)):
            made[name] = pages.page(panels, height=height, same_dates=name in pages.OVER_TIME)
            pages.lay_out(made[name])
            FigureCanvasAgg(made[name]).draw()
    return made


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Three weeks with every visit."""
    return ss.run(ss.load(tiny(tmp_path_factory.mktemp("config"))), log=True)


@pytest.fixture(scope="module")
def plan(results: Results) -> CapacityPlan:
    return ss.capacity_plan(results)


# ---- what can be read ------------------------------------------------------------------------------------------------


def words(axes: Axes) -> Iterator[tuple[str, Bbox]]:
    """Yield every text of a panel with the place that it takes."""
    legend = axes.get_legend()
    texts = [axes.title, axes._left_title, axes.xaxis.label, axes.yaxis.label, *(legend.get_texts() if legend else ())]  # type: ignore[attr-defined]
    for axis, (low, high) in ((axes.xaxis, sorted(axes.get_xlim())), (axes.yaxis, sorted(axes.get_ylim()))):
        ticks = [tick for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
        texts += [tick.label1 for tick in ticks if tick.label1.get_visible()]
    yield from ((text.get_text(), text.get_window_extent()) for text in texts if text.get_text())


def hidden(figure: Figure) -> list[str]:
    """Return what lies on something else, in the plot, or beyond the page."""
    found = [told for axes in figure.axes for told in words(axes)]
    over = [
        f"{one} / {other}" for (one, here), (other, there) in itertools.combinations(found, 2) if here.overlaps(there)
    ]
    over += [one for one, here in found for axes in figure.axes if axes.bbox.shrunk(0.999, 0.999).overlaps(here)]
    page = figure.bbox.padded(1)
    return over + [one for one, here in found if not (page.contains(*here.min) and page.contains(*here.max))]


def test_nothing_hides_anything(drawn: dict[str, Figure]) -> None:
    assert tuple(drawn) == NAMES
    assert {name: hidden(figure) for name, figure in drawn.items()} == {name: [] for name in NAMES}


def test_what_hides_something_is_noticed() -> None:
    """Negative control: with a date for every week the labels run into each other; a long name leaves the page."""
    figure = Figure(figsize=(6, 2), layout="tight")
    axes = figure.subplots()
    axes.set_xticks(range(60), [f"Jan {number}" for number in range(60)])
    FigureCanvasAgg(figure).draw()
    assert "Jan 3 / Jan 4" in hidden(figure)
    axes.set_xticks([])
    axes.set_title("a name " * 30)
    FigureCanvasAgg(figure).draw()
    assert "a name " * 30 in hidden(figure)


def test_axes_say_dates_and_units(drawn: dict[str, Figure]) -> None:
    for name in set(pages.OVER_TIME) & set(drawn):
        labels = [text for text, _ in words(drawn[name].axes[-1])]
        assert any("\n2026" in label for label in labels), name
        assert any(
            axes.get_ylabel() in ("hours a week", "hours of work", "replications, %", "kept, %")
            for axes in drawn[name].axes
        )
    assert drawn["waits"].axes[0].get_xlabel() == "wait until work begins"
    assert drawn["paid_time"].axes[0].get_xlabel() == "share of paid time, %"


def test_what_is_drawn_differs_in_more_than_colour(drawn: dict[str, Figure]) -> None:
    """Lines differ in dashes or markers, bars in hatches."""
    for name, figure in drawn.items():
        for axes in figure.axes:
            named = [line for line in axes.get_lines() if not line.get_label().startswith("_")]
            looks = [(line.get_linestyle(), line._unscaled_dash_pattern, line.get_marker()) for line in named]  # type: ignore[attr-defined]
            assert len({str(look) for look in looks}) == len(looks), name
    hatches = [bars[0].get_hatch() for bars in drawn["paid_time"].axes[0].containers]
    assert len(set(hatches)) == len(hatches) == 3


@pytest.mark.parametrize(
    ("first", "frequency", "spelled"),
    [
        ("2026-11-01", "MS", ["Nov\n2026", "Dec", "Jan\n2027"]),
        ("2026-12-24", "7D", ["24 Dec\n2026", "31 Dec", "7 Jan\n2027"]),
        ("2026-12-24 12:00", "12h", ["12:00\n24 Dec 2026", "00:00\n25 Dec 2026", "12:00"]),
    ],
)
def test_dates_say_what_changes(first: str, frequency: str, spelled: list[str]) -> None:
    assert spelled_dates(pd.date_range(first, periods=3, freq=frequency).to_pydatetime().tolist()) == spelled


# ---- what is drawn ---------------------------------------------------------------------------------------------------


def axes() -> Axes:
    return Figure().subplots()


def line(drawn_in: Axes, name: str) -> np.ndarray:
    (found,) = (each for each in drawn_in.get_lines() if str(each.get_label()).replace("\n", " ").startswith(name))
    return np.asarray(found.get_ydata())


def test_functions_return_their_axes(results: Results, plan: CapacityPlan) -> None:
    mine = axes()
    assert ss.figures.workload(mine, plan, team="desk") is mine
    assert ss.figures.paid_time(mine, results) is mine
    assert ss.figures.waits_by_hour(mine, results, stage="mentions.respond") is mine


def test_behind_is_the_share_told_at_each_checkpoint(results: Results) -> None:
    series = results.series()
    told = series[(series["measure"] == "behind_by") & (series["step"] == "respond")]
    found = ss.figures.behind(axes(), results, of="mentions.respond")
    np.testing.assert_allclose(line(found, "of 4"), 100 * told["value"])
    assert line(found, "of 4")[-1] > 0


def test_backlog_is_that_at_the_checkpoints_and_its_limit_a_day(results: Results) -> None:
    """R49 b: one agent, 8 h a day, closing at 17:00."""
    series = results.series()
    told = series[(series["measure"] == "backlog_work") & (series["step"] == "respond")].set_index("start")["value"]
    found = ss.figures.backlog(axes(), results, stage="mentions.respond")
    ends = told.index + pd.Timedelta(minutes=30)
    closing = (ends.hour == 17) & (ends.minute == 0) & (ends.day_of_week < 5)
    np.testing.assert_allclose(line(found, "mean of 4"), told[closing])
    assert set(line(found, "can be done")) == {8.0}


def test_kept_is_the_ratio_of_the_sums_of_the_week(results: Results) -> None:
    series = results.series()
    weekly = series.set_index("start").groupby([pd.Grouper(freq="7D"), "measure"])["value"].sum().unstack()
    found = ss.figures.kept(axes(), results, stage="mentions.respond")
    expected = 100 * weekly["first_response_kept"] / weekly["first_response_due"]
    np.testing.assert_allclose(line(found, "first_response"), expected)
    assert set(line(found, "80 % promised")) == {80.0}


def test_workload_is_that_of_the_plan(plan: CapacityPlan) -> None:
    found = ss.figures.workload(axes(), plan, team="desk")
    hours = plan.teams[0].workload_hours
    np.testing.assert_allclose(line(found, "work expected"), [*hours, hours[-1]])
    np.testing.assert_allclose(line(found, "net hours"), 40)


@pytest.mark.parametrize("weeks", [(1,), (0, 2), ()])
def test_what_is_too_much_is_hatched_week_by_week(plan: CapacityPlan, weeks: tuple[int, ...]) -> None:
    """40 net hours a week against 50 in some and 30 in others; the area is what is too much."""
    staffing = plan.teams[0].staffing
    assert staffing is not None
    work = np.array([50.0 if week in weeks else 30.0 for week in range(3)])
    busy = replace(plan, teams=(replace(plan.teams[0], staffing=replace(staffing, workload_hours=work)),))
    (hatched,) = ss.figures.workload(axes(), busy, team="desk").collections
    spans = [path.get_extents() for path in hatched.get_paths()]
    assert [(span.width, span.y0, span.y1) for span in spans if span.width] == [(7, 40, 50)] * len(weeks)


def test_waits_are_those_of_the_log_step_by_step(results: Results) -> None:
    """R44: at the longest wait of a bin, exactly the share of all replications' visits that waited at most so long."""
    found = ss.figures.waits(axes(), results)
    visits = results.visits()
    begun = visits[(visits["step"] == "respond") & visits["start"].notna()]
    waited = ((begun["start"] - begun["joined"]) / pd.Timedelta(milliseconds=1)).to_numpy()
    (respond,) = (each for each in found.get_lines() if each.get_label() == "mentions.respond")
    wait, share = (np.asarray(each, np.float64) for each in (respond.get_xdata(), respond.get_ydata()))
    assert respond.get_drawstyle() == "steps-post"
    expected = [(waited <= round(minutes * MINUTE)).mean() for minutes in wait]
    np.testing.assert_allclose(share, 100 * np.array(expected), rtol=1e-12)
    four = np.interp(wait, [0, *np.quantile(waited / MINUTE, [0.5, 0.9])], [100 * (waited == 0).mean(), 50, 90])
    assert np.abs(four - share)[share < 90].max() > 5, "negative control: straight lines mislead"


def test_quantiles_of_waits_are_marked(results: Results) -> None:
    found = ss.figures.waits(axes(), results)
    of = {name[3]: estimate.value for name, estimate in results.by_name.items() if name[1] == "respond"}
    marks = found.containers[0].lines[0]
    np.testing.assert_allclose(marks.get_xdata().astype(float), [of["wait_p50"], of["wait_p90"], of["wait_p95"]])
    assert marks.get_ydata().tolist() == [50, 90, 95]


def test_paid_time_is_in_exactly_one_part(results: Results) -> None:
    bars = ss.figures.paid_time(axes(), results).containers
    ends = [bar.get_x() + bar.get_width() for bar in bars[-1]]
    assert ends == pytest.approx([100, 100])
    of = results.by_name
    assert bars[0][0].get_width() == pytest.approx(100 * of["", "", "desk", "utilisation"].value)


def test_what_training_brings_is_no_part_of_paid_time_and_parts_look_different() -> None:
    trained = ss.load("configs/broker_review.toml", overrides={"time.horizon": "4 weeks"})
    bars = ss.figures.paid_time(axes(), ss.run(trained, replications=2)).containers
    assert [bar.get_label() for bar in bars][-2:] == ["in training", "teaching"]
    looks = {(bar[0].get_facecolor(), bar[0].get_hatch()) for bar in bars}
    assert len(looks) == len({hatch for _, hatch in looks}) == len(bars)
    ends = [bar.get_x() + bar.get_width() for bar in bars[-1]]
    assert ends == pytest.approx([100, 100])


def test_a_part_that_only_one_team_has_is_nothing_for_the_others(results: Results) -> None:
    ill = Row("", "", "desk", "absent", "h", Kind.MEAN)
    hours, ones = np.full((len(results), 1), 12.0), np.ones((len(results), 1))
    more = replace(
        results,
        rows=(*results.rows, ill),
        numerators=np.hstack([results.numerators, hours]),
        denominators=np.hstack([results.denominators, ones]),
    )
    bars = ss.figures.paid_time(axes(), more).containers[-1]
    assert bars.get_label() == "absent"
    assert [bar.get_width() for bar in bars] == pytest.approx([100 * 12 / 120, 0])


def test_a_long_legend_of_paid_time_hides_no_tick(results: Results) -> None:
    """Seven parts beside the panel of a single team reach down to where the axis ends."""
    more = tuple(Row("", "", "desk", f"reason_{number}", "h", Kind.MEAN) for number in range(4))
    ones = np.ones((len(results), len(more)))
    many = replace(
        results,
        rows=(*results.rows, *more),
        numerators=np.hstack([results.numerators, ones]),
        denominators=np.hstack([results.denominators, ones]),
    )
    with mpl.rc_context(pages.LOOK):
        figure = pages.page([lambda axes: ss.figures.paid_time(axes, many)], height=1.5, same_dates=False)
        pages.lay_out(figure)
        FigureCanvasAgg(figure).draw()
    (drawn_in,) = figure.axes
    legend = drawn_in.get_legend()
    assert legend is not None
    ticks = [label.get_window_extent() for label in drawn_in.get_xticklabels()]
    assert len(ticks) == 6
    assert not any(legend.get_window_extent().overlaps(tick) for tick in ticks)
    assert hidden(figure) == []


def hourly_wait(results: Results, *, late: int = 0) -> np.ndarray:
    """Mean wait in minutes by weekday and hour of the start, from the log; ``late`` hours off."""
    visits = results.visits()
    begun = visits[(visits["step"] == "respond") & visits["start"].notna()]
    wait = (begun["start"] - begun["joined"]).dt.total_seconds() / 60
    hour = (begun["start"].dt.hour + late) % 24
    table = wait.groupby([begun["start"].dt.day_of_week, hour]).mean().unstack()
    return table.reindex(index=range(7), columns=range(24)).to_numpy()


def test_waits_by_hour_are_those_of_the_log(results: Results) -> None:
    name = ("mentions", "respond", "")
    made = by_hour(results, above=(*name, "wait_total"), below=(*name, "served")) * HOUR / MINUTE
    np.testing.assert_allclose(made, hourly_wait(results), rtol=1e-9)
    assert np.isfinite(made).sum() == 5 * 8
    with pytest.raises(AssertionError):  # negative control
        np.testing.assert_allclose(made, hourly_wait(results, late=1), rtol=1e-9)


def test_hours_count_from_monday_whatever_the_start(tmp_path: Path) -> None:
    config = tiny(tmp_path)
    shifted = ss.run(ss.load(config, overrides=["time.start=2026-01-08", "time.interval='1 h'"]), replications=2)
    made = by_hour(shifted, above=("", "", "desk", "busy"), below=("", "", "desk", "on_duty"))
    assert np.isfinite(made).tolist() == [[day < 5 and 9 <= hour < 17 for hour in range(24)] for day in range(7)]


@pytest.mark.parametrize(("minutes", "cell"), [(30, 60), (45, 90), (60, 60), (6 * 60, 6 * 60), (7, 7 * 1440)])
def test_cells_are_the_shortest_that_intervals_make(minutes: int, cell: int) -> None:
    monday = pd.Timestamp("2026-01-05").to_pydatetime()
    if cell > 1440:
        with pytest.raises(ss.InputError, match=r"time\.interval: figures by the hour need"):
            cell_of(minutes * MINUTE, begin=monday)
    else:
        assert cell_of(minutes * MINUTE, begin=monday) == cell * MINUTE


def test_intervals_that_straddle_midnight_make_no_hours() -> None:
    with pytest.raises(ss.InputError, match="from 09:10 on"):
        cell_of(DAY // 48, begin=pd.Timestamp("2026-01-05 09:10").to_pydatetime())


def test_names_that_do_not_exist_are_refused(results: Results, plan: CapacityPlan) -> None:
    with pytest.raises(
        ss.InputError, match=r"stage: there is no 'respond'; there are: mentions\.respond, mentions\.re"
    ):
        ss.figures.backlog(axes(), results, stage="respond")
    with pytest.raises(ss.InputError, match="team: there is no 'pool'; there are: desk, principals"):
        ss.figures.workload(axes(), plan, team="pool")
    with pytest.raises(ss.InputError, match="team: there is no 'pool'"):
        ss.figures.occupancy_by_hour(axes(), results, team="pool")
    with pytest.raises(ss.InputError, match="of: there is no 'pool' with checkpoints"):
        ss.figures.behind(axes(), results, of="pool")


# ---- files -----------------------------------------------------------------------------------------------------------


def written(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def test_same_run_gives_the_same_bytes_and_leaves_settings_alone(results: Results, tmp_path: Path) -> None:
    ss.write(results, tmp_path / "one", figures=True)
    with mpl.rc_context({"font.size": 20, "axes.facecolor": "red"}):
        before = dict(mpl.rcParams)
        ss.write(results, tmp_path / "again", figures=True)
        assert dict(mpl.rcParams) == before
    one, again = (written(tmp_path / name / "figures") for name in ("one", "again"))
    assert sorted(one) == sorted(f"{name}.{form}" for name in NAMES for form in ("png", "svg"))
    assert [name for name in one if one[name] != again[name]] == []


def test_pages_by_hour_are_left_out_where_hours_are_not_told(tmp_path: Path) -> None:
    weekly = ss.load(tiny(tmp_path), overrides=["time.interval='1 week'"])
    ss.write(ss.run(weekly, replications=2), tmp_path / "out", figures=True)
    pngs = {file.stem for file in (tmp_path / "out" / "figures").glob("*.png")}
    assert pngs == {name for name in NAMES if not name.endswith("by_hour")}


def test_a_run_without_figures_has_no_use_for_matplotlib(tmp_path: Path) -> None:
    tiny(tmp_path)
    program = (
        "import sys, simsocial as ss; ss.write(ss.run(ss.load('tiny.toml')), 'out'); ss.figures; "
        "print('matplotlib' in sys.modules)"
    )
    environment = {"PYTHONPATH": str(Path(ss.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False"]
