"""Visits that join a queue later: those on their way, and those that wait already, in the order of joining.

Whoever is on his way to a queue stands unsorted in its pool. When the pool is full, those who have joined by now move
to the queue's ring, sorted: they come before all who are still on their way. So a long queue costs no more than a short
one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from simsocial.engines.lanes.keys import NO_KEY, row_found

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Late:
    """Later joins of all queues in all lanes; a *place* is queue × lanes + lane.

    Parameters
    ----------
    queues, lanes
        How many.
    carried
        How many qualities of earlier work each visit carries (R23).
    pool, ring
        Length of pools and rings to begin with; they grow when they must.
    """

    def __init__(self, queues: int, lanes: int, *, carried: int, pool: int = 12, ring: int = 8) -> None:
        self.queues, self.lanes, self.carried = queues, lanes, carried
        places = queues * lanes
        self.head = np.full(places, NO_KEY)
        self.in_pool, self.first, self.in_ring = (np.zeros(places, np.int64) for _ in range(3))
        self.pool, self.ring = np.full((pool, places), NO_KEY), np.full((ring, places), NO_KEY)
        self.pool_cargo: Floats = np.ones((carried, pool, places))
        self.ring_cargo: Floats = np.ones((carried, ring, places))
        self.any_ring = False

    def keep(self, lanes: npt.NDArray[np.bool_]) -> None:
        """Forget all other lanes."""
        which = (np.tile(lanes, self.queues)).nonzero()[0]
        self.lanes = int(lanes.sum())
        for name in ("head", "in_pool", "first", "in_ring"):
            setattr(self, name, getattr(self, name)[which])
        for name in ("pool", "ring", "pool_cargo", "ring_cargo"):
            setattr(self, name, np.ascontiguousarray(getattr(self, name)[..., which]))

    def join(self, place: Ints, key: Ints, cargo: Floats | None, joined: Ints) -> None:
        """Let a visit be on its way to each of some places.

        Parameters
        ----------
        place, key
            Shape (visits,), no place twice.
        cargo
            Shape (carried, visits).
        joined
            Shape (visits,), the largest key of those that have joined by now.
        """
        count = self.in_pool.take(place)
        if count.max() >= len(self.pool):
            full = count >= len(self.pool)
            self._drain(place[full], joined[full])
            count = self.in_pool.take(place)
        self.pool.reshape(-1)[count * self.head.size + place] = key
        if cargo is not None:
            self.pool_cargo[:, count, place] = cargo
        self.in_pool[place] = count + 1
        self.head[place] = np.minimum(self.head.take(place), key)

    def pop(self, place: Ints, key: Ints) -> Floats | None:
        """Take the heads ``key`` out of places; return what they carried, shape (carried, visits)."""
        if not self.any_ring:
            return self._pop_pool(place, key)
        cargo = np.ones((self.carried, len(place))) if self.carried else None
        ringed = self.in_ring.take(place) > 0
        for which, pop in ((ringed.nonzero()[0], self._pop_ring), ((~ringed).nonzero()[0], self._pop_pool)):
            if len(which):
                popped = pop(place[which], key[which])
                if cargo is not None:
                    cargo[:, which] = popped
        return cargo

    def waiting(self, lanes: Ints) -> tuple[Ints, Ints]:
        """Return lane and key of all who are in some lanes, joined or on their way."""
        place = (np.arange(self.queues)[:, None] * self.lanes + lanes).ravel()
        lane = np.tile(lanes, self.queues)
        pooled = self.pool[:, place] != NO_KEY
        ringed = (np.arange(len(self.ring))[:, None] - self.first[place]) % len(self.ring) < self.in_ring[place]
        keys = np.concatenate((self.pool[:, place][pooled], self.ring[:, place][ringed]))
        return lane[np.concatenate((np.nonzero(pooled)[1], np.nonzero(ringed)[1]))], keys

    def _pop_ring(self, place: Ints, key: Ints) -> Floats | None:
        first = self.first[place]
        cargo = self.ring_cargo[:, first, place] if self.carried else None
        first = (first + 1) % len(self.ring)
        left = self.in_ring[place] - 1
        self.first[place], self.in_ring[place] = first, left
        pooled = self.pool.take(place, axis=1).min(axis=0)
        self.head[place] = np.where(left > 0, self.ring[first, place], pooled)
        return cargo

    def _pop_pool(self, place: Ints, key: Ints) -> Floats | None:
        """Take a key out of each pool; the last one fills its number."""
        keys = self.pool.take(place, axis=1)
        found = keys == key
        number = row_found(found)
        np.putmask(keys, found, NO_KEY)
        self.head[place] = np.minimum.reduce(keys, axis=0)
        last = self.in_pool.take(place) - 1
        self.in_pool[place] = last
        flat, size = self.pool.reshape(-1), self.head.size
        here, end = number * size + place, last * size + place
        cargo = None
        if self.carried:
            cargo = self.pool_cargo[:, number, place]
            self.pool_cargo[:, number, place] = self.pool_cargo[:, last, place]
        flat[here] = flat.take(end)
        flat[end] = NO_KEY
        return cargo

    def _drain(self, place: Ints, joined: Ints) -> None:
        """Move those who have joined by now from full pools to the rings; make the pools larger if nobody has."""
        keys = self.pool[:, place]
        order = keys.argsort(axis=0)
        keys = np.take_along_axis(keys, order, axis=0)
        cargo = np.take_along_axis(self.pool_cargo[:, :, place], order[None], axis=1)
        moved = (keys <= joined).sum(axis=0)
        while (self.in_ring[place] + moved).max() > len(self.ring):
            self._grow_ring()
        self._to_rings(place, keys, cargo, moved)
        source = np.arange(len(keys))[:, None] + moved
        stays = source < len(keys)
        source = np.where(stays, source, 0)
        self.pool[:, place] = np.where(stays, np.take_along_axis(keys, source, axis=0), NO_KEY)
        self.pool_cargo[:, :, place] = np.take_along_axis(cargo, source[None], axis=1)
        self.in_pool[place] -= moved
        if (moved == 0).any():
            self._grow_pool()

    def _to_rings(self, place: Ints, keys: Ints, cargo: Floats, moved: Ints) -> None:
        number, visit = np.nonzero(np.arange(len(keys))[:, None] < moved)
        to = place[visit]
        target = (self.first[to] + self.in_ring[to] + number) % len(self.ring)
        self.ring[target, to] = keys[number, visit]
        self.ring_cargo[:, target, to] = cargo[:, number, visit]
        self.in_ring[place] += moved
        self.any_ring = True

    def _grow_ring(self) -> None:
        """Double the rings, each of them beginning at its first number."""
        order = (np.arange(len(self.ring))[:, None] + self.first) % len(self.ring)
        self.ring = _doubled(np.take_along_axis(self.ring, order, axis=0), NO_KEY, axis=0)
        self.ring_cargo = _doubled(np.take_along_axis(self.ring_cargo, order[None], axis=1), 1.0, axis=1)
        self.first[:] = 0

    def _grow_pool(self) -> None:
        self.pool = _doubled(self.pool, NO_KEY, axis=0)
        self.pool_cargo = _doubled(self.pool_cargo, 1.0, axis=1)


def _doubled(values: npt.NDArray[Any], fill: float, *, axis: int) -> npt.NDArray[Any]:
    return np.concatenate((values, np.full_like(values, fill)), axis=axis)
