"""M2, the reference workload: its five published figures, and how a run of the bundled config yields them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from reference_samples import Floats, Target, one

import simsocial as ss
from simsocial.simulation.replication import Replication

CONFIG = Path(__file__).parents[1] / "configs" / "m2.toml"


def _figure(name: str, value: float, se: float) -> Target:
    return Target(name, "", (one, one), value, se)


TARGETS = (
    _figure("share of all arrivals whose handling starts within 0.25 h", 0.5019, 0.0002),
    _figure("share abandoned", 0.1243, 0.0001),
    _figure("mean time of a review visit, service included, h", 0.731, 0.001),
    _figure("occupancy of the responders", 0.8455, 0.0001),
    _figure("mean first wait of the handled, h", 0.4778, 0.0005),
)
"""Values and standard errors of 1 000 long runs by others."""

MEASURES = (("pickup_kept_share", 1.0), ("abandoned_share", 1.0), ("visit_mean", 1 / 60), ("occupancy", 1.0))


def samples(*, replications: int = 200, overrides: Mapping[str, object] | None = None) -> list[Floats]:
    """Run M2; return shape (2, targets) for each replication: numerators and denominators."""
    scenario = ss.load(CONFIG, overrides=overrides or {})
    first_waits: list[tuple[float, int]] = []

    def watch(replication: Replication, _: int) -> None:
        visits = replication.trace.visits(unit="h")
        first = visits[(visits["step"] == "handle") & (visits["visit"] == 1) & (visits["start"].notna())]
        waits = (first["start"] - first["joined"])[first["joined"] >= scenario.warmup / 3_600_000]
        first_waits.append((waits.sum(), len(waits)))

    table = ss.run(scenario, replications=replications, progress=watch).replications()
    chosen = table[(table["step"] != "handle") & (table["team"] != "reviewers")]
    sums = chosen.groupby(["replication", "measure"])[["numerator", "denominator"]].sum()
    rows = []
    for number, waits in enumerate(first_waits):
        figures = [sums.loc[(number, name)] * [unit, 1] for name, unit in MEASURES]
        rows.append(np.array([*(figure.to_numpy() for figure in figures), waits]).T)
    return rows
