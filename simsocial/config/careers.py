"""How a team's people come, learn and leave: hiring, tenure, leaving, training (R92-R97)."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from simsocial.config.amounts import NUMBER, read_duration, write_duration
from simsocial.config.scalar import Choice, Scalar, faults_at, shown
from simsocial.config.tables import ByWord, Several, Shorthand, Table
from simsocial.config.values import (
    Count,
    CountOrZero,
    DateTime,
    Duration,
    DurationOrZero,
    Name,
    NonNegative,
    PositiveRatio,
    Share,
    Text,
)
from simsocial.units import DAY, DURATIONS, MONTH, WEEK, YEAR

# ---- values ---------------------------------------------------------------------------------------------------------

_PER = {"week": WEEK, "month": MONTH, "year": YEAR}


def _read_leaving_rate(raw: Any) -> tuple[float, str]:
    match = re.fullmatch(rf"\s*\+?({NUMBER})\s*%\s*/\s*(week|month|year)\s*", raw) if isinstance(raw, str) else None
    if match is None:
        raise ValueError(f'write how many leave, such as "33 % / year" (got {shown(raw)})')
    if float(match[1]) >= 100:
        raise ValueError(f"of those who are there fewer than 100 % leave within a {match[2]} (got {shown(raw)})")
    return float(match[1]), match[2]


def hazard(rate: tuple[float, str]) -> float:
    """Return the hazard per date at which that share of those who are there leaves within a week, month or year."""
    percent, per = rate
    return -math.log1p(-percent / 100) * DAY / _PER[per]


_RATE = {
    "title": "the share that leaves",
    "type": "string",
    "pattern": rf"^\s*\+?{NUMBER}\s*%\s*/\s*(week|month|year)\s*$",
    "examples": ["33 % / year"],
}
LeavingRate = Annotated[
    tuple[float, str],
    Scalar(_read_leaving_rate, lambda rate: f"{rate[0]!r} % / {rate[1]}".replace(".0 ", " "), _RATE, hazard),
]


def _read_trainers(raw: Any) -> Fraction:
    match = re.fullmatch(r"\s*([1-9]\d{0,5})\s*/\s*([1-9]\d{0,5})\s*", raw) if isinstance(raw, str) else None
    if match is None:
        raise ValueError(f'write trainers per person in class, such as "1 / 8" (got {shown(raw)})')
    return Fraction(int(match[1]), int(match[2]))


_TRAINERS = {
    "title": "trainers per person",
    "type": "string",
    "pattern": r"^\s*\d+\s*/\s*\d+\s*$",
    "examples": ["1 / 8"],
}
Trainers = Annotated[
    Fraction, Scalar(_read_trainers, lambda ratio: f"{ratio.numerator} / {ratio.denominator}", _TRAINERS, float)
]

_PERIODS = {"week": 0, "month": 1, "quarter": 3, "year": 12}


def _read_hours(raw: Any) -> tuple[int, str]:
    match = re.fullmatch(r"(.*)/\s*(week|month|quarter|year)\s*", raw) if isinstance(raw, str) else None
    if match is None:
        raise ValueError(
            f'write a length of time per week, month, quarter or year, such as "2 h / month" (got {shown(raw)})'
        )
    ticks = 0 if re.fullmatch(r"\s*0\s*([A-Za-z]+)?\s*", match[1]) else read_duration(match[1])
    return ticks, match[2]


def periods_of(word: str) -> int:
    """Return the months of a period; 0 for a week."""
    return _PERIODS[word]


_HOURS_PER = {
    "title": "a length of time per period",
    "type": "string",
    "pattern": rf"^\s*\+?{NUMBER}\s*({'|'.join(DURATIONS)})?\s*/\s*(week|month|quarter|year)\s*$",
    "examples": ["2 h / month"],
}
HoursPer = Annotated[
    tuple[int, str],
    Scalar(
        _read_hours,
        lambda hours: f"{write_duration(hours[0]) if hours[0] else '0 h'} / {hours[1]}",
        _HOURS_PER,
        lambda hours: hours[0] / ((_PERIODS[hours[1]] * MONTH) or WEEK),
    ),
]

# ---- tables ---------------------------------------------------------------------------------------------------------


class Nesting(Table):
    """``nesting``: on the desk after the class, with a pace and quality of its own (R94)."""

    length: Duration
    pace: PositiveRatio = 1.0
    quality: NonNegative = 1.0


class _Ramp(Table):
    pace: PositiveRatio = 1.0
    quality: NonNegative = 1.0


class Exponential(_Ramp):
    """What is missing shrinks to 1/e of it in every ``time_constant``."""

    shape: Annotated[Literal["exponential"], Choice()]
    time_constant: Duration


class Linear(_Ramp):
    """What is missing shrinks evenly over ``length``."""

    shape: Annotated[Literal["linear"], Choice()]
    length: Duration


class Logistic(_Ramp):
    """What is missing shrinks slowly, then fast around ``midpoint``, then slowly."""

    shape: Annotated[Literal["logistic"], Choice()]
    midpoint: Duration
    time_constant: Duration


class Step(Table):
    """From ``after`` the beginning of the ramp on."""

    after: DurationOrZero
    pace: PositiveRatio = 1.0
    quality: NonNegative = 1.0


class Steps(Table):
    """Pace and quality of each step; 1 after the last one, which says neither."""

    shape: Annotated[Literal["steps"], Choice()]
    steps: Several[Step]

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        if not self.steps or self.steps[0].after or any(b.after <= a.after for a, b in pairwise(self.steps)):
            raise faults_at((("steps",), "write steps one after the other, the first with after = 0"))
        if (self.steps[-1].pace, self.steps[-1].quality) != (1.0, 1.0):
            raise faults_at((("steps",), "the ramp never ends; write a last step without pace and quality"))
        return self


AnyRamp = Annotated[Exponential | Linear | Logistic | Steps, ByWord("shape")]


class Continuing(Table):
    """``continuing``: so many hours for everybody in each period, in groups (R96)."""

    hours: HoursPer
    group: Count = 1
    cover: CountOrZero = 0


class Certification(Table):
    """``certification.X``: without it nobody of the team serves ``steps`` (R97)."""

    steps: Several[Text]
    hours: DurationOrZero
    valid: Duration | None = None
    refresher: DurationOrZero | None = None
    refresher_before: DurationOrZero = 0
    obtained: DateTime | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        faults: list[tuple[tuple[str, ...], str]] = []
        if not self.steps:
            faults.append((("steps",), 'names no step; write steps, such as ["posts.review"]'))
        if self.valid is None:
            written = [key for key in ("refresher", "refresher_before", "obtained") if getattr(self, key)]
            faults += [((key,), "the certificate never ends; write valid, or leave it out") for key in written]
        elif self.refresher_before >= self.valid:
            faults.append((("refresher_before",), "not shorter than the certificate is valid; write less than valid"))
        if faults:
            raise faults_at(*faults)
        return self


class Training(Table):
    """``[teams.X.training]``: what newcomers and everybody learn (R94-R97)."""

    class_: Duration | None = Field(default=None, alias="class")
    class_size: Count | None = None
    trainers: Trainers | None = None
    nesting: Nesting | None = None
    ramp: AnyRamp | None = None
    continuing: Continuing | None = None
    certification: dict[Name, Certification] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _needs_a_class(self) -> Self:
        written = [key for key in ("class_size", "trainers") if getattr(self, key) is not None]
        if self.class_ is None and written:
            raise faults_at(*(((key,), "there is no class; write class, or leave it out") for key in written))
        return self


class Tenured(Table):
    """An entry of ``tenure``: a share of those there at the start, and how long they have been there (R92)."""

    share: Share
    length: DurationOrZero


class EarlyRate(Table):
    """An entry of ``leaving.by_tenure``: the rate ``until`` that tenure (R93)."""

    until: Duration
    rate: LeavingRate


class Leaving(Table):
    """``[teams.X.leaving]``: how many leave, by tenure, and when they are replaced (R93)."""

    rate: LeavingRate
    by_tenure: Several[EarlyRate] = ()
    replaced_after: DurationOrZero | None = None

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        if any(b.until <= a.until for a, b in pairwise(self.by_tenure)):
            raise faults_at((("by_tenure",), "write the tenures in ascending order, each once"))
        return self


AnyLeaving = Annotated[Leaving, Shorthand("rate", LeavingRate)]


class Hiring(Table):
    """``hiring.X``: on ``date`` so many are sought, or as many as are missing to a headcount (R92)."""

    date: DateTime
    count: CountOrZero | None = None
    headcount: CountOrZero | None = None
    lead_time: DurationOrZero = 0

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.count is None) == (self.headcount is None):
            raise ValueError("write either count or headcount")
        return self
