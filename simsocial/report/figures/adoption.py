"""Adoption against capacity: how many employees are enabled, and how many the hours of a team would carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from simsocial.errors import InputError
from simsocial.report.figures.style import BLUE, INK, RED, date_axis, finish, instants
from simsocial.study.capacity_plan import CapacityPlan, Line

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = npt.NDArray[np.float64]


def adoption(axes: Axes, plan: CapacityPlan, *, team: str) -> Axes:
    """Draw the employees enabled week by week, and as many as the net hours of a team would carry, by expected work.

    What a team has to do besides is done first; see :func:`carried_by`. The axis goes to at most 2.2 times those
    enabled, so that these can be read; weeks in which more would be carried are marked at its top, and the legend says
    how many are, at most.

    Parameters
    ----------
    axes
        To draw into.
    plan
        From :func:`simsocial.capacity_plan`.
    team
        Name.

    Raises
    ------
    InputError
        When there is no such team, or enabled employees bring it no work.
    """
    loaded = [line.team for line in plan.teams if line.employees_hours.any()]
    if team not in loaded:
        told = f"; there are: {', '.join(loaded)}" if loaded else ""
        raise InputError(f"team: there is no {team!r} to which enabled employees bring work{told}")
    line = next(line for line in plan.teams if line.team == team)
    enabled, carried = (np.append(many, many[-1:]) for many in (plan.enabled, carried_by(line, plan.enabled)))
    edges = instants(plan.weeks.scenario, plan.weeks.edges)
    stairs, (top, floor) = np.repeat(edges, 2)[1:-1], (np.repeat(many[:-1], 2) for many in (enabled, carried))
    over = axes.fill_between(stairs, floor, top, where=top > floor, label="more than are carried")
    over.set(facecolor="none", edgecolor=RED, hatch="////", linewidth=0.0)
    axes.step(edges, enabled, where="post", color=BLUE, label="employees enabled")
    axes.step(edges, carried, where="post", color=INK, linestyle="--", label="carried by net hours")
    _limit(axes, edges, carried, most=2.2 * max(enabled.max(), 1))
    date_axis(axes, plan.weeks.scenario)
    return finish(axes, title=f"Adoption and capacity of team {team}", ylabel="employees")


def _limit(axes: Axes, edges: npt.NDArray[np.datetime64], carried: Floats, *, most: float) -> None:
    """Let the y axis reach ``most`` where more than that is carried, else as far as it must; mark what lies beyond."""
    largest = np.nanmax(carried, initial=0.0)
    beyond = np.flatnonzero(carried[:-1] > most)
    top = most if len(beyond) else max(1.08 * largest, most / 2)
    axes.set_ylim(0, top)
    if len(beyond):
        middle = edges[beyond] + (edges[beyond + 1] - edges[beyond]) / 2
        label = f"beyond the axis:\nup to {largest:,.0f}"
        axes.plot(middle, np.full(len(middle), 0.97 * top), "^", color=INK, markersize=3, label=label)


def carried_by(line: Line, enabled: Floats) -> Floats:
    """Return how many employees the net hours of a team would carry beside its other work, shape (weeks,).

    Parameters
    ----------
    line
        Of the team in the capacity plan.
    enabled
        Shape (weeks,), employees enabled; their work is taken to be in proportion to them. Where they bring none, as in
        a week off, there is no number.
    """
    assert line.staffing is not None, "a team has hours"
    left = (line.staffing.net_hours - (line.workload_hours - line.employees_hours)).clip(min=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(line.employees_hours > 0, enabled * left / line.employees_hours, np.nan)
