"""Who broke which promise, message by message or visit by visit (R6–R8)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.measure.tally import buckets, promises
from simsocial.measure.tally.replications import Replications
from simsocial.model.log import Logs
from simsocial.model.promises import Promise
from simsocial.model.scenario import Scenario
from simsocial.simulation.trace import Trace

Ticks = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Cases:
    """All in one replication to whom a promise was made: messages, or visits to a step.

    Parameters
    ----------
    stream, promise
        Index of the stream, and what it promises.
    message
        Shape (cases,), index of the message in its stream.
    due, measured
        Shape (cases,), ticks: when it is due; the instant that it is about, ``NEVER`` if that did not come.
    counts
        Shape (cases,), whether measures count it (R8, R9, R91).
    """

    stream: int
    promise: Promise
    message: npt.NDArray[np.int64]
    due: Ticks
    measured: Ticks
    counts: Bools

    @property
    def broken(self) -> Bools:
        """Shape (cases,)."""
        return self.counts & (self.measured > self.due)

    def due_in(self, after: int, until: int) -> Bools:
        """Return which count and are due in ``(after, until]``."""
        return self.counts & (self.due > after) & (self.due <= until)


def all_cases(scenario: Scenario, trace: Trace) -> tuple[Cases, ...]:
    """Return the cases of every promise, by stream, then as in ``Stream.promises``."""
    alone = Replications(scenario, [trace.given], [trace.roster], Logs.of(trace.log), buckets(scenario))
    made = [(stream, promises.cases(alone, stream, promise))
            for stream, of_stream in enumerate(scenario.streams) for promise in of_stream.promises]  # fmt: skip
    return tuple(
        Cases(stream, case.promise, case.message, case.due, case.measured, case.judged) for stream, case in made
    )
