"""Pages of a sweep: which figures tell a measure, a panel for each setting of the factors not on the axes (R127)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from simsocial.errors import Fault, InputError
from simsocial.report.figures.curves import MOST_LINES, curves
from simsocial.report.figures.frontier import frontier
from simsocial.report.figures.heatmap import heatmap
from simsocial.report.figures.pages import as_files, house_look, page
from simsocial.report.figures.sweep_axes import brief, level_text, scaled
from simsocial.report.figures.tornado import measure_of, tornado
from simsocial.study.sweep.meant import Level
from simsocial.study.sweep.reading import SweepTables

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simsocial.report.figures.pages import Panel

MOST_PANELS: Final = 12
Files = dict[str, bytes]


@dataclass(frozen=True)
class Shown:
    """What is to be drawn of a sweep.

    Parameters
    ----------
    measures
        Names; a page for each.
    over
        One factor for curves, two for a heatmap; none for the two with most values, or the only one that varies.
    against
        A measure for the x axis of a frontier, which is drawn instead.
    more
        Measures of which more is better.
    limit
        As in :func:`~simsocial.report.figures.heatmap.heatmap`.
    chosen
        Factors of which only some values are here; the titles end with a value that alone is left.
    """

    measures: tuple[str, ...]
    over: tuple[str, ...] = ()
    against: str | None = None
    more: tuple[str, ...] = ()
    limit: float | None = None
    chosen: tuple[str, ...] = ()


def sweep_files(sweep: SweepTables, shown: Shown) -> Files:
    """Draw a sweep; return the files by their names, PNG and SVG of each page. The same tables give the same bytes.

    Raises
    ------
    InputError
        When there is no such factor or measure, or there would be too many panels or lines.
    """
    made: Files = {}
    with house_look():
        for name, figure in sweep_figures(sweep, shown):
            made |= _named(name, figure)
    return made


def sweep_figures(sweep: SweepTables, shown: Shown) -> Iterator[tuple[str, Figure]]:
    """Yield name and page of every measure; see :func:`sweep_files`."""
    for measure in shown.measures:
        name, figure = _frontier(sweep, shown, measure) if shown.against else _page(sweep, shown, measure)
        _end_titles(figure, _fixed(sweep, shown.chosen))
        yield f"{measure}_{name}", figure


def tornado_files(table: Mapping[str, Sequence[Any]], *, measures: Sequence[str] = ()) -> Files:
    """Draw the tornado of measures of a sensitivity study, all of them by default, from its table.

    Raises
    ------
    InputError
        When the table does not have a measure.
    """
    rows = [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]
    made: Files = {}
    with house_look():
        for measure in measures or dict.fromkeys(map(measure_of, rows)):
            inputs = {row["input"] for row in rows if measure_of(row) == measure}
            panel = _tornado(table, measure)
            made |= _named(f"{measure}_tornado", page([panel], height=0.8 + 0.5 * len(inputs), same_dates=False))
    return made


def _tornado(table: Mapping[str, Sequence[Any]], measure: str) -> Panel:
    return lambda axes: tornado(axes, table, measure=measure)


def _named(name: str, figure: Figure) -> Files:
    return {f"{name}{suffix}": content for suffix, content in as_files(figure).items()}


def _frontier(sweep: SweepTables, shown: Shown, measure: str) -> tuple[str, Figure]:
    assert shown.against is not None
    against = shown.against

    def panel(axes: Axes) -> Axes:
        return frontier(axes, sweep, measures=(against, measure), more=shown.more)

    return f"against_{against}", page([panel], height=4.4, same_dates=False)


def _page(sweep: SweepTables, shown: Shown, measure: str) -> tuple[str, Figure]:
    axes_of = [sweep.factor(name, given_by="over") for name in shown.over] or _widest(sweep)
    if len(set(axes_of)) < len(axes_of):
        raise InputError(Fault(f"{axes_of[0]} is given twice; write two factors for a heatmap", "over"))
    if len(axes_of) == 2:
        return _heatmaps(sweep, measure, axes_of, limit=shown.limit)
    if len(axes_of) == 1:
        return _curves(sweep, measure, axes_of[0], limit=shown.limit)
    raise InputError("over: write one factor for curves, or two for a heatmap" if axes_of else "no factor varies")


def _widest(sweep: SweepTables) -> list[str]:
    """Return the two factors with most values, in the order of the design."""
    most = sorted(sweep.varying, key=lambda factor: -len(sweep.levels(factor)))[:2]
    return [factor for factor in sweep.varying if factor in most]


def _heatmaps(sweep: SweepTables, measure: str, over: Sequence[str], *, limit: float | None) -> tuple[str, Figure]:
    x, y = over
    values = scaled(sweep.told(measure))[0]
    finite = values[np.isfinite(values)]
    scale = (float(finite.min()), float(finite.max())) if len(finite) else None

    def panel(part: SweepTables, name: str) -> Panel:
        def draw(axes: Axes) -> None:
            heatmap(axes, part, measure=measure, x=x, y=y, limit=limit, scale=scale)
            _entitle(axes, name)

        return draw

    panels = [panel(part, name) for part, name in _parts(sweep, drawn=over)]
    height = 1.2 + 0.26 * min(len(sweep.levels(y)), 24)
    return f"over_{'_and_'.join(brief([*sweep.settings])[each] for each in over)}", page(
        panels, height=height, same_dates=False
    )


def _curves(sweep: SweepTables, measure: str, x: str, *, limit: float | None) -> tuple[str, Figure]:
    others = [factor for factor in sweep.varying if factor != x and len(sweep.levels(factor)) <= MOST_LINES]
    lines = max(others, key=lambda factor: len(sweep.levels(factor)), default=None)

    def panel(part: SweepTables, name: str) -> Panel:
        def draw(axes: Axes) -> None:
            curves(axes, part, measure=measure, x=x, lines=lines, limit=limit)
            _entitle(axes, name)

        return draw

    drawn = [x] if lines is None else [x, lines]
    panels = [panel(part, name) for part, name in _parts(sweep, drawn=drawn)]
    return f"over_{brief([*sweep.settings])[x]}", page(panels, height=2.6, same_dates=False)


def _parts(sweep: SweepTables, *, drawn: Sequence[str]) -> Iterator[tuple[SweepTables, str]]:
    """Yield the points of each setting of the factors that are not drawn, and the setting in words."""
    left = [factor for factor in sweep.varying if factor not in drawn]
    settings = list(dict.fromkeys(_settings(sweep, left)))
    if len(settings) > MOST_PANELS:
        told = ", ".join(f"{factor} ({len(sweep.levels(factor))} values)" for factor in left)
        raise InputError(
            f"{len(settings)} panels would be drawn for {told}; at most {MOST_PANELS}: choose some values with --where"
        )
    order = [sweep.levels(factor) for factor in left]
    short = brief([*sweep.settings])
    for setting in sorted(settings, key=lambda each: [o.index(level) for o, level in zip(order, each, strict=True)]):
        places = [place for place, found in enumerate(_settings(sweep, left)) if found == setting]
        name = ", ".join(f"{short[factor]} {level_text(level)}" for factor, level in zip(left, setting, strict=True))
        yield sweep.at(places), name


def _settings(sweep: SweepTables, factors: Sequence[str]) -> list[tuple[Level, ...]]:
    columns = [sweep.settings[factor] for factor in factors]
    return list(zip(*columns, strict=True)) if columns else [()] * len(sweep)


def _fixed(sweep: SweepTables, chosen: Sequence[str]) -> str:
    """Tell the values of factors that were chosen until one was left."""
    short = brief([*sweep.settings])
    alone = [factor for factor in chosen if len(sweep.levels(factor)) == 1]
    return ", ".join(f"{short[factor]} {level_text(sweep.levels(factor)[0])}" for factor in alone)


def _end_titles(figure: Figure, fixed: str) -> None:
    """End the title of every panel with what is fixed, on a line of its own, for which there is place."""
    for axes in figure.axes if fixed else ():
        if title := axes.get_title(loc="left"):
            axes.set_title(f"{title}\nat {fixed}", loc="left")


def _entitle(axes: Axes, setting: str) -> None:
    if setting:
        axes.set_title(f"{setting}: {axes.get_title(loc='left')}", loc="left")
