"""The log of a replication as tables that people and programs read: names for indexes, no row lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from simsocial.model.desk import Desk
from simsocial.model.log import Log, MessageOutcome, VisitOutcome
from simsocial.model.messages import Messages, StreamMessages
from simsocial.model.roster import Roster
from simsocial.units import NEVER

if TYPE_CHECKING:
    import pandas as pd

Ints = npt.NDArray[np.int64]
DUE = ("pickup", "first_response", "publication", "completion")
"""The promises of a message (R6): a column of due instants each in the table of messages."""


@dataclass(frozen=True)
class Names:
    """A column of names: ``names[code]``, nothing where the code is -1."""

    code: Ints
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.code)

    def __getitem__(self, rows: slice) -> Names:
        return Names(self.code[rows], self.names)


@dataclass(frozen=True)
class Numbers:
    """A column of indexes, nothing where it is -1."""

    index: Ints

    def __len__(self) -> int:
        return len(self.index)

    def __getitem__(self, rows: slice) -> Numbers:
        return Numbers(self.index[rows])


@dataclass(frozen=True)
class Instants:
    """A column of ticks, nothing where it is ``NEVER``."""

    tick: Ints

    def __len__(self) -> int:
        return len(self.tick)

    def __getitem__(self, rows: slice) -> Instants:
        return Instants(self.tick[rows])


Column = npt.NDArray[Any] | Names | Numbers | Instants
Columns = Mapping[str, Column]


def visit_columns(desk: Desk, roster: Roster, log: Log) -> Columns:
    """Return every visit of a replication, in the order of the log.

    ``message``, ``agent`` (inside its team) and ``slot`` count from 0, ``visit`` from 1.
    """
    visits = log.visits
    first_agent = np.searchsorted(roster.team, np.arange(len(desk.teams) + 1))
    return {
        "stream": _streams(desk, visits.stream),
        "message": visits.message,
        "step": _steps(desk, visits.stream, visits.step),
        "visit": visits.visit,
        "team": Names(visits.team, desk.teams),
        "agent": Numbers(np.where(visits.agent < 0, -1, visits.agent - first_agent[visits.team])),
        "slot": Numbers(visits.slot),
        "joined": Instants(visits.joined),
        "start": Instants(visits.start),
        "end": Instants(visits.end),
        "outcome": Names(visits.outcome, tuple(outcome.name.lower() for outcome in VisitOutcome)),
    }


def message_columns(desk: Desk, messages: Messages, log: Log) -> Columns:
    """Return every message of a replication by stream and arrival; ``due_…`` is nothing where that is not promised."""
    streams, fates = messages.streams, log.fates
    sizes = [len(stream) for stream in streams]
    due = {f"due_{name}": Instants(_joined([_due(stream, name) for stream in streams])) for name in DUE}
    return {
        "stream": _streams(desk, np.repeat(np.arange(len(streams)), sizes)),
        "message": _joined([np.arange(size) for size in sizes]),
        "arrival": Instants(_joined([stream.arrival for stream in streams])),
        "actionable": np.concatenate([stream.actionable for stream in streams]),
        "patience_ends": Instants(_joined([stream.patience_ends for stream in streams])),
        **due,
        "published": Instants(_joined([fate.published for fate in fates])),
        "ended": Instants(_joined([fate.ended for fate in fates])),
        "outcome": Names(
            _joined([fate.outcome for fate in fates]), tuple(kind.name.lower() for kind in MessageOutcome)
        ),
    }


def portions(columns: Columns, *, size: int) -> Iterator[Columns]:
    """Yield the columns in portions of at most ``size`` rows; a table without rows is one portion."""
    rows = len(next(iter(columns.values())))
    for begin in range(0, max(rows, 1), size):
        yield {name: column[begin : begin + size] for name, column in columns.items()}


def arrow_table(columns: Columns, *, replication: int, start: dt.datetime) -> Any:
    """Return a ``pyarrow.Table`` of the columns, the replication's number in front, instants as naive time stamps.

    A tick is a millisecond, so the time stamps are exact.
    """
    import pyarrow as pa

    zero = int(np.datetime64(start, "ms").astype(np.int64))

    def array(column: Column) -> Any:
        if isinstance(column, Names):
            codes = pa.array(column.code.astype(np.int32), mask=column.code < 0)
            return pa.DictionaryArray.from_arrays(codes, pa.array(column.names, pa.string()))
        if isinstance(column, Numbers):
            return pa.array(column.index, mask=column.index < 0)
        if isinstance(column, Instants):
            never = column.tick == NEVER
            return pa.array(np.where(never, 0, column.tick + zero), pa.timestamp("ms"), mask=never)
        return pa.array(column)

    table = pa.table({name: array(column) for name, column in columns.items()})
    return table.add_column(0, "replication", pa.array(np.full(len(table), replication)))


def tick_frame(columns: Columns, *, unit: int | None = None) -> pd.DataFrame:
    """Return a DataFrame of the columns with instants as whole ticks, or as numbers of ``unit`` ticks."""
    import pandas as pd

    def array(column: Column) -> Any:
        if isinstance(column, Names):
            return pd.Categorical.from_codes(column.code, pd.Index(column.names))
        if isinstance(column, Numbers):
            return pd.arrays.IntegerArray(column.index.copy(), column.index < 0)
        if isinstance(column, Instants):
            never = column.tick == NEVER
            if unit is None:
                return pd.arrays.IntegerArray(column.tick.copy(), never)
            return np.where(never, np.nan, column.tick / unit)
        return column

    return pd.DataFrame({name: array(column) for name, column in columns.items()})


def _streams(desk: Desk, stream: Ints) -> Names:
    return Names(stream, tuple(route.stream for route in desk.routes))


def _steps(desk: Desk, stream: Ints, step: Ints) -> Names:
    """Return the steps' names; streams may share one, a column of names may not hold it twice."""
    spelled = [each.name for route in desk.routes for each in route.steps]
    names = tuple(dict.fromkeys(spelled))
    code = np.array([names.index(name) for name in spelled])
    first = np.cumsum([0] + [len(route.steps) for route in desk.routes])
    return Names(code[first[stream] + step], names)


def _due(stream: StreamMessages, name: str) -> Ints:
    if name in stream.promises:
        return np.asarray(stream.due[stream.promises.index(name)])
    return np.full(len(stream), NEVER)


def _joined(parts: Sequence[Ints]) -> Ints:
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)
