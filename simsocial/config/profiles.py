"""Built-in weekly profiles: hourly weights from Monday 00:00, of which only the proportions matter (R12)."""

from __future__ import annotations

from typing import Final

_RETAIL_HOURS: Final = (
    *(0.55, 0.40, 0.45, 0.50, 0.40, 0.45, 0.60, 0.75, 1.10, 1.40, 1.60, 1.50),
    *(1.35, 1.60, 1.40, 1.35, 1.65, 1.40, 1.10, 1.10, 1.00, 0.90, 0.85, 0.75),
)
_RETAIL_DAYS: Final = (1.0, 1.0, 1.0, 1.0, 1.0, 0.76, 0.73)
_OFFICE_HOURS: Final = (*(0.0,) * 8, 0.6, 1.0, 1.2, 1.1, 0.8, 0.9, 1.1, 1.1, 0.9, 0.5, *(0.0,) * 6)
_OFFICE_DAYS: Final = (1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0)


def _weekly(hours: tuple[float, ...], days: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(day * hour for day in days for hour in hours)


PROFILES: Final[dict[str, tuple[float, ...]]] = {
    "flat": (1.0,) * 168,
    "office": _weekly(_OFFICE_HOURS, _OFFICE_DAYS),
    "retail_mentions": _weekly(_RETAIL_HOURS, _RETAIL_DAYS),
}
"""Name → weights of the 168 hours of the week.

``office`` (assumed): Monday to Friday 08:00-18:00 with a dip at noon. ``retail_mentions`` (measured): median mentions
per hour of the two retailers among the Twitter volumes of the Numenta Anomaly Benchmark (AMZN, CVS, spring of 2015),
read as UTC and moved to US Eastern time; the mean of both, rounded; Saturday and Sunday at their share of a weekday.
"""
