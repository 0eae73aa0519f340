"""A scenario: what the world is, in ticks and indexes, with every unit resolved and nothing drawn yet."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

import numpy as np
import numpy.typing as npt

from simsocial.model.away import Absence, Leave, Meeting, OnCall, OtherDuty
from simsocial.model.backlog import Waiting
from simsocial.model.bursts import BurstyArrivals
from simsocial.model.calendar import Calendar
from simsocial.model.desk import Desk
from simsocial.model.files import FileRead
from simsocial.model.laws import Law
from simsocial.model.piecewise import Piecewise, frozen
from simsocial.model.rota import Rota
from simsocial.units import NEVER


class Measured(Enum):
    """Which stretch of time a promise is about (R6, R7)."""

    PICKUP = "pickup"
    FIRST_RESPONSE = "first_response"
    PUBLICATION = "publication"
    COMPLETION = "completion"
    STEP = "step"


@dataclass(frozen=True)
class Promise:
    """A promise of a stream or of one of its steps.

    Parameters
    ----------
    name
        ``pickup``, ``first_response``, ``publication``, ``completion``, or the step's name.
    measured
        What is measured.
    step
        Index of the stage it is charged to (R47).
    within
        Ticks of elapsed or of open time; ``None`` for an end of business day.
    end_of_day
        The n of "end of business day + n"; ``None`` otherwise.
    share
        Promised share, 0–1.
    calendar
        Index of the calendar that counts, ``None`` for elapsed time.
    grace
        Ticks (R8).
    """

    name: str
    measured: Measured
    step: int
    within: int | None
    end_of_day: int | None
    share: float
    calendar: int | None
    grace: int = 0


class Placing(Enum):
    """Where inside its interval a replayed count's messages arrive (R16)."""

    UNIFORM = "uniform"
    EVEN = "even"


@dataclass(frozen=True, eq=False)
class RateArrivals:
    """A rate that is constant between breaks (R12).

    Parameters
    ----------
    breaks
        Shape (pieces + 1,), ticks, from 0 to the horizon or beyond.
    rates
        Shape (pieces,), messages per tick, without the day factor.
    day_cv
        Coefficient of variation of the day factor (R14).
    """

    breaks: npt.NDArray[np.int64]
    rates: npt.NDArray[np.float64]
    day_cv: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "breaks", frozen(self.breaks, np.int64))
        object.__setattr__(self, "rates", frozen(self.rates, np.float64))


@dataclass(frozen=True, eq=False)
class Timetable:
    """One message at each instant; ``instants`` has shape (messages,), ticks, ascending (R15)."""

    instants: npt.NDArray[np.int64]

    def __post_init__(self) -> None:
        object.__setattr__(self, "instants", frozen(self.instants, np.int64))


@dataclass(frozen=True, eq=False)
class ReplayCounts:
    """Counts per interval, used as they are (R16).

    Parameters
    ----------
    start, end
        Shape (intervals,), ticks; intervals ascend and do not overlap.
    counts
        Shape (intervals,), messages before scaling; of a fraction there is one message more, with that probability.
    scale_from, scale_to
        Factor at the run's start and at its horizon, linear between them.
    placing
        Where in its interval a message arrives.
    """

    start: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]
    counts: npt.NDArray[np.float64]
    scale_from: float = 1.0
    scale_to: float = 1.0
    placing: Placing = Placing.UNIFORM

    def __post_init__(self) -> None:
        for name, kind in (("start", np.int64), ("end", np.int64), ("counts", np.float64)):
            object.__setattr__(self, name, frozen(getattr(self, name), kind))


@dataclass(frozen=True, eq=False)
class ReplayStamps:
    """Time stamps, used as they are (R16).

    Parameters
    ----------
    stamps
        Shape (items,), ticks, ascending.
    scale_from, scale_to
        Factor at the run's start and at its horizon, linear between them.
    spread
        Ticks over which an item's copies are spread after it; 0 for the same instant.
    """

    stamps: npt.NDArray[np.int64]
    scale_from: float = 1.0
    scale_to: float = 1.0
    spread: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "stamps", frozen(self.stamps, np.int64))


OwnArrivals = RateArrivals | Timetable | ReplayCounts | ReplayStamps
"""What comes to a stream without bursts (R12–R16)."""
Arrivals = OwnArrivals | BurstyArrivals


@dataclass(frozen=True)
class StepLaws:
    """What is drawn for a step; parallel to the route's steps.

    Parameters
    ----------
    work
        Work of a visit to the step's own queue.
    share
        Share of messages that need the step.
    rework
        Work of a rework that this review causes; ``None`` unless it returns to a step.
    author_delay
        ``None`` unless it returns to the author.
    """

    work: Law
    share: float = 1.0
    rework: Law | None = None
    author_delay: Law | None = None


