"""The fully sequential procedure of Kim & Nelson, for means and ratios of means (R123)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simsocial.measure.selecting.question import FIRST_STAGE, Question, Standing

Floats = npt.NDArray[np.float64]


def kim_nelson(numerators: Floats, denominators: Floats, question: Question) -> Standing:
    """Judge those still in after as many replications as there are.

    KN of Kim & Nelson ("A fully sequential procedure for indifference-zone selection in simulation", ACM TOMACS 11,
    2001, 251-273), with c = 1: the variance of each paired difference comes from the first stage, and an alternative is
    dropped once another's mean has left the triangle that narrows with every replication. It allows common random
    numbers: the error is split by Bonferroni's inequality. Looking less often than after every replication only makes
    errors rarer. For ratios the means are replaced by the ratios, the values by those of the delta method (Cochran,
    *Sampling Techniques*, 3rd ed. 1977, chapter 6).

    Parameters
    ----------
    numerators, denominators
        Shape (n, alternatives still in), n ≥ ``FIRST_STAGE``: a line per replication, whose draws all alternatives
        share. The denominator of a mean is 1.
    question
        What is asked.

    Returns
    -------
    Standing
        The best has been selected with the probability asked for, when it is better than each other by the
        indifference or more: exactly for normal values, for ratios as replications grow in number.
    """
    n, wanted = len(numerators), question.indifference
    values = numerators.mean(axis=0) / denominators.mean(axis=0)
    ends = spread(question.error) * _variances(numerators[:FIRST_STAGE], denominators[:FIRST_STAGE]) / wanted**2
    width = np.maximum(wanted / (2 * n) * (ends - n), 0.0)
    kept = ~(values[:, None] < values[None, :] - width).any(axis=1)
    among = np.ix_(kept, kept)
    sure = not width[among].any()  # the triangle has ended for all pairs, or there is only one left
    return Standing(kept, int(np.where(kept, values, -np.inf).argmax()) if sure else None)


def spread(error: float, first: int = FIRST_STAGE) -> float:
    """Return h² of the procedure: by how much the triangle's area goes with the variance.

    Parameters
    ----------
    error
        Probability with which another may beat the best by mistake.
    first
        Replications of the first stage.
    """
    return float((2 * error) ** (-2 / (first - 1)) - 1) * (first - 1)


def _variances(numerators: Floats, denominators: Floats) -> Floats:
    """Return S² of the paired difference of every two; shape (alternatives, alternatives)."""
    means = denominators.mean(axis=0)
    errors = (numerators - numerators.mean(axis=0) / means * denominators) / means
    return np.stack([(errors[:, [place]] - errors).var(axis=0, ddof=1) for place in range(errors.shape[1])])
