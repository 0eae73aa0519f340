"""Figures of people by stage of development, of what training takes and brings, and of adoption: nothing is cut."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import matplotlib.dates
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from rich.console import Console
from test_figures import hidden, line
from tiny import TINY

import simsocial as ss
from simsocial.report.figures import pages
from simsocial.report.training_report import training_report
from simsocial.simulation.results import Results
from simsocial.units import WEEK

CAREERS = """
[teams.desk.hiring.soon]
date = 2026-01-12
count = 2

[teams.desk.training]
class = "1 week"
trainers = "1 / 2"
nesting = { length = "1 week", pace = 3.0 }
ramp = { shape = "linear", pace = 2.0, length = "4 weeks" }

[teams.desk.training.certification.social]
steps = ["mentions.respond"]
hours = "4 h"
"""


def ran(folder: Path, weeks: int, **options: str) -> Results:
    file = folder / "careers.toml"
    file.write_text(TINY + CAREERS, encoding="utf-8")
    changes = [f"{path.replace('__', '.')}={value}" for path, value in options.items()]
    return ss.run(ss.load(file, overrides=[f'time.horizon="{weeks} weeks"', *changes]), replications=6)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Ten weeks: a class in the second, even by the end."""
    return ran(tmp_path_factory.mktemp("config"), 10)


def axes() -> Axes:
    return Figure().subplots()


def labels(drawn: Axes) -> list[str]:
    legend = drawn.get_legend()
    assert legend is not None
    return [text.get_text().replace("\n", " ") for text in legend.get_texts()]


def value(results: Results, measure: str) -> float:
    return results.by_name["", "", "desk", measure].value


# ---- People by stage -------------------------------------------------------------------------------------------------


def test_people_are_stacked_by_stage_week_by_week(results: Results) -> None:
    """One is full; of the two others the class is week 2, nesting week 3, the ramp the four after it."""
    drawn = ss.figures.development(axes(), results, team="desk")
    middles = matplotlib.dates.date2num(np.datetime64("2026-01-05")) + 3.5 + 7 * np.arange(10)

    def whose(people: float) -> list[list[str]]:
        """Return, week by week, the areas that lie so high."""
        return [
            [area.get_label() for area in drawn.collections if area.get_paths()[0].contains_point((middle, people))]
            for middle in middles
        ]

    assert whose(0.5) == [["fully ramped"]] * 10
    assert whose(2.5) == [[], ["in class"], ["nesting"], *[["on the ramp"]] * 4, *[["fully ramped"]] * 3]
    assert drawn.get_title(loc="left") == "People of team desk, mean of 6 replications"
    certified = line(drawn, "hold every")
    assert certified[:3].tolist() == [1, 1, pytest.approx(1 + 2 * 6 / 7)]  # on the first day on the desk they learn
    assert certified[-1] == 3
    assert drawn.get_ylim()[1] > 3


def test_stages_differ_in_hatches(results: Results) -> None:
    drawn = ss.figures.development(axes(), results, team="desk")
    hatches = [area.get_hatch() for area in drawn.collections]
    assert len(set(hatches)) == len(hatches) == 5


# ---- Lost and gained -------------------------------------------------------------------------------------------------


def test_what_is_drawn_is_what_was_lost_and_gained_so_far(results: Results) -> None:
    drawn = ss.figures.training(axes(), results, team="desk")
    for name, measure in (("lost", "capacity_lost"), ("gained", "capacity_gained")):
        so_far = line(drawn, name)
        assert len(so_far) == 11
        assert so_far[[0, -1]] == pytest.approx([0, value(results, measure)])
        assert (np.diff(so_far) >= 0).all()
        assert drawn.get_ylim()[1] > so_far.max()
    assert line(drawn, "lost")[[1, 2]] == pytest.approx([0, 2 * 40 / 3 + 40])  # both of the twin at pace 3


