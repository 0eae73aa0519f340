"""A point of a sweep as a run by itself: which one is meant, and the config that it has (R127)."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any, Final

from simsocial.config.document import Document
from simsocial.config.loading import parse
from simsocial.config.overrides import override
from simsocial.errors import Fault, InputError
from simsocial.study.provenance import PROVENANCE, Provenance
from simsocial.study.sweep_tables import SweepTables

EXAMPLE: Final = "such as --point teams.desk.headcount=3"
MOST_TOLD: Final = 3


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
    sweep = chosen(SweepTables.read(folder), asked)
    if len(sweep) > 1:
        raise InputError(Fault(_which(sweep, asked), path="point"))
    return _provenance(folder, tomllib.loads(sweep.changes[0])), sweep


def chosen(sweep: SweepTables, asked: str | None) -> SweepTables:
    """Return the points that are meant by a key, or by values of factors; all without either.

    Raises
    ------
    InputError
        When there is none.
    """
    if asked is None:
        return sweep
    if asked in sweep.points:
        return sweep.at([sweep.points.index(asked)])
    for part in re.split(r",\s*(?=[^,=]+=)", asked):
        factor, equals, value = part.partition("=")
        if not equals:
            fault = f"there is no point with the key {part.strip()!r}; give one, or values of factors, {EXAMPLE}"
            raise InputError(Fault(fault, path="point"))
        sweep = sweep.where(factor.strip(), value.strip())
    return sweep


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


def _provenance(folder: Path, changes: dict[str, Any]) -> Provenance:
    """Return the provenance that a run of the point would have; its replications are those of the sweep's tables.

    Raises
    ------
    InputError
        When that of the sweep is missing or not one.
    """
    file = folder / PROVENANCE
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        sweep = told["sweep"]
        config, _ = override(sweep["base"], Document, changes)
        return Provenance(
            config=config,
            base=told["base"],
            files=_read_by(config, told["base"], told["files"]),
            overrides=[
                f"{path}={json.dumps(value, ensure_ascii=False, default=str)}" for path, value in changes.items()
            ],
            engine=sweep["engine"],
            seed=sweep["seed"],
            first_replication=0,
            replications=told["replications"],
            versions=sweep["versions"],
            cpu_features=sweep["cpu_features"],
            started=told["started"],
            process_seconds=0.0,
        )
    except OSError as error:
        raise InputError(Fault(f"cannot be read: {error.strerror or error}", file=file)) from None
    except (KeyError, TypeError, ValueError):
        raise InputError(Fault("is not the provenance of a sweep of this version", file=file)) from None


def _read_by(config: dict[str, Any], base: str, files: dict[str, str]) -> dict[str, str]:
    """Return those of a sweep's files that this config reads."""
    origin = parse(config, base=base).origin
    return {name: digest for name, digest in files.items() if origin is not None and name in origin.files}
