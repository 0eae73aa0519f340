"""Chunks: what some replications of some points measured, each in a file of its own that tells when it is damaged.

A chunk is a Parquet file of one row per point. Its name ends in the SHA-256 of its bytes, so that nothing in it can
change unseen (R119).
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simsocial.errors import SimsocialError
from simsocial.measure.definitions import Kind
from simsocial.measure.rows import Row
from simsocial.study.sweep.whole_files import write_whole

Floats = npt.NDArray[np.float64]

SUFFIX: Final = ".parquet"
SAYS: Final = b"simsocial.sweep"
"""Key of the file's metadata."""


class UnusableChunkError(SimsocialError):
    """A file is no chunk of this sweep, or not what was written; says why."""


@dataclass(frozen=True, eq=False)
class Part:
    """What some replications of a point measured.

    Parameters
    ----------
    key
        Of the point.
    scenario, confidence
        Its name, and that of its intervals.
    rows
        What was measured.
    first
        Number of the first replication.
    numerators, denominators
        Shape (replications, rows).
    """

    key: str
    scenario: str
    confidence: float
    rows: tuple[Row, ...]
    first: int
    numerators: Floats = field(repr=False)
    denominators: Floats = field(repr=False)

    def __len__(self) -> int:
        """Return the number of replications."""
        return len(self.numerators)

    @property
    def replications(self) -> range:
        return range(self.first, self.first + len(self))

    def only(self, replications: range) -> Part:
        """Return some of its replications."""
        part = slice(replications.start - self.first, replications.stop - self.first)
        above, below = self.numerators[part], self.denominators[part]
        return Part(self.key, self.scenario, self.confidence, self.rows, replications.start, above, below)


@dataclass(frozen=True, eq=False)
class Chunk:
    """Parts that were simulated together.

    Parameters
    ----------
    sweep
        Digest of what is swept.
    files
        Files that the points read: name as written → SHA-256.
    parts
        Of points, in their order.
    """

    sweep: str
    files: Mapping[str, str]
    parts: Sequence[Part]


def write_chunk(chunk: Chunk, folder: Path, number: int) -> Path:
    """Write a chunk, and return its file.

    Raises
    ------
    OutputError
        When it cannot be written.
    """
    content = _packed(chunk)
    file = folder / f"{number:06d}-{hashlib.sha256(content).hexdigest()}{SUFFIX}"
    write_whole(file, content)
    return file


def read_chunk(file: Path, *, sweep: str) -> Chunk:
    """Read a chunk.

    Raises
    ------
    UnusableChunkError
        When it is damaged, or another sweep's.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UnusableChunkError(f"cannot be read: {error.strerror or error}") from None
    if file.stem.partition("-")[2] != hashlib.sha256(content).hexdigest():
        raise UnusableChunkError("is damaged: it is not what was written")
    chunk = _unpacked(content)
    if chunk.sweep != sweep:
        raise UnusableChunkError("is of another sweep")
    return chunk


def _packed(chunk: Chunk) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    parts, kinds = chunk.parts, list(dict.fromkeys(part.rows for part in chunk.parts))
    said = {"sweep": chunk.sweep, "files": dict(chunk.files), "rows": [list(map(_spelled, rows)) for rows in kinds]}
    table = pa.table(
        {
            "point": [part.key for part in parts],
            "scenario": [part.scenario for part in parts],
            "confidence": [part.confidence for part in parts],
            "rows": [kinds.index(part.rows) for part in parts],
            "first": [part.first for part in parts],
            "numerators": [part.numerators.ravel() for part in parts],
            "denominators": [part.denominators.ravel() for part in parts],
        },
        metadata={SAYS: json.dumps(said, ensure_ascii=False).encode()},
    )
    content = io.BytesIO()
    pq.write_table(table, content, compression="zstd")
    return content.getvalue()


def _unpacked(content: bytes) -> Chunk:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(io.BytesIO(content))
        said = json.loads(table.schema.metadata[SAYS])
    except (pa.ArrowException, KeyError, TypeError):
        raise UnusableChunkError("is no chunk of a sweep") from None
    kinds = [tuple(map(_row, rows)) for rows in said["rows"]]
    return Chunk(said["sweep"], said["files"], list(_parts(table, kinds)))


def _parts(table: Any, kinds: Sequence[tuple[Row, ...]]) -> Iterator[Part]:
    names = ("point", "scenario", "confidence", "rows", "first")
    about = zip(*(table[name].to_pylist() for name in names), strict=True)
    above, below = table["numerators"], table["denominators"]
    for place, (key, scenario, confidence, kind, first) in enumerate(about):
        rows = kinds[kind]
        numerators, denominators = (values[place].values.to_numpy().reshape(-1, len(rows)) for values in (above, below))
        yield Part(key, scenario, confidence, rows, first, numerators, denominators)


def _spelled(row: Row) -> list[str]:
    return [*astuple(row)[:-1], row.kind.name]


def _row(spelled: Sequence[str]) -> Row:
    stream, step, team, measure, unit, kind = spelled
    return Row(stream, step, team, measure, unit, Kind[kind])
