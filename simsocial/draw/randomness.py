"""Addressed uniforms: every random value has an address of its own, and nothing is consumed in order (R19)."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Indexes = npt.NDArray[np.int64]

REPLICATION_LIMIT = 2**32
"""Replications fit in one word of the key, so that no seed can spill into them."""
WORDS = 2**64
"""Values of a word of the counter, in which week -1 is the last."""


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
    PART = 13
    BURST_SIZE = 20
    FOLLOWERS = 21
    FOLLOWER_DELAY = 22
    ABSENCE = 30
    LEAVING = 40
    FILTERED = 60
    AUTOMATED = 61
    CONTAINED = 62
    OUTAGE = 65
    OUTAGE_LENGTH = 66


@dataclass(frozen=True, eq=False)
class Lineage:
    """Where messages stand in the addresses, whatever order they are listed in (R19).

    Parameters
    ----------
    week, branch, index
        Shape (messages,). What is there at the start is of week -1, in the branch of the step it waits for (R88).
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

    @classmethod
    def joined(cls, first: Lineage, second: Lineage) -> Lineage:
        """Return the lineage of some messages and of others behind them."""
        pairs = ((getattr(first, name), getattr(second, name)) for name in ("week", "branch", "index"))
        return cls(*(np.concatenate(pair) for pair in pairs))

    def take(self, where: slice | Indexes | npt.NDArray[np.bool_]) -> Lineage:
        """Return the lineage of some of the messages, by their indexes, by a mask or from first to last."""
        return Lineage(self.week[where], self.branch[where], self.index[where])

    @cached_property
    def families(self) -> list[tuple[int, int, slice]]:
        """Each week and branch that occurs, with its part of all their values, listed one family after another."""
        size, branches = self._sizes, self._branches[0].tolist()
        end = np.cumsum(size)
        there = np.flatnonzero(size)
        spans = zip(there.tolist(), (end - size)[there].tolist(), end[there].tolist(), strict=True)
        early, weeks = self._weeks
        return [
            (early + family % weeks, branches[family // weeks], slice(first, last)) for family, first, last in spans
        ]

    @cached_property
    def place(self) -> Indexes:
        """Where each message finds its own among the values of all families; shape (messages,)."""
        size = self._sizes
        place: Indexes = (np.cumsum(size) - size)[self._family] + self.index
        return place

    @cached_property
    def _weeks(self) -> tuple[int, int]:
        """The first week that families are numbered from, -1 or 0, and how many weeks there are."""
        early = int(self.week.min(initial=0))
        return early, int(self.week.max(initial=-1)) + 1 - early

    @cached_property
    def _family(self) -> Indexes:
        """Shape (messages,), the number of each one's family, by branch, then week."""
        early, weeks = self._weeks
        family: Indexes = self._branches[1] * weeks + (self.week - early)
        return family

    @cached_property
    def _sizes(self) -> Indexes:
        """The values of each family up to its last message."""
        size = np.zeros(len(self._branches[0]) * self._weeks[1], dtype=np.int64)
        np.maximum.at(size, self._family, self.index + 1)
        return size

    @cached_property
    def _branches(self) -> tuple[Indexes, Indexes]:
        """The branches that occur, ascending, and which of them each message is of; those of bursts are far apart."""
        other = np.flatnonzero(self.branch)  # few, or none: the others need not be sorted
        branches, of_other = np.unique(self.branch[other], return_inverse=True)
        if len(other) == len(self.branch) > 0:
            return branches, of_other
        own = int(np.searchsorted(branches, 0))
        of = np.full(len(self.branch), own)
        of[other] = of_other + (of_other >= own)
        return np.insert(branches, own, 0), of


class Uniforms:
    """The uniforms of one entity and kind in one replication; see :class:`Dice`.

    Parameters
    ----------
    generator
        A Philox generator, which may be shared: before every use it is set to the address.
    key
        Shape (2,), of the generator.
    """

    def __init__(self, generator: np.random.Generator, key: npt.NDArray[np.uint64]) -> None:
        self._generator, self._philox = generator, generator.bit_generator
        self._counter = np.zeros(4, dtype=np.uint64)
        here = {"key": key, "counter": self._counter}
        self._state = {**self._philox.state, "state": here, "buffer_pos": 4}  # nothing is left of what was drawn before

    def vector(self, count: int, *, week: int, branch: int = 0, visit: int = 1) -> Floats:
        """Return the first values of an address, shape (count,), in [0, 1); value i is the same for any ``count``."""
        out = np.empty(count)
        self._fill(out, week, branch, visit)
        return out

    def of(self, lineage: Lineage, *, visit: int = 1) -> Floats:
        """Return the value of every message of ``lineage``, shape (messages,), in [0, 1)."""
        values = np.empty(lineage.families[-1][2].stop if len(lineage) else 0)
        for week, branch, part in lineage.families:
            self._fill(values[part], week, branch, visit)
        return values[lineage.place]

    def _fill(self, out: Floats, week: int, branch: int, visit: int) -> None:
        self._counter[:] = (0, week % WORDS, branch, visit)
        self._philox.state = self._state
        self._generator.random(out=out)


class Dice:
    """The uniforms of one replication: ``dice(entity, kind)``.

    Parameters
    ----------
    seed
        Not negative, of any size.
    replication
        0 … 2³² − 1.

    Notes
    -----
    The generator is Philox4x64-10, counter-based (Salmon et al. 2011, SC '11). Its key holds seed, replication, kind
    and entity; week, branch and visit are the upper words of its counter, whose lowest word runs through the values.
    """

    def __init__(self, seed: int, replication: int) -> None:
        assert 0 <= replication < REPLICATION_LIMIT
        self._run = (*_words(seed), replication)
        self._generator = np.random.Generator(np.random.Philox(key=0))

    def __call__(self, entity: str, kind: Kind) -> Uniforms:
        """Return the uniforms of what is drawn for an entity: ``<stream>``, ``<stream>.<step>`` or ``<team>``."""
        entropy = np.array([*self._run, kind, *_hash(entity)], dtype=np.uint32)
        key = np.asarray(np.random.SeedSequence(entropy).generate_state(2, np.uint64), dtype=np.uint64)
        return Uniforms(self._generator, key)


DrawArrivals = Callable[[Dice], tuple[Indexes, Lineage]]
"""Draws the messages of a stream in one replication: arrival, shape (messages,), ticks, ascending; and lineage."""


def branch_named(name: str, number: Indexes) -> Indexes:
    """Return the branches, from 2⁵⁶ on, of things numbered in their week (below 2²⁴) under a ``name`` (R75)."""
    return ((1 << 56) + (_hash(name)[0] << 24)) + number


def _words(number: int) -> list[int]:
    """Return a number that is not negative as words of 32 bits, the lowest first."""
    return [number >> shift & 0xFFFF_FFFF for shift in range(0, max(number.bit_length(), 1), 32)]


@lru_cache
def _hash(entity: str) -> tuple[int, ...]:
    """Return the words of a name's 128-bit BLAKE2b."""
    return struct.unpack("<4I", hashlib.blake2b(entity.encode(), digest_size=16).digest())
