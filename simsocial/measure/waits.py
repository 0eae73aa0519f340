"""How long visits waited, as histograms of every stage added up over replications (R44)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.measure.totals import by_stage
from simsocial.model.scenario import Scenario
from simsocial.model.tallies import Tallies
from simsocial.model.waits import bins, longest

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Waits:
    """Visits by how long they waited, of all replications of a run; shapes (steps, bins), the bins those of R44.

    Parameters
    ----------
    stages
        ``<stream>.<step>`` of each row, by streams and routes.
    served
        Visits whose work began.
    left
        Visits that left the queue.
    waiting
        Visits that still waited at the horizon, by their wait so far.
    """

    stages: tuple[str, ...]
    served: Counts
    left: Counts
    waiting: Counts

    @classmethod
    def none(cls, scenario: Scenario) -> Waits:
        """Return the histograms of no replication, which others are added to."""
        stages = tuple(f"{route.stream}.{step.name}" for route in scenario.desk.routes for step in route.steps)
        empty = (np.zeros((len(stages), bins(scenario.horizon)), np.int64) for _ in range(3))
        return cls(stages, *empty)

    def add(self, histograms: Counts) -> None:
        """Add those of a replication, from :func:`wait_histograms`."""
        for mine, its in zip((self.served, self.left, self.waiting), histograms, strict=True):
            mine += its

    def distribution(self, stage: str) -> tuple[Counts, npt.NDArray[np.float64]]:
        """Return the waits of a stage's served, ticks ascending, and the share of them that waited at most so long.

        Only bins that hold a wait are told, each by its longest one; both are empty where nobody was served.
        """
        served = self.served[self.stages.index(stage)]
        some = np.flatnonzero(served)
        return longest(some), served[some].cumsum() / max(served.sum(), 1)


def wait_histograms(scenario: Scenario, tallies: Tallies) -> Counts:
    """Return waits by stage of a replication, or of several: of the served, of those who left, and of those waiting.

    Returns
    -------
    ndarray of int
        Shape (…, 3, steps, bins).
    """
    queues = tallies.queues
    kinds = (queues.wait_histogram, queues.lost_histogram, queues.open_histogram)
    return np.stack([by_stage(scenario, histogram) for histogram in kinds], axis=-3)
