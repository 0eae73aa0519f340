"""Promises to those who write: what is measured, by when, and for which share (R6–R8)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


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
