"""Points of a finished sweep as runs of their own, read from its tables, to be compared with each other (R122)."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from simsocial.config.document import Document
from simsocial.config.loading import parse
from simsocial.config.overrides import override
from simsocial.errors import Fault, InputError
from simsocial.measure.of_runs import rows_of_run
from simsocial.simulation.points import PointResults
from simsocial.study.provenance import PROVENANCE, REPLICATIONS

DESIGN: Final = "design.parquet"
KEY: Final = "point"
CHANGES: Final = "changes"
"""Columns of the design besides its factors: what names a point, and what it changes in the base config, as TOML."""
NAMES: Final = ("stream", "step", "team", "measure")

Setting = Mapping[str, Any]
"""Factor → value."""


def is_sweep(folder: Path) -> bool:
    """Say whether a folder holds the tables of a sweep."""
    return (folder / DESIGN).is_file()


def points_of_sweep(folder: Path, asked: str = "") -> list[tuple[Setting, PointResults]]:
    """Read points of a sweep.

    Parameters
    ----------
    folder
        Of a finished sweep.
    asked
        The key of a point, or values of factors such as ``headcount=3, reject=0.2``; nothing means all points.

    Returns
    -------
    list
        The factors' values of each point, and what its replications measured.

    Raises
    ------
    InputError
        When there is no such point, or the folder holds no finished sweep of this version.
    """
    design = _table(folder / DESIGN).to_pylist()
    meant = [point for point in design if _is_meant(point, asked)]
    if not meant:
        such = ", ".join(f"{name}={value}" for name, value in _setting(design[0]).items())
        fault = f"there is no such point; name one by its key or its values, such as '{folder}#{such}'"
        raise InputError(Fault(fault, path=f"{folder}#{asked}"))
    provenance = _provenance(folder / PROVENANCE)
    return [(_setting(point), _results(folder, provenance, point)) for point in meant]


def _setting(point: Mapping[str, Any]) -> Setting:
    return {name: value for name, value in point.items() if name not in (KEY, CHANGES)}


def _is_meant(point: Mapping[str, Any], asked: str) -> bool:
    """Say whether a point has a key, or values of factors that are named in full or by an end."""
    if asked in ("", point[KEY]):
        return True
    wanted = [part.partition("=")[::2] for part in re.split(r",\s*(?=[^,=]+=)", asked)]
    return all(
        any(f".{factor}".endswith(f".{name.strip()}") and str(is_) == value.strip() for factor, is_ in point.items())
        for name, value in wanted
    )


def _results(folder: Path, provenance: Mapping[str, Any], point: Mapping[str, Any]) -> PointResults:
    """Return what the replications of a point measured, of what the sweep has kept."""
    sweep = provenance["sweep"]
    config, _ = override(sweep["base"], Document, tomllib.loads(point[CHANGES]))
    scenario = parse(config, base=provenance["base"])
    held = _table(folder / REPLICATIONS, [(KEY, "==", point[KEY])])
    numbers = np.asarray(held["replication"])
    first, many = int(numbers[0]), len(np.unique(numbers))
    names = list(zip(*(held[name].to_pylist() for name in NAMES), strict=True))[: len(numbers) // many]
    measured = {(row.stream, row.step, row.team, row.measure): row for row in rows_of_run(scenario)}
    if unknown := [name for name in names if name not in measured]:
        fault = f"holds measures that this version has not, such as {'.'.join(filter(None, unknown[0]))}"
        raise InputError(Fault(fault, file=folder / REPLICATIONS))
    above, below = (np.asarray(held[name]).reshape(many, len(names)) for name in ("numerator", "denominator"))
    return PointResults(scenario, sweep["seed"], first, tuple(measured[name] for name in names), above, below)


def _provenance(file: Path) -> Mapping[str, Any]:
    try:
        read: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(Fault(f"cannot be read: {error.strerror or error}", file=file)) from None
    except ValueError:
        read = {}
    if not {"base", "sweep"} <= read.keys():
        raise InputError(Fault("is not the provenance of a sweep of this version", file=file))
    return read


def _table(file: Path, filters: Any = None) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.read_table(file, filters=filters)
    except (OSError, pa.ArrowException) as error:
        told = f"cannot be read: {str(error).splitlines()[0]}; give the folder of a finished sweep"
        raise InputError(Fault(told, file=file)) from None
