"""The folder of a sensitivity study: its tables, the tornado of each measure, and where it came from (R125)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from simsocial.errors import Fault, InputError
from simsocial.measure.columns import TORNADO as COLUMNS
from simsocial.report.figures.sweep_pages import tornado_files
from simsocial.report.folder import new_folder, unwritable
from simsocial.study.provenance import PROVENANCE, cpu_features, versions
from simsocial.study.sensitivity import Sensitivity
from simsocial.study.sensitivity.tables import Table, sobol_table, tornado_table

TORNADO, SOBOL = "tornado.csv", "sobol.csv"
NUMBERS = ("base", "value", "difference", "low", "high", "confidence", "n")


def write_sensitivity(found: Sensitivity, out: Path | str) -> None:
    """Write a sensitivity study into a new folder, which appears whole or not at all.

    Raises
    ------
    OutputError
        When something is there, or it cannot be written.
    """
    with new_folder(out) as place, unwritable(out):
        _write(tornado_table(found), place / TORNADO)
        if found.points:
            _write(sobol_table(found), place / SOBOL)
        (place / "figures").mkdir()
        for name, content in tornado_files(tornado_table(found)).items():
            (place / "figures" / name).write_bytes(content)
        (place / PROVENANCE).write_text(_provenance(found), encoding="utf-8")


def read_tornado(file: Path) -> dict[str, list[Any]]:
    """Read the columns of ``tornado.csv``.

    Raises
    ------
    InputError
        When it cannot be read or lacks a column.
    """
    import pandas as pd

    try:
        table = pd.read_csv(file, keep_default_na=False, na_values={name: [""] for name in NUMBERS})
    except (OSError, ValueError) as error:  # pandas' own are of the latter kind
        raise InputError(Fault(f"cannot be read: {str(error).splitlines()[0]}", file=file)) from None
    if missing := [column.name for column in COLUMNS if column.name not in table]:
        raise InputError(Fault(f"is no tornado: it has no column {missing[0]}", file=file))
    return {column.name: table[column.name].tolist() for column in COLUMNS}


def _write(table: Table, file: Path) -> None:
    import pandas as pd

    pd.DataFrame(table).to_csv(file, index=False, lineterminator="\n")


def _provenance(found: Sensitivity) -> str:
    origin = found.scenario.origin
    assert origin is not None, "ranges come from a config"
    told = {
        "study": "sensitivity",
        "config": origin.config,
        "base": str(Path(origin.base).resolve()),
        "files": origin.files,
        "overrides": {path: str(value) for path, value in found.overrides.items()},
        "seed": found.seed,
        "first_replication": 0,
        "replications": found.replications,
        "points": found.points,
        "versions": versions(),
        "cpu_features": cpu_features(),
    }
    return json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
