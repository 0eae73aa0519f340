"""A profile called measured comes out of the files it was measured on, by the program that says how."""

from __future__ import annotations

import os
import sys
import types
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from simsocial.config.profiles import PROFILES

HOME = Path(__file__).parents[1] / "experiments" / "profiles"
NAB = Path(os.environ.get("SIMSOCIAL_DATA", Path(__file__).parents[2] / "shared" / "data")) / "nab"
RETAIL = PROFILES["retail_mentions"]

needs_files = pytest.mark.skipif(not NAB.exists(), reason=f"no counts of mentions in {NAB}; SIMSOCIAL_DATA says where")


@pytest.fixture(scope="module")
def derive() -> types.ModuleType:
    """The program, imported from its folder."""
    sys.path.insert(0, str(HOME))
    try:
        return import_module("derive")
    finally:
        sys.path.remove(str(HOME))


def weekly(hours: np.ndarray, shares: np.ndarray) -> list[float]:
    return np.outer(shares, hours).ravel().tolist()


@needs_files
def test_retail_mentions_are_what_was_measured(derive: types.ModuleType) -> None:
    assert weekly(*derive.retail_mentions(NAB)) == pytest.approx(RETAIL, abs=1e-12)


@needs_files
@pytest.mark.parametrize("other", [{"zone": "UTC"}, {"zone": "America/Chicago"}, {"cut": 0.0}], ids=str)
def test_another_method_would_be_noticed(derive: types.ModuleType, other: dict[str, object]) -> None:
    """Negative control: other zones, and means that bursts reach, give other weights."""
    assert weekly(*derive.retail_mentions(NAB, **other)) != pytest.approx(RETAIL, abs=0.01)


def test_the_method_finds_the_week_that_counts_were_made_from(derive: types.ModuleType, tmp_path: Path) -> None:
    """Counts laid out by known weights on the clocks of New York, with a burst and the start of summer time in them."""
    hours, shares = 1 + np.arange(24), np.array([4, 4, 4, 4, 4, 2, 1])
    local = pd.date_range("2015-02-27 00:01", "2015-04-20 12:00", freq="5min", tz=derive.ZONE)
    counts = hours[local.hour] * shares[local.day_of_week]
    counts[:288] *= 1000
    stamps = local.tz_convert("UTC").tz_localize(None)
    pd.DataFrame({"timestamp": stamps, "value": counts}).to_csv(tmp_path / "counts.csv", index=False)
    found = derive.weights(derive.days(tmp_path / "counts.csv"))
    np.testing.assert_allclose(found[0], hours / hours.mean())
    np.testing.assert_allclose(found[1], [1, 1, 1, 1, 1, 0.5, 0.25])
