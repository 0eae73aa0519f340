"""P(behind by d): how probably a stage or team has fallen behind by each checkpoint (R52)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsocial.errors import InputError
from simsocial.measure.behind.by_checkpoint import by_checkpoint
from simsocial.report.figures.style import BLUE, INK, date_axis, finish, instants, percent_axis
from simsocial.simulation.results import Results

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def behind(axes: Axes, results: Results, *, of: str) -> Axes:
    """Draw the share of replications that have fallen behind by each checkpoint, with Wilson's pointwise interval.

    Parameters
    ----------
    axes
        To draw into.
    results
        From :func:`simsocial.run`.
    of
        A stage, such as ``mentions.respond``; a team, or teams named together, such as ``desk + pool``.

    Raises
    ------
    InputError
        When there is no such stage or team, or it has no checkpoints.
    """
    tables = by_checkpoint(results.paths, confidence=results.scenario.run.confidence)
    found = {table.rows[0].name.removesuffix(".behind_by"): table for table in tables}
    if of not in found:
        raise InputError(f"of: there is no {of!r} with checkpoints; there are: {', '.join(found)}")
    told, when = found[of], instants(results.scenario, found[of].start)
    low, value, high = (100 * each[0] for each in (told.low, told.value, told.high))
    band = f"{100 * told.confidence:g} % interval\n(Wilson)"
    axes.fill_between(when, low, high, step="post", color=BLUE, alpha=0.3, linewidth=0, label=band)
    axes.step(when, value, where="post", color=BLUE, label=f"of {told.n}\nreplications")
    axes.axhline(50, color=INK, linestyle=":", linewidth=1, label="half")
    percent_axis(axes)
    date_axis(axes, results.scenario)
    return finish(axes, title=f"Behind by then: {of}", ylabel="replications, %")
