"""What a run found: estimates over replications, episodes and the verdict, as tables."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from simsocial.errors import InputError
from simsocial.measure.behind.by_checkpoint import by_checkpoint
from simsocial.measure.behind.kept import Kept, kept_promises
from simsocial.measure.behind.onset import StageOutlook, TeamOutlook, stage_outlook, team_outlooks
from simsocial.measure.behind.path import Path
from simsocial.measure.behind.stages import Stage
from simsocial.measure.behind.stays import Stay, stays
from simsocial.measure.behind.verdict import Verdict, stage_verdicts, team_verdicts
from simsocial.measure.columns import EPISODES, REPLICATIONS, SERIES_TABLE, SUMMARY, SUPPORT, Column
from simsocial.measure.fluid import forecast
from simsocial.measure.measures import summarise
from simsocial.measure.rows import Row
from simsocial.measure.series import SeriesTable
from simsocial.measure.stats import Estimate
from simsocial.measure.support import Support, support
from simsocial.measure.turning_point import turning_points
from simsocial.measure.waits import Waits
from simsocial.measure.warmup import WarmupAdvice, warmup_advice
from simsocial.model.roster import Roster
from simsocial.model.scenario import Scenario
from simsocial.simulation.tables import Columns, arrow_table
from simsocial.simulation.trace import Trace

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]
Table = Mapping[str, Any]
"""Columns of equal length by name."""


@dataclass(frozen=True, eq=False, repr=False)
class Results:
    """What a run found.

    Parameters
    ----------
    scenario, seed, engine
        What was run.
    first
        Number of the first replication.
    rows
        What was measured.
    numerators, denominators
        Shape (replications, rows): values of each replication; the denominator is 1 except for ratios.
    paths
        In each replication, how each stage fared.
    by_interval
        Estimates by reporting interval.
    waits
        Histograms of the waits at every stage, added up over the replications.
    traces
        Every visit and message of each replication; empty without a log.
    started
        Local date and time.
    process_seconds
        Processor time that it took.
    """

    scenario: Scenario
    seed: int
    engine: str
    first: int
    rows: tuple[Row, ...]
    numerators: Floats
    denominators: Floats
    paths: tuple[tuple[Path, ...], ...]
    by_interval: SeriesTable
    waits: Waits
    traces: tuple[Trace, ...]
    started: dt.datetime
    process_seconds: float

    def __len__(self) -> int:
        """Return the number of replications."""
        return len(self.numerators)

    def __repr__(self) -> str:
        return f"<Results of {self.scenario.name!r}: {len(self)} replications, seed {self.seed}, {self.engine}>"

    # ---- the verdict ----------------------------------------------------------------------------------------------

    def verdict(self) -> tuple[Verdict, ...]:
        """Return what becomes of every team, then of every stage; the worst first in each."""
        teams = team_verdicts(self.scenario, self.team_outlooks, kept=self.kept)
        turning = turning_points(forecast(self.scenario, self.roster))
        return teams + stage_verdicts(self.scenario, self.stage_outlooks, kept=self.kept, turning=turning)

    def kept(self, stage: Stage) -> tuple[Kept, ...]:
        """Return how far each promise charged to ``stage`` was kept."""
        return kept_promises(self.scenario, stage, self.by_name)

    @cached_property
    def by_name(self) -> Mapping[tuple[str, str, str, str], Estimate]:
        """Estimates by stream, step, team and measure; names are empty where they do not apply."""
        names = [(row.stream, row.step, row.team, row.measure) for row in self.rows]
        return dict(zip(names, self.estimates, strict=True))

    @cached_property
    def stage_outlooks(self) -> tuple[StageOutlook, ...]:
        """Falling behind of every stage over the replications."""
        confidence = self.scenario.run.confidence
        return tuple(stage_outlook(paths, confidence=confidence) for paths in zip(*self.paths, strict=True))

    @cached_property
    def team_outlooks(self) -> tuple[TeamOutlook, ...]:
        """Falling behind of every team, or of teams named together, over the replications."""
        return team_outlooks(self.paths, confidence=self.scenario.run.confidence)

    @cached_property
    def roster(self) -> Roster:
        """Who is on duty when."""
        from simsocial.draw.roster import compile_roster

        return compile_roster(self.scenario)

    @cached_property
    def support(self) -> tuple[Support, ...]:
        """Enabled employees per person of the teams, and per trainer; none without adoption (R103)."""
        return support(self.scenario, self.paths)

    def warmup_advice(self) -> WarmupAdvice:
        """Return how long the run looks as if its waiting lines were still filling up, by MSER-5 (R9)."""
        return warmup_advice(self.by_interval, warmup=self.scenario.warmup, horizon=self.scenario.horizon)

    # ---- tables ---------------------------------------------------------------------------------------------------

    @cached_property
    def estimates(self) -> tuple[Estimate, ...]:
        """One estimate per row."""
        return tuple(summarise(self.rows, self.numerators, self.denominators, self.scenario.run.confidence))

    def summary(self) -> pd.DataFrame:
        """Return one row per measure: its estimate over the replications."""
        return _frame(self.summary_table())

    def replications(self) -> pd.DataFrame:
        """Return one row per replication and measure: its value, and that as a ratio's two parts."""
        return _frame(self.replications_table())

    def series(self) -> pd.DataFrame:
        """Return one row per reporting interval and measure, then P(behind by d) at each checkpoint (R52)."""
        import pandas as pd

        return pd.concat(map(_frame, self.series_tables()), ignore_index=True)

    def episodes(self) -> pd.DataFrame:
        """Return one row per stay behind of a stage in a replication (R50)."""
        return _frame(self.episodes_table())

    def visits(self) -> pd.DataFrame:
        """Return one row per visit of every replication, instants as time stamps.

        Raises
        ------
        InputError
            When the run kept no log.
        """
        visits = self._log_frame(trace.visit_columns() for trace in self.traces)
        return visits.astype({"agent": "Int64", "slot": "Int64"})  # nobody is no number, which plain integers lack

    def messages(self) -> pd.DataFrame:
        """Return one row per message of every replication; see :meth:`visits`."""
        return self._log_frame(trace.message_columns() for trace in self.traces)

    def _log_frame(self, logs: Iterable[Columns]) -> pd.DataFrame:
        import pyarrow as pa

        if not self.traces:
            raise InputError("the run kept no log; run it with log=True")
        start = self.scenario.start
        numbered = enumerate(logs, self.first)
        tables = [arrow_table(columns, replication=number, start=start) for number, columns in numbered]
        frame: pd.DataFrame = pa.concat_tables(tables).to_pandas()
        return frame

    def summary_table(self) -> Table:
        """Return the columns of :meth:`summary`."""
        table = {
            **_keys(self.scenario, self.rows),
            "value": [estimate.value for estimate in self.estimates],
            "low": np.maximum([estimate.low for estimate in self.estimates], 0.0).tolist(),  # R43: nothing is negative
            "high": [estimate.high for estimate in self.estimates],
            "confidence": [estimate.confidence for estimate in self.estimates],
            "n": [estimate.n for estimate in self.estimates],
        }
        return _in_order(table, SUMMARY)

    def replications_table(self) -> Table:
        """Return the columns of :meth:`replications`."""
        with np.errstate(divide="ignore", invalid="ignore"):  # a ratio of nothing is no number
            values = self.numerators / self.denominators
        table = {
            **_keys(self.scenario, self.rows, times=len(self)),
            "replication": np.repeat(np.arange(self.first, self.first + len(self)), len(self.rows)),
            "value": values.ravel(),
            "numerator": self.numerators.ravel(),
            "denominator": self.denominators.ravel(),
        }
        return _in_order(table, REPLICATIONS)

    def support_table(self) -> Table:
        """Return a row for the teams, or teams named together, and then for trainers (R103)."""
        rows = [_support_row(each) for each in self.support]
        return {column.name: [row[column.name] for row in rows] for column in SUPPORT}

    def series_tables(self) -> Iterator[Table]:
        """Yield the columns of :meth:`series`, row of measures by row: short intervals make long tables."""
        for of in (self.by_interval, *by_checkpoint(self.paths, confidence=self.scenario.run.confidence)):
            start = np.datetime64(self.scenario.start, "ms") + of.start.astype("timedelta64[ms]")
            for place, row in enumerate(of.rows):
                table = {
                    **_keys(self.scenario, (row,), times=len(start)),
                    "start": start,
                    "value": of.value[place],
                    "low": of.low[place],
                    "high": of.high[place],
                    "confidence": np.full(len(start), of.confidence),
                    "n": np.full(len(start), of.n),
                }
                yield _in_order(table, SERIES_TABLE)

    def episodes_table(self) -> Table:
        """Return the columns of :meth:`episodes`."""
        numbered = enumerate(self.paths, self.first)
        found = [stay for number, paths in numbered for stay in stays(self.scenario, number, paths)]
        table = {name: [getattr(stay, name) for stay in found] for name in Stay._fields}
        table |= {"scenario": [self.scenario.name] * len(found), "point": [""] * len(found)}
        return _in_order(table, EPISODES)


