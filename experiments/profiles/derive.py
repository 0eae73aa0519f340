"""Derives the built-in weekly profile ``retail_mentions`` from public counts of mentions of two retailers.

``python experiments/profiles/derive.py [FOLDER]`` prints the weights that simsocial has. The folder is ``realTweets``
of the Numenta Anomaly Benchmark (https://github.com/numenta/NAB, MIT): mentions on Twitter per 5 minutes, 26 February
to 22 April 2015. Per company: counts of the hours of whole local days; the midmean (mean of the middle half, in which
no burst lies) of each hour over the weekdays, in proportion to the mean of the 24; the midmean of the days' totals over
the Saturdays, and over the Sundays, in proportion to that over the weekdays. The profile is the mean of the two.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import trim_mean

COMPANIES = ("AMZN", "CVS")
"""The two retailers among the five companies of the benchmark."""
ZONE = "America/New_York"
"""Where a retailer's customers are assumed to be; that the files are in UTC is assumed too: they do not say."""
DATA = Path(os.environ.get("SIMSOCIAL_DATA", Path(__file__).parents[3] / "shared" / "data")) / "nab"


def days(file: Path, *, zone: str = ZONE) -> pd.DataFrame:
    """Return the counts of a file: a row per whole local date, a column per hour in which a count began."""
    counts = pd.read_csv(file, index_col="timestamp", parse_dates=True)["value"]
    local = pd.DatetimeIndex(counts.index).tz_localize("UTC").tz_convert(zone).tz_localize(None)
    hourly = counts.groupby([local.normalize(), local.hour]).agg(["sum", "size"])
    return hourly["sum"].where(hourly["size"] == 12).unstack().dropna()


def weights(counts: pd.DataFrame, *, cut: float = 0.25) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the weights of the 24 hours (mean 1) and of the 7 days (weekday 1); ``cut`` is left out at each end."""
    weekday = pd.DatetimeIndex(counts.index).day_of_week
    hours = trim_mean(counts[weekday < 5], cut, axis=0)
    totals = counts.sum(axis="columns")
    usual, saturday, sunday = (trim_mean(totals[of], cut) for of in (weekday < 5, weekday == 5, weekday == 6))
    return hours / hours.mean(), np.array([1.0] * 5 + [saturday / usual, sunday / usual])


def retail_mentions(
    folder: Path = DATA, *, zone: str = ZONE, cut: float = 0.25
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the weights of the hours and of the days, rounded to two decimals."""
    found = [weights(days(folder / f"Twitter_volume_{company}.csv", zone=zone), cut=cut) for company in COMPANIES]
    hours, shares = (np.mean(of, axis=0).round(2) for of in zip(*found, strict=True))
    return hours, shares


if __name__ == "__main__":
    for numbers in retail_mentions(*map(Path, sys.argv[1:2])):
        print(*(f"{number:.2f}" for number in numbers), sep=", ")