def test_break_even_is_marked_at_the_end_of_its_week(results: Results) -> None:
    drawn = ss.figures.training(axes(), results, team="desk")
    week = round(value(results, "break_even"))
    short = line(drawn, "lost") > line(drawn, "gained")
    assert short[week - 1]
    assert not short[week:].any()
    (mark,) = (each for each in drawn.get_lines() if str(each.get_label()).startswith("even from"))
    at = np.datetime64("2026-01-05", "ms") + np.timedelta64(week * WEEK, "ms")
    assert mark.get_xdata()[0] == at
    assert f"even from 2026-W{week + 1:02} on, in median" in labels(drawn)


def test_what_is_never_even_is_said(tmp_path: Path) -> None:
    short = ran(tmp_path, 4)
    assert value(short, "break_even") == np.inf
    assert "in median not even in the run" in labels(ss.figures.training(axes(), short, team="desk"))


def sentence(results: Results) -> str:
    console = Console(width=200, no_color=True)
    with console.capture() as told:
        console.print(*training_report(results))
    return " ".join(told.get().split())


def test_the_report_says_when_it_pays_back(results: Results, tmp_path: Path) -> None:
    week = f"2026-W{round(value(results, 'break_even')) + 1:02}"
    assert sentence(results) == (
        f"training in team desk takes {value(results, 'capacity_lost'):.3g} h of capacity and brings "
        f"{value(results, 'capacity_gained'):.3g} h; it has paid back from week {week} on in median "
        f"(95 %: {week} to {week}), in 6 of 6 replications (95 %: at least 60 %)"
    )
    assert sentence(ran(tmp_path, 4)).endswith(
        "in median it does not pay back within the run; it does in 0 of 6 replications (95 %: at most 40 %)"
    )


def test_a_team_that_does_not_train_is_refused(results: Results) -> None:
    with pytest.raises(ss.InputError, match="team: there is no 'principals' that trains; there are: desk"):
        ss.figures.training(axes(), results, team="principals")
    with pytest.raises(ss.InputError, match="'principals' whose people come, learn or leave; there are: desk"):
        ss.figures.development(axes(), results, team="principals")


def test_pages_of_careers_hide_nothing(results: Results) -> None:
    plan = ss.capacity_plan(results)
    with mpl.rc_context(pages.LOOK):
        told = {name: (height, panels) for name, height, panels in pages.pages(results, plan)}
        for name in ("development", "training"):
            figure = pages.page(told[name][1], height=told[name][0], same_dates=True)
            pages.lay_out(figure)
            FigureCanvasAgg(figure).draw()
            assert hidden(figure) == []


# ---- Adoption --------------------------------------------------------------------------------------------------------


ADOPTION = """
[adoption.staff]
population = 100
curve = "linear"
start = 10
rate = "2 / day"
"""


def adopting(folder: Path, headcount: int) -> Axes:
    file = folder / "adopting.toml"
    work = TINY.replace('arrivals.rate = "8 / day"', 'arrivals = { per_employee = "0.2 / day", of = "staff" }')
    file.write_text(work + ADOPTION, encoding="utf-8")
    made = ss.run(ss.load(file, overrides=[f"teams.desk.headcount={headcount}"]), replications=1)
    return ss.figures.adoption(axes(), ss.capacity_plan(made), team="desk")


def test_an_axis_of_adoption_reaches_as_far_as_it_must(tmp_path: Path) -> None:
    drawn = adopting(tmp_path, 1)
    assert drawn.get_ylim()[1] >= max(line(drawn, "carried").max(), line(drawn, "employees").max())
    assert not [label for label in labels(drawn) if label.startswith("beyond")]


def test_what_an_axis_of_adoption_cannot_show_is_marked_and_told(tmp_path: Path) -> None:
    drawn = adopting(tmp_path, 9)
    carried, top = line(drawn, "carried"), drawn.get_ylim()[1]
    assert (carried[:-1] > top).sum() == len(line(drawn, "beyond")) > 0
    assert f"beyond the axis: up to {carried.max():,.0f}" in labels(drawn)
    assert top > line(drawn, "employees").max()
