"""What waits at a stage against what its people can do until the next checkpoint: above that it is late (R49 b)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsocial.model.capacity import capacity
from simsocial.report.figures.style import BLUE, INK, date_axis, finish, instants, stage_named
from simsocial.simulation.results import Results
from simsocial.units import HOUR

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def backlog(axes: Axes, results: Results, *, stage: str) -> Axes:
    """Draw the work that waits at a stage when its days close, and what its teams can do by the next close.

    Parameters
    ----------
    axes
        To draw into.
    results
        From :func:`simsocial.run`. The backlog is that at the end of the last reporting interval up to each checkpoint.
    stage
        Name, such as ``mentions.respond``.

    Raises
    ------
    InputError
        When there is no such stage.
    """
    of, told, scenario = stage_named(results, stage), results.by_interval, results.scenario
    place = next(i for i, row in enumerate(told.rows) if row.name == f"{stage}.backlog_work")
    ends = of.checkpoints if len(of.checkpoints) else np.append(told.start[1:], scenario.horizon)
    known = np.unique((ends // scenario.interval).clip(min=1, max=len(told.start)))
    when = instants(scenario, np.minimum(known * scenario.interval, scenario.horizon))
    value, low, high = (each[place, known - 1] for each in (told.value, told.low, told.high))
    axes.fill_between(
        when, low, high, color=BLUE, alpha=0.3, linewidth=0, label=f"{100 * told.confidence:g} % interval"
    )
    axes.plot(when, value, color=BLUE, label=f"mean of {told.n}\nreplications")
    if len(of.checkpoints):
        able = capacity(results.roster, rankings=len(scenario.desk.rankings), edges=of.marks[1:])
        reach = able.net[list(of.rankings)].sum(axis=0) / HOUR
        marks = instants(scenario, of.checkpoints)
        axes.step(
            marks, reach, where="post", color=INK, linestyle=":", linewidth=1, label="can be done by\nthe next close"
        )
    axes.set_ylim(bottom=0)
    date_axis(axes, scenario)
    return finish(axes, title=f"Backlog of {stage} at the close of each day", ylabel="hours of work")
