"""Answers how long the desk of configs/viral_event.toml needs to be back after a viral event, by size and headcount.

Runs every size and headcount with the same draws, and writes summary.csv and a table for README.md.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pandas as pd

import simsocial as ss
from simsocial.measure.recovery import time_until_back
from simsocial.measure.stats import Estimate, order_quantile, ratio, wilson
from simsocial.simulation.replication import Replication
from simsocial.units import DAY, WEEK

HERE = Path(__file__).parent
CONFIG = HERE.parents[1] / "configs" / "viral_event.toml"
STAGE, EVENT = "mentions.respond", "streams.mentions.arrivals.bursts.viral"
SIZES, HEADCOUNTS = (0, 1000, 2000, 4000, 8000), (5, 8, 12)
CONFIDENCE = 0.95
REPLICATIONS = 40


# ---- replications ----------------------------------------------------------------------------------------------------


def replicate(size: int, headcount: int, replications: int, *, first: int = 0) -> pd.DataFrame:
    """Run a size of the event and a headcount; tell of each replication when the desk was back, and promises."""
    scenario = ss.load(CONFIG, overrides=[f"{EVENT}.size={size}", f"teams.desk.headcount={headcount}"])
    rows: list[dict[str, float]] = []
    ss.run(scenario, replications=replications, first=first, progress=lambda each, _: rows.append(told(each)))
    return pd.DataFrame(rows).assign(size=size, headcount=headcount)


def told(replication: Replication) -> dict[str, float]:
    """Tell when the desk was back (R77), and the promises due in the week from the event on and kept."""
    scenario, tallies = replication.scenario, replication.tallies
    since = begins(scenario)
    week = (tallies.edges[:-1] >= since) & (tallies.edges[:-1] < since + WEEK)
    return {
        "replication": replication.number,
        "hours_until_back": time_until_back(scenario, tallies, stage=STAGE, since=since),
        "due": int(tallies.promises.due[0, week].sum()),
        "kept": int(tallies.promises.kept[0, week].sum()),
        "abandoned": int(tallies.streams.abandoned[0].sum()),
    }


def begins(scenario: ss.Scenario) -> int:
    """Return the tick at which the viral event begins."""
    (event,) = (each for each in scenario.streams[0].arrivals.bursts if each.name == "viral")
    return int(event.begins.instants[0])


# ---- statistics and words --------------------------------------------------------------------------------------------


def estimates(of: pd.DataFrame) -> dict[str, tuple[str, Estimate]]:
    """Estimate, with the unit of each: medians and 90 % quantiles over replications, and shares."""
    back = of["hours_until_back"] / 24
    return {
        "back_p50": ("days", order_quantile(back, 0.5, CONFIDENCE)),
        "back_p90": ("days", order_quantile(back, 0.9, CONFIDENCE)),
        "back_within_a_week": ("", wilson(int((back <= WEEK / DAY).sum()), len(back), CONFIDENCE)),
        "kept_share_of_the_week": ("", ratio(of["kept"], of["due"], CONFIDENCE)),
    }


def summarise(replications: pd.DataFrame) -> pd.DataFrame:
    """Return one row per size, headcount and measure."""
    return pd.DataFrame(
        [
            {"size": size, "headcount": headcount, "measure": name, "unit": unit} | asdict(estimate)
            for (size, headcount), of in replications.groupby(["size", "headcount"])
            for name, (unit, estimate) in estimates(of).items()
        ]
    )


def table(summary: pd.DataFrame) -> Iterator[str]:
    """Write the summary as a Markdown table, for README.md."""
    yield "| event | responders | back after, median | 9 of 10 back after | back within a week | kept in that week |"
    yield "|---" * 6 + "|"
    for (size, headcount), of in summary.groupby(["size", "headcount"]):
        by = of.set_index("measure")
        cells = [days(by.loc["back_p50"]), days(by.loc["back_p90"])]
        cells += [percent(by.loc[name]) for name in ("back_within_a_week", "kept_share_of_the_week")]
        yield f"| {' | '.join([f'{size:,}', str(headcount), *cells])} |"


def days(row: pd.Series) -> str:
    """Write a number of days with its interval."""
    value, low, high = (
        "not within" if math.isinf(row[name]) else f"{row[name]:.1f}" for name in ("value", "low", "high")
    )
    return f"{value} days ({low}–{high})" if math.isfinite(row["value"]) else f"{value} ({low}–{high})"


def percent(row: pd.Series) -> str:
    """Write a share with its interval."""
    value, low, high = (f"{100 * row[name]:.0f}" for name in ("value", "low", "high"))
    return f"{value} % ({low}–{high})"


def main() -> None:
    """Run everything and write summary.csv."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replications", type=int, default=REPLICATIONS)
    replications, done = parser.parse_args().replications, []
    for size in SIZES:
        for headcount in HEADCOUNTS:
            begun = time.monotonic()
            done.append(replicate(size, headcount, replications))
            print(f"{size:6,} mentions, {headcount:2} responders: {time.monotonic() - begun:.0f} s", flush=True)
    summary = summarise(pd.concat(done, ignore_index=True))
    part = HERE / "summary.csv.part"
    summary.to_csv(part, index=False, float_format="%.10g")
    part.replace(HERE / "summary.csv")
    print("\n".join(table(summary)))


if __name__ == "__main__":
    main()
