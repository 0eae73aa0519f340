"""Answers how many principals the broker needs while adoption speeds up, from the tables of the sweep beside it.

Reads the folder of the finished sweep, writes summary.csv, and prints a table for README.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
SWEEP = Path("sweeps/principals_by_adoption")
FACTORS = {
    "teams.principals.headcount": "principals",
    "adoption.advisers.midpoint": "midpoint",
    "streams.posts.steps.review.reject": "reject",
}
MEASURES = {"p_behind": "behind", "publication_kept_share": "kept", "occupancy": "occupancy"}
SELDOM = 0.05
"""Principals are enough when review of posts falls behind in fewer replications than this."""


def summary(folder: Path) -> pd.DataFrame:
    """Return a row per point: how often review of posts falls behind, how far the promise is kept, how busy it is."""
    design = pd.read_parquet(folder / "design.parquet").rename(columns=FACTORS).set_index("point")
    results = pd.read_parquet(folder / "results.parquet")
    told = design[[*FACTORS.values()]]
    for measure, name in MEASURES.items():
        of = results[results["measure"] == measure].set_index("point")[["value", "low", "high"]]
        told = told.join(of.rename(columns={"value": name, "low": f"{name}_low", "high": f"{name}_high"}))
    told = told.join(results.groupby("point")["n"].first())
    return told.sort_values([*FACTORS.values()]).reset_index(drop=True)


def table(told: pd.DataFrame) -> Iterator[str]:
    """Write the answer as a Markdown table, for README.md."""
    yield "| half enabled after | rejected | principals that are enough | behind | kept | with the next fewer |"
    yield "|---" * 6 + "|"
    for (midpoint, reject), of in told.groupby(["midpoint", "reject"]):
        enough = of[of["behind"] < SELDOM].head(1)
        cells = [str(midpoint), percent(reject)]
        if enough.empty:
            most = of.iloc[-1]
            yield f"| {' | '.join([*cells, f'more than {most.principals}', share(most), percent(most.kept), '–'])} |"
            continue
        row = enough.iloc[0]
        fewer = of[of["principals"] < row["principals"]].tail(1)
        less = "–" if fewer.empty else f"{fewer.iloc[0].principals}: {share(fewer.iloc[0])}"
        yield f"| {' | '.join([*cells, str(row.principals), share(row), percent(row.kept), less])} |"


def share(row: pd.Series) -> str:
    """Write how often review falls behind, with its interval."""
    return f"{percent(row.behind)} ({100 * row.behind_low:.0f}–{100 * row.behind_high:.0f})"


def percent(part: float) -> str:
    """Write a share."""
    return f"{100 * part:.0f} %"


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
