"""The folder of a run: its tables and figures, and the provenance from which it can be run again (R63)."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simsocial.report.figures.pages import write_figures
from simsocial.report.folder import new_folder, unwritable
from simsocial.report.logs import LogFiles
from simsocial.report.workbook import write_workbook
from simsocial.simulation.replication import Replication
from simsocial.simulation.results import Results, Table
from simsocial.study.capacity_plan import capacity_plan
from simsocial.study.provenance import PROVENANCE, REPLICATIONS, Provenance


def write(results: Results, out: Path | str, *, overrides: Sequence[str] = (), figures: bool = False) -> None:
    """Write results into a new folder, which appears whole or not at all.

    Parameters
    ----------
    results
        From :func:`simsocial.run`; with a log, visits and messages are written too.
    out
        A place where nothing is yet.
    overrides
        What was changed in the config when it was loaded, for the record.
    figures
        Draw them too, in a folder ``figures`` inside.

    Raises
    ------
    OutputError
        When something is there, or it cannot be written.
    """
    with recording(out) as folder:
        for number, trace in enumerate(results.traces, results.first):
            folder.logs.write(number, trace, start=results.scenario.start)
        folder.finish(results, overrides=overrides, figures=figures)


@dataclass(frozen=True)
class Recording:
    """A run folder that is being written.

    Parameters
    ----------
    place
        Where it is written until it is whole.
    logs
        Its log files, which are there once something is written to them.
    """

    place: Path
    logs: LogFiles

    def log(self, replication: Replication, _planned: int) -> None:
        """Write every visit and message of a replication: something that a run can call with each."""
        self.logs.write(replication.number, replication.trace, start=replication.scenario.start)

    def finish(self, results: Results, *, overrides: Sequence[str] = (), figures: bool = False) -> None:
        """Write everything but the log. The same run gives the same bytes, except in the provenance."""
        plan = capacity_plan(results)
        with unwritable(self.place):
            write_csv(results.summary_table(), self.place / "summary.csv")
            _write_parquet([results.replications_table()], self.place / REPLICATIONS)
            _write_parquet(results.series_tables(), self.place / "series.parquet")
            write_csv(results.episodes_table(), self.place / "episodes.csv")
            write_csv(_rounded(plan.table(*plan.teams, *plan.stages)), self.place / "capacity_plan.csv")
            if results.support:
                write_csv(results.support_table(), self.place / "support_ratio.csv")
            write_workbook(plan, self.place / "capacity_plan.xlsx")
            if figures:
                (self.place / "figures").mkdir()
                write_figures(results, plan, self.place / "figures")
            provenance = Provenance.of(results, overrides=overrides)
            (self.place / PROVENANCE).write_text(provenance.text, encoding="utf-8")


@contextmanager
def recording(out: Path | str) -> Iterator[Recording]:
    """Yield a run folder to write into; it becomes ``out`` when the block ends (see :func:`new_folder`)."""
    with new_folder(out) as place, LogFiles(place) as logs:
        yield Recording(place, logs)


def default_folder(name: str, *, now: dt.datetime) -> Path:
    """Return a place ``runs/<name>/<time>`` where nothing is yet; ``name`` is made safe for a path."""
    safe = re.sub(r"[^\w.-]+", "_", name).strip("._") or "run"
    place = Path("runs", safe, f"{now:%Y-%m-%dT%H-%M-%S}")
    again = (place.with_name(f"{place.name}_{number}") for number in itertools.count(2))
    return next(candidate for candidate in itertools.chain([place], again) if not candidate.exists())


def _rounded(table: Table) -> Table:
    """Round the numbers of a table that people forward: times, visits and people to hundredths, shares to 0.01 %."""
    hundredths = ("_h", "_visits", "_fte", "days")
    decimals = {name: 2 if name.endswith(hundredths) else 4 for name in table}
    return {
        name: [round(value, decimals[name]) + 0.0 if isinstance(value, float) else value for value in column]
        for name, column in table.items()
    }


def write_csv(table: Table, file: Path) -> None:
    """Write a table of columns; the same table gives the same bytes."""
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(table)
        writer.writerows(map(_spelled, row) for row in zip(*table.values(), strict=True))


def _spelled(value: Any) -> str:
    """Write a value so that it can be read back exactly; what is not there or no number is empty."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    return repr(float(value)) if isinstance(value, float) else str(value)


def _write_parquet(parts: Iterable[Table], file: Path) -> None:
    """Write tables of the same columns below one another, each as a row group."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    tables = (pa.table(dict(part)) for part in parts)
    first = next(tables)
    with pq.ParquetWriter(file, first.schema, compression="zstd") as writer:
        writer.write_table(first)
        for table in tables:
            writer.write_table(table)
