"""Answers the question of ibm_mentions.toml: how many responders does it take, and when does each fall behind?

Runs every headcount with the same draws and writes summary.csv and the figure. Each headcount that is done is kept in
replications.csv: run again after an interruption, it goes on where it was.
"""

from __future__ import annotations

import argparse
import datetime as dt
import math
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
from figure import draw

import simsocial as ss
from simsocial.measure.stats import Estimate, order_quantile, ratio, student, wilson
from simsocial.simulation.replication import Replication
from simsocial.units import WEEK

HERE = Path(__file__).parent
CONFIG = HERE / "ibm_mentions.toml"
START = dt.datetime(2015, 2, 26, 21, 42, 53)
TARGET, CONFIDENCE = 0.80, 0.95

SCALE, WORK = "streams.mentions.arrivals.replay.scale", "streams.mentions.steps.respond.work.mean"
POINTS = {
    "": (18, 20, 24, 28, 30, 31, 32, 36, 37, 40, 48, 53, 54, 55, 64),
    f"{SCALE}=1.0": (16, 17, 18),
    f"{WORK}=5 min": (31, 32),
}
"""What is set besides the headcount, and the headcounts tried."""

ONSETS = ["first_onset", "onset_for_good"]
MEASURED = ["first_response_due", "first_response_kept", "late_share", *ONSETS]


# ---- replications ----------------------------------------------------------------------------------------------------


def replicate(change: str, headcount: int, replications: int, *, first: int = 0) -> pd.DataFrame:
    """Run a headcount; tell of each replication the promises due and kept, and the days when the desk fell behind."""
    weeks: list[dict[str, int]] = []
    scenario = ss.load(CONFIG, overrides=[f"teams.desk.headcount={headcount}", *([change] if change else [])])
    results = ss.run(
        scenario, replications=replications, first=first, progress=lambda each, _: weeks.append(last_week(each))
    )
    of_desk = results.replications().query("team == '' and measure in @MEASURED")
    values = of_desk.pivot(index="replication", columns="measure", values="value")
    columns = {
        "set": change,
        "headcount": headcount,
        "replication": values.index,
        **{name: values[f"first_response_{name}"].astype(int) for name in ("due", "kept")},
        **{f"{name}_last_week": [week[name] for week in weeks] for name in ("due", "kept")},
        **{name: values[name] for name in ("late_share", *ONSETS)},
    }
    return pd.DataFrame(columns).reset_index(drop=True)


def last_week(replication: Replication) -> dict[str, int]:
    """Count the promises due in the last seven days, and those of them that were kept."""
    promises, edges = replication.tallies.promises, replication.tallies.edges
    since = np.searchsorted(edges, replication.scenario.horizon - WEEK)
    return {"due": int(promises.due[0, since:].sum()), "kept": int(promises.kept[0, since:].sum())}


def sweep(file: Path, replications: int) -> pd.DataFrame:
    """Run every headcount that ``file`` does not hold yet, and keep it there; return all of them."""
    asked = [(change, headcount) for change, headcounts in POINTS.items() for headcount in headcounts]
    done = _held(file, replications)
    for change, headcount in asked:
        begun, took = time.monotonic(), "already there"
        if (change, headcount) not in done:
            done[change, headcount] = replicate(change, headcount, replications)
            _write(file, lambda part: pd.concat(done.values()).to_csv(part, index=False))
            took = f"{time.monotonic() - begun:.0f} s"
        print(f"{headcount:3} responders{f', {change}' if change else ''}: {took}", flush=True)
    return pd.concat([done[point] for point in asked], ignore_index=True)


def _held(file: Path, replications: int) -> dict[tuple[str, int], pd.DataFrame]:
    """Return the headcounts kept so far; refuse them when the first replication comes out differently today."""
    if not file.exists():
        return {}
    converters = dict.fromkeys(("late_share", *ONSETS), float)  # to the last bit
    held = pd.read_csv(file, keep_default_na=False, converters=converters)
    if not replicate(held["set"][0], int(held["headcount"][0]), 1).equals(held[:1]):
        raise ss.InputError(ss.Fault("was made with another config or another simsocial; remove it", file=file))
    return {key: of for key, of in held.groupby(["set", "headcount"]) if len(of) == replications}


# ---- statistics ------------------------------------------------------------------------------------------------------


def share_behind(onsets: pd.Series) -> Estimate:
    """Estimate the probability that an onset comes at all."""
    return wilson(int(np.isfinite(onsets).sum()), len(onsets), CONFIDENCE)


