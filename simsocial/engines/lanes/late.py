"""Visits that join a queue later: those on their way, and those that wait already, in the order of joining.

Whoever is on his way to a queue stands unsorted in its pool. When the pool is full, those who have joined by now move to
the queue's ring, sorted: they come before all who are still on their way. So a long queue costs no more than a short one.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simsocial.engines.lanes.keys import NO_KEY

Keys = npt.NDArray[np.int64]
Lanes = npt.NDArray[np.int64]


class Late:
    """Later joins of all queues that have some; arrays of shape (places, queues, lanes)."""

    def __init__(self, queues: int, lanes: int, *, carried: int, pool: int = 8, ring: int = 8) -> None:
        self.pool = np.full((pool, queues, lanes), NO_KEY)
        self.in_pool = np.zeros((queues, lanes), np.int64)
        self.ring = np.full((ring, queues, lanes), NO_KEY)
        self.first = np.zeros((queues, lanes), np.int64)
        self.in_ring = np.zeros((queues, lanes), np.int64)
        self.pool_cargo = np.ones((carried, *self.pool.shape))
        self.ring_cargo = np.ones((carried, *self.ring.shape))
        self.head = np.full((queues, lanes), NO_KEY)

    def keep(self, lanes: npt.NDArray[np.bool_]) -> None:
        """Forget all other lanes."""
        for name, values in vars(self).items():
            setattr(self, name, np.ascontiguousarray(values[..., lanes]))

    def join(self, queue: Lanes, lane: Lanes, key: Keys, cargo: npt.NDArray[np.float64], joined: Keys) -> None:
        """Let one visit of each of some lanes join.

        Parameters
        ----------
        queue, lane, key
            Shape (visits,), no lane twice.
        cargo
            Shape (carried, visits).
        joined
            Shape (visits,), the largest key of those that have joined by now.
        """
        full = self.in_pool[queue, lane] == len(self.pool)
        if full.any():
            self._drain(queue[full], lane[full], joined[full])
        place = self.in_pool[queue, lane]
        self.pool[place, queue, lane] = key
        self.pool_cargo[:, place, queue, lane] = cargo
        self.in_pool[queue, lane] = place + 1
        self.head[queue, lane] = np.minimum(self.head[queue, lane], key)

    def pop(self, queue: Lanes, lane: Lanes) -> npt.NDArray[np.float64]:
        """Take the head of a queue out, in each of some lanes; return what it carried, shape (carried, visits)."""
        cargo = np.ones((len(self.pool_cargo), len(lane)))
        ringed = self.in_ring[queue, lane] > 0
        if ringed.any():
            at = np.flatnonzero(ringed)
            cargo[:, at] = self._pop_ring(queue[at], lane[at])
            at = np.flatnonzero(~ringed)
            cargo[:, at] = self._pop_pool(queue[at], lane[at])
        else:
            cargo = self._pop_pool(queue, lane)
        from_ring = self.ring[self.first[queue, lane], queue, lane]
        pooled = self.pool[:, queue, lane].min(axis=0)
        self.head[queue, lane] = np.where(self.in_ring[queue, lane] > 0, from_ring, pooled)
        return cargo

    def waiting(self) -> tuple[Lanes, Lanes, Keys]:
        """Return (queue, lane, key) of all who are left."""
        places = np.arange(len(self.ring))[:, None, None]
        ringed = (places - self.first) % len(self.ring) < self.in_ring
        pooled = self.pool != NO_KEY
        _, queue, lane = np.nonzero(np.concatenate((pooled, ringed)))
        return queue, lane, np.concatenate((self.pool[pooled], self.ring[ringed]))

    def _pop_ring(self, queue: Lanes, lane: Lanes) -> npt.NDArray[np.float64]:
        first = self.first[queue, lane]
        cargo = self.ring_cargo[:, first, queue, lane]
        self.first[queue, lane] = (first + 1) % len(self.ring)
        self.in_ring[queue, lane] -= 1
        return cargo

    def _pop_pool(self, queue: Lanes, lane: Lanes) -> npt.NDArray[np.float64]:
        """Take the smallest key out of the pools; the last one fills its place."""
        place = self.pool[:, queue, lane].argmin(axis=0)
        last = self.in_pool[queue, lane] - 1
        cargo = self.pool_cargo[:, place, queue, lane]
        self.pool[place, queue, lane] = self.pool[last, queue, lane]
        self.pool_cargo[:, place, queue, lane] = self.pool_cargo[:, last, queue, lane]
        self.pool[last, queue, lane] = NO_KEY
        self.in_pool[queue, lane] = last
        return cargo

    def _drain(self, queue: Lanes, lane: Lanes, joined: Keys) -> None:
        """Move those who have joined by now from full pools to the rings; make the pools larger if nobody has."""
        keys = self.pool[:, queue, lane]
        order = keys.argsort(axis=0)
        keys = np.take_along_axis(keys, order, axis=0)
        cargo = np.take_along_axis(self.pool_cargo[:, :, queue, lane], order[None], axis=1)
        moved = (keys <= joined).sum(axis=0)
        while (self.in_ring[queue, lane] + moved).max() > len(self.ring):
            self._grow_ring()
        self._to_rings(queue, lane, keys, cargo, moved)
        places = np.arange(len(keys))[:, None] + moved
        stays = places < len(keys)
        places = np.where(stays, places, 0)
        self.pool[:, queue, lane] = np.where(stays, np.take_along_axis(keys, places, axis=0), NO_KEY)
        self.pool_cargo[:, :, queue, lane] = np.take_along_axis(cargo, places[None], axis=1)
        self.in_pool[queue, lane] -= moved
        if (moved == 0).any():
            self._grow_pool()

    def _to_rings(
        self, queue: Lanes, lane: Lanes, keys: Keys, cargo: npt.NDArray[np.float64], moved: Lanes
    ) -> None:
        place, visit = np.nonzero(np.arange(len(keys))[:, None] < moved)
        q, k = queue[visit], lane[visit]
        target = (self.first[q, k] + self.in_ring[q, k] + place) % len(self.ring)
        self.ring[target, q, k] = keys[place, visit]
        self.ring_cargo[:, target, q, k] = cargo[:, place, visit]
        self.in_ring[queue, lane] += moved

    def _grow_ring(self) -> None:
        """Double the rings, each of them beginning at its first place."""
        order = (np.arange(len(self.ring))[:, None, None] + self.first) % len(self.ring)
        self.ring = _doubled(np.take_along_axis(self.ring, order, axis=0), NO_KEY)
        cargo = [_doubled(np.take_along_axis(each, order, axis=0), 1.0) for each in self.ring_cargo]
        self.ring_cargo = np.array(cargo).reshape(len(cargo), *self.ring.shape)
        self.first[:] = 0

    def _grow_pool(self) -> None:
        self.pool = _doubled(self.pool, NO_KEY)
        cargo = [_doubled(each, 1.0) for each in self.pool_cargo]
        self.pool_cargo = np.array(cargo).reshape(len(cargo), *self.pool.shape)


def _doubled(places: npt.NDArray[np.generic], fill: float) -> npt.NDArray[np.generic]:
    return np.concatenate((places, np.full_like(places, fill)))
