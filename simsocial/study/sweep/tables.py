"""The tables of a sweep, put together from its chunks, a few points at a time (R119)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
import tomli_w

from simsocial.config.experiments.experiment import Experiment, Factor, Point
from simsocial.errors import unwritable
from simsocial.measure.columns import REPLICATIONS, SUMMARY
from simsocial.measure.measures import summarise
from simsocial.measure.rows import Row
from simsocial.study.sweep.chunks import Part
from simsocial.study.sweep.holdings import Holdings
from simsocial.study.sweep.names import CHANGES, DESIGN, KEY, NAMES, RESULTS
from simsocial.study.sweep.names import REPLICATIONS as REPLICATIONS_FILE
from simsocial.study.sweep.whole_files import whole_file

POINTS_TOGETHER: Final = 64
"""Of which a row group is written; whatever the chunks, so that the bytes are the same."""
HOLDS: Final = {"name": "string", "number": "float64", "whole number": "int64"}


def write_tables(folder: Path, experiment: Experiment, held: Holdings) -> None:
    """Write design, results and replications; equal experiments give equal bytes.

    Raises
    ------
    OutputError
        When one cannot be written.
    """
    _write_design(folder / DESIGN, experiment)
    many = experiment.precision.most if experiment.precision else experiment.replications
    with ExitStack() as open_files:
        results, replications = (
            open_files.enter_context(_table(folder / name, _schema(columns)))
            for name, columns in ((RESULTS, SUMMARY), (REPLICATIONS_FILE, REPLICATIONS))
        )
        for points in _batches(experiment.points, POINTS_TOGETHER):
            found = [_joined(held.parts(point.key, many)) for point in points]
            results(_columns(_summary(part) for part in found))
            replications(_columns(map(_every, found)))


@contextmanager
def _table(file: Path, schema: Mapping[str, str]) -> Iterator[Callable[[Mapping[str, Any]], None]]:
    """Yield what writes rows, each time as a row group, into a Parquet file that appears whole."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    fields = pa.schema([(name, pa.type_for_alias(kind)) for name, kind in schema.items()])
    with whole_file(file) as partial, unwritable(file), pq.ParquetWriter(partial, fields, compression="zstd") as writer:

        def write(columns: Mapping[str, Any]) -> None:
            writer.write_table(pa.table(dict(columns), schema=fields))

        yield write


def _joined(parts: Sequence[Part]) -> Part:
    """Return the parts of a point, whose replications follow each other, as one."""
    one = parts[0]
    above, below = (np.vstack([getattr(part, name) for part in parts]) for name in ("numerators", "denominators"))
    return Part(one.key, one.scenario, one.confidence, one.rows, one.first, above, below)


def _summary(part: Part) -> Mapping[str, Any]:
    """Return the columns of the results of a point, as those of ``summary.csv``."""
    found = summarise(part.rows, part.numerators, part.denominators, part.confidence)
    return {
        **_keys(part, times=1),
        "value": np.array([each.value for each in found]),
        "low": np.maximum([each.low for each in found], 0.0),  # R43: nothing is negative
        "high": np.array([each.high for each in found]),
        "confidence": np.array([each.confidence for each in found]),
        "n": np.array([each.n for each in found]),
    }


def _every(part: Part) -> Mapping[str, Any]:
    """Return the columns of the replications of a point, as those of a run."""
    with np.errstate(divide="ignore", invalid="ignore"):  # a ratio of nothing is no number
        values = part.numerators / part.denominators
    return {
        **_keys(part, times=len(part)),
        "replication": np.repeat(np.array(part.replications), len(part.rows)),
        "value": values.ravel(),
        "numerator": part.numerators.ravel(),
        "denominator": part.denominators.ravel(),
    }


def _keys(part: Part, *, times: int) -> dict[str, Any]:
    many = len(part.rows) * times
    names = {name: np.tile(_named(part.rows, name), times) for name in (*NAMES, "unit")}
    return {"scenario": np.full(many, part.scenario, object), KEY: np.full(many, part.key, object), **names}


def _named(rows: Sequence[Row], name: str) -> Any:
    return np.array([getattr(row, name) for row in rows], object)


def _columns(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return columns of several points below each other."""
    each = list(parts)
    return {name: np.concatenate([part[name] for part in each]) for name in each[0]}


def _write_design(file: Path, experiment: Experiment) -> None:
    kinds = {factor.name: _kind(factor) for factor in experiment.factors}
    schema = {KEY: "string", **{name: kind for name, (kind, _) in kinds.items()}, CHANGES: "string"}
    with _table(file, schema) as write:
        for points in _batches(experiment.points, 1024):
            columns: dict[str, Any] = {KEY: [point.key for point in points]}
            for name, (_, read) in kinds.items():
                columns[name] = [read(point.values[name]) for point in points]
            write(columns | {CHANGES: [tomli_w.dumps(point.changes) for point in points]})


def _kind(factor: Factor) -> tuple[str, Callable[[Any], Any]]:
    """Return the type of a factor's column, and what turns its values into that."""
    kinds = {type(level.value) for level in factor.levels}
    for name, kind, these in (("bool", bool, {bool}), ("int64", int, {int}), ("float64", float, {int, float})):
        if kinds <= these:
            return name, kind
    return "string", str


def _schema(columns: Iterable[Any]) -> dict[str, str]:
    return {column.name: HOLDS[column.holds] for column in columns}


def _batches(points: Iterable[Point], size: int) -> Iterator[Sequence[Point]]:
    several = iter(points)
    while some := list(islice(several, size)):
        yield some
