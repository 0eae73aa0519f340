"""The reference workload M2 against the five figures that others published of it.

The short run takes ten days, twenty times; ``python -m pytest -m long tests/test_m2.py`` takes 200 runs of 2 400 h,
about eight minutes on one core. Its figures are in ``docs/validation.md``.
"""

from __future__ import annotations

import pytest
from reference_samples import deviations, estimate, off
from validation import m2
from workload_m2 import TARGETS, samples

SHORT = {"time.horizon": "264 h", "time.warmup": "24 h"}
FLAT = {f"streams.{name}.arrivals.profile": "flat" for name in ("urgent", "normal")}


def z_of(**changes: str) -> dict[str, float]:
    rows = samples(replications=20, overrides=SHORT | changes)
    return deviations(TARGETS, *estimate(rows, TARGETS))


def test_short_runs_agree() -> None:
    assert off(z_of()) == {}


def test_without_the_swing_of_the_day_they_do_not() -> None:
    """Negative control: every figure but that of the reviewers, who see little of the swing, is off by far."""
    assert set(off(z_of(**FLAT))) == {target.name for target in TARGETS} - {TARGETS[2].name}


@pytest.mark.long
def test_long_runs_agree() -> None:
    assert off(m2().z) == {}
