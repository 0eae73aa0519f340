"""Points of a finished sweep as runs by themselves: to be compared with each other, or run again (R122, R127)."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simsocial.config.document import Document
from simsocial.config.loading import parse
from simsocial.config.overrides import override
from simsocial.errors import Fault, InputError
from simsocial.measure.of_runs import rows_of_run
from simsocial.simulation.points import PointResults
from simsocial.study.provenance import Provenance
from simsocial.study.sweep.folder import SweepProvenance
from simsocial.study.sweep.meant import Level
from simsocial.study.sweep.names import DESIGN, KEY, NAMES, REPLICATIONS
from simsocial.study.sweep.reading import SweepTables, read_table

MOST_TOLD: Final = 3

Setting = Mapping[str, Level]
"""Factor → value."""
Columns = Mapping[str, npt.NDArray[Any]]


def is_sweep(folder: Path) -> bool:
    """Say whether a folder holds the tables of a sweep."""
    return (folder / DESIGN).is_file()


def points_of_sweep(folder: Path, asked: str | None = None) -> list[tuple[Setting, PointResults]]:
    """Read points of a sweep.

    Parameters
    ----------
    folder
        Of a finished sweep.
    asked
        What :meth:`~simsocial.study.sweep.reading.SweepTables.chosen` chooses by.

    Returns
    -------
    list
        The factors' values of each point, and what its replications measured of what the sweep has kept.

    Raises
    ------
    InputError
        When there is no such point, or the folder holds no finished sweep of this version.
    """
    sweep = SweepTables.read(folder)
    try:
        sweep = sweep.chosen(asked or None)
    except InputError as error:
        raise InputError([Fault(str(fault), path=f"{folder}#{asked}") for fault in error.faults]) from None
    provenance = SweepProvenance.read(folder)
    held = dict(_by_point(folder, None if len(sweep) > 1 else sweep.points[0]))
    return [
        (_setting(sweep, place), _results(provenance, _changes(sweep, place), held[key], folder))
        for place, key in enumerate(sweep.points)
    ]


def point_of_sweep(folder: Path, asked: str | None) -> tuple[Provenance, SweepTables]:
    """Return what is needed to run a point of a sweep by itself, and its row of the design.

    Parameters
    ----------
    folder
        Of the sweep.
    asked
        Its key, or values of factors that no other point has: ``teams.desk.headcount=3, reject=0.2``.

    Raises
    ------
    InputError
        When none or several points are meant, or the folder does not say what was run.
    """
    sweep = SweepTables.read(folder).chosen(asked)
    if len(sweep) > 1:
        raise InputError(Fault(_which(sweep, asked), path="point"))
    return _as_run(SweepProvenance.read(folder), _changes(sweep, 0)), sweep


def _which(sweep: SweepTables, asked: str | None) -> str:
    """Say by what the points differ of which one is to be named."""
    factor = sweep.varying[0] if sweep.varying else None
    if factor is None:
        return f"{len(sweep)} points have the same values; give the key of one, such as {sweep.points[0]}"
    values = [f"{factor}={level}" for level in sweep.levels(factor)]
    listed = ", ".join(values[:MOST_TOLD]) + (", …" if len(values) > MOST_TOLD else "")
    also = f"; they also differ in {', '.join(sweep.varying[1:])}" if sweep.varying[1:] else ""
    meant = f"{len(sweep)} points have {asked}" if asked else f"this is a sweep of {len(sweep)} points"
    return f"{meant}; say which one: {listed}{also}"


def _setting(sweep: SweepTables, place: int) -> Setting:
    return {name: values[place] for name, values in sweep.settings.items()}


def _changes(sweep: SweepTables, place: int) -> dict[str, Any]:
    return tomllib.loads(sweep.changes[place])


def _config(provenance: SweepProvenance, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the config of a point."""
    config, _ = override(provenance.sweep["base"], Document, dict(changes))
    return config


def _as_run(provenance: SweepProvenance, changes: dict[str, Any]) -> Provenance:
    """Return the provenance that a run of the point would have; its replications are those of the sweep's tables."""
    sweep, config = provenance.sweep, _config(provenance, changes)
    origin = parse(config, base=provenance.base).origin
    read = origin.files if origin else {}
    return Provenance(
        config=config,
        base=provenance.base,
        files={name: digest for name, digest in provenance.files.items() if name in read},
        overrides=[f"{path}={json.dumps(value, ensure_ascii=False, default=str)}" for path, value in changes.items()],
        engine=sweep["engine"],
        seed=sweep["seed"],
        first_replication=0,
        replications=provenance.replications,
        versions=sweep["versions"],
        cpu_features=sweep["cpu_features"],
        started=provenance.started,
        process_seconds=0.0,
    )


def _by_point(folder: Path, only: str | None) -> Iterator[tuple[str, Columns]]:
    """Yield what is held of each point, or of one: columns of its rows, which stand together."""
    columns = (KEY, *NAMES, "replication", "numerator", "denominator")
    table = read_table(folder / REPLICATIONS, columns=columns, only=None if only is None else (KEY, "==", only))
    held = {name: np.asarray(table[name].to_pylist() if name in (KEY, *NAMES) else table[name]) for name in columns}
    keys = held[KEY]
    begins = np.flatnonzero(keys[1:] != keys[:-1]) + 1
    for begin, end in pairwise([0, *begins.tolist(), len(keys)]):
        yield str(keys[begin]), {name: column[begin:end] for name, column in held.items()}


def _results(provenance: SweepProvenance, changes: dict[str, Any], held: Columns, folder: Path) -> PointResults:
    scenario = parse(_config(provenance, changes), base=provenance.base)
    numbers = held["replication"]
    first, many = int(numbers[0]), len(np.unique(numbers))
    names = list(zip(*(held[name][: len(numbers) // many].tolist() for name in NAMES), strict=True))
    measured = {(row.stream, row.step, row.team, row.measure): row for row in rows_of_run(scenario)}
    if unknown := [name for name in names if name not in measured]:
        fault = f"holds measures that this version has not, such as {'.'.join(filter(None, unknown[0]))}"
        raise InputError(Fault(fault, file=folder / REPLICATIONS))
    above, below = (held[name].reshape(many, len(names)) for name in ("numerator", "denominator"))
    return PointResults(scenario, provenance.sweep["seed"], first, tuple(measured[n] for n in names), above, below)
