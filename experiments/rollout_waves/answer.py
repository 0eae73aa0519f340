"""Answers how fast employees can be enabled in waves without ever falling behind (the config beside this program).

Runs every distance between waves with every number of trainers on the same draws, and writes summary.csv and a table
for README.md.
"""

from __future__ import annotations

import argparse
import datetime as dt
import math
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd

import simsocial as ss
from simsocial.measure.behind.wording import closing_date
from simsocial.measure.stats import Estimate
from simsocial.model.scenario import Scenario
from simsocial.simulation.results import Results

HERE = Path(__file__).parent
CONFIG = HERE / "rollout_waves.toml"
FIRST, WAVES, EMPLOYEES = dt.date(2026, 1, 19), 5, 50
DISTANCES, TRAINERS = (2, 4, 6, 8), (1, 2, 5)
"""Weeks between waves, and how many classes there are at a time."""
REPLICATIONS = 20


def scenario(weeks: int, trainers: int) -> Scenario:
    """Return the rollout with waves so many weeks apart and so many trainers."""
    waves = {f"wave{number}": FIRST + dt.timedelta(weeks=weeks * number) for number in range(WAVES)}
    written = ", ".join(f"{name} = {{ date = {date}, employees = {EMPLOYEES} }}" for name, date in waves.items())
    overrides = [f"adoption.employees.waves={{ {written} }}", f"adoption.employees.classes.trainers={trainers}"]
    return ss.load(CONFIG, overrides=overrides)


def replicate(weeks: int, trainers: int, replications: int, *, first: int = 0) -> Results:
    """Run one rollout."""
    return ss.run(scenario(weeks, trainers), replications=replications, first=first, engine="numpy")


def told(results: Results) -> dict[str, tuple[str, Estimate]]:
    """Return, each with its unit, how often the reviewers fall behind, when, and how far the promise is kept."""
    (outlook,) = results.stage_outlooks
    return {
        "p_behind": ("", outlook.p_behind),
        "first_onset": ("days", outlook.first_onset),
        "kept_share": ("", results.by_name["posts", "", "", "publication_kept_share"]),
    }


def all_enabled(world: Scenario) -> str:
    """Return the date from which everybody is enabled."""
    (adoption,) = world.adoptions
    assert len(adoption.enabled) == adoption.population, "the horizon is long enough"
    return str(world.when(int(np.max(adoption.enabled))).date())


def rows(weeks: int, trainers: int, results: Results) -> Iterator[dict[str, object]]:
    """Yield a row per measure of one rollout."""
    case = {"weeks": weeks, "trainers": trainers, "all_enabled": all_enabled(results.scenario)}
    for name, (unit, estimate) in told(results).items():
        yield {**case, "measure": name, "unit": unit, **asdict(estimate)}


def table(summary: pd.DataFrame) -> Iterator[str]:
    """Write the summary as a Markdown table, for README.md."""
    yield "| weeks between waves | trainers | all enabled from | behind | first, median | kept |"
    yield "|---" * 6 + "|"
    for (weeks, trainers), of in summary.groupby(["weeks", "trainers"]):
        by = of.set_index("measure")
        cells = [str(weeks), str(trainers), day(dt.date.fromisoformat(of["all_enabled"].iloc[0]))]
        cells += [percent(by.loc["p_behind"]), onset(by.loc["first_onset"]), percent(by.loc["kept_share"])]
        yield f"| {' | '.join(cells)} |"


def percent(row: pd.Series) -> str:
    """Write a share with its interval."""
    value, low, high = (f"{100 * min(max(row[name], 0), 1):.0f}" for name in ("value", "low", "high"))
    return f"{value} % ({low}–{high})"


def onset(row: pd.Series) -> str:
    """Write the day of an onset with its interval."""
    world = ss.load(CONFIG)
    value, low, high = (
        day(closing_date(world, row[name])) if math.isfinite(row[name]) else "never"
        for name in ("value", "low", "high")
    )
    return value if low == high == "never" else f"{value} ({low} – {high})"


def day(date: dt.date) -> str:
    """Write a date."""
    return f"{date.day} {date:%b}"


def main() -> None:
    """Run everything and write summary.csv."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replications", type=int, default=REPLICATIONS)
    replications, done = parser.parse_args().replications, []
    for weeks in DISTANCES:
        for trainers in TRAINERS:
            begun = time.monotonic()
            done += rows(weeks, trainers, replicate(weeks, trainers, replications))
            print(f"{weeks} weeks, {trainers} trainers: {time.monotonic() - begun:.0f} s", flush=True)
    part = HERE / "summary.csv.part"
    pd.DataFrame(done).to_csv(part, index=False, float_format="%.10g")
    part.replace(HERE / "summary.csv")
    print("\n".join(table(pd.read_csv(HERE / "summary.csv"))))


if __name__ == "__main__":
    main()
