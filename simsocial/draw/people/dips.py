"""Dips of a team's pace, date by date (R104)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from simsocial.draw.people.spans import Ticks
from simsocial.model.teams import Dip


def pace_of_dates(dips: Iterable[Dip], midnights: Ticks) -> npt.NDArray[np.float64]:
    """Return what multiplies the pace of shifts that begin on each date, shape (dates,); 1 where nothing dips."""
    pace = np.ones(len(midnights))
    for dip in dips:
        recovered = (midnights - dip.begin) / dip.recovers_in
        pace *= np.where((recovered >= 0) & (recovered < 1), 1 + (dip.pace - 1) * (1 - recovered), 1.0)
    return pace
