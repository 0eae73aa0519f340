"""Values of factors as numbers that can be compared: whatever the unit they are written in (R115)."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simsocial.config.amounts import read_growth, read_percent, read_rate
from simsocial.config.instants import read_datetime
from simsocial.config.scalar import bare_number, plain
from simsocial.units import DAY, parse_duration

NUMBER: Final = "a number"
TEXT: Final = "a text"


@dataclass(frozen=True)
class Quantities:
    """Numbers or texts of one kind.

    Parameters
    ----------
    kind
        ``a number``, ``a length of time`` (ticks), ``a rate`` (per day), ``growth`` (exponent per day), ``a date``
        (seconds) or ``a text``.
    values
        Any shape.
    """

    kind: str
    values: npt.NDArray[Any]


def quantities(values: Sequence[Any]) -> Quantities:
    """Return values as quantities: as texts unless all are of one kind."""
    found = [_quantity(plain(value)) for value in values]
    kinds = {kind for kind, _ in found}
    if len(kinds) == 1 and TEXT not in kinds:
        return Quantities(kinds.pop(), np.array([size for _, size in found]))
    return texts([value if isinstance(value, str) else str(value).lower() for value in values])


def texts(values: Sequence[str]) -> Quantities:
    """Return texts that are only themselves."""
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return Quantities(TEXT, found)


def _quantity(value: Any) -> tuple[str, float]:
    """Return kind and size of a value; of texts that are no quantity, and of what else there is, no size."""
    if bare_number(value):
        return NUMBER, float(value)
    for kind, read in _READERS.items():
        try:
            return kind, read(value)
        except ValueError:
            continue
    return TEXT, math.nan


def _ticks(value: Any) -> float:
    if not isinstance(value, str):
        raise ValueError("no length of time")
    return float(parse_duration(value))


def _rate(value: Any) -> float:
    rate = read_rate(value)
    if rate.ticks is None:
        raise ValueError("an open day has no length")
    return rate.number * DAY / rate.ticks


def _growth(value: Any) -> float:
    return read_growth(value).log_per_tick * DAY


def _seconds(value: Any) -> float:
    return (read_datetime(value) - dt.datetime(1970, 1, 1)).total_seconds()


_READERS: Final[Mapping[str, Callable[[Any], float]]] = {
    "a length of time": _ticks,
    NUMBER: read_percent,
    "growth": _growth,
    "a rate": _rate,
    "a date": _seconds,
}
