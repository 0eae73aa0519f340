"""Sets of half-open intervals of time (R2)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ticks = npt.NDArray[np.int64]


def merged(start: Ticks, end: Ticks) -> tuple[Ticks, Ticks]:
    """Join intervals that touch or overlap.

    Parameters
    ----------
    start, end
        Shape (intervals,), ticks, in any order.

    Returns
    -------
    start, end
        Of what they cover, ascending, with gaps between them.
    """
    order = np.argsort(start, kind="stable")
    start, reach = start[order], np.maximum.accumulate(end[order])
    gap = start[1:] > reach[:-1]
    return start[np.append(True, gap)[: len(start)]], reach[np.append(gap, True)[: len(start)]]
