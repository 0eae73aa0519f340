"""How figures look: line styles and colours that tell apart also in grey, dates on axes, legends beside the plot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from simsocial.errors import InputError
from simsocial.measure.behind.stages import Stage
from simsocial.model.scenario import Scenario
from simsocial.simulation.results import Results
from simsocial.units import WEEK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK: Final = "black"
BLUE: Final = "#0072B2"
RED: Final = "#D55E00"
PALETTE: Final = (BLUE, RED, "#009E73", "#CC79A7", "#E69F00", "#56B4E9", INK)
"""Colours that people with any colour vision tell apart (Okabe & Ito 2008, Color Universal Design)."""
DASHES: Final[tuple[Any, ...]] = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))
MARKERS: Final = ("o", "s", "^", "D", "v", "P")
HATCHES: Final = ("", "////", "xxxx", "----", "\\\\\\\\", "++++", "||||", "....", "oooo", "****")


def instants(scenario: Scenario, ticks: npt.NDArray[np.int64]) -> npt.NDArray[np.datetime64]:
    """Return ticks as dates and times that an axis can show."""
    return np.datetime64(scenario.start, "ms") + ticks.astype("timedelta64[ms]")


def date_axis(axes: Axes, scenario: Scenario) -> None:
    """Let the x axis run over the scenario, with as few dates as are read without effort; years where they begin."""
    import matplotlib.dates

    of_dates: Any = matplotlib.dates  # it has no types
    first, last = instants(scenario, np.array([0, scenario.horizon])).tolist()
    weeks = scenario.horizon // WEEK
    if 2 <= weeks <= 13:
        locator = of_dates.WeekdayLocator(of_dates.MO, interval=-(-weeks // 9))
    else:
        locator = of_dates.AutoDateLocator(minticks=4, maxticks=9)
    places = (of_dates.num2date(place).replace(tzinfo=None) for place in locator.tick_values(first, last))
    dates = [place for place in places if first <= place <= last]
    axes.set_xticks(dates, spelled_dates(dates))
    axes.set_xlim(first, last)


def spelled_dates(dates: Sequence[dt.datetime]) -> list[str]:
    """Write dates as briefly as they can be told apart, with what stays the same on a second line where it changes."""
    if any(date.time() != dt.time() for date in dates):
        spelled = [(f"{date:%H:%M}", f"{date.day} {date:%b %Y}") for date in dates]
    elif any(date.day != 1 for date in dates):
        spelled = [(f"{date.day} {date:%b}", f"{date:%Y}") for date in dates]
    else:
        spelled = [(f"{date:%b}", f"{date:%Y}") for date in dates]
    before = ["", *(below for _, below in spelled)]
    return [
        above if below == last else f"{above}\n{below}" for (above, below), last in zip(spelled, before, strict=False)
    ]


def finish(axes: Axes, *, title: str, ylabel: str) -> Axes:
    """Add title, label and a legend beside the axes, where it hides nothing."""
    axes.set_title(title, loc="left")
    axes.set_ylabel(ylabel)
    axes.spines[["top", "right"]].set_visible(False)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.05), frameon=False, borderaxespad=0.5)
    return axes


def percent_axis(axes: Axes) -> None:
    """Let the y axis go over shares, from 0 to 100 %."""
    from matplotlib.ticker import MultipleLocator

    axes.yaxis.set_major_locator(MultipleLocator(25))
    axes.set_ylim(-2, 102)


def stage_named(results: Results, name: str) -> Stage:
    """Return the stage of that name, such as ``mentions.respond``.

    Raises
    ------
    InputError
        When there is none; names those there are.
    """
    stages = {outlook.stage.name: outlook.stage for outlook in results.stage_outlooks}
    if name not in stages:
        raise InputError(f"stage: there is no {name!r}; there are: {', '.join(stages)}")
    return stages[name]


def team_named(results: Results, name: str) -> str:
    """Return the name of a team if there is one so called.

    Raises
    ------
    InputError
        When there is none; names those there are.
    """
    if name not in results.scenario.desk.teams:
        raise InputError(f"team: there is no {name!r}; there are: {', '.join(results.scenario.desk.teams)}")
    return name
