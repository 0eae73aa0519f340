"""How long visits waited: the share of the served that waited at most so long, stage by stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from simsocial.measure.behind.stages import Stage
from simsocial.report.figures.style import DASHES, MARKERS, PALETTE, finish, percent_axis
from simsocial.simulation.results import Results
from simsocial.units import MINUTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

QUANTILES: Final = (50, 90, 95)
TICKS: Final = {
    0: "0",
    1: "1 min",
    10: "10 min",
    60: "1 h",
    480: "8 h",
    1440: "1 day",
    10080: "1 week",
    60480: "6 weeks",
}
"""Minutes → how the axis calls them."""


def waits(axes: Axes, results: Results) -> Axes:
    """Draw the distribution of waits of every stage over all replications, its 50, 90 and 95 % quantiles marked.

    Parameters
    ----------
    axes
        To draw into.
    results
        From :func:`simsocial.run`. Waits are those of the visits whose work began (R44): the share that waited at most
        so long, step by step. A mark is the median of the replications' quantiles, its bar the interval of that (R43).
    """
    longest = 1.0
    for number, stage in enumerate(outlook.stage for outlook in results.stage_outlooks):
        look: dict[str, Any] = {
            "color": PALETTE[number % len(PALETTE)],
            "marker": MARKERS[number % len(MARKERS)],
            "markersize": 5,
        }
        wait, share = results.waits.distribution(stage.name)
        axes.plot(
            np.append(0, wait) / MINUTE,
            100 * np.append(share[wait == 0].sum(), share),
            drawstyle="steps-post",
            linestyle=DASHES[number % len(DASHES)],
            markevery=[],  # the marks are the quantiles'; the legend shows them
            label=stage.name,
            **look,
        )
        longest = max(longest, *wait[-1:] / MINUTE, _mark_quantiles(axes, results, stage, look))
    _wait_axis(axes, longest)
    percent_axis(axes)
    return finish(axes, title="Waits: how many were served within so long", ylabel="visits served, %")


def _mark_quantiles(axes: Axes, results: Results, stage: Stage, look: dict[str, Any]) -> float:
    """Mark the quantiles of a stage with their intervals, and return the longest wait marked, minutes."""
    quantiles = [results.by_name[stage.stream, stage.step, "", f"wait_p{quantile}"] for quantile in QUANTILES]
    wait, low, high = np.array([(q.value, q.low, q.high) for q in quantiles]).T
    error = np.nan_to_num([wait - low, high - wait], nan=0, posinf=0).clip(min=0)
    axes.errorbar(wait, QUANTILES, xerr=error, linestyle="none", capsize=3, **look)
    return float(max(*np.nan_to_num(wait), *np.nan_to_num(high, posinf=0)))


def _wait_axis(axes: Axes, longest: float) -> None:
    """Let the x axis go over waits from nothing on, logarithmic from a minute."""
    from matplotlib.ticker import NullLocator

    beyond = [minutes for minutes in TICKS if minutes >= longest]
    last = beyond[0] if beyond else longest * 1.5
    axes.set_xscale("symlog", linthresh=1, linscale=0.5)
    shown = [minutes for minutes in TICKS if minutes <= last]
    axes.set_xticks(shown, [TICKS[minutes] for minutes in shown])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlim(-0.1, last)
    axes.set_xlabel("wait until work begins")
