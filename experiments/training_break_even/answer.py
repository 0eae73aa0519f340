"""Answers when a week of training pays back (the config beside this program).

Runs every length of class at every rate of leaving on the same draws, and writes summary.csv and a table for README.md.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

import simsocial as ss
from simsocial.measure.stats import Estimate, order_quantile, paired, ratio, student, wilson
from simsocial.model.scenario import Scenario
from simsocial.simulation.results import Results
from simsocial.units import WEEK

HERE = Path(__file__).parent
CONFIG = HERE / "training_break_even.toml"
CLASSES = (1, 2, 4)
"""Weeks."""
LEAVING = ("0 % / year", "20 % / year", "40 % / year", "60 % / year", "80 % / year", "95 % / year")
WEEKS_IN_ONE = 5
"""So many weeks of learning on the job are in a week of class."""
RAMP_WEEKS, PACE, QUALITY = 10, 2.0, 3.0
"""Time constant of the ramp, and the pace and quality of who has learnt nothing."""
TRAINERS = "1 / 4"
REPLICATIONS, CONFIDENCE = 20, 0.95

Floats = npt.NDArray[np.float64]


def scenario(weeks: int, leaving: str) -> Scenario:
    """Return the desk with a class of so many weeks, at a rate of leaving."""
    left = math.exp(-WEEKS_IN_ONE * weeks / RAMP_WEEKS)
    ramp = f"pace = {1 + (PACE - 1) * left!r}, quality = {1 + (QUALITY - 1) * left!r}"
    training = "teams.desk.training"
    overrides = [f'{training}.ramp={{ shape = "exponential", time_constant = "{RAMP_WEEKS} weeks", {ramp} }}']
    overrides += [f"{training}.class={weeks} weeks", f"{training}.trainers={TRAINERS}"] if weeks else []
    return ss.load(CONFIG, overrides=[*overrides, f"teams.desk.leaving.rate={leaving}"])


class Year(NamedTuple):
    """A year of the desk: answers out by the end of each week, shape (replications, weeks), and what was measured."""

    answers: Floats
    results: Results


def replicate(weeks: int, leaving: str, replications: int, *, first: int = 0) -> Year:
    """Run the desk with a class of so many weeks, at a rate of leaving."""
    found: list[Floats] = []

    def look(replication: Any, _planned: int) -> None:
        ends = np.arange(WEEK, replication.scenario.horizon + 1, WEEK)
        done = np.cumsum(replication.tallies.streams.handled.ravel())
        found.append(done[np.searchsorted(replication.tallies.edges, ends) - 1].astype(float))

    results = ss.run(scenario(weeks, leaving), replications=replications, first=first, engine="numpy", progress=look)
    return Year(np.array(found), results)


def breaks_even(with_class: Floats, without: Floats) -> Floats:
    """Return the first week from which on a class has never cost answers; shape (replications,), infinite for never."""
    short = with_class < without
    last = short.shape[1] - np.argmax(short[:, ::-1], axis=1)
    weeks: Floats = np.where(short.any(axis=1), last + 1.0, 1.0)
    return np.where(short[:, -1], math.inf, weeks)


def told(year: Year, without: Floats) -> dict[str, tuple[str, Estimate]]:
    """Return, each with its unit, when a class has paid back, how often within the year, and what it brings by then."""
    with_class, measured = year.answers, year.results.by_name
    weeks, gained = breaks_even(with_class, without), (with_class - without)[:, -1]
    return {
        "break_even": ("weeks", order_quantile(weeks, 0.5, CONFIDENCE)),
        "p_pays_back": ("", wilson(int(np.isfinite(weeks).sum()), len(weeks), CONFIDENCE)),
        "most_lost": ("answers", student((without - with_class).max(axis=1), CONFIDENCE)),
        "gained": ("answers", paired(with_class[:, -1], without[:, -1], CONFIDENCE)),
        "gained_share": ("", ratio(gained, without[:, -1], CONFIDENCE)),
        "capacity_lost": ("h", measured["", "", "desk", "capacity_lost"]),
        "capacity_gained": ("h", measured["", "", "desk", "capacity_gained"]),
        "twin_break_even": ("weeks", measured["", "", "desk", "break_even"]),
    }


def rows(weeks: int, leaving: str, year: Year, without: Floats) -> Iterator[dict[str, object]]:
    """Yield a row per measure of one class at one rate of leaving."""
    for name, (unit, estimate) in told(year, without).items():
        yield {"leaving": leaving, "class_weeks": weeks, "measure": name, "unit": unit, **asdict(estimate)}


def table(summary: pd.DataFrame) -> Iterator[str]:
    """Write the summary as a Markdown table, for README.md."""
    yield "| leave | class | paid back in week | within the year | most answers behind | gained by the end |"
    yield "|---" * 6 + "|"
    for (leaving, weeks), of in summary.groupby(["leaving", "class_weeks"], sort=False):
        by = of.set_index("measure")
        cells = [str(leaving), f"{weeks} week{'s' * (weeks > 1)}", week(by.loc["break_even"])]
        cells += [percent(by.loc["p_pays_back"]), number(by.loc["most_lost"])]
        gained = f"{number(by.loc['gained'])}, {100 * by.loc['gained_share', 'value']:+.1f} %"
        yield f"| {' | '.join([*cells, gained])} |"


def capacities(summary: pd.DataFrame) -> Iterator[str]:
    """Write what R110 and R111 tell of a class as a Markdown table, for README.md."""
    yield "| leave | class | capacity lost, h | gained, h | breaks even against people who never learn in week |"
    yield "|---" * 5 + "|"
    for (leaving, weeks), of in summary.groupby(["leaving", "class_weeks"], sort=False):
        by = of.set_index("measure")
        hours = [number(by.loc[name]) for name in ("capacity_lost", "capacity_gained")]
        cells = [str(leaving), f"{weeks} week{'s' * (weeks > 1)}", *hours, week(by.loc["twin_break_even"])]
        yield f"| {' | '.join(cells)} |"


def week(row: pd.Series) -> str:
    """Write a week with its interval."""
    value, low, high = (
        f"{row[name]:.0f}" if math.isfinite(row[name]) else "never" for name in ("value", "low", "high")
    )
    return value if low == high == "never" else f"{value} ({low} – {high})"


def percent(row: pd.Series) -> str:
    """Write a share with its interval."""
    return "{:.0f} % ({:.0f}–{:.0f})".format(*(100 * row[name] for name in ("value", "low", "high")))


def number(row: pd.Series) -> str:
    """Write a number of answers with its interval."""
    return "{:,.0f} ({:,.0f} – {:,.0f})".format(*(row[name] for name in ("value", "low", "high")))


def main() -> None:
    """Run everything and write summary.csv."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replications", type=int, default=REPLICATIONS)
    replications, done = parser.parse_args().replications, []
    for leaving in LEAVING:
        begun = time.monotonic()
        without = replicate(0, leaving, replications).answers
        for weeks in CLASSES:
            done += rows(weeks, leaving, replicate(weeks, leaving, replications), without)
        print(f"{leaving}: {time.monotonic() - begun:.0f} s", flush=True)
    part = HERE / "summary.csv.part"
    pd.DataFrame(done).to_csv(part, index=False, float_format="%.10g")
    part.replace(HERE / "summary.csv")
    summary = pd.read_csv(HERE / "summary.csv")
    print("\n".join([*table(summary), "", *capacities(summary)]))


if __name__ == "__main__":
    main()
