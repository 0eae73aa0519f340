"""Values that are constant between instants."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


def frozen(array: npt.ArrayLike, dtype: npt.DTypeLike) -> npt.NDArray[np.generic]:
    """Return ``array`` as a read-only array of ``dtype``, copied only when needed to protect the caller's own."""
    if isinstance(array, np.ndarray) and array.dtype == dtype and array.base is None and not array.flags.writeable:
        return array  # nobody can write to it
    out = np.array(array, dtype=dtype)
    out.flags.writeable = False
    return out


@dataclass(frozen=True, eq=False)
class Piecewise:
    """A step function of time: ``values[i]`` holds on ``[breaks[i], breaks[i + 1])``, the last one for ever.

    Parameters
    ----------
    breaks
        Shape (pieces,), ticks, ascending. Before the first break the first value holds.
    values
        Shape (pieces,).
    """

    breaks: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64]

    def __post_init__(self) -> None:
        object.__setattr__(self, "breaks", frozen(self.breaks, np.int64))
        object.__setattr__(self, "values", frozen(self.values, np.float64))
        assert len(self.breaks) == len(self.values) > 0
        assert (np.diff(self.breaks) > 0).all()

    @classmethod
    def constant(cls, value: float) -> Piecewise:
        return cls(np.array([0]), np.array([value]))

    @property
    def is_constant(self) -> bool:
        return len(self.values) == 1

    def at(self, instant: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Return the values in force at ``instant`` (any shape, ticks)."""
        index = np.searchsorted(self.breaks, instant, side="right") - 1
        return self.values[np.maximum(index, 0)]

    def average(self, edges: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Return the means over time between ``edges`` (shape (buckets + 1,), ticks, ascending); shape (buckets,)."""
        before = np.concatenate(([0.0], np.cumsum(self.values[:-1] * np.diff(self.breaks))))
        piece = (np.searchsorted(self.breaks, edges, side="right") - 1).clip(min=0)
        so_far: npt.NDArray[np.float64] = before[piece] + self.values[piece] * (edges - self.breaks[piece])
        return np.diff(so_far) / np.diff(edges)
