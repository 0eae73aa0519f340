"""How long visits waited: how many waited at most so long, from stage to stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from simsocial.report.figures.style import DASHES, MARKERS, PALETTE, finish, percent_axis
from simsocial.simulation.results import Results

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
    """Draw the distribution of waits of every stage: the share served at once, and the 50, 90 and 95 % quantiles.

    Parameters
    ----------
    axes
        To draw into.
    results
        From :func:`simsocial.run`. Waits are those of the visits whose work began (R44), bars the quantiles' intervals.
    """
    longest = 1.0
    for number, stage in enumerate(outlook.stage for outlook in results.stage_outlooks):
        at_once, *quantiles = (
            results.by_name[stage.stream, stage.step, "", measure]
            for measure in ("waited_share", *(f"wait_p{quantile}" for quantile in QUANTILES))
        )
        wait, low, high = np.array([(0.0, 0.0, 0.0), *((q.value, q.low, q.high) for q in quantiles)]).T
        error = np.nan_to_num([wait - low, high - wait], nan=0, posinf=0).clip(min=0)
        share = [100 * (1 - at_once.value), *QUANTILES]
        axes.errorbar(
            wait,
            share,
            xerr=error,
            color=PALETTE[number % len(PALETTE)],
            linestyle=DASHES[number % len(DASHES)],
            marker=MARKERS[number % len(MARKERS)],
            markersize=5,
            capsize=3,
            label=stage.name,
        )
        longest = max(longest, *np.nan_to_num(wait), *np.nan_to_num(high, posinf=0))
    _wait_axis(axes, longest)
    percent_axis(axes)
    return finish(axes, title="Waits: how many were served within so long", ylabel="visits served, %")


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
