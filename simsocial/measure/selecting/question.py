"""What a procedure of selection is asked, and what it answers (R123)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

FIRST_STAGE: Final = 20
"""Replications of every alternative before anything is judged."""


@dataclass(frozen=True)
class Question:
    """Which of several alternatives has the largest value?

    Parameters
    ----------
    alternatives
        How many there were at first, at least 2.
    indifference
        Positive, in the unit of the values: less than this is no difference that matters.
    confidence
        With which the answer is to be right; more than ½.
    """

    alternatives: int
    indifference: float
    confidence: float = 0.95

    @property
    def error(self) -> float:
        """Probability with which one other alternative may beat the best by mistake: Bonferroni, over all others."""
        return (1 - self.confidence) / (self.alternatives - 1)


class Standing(NamedTuple):
    """How alternatives stand after some replications.

    Parameters
    ----------
    kept
        Shape (alternatives,): whether each is still in.
    best
        Place of the one that is selected; ``None`` while that is not sure.
    """

    kept: npt.NDArray[np.bool_]
    best: int | None
