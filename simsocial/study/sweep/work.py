"""What a worker does: it reads the points of a task, runs them, and returns what is kept of them (R118, R121)."""

from __future__ import annotations

import platform
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from simsocial.config.variants import Variants
from simsocial.errors import Fault, InputError
from simsocial.model.scenario import Precision, Scenario
from simsocial.simulation.points import PointResults, run_points, run_points_until_precise
from simsocial.study.provenance import cpu_features, versions
from simsocial.study.sweep.chunks import Chunk, Part
from simsocial.study.sweep.identity import base_digest

_READING: Final = threading.Lock()
"""Held while points are read: a worker of a cluster may have several threads, which share what was read before."""


@dataclass(frozen=True)
class Common:
    """What all tasks of a sweep have in common.

    Parameters
    ----------
    base, digest
        The base config, and what it must say (:func:`~simsocial.study.sweep.identity.base_digest`).
    sweep
        Digest of what is swept.
    measures
        Names of what is kept, with wildcards.
    seed, engine, precision
        As in the experiment.
    memory
        Bytes that a worker may take for what it simulates at once.
    machine
        What a worker must be like (:func:`machine`); ``None`` where it may differ.
    call
        Names this call of the sweep: a worker that outlives it reads all files anew for the next one.
    """

    base: Path
    digest: str
    sweep: str
    measures: tuple[str, ...]
    seed: int
    engine: str
    precision: Precision | None
    memory: float
    machine: Mapping[str, str] | None
    call: str


@dataclass(frozen=True)
class Task:
    """Some replications of some points.

    Parameters
    ----------
    common
        What all tasks share.
    points
        Key of each → what it changes in the base config.
    first, replications
        Number of the first, and how many; of each point as many as its precision takes where one is wanted.
    """

    common: Common
    points: Mapping[str, Mapping[str, Any]]
    first: int
    replications: int

    def __str__(self) -> str:
        keys = list(self.points)
        which = f"point {keys[0]}" if len(keys) == 1 else f"{len(keys)} points from {keys[0]} to {keys[-1]}"
        return f"{which}, replications {self.first} to {self.first + self.replications - 1}"


@dataclass(frozen=True)
class Done:
    """What came of a task.

    Parameters
    ----------
    task
        Which it was.
    chunk
        What was measured.
    messages, seconds
        How many were simulated, and how long that took of a processor.
    """

    task: Task
    chunk: Chunk
    messages: int
    seconds: float


def work(task: Task) -> Done:
    """Do a task.

    Raises
    ------
    InputError
        When this worker's libraries or processor differ from the driver's, or its files do.
    """
    begun, common = time.thread_time(), task.common
    _refuse_another_machine(common.machine)
    variants = _variants(common.base, common.digest, common.call)
    with _READING:
        scenarios = [variants.scenario(changes) for changes in task.points.values()]
    results = _results(task, scenarios)
    parts = [_part(key, each, common.measures) for key, each in zip(task.points, results, strict=True)]
    files: dict[str, str] = {}
    for scenario in scenarios:
        files |= scenario.origin.files if scenario.origin else {}
    messages = sum(each.messages for each in results)
    return Done(task, Chunk(common.sweep, files, parts), messages, time.thread_time() - begun)


def machine() -> dict[str, str]:
    """Return what the last bits of numbers depend on here: versions, and the processor's extensions."""
    return {**versions(), "processor": " ".join(cpu_features())}


def _results(task: Task, scenarios: list[Scenario]) -> list[PointResults]:
    common = task.common
    if common.precision is not None:
        return run_points_until_precise(
            scenarios, precision=common.precision, seed=common.seed, engine=common.engine, memory=common.memory
        )
    return list(
        run_points(
            scenarios,
            replications=task.replications,
            first=task.first,
            seed=common.seed,
            engine=common.engine,
            memory=common.memory,
        )
    )


def _part(key: str, results: PointResults, measures: tuple[str, ...]) -> Part:
    kept = [number for number, row in enumerate(results.rows) if any(fnmatchcase(row.name, name) for name in measures)]
    return Part(
        key,
        results.scenario.name,
        results.scenario.run.confidence,
        tuple(results.rows[number] for number in kept),
        results.first,
        results.numerators[:, kept],
        results.denominators[:, kept],
    )


@lru_cache(maxsize=1)
def _variants(base: Path, digest: str, call: str) -> Variants:
    """Return the variants of a config, read once by each worker in each call of a sweep.

    Raises
    ------
    InputError
        When it is not what the driver has read.
    """
    variants = Variants(base)
    if base_digest(variants.scenario({})) != digest:
        fault = f"is not the same on {platform.node()} as where the sweep was started, or has changed since"
        raise InputError(Fault(fault, file=base))
    return variants


def _refuse_another_machine(wanted: Mapping[str, str] | None) -> None:
    """Refuse to work where last bits may differ from those of the driver.

    Raises
    ------
    InputError
        With what differs.
    """
    here = machine() if wanted is not None else {}
    faults = [
        Fault(
            f"the worker on {platform.node()} has {here.get(name, 'none')!r} and this machine {value!r}, so that last "
            "digits may differ; use workers that are alike, or --mixed",
            path=name,
        )
        for name, value in (wanted or {}).items()
        if here.get(name) != value
    ]
    if faults:
        raise InputError(faults)
