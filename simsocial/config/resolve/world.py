"""What every part of the document is read against: the run's stretch of time, the calendars, the files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from simsocial.config.csv_columns import read_csv
from simsocial.config.csv_files import CsvFile
from simsocial.config.csv_instants import Clock
from simsocial.config.csv_numbers import Sign
from simsocial.config.csv_rows import Rows
from simsocial.config.files import FileOfInstants, HolidaysFile
from simsocial.config.resolve.spot import Spot
from simsocial.config.time import OpenHours
from simsocial.errors import InputError
from simsocial.model.adoption import Adoption
from simsocial.model.calendar import Calendar
from simsocial.model.files import FileRead
from simsocial.units import DAY, WEEK

_TICK = dt.timedelta(milliseconds=1)


@dataclass(frozen=True)
class Span:
    """The run's stretch of wall-clock time, from ``start`` for ``horizon``; a backlog reaches back to ``since``."""

    start: dt.datetime
    horizon: int
    since: int = 0

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

    @property
    def midnights(self) -> npt.NDArray[np.int64]:
        """Shape (dates,), ticks at which the dates begin, the first one's not before the run does."""
        return (self.midnight + DAY * np.arange(len(self.dates))).clip(min=0)

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
    base
        Folder in which files are looked for first; then it is the current folder (R60).
    zone
        Time zone of the run's clock, ``None`` when the config does not say.
    timed
        Whether start and horizon are the user's: nothing is said of what lies outside a stretch that stands in for it.
    calendars
        By name, in the config's order.
    adoptions
        By name, in the config's order.
    files
        Files read so far: name as written → SHA-256.
    on_duty
        Rows of rotas that say who is on duty, by line → the team that takes them.
    read_at
        Dotted paths at which files were named, each time that one was read.
    """

    span: Span
    base: Path
    zone: str | None = None
    timed: bool = True
    calendars: dict[str, Calendar] = field(default_factory=dict)
    adoptions: dict[str, Adoption] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    on_duty: dict[Path, dict[int, str]] = field(default_factory=dict)
    read_at: list[str] = field(default_factory=list)
    _read: dict[str, tuple[str, CsvFile]] = field(default_factory=dict)
    _rows: dict[Path, Rows] = field(default_factory=dict)

    def calendar(self, name: str, spot: Spot) -> int | None:
        """Return the index of a calendar; ``None`` when there is none of that name."""
        if name in self.calendars:
            return list(self.calendars).index(name)
        spot.unknown("calendar", name, list(self.calendars))
        return None

    def adoption(self, name: str, spot: Spot) -> Adoption | None:
        """Return an adoption; ``None`` when there is none of that name."""
        if name not in self.adoptions:
            spot.unknown("adoption", name, list(self.adoptions))
        return self.adoptions.get(name)

    def read(
        self,
        name: str,
        columns: Mapping[str, str | None],
        spot: Spot,
        *,
        optional: Mapping[str, str] | None = None,
        decimal: Sign | None = None,
    ) -> CsvFile:
        """Read a CSV file that the document names at ``spot``, or raise `InputError`."""
        here, there = self.base / name, Path.cwd() / name
        path = there if not here.exists() and there.exists() else here
        file = read_csv(
            path,
            columns=columns,
            where=spot.where,
            at=spot.path,
            name=name,
            optional=optional,
            decimal=decimal,
            known=self._rows,
        )
        self.read_at.append(spot.path)
        self.files[name] = file.sha256
        self._read[spot.path] = name, file
        return file

    def again(self) -> World:
        """Return the world as it is before streams and teams are resolved in it, for another variant of a config."""
        return replace(self, files=dict(self.files), on_duty={}, read_at=[], _read=dict(self._read))

    def clock(self, written: FileOfInstants) -> Clock:
        """Return how the instants of a file are meant (R71)."""
        return Clock(written.format, written.zone, self.zone)

    @property
    def readings(self) -> tuple[FileRead, ...]:
        """How the files were read, in the order of reading (R72)."""
        return tuple(file.told(name, at) for at, (name, file) in self._read.items())


def compile_calendars(written: Mapping[str, OpenHours], world: World, spot: Spot) -> None:
    """Compile the named calendars, beyond the horizon, into the world; ``spot`` is their place."""
    for name, hours in written.items():
        world.calendars[name] = Calendar.compile(
            name,
            start=world.span.start,
            hours=hours.hours,
            holidays=_holidays(hours, world, spot / name / "holidays"),
            until=world.span.horizon,
            since=world.span.since,
        )


def _holidays(hours: OpenHours, world: World, spot: Spot) -> frozenset[dt.date]:
    """Return the dates written, or those of the file that is named (R70)."""
    written = hours.holidays
    if isinstance(written, tuple):
        return frozenset(written)
    table = HolidaysFile(file=written) if isinstance(written, str) else written
    try:
        file = world.read(table.file, {table.date: "date"}, spot / "file", optional={table.name: "name"})
        dates = file.dates(table.date, clock=Clock(table.format))
    except InputError as error:
        spot.pass_on(error)
        return frozenset()
    if len(set(dates)) < len(dates):
        file.notes.append(f"dates that come again: {len(dates) - len(set(dates)):,}")
    return frozenset(dates)
