"""A scenario: what the world is, in ticks and indexes, with every unit resolved and nothing drawn yet."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any

from simsocial.model.adoption import Adoption
from simsocial.model.calendar import Calendar
from simsocial.model.desk import Desk
from simsocial.model.files import FileRead
from simsocial.model.outages import Outage
from simsocial.model.streams import Stream
from simsocial.model.teams import Team
from simsocial.units import NEVER


@dataclass(frozen=True)
class Precision:
    """Replicate until the half-width of a measure's interval is below ``relative`` of its value or ``most`` is reached.

    Parameters
    ----------
    measure
        ``<stream>.<measure>``, ``<stream>.<step>.<measure>`` or ``<team>.<measure>``.
    """

    measure: str
    relative: float
    least: int
    most: int


@dataclass(frozen=True)
class RunSettings:
    """How to run: defaults of ``simsocial run``; ``full_week``, in ticks, is what an FTE is paid for (R85)."""

    seed: int = 1
    replications: int = 100
    precision: Precision | None = None
    persistence: int = 5
    confidence: float = 0.95
    full_week: int = 144_000_000


@dataclass(frozen=True, eq=False)
class Origin:
    """Where a scenario came from, for provenance and replay.

    Parameters
    ----------
    config
        The normalised config, as plain tables, texts and numbers.
    base
        Folder against which its file names are read.
    files
        Other files it read: name as written → SHA-256.
    sources
        Dotted path → the stated source of a value (``measured``, ``cited:…``, ``assumed``).
    ranges
        Dotted path → stated (low, high).
    read
        How those files were read (R72).
    """

    config: dict[str, Any]
    base: str = "."
    files: dict[str, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    ranges: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    read: tuple[FileRead, ...] = ()


@dataclass(frozen=True, eq=False)
class Scenario:
    """What the world is.

    Parameters
    ----------
    name
        For people.
    start
        Wall-clock date and time of tick 0.
    desk
        Structure, with the horizon.
    interval
        Reporting interval, ticks.
    warmup
        Ticks (R9).
    calendars, streams, teams
        In the config's order; streams and teams as in ``desk``. Calendars are compiled beyond the horizon.
    adoptions
        Of employees whom the desk supports, in the config's order.
    run
        Defaults of a run.
    origin
        ``None`` for a scenario made in code.
    outages
        What fails together, and when.
    """

    name: str
    start: dt.datetime
    desk: Desk
    streams: tuple[Stream, ...]
    teams: tuple[Team, ...]
    calendars: tuple[Calendar, ...] = ()
    adoptions: tuple[Adoption, ...] = ()
    interval: int = 1_800_000
    warmup: int = 0
    run: RunSettings = RunSettings()
    origin: Origin | None = None
    outages: tuple[Outage, ...] = ()

    @property
    def horizon(self) -> int:
        return self.desk.horizon

    def when(self, tick: int) -> dt.datetime:
        """Return the wall-clock instant of ``tick``."""
        assert tick < NEVER
        return self.start + dt.timedelta(milliseconds=int(tick))

    def tick(self, instant: dt.datetime) -> int:
        """Return the tick of a wall-clock ``instant`` (negative before the start)."""
        return (instant - self.start) // dt.timedelta(milliseconds=1)

    def but(self, **changes: Any) -> Scenario:
        """Return a copy with some fields replaced."""
        return replace(self, **changes)
