"""People of a team by stage of development, week by week (R98, R113)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from simsocial.errors import InputError
from simsocial.report.figures.style import HATCHES, INK, PALETTE, date_axis, finish, instants
from simsocial.simulation.results import Results
from simsocial.study.weeks import Weeks, series_named

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STAGES: Final = {
    "full": ("fully ramped", "white"),
    "ramping": ("on the ramp", PALETTE[5]),
    "nesting": ("nesting", PALETTE[2]),
    "in_class": ("in class", PALETTE[4]),
    "waiting": ("due, waiting\nfor a class", "0.85"),
}
"""What each is called, and its colour; from the bottom up."""


def development(axes: Axes, results: Results, *, team: str) -> Axes:
    """Draw how many people are in each stage of their careers, and how many hold all certificates if there are any.

    Parameters
    ----------
    axes
        To draw into.
    results
        From :func:`simsocial.run`. What is drawn are averages over each week and over the replications.
    team
        Name.

    Raises
    ------
    InputError
        When there is no such team with a career.
    """
    refuse_untold(results, team, "headcount", who="whose people come, learn or leave")
    weeks = Weeks.of(results.scenario)
    edges = instants(results.scenario, weeks.edges)
    floor = np.zeros(len(weeks) + 1)
    for (stage, (name, colour)), hatch in zip(STAGES.items(), HATCHES, strict=False):
        top = floor + _weekly(results, weeks, team, f"headcount_{stage}")
        area = axes.fill_between(edges, floor, top, step="post", label=name)
        area.set(facecolor=colour, edgecolor=INK, hatch=hatch, linewidth=0.5)
        floor = top
    if team in teams_told(results, "certified"):
        certified = _weekly(results, weeks, team, "certified")
        axes.step(edges, certified, where="post", color=INK, linestyle="--", label="hold every\ncertificate")
    axes.set_ylim(0, 1.08 * max(floor.max(), 1))
    date_axis(axes, results.scenario)
    return finish(axes, title=f"People of team {team}, mean of {results.by_interval.n} replications", ylabel="people")


def teams_told(results: Results, measure: str) -> list[str]:
    """Return the teams of which the series tell a measure."""
    return [row.team for row in results.by_interval.rows if row.team and row.measure == measure]


def refuse_untold(results: Results, team: str, measure: str, *, who: str) -> None:
    """Refuse a team of which the series do not tell a measure; ``who`` says what makes them.

    Raises
    ------
    InputError
        Names those of which they do.
    """
    told = teams_told(results, measure)
    if team not in told:
        raise InputError(f"team: there is no {team!r} {who}" + (f"; there are: {', '.join(told)}" if told else ""))


def _weekly(results: Results, weeks: Weeks, team: str, measure: str) -> npt.NDArray[np.float64]:
    """Return the averages over weeks, and the last one again, shape (weeks + 1,)."""
    length = np.diff(results.by_interval.start, append=results.scenario.horizon)
    people = series_named(results, ("", "", team, measure))
    mean = weeks.total(people * length) / weeks.total(length)
    return np.append(mean, mean[-1:])
