"""What a measure is: its name, unit and entity, and how its values become one estimate (R42, R43)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy.typing as npt

from simsocial.measure.totals import Totals

Values = Callable[[Totals], npt.NDArray[Any]]
"""From the totals of a replication, or of several, to a number for each entity, shape (…, entities)."""


class Kind(Enum):
    """How the values of the replications become one estimate (R43)."""

    MEAN = "mean"
    RATIO = "ratio"
    QUANTILE = "quantile"
    SHARE = "share of replications"


class Entity(Enum):
    """What a measure is about."""

    STREAM = "stream"
    STOCKED = "stream with a backlog at the start"
    FILTERED = "stream with a filter"
    AUTOMATED = "stream with automation"
    AUDITED = "stream with a review after publication"
    PROMISE = "promise"
    STEP = "step"
    REVIEW = "step that is a review"
    REVIEW_OF_CAREERS = "step that reviews work of a team with careers"
    TEAM = "team"
    TEAM_AWAY = "team with absence, leave, meetings, other duties or careers"
    TEAM_CAREERS = "team with hiring, leaving, training or people who are new to it"
    TEAM_TRAINED = "team with classes, a ramp, continuing education or certificates that take time"
    TEAM_CERTIFIED = "team with certificates"
    TEAM_OUT = "team with outages"


@dataclass(frozen=True, eq=False)
class Measure:
    """A measure and its definition.

    Parameters
    ----------
    name
        As in tables.
    unit
        Of the value; empty for shares and plain ratios.
    entity, kind
        What it is about, and how it is estimated.
    definition
        In one sentence.
    numerator
        A replication's value, NaN where it has none; of a ratio, the numerator.
    denominator
        Of a ratio.
    """

    name: str
    unit: str
    entity: Entity
    kind: Kind
    definition: str
    numerator: Values
    denominator: Values | None = None


def count(entity: Entity, name: str, unit: str, definition: str, value: Values) -> Measure:
    """Return a measure whose values are averaged over replications (R43)."""
    return Measure(name, unit, entity, Kind.MEAN, definition, value)


def ratio(entity: Entity, name: str, unit: str, definition: str, above: Values, below: Values) -> Measure:
    """Return a measure that is a ratio of means, such as a mean per message (R43)."""
    return Measure(name, unit, entity, Kind.RATIO, definition, above, below)
