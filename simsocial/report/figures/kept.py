"""The share of a stage's promises that was kept in each week, against what was promised."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsocial.report.figures.style import (
    DASHES,
    INK,
    MARKERS,
    PALETTE,
    date_axis,
    finish,
    instants,
    percent_axis,
    stage_named,
)
from simsocial.simulation.results import Results
from simsocial.study.outcomes import charged
from simsocial.study.weeks import Weeks, series_named

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def kept(axes: Axes, results: Results, *, stage: str) -> Axes:
    """Draw how much of each promise charged to a stage (R47) was kept, by the week in which it was due.

    Parameters
    ----------
    axes
        To draw into; it stays empty where nothing is promised.
    results
        From :func:`simsocial.run`. A week's share is the ratio of its sums over all replications.
    stage
        Name, such as ``mentions.respond``.

    Raises
    ------
    InputError
        When there is no such stage.
    """
    weeks = Weeks.of(results.scenario)
    middle = instants(results.scenario, (weeks.edges[1:] + weeks.edges[:-1]) // 2)
    for number, promise in enumerate(charged(results.scenario, stage_named(results, stage))):
        due, held = (weeks.total(series_named(results, name)) for name in (promise.due, promise.kept))
        with np.errstate(invalid="ignore"):  # weeks in which none were due
            share = 100 * held / due
        colour, dash = PALETTE[number % len(PALETTE)], DASHES[number % len(DASHES)]
        marker = MARKERS[number % len(MARKERS)]
        name = promise.name.partition(".")[2]
        axes.plot(middle, share, color=colour, linestyle=dash, marker=marker, markersize=2.5, label=f"{name}\nkept")
        promised = f"{100 * promise.share:.4g} % promised"
        axes.axhline(100 * promise.share, color=colour if number else INK, linestyle=":", linewidth=1, label=promised)
    percent_axis(axes)
    date_axis(axes, results.scenario)
    return finish(axes, title=f"Promises kept, due in the week: {stage}", ylabel="kept, %")
