"""Every measure, defined once: what it is called, what it means, and how it follows from the tallies (R42)."""

from __future__ import annotations

from typing import Final

from simsocial.measure.definitions.measure import Entity as Entity
from simsocial.measure.definitions.measure import Kind as Kind
from simsocial.measure.definitions.measure import Measure as Measure
from simsocial.measure.definitions.promises import PROMISE
from simsocial.measure.definitions.steps import REVIEW, REVIEW_OF_CAREERS, STEP
from simsocial.measure.definitions.streams import AUDITED, AUTOMATED, FILTERED, STOCKED, STREAM
from simsocial.measure.definitions.teams import (
    TEAM,
    TEAM_AWAY,
    TEAM_CAREERS,
    TEAM_CERTIFIED,
    TEAM_OUT,
    TEAM_TRAINED,
)

MEASURES: Final[tuple[Measure, ...]] = (
    *STOCKED, *STREAM, *FILTERED, *AUTOMATED, *AUDITED, *PROMISE, *STEP, *REVIEW, *REVIEW_OF_CAREERS,
    *TEAM, *TEAM_AWAY, *TEAM_CAREERS, *TEAM_TRAINED, *TEAM_CERTIFIED, *TEAM_OUT,
)  # fmt: skip
"""All measures, in the order of tables."""
