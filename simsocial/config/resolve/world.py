"""What every part of the document is read against: the run's stretch of time, the calendars, the files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from simsocial.config.csv_files import CsvFile, read_csv
from simsocial.config.resolve.spot import Spot
from simsocial.config.time import OpenHours
from simsocial.model.calendar import Calendar
from simsocial.units import DAY, WEEK

_TICK = dt.timedelta(milliseconds=1)


@dataclass(frozen=True)
class Span:
    """The run's stretch of wall-clock time, from ``start`` for ``horizon`` ticks."""

    start: dt.datetime
    horizon: int

    @property
    def midnight(self) -> int:
        """Tick at which the start's date begins, not after 0."""
        return self.tick(self.start.date())

    @property
    def monday(self) -> int:
        """Tick at which the start's week begins, not after 0: Monday 00:00."""
        return self.midnight - self.start.weekday() * DAY

    @property
    def dates(self) -> npt.NDArray[np.datetime64]:
        """Shape (dates,), ``datetime64[D]``, from the start's to a week after the horizon, where the last step ends."""
        return np.datetime64(self.start.date(), "D") + np.arange((self.horizon - self.midnight + WEEK) // DAY + 1)

    def tick(self, instant: dt.date) -> int:
        """Return the tick of an instant; a date means its midnight."""
        if not isinstance(instant, dt.datetime):
            instant = dt.datetime(instant.year, instant.month, instant.day)
        return (instant - self.start) // _TICK

    def when(self, tick: int) -> dt.datetime:
        """Return the wall-clock instant of a tick."""
        return self.start + int(tick) * _TICK

    def dates_of(self, ticks: npt.NDArray[np.int64]) -> npt.NDArray[np.datetime64]:
        """Return the dates of ticks, any shape, ``datetime64[D]``."""
        return np.datetime64(self.start.date(), "D") + (ticks - self.midnight) // DAY

    def ticks(self, instants: npt.NDArray[np.datetime64]) -> npt.NDArray[np.int64]:
        """Return the ticks of instants in milliseconds, any shape."""
        return (instants - np.datetime64(self.start, "ms")).astype(np.int64)


@dataclass(frozen=True, eq=False)
class World:
    """Time, calendars and files.

    Parameters
    ----------
    span
        Of the run.
    calendars
        By name, in the config's order.
    base
        Folder in which files are looked for first; then it is the current folder (R60).
    files
        Files read so far: name as written → SHA-256.
    """

    span: Span
    calendars: Mapping[str, Calendar]
    base: Path
    files: dict[str, str] = field(default_factory=dict)

    def calendar(self, name: str, spot: Spot) -> int | None:
        """Return the index of a calendar; ``None`` when there is none of that name."""
        if name in self.calendars:
            return list(self.calendars).index(name)
        spot.unknown("calendar", name, list(self.calendars))
        return None

    def read(self, name: str, columns: Mapping[str, str | None], spot: Spot) -> CsvFile:
        """Read a CSV file that the document names at ``spot``, or raise `InputError`."""
        here, there = self.base / name, Path.cwd() / name
        path = there if not here.exists() and there.exists() else here
        file = read_csv(path, columns=columns, where=spot.where, at=spot.path)
        self.files[name] = file.sha256
        return file


def compile_calendars(written: Mapping[str, OpenHours], span: Span) -> dict[str, Calendar]:
    """Compile the named calendars, beyond the horizon."""
    return {
        name: Calendar.compile(
            name, start=span.start, hours=hours.hours, holidays=frozenset(hours.holidays), until=span.horizon
        )
        for name, hours in written.items()
    }
