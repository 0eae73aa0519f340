"""A race of shares: what happened in some replications and not in others is no normal value (R123)."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from simsocial.measure.selecting.question import Question, Standing

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

BOLDEST: Final = 0.75
"""Part of the capital that a bet may lose at most."""


def betting(values: Floats, question: Question) -> Standing:
    """Judge those still in after as many replications as there are.

    Action elimination (Even-Dar, Mannor & Mansour, Journal of Machine Learning Research 7, 2006, 1079-1105) with tests
    by betting (Waudby-Smith & Ramdas, "Estimating means of bounded random variables by betting", Journal of the Royal
    Statistical Society B 86, 2024, 1-27) on the paired differences, which hold for any law of bounded values, at every
    number of replications, whatever the alternatives have in common. One is dropped when another is surely better;
    the best is one that is surely no worse than any still in by the indifference or more.

    Parameters
    ----------
    values
        Shape (n, alternatives still in), between 0 and 1 or between −1 and 0: a line per replication, whose draws all
        alternatives share.
    question
        What is asked.

    Returns
    -------
    Standing
        What is selected is the best, or worse by less than the indifference, with the probability asked for.
    """
    not_worse = _shown(values, -question.indifference, question.error)
    better = not_worse & _shown(values, 0.0, question.error)
    means = values.mean(axis=0)
    kept: Bools = np.logical_not(better.any(axis=0))
    if not kept.any():  # each was better for a while
        kept[means.argmax()] = True
    np.fill_diagonal(not_worse, True)
    sure = kept & not_worse[:, kept].all(axis=1)
    return Standing(kept, int(np.where(sure, means, -np.inf).argmax()) if sure.any() else None)


def _shown(values: Floats, least: float, error: float) -> Bools:
    """Return whether the first of two has been shown to be better than the second by more than ``least``.

    Who bets on it with odds that are fair if it is not so multiplies the capital by 1/error with at most that
    probability, ever (Ville's inequality).

    Returns
    -------
    array
        Shape (alternatives, alternatives).
    """
    return np.stack([_won(values[:, [place]] - values - least, least, error) for place in range(values.shape[1])])


def _won(gains: Floats, least: float, error: float) -> Bools:
    """Return whether bets on these gains, a line per replication, have ever multiplied the capital so much."""
    before = np.zeros((1, gains.shape[1]))
    gained = np.concatenate([before, gains[:-1].cumsum(axis=0)])
    squares = np.concatenate([before, (gains[:-1] ** 2).cumsum(axis=0)])
    bets = np.clip(gained / (1 + squares), 0.0, BOLDEST / (1 + least))  # of what was seen before, near the best
    won: Bools = np.log1p(bets * gains).cumsum(axis=0).max(axis=0) >= -np.log(error)
    return won
