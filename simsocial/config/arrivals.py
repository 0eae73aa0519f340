"""Where a stream's messages come from: a rate, a forecast, a timetable, or a replay (R12-R16, R73-R76, R102)."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from simsocial.config.amounts import Growth as GrowthAmount
from simsocial.config.bursts import Burst, SelfExciting
from simsocial.config.files import Decimal, FileOfInstants, Rows, TimeOfDay
from simsocial.config.forecast import Forecast
from simsocial.config.scalar import Choice, faults_at
from simsocial.config.tables import ByKey, ByKind, ByWord, Several, Shorthand, Table
from simsocial.config.values import (
    Date,
    Duration,
    DurationOrZero,
    Flag,
    Growth,
    Name,
    NonNegative,
    Rate,
    Text,
    WeeklyTimes,
)

Profile = Annotated[Text | Several[NonNegative], ByKind()]
"""A built-in name, a CSV file, or a list of weights."""


class ShapedArrivals(Table):
    """Everything that shapes a rate (R12); ``profile`` spreads it over the week."""

    profile: Profile = "flat"
    season: Several[NonNegative] | None = None
    growth: Growth = GrowthAmount(0.0, "month")
    holiday_factor: NonNegative = 1.0
    special_days: dict[Date, NonNegative] = Field(default_factory=dict)
    day_level_cv: NonNegative = 0.0
    self_exciting: SelfExciting | None = None
    bursts: dict[Name, Burst] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _whole_season(self) -> Self:
        if self.season is not None and len(self.season) not in (12, 53):
            raise faults_at((("season",), f"write 12 monthly or 53 weekly factors (got {len(self.season)})"))
        return self


class RateArrivals(ShapedArrivals):
    """A rate of messages."""

    rate: Rate


class EmployeeArrivals(ShapedArrivals):
    """A rate per enabled employee ``of`` an adoption (R102)."""

    per_employee: Rate
    of: Name


class ForecastArrivals(Table):
    """A file's expected volumes as the rate; ``profile`` spreads each inside its interval (R76)."""

    forecast: Annotated[Forecast, Shorthand("file", Text)]
    profile: Profile = "flat"
    day_level_cv: NonNegative = 0.0
    self_exciting: SelfExciting | None = None
    bursts: dict[Name, Burst] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_spread(self) -> Self:
        if self.forecast.band is not None and self.day_level_cv > 0:
            raise faults_at((("day_level_cv",), "follows from the band of the forecast; leave out one of them"))
        return self


class TimetableArrivals(Table):
    """One message at each named weekly time (R15)."""

    timetable: WeeklyTimes
    on_holidays: Flag = False


class Scale(Table):
    """What multiplies a replay's items: linear from the run's start to its horizon (R16)."""

    from_: NonNegative = Field(alias="from")
    to: NonNegative


AnyScale = Annotated[NonNegative | Scale, ByKind()]


class Replay(FileOfInstants):
    """What counts and time stamps have in common; ``rows`` are those with one of some words in each column (R71)."""

    file: Text
    time: Text = "timestamp"
    time_of_day: Annotated[TimeOfDay, Shorthand("column", Text)] | None = None
    rows: Rows = Field(default_factory=dict)
    decimal: Decimal | None = None
    scale: AnyScale = 1.0


class CountsReplay(Replay):
    """Counts per interval; ``interval`` is by default the spacing of the time stamps."""

    kind: Literal["counts"] = "counts"
    value: Text = "value"
    interval: Duration | None = None
    placing: Annotated[Literal["uniform", "even"], Choice()] = "uniform"
    fractions: Annotated[Literal["refused", "by chance"], Choice()] = "refused"


class StampsReplay(Replay):
    """One message at each time stamp, its copies spread over ``spread`` after it."""

    kind: Literal["stamps"]
    order: Annotated[Literal["ascending", "any"], Choice()] = "ascending"
    spread: DurationOrZero = 0


class ReplayArrivals(Table):
    """A file's messages, used as they are (R16)."""

    replay: Annotated[
        Annotated[CountsReplay | StampsReplay, ByWord("kind", default="counts")],
        Shorthand("file", Text, kind="counts"),
    ]
    bursts: dict[Name, Burst] = Field(default_factory=dict)


Arrivals = Annotated[
    RateArrivals | EmployeeArrivals | ForecastArrivals | TimetableArrivals | ReplayArrivals,
    ByKey("rate", "per_employee", "forecast", "timetable", "replay"),
]
