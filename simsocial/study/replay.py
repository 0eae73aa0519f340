"""Runs again what a folder holds, and tells whether the numbers are equal (R64)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from simsocial.config.loading import parse
from simsocial.errors import Fault, InputError
from simsocial.model.scenario import Scenario
from simsocial.simulation.results import Results
from simsocial.simulation.run import Watch, run
from simsocial.study.provenance import PROVENANCE, REPLICATIONS, Provenance
from simsocial.study.sweep.names import KEY
from simsocial.study.sweep.points import is_sweep, point_of_sweep

KEYS = ("replication", "stream", "step", "team", "measure")
VALUES = ("value", "numerator", "denominator")


@dataclass(frozen=True, eq=False)
class Replay:
    """A run done again.

    Parameters
    ----------
    results
        What came of it.
    provenance
        Of the folder.
    difference
        The first number that differs from the folder's, in words; ``None`` when all are identical.
    point
        Of a sweep, what distinguishes it: ``teams.desk.headcount = 3``; empty for a run.
    """

    results: Results
    provenance: Provenance
    difference: str | None
    point: str = ""


def replay(
    folder: Path | str,
    *,
    point: str | None = None,
    replication: int | None = None,
    engine: str | None = None,
    log: bool = False,
    progress: Watch | None = None,
) -> Replay:
    """Run again what the folder of a run holds, or a point of a sweep's, from its provenance alone.

    Parameters
    ----------
    folder
        Of a run, or of a sweep.
    point
        Of a sweep: its key, or values of factors that no other point has, such as ``teams.desk.headcount=3``.
    replication
        Number of the only replication to run; all of them without it.
    engine
        Name of an engine; default: that which made the numbers.
    log, progress
        As in :func:`simsocial.run`.

    Raises
    ------
    InputError
        When the folder does not hold a run that can be done again, or a file that it read has changed; when no or
        several points of a sweep are meant.
    """
    place = Path(folder)
    held = held_in(place, point=point)
    first, number = _asked(held.provenance, replication, place)
    results = run(
        held.scenario(),
        replications=number,
        seed=held.provenance.seed,
        engine=engine or held.provenance.engine,
        log=log,
        progress=progress,
        first=first,
    )
    return Replay(results, held.provenance, _difference(held, results), held.point)


@dataclass(frozen=True, eq=False)
class Held:
    """What a folder holds of a run or of a point.

    Parameters
    ----------
    folder
        Where.
    provenance
        Of the run; of a point, as if it had been run by itself.
    numbers
        Names and numbers of its replications, column by column.
    point
        Of a sweep, of which only some measures may be kept; empty for a run.
    """

    folder: Path
    provenance: Provenance
    numbers: Mapping[str, npt.NDArray[Any]]
    point: str = ""

    def scenario(self) -> Scenario:
        """Return what was run; see :func:`recorded_scenario`."""
        return _stored_scenario(self.provenance, self.folder)


def held_in(folder: Path, *, point: str | None = None) -> Held:
    """Return what a folder holds of a run, or of a point of a sweep; see :func:`replay`."""
    if is_sweep(folder):
        provenance, meant = point_of_sweep(folder, point)
        numbers = recorded_numbers(folder / REPLICATIONS, point=meant.points[0])
        many = np.unique(numbers["replication"])
        provenance = replace(provenance, first_replication=int(many[0]), replications=len(many))
        return Held(folder, provenance, numbers, meant.name(0))
    provenance = Provenance.read(folder / PROVENANCE)  # which tells a sweep that has not ended
    if point is not None:
        raise InputError(Fault(f"{folder} holds no sweep, so leave it out", path="point"))
    return Held(folder, provenance, recorded_numbers(folder / REPLICATIONS))


def recorded_scenario(folder: Path) -> Scenario:
    """Return the scenario that was run.

    Raises
    ------
    InputError
        When the folder does not hold a run, or the scenario was made in code, or a file that it read is missing or has
        changed.
    """
    return _stored_scenario(Provenance.read(folder / PROVENANCE), folder)


def _stored_scenario(provenance: Provenance, folder: Path) -> Scenario:
    if provenance.config is None:
        fault = "cannot be run again: its scenario was made in code, not read from a config"
        raise InputError(Fault(fault, file=folder / PROVENANCE))
    scenario = parse(provenance.config, base=provenance.base)
    files = scenario.origin.files if scenario.origin else {}
    changed = [name for name, digest in provenance.files.items() if files.get(name) != digest]
    if changed:
        raise InputError([Fault("has changed since the run was made", file=Path(provenance.base, n)) for n in changed])
    return scenario


def _asked(provenance: Provenance, replication: int | None, folder: Path) -> tuple[int, int]:
    """Return the number of the first replication to run, and how many."""
    first, number = provenance.first_replication, provenance.replications
    if replication is None:
        return first, number
    if not first <= replication < first + number:
        fault = f"{folder} holds the replications {first} to {first + number - 1} (got {replication})"
        raise InputError(Fault(fault, path="replication"))
    return replication, 1


def recorded_numbers(file: Path, *, point: str | None = None) -> dict[str, npt.NDArray[Any]]:
    """Return the names and numbers in the ``replications.parquet`` of a run, or of a point, column by column.

    Raises
    ------
    InputError
        When it cannot be read, or has nothing of the point.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    only = None if point is None else [(KEY, "==", point)]
    try:
        table = pq.read_table(file, columns=[*KEYS, *VALUES], filters=only)
    except (OSError, pa.ArrowException) as error:
        raise InputError(Fault(f"cannot be read: {str(error).splitlines()[0]}", file=file)) from None
    if not len(table):
        raise InputError(Fault(f"has no replication{f' of point {point}' if point else ''}", file=file))
    return {name: table[name].to_numpy() for name in table.column_names}


def _difference(held: Held, results: Results) -> str | None:
    """Compare the rows of the replications that were run again with the recorded ones, to the last bit."""
    again = {name: np.asarray(column) for name, column in results.replications_table().items()}
    asked = np.isin(held.numbers["replication"], again["replication"])
    before = {name: column[asked] for name, column in held.numbers.items()}
    if held.point:
        again = _only(again, kept=before)
    if any(not np.array_equal(before[name], again[name]) for name in KEYS):
        return "the measures are not those of the run"
    for name in VALUES:
        differs = (before[name] != again[name]) & ~(np.isnan(before[name]) & np.isnan(again[name]))
        if differs.any():
            row = int(differs.argmax())
            what = ".".join(str(again[key][row]) for key in KEYS[1:] if again[key][row])
            return (
                f"replication {again['replication'][row]}, {what}: {name} was {before[name][row]!s} "
                f"and is {again[name][row]!s}"
            )
    return None


def _only(
    again: Mapping[str, npt.NDArray[Any]], *, kept: Mapping[str, npt.NDArray[Any]]
) -> dict[str, npt.NDArray[Any]]:
    """Return the rows of the measures that a sweep has kept."""
    names = set(zip(*(kept[key] for key in KEYS[1:]), strict=True))
    there = np.array([row in names for row in zip(*(again[key] for key in KEYS[1:]), strict=True)], dtype=bool)
    return {name: column[there] for name, column in again.items()}
