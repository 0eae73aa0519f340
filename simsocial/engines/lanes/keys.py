"""Instants and identities in one whole number: the smallest says when and who, in one comparison."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

NO_KEY = int(np.iinfo(np.int64).max)
"""Larger than every key: nobody."""
BITS = 62


@dataclass(frozen=True)
class Keys:
    """Keys with ``bits`` for the identity, the others for the instant."""

    bits: int

    @classmethod
    def of(cls, identities: int) -> Keys:
        return cls(max(1, int(identities).bit_length()))

    @property
    def last_instant(self) -> int:
        """The latest instant that a key can hold."""
        return (1 << (BITS - self.bits)) - 1

    @property
    def mask(self) -> int:
        return (1 << self.bits) - 1

    def key(self, instant: npt.NDArray[np.int64], identity: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        return (instant << self.bits) | identity

    def latest(self, instant: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the largest key of ``instant``."""
        return (instant << self.bits) | self.mask


def row_found(found: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Return, for each column, the number of its only true row; shape (columns,). (``argmax`` takes much longer.)"""
    numbers = np.arange(len(found), dtype=np.uint16)[:, None]
    rows: npt.NDArray[np.unsignedinteger[Any]] = np.bitwise_or.reduce(found * numbers, axis=0)
    return rows.astype(np.int64)