def _keys(scenario: Scenario, rows: tuple[Row, ...], *, times: int = 1) -> dict[str, Any]:
    """Return the columns that say what is measured; ``point`` names a point of a sweep, a plain run has one."""
    names = ("stream", "step", "team", "measure", "unit")
    keys = {"scenario": [scenario.name] * len(rows), "point": [""] * len(rows)}
    keys |= {name: [getattr(row, name) for row in rows] for name in names}
    return {name: np.tile(np.array(values, dtype=object), times) for name, values in keys.items()}


def _support_row(each: Support) -> dict[str, Any]:
    ends = zip(("start", "horizon"), each.people, each.enabled, each.ratios, strict=True)
    start, horizon = ({f"people_at_{end}": a, f"enabled_at_{end}": b, f"ratio_at_{end}": c} for end, a, b, c in ends)
    found = each.carried or Estimate(math.nan, math.nan, math.nan, math.nan, 0)
    carried = {"carried": found.value, "low": found.low, "high": found.high}
    who = {"team": each.team, "adoption": each.adoption}
    return {**who, **start, **horizon, **carried, "confidence": found.confidence, "n": found.n}


def _in_order(table: Table, columns: tuple[Column, ...]) -> Table:
    assert table.keys() == {column.name for column in columns}, "the data dictionary says what a table holds"
    return {column.name: table[column.name] for column in columns}


def _frame(table: Table) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(table)
