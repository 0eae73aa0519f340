"""Answers for which growth of adoption technology, process and people keep up (the config beside this program).

Runs every growth with every remedy on the same draws, and writes summary.csv and a table for README.md.
"""

from __future__ import annotations

import argparse
import datetime as dt
import math
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pandas as pd

import simsocial as ss
from simsocial.measure.behind.wording import closing_date
from simsocial.measure.stats import Estimate
from simsocial.simulation.results import Results

HERE = Path(__file__).parent
CONFIG = HERE / "adoption_outruns.toml"
STAGE, TEAM = "streams.posts.steps.review", "teams.principals"
GROWTHS = (2, 4, 8, 16, 24)
"""Percent a month."""
TECHNOLOGY = [f"{STAGE}.factors.technology={{ from = 2026-03-02, work = 0.7 }}"]
PROCESS = [f"{STAGE}.factors.process={{ from = 2026-05-04, work = 0.7, reject = 0.5 }}"]
BETTER = [
    f"{STAGE}.factors.technology={{ from = 2026-03-02, work = 0.7 }}",
    f"{STAGE}.factors.process={{ from = 2026-05-04, work = 0.49, reject = 0.5 }}",
]
PEOPLE = [
    f"{TEAM}.changes.{name}={{ date = {date}, add = 1 }}"
    for name, date in (("april", "2026-04-01"), ("july", "2026-07-01"), ("october", "2026-10-01"))
]
REMEDIES = {
    "nothing": [],
    "technology": TECHNOLOGY,
    "process": PROCESS,
    "people": PEOPLE,
    "all three": [*BETTER, *PEOPLE],
}
REPLICATIONS = 20


def replicate(growth: int, remedy: str, replications: int, *, first: int = 0) -> Results:
    """Run one growth, in percent a month, with one remedy."""
    overrides = [f"adoption.advisers.growth={growth} % / month", *REMEDIES[remedy]]
    return ss.run(ss.load(CONFIG, overrides=overrides), replications=replications, first=first, engine="numpy")


def told(results: Results) -> dict[str, tuple[str, Estimate]]:
    """Return, each with its unit, how often the principals fall behind, when, and how many advisers they carry."""
    (outlook,), (support,) = results.stage_outlooks, results.support
    assert support.carried is not None
    return {
        "p_behind": ("", outlook.p_behind),
        "first_onset": ("days", outlook.first_onset),
        "carried": ("advisers per principal", support.carried),
        "kept_share": ("", results.by_name["posts", "", "", "publication_kept_share"]),
    }


def rows(growth: int, remedy: str, results: Results) -> Iterator[dict[str, object]]:
    """Yield a row per measure of one growth and remedy."""
    enabled = results.support[0].enabled[1]
    for name, (unit, estimate) in told(results).items():
        yield {
            "growth": growth,
            "remedy": remedy,
            "enabled": enabled,
            "measure": name,
            "unit": unit,
            **asdict(estimate),
        }


def table(summary: pd.DataFrame) -> Iterator[str]:
    """Write the summary as a Markdown table, for README.md."""
    yield "| growth a month | advisers in the end | remedy | behind | first, median | carried per principal | kept |"
    yield "|---" * 7 + "|"
    for (growth, remedy), of in summary.groupby(["growth", "remedy"], sort=False):
        by = of.set_index("measure")
        cells = [percent(by.loc["p_behind"]), day(by.loc["first_onset"]), carried(by.loc["carried"])]
        cells = [f"{growth} %", f"{of['enabled'].iloc[0]:,}", str(remedy), *cells, percent(by.loc["kept_share"])]
        yield f"| {' | '.join(cells)} |"


def percent(row: pd.Series) -> str:
    """Write a share with its interval."""
    value, low, high = (f"{100 * min(max(row[name], 0), 1):.0f}" for name in ("value", "low", "high"))
    return f"{value} % ({low}–{high})"


def day(row: pd.Series) -> str:
    """Write the day of an onset with its interval."""
    scenario = ss.load(CONFIG)
    value, low, high = (
        spelled(closing_date(scenario, row[name])) if math.isfinite(row[name]) else "never"
        for name in ("value", "low", "high")
    )
    return value if low == high == "never" else f"{value} ({low} – {high})"


def spelled(date: dt.date) -> str:
    """Write a date."""
    return f"{date.day} {date:%b}"


def carried(row: pd.Series) -> str:
    """Write the support ratio at which the principals fall behind, with its interval."""
    value, low, high = (f"{row[name]:.0f}" if math.isfinite(row[name]) else "more" for name in ("value", "low", "high"))
    return value if low == high == "more" else f"{value} ({low}–{high})"


def main() -> None:
    """Run everything and write summary.csv."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replications", type=int, default=REPLICATIONS)
    replications, done = parser.parse_args().replications, []
    for growth in GROWTHS:
        for remedy in REMEDIES:
            begun = time.monotonic()
            done += rows(growth, remedy, replicate(growth, remedy, replications))
            print(f"{growth:2} %, {remedy}: {time.monotonic() - begun:.0f} s", flush=True)
    part = HERE / "summary.csv.part"
    pd.DataFrame(done).to_csv(part, index=False, float_format="%.10g")
    part.replace(HERE / "summary.csv")
    print("\n".join(table(pd.read_csv(HERE / "summary.csv"))))


if __name__ == "__main__":
    main()
