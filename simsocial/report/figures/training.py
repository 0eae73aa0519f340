"""Capacity that training has taken and brought so far, and when it breaks even (R110, R111)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from simsocial.measure.break_even import ends_of_weeks, week_of
from simsocial.report.figures.development import refuse_untold
from simsocial.report.figures.style import BLUE, INK, RED, date_axis, finish, instants
from simsocial.simulation.results import Results
from simsocial.study.weeks import Weeks, series_named

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def training(axes: Axes, results: Results, *, team: str) -> Axes:
    """Draw the capacity lost and gained so far against the untrained twin; what is not yet paid back is hatched.

    Parameters
    ----------
    axes
        To draw into.
    results
        From :func:`simsocial.run`. What is drawn are means over the replications at the ends of weeks; the break-even
        is the median of the replications', and marked at the end of its week.
    team
        Name.

    Raises
    ------
    InputError
        When there is no such team that trains.
    """
    refuse_untold(results, team, "capacity_lost", who="that trains")
    weeks = Weeks.of(results.scenario)
    edges = instants(results.scenario, weeks.edges)
    lost, gained = (_so_far(results, weeks, team, name) for name in ("capacity_lost", "capacity_gained"))
    owed = axes.fill_between(edges, gained, lost, where=lost > gained, interpolate=True, label="not paid back")
    owed.set(facecolor="none", edgecolor=RED, hatch="////", linewidth=0.0)
    axes.plot(edges, gained, color=BLUE, label="gained by better pace")
    axes.plot(edges, lost, color=INK, linestyle="--", label="lost to learning\nand teaching")
    _mark_break_even(axes, results, team)
    axes.set_ylim(0, 1.08 * max(lost.max(), gained.max(), 1))
    date_axis(axes, results.scenario)
    title = f"Capacity that training took and brought in team {team}, mean of {results.by_interval.n} replications"
    return finish(axes, title=title, ylabel="hours so far")


def _so_far(results: Results, weeks: Weeks, team: str, measure: str) -> npt.NDArray[np.float64]:
    """Return what was counted up to each edge of the weeks, shape (weeks + 1,)."""
    before = np.append(0.0, series_named(results, ("", "", team, measure)).cumsum())
    return before[weeks.first]


def _mark_break_even(axes: Axes, results: Results, team: str) -> None:
    """Draw a line where the week of break-even ends; where it never comes in median, or nothing is lost, say so."""
    week = results.by_name["", "", team, "break_even"].value
    if math.isfinite(week):
        even = instants(results.scenario, ends_of_weeks(results.scenario)[[round(week) - 1]])
        label = f"even from {week_of(results.scenario, week)}\non, in median"
        axes.axvline(even[0], color=INK, linestyle=":", linewidth=1, label=label)
    else:
        axes.plot([], [], " ", label="nothing is lost" if math.isnan(week) else "in median not\neven in the run")
