"""The log files of a run folder, written replication by replication so that memory does not grow with their number."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from simsocial.report.folder import unwritable
from simsocial.simulation.tables import arrow_table, portions
from simsocial.simulation.trace import Trace

ROWS = 1 << 16
"""Of a row group, at most: what is being written needs little memory beside the log itself."""


class LogFiles:
    """``visits.parquet`` and ``messages.parquet`` in a folder; each replication begins a row group.

    Parameters
    ----------
    folder
        Where to write.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writers: dict[str, Any] = {}

    def __enter__(self) -> LogFiles:
        return self

    def __exit__(self, *_: object) -> None:
        with unwritable(self._folder):
            for writer in self._writers.values():
                writer.close()

    def write(self, number: int, trace: Trace, *, start: dt.datetime) -> None:
        """Append replication ``number``, whose tick 0 is at ``start``."""
        with unwritable(self._folder):
            for name, columns in (("visits", trace.visit_columns), ("messages", trace.message_columns)):
                for portion in portions(columns(), size=ROWS):
                    table = arrow_table(portion, replication=number, start=start)
                    self._writer(name, table.schema).write_table(table)

    def _writer(self, name: str, schema: Any) -> Any:
        import pyarrow.parquet as pq

        if name not in self._writers:
            self._writers[name] = pq.ParquetWriter(self._folder / f"{name}.parquet", schema, compression="zstd")
        return self._writers[name]
