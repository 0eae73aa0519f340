"""Draws when each headcount falls behind, beside how well it keeps the promise."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import DateFormatter, WeekdayLocator
from matplotlib.figure import Figure

DAYS, TARGET = 55, 80.0
INK, GREY = "black", "0.55"


def draw(summary: pd.DataFrame, start: dt.datetime, file: Path) -> None:
    """Draw two panels with a line per headcount: dates of falling behind, and shares kept.

    Parameters
    ----------
    summary
        Rows of summary.csv with nothing set but the headcount.
    start
        Of the run.
    file
        To write.
    """
    headcounts = sorted(summary["headcount"].unique())
    by = {name: of.set_index("headcount").loc[headcounts] for name, of in summary.groupby("measure")}
    with mpl.rc_context({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(11, 0.9 + 0.29 * len(headcounts)), layout="constrained")
        when, kept = figure.subplots(1, 2, sharey=True, width_ratios=[3, 2])
        _when(when, by, start)
        _kept(kept, by)
        when.set_yticks(range(len(headcounts)), [str(headcount) for headcount in headcounts])
        when.set_ylabel("responders (headcount)")
        figure.savefig(file, dpi=110, metadata={"Software": None})


def _when(axes: Axes, by: dict[str, pd.DataFrame], start: dt.datetime) -> None:
    """Draw a thin line while ahead and a thick one from the median onset on, with P(behind) at its end."""
    end = start + dt.timedelta(days=DAYS)
    for row, (onset, behind) in enumerate(
        zip(by["first_onset"].itertuples(), by["p_behind"].itertuples(), strict=True)
    ):
        axes.plot([start, end], [row, row], color=GREY, linewidth=1)
        if np.isfinite(onset.value):
            low, value, high = (_instant(start, days) for days in (onset.low, onset.value, onset.high))
            axes.plot([value, end], [row, row], color=INK, linewidth=5, solid_capstyle="butt")
            axes.plot([low, high], [row, row], color=INK, linewidth=1.2, marker="|", markersize=11)
        axes.annotate(
            f" {round(behind.value * behind.n)} of {behind.n}", (end, row), va="center", annotation_clip=False
        )
    axes.set_title("Behind for the first time: thick from the median day on, | | its 95 % interval", loc="left")
    axes.set_xlabel("date, 2015; at the right: replications that fall behind at all")
    axes.xaxis.set_major_locator(WeekdayLocator(byweekday=0))
    axes.xaxis.set_major_formatter(DateFormatter("%-d %b"))
    axes.set_xlim(start, end + dt.timedelta(days=5))


def _kept(axes: Axes, by: dict[str, pd.DataFrame]) -> None:
    """Draw the shares kept with their intervals, and the promise."""
    for name, marker, label in (("kept_share", "o", "eight weeks"), ("kept_share_last_week", "^", "last week")):
        of = 100 * by[name][["value", "low", "high"]]
        rows = range(len(of))
        errors = np.array([of["value"] - of["low"], of["high"] - of["value"]])
        face = INK if marker == "o" else "white"
        axes.errorbar(
            of["value"], rows, xerr=errors, fmt=marker, color=INK, markerfacecolor=face, label=label, capsize=2
        )
    axes.axvline(TARGET, color=INK, linestyle="--", linewidth=1)
    axes.annotate(" 80 % promised", (TARGET, 0), va="center")
    axes.set_title("Answered within 60 min", loc="left")
    axes.set_xlabel("share of actionable mentions, %")
    axes.set_xlim(-2, 102)
    axes.legend(loc="upper left", frameon=False)


def _instant(start: dt.datetime, days: float) -> dt.datetime:
    """Return the instant ``days`` after the start; the end where it is later than the run."""
    return start + dt.timedelta(days=min(days, DAYS))
