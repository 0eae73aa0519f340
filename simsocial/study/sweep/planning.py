"""What is still to be done, cut into tasks that are soon done, so that little is lost when the sweep is ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from simsocial.config.experiments.experiment import Experiment
from simsocial.study.sweep.holdings import Holdings
from simsocial.study.sweep.work import Common, Done, Task

SECONDS: Final = 30.0
"""Of a processor, that a task should take."""
LANES_AT_FIRST: Final = 256
FEWEST_LANES: Final = 128
"""As fewer take longer each."""
MOST_LANES: Final = 16_384
MOST_POINTS: Final = 200
"""In a task, whose worker holds the scenarios of all of them."""


@dataclass(frozen=True)
class Stretch:
    """Points, next to each other in the design, of which the same replications are missing."""

    points: range
    replications: range

    @property
    def lanes(self) -> int:
        return len(self.points) * len(self.replications)


@dataclass
class Pace:
    """How many lanes a task should have: by what those took that are done, and so that all workers have work.

    Parameters
    ----------
    workers
        How many there are.
    left
        Lanes in no task yet.

    Attributes
    ----------
    lanes
        That take about the seconds wanted.
    """

    workers: int
    left: int
    lanes: float = field(init=False)

    def __post_init__(self) -> None:
        self.lanes = LANES_AT_FIRST

    def next(self) -> int:
        """Return how many lanes the next task should have."""
        share = self.left if self.workers == 1 else -(-self.left // (2 * self.workers))
        return max(FEWEST_LANES, min(int(self.lanes), share))

    def saw(self, done: Done) -> None:
        """Learn from a task that is done."""
        lanes = sum(len(part) for part in done.chunk.parts)
        self.lanes = min(max(lanes / max(done.seconds, 1e-3) * SECONDS, FEWEST_LANES), 4 * self.lanes, MOST_LANES)


def missing(experiment: Experiment, held: Holdings) -> list[Stretch]:
    """Return which replications of which points are not there yet, in the order of the design."""
    found: list[Stretch] = []
    since = 0
    before: tuple[range, ...] = ()
    for number, point in enumerate(experiment.points):
        gaps = _gaps(experiment, held, point.key)
        if gaps != before:
            found += [Stretch(range(since, number), gap) for gap in before]
            since, before = number, gaps
    return found + [Stretch(range(since, len(experiment.points)), gap) for gap in before]


def _gaps(experiment: Experiment, held: Holdings, key: str) -> tuple[range, ...]:
    if experiment.precision is None:
        return held.gaps(key, experiment.replications)
    return () if key in held else (range(experiment.precision.most),)  # one task makes all that a point needs (R57)


def tasks(experiment: Experiment, stretches: Sequence[Stretch], common: Common, pace: Pace) -> Iterator[Task]:
    """Yield what is to be done, each task cut when it is asked for."""
    least = experiment.precision.least if experiment.precision else 1
    for stretch in stretches:
        points, replications = stretch.points, stretch.replications
        while points:
            lanes = pace.next()
            many = len(replications) if experiment.precision is None else least
            some = points[: min(max(1, lanes // many), MOST_POINTS)]
            for part in _cut(replications, lanes if experiment.precision is None else len(replications)):
                changes = {point.key: dict(point.changes) for point in experiment.points[some.start : some.stop]}
                pace.left -= len(some) * len(part)
                yield Task(common, changes, part.start, len(part))
            points = points[len(some) :]


def _cut(replications: range, most: int) -> Iterator[range]:
    """Cut replications into parts of at most ``most``, as even as they can be."""
    parts = -(-len(replications) // most)
    size = -(-len(replications) // parts)
    return (replications[begin : begin + size] for begin in range(0, len(replications), size))