@dataclass(frozen=True)
class Part:
    """A part of a split stream: the messages of ``of`` whose own uniform lies in ``[low, high)`` (R90)."""

    of: str
    low: float
    high: float

    @property
    def share(self) -> float:
        return self.high - self.low


@dataclass(frozen=True)
class Stream:
    """A class of work; its route is ``Desk.routes`` at the same index.

    ``arrivals`` and what of ``waiting`` is shared are those of the whole stream where this is a part of one.
    """

    name: str
    arrivals: Arrivals
    steps: tuple[StepLaws, ...]
    promises: tuple[Promise, ...] = ()
    actionable: float = 1.0
    triage: Law | None = None
    patience: Law | None = None
    calendar: int | None = None
    waiting: tuple[Waiting, ...] = ()
    part: Part | None = None

    @property
    def drawn_as(self) -> str:
        """Name in the addresses: the parts of a stream draw what the whole would (R90)."""
        return self.part.of if self.part else self.name

    @property
    def share(self) -> float:
        """Share of the arrivals that are this stream's."""
        return self.part.share if self.part else 1.0


@dataclass(frozen=True)
class Break:
    """Time off inside a shift: ticks after its beginning, and length (R34)."""

    after: int
    length: int


@dataclass(frozen=True)
class Shift:
    """A weekly pattern of duty.

    Parameters
    ----------
    name
        Name inside its team.
    hours
        (start, end) of each duty in the week, ticks from Monday 00:00; ``end`` may pass the week's end.
    weight
        Proportion of the team's agents (a count or a share, R32).
    ranking
        Index into ``Desk.rankings``.
    breaks, pace, quality
        In each of these duties.
    weeks, cycle
        Worked in weeks ``weeks`` (counted from 1) of each ``cycle`` weeks (R33).
    """

    name: str
    hours: tuple[tuple[int, int], ...]
    weight: float
    ranking: int
    breaks: tuple[Break, ...] = ()
    pace: float = 1.0
    quality: float = 1.0
    weeks: tuple[int, ...] = (1,)
    cycle: int = 1


@dataclass(frozen=True)
class Team:
    """People who share a name, shifts and a ranking; ``name`` is ``Desk.teams`` at the same index.

    Parameters
    ----------
    headcount
        Agents in force over time, whole numbers; changes take effect at their instant.
    shifts
        In the config's order.
    slots, slot_pace
        Threads per agent, and what they multiply his pace by (R35).
    rotate
        Shift indexes through which the agents of those shifts move, a week each; empty for none.
    days_off
        Dates on which no shift begins.
    absence, leave, meetings, other_duties, on_call
        What takes agents off the desk, and what calls them in (R78–R82).
    rota
        Who works when, said row by row (R68, R69): the only shift then has no hours, and says pace, quality and
        ranking; ``None`` for a team of shifts.
    """

    name: str
    headcount: Piecewise
    shifts: tuple[Shift, ...]
    slots: int = 1
    slot_pace: float = 1.0
    rotate: tuple[int, ...] = ()
    days_off: frozenset[dt.date] = frozenset()
    absence: Absence | None = None
    leave: Leave | None = None
    meetings: tuple[Meeting, ...] = ()
    other_duties: tuple[OtherDuty, ...] = ()
    on_call: tuple[OnCall, ...] = ()
    rota: Rota | None = None

    @property
    def posts(self) -> tuple[Shift | OnCall, ...]:
        """What a window can be of: the shifts, then the calls."""
        return (*self.shifts, *self.on_call)

    @property
    def names(self) -> tuple[str, ...]:
        """Of its agents, by number; empty where they have only numbers (R62, R68, R69)."""
        known = self.rota.agents if self.rota else ()
        return () if known == tuple(map(str, range(len(known)))) else known

    @property
    def absent_share(self) -> float:
        """Share of the shifts that agents miss at random (R78)."""
        return self.absence.share if self.absence else 0.0

    @property
    def has_time_away(self) -> bool:
        """Whether anything but breaks takes agents off the desk (R78–R81)."""
        by_rota = self.rota is not None and self.rota.has_time_away
        return bool(
            by_rota or self.absent_share or (self.leave and self.leave.days) or self.meetings or self.other_duties
        )


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
    run
        Defaults of a run.
    origin
        ``None`` for a scenario made in code.
    """

    name: str
    start: dt.datetime
    desk: Desk
    streams: tuple[Stream, ...]
    teams: tuple[Team, ...]
    calendars: tuple[Calendar, ...] = ()
    interval: int = 1_800_000
    warmup: int = 0
    run: RunSettings = RunSettings()
    origin: Origin | None = None

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
