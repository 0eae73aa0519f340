"""Where a stream's messages come from: a rate, a forecast, a timetable, or a file to replay (R12-R16, R73-R76)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, Field, GetCoreSchemaHandler, model_validator
from pydantic_core import CoreSchema, core_schema

from simsocial.config.amounts import Growth as GrowthAmount
from simsocial.config.bursts import Burst, SelfExciting
from simsocial.config.forecast import Forecast
from simsocial.config.scalar import Choice, faults_at
from simsocial.config.suggestions import did_you_mean
from simsocial.config.tables import ByKind, ByWord, Several, Shorthand, Table
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


class RateArrivals(Table):
    """A rate with everything that shapes it (R12); ``profile`` spreads it over the week."""

    rate: Rate
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
            message = f"write 12 monthly or 53 weekly factors (got {len(self.season)})"
            raise faults_at((("season",), message))
        return self


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


class CountsReplay(Table):
    """Counts per interval; ``interval`` is by default the spacing of the time stamps."""

    file: Text
    kind: Literal["counts"] = "counts"
    time: Text = "timestamp"
    value: Text = "value"
    interval: Duration | None = None
    scale: AnyScale = 1.0
    placing: Annotated[Literal["uniform", "even"], Choice()] = "uniform"


class StampsReplay(Table):
    """One message at each time stamp, its copies spread over ``spread`` after it."""

    file: Text
    kind: Literal["stamps"]
    time: Text = "timestamp"
    scale: AnyScale = 1.0
    spread: DurationOrZero = 0


class ReplayArrivals(Table):
    """A file's messages, used as they are (R16)."""

    replay: Annotated[
        Annotated[CountsReplay | StampsReplay, ByWord("kind", default="counts")],
        Shorthand("file", Text, kind="counts"),
    ]
    bursts: dict[Name, Burst] = Field(default_factory=dict)


class ByKey:
    """Pick the table of a union by which of the keys that name the members is written."""

    def __init__(self, *keys: str) -> None:
        self.keys = keys

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        members = dict(zip(self.keys, get_args(source), strict=True))
        choices = {f"<{key}>": handler.generate_schema(member) for key, member in members.items()}
        union = core_schema.tagged_union_schema(choices, lambda raw: f"<{next(k for k in self.keys if _has(raw, k))}>")
        return core_schema.no_info_before_validator_function(lambda raw: self._checked(raw, members), union)

    def _checked(self, raw: Any, members: Mapping[str, type[BaseModel]]) -> Any:
        given = [key for key in self.keys if _has(raw, key)]
        owners = {field: [key for key, member in members.items() if field in member.model_fields]
                  for member in members.values() for field in member.model_fields}  # fmt: skip
        if not given and isinstance(raw, Mapping) and (unknown := [key for key in raw if key not in owners]):
            raise faults_at(*(((key,), f"unknown key; {did_you_mean(str(key), owners)}") for key in unknown))
        if len(given) != 1:
            written = " and ".join(given) or "none of them"
            raise ValueError(f"write a table with exactly one of {', '.join(self.keys)} (got {written})")
        if isinstance(raw, Mapping) and (stray := [key for key in raw if given[0] not in owners.get(key, given)]):
            raise faults_at(
                *(((f,), f"goes with {' and '.join(owners[f])}, not with {given[0]}; leave it out") for f in stray)
            )
        return raw


def _has(raw: Any, key: str) -> bool:
    return key in raw if isinstance(raw, Mapping) else hasattr(raw, key)


Arrivals = Annotated[
    RateArrivals | ForecastArrivals | TimetableArrivals | ReplayArrivals,
    ByKey("rate", "forecast", "timetable", "replay"),
]
