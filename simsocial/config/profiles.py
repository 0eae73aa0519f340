"""Built-in weekly profiles: hourly weights from Monday 00:00, of which only the proportions matter (R12)."""

from __future__ import annotations

from typing import Final

_RETAIL_HOURS: Final = (
    *(0.58, 0.43, 0.45, 0.43, 0.45, 0.47, 0.61, 0.70, 1.15, 1.40, 1.59, 1.52),
    *(1.35, 1.46, 1.37, 1.41, 1.64, 1.22, 1.03, 1.09, 1.14, 0.90, 0.89, 0.73),
)
_RETAIL_DAYS: Final = (1.0, 1.0, 1.0, 1.0, 1.0, 0.68, 0.65)
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

``office`` (assumed): Monday to Friday 08:00-18:00 with a dip at noon. ``retail_mentions`` (measured): mentions of both
retailers among the Twitter volumes of the Numenta Anomaly Benchmark (AMZN, CVS, spring of 2015), in US Eastern time if
the files are in UTC; Saturday and Sunday have a weekday's hours, fewer in each. ``experiments/profiles/derive.py``
derives these weights from the files.
"""
