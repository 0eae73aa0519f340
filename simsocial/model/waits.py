"""The bins in which waits are counted: one per tick up to 64, from there 32 in every octave (R44)."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Ticks = npt.NDArray[np.int64]

PER_OCTAVE: Final = 32


def bin_of(wait: npt.ArrayLike) -> Ticks:
    """Return the bins of waits.

    Parameters
    ----------
    wait
        Any shape, ticks, from 0 to 2**53.
    """
    wait = np.asarray(wait, dtype=np.int64)
    bits = np.frexp(wait)[1]  # exact: a wait of up to 53 bits is a float
    shift = (bits.astype(np.int64) - 6).clip(min=0)
    index: Ticks = shift * PER_OCTAVE + (wait >> shift)
    return index


def longest(index: npt.ArrayLike) -> Ticks:
    """Return the longest wait of each bin (any shape), ticks: what R44 reads as the value of the waits in it."""
    index = np.asarray(index, dtype=np.int64)
    shift = (index // PER_OCTAVE - 1).clip(min=0)
    wait: Ticks = ((index - shift * PER_OCTAVE + 1) << shift) - 1
    return wait


def bins(horizon: int) -> int:
    """Return how many bins hold every wait of a run."""
    return int(bin_of(horizon)) + 1
