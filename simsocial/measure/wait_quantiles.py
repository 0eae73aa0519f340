"""Quantiles of waits read from their histograms: of the served, and by Kaplan and Meier of everyone (R44)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simsocial.model.waits import longest

Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def of_the_served(served: Counts, share: float) -> Floats:
    """Return the wait that ``share`` of those served did not exceed.

    Parameters
    ----------
    served
        Shape (…, rows, bins): waits of those whose work began.
    share
        0.5 for the median.

    Returns
    -------
    ndarray
        Shape (…, rows), ticks; NaN where nobody was served.
    """
    total = served.sum(axis=-1)
    reached = served.cumsum(axis=-1) >= share * total[..., None]
    return np.where(total > 0, longest(reached.argmax(axis=-1)), np.nan)


def of_everyone(served: Counts, censored: Counts, share: float) -> Floats:
    """Return the wait that ``share`` of all would not exceed if nobody left and the run went on, by Kaplan and Meier.

    The product-limit estimate (Kaplan & Meier, Journal of the American Statistical Association 53, 1958), in which the
    start of work is the event; in a bin those who left are taken to do so after those who were served.

    Parameters
    ----------
    served
        Shape (…, rows, bins): waits of those whose work began.
    censored
        Shape (…, rows, bins): waits of those who left, or still waited at the horizon.
    share
        0.5 for the median.

    Returns
    -------
    ndarray
        Shape (…, rows), ticks; NaN where nobody came, infinite where the waits seen do not reach so far.
    """
    gone = served + censored
    at_risk = gone[..., ::-1].cumsum(axis=-1)[..., ::-1]
    survives = (1 - served / np.maximum(at_risk, 1)).cumprod(axis=-1)
    reached = survives <= 1 - share + 1e-12  # a product that should come out even may miss by rounding
    wait = np.where(reached.any(axis=-1), longest(reached.argmax(axis=-1)), np.inf)
    return np.where(gone.any(axis=-1), wait, np.nan)
