"""Work that arrives against what the people on duty can do, week by week."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsocial.errors import InputError
from simsocial.report.figures.style import BLUE, INK, RED, date_axis, finish, instants
from simsocial.study.capacity_plan import CapacityPlan

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def workload(axes: Axes, plan: CapacityPlan, *, team: str) -> Axes:
    """Draw a team's expected work and its net hours per week; the part that is too much is hatched.

    Parameters
    ----------
    axes
        To draw into.
    plan
        From :func:`simsocial.capacity_plan`; weeks that the start or the horizon cuts are drawn as if they were whole.
    team
        Name.

    Raises
    ------
    InputError
        When there is no such team.
    """
    lines = {line.team: line for line in plan.teams}
    if team not in lines:
        raise InputError(f"team: there is no {team!r}; there are: {', '.join(lines)}")
    staffing, whole = lines[team].staffing, 7 / plan.weeks.days
    assert staffing is not None, "a team has hours"
    edges = instants(plan.weeks.scenario, plan.weeks.edges)
    work, able = (
        np.append(hours, hours[-1:]) for hours in (staffing.workload_hours * whole, staffing.net_hours * whole)
    )
    stairs, (top, floor) = np.repeat(edges, 2)[1:-1], (np.repeat(hours[:-1], 2) for hours in (work, able))
    over = axes.fill_between(stairs, floor, top, where=top > floor, label="more work than hours")
    over.set(facecolor="none", edgecolor=RED, hatch="////", linewidth=0.0)
    axes.step(edges, work, where="post", color=BLUE, label="work expected")
    axes.step(edges, able, where="post", color=INK, linestyle="--", label="net hours on duty")
    axes.set_ylim(0, 1.08 * max(work.max(), able.max(), 1e-9))
    date_axis(axes, plan.weeks.scenario)
    return finish(axes, title=f"Work and capacity of team {team}", ylabel="hours a week")
