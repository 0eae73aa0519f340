"""Runs again what a folder holds, and tells whether the numbers are equal (R64)."""

from __future__ import annotations

from dataclasses import dataclass
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
    """

    results: Results
    provenance: Provenance
    difference: str | None


def replay(
    folder: Path | str,
    *,
    replication: int | None = None,
    log: bool = False,
    progress: Watch | None = None,
) -> Replay:
    """Run again what the folder of a run holds, from its provenance alone.

    Parameters
    ----------
    folder
        Of a run.
    replication
        Number of the only replication to run; all of them without it.
    log, progress
        As in :func:`simsocial.run`.

    Raises
    ------
    InputError
        When the folder does not hold a run that can be done again, or a file that it read has changed.
    """
    place = Path(folder)
    provenance = Provenance.read(place / PROVENANCE)
    recorded = recorded_numbers(place / REPLICATIONS)
    first, number = _asked(provenance, replication, place)
    results = run(
        _stored_scenario(provenance, place),
        replications=number,
        seed=provenance.seed,
        engine=provenance.engine,
        log=log,
        progress=progress,
        first=first,
    )
    return Replay(results, provenance, _difference(recorded, results))


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


def recorded_numbers(file: Path) -> dict[str, npt.NDArray[Any]]:
    """Return the names and numbers in a run's ``replications.parquet``, column by column.

    Raises
    ------
    InputError
        When it cannot be read.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(file, columns=[*KEYS, *VALUES])
    except (OSError, pa.ArrowException) as error:
        raise InputError(Fault(f"cannot be read: {str(error).splitlines()[0]}", file=file)) from None
    return {name: table[name].to_numpy() for name in table.column_names}


def _difference(recorded: dict[str, npt.NDArray[Any]], results: Results) -> str | None:
    """Compare the rows of the replications that were run again with the recorded ones, to the last bit."""
    again = {name: np.asarray(column) for name, column in results.replications_table().items()}
    asked = np.isin(recorded["replication"], again["replication"])
    before = {name: column[asked] for name, column in recorded.items()}
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
