"""Answers the question of ibm_mentions.toml: how many responders does it take, and when does each fall behind?

Runs every headcount with the same draws, keeps each replication in replications.csv, and writes summary.csv and the
figure from them. Run again after an interruption, it goes on where it was.
"""

from __future__ import annotations

import argparse
import datetime as dt
import math
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from figure import draw
from scipy.stats import binom, binomtest, t

import simsocial as ss

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

KEY = ["set", "headcount", "replication"]
ONSETS = ["first_onset", "onset_for_good"]


# ---- replications ----------------------------------------------------------------------------------------------------


def replicate(change: str, headcount: int, number: int) -> dict[str, Any]:
    """Run one replication: promises due and kept, and when the desk fell behind (days from the start, or infinite)."""
    overrides = [f"teams.desk.headcount={headcount}", *([change] if change else [])]
    results = ss.run(ss.load(CONFIG, overrides=overrides), replications=1, first=number)
    of_run, series = results.replications(), results.series()
    values = of_run[of_run["team"] == ""].set_index("measure")["value"]
    last_week = series[series["start"] >= series["start"].max() - pd.Timedelta(days=7) + pd.Timedelta(hours=1)]
    totals = last_week.groupby("measure")["value"].sum()
    return {
        **dict(zip(KEY, (change, headcount, number), strict=True)),
        **{name: int(values[f"first_response_{name}"]) for name in ("due", "kept")},
        **{f"{name}_last_week": int(totals[f"first_response_{name}"]) for name in ("due", "kept")},
        **{name: float(values[name]) for name in ("late_share", *ONSETS)},
    }


def sweep(file: Path, replications: int) -> pd.DataFrame:
    """Run what ``file`` does not hold yet, and keep it there; return all that was asked for."""
    done = _held(file)
    for change, headcounts in POINTS.items():
        for headcount in headcounts:
            held = done[(done["set"] == change) & (done["headcount"] == headcount)]["replication"]
            missing = [number for number in range(replications) if number not in set(held)]
            begun = time.monotonic()
            rows = [replicate(change, headcount, number) for number in missing]
            if rows:
                done = pd.concat([done, pd.DataFrame(rows)] if len(done) else [pd.DataFrame(rows)])
                done = done.sort_values(KEY, ignore_index=True)
                _write(file, lambda part, table=done: table.to_csv(part, index=False))
            took = f"{len(rows)} replications in {time.monotonic() - begun:.0f} s" if rows else "already there"
            print(f"{headcount:3} responders{f', {change}' if change else ''}: {took}", flush=True)
    asked = [(change, headcount) for change, headcounts in POINTS.items() for headcount in headcounts]
    chosen = done[done["replication"] < replications].set_index(["set", "headcount"])
    return chosen.loc[asked].reset_index()


def read_replications(file: Path) -> pd.DataFrame:
    """Read what :func:`sweep` has kept, to the last bit."""
    return pd.read_csv(file, keep_default_na=False, converters=dict.fromkeys(("late_share", *ONSETS), float))


def _held(file: Path) -> pd.DataFrame:
    """Return the replications kept so far; refuse them when the first comes out differently today."""
    if not file.exists():
        return pd.DataFrame(columns=[*KEY])
    held = read_replications(file)
    first = held.iloc[0].to_dict()
    if replicate(*(first[name] for name in KEY)) != first:
        raise ss.InputError(ss.Fault("was made with another config or another simsocial; remove it", file=file))
    return held


# ---- statistics ------------------------------------------------------------------------------------------------------

Estimate = tuple[float, float, float]
"""Value, low and high."""


def mean_ratio(numerator: pd.Series, denominator: pd.Series) -> Estimate:
    """Estimate a ratio of means with Student's interval by the delta method."""
    value = numerator.sum() / denominator.sum()
    errors = (numerator - value * denominator) / denominator.mean()
    half = t.ppf((1 + CONFIDENCE) / 2, len(errors) - 1) * errors.std(ddof=1) / np.sqrt(len(errors))
    return value, value - half, value + half


def share(happened: pd.Series) -> Estimate:
    """Estimate a probability with Wilson's interval."""
    interval = binomtest(int(happened.sum()), len(happened)).proportion_ci(CONFIDENCE, method="wilson")
    return float(happened.mean()), interval.low, interval.high


def median(values: pd.Series) -> Estimate:
    """Estimate a median with an interval of order statistics; infinite where fewer than half are finite."""
    ordered, n, tail = np.sort(values), len(values), (1 - CONFIDENCE) / 2
    low, high = int(binom.ppf(tail, n, 0.5)) - 1, int(binom.ppf(1 - tail, n, 0.5))
    within = [float(ordered[rank]) if 0 <= rank < n else np.nan for rank in (low, high)]
    return float(ordered[(n + 1) // 2 - 1]), *within


MEASURES: dict[str, tuple[str, Callable[[pd.DataFrame], Estimate]]] = {
    "kept_share": ("", lambda of: mean_ratio(of["kept"], of["due"])),
    "kept_share_last_week": ("", lambda of: mean_ratio(of["kept_last_week"], of["due_last_week"])),
    "late_share": ("", lambda of: mean_ratio(of["late_share"], pd.Series(1.0, of.index))),
    "p_behind": ("", lambda of: share(np.isfinite(of["first_onset"]))),
    "first_onset": ("days", lambda of: median(of["first_onset"])),
    "p_behind_for_good": ("", lambda of: share(np.isfinite(of["onset_for_good"]))),
    "onset_for_good": ("days", lambda of: median(of["onset_for_good"])),
}
"""Unit and estimate of each measure; names, and days from the start, are those of docs/measures.md."""


def summarise(replications: pd.DataFrame) -> pd.DataFrame:
    """Return one row per headcount and measure."""
    rows = [
        {"set": change, "headcount": headcount, "measure": name, "unit": unit}
        | dict(zip(("value", "low", "high"), estimate(of), strict=True))
        | {"confidence": CONFIDENCE, "n": len(of)}
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
