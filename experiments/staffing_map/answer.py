"""Answers how many responders and reviewers the desk needs, for which growth, from the tables of the sweep beside it.

Reads the folder of the finished sweep, writes summary.csv, and prints a table for README.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from simsocial.measure.stats import wilson

HERE = Path(__file__).parent
SWEEP = Path("sweeps/staffing_map")
FACTORS = {
    "teams.responders.headcount": "responders",
    "teams.reviewers.headcount": "reviewers",
    "streams.mentions.arrivals.growth": "growth",
}
GROWTHS = (0.0, 2.0, 4.0, 6.0, 8.0, 9.5)
"""Per cent a month, of the table."""
SELDOM = 0.05
"""A desk keeps up when either team falls behind in fewer replications than this."""


def summary(folder: Path) -> pd.DataFrame:
    """Return a row per point: how often either team falls behind, and how far the promise is kept."""
    design = pd.read_parquet(folder / "design.parquet").rename(columns=FACTORS).set_index("point")
    behind = in_how_many(pd.read_parquet(folder / "replications.parquet"))
    kept = pd.read_parquet(folder / "results.parquet").query("measure == 'first_response_kept_share'")
    kept = kept.set_index("point")[["value", "low", "high"]].add_prefix("kept_").rename(columns={"kept_value": "kept"})
    return design[[*FACTORS.values()]].join(behind).join(kept).sort_values([*FACTORS.values()]).reset_index(drop=True)


def in_how_many(replications: pd.DataFrame) -> pd.DataFrame:
    """Return the share of each point's replications in which a team falls behind, with its 95 % interval."""
    teams = replications[(replications["measure"] == "p_behind") & (replications["team"] != "")]
    any_team = teams.groupby(["point", "replication"])["value"].max()
    shares = {point: wilson(int(of.sum()), len(of)) for point, of in any_team.groupby(level="point")}
    rows = {point: (share.value, share.low, share.high, share.n) for point, share in shares.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["behind", "behind_low", "behind_high", "n"])


def fewest(told: pd.DataFrame, growth: float) -> pd.DataFrame:
    """Return the smallest desks that keep up at a growth: those from which nobody can be taken."""
    fine = told[(told["growth"] == growth) & (told["behind"] < SELDOM)]
    pairs = {(row.responders, row.reviewers) for row in fine.itertuples()}
    least = {(a, b) for a, b in pairs if not any((c <= a and d <= b) and (c, d) != (a, b) for c, d in pairs)}
    return fine[[(a, b) in least for a, b in zip(fine["responders"], fine["reviewers"], strict=True)]]


def table(told: pd.DataFrame) -> Iterator[str]:
    """Write the answer as a Markdown table, for README.md."""
    yield "| growth a month | responders | reviewers | behind | kept | with a responder less | with a reviewer less |"
    yield "|---" * 7 + "|"
    by = told.set_index([*FACTORS.values()])["behind"]
    for growth in GROWTHS:
        for row in fewest(told, growth).itertuples():
            less = [by.get((row.responders - a, row.reviewers - 1 + a, growth)) for a in (1, 0)]
            cells = [f"{growth:g} %", str(row.responders), str(row.reviewers)]
            cells += [f"{percent(row.behind)} ({percent(row.behind_low, unit='')}–{percent(row.behind_high, unit='')})"]
            cells += [percent(row.kept), *("–" if share is None else percent(share) for share in less)]
            yield f"| {' | '.join(cells)} |"


def percent(share: float, *, unit: str = " %") -> str:
    """Write a share."""
    return f"{100 * share:.0f}{unit}"


def main() -> None:
    """Write summary.csv and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sweep", type=Path, nargs="?", default=SWEEP, help=f"folder of the sweep; default: {SWEEP}")
    told = summary(parser.parse_args().sweep)
    part = HERE / "summary.csv.part"
    told.to_csv(part, index=False, float_format="%.4g")
    part.replace(HERE / "summary.csv")
    print("\n".join(table(pd.read_csv(HERE / "summary.csv"))))


if __name__ == "__main__":
    main()
