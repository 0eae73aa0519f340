"""Values that change on dates, at once or gradually, as step functions of time (R27, R105)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from typing import TypeVar

import numpy as np

from simsocial.config.resolve.spot import Spot
from simsocial.config.resolve.world import Span
from simsocial.config.technology import Change
from simsocial.model.piecewise import Piecewise
from simsocial.units import DAY

AnyChange = TypeVar("AnyChange", bound=Change)


def apart(changes: Mapping[str, AnyChange], spot: Spot) -> Mapping[str, AnyChange]:
    """Return the changes; note those that begin on one date."""
    by_date: dict[dt.date, str] = {}
    for name, change in changes.items():
        if by_date.setdefault(change.from_, name) != name:
            (spot / name / "from").fault(f"{by_date[change.from_]} begins on that date too; write them as one")
    return changes


def over_time(changes: Mapping[str, Change], name: str, first: float, span: Span) -> Piecewise:
    """Return one of the values of dated changes over the run.

    Parameters
    ----------
    changes
        As written, in any order.
    name
        Of the value; changes that leave it out do not touch it.
    first
        What it is before all changes.
    span
        Of the run; what begins before it holds at its start, as far as it has come by then.
    """
    if not changes:
        return _always(first)
    steps = {0: first}
    given = [change for change in changes.values() if getattr(change, name) is not None]
    ordered = sorted(((span.tick(change.from_), change) for change in given), key=lambda pair: pair[0])
    for number, (begin, change) in enumerate(ordered):
        until = ordered[number + 1][0] if number + 1 < len(ordered) else span.horizon
        _take_effect(steps, begin, getattr(change, name), change.over or 0, until)
    instants = sorted(steps)
    return Piecewise(np.array(instants), np.array([steps[instant] for instant in instants]))


@lru_cache
def _always(value: float) -> Piecewise:
    """Return the same value at all times, once for all steps and variants that have it."""
    return Piecewise.constant(value)


def _take_effect(steps: dict[int, float], begin: int, value: float, over: int, until: int) -> None:
    """Add the steps of one change: each date of a gradual one has the mean of the line over it (R105)."""
    before, dates = steps[max(steps)], -(-over // DAY)
    for date in range(dates):
        if date and begin + date * DAY >= until:
            return
        steps[max(begin + date * DAY, 0)] = before + (value - before) * (date + 0.5) / dates
    if dates == 0 or begin + dates * DAY < until:
        steps[max(begin + dates * DAY, 0)] = value
