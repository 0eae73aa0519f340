"""Two measures of a sweep against each other, its efficient points named (R127)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from simsocial.measure.definitions import Kind
from simsocial.measure.direction import largest_is_best
from simsocial.measure.rows import Row
from simsocial.report.figures.style import BLUE, INK, finish
from simsocial.report.figures.sweep_axes import brief, label_of, level_text, scaled
from simsocial.study.sweep.reading import SweepTables

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = npt.NDArray[np.float64]
MOST_NAMED: Final = 12


def frontier(axes: Axes, sweep: SweepTables, *, measures: tuple[str, str], more: Sequence[str] = ()) -> Axes:
    """Draw two measures of every point, and name those that no other point beats in one without losing in the other.

    Parameters
    ----------
    axes
        To draw into.
    sweep
        The points.
    measures
        Names of the measures, that of the x axis first.
    more
        Those of them of which more is better, besides those of which nobody would doubt it (R123); of others less is.

    Raises
    ------
    InputError
        When there is no such measure.
    """
    told = [sweep.told(name) for name in measures]
    (x, *across), (y, *up) = (scaled(each) for each in told)
    best = efficient(sweep, measures=measures, more=more)
    axes.scatter(x, y, s=12, facecolors="none", edgecolors="0.55", linewidths=0.7, label=f"of {len(sweep)} points")
    look: dict[str, Any] = {"drawstyle": "steps-post", "marker": "o", "markersize": 4, "linewidth": 1}
    axes.plot(x[best], y[best], color=BLUE, label="efficient, with intervals", **look)
    wide, high = (_bars(each[0][best], each[1][best], each[2][best]) for each in ((x, *across), (y, *up)))
    axes.errorbar(x[best], y[best], xerr=wide, yerr=high, color=BLUE, linestyle="none", elinewidth=0.8)
    for number, place in enumerate(best, start=1):
        axes.annotate(f"{number}", (x[place], y[place]), xytext=(4, 4), textcoords="offset points", fontsize=8)
    for line in named(sweep, best):
        axes.plot([], [], linestyle="none", label=line)
    axes.set_xlabel(label_of(told[0]))
    axes.grid(color=INK, alpha=0.08)
    return finish(axes, title=f"{told[1].name} against {told[0].name}", ylabel=label_of(told[1]))


def efficient(sweep: SweepTables, *, measures: tuple[str, str], more: Sequence[str] = ()) -> list[int]:
    """Return the places of the points that no other point beats in one measure without losing in the other.

    Judged by the estimates; of points with equal values the first stands for all. By the first measure, the best first.

    Parameters
    ----------
    sweep, measures, more
        As in :func:`frontier`.
    """
    signs = [-1 if name in more or _largest_is_best(name) else 1 for name in measures]
    first, second = (sign * sweep.told(name).value for sign, name in zip(signs, measures, strict=True))
    order = np.lexsort((second, first))
    found: list[int] = []
    least = np.inf
    for place in order[np.isfinite(first[order]) & np.isfinite(second[order])]:
        if second[place] < least:
            found.append(int(place))
            least = second[place]
    return found


def _largest_is_best(name: str) -> bool:
    return bool(largest_is_best(Row("", "", "", name.rpartition(".")[2], "", Kind.MEAN)))


def named(sweep: SweepTables, places: Sequence[int], *, most: int = MOST_NAMED) -> list[str]:
    """Name points in lines, ``1: headcount 3``, by the factors in which they differ; what they share is told last.

    Parameters
    ----------
    sweep
        The points.
    places
        Of those to name.
    most
        So many are named.
    """
    chosen, short = sweep.at(places), brief([*sweep.settings])
    shared = [factor for factor in sweep.varying if factor not in chosen.varying]
    lines = [f"{number}: {_setting(chosen, chosen.varying, number - 1, short)}" for number in range(1, len(places) + 1)]
    left = [f"and {len(places) - most} more"] if len(places) > most else []
    return [*lines[:most], *left, *(f"each with {_setting(chosen, [factor], 0, short)}" for factor in shared if places)]


def _setting(sweep: SweepTables, factors: Sequence[str], place: int, short: Mapping[str, str]) -> str:
    told = (f"{short[factor]} {level_text(sweep.settings[factor][place])}" for factor in factors)
    return ",\n".join(told) or "the only one"


def _bars(value: Floats, low: Floats, high: Floats) -> Floats:
    return np.nan_to_num([value - low, high - value], nan=0, posinf=0).clip(min=0)
