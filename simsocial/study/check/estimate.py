"""What a run will cost: messages, visits, time and memory, from constants measured once."""

from __future__ import annotations

import math
from dataclasses import dataclass

from simsocial.measure.fluid import Forecast
from simsocial.measure.series import series_rows
from simsocial.model.memory import BYTES_AT_REST, BYTES_PER_CELL, BYTES_PER_VISIT
from simsocial.model.scenario import Scenario

SECONDS_PER_VISIT = 4e-6
"""Drawing, the quickest engine and tallies; measured: 2.5 to 5 µs on one core, with one or two steps per message."""
SECONDS_PER_REPLICATION = 7e-3
"""What any replication costs besides, in its measures; measured: 6 to 7 ms."""


@dataclass(frozen=True)
class Estimate:
    """Expected size of a run; an upper one, as messages that leave need no more visits.

    Parameters
    ----------
    messages, visits, seconds
        Of one replication.
    memory
        Bytes, at the peak of one replication.
    replications
        Least and most that the run settings plan.
    """

    messages: float
    visits: float
    seconds: float
    memory: float
    replications: tuple[int, int]


def estimate(made: Forecast, scenario: Scenario) -> Estimate:
    """Estimate the size of a run of ``scenario`` from what the forecast expects."""
    run = scenario.run
    messages, visits = float(made.offered.messages.sum()), float(made.offered.visits.sum())
    handled = max(messages, visits)  # noise that joins no queue costs as much as a visit at most
    cells = math.ceil(scenario.horizon / scenario.interval) * len(series_rows(scenario))
    planned = (run.replications, run.replications)
    if run.precision is not None:
        planned = (run.precision.least, run.precision.most)
    return Estimate(
        messages=messages,
        visits=visits,
        seconds=SECONDS_PER_REPLICATION + SECONDS_PER_VISIT * handled,
        memory=BYTES_AT_REST + BYTES_PER_VISIT * handled + BYTES_PER_CELL * cells,
        replications=planned,
    )
