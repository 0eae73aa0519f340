"""What happened in one replication, for a reader who wants every visit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simsocial.errors import InputError
from simsocial.model.desk import Desk
from simsocial.model.log import Log
from simsocial.model.messages import Messages
from simsocial.model.roster import Roster
from simsocial.simulation.tables import Columns, message_columns, tick_frame, visit_columns
from simsocial.units import DURATIONS, parse_duration

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, repr=False)
class Trace:
    """What happened to the messages of one replication.

    Parameters
    ----------
    desk, given, roster
        What was simulated.
    log
        Visits and fates, as the engine wrote them.
    """

    desk: Desk
    given: Messages
    roster: Roster
    log: Log

    def __len__(self) -> int:
        """Return the number of messages."""
        return sum(len(stream) for stream in self.given.streams)

    def __repr__(self) -> str:
        return f"<Trace of {len(self)} messages and {len(self.log.visits)} visits>"

    def visits(self, *, unit: str | None = None) -> pd.DataFrame:
        """Return one row per visit.

        Parameters
        ----------
        unit
            Unit of the instants, such as ``"h"`` or ``"6 min"``; whole ticks (milliseconds) without one.
        """
        return _frame(self.visit_columns(), unit)

    def messages(self, *, unit: str | None = None) -> pd.DataFrame:
        """Return one row per message; see :meth:`visits`."""
        return _frame(self.message_columns(), unit)

    def visit_columns(self) -> Columns:
        return visit_columns(self.desk, self.roster, self.log)

    def message_columns(self) -> Columns:
        return message_columns(self.desk, self.given, self.log)


def ticks_of(unit: str) -> int:
    """Return the ticks of a unit: its name, or a length of time.

    Raises
    ------
    InputError
        When it is neither.
    """
    if unit in DURATIONS:
        return DURATIONS[unit]
    try:
        ticks = parse_duration(unit)
    except ValueError as error:
        raise InputError(f"unit: {error}") from None
    if ticks < 1:
        raise InputError(f"unit: must be at least 1 ms (got {unit!r})")
    return ticks


def _frame(columns: Columns, unit: str | None) -> pd.DataFrame:
    return tick_frame(columns, unit=None if unit is None else ticks_of(unit))
