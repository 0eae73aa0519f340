"""What an experiment is: a base config, factors, and the points of a design; nothing is read or run here."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from simsocial.config.locating import Locator
from simsocial.measure.rows import Row
from simsocial.model.scenario import Precision

Cell = str | int | float | bool
"""A factor's value in a table: a number, or a text."""


@dataclass(frozen=True)
class Level:
    """One setting of a factor.

    Parameters
    ----------
    value
        For tables and figures: what is written, or its label.
    changes
        Dotted path → value, of the base config.
    """

    value: Cell
    changes: Mapping[str, Any]


@dataclass(frozen=True)
class Factor:
    """What an experiment varies.

    Parameters
    ----------
    name
        Its dotted path, or the name of several paths that move together.
    levels
        Its settings, in the order written; of a range under a design that is no grid, those that its points have.
    unit
        Of its values, where a range has one; else empty.
    """

    name: str
    levels: tuple[Level, ...]
    unit: str = ""


@dataclass(frozen=True)
class Point:
    """One variant of the base config.

    Parameters
    ----------
    number
        Its place in the design, from 0.
    values
        Factor → its value, as in `Level.value`.
    changes
        Dotted path → value: all that makes it differ from the base config.
    """

    number: int
    values: Mapping[str, Cell]
    changes: Mapping[str, Any]

    @cached_property
    def key(self) -> str:
        """What names the point by its changes alone, 16 hexadecimal digits, wherever it stands in a design (R117)."""
        written = {path: self.changes[path] for path in sorted(self.changes)}
        text = json.dumps(written, ensure_ascii=False, separators=(",", ":"), default=_as_text)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def name(self) -> str:
        """Its values in words: ``teams.desk.headcount = 3, growth = slow``."""
        return ", ".join(f"{factor} = {value}" for factor, value in self.values.items()) or "the base config"


def _as_text(value: object) -> str:
    assert isinstance(value, dt.date | dt.time)  # what else TOML has that JSON has not
    return value.isoformat()


@dataclass(frozen=True, eq=False)
class Design:
    """Which levels of the factors meet.

    Parameters
    ----------
    kind
        ``grid``, ``list``, ``latin_hypercube`` or ``sobol``.
    places
        Shape (points, factors): place of the level of each factor among its levels.
    dropped
        How many points the constraints have taken out.
    repeated
        How many drawn points were left out because they are like others.
    """

    kind: str
    places: npt.NDArray[np.int32]
    dropped: int = 0
    repeated: int = 0


@dataclass(frozen=True, eq=False)
class Points(Sequence[Point]):
    """The points of a design, each made when it is asked for, so that very many take little memory."""

    factors: tuple[Factor, ...]
    places: npt.NDArray[np.int32]
    fixed: Mapping[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.places)

    @overload
    def __getitem__(self, number: int) -> Point: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Point]: ...
    def __getitem__(self, number: int | slice) -> Point | Sequence[Point]:
        if isinstance(number, slice):
            return [self[each] for each in range(len(self))[number]]
        return self._point(range(len(self))[number])

    def __iter__(self) -> Iterator[Point]:
        return map(self._point, range(len(self)))

    def _point(self, number: int) -> Point:
        levels = [factor.levels[place] for factor, place in zip(self.factors, self.places[number], strict=True)]
        values = {factor.name: level.value for factor, level in zip(self.factors, levels, strict=True)}
        changes = dict(self.fixed)
        for level in levels:
            changes.update(level.changes)
        return Point(number, values, changes)


@dataclass(frozen=True, eq=False)
class Experiment:
    """A question, and the runs that answer it.

    Parameters
    ----------
    file
        That it was read from.
    question
        In a sentence.
    base
        The config of which the points are variants.
    seed
        Of all points, so that they meet the same futures.
    replications
        Of each point; with a ``precision`` the most.
    precision
        When a point is known well enough, ``None`` for a fixed number of replications.
    engine
        Its name, ``None`` for the quickest.
    measures
        Which measures are kept: names as `Row.name`, with wildcards.
    factors, design
        What is varied, and which levels meet.
    fixed
        Dotted path → value that every point has in place of the base config's.
    where
        Makes faults of the file.
    """

    file: Path
    question: str
    base: Path
    seed: int
    replications: int
    precision: Precision | None
    engine: str | None
    measures: tuple[str, ...]
    factors: tuple[Factor, ...]
    design: Design
    fixed: Mapping[str, Any] = field(default_factory=dict)
    where: Locator = field(default_factory=Locator, repr=False)

    @property
    def points(self) -> Points:
        """All points, in the order of the design."""
        return Points(self.factors, self.design.places, self.fixed)

    def keeps(self, row: Row) -> bool:
        """Say whether the measure of a row is one of those to keep."""
        return any(fnmatchcase(row.name, pattern) for pattern in self.measures)
