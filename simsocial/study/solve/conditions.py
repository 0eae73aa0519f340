"""What a value must do, ``MEASURE <= VALUE``: read, and judged by an estimate with its interval (R124)."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from simsocial.errors import Fault, InputError
from simsocial.measure.definitions import Kind
from simsocial.measure.of_runs import rows_of_run
from simsocial.measure.rows import Row, row_named
from simsocial.measure.stats import Estimate
from simsocial.model.scenario import Scenario
from simsocial.units import DURATIONS, MINUTE, format_amount, format_duration

UNTIL: Final = "--until"
_CONDITION: Final = re.compile(
    r"\s*(?P<measure>[^<>=]+?)\s*(?P<sign>[<>=]+)\s*(?P<number>[-+]?(?:\d+(?:\.\d*)?|\.\d+))"
    r"\s*(?P<unit>%|slot h|[A-Za-z]*)\s*(?:\band\b(?=.*\S)|$)"
)
_SIGNS: Final = {"<=": True, "≤": True, ">=": False, "≥": False}


class Standing(IntEnum):
    """Whether something holds, as far as the replications tell."""

    FAILS = 0
    OPEN = 1
    HOLDS = 2


@dataclass(frozen=True)
class Condition:
    """A limit to a measure.

    Parameters
    ----------
    row
        The measure.
    at_most
        Whether the limit is the largest that it may be; the least otherwise.
    limit
        In the measure's unit.
    written
        The limit as the user wrote it, such as ``5 %``.
    """

    row: Row
    at_most: bool
    limit: float
    written: str

    def __str__(self) -> str:
        return f"{self.row.name} {'<=' if self.at_most else '>='} {self.written}"

    def met_by(self, value: float) -> bool:
        """Say whether a value is on the right side of the limit, or on it."""
        return value <= self.limit if self.at_most else value >= self.limit

    def spelled(self, value: float) -> str:
        """Write a value of the measure, in per cent where the limit or the measure is a share."""
        if not math.isfinite(value):
            return "unknown" if math.isnan(value) else "never"
        if self.is_share:
            return f"{100 * value:.3g} %"
        if self.row.unit == "min":
            return format_duration(value * MINUTE) if abs(value) * MINUTE >= 1 else "0"
        return f"{format_amount(value)} {self.row.unit}".strip()

    def with_interval(self, estimate: Estimate) -> str:
        """Write an estimate with its interval, such as ``4 % (97.5 %: 1.2 % to 11 %)``."""
        limits = f"{self.spelled(estimate.low)} to {self.spelled(estimate.high)}"
        return f"{self.spelled(estimate.value)} ({100 * estimate.confidence:.4g} %: {limits})"

    def in_brief(self, estimate: Estimate) -> tuple[str, str]:
        """Write an estimate and its interval as in a table, such as ``4 %`` and ``(1.2 – 11)``."""
        value, low, high = map(self.spelled, (estimate.value, estimate.low, estimate.high))
        if self.is_share:
            low, high = low.removesuffix(" %"), high.removesuffix(" %")
        return value, f"({low} – {high})"

    @property
    def is_share(self) -> bool:
        """Whether values are told in per cent."""
        return is_share(self.row) or self.written.endswith("%")

    def standing(self, estimate: Estimate) -> Standing:
        """Judge by an interval: it holds, or fails, when all of the interval does."""
        nearest, furthest = (estimate.low, estimate.high) if self.at_most else (estimate.high, estimate.low)
        if math.isnan(nearest) or not self.met_by(nearest):
            return Standing.OPEN if math.isnan(nearest) else Standing.FAILS
        return Standing.HOLDS if self.met_by(furthest) else Standing.OPEN  # no number meets anything


def read_conditions(text: str, scenario: Scenario) -> tuple[Condition, ...]:
    """Read ``MEASURE <= VALUE``, ``MEASURE >= VALUE``, or several joined with ``and``.

    Parameters
    ----------
    text
        Measures are named as in ``mentions.respond.p_behind``; shares are written as ``0.05`` or ``5 %``, times with
        their unit or bare in that of the measure.
    scenario
        Which has the measures.

    Raises
    ------
    InputError
        When it cannot be read so; when there is no such measure, with the nearest.
    """
    rows, at = rows_of_run(scenario), 0
    found: list[Condition] = []
    while at < len(text) or not found:
        match = _CONDITION.match(text, at)
        if match is None or match["sign"] not in _SIGNS or (at := match.end()) == 0:
            told = 'write MEASURE <= VALUE or MEASURE >= VALUE, such as "mentions.respond.p_behind <= 5 %"'
            raise InputError(Fault(f"{told} (got {text!r})", UNTIL))
        row = rows[row_named(rows, match["measure"], asked_by=UNTIL)]
        written = f"{match['number']} {match['unit']}".strip()
        found.append(Condition(row, _SIGNS[match["sign"]], _limit(row, match["number"], match["unit"]), written))
    return tuple(found)


def is_share(row: Row) -> bool:
    """Say whether a measure cannot but lie between 0 and 1."""
    return row.kind is Kind.SHARE or row.measure.endswith("share")


def _limit(row: Row, number: str, unit: str) -> float:
    """Return a limit in the unit of its measure."""
    limit = float(number)
    if unit in DURATIONS and row.unit in DURATIONS:
        return limit * DURATIONS[unit] / DURATIONS[row.unit]
    if unit == "%" and not row.unit:
        limit /= 100
    elif unit and unit != row.unit:
        told = f"is told in {row.unit}" if row.unit else "has no unit"
        raise InputError(Fault(f"{row.name} {told} (got {number} {unit})", UNTIL))
    if is_share(row) and not 0 <= limit <= 1:
        raise InputError(Fault(f'{row.name} is a share; write "{number} %", or a number from 0 to 1', UNTIL))
    return limit
