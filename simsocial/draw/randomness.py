"""Addressed uniforms: every random value has an address of its own, and nothing is consumed in order (R19)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Indexes = npt.NDArray[np.int64]

REPLICATION_LIMIT = 2**32
"""Replications fit in one word of the key, so that no seed can spill into them."""


class Kind(IntEnum):
    """Kinds of variate, numbered for ever: a new kind takes the next free number, a retired number is never used again.

    A kind means one thing with one entity. Whatever changes which value is drawn for a purpose takes a new kind.
    """

    ARRIVAL = 1
    DAY_FACTOR = 2
    REPLAY_COPY = 3
    REPLAY_PLACE = 4
    ACTIONABLE = 5
    TRIAGE = 6
    PATIENCE = 7
    NEED = 8
    WORK = 9
    REJECT = 10
    REWORK = 11
    AUTHOR_DELAY = 12


@dataclass(frozen=True, eq=False)
class Lineage:
    """Where messages stand in the addresses, whatever order they are listed in (R19).

    Parameters
    ----------
    week, branch, index
        Shape (messages,).
    """

    week: Indexes
    branch: Indexes
    index: Indexes

    @classmethod
    def numbered(cls, week: Indexes) -> Lineage:
        """Number things of branch 0 inside their weeks; ``week`` ascends and is not negative."""
        first = np.flatnonzero(np.diff(week, prepend=-1))
        index = np.arange(len(week)) - np.repeat(first, np.diff(first, append=len(week)))
        return cls(week, np.zeros_like(week), index)

    def __len__(self) -> int:
        return len(self.week)

    def take(self, where: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> Lineage:
        """Return the lineage of some of the messages, by their indexes or by a mask."""
        return Lineage(self.week[where], self.branch[where], self.index[where])

    @cached_property
    def families(self) -> list[tuple[int, int, Indexes]]:
        """Each week and branch that occurs, with the positions of its messages."""
        family = (self.week << 32) + self.branch
        order = np.argsort(family, kind="stable")
        cuts = np.flatnonzero(np.diff(family[order])) + 1
        groups = np.split(order, cuts) if len(order) else []
        return [(int(self.week[group[0]]), int(self.branch[group[0]]), group) for group in groups]


class Uniforms:
    """The uniforms of one entity and kind in one replication.

    Parameters
    ----------
    seed
        Not negative, of any size.
    replication
        0 … 2³² − 1.
    entity
        Dotted name: ``<stream>`` or ``<stream>.<step>``.
    kind
        What is drawn.

    Notes
    -----
    The generator is Philox4x64-10, counter-based (Salmon et al. 2011, SC '11). Its key holds seed, replication, kind
    and entity; week, branch and visit are the upper words of its counter, whose lowest word runs through the values.
    """

    def __init__(self, *, seed: int, replication: int, entity: str, kind: Kind) -> None:
        assert 0 <= replication < REPLICATION_LIMIT
        name = np.frombuffer(hashlib.blake2b(entity.encode(), digest_size=16).digest(), dtype="<u4")
        key = np.random.SeedSequence([seed, replication, int(kind), *name.tolist()]).generate_state(2, np.uint64)
        self._philox = np.random.Philox(key=key)
        self._generator = np.random.Generator(self._philox)
        self._state = self._philox.state

    def vector(self, count: int, *, week: int, branch: int = 0, visit: int = 1) -> Floats:
        """Return the first values of an address, shape (count,), in [0, 1); value i is the same for any ``count``."""
        self._state["state"]["counter"][:] = (0, week, branch, visit)
        self._philox.state = self._state
        return self._generator.random(count)

    def of(self, lineage: Lineage, *, visit: int = 1) -> Floats:
        """Return the value of every message of ``lineage``, shape (messages,), in [0, 1)."""
        out = np.empty(len(lineage))
        for week, branch, messages in lineage.families:
            index = lineage.index[messages]
            out[messages] = self.vector(int(index.max()) + 1, week=week, branch=branch, visit=visit)[index]
        return out


@dataclass(frozen=True)
class Dice:
    """The uniforms of one replication: ``dice(entity, kind)``."""

    seed: int
    replication: int

    def __call__(self, entity: str, kind: Kind) -> Uniforms:
        return Uniforms(seed=self.seed, replication=self.replication, entity=entity, kind=kind)
