"""The figures of a run folder: a page for each kind, a panel for each team or stage, as PNG and SVG (R63)."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from simsocial.errors import InputError
from simsocial.report.figures.adoption import adoption
from simsocial.report.figures.backlog import backlog
from simsocial.report.figures.behind import behind
from simsocial.report.figures.by_hour import cell_of, occupancy_by_hour, waits_by_hour
from simsocial.report.figures.development import development, teams_told
from simsocial.report.figures.kept import kept
from simsocial.report.figures.paid_time import paid_time
from simsocial.report.figures.training import training
from simsocial.report.figures.waits import waits
from simsocial.report.figures.workload import workload
from simsocial.simulation.results import Results
from simsocial.study.capacity_plan import CapacityPlan

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Panel = Callable[["Axes"], Any]
Page = tuple[str, float, list[Panel]]
"""Name, height of a panel in inches, and panels."""

WIDTH: Final = 10.0
"""Of a page, inches."""
LOOK: Final[dict[Any, Any]] = {
    "font.size": 9,
    "axes.titlesize": 9.5,
    "legend.fontsize": 8,
    "hatch.linewidth": 0.6,
    "svg.hashsalt": "simsocial",
}
DOTS: Final = 110
"""Per inch, of a PNG."""
OVER_TIME: Final = ("workload", "adoption", "development", "training", "backlog", "behind", "kept")
"""Pages whose panels go over the dates of the run."""


def write_figures(results: Results, plan: CapacityPlan, folder: Path) -> None:
    """Write every figure of a run into a folder, each as PNG and SVG.

    Parameters
    ----------
    results
        From :func:`simsocial.run`.
    plan
        From :func:`simsocial.capacity_plan`.
    folder
        Where to write; it must exist. What the formats would say of time and version is left out, so that the same run
        gives the same bytes. Figures by the hour are left out when the reporting interval does not fit into
        the day.
    """
    write_pages(pages(results, plan), folder)


def write_pages(told: Iterable[Page], folder: Path) -> None:
    """Write pages into a folder that exists, each as PNG and SVG; the same pages give the same bytes."""
    with house_look():
        for name, height, panels in told:
            figure = page(panels, height=height, same_dates=name in OVER_TIME)
            for suffix, content in as_files(figure).items():
                (folder / f"{name}{suffix}").write_bytes(content)


@contextmanager
def house_look() -> Iterator[None]:
    """Let figures that are made in the block look like all of ours, whatever somebody has set for himself."""
    import matplotlib as mpl

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(LOOK)
        yield


def as_files(figure: Figure) -> dict[str, bytes]:
    """Return a page as PNG and SVG by their suffixes, without what the formats would say of time and version."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # drawn to directly: savefig would draw twice
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    lay_out(figure)
    png, svg = io.BytesIO(), io.BytesIO()
    to_png: Any = FigureCanvasAgg(figure)  # they have no types
    to_svg: Any = FigureCanvasSVG(figure)
    to_png.print_png(png, metadata={"Software": None})
    to_svg.print_svg(svg, metadata={"Date": None, "Creator": None})
    return {".png": png.getvalue(), ".svg": svg.getvalue()}


def page(panels: Sequence[Panel], *, height: float, same_dates: bool) -> Figure:
    """Return a figure with panels below one another, ``height`` inches each.

    Of panels whose legends say the same the first has it; with ``same_dates`` the last has the dates of all.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, 0.4 + height * len(panels)), dpi=DOTS, layout="tight")
    rows = figure.subplots(len(panels), 1, squeeze=False)[:, 0]
    for draw, axes in zip(panels, rows, strict=True):
        draw(axes)
        legend, labels = axes.get_legend(), axes.get_legend_handles_labels()[1]
        if legend is not None and axes is not rows[0] and labels == rows[0].get_legend_handles_labels()[1]:
            legend.remove()
        if same_dates and axes is not rows[-1]:
            axes.tick_params(labelbottom=False)
    return figure


def lay_out(figure: Figure) -> None:
    """Give everything its place, once for all formats."""
    engine = figure.get_layout_engine()
    assert engine is not None, "a page has a layout"
    engine.execute(figure)
    figure.set_layout_engine("none")


def pages(results: Results, plan: CapacityPlan) -> Iterator[Page]:
    """Yield the pages of a run; a page without panels is left out."""
    told = (
        ("workload", 2.0, [_panel(workload, plan, team=line.team) for line in plan.teams]),
        (
            "adoption",
            2.0,
            [_panel(adoption, plan, team=line.team) for line in plan.teams if line.employees_hours.any()],
        ),
        ("development", 2.0, [_panel(development, results, team=team) for team in teams_told(results, "headcount")]),
        ("training", 2.0, [_panel(training, results, team=team) for team in teams_told(results, "capacity_lost")]),
        *_by_stage(results),
        ("waits", 4.0, [_panel(waits, results)] if results.stage_outlooks else []),
        ("paid_time", 1.0 + 0.5 * len(plan.teams), [_panel(paid_time, results)]),
        *_by_hour(results),
    )
    yield from (each for each in told if each[2])


def _by_stage(results: Results) -> Iterator[Page]:
    stages = [outlook.stage for outlook in results.stage_outlooks]
    judged = [stage for stage in stages if len(stage.checkpoints)]
    yield "backlog", 2.0, [_panel(backlog, results, stage=stage.name) for stage in stages]
    yield "behind", 2.0, [_panel(behind, results, of=stage.name) for stage in judged]
    yield "kept", 2.0, [_panel(kept, results, stage=stage.name) for stage in stages if stage.promises]


def _by_hour(results: Results) -> Iterator[Page]:
    with suppress(InputError):  # told by the function itself to whoever asks for such a figure
        cell_of(results.scenario.interval, begin=results.scenario.start)
        teams, stages = results.scenario.desk.teams, (outlook.stage.name for outlook in results.stage_outlooks)
        yield "occupancy_by_hour", 2.4, [_panel(occupancy_by_hour, results, team=team) for team in teams]
        yield "waits_by_hour", 2.4, [_panel(waits_by_hour, results, stage=stage) for stage in stages]


def _panel(draw: Callable[..., Any], *given: Any, **names: str) -> Panel:
    return lambda axes: draw(axes, *given, **names)
