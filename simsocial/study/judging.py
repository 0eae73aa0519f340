"""Points of an experiment judged by several processes, where that ends earlier than one alone (R116)."""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any, Final

from simsocial.config.experiments.experiment import Experiment
from simsocial.config.experiments.judging import judge_points
from simsocial.config.variants import Variants
from simsocial.errors import Fault
from simsocial.simulation.execution import in_order
from simsocial.simulation.executors import local

LOOK: Final = 1000
"""Points after which it is known about how long the others take."""
WORTH_SECONDS: Final = 8.0
"""Of the points that are left, from which on several processes end earlier; each takes seconds to start."""
POINTS_OF_TASK: Final = 500

Faults = tuple[Fault, ...]
Changes = list[Mapping[str, Any]]


def judge_together(experiment: Experiment, *, workers: int) -> None:
    """Judge every point as :func:`judge_points` does, in as many processes as there are workers if it is worth it.

    Parameters
    ----------
    experiment
        Whose points are judged.
    workers
        Processes at most; with 1, this process does all.

    Raises
    ------
    InputError
        As :func:`judge_points`, whoever judges which points.
    """
    with closing(_faults(experiment, workers)) as found:
        judge_points(experiment, found=found)


def _faults(experiment: Experiment, workers: int) -> Generator[Faults, None, None]:
    """Yield what is wrong with each point, in their order."""
    changes = (point.changes for point in experiment.points)
    begun, variants = time.monotonic(), Variants(experiment.base)
    yield from map(variants.faults, islice(changes, LOOK))
    left = (time.monotonic() - begun) / LOOK * (len(experiment.points) - LOOK)
    if workers == 1 or left < WORTH_SECONDS:
        yield from map(variants.faults, changes)
        return
    del variants  # and all that they remember: the workers have their own
    tasks = iter(lambda: list(islice(changes, POINTS_OF_TASK)), [])
    for several in in_order(_judged, tasks, executor=local(workers, _begin, (experiment.base,)), ahead=2 * workers):
        yield from several


_BASE: Final[list[Variants]] = []
"""In a worker: the variants that it judges."""


def _begin(base: Path) -> None:
    _BASE.append(Variants(base))


def _judged(points: Changes) -> list[Faults]:
    (variants,) = _BASE
    return [variants.faults(changes) for changes in points]
