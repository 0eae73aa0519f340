"""How many replications are enough for a wanted precision (R57)."""

from __future__ import annotations

from collections.abc import Callable

from simsocial.measure.stats import Estimate
from simsocial.model.scenario import Precision


def stop_after(estimate: Callable[[int], Estimate], done: int, precision: Precision) -> int | None:
    """Decide after how many replications to stop.

    Replications are enough when the half-width has been within ``relative`` of the value for some of them in a row: a
    first time may be luck (look-ahead of Hoad, Robinson & Davies, "Automated selection of the number of replications
    for a discrete-event simulation", Journal of the Operational Research Society 61, 2010). The answer depends on the
    replications in their order alone, not on the batches in which they were run.

    Parameters
    ----------
    estimate
        From a number of replications to the estimate from the first so many.
    done
        Replications that there are.
    precision
        What is wanted.

    Returns
    -------
    int or None
        Use the first so many; ``None`` when more are needed.
    """
    since = None
    for n in range(precision.least, min(done, precision.most) + 1):
        if not is_precise(estimate(n), precision.relative):
            since = None
        elif since is None:
            since = n
        if since is not None and n >= since + look_ahead(since):
            return n
    return precision.most if done >= precision.most else None


def is_precise(estimate: Estimate, relative: float) -> bool:
    """Return whether the half-width is at most ``relative`` of the value; never without an interval."""
    return estimate.half_width <= relative * abs(estimate.value)


def look_ahead(n: int) -> int:
    """Return for how many more replications a precision reached at ``n`` must hold: 5, or 5 % of more than 100."""
    return max(5, 5 * n // 100)
