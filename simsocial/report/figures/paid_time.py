"""Where paid time goes: work, waiting for work, and shrinkage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from simsocial.report.figures.style import HATCHES, INK, PALETTE, finish
from simsocial.simulation.results import Results

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NO_PARTS: Final = ("paid", "capacity_lost", "capacity_gained")
"""Hours of a team that are no part of those paid: all of them, and what training takes and brings (R110)."""
COLOURS: Final = (PALETTE[5], "white", *PALETTE[:5], "0.8", INK, "0.6")


def paid_time(axes: Axes, results: Results) -> Axes:
    """Draw the shares of every team's paid time; every paid hour is in exactly one (R46).

    Parameters
    ----------
    axes
        To draw into.
    results
        From :func:`simsocial.run`.
    """
    teams, by_name = results.scenario.desk.teams, results.by_name
    told = [row for row in results.rows if row.team and row.unit == "h" and row.measure not in NO_PARTS]
    parts = dict.fromkeys(row.measure for row in told)
    paid = np.array([by_name["", "", team, "paid"].value for team in teams])
    left = np.zeros(len(teams))
    for number, part in enumerate(parts):
        known = [by_name.get(("", "", team, part)) for team in teams]  # what a team has no use for is not told of it
        hours = np.array([estimate.value if estimate else 0.0 for estimate in known])
        share = 100 * hours / np.where(paid > 0, paid, 1)
        axes.barh(
            range(len(teams)),
            share,
            left=left,
            height=0.6,
            color=COLOURS[number % len(COLOURS)],
            edgecolor=INK,
            linewidth=0.8,
            hatch=HATCHES[number % len(HATCHES)],
            label=part.replace("_", " "),
        )
        left += share
    shrinkage = [by_name["", "", team, "shrinkage"].value for team in teams]
    names = [f"{team}\nshrinkage {100 * share:.0f} %" for team, share in zip(teams, shrinkage, strict=True)]
    axes.set_yticks(range(len(teams)), names)
    axes.set_ylim(len(teams) - 0.5, -0.5)
    axes.set_xlim(0, 100)
    axes.set_xticks(range(0, 101, 20))
    axes.get_xticklabels()[-1].set_horizontalalignment("right")  # the legend begins where the axis ends
    axes.set_xlabel("share of paid time, %")
    return finish(axes, title="Where paid time goes", ylabel="")