MEASURES: dict[str, tuple[str, Callable[[pd.DataFrame], Estimate]]] = {
    "kept_share": ("", lambda of: ratio(of["kept"], of["due"], CONFIDENCE)),
    "kept_share_last_week": ("", lambda of: ratio(of["kept_last_week"], of["due_last_week"], CONFIDENCE)),
    "late_share": ("", lambda of: student(of["late_share"], CONFIDENCE)),
    "p_behind": ("", lambda of: share_behind(of["first_onset"])),
    "first_onset": ("days", lambda of: order_quantile(of["first_onset"], 0.5, CONFIDENCE)),
    "p_behind_for_good": ("", lambda of: share_behind(of["onset_for_good"])),
    "onset_for_good": ("days", lambda of: order_quantile(of["onset_for_good"], 0.5, CONFIDENCE)),
}
"""Unit and estimate of each measure; names, and days from the start, are those of docs/measures.md."""


def summarise(replications: pd.DataFrame) -> pd.DataFrame:
    """Return one row per headcount and measure."""
    rows = [
        {"set": change, "headcount": headcount, "measure": name, "unit": unit} | asdict(estimate(of))
        for (change, headcount), of in replications.groupby(["set", "headcount"])
        for name, (unit, estimate) in MEASURES.items()
    ]
    return pd.DataFrame(rows)


# ---- words -----------------------------------------------------------------------------------------------------------


def answers(summary: pd.DataFrame) -> Iterator[str]:
    """Say the smallest headcount of those tried that surely keeps the promise, for all that is set."""
    for change, of in summary.groupby("set"):
        for measure in ("kept_share", "kept_share_last_week"):
            tried = of[of["measure"] == measure].set_index("headcount").sort_index()
            enough = tried.index[tried["low"] >= TARGET]
            too_few = [each for each in tried.index if len(enough) and each < enough[0]]
            told = [f"{each}: {percent(tried.loc[each])}" for each in (*too_few[-1:], *enough[:1])]
            print_as = f"{change or 'as it is'}, {measure}"
            yield f"{print_as}: {enough[0]} ({'; '.join(told)})" if len(enough) else f"{print_as}: more than were tried"


def table(summary: pd.DataFrame) -> Iterator[str]:
    """Write the headcounts as a Markdown table, for README.md."""
    headings = (
        "responders",
        "kept in eight weeks",
        "kept in the last week",
        "days late",
        "behind",
        "first",
        "for good",
    )
    yield f"| {' | '.join(headings)} |"
    yield "|---" * len(headings) + "|"
    for headcount, of in summary[summary["set"] == ""].groupby("headcount"):
        by = of.set_index("measure")
        behind = by.loc["p_behind"]
        cells = [percent(by.loc[name]) for name in ("kept_share", "kept_share_last_week", "late_share")]
        often = f"{round(behind['value'] * behind['n'])} of {behind['n']}"
        cells += [f"{often} ({math.floor(100 * behind['low'])}–{math.ceil(100 * behind['high'])} %)"]
        cells += [date(by.loc[name]) for name in ONSETS]
        yield f"| {headcount} | {' | '.join(cells)} |"


def percent(estimate: pd.Series) -> str:
    """Write a share with its interval, such as ``80.3 % (79.8–80.8)``."""
    value, low, high = (max(0.0, 100 * estimate[name]) for name in ("value", "low", "high"))
    return f"{value:.1f} % ({low:.1f}–{high:.1f})"


def date(onset: pd.Series) -> str:
    """Write the median date of an onset, with its interval; midnight closes the date before it."""
    if not np.isfinite(onset["value"]):
        return "not within"
    value, low, high = (closing(onset[name]) for name in ("value", "low", "high"))
    return value if low == high == value else f"{value} ({low} – {high})"


def closing(days: float) -> str:
    """Write the date that ends ``days`` after the start."""
    if not np.isfinite(days):
        return "later"
    return f"{START + dt.timedelta(days=days) - dt.timedelta(milliseconds=1):%-d %b}"


# ---- files -----------------------------------------------------------------------------------------------------------


def _write(file: Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` make a file, which appears whole or not at all."""
    part = file.with_name(f".{file.stem}.part{file.suffix}")
    try:
        write(part)
        os.replace(part, file)
    finally:
        part.unlink(missing_ok=True)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--replications", type=int, default=20, help="of each headcount (default: 20)")
    asked.add_argument("--out", type=Path, default=HERE, help="folder of the files (default: that of the program)")
    arguments = asked.parse_args()
    out: Path = arguments.out
    try:
        summary = summarise(sweep(out / "replications.csv", arguments.replications))
    except ss.InputError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    _write(out / "summary.csv", lambda part: summary.to_csv(part, index=False))
    _write(out / "when_each_headcount_falls_behind.png", lambda part: draw(summary[summary["set"] == ""], START, part))
    print(*answers(summary), "", *table(summary), sep="\n")


if __name__ == "__main__":
    main()
