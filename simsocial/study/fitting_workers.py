"""How many processes a run is worth."""

from __future__ import annotations

from typing import Final

from simsocial.model.scenario import Scenario
from simsocial.simulation.executors import cores
from simsocial.study.check import check

WORTH_SECONDS: Final = 10.0
"""Expected processor time of a run from which on several workers end earlier than one; each takes a second to start."""


def fitting_workers(scenario: Scenario, replications: int | None = None) -> int:
    """Return how many processes a run of the scenario is worth: one per core, or one when it is short.

    Parameters
    ----------
    scenario
        What is to be run.
    replications
        How many; default: at least those of the run settings.
    """
    expected = check(scenario).estimate
    number = expected.replications[0] if replications is None else replications
    return min(cores(), number) if number * expected.seconds >= WORTH_SECONDS else 1
