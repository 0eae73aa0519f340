"""Adoption: employees of the front line, enabled over time on a curve or in waves, after a class (R100, R101)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from simsocial.config.scalar import faults_at
from simsocial.config.tables import ByWord, Table
from simsocial.config.values import ClockRate, Count, CountOrZero, Date, Duration, Increase, Name, WeeklyTimes
from simsocial.config.weekly import read_weekly_times

MOST_EMPLOYEES = 1_000_000
"""Of an adoption: each has an instant of his own."""


class TrainerChange(Table):
    """``changes.X``: from ``date`` on there are so many trainers."""

    date: Date
    trainers: CountOrZero


class Classes(Table):
    """``classes``: what an employee goes through first; each trainer gives one class at a time (R101)."""

    size: Count
    length: Duration
    trainers: CountOrZero
    begin: WeeklyTimes = read_weekly_times("Mon 09:00")
    holidays: Name | None = None
    changes: dict[Name, TrainerChange] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _somebody_teaches(self) -> Self:
        if not self.trainers and not any(change.trainers for change in self.changes.values()):
            raise faults_at((("trainers",), "nobody could ever be taught; write 1 or more, or a change that adds some"))
        dates = [change.date for change in self.changes.values()]
        text = "another change sets the trainers on that date too; leave one out"
        twice = [name for place, name in enumerate(self.changes) if dates[place] in dates[:place]]
        if twice:
            raise faults_at(*((("changes", name), text) for name in twice))
        return self


class Adoption(Table):
    """``[adoption.X]``: what all curves have in common."""

    population: Count
    classes: Classes | None = None

    @model_validator(mode="after")
    def _no_more_than_there_are(self) -> Self:
        if self.population > MOST_EMPLOYEES:
            raise faults_at((("population",), f"write at most {MOST_EMPLOYEES:,} (got {self.population})"))
        start = getattr(self, "start", None)
        if start is not None and start > self.population:
            raise faults_at((("start",), f"more than the population of {self.population:,} (got {start})"))
        return self


class LinearAdoption(Adoption):
    """So many more in every week."""

    curve: Literal["linear"]
    start: CountOrZero = 0
    rate: ClockRate


class CompoundAdoption(Adoption):
    """So many percent more in every month."""

    curve: Literal["compound"]
    start: Count
    growth: Increase


class LogisticAdoption(Adoption):
    """S-shaped; two of three say where the S is and how steep."""

    curve: Literal["logistic"]
    start: Count | None = None
    midpoint: Duration | None = None
    steepness: Increase | None = None

    _THREE: ClassVar = ("start", "midpoint", "steepness")

    @model_validator(mode="after")
    def _two_of_three(self) -> Self:
        given = [name for name in self._THREE if getattr(self, name) is not None]
        if len(given) != 2:
            told = " and ".join(given) or "none of them"
            raise ValueError(f"write exactly two of start, midpoint and steepness; the third follows (got {told})")
        if self.start is not None and self.midpoint is not None and 2 * self.start >= self.population:
            text = f"less than half of the population is enabled before the midpoint; write less than {self._half}"
            raise faults_at((("start",), f"{text} (got {self.start})"))
        return self

    @property
    def _half(self) -> str:
        return f"{self.population / 2:,.10g}"


class BassAdoption(Adoption):
    """Bass (1969): by themselves, at the rate ``innovation``, and from those enabled before, at ``imitation``."""

    curve: Literal["bass"]
    start: CountOrZero = 0
    innovation: ClockRate
    imitation: ClockRate


class Wave(Table):
    """``waves.X``: so many employees at once, on a date."""

    date: Date
    employees: CountOrZero


class WavesAdoption(Adoption):
    """A rollout in waves."""

    curve: Literal["waves"]
    start: CountOrZero = 0
    waves: dict[Name, Wave] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _enough_people(self) -> Self:
        reached, faults = self.start, []
        for name, wave in self.in_order:
            reached += wave.employees
            if reached > self.population:
                text = f"enables {reached:,} in all, more than the population of {self.population:,}; write fewer"
                faults.append((("waves", name, "employees"), text))
        if faults:
            raise faults_at(*faults)
        return self

    @property
    def in_order(self) -> list[tuple[str, Wave]]:
        """The waves by date."""
        return sorted(self.waves.items(), key=lambda item: item[1].date)


AnyAdoption = Annotated[
    LinearAdoption | CompoundAdoption | LogisticAdoption | BassAdoption | WavesAdoption, ByWord("curve")
]
