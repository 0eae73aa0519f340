"""Occupancy and waits by weekday and hour, from reporting intervals that fit into the day."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from simsocial.errors import InputError
from simsocial.measure.behind.wording import WEEKDAYS
from simsocial.report.figures.style import INK, stage_named, team_named
from simsocial.simulation.results import Results
from simsocial.study.weeks import Name, into_day, into_week, series_named
from simsocial.units import DAY, HOUR, MINUTE, format_duration

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = npt.NDArray[np.float64]

UNITS: Final = (("min", 1.0), ("h", 60.0), ("days", 1440.0))
"""Units of waits, and their minutes."""
MOST: Final = 600
"""A longer wait, in some unit, is told in the next."""


def occupancy_by_hour(axes: Axes, results: Results, *, team: str) -> Axes:
    """Draw a team's occupancy by weekday and hour: time at work in a share of the time on duty.

    Parameters
    ----------
    axes
        To draw into.
    results
        From :func:`simsocial.run`, with a reporting interval that fits into the day (R85); hours are joined to what
        whole intervals make.
    team
        Name.

    Raises
    ------
    InputError
        When there is no such team, or the reporting interval does not fit into the day.
    """
    name = team_named(results, team)
    share = 100 * by_hour(results, above=("", "", name, "busy"), below=("", "", name, "on_duty"))
    return _heatmap(axes, share, top=100, digits=0, title=f"Occupancy of team {team}, %; hatched: nobody on duty")


def waits_by_hour(axes: Axes, results: Results, *, stage: str) -> Axes:
    """Draw the mean wait at a stage by the weekday and hour in which work began; see :func:`occupancy_by_hour`."""
    of = stage_named(results, stage)
    names = ((of.stream, of.step, "", measure) for measure in ("wait_total", "served"))
    minutes = by_hour(results, above=next(names), below=next(names)) * HOUR / MINUTE
    longest = np.nanmax(minutes, initial=0)
    unit, length = next((unit for unit in UNITS if longest / unit[1] <= MOST), UNITS[-1])
    title = f"Mean wait at {stage} by the hour in which work begins, {unit}; hatched: none begins"
    return _heatmap(axes, minutes / length, top=None, digits=1, title=title)


def by_hour(results: Results, *, above: Name, below: Name) -> Floats:
    """Return a ratio of series by weekday and time of day.

    Parameters
    ----------
    results
        Of a run.
    above, below
        Numerator and denominator.

    Returns
    -------
    Shape (7, cells of a day), NaN where the denominator is nothing; a cell is an hour, or the shortest length from an
    hour on that whole intervals make and that divides the day.

    Raises
    ------
    InputError
        When reporting intervals do not make such a length, or straddle the hours.
    """
    scenario = results.scenario
    width = cell_of(scenario.interval, begin=scenario.start)
    cell = (into_week(scenario.start) + results.by_interval.start) % (7 * DAY) // width
    sums = (np.bincount(cell, series_named(results, name), 7 * DAY // width) for name in (above, below))
    numerator, denominator = (total.reshape(7, -1) for total in sums)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(denominator > 0, numerator / denominator, np.nan)


def cell_of(interval: int, *, begin: dt.datetime) -> int:
    """Return the length of a cell of the day, ticks; see :func:`by_hour`."""
    lengths = itertools.takewhile(lambda length: length <= DAY, itertools.count(interval, interval))
    fitting = [length for length in lengths if length >= HOUR and DAY % length == 0]
    if not fitting or into_day(begin) % interval:
        raise InputError(
            "time.interval: figures by the hour need reporting intervals that begin at midnight and fit into the day, "
            f"such as 30 min (got {format_duration(interval)} from {begin:%H:%M} on)"
        )
    return fitting[0]


def _heatmap(axes: Axes, value: Floats, *, top: float | None, digits: int, title: str) -> Axes:
    """Draw (7, cells) numbers as shades and in figures, without the hours in which there are none.

    Numbers below 10 have ``digits`` digits after the point; ``top`` is the darkest, the largest by default.
    """
    from matplotlib.colors import Normalize

    told = np.flatnonzero(np.isfinite(value).any(axis=0))
    first, last = (told[0], told[-1] + 1) if len(told) else (0, value.shape[1])
    hours = 24 / value.shape[1]
    shown = value[:, first:last]
    most = top if top is not None else max(np.nanmax(shown, initial=0), 1e-9)
    axes.set_facecolor("white")
    axes.patch.set(hatch="////", edgecolor="0.8", linewidth=0)
    box = (first * hours, last * hours, 6.5, -0.5)
    axes.imshow(shown, cmap="Blues", norm=Normalize(0, 1.15 * most), aspect="auto", extent=box, interpolation="none")
    for (weekday, cell), number in np.ndenumerate(shown):
        if np.isfinite(number):
            colour = "white" if number > 0.65 * most else INK
            place = ((first + cell + 0.5) * hours, weekday)
            text = axes.text(*place, _figure(number, digits), ha="center", va="center", color=colour, fontsize=7)
            text.set_in_layout(False)  # it lies inside
    axes.set_yticks(range(7), WEEKDAYS)
    step = max(1, round(hours))
    axes.set_xticks(np.arange(first * hours, last * hours + 1e-9, step))
    axes.set_xlabel("hour of the day")
    axes.set_title(title, loc="left")
    return axes


def _figure(number: float, digits: int) -> str:
    return f"{number:.0f}" if number >= 9.95 or number == 0 else f"{number:.{digits}f}"
