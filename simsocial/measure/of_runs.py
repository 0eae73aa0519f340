"""What a run measures: the rows of its tables, known before it is run, and their values once it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from simsocial.measure import measures, recovery
from simsocial.measure.behind import onset
from simsocial.measure.behind.path import Path
from simsocial.measure.behind.stages import stages
from simsocial.measure.rows import Row
from simsocial.model.scenario import Scenario
from simsocial.model.tallies import Tallies

Floats = npt.NDArray[np.float64]


def rows_of_run(scenario: Scenario) -> tuple[Row, ...]:
    """Return the rows of a run of ``scenario``, in the order of its tables."""
    return (*measures.rows(scenario), *recovery.rows(scenario), *onset.rows(stages(scenario)))


def values_of_run(scenario: Scenario, tallies: Tallies, fared: Sequence[tuple[Path, ...]]) -> tuple[Floats, Floats]:
    """Return numerators and denominators of those rows, shape (replications, rows).

    Parameters
    ----------
    scenario
        That was run.
    tallies
        Of some replications.
    fared
        How each stage fared in each of them.
    """
    numerators, denominators = measures.evaluate(scenario, tallies)
    back = recovery.evaluate(scenario, tallies)
    of_stages, below = (np.array(values) for values in zip(*map(onset.evaluate, fared), strict=True))
    return np.hstack([numerators, back, of_stages]), np.hstack([denominators, np.ones_like(back), below])
