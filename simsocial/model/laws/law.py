"""What every law of a random amount can do: mean, coefficient of variation, and its quantile."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


class Law(Protocol):
    """A law of a random amount that is never negative.

    A value is the quantile at one uniform, so a changed parameter moves the same draw (R19).
    """

    @property
    def mean(self) -> float:
        """Mean, in the amount's unit (ticks)."""

    @property
    def cv(self) -> float:
        """Coefficient of variation, standard deviation / mean."""

    def quantile(self, u: Floats) -> Floats:
        """Return the smallest amounts whose distribution function reaches ``u``.

        Parameters
        ----------
        u
            Any shape, in [0, 1).
        """
