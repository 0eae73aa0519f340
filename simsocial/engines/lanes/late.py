"""Visits that join a line later: those on their way, and those that wait already, in the order of joining.

Whoever is on his way to a line stands unsorted in its pool. When the pool is full, those who have joined by now move
to the line's ring, sorted: they come before all who are still on their way. So a long queue costs no more than a short
one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from simsocial.engines.lanes.keys import NO_KEY

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
OF_PLACES = ("head", "in_pool", "first_in_pool", "first", "in_ring", "pool", "ring")


class Late:
    """Later joins of all lines in all lanes; a *place* is line × lanes + lane.

    Pools and rings have shape (places, length): what is looked at together lies together.

    Parameters
    ----------
    lines, lanes
        How many.
    carried
        How many qualities of earlier work each visit carries (R23).
    pool, ring
        Length of pools and rings to begin with; they grow when they must.
    """

    def __init__(self, lines: int, lanes: int, *, carried: int, pool: int = 12, ring: int = 8) -> None:
        self.lines, self.lanes, self.carried = lines, lanes, carried
        places = lines * lanes
        self.head = np.full(places, NO_KEY)
        self.in_pool, self.first_in_pool, self.first, self.in_ring = (np.zeros(places, np.int64) for _ in range(4))
        self.pool, self.ring = np.full((places, pool), NO_KEY), np.full((places, ring), NO_KEY)
        self.pool_cargo: Floats = np.ones((carried, places, pool))
        self.ring_cargo: Floats = np.ones((carried, places, ring))
        self.any_ring = False

    def keep(self, lanes: npt.NDArray[np.bool_]) -> None:
        """Forget all other lanes."""
        which = (np.tile(lanes, self.lines)).nonzero()[0]
        self.lanes = int(lanes.sum())
        for name in OF_PLACES:
            setattr(self, name, getattr(self, name)[which])
        for name in ("pool_cargo", "ring_cargo"):
            setattr(self, name, np.ascontiguousarray(getattr(self, name)[:, which]))

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
        full = count >= self.pool.shape[1]
        if np.count_nonzero(full):
            self._drain(place[full], joined[full])
            count = self.in_pool.take(place)
        self.pool.reshape(-1)[place * self.pool.shape[1] + count] = key
        if cargo is not None:
            self.pool_cargo[:, place, count] = cargo
        self.in_pool[place] = count + 1
        head = self.head.take(place)
        first = (key < head).nonzero()[0]
        self.head[place] = np.minimum(head, key)
        self.first_in_pool[place.take(first)] = count.take(first)

    def pop(self, place: Ints) -> Floats | None:
        """Take the heads out of places; return what they carried, shape (carried, visits)."""
        if not self.any_ring:
            return self._pop_pool(place)
        cargo = np.ones((self.carried, len(place))) if self.carried else None
        ringed = self.in_ring.take(place) > 0
        for which, pop in ((ringed.nonzero()[0], self._pop_ring), ((~ringed).nonzero()[0], self._pop_pool)):
            if len(which):
                popped = pop(place.take(which))
                if cargo is not None:
                    cargo[:, which] = popped
        return cargo

    def waiting(self, lanes: Ints) -> tuple[Ints, Ints]:
        """Return lane and key of all who are in some lanes, joined or on their way."""
        place = (np.arange(self.lines)[:, None] * self.lanes + lanes).ravel()
        lane = np.tile(lanes, self.lines)
        pooled = self.pool[place] != NO_KEY
        numbers, length = np.arange(self.ring.shape[1]), self.ring.shape[1]
        ringed = (numbers - self.first[place][:, None]) % length < self.in_ring[place][:, None]
        keys = np.concatenate((self.pool[place][pooled], self.ring[place][ringed]))
        return lane[np.concatenate((np.nonzero(pooled)[0], np.nonzero(ringed)[0]))], keys

    def _pop_ring(self, place: Ints) -> Floats | None:
        first = self.first.take(place)
        cargo = self.ring_cargo[:, place, first] if self.carried else None
        first = (first + 1) % self.ring.shape[1]
        left = self.in_ring.take(place) - 1
        self.first[place], self.in_ring[place] = first, left
        self.head[place] = self.ring.reshape(-1).take(place * self.ring.shape[1] + first)
        last = (left == 0).nonzero()[0]
        if len(last):
            self._look_into_pool(place.take(last))
        return cargo

    def _pop_pool(self, place: Ints) -> Floats | None:
        """Take the head out of each pool; the last one fills its number."""
        number = self.first_in_pool.take(place)
        last = self.in_pool.take(place) - 1
        self.in_pool[place] = last
        flat, begin = self.pool.reshape(-1), place * self.pool.shape[1]
        cargo = None
        if self.carried:
            cargo = self.pool_cargo[:, place, number]
            self.pool_cargo[:, place, number] = self.pool_cargo[:, place, last]
        end = begin + last
        flat[begin + number] = flat.take(end)
        flat[end] = NO_KEY
        self._look_into_pool(place)
        return cargo

    def _look_into_pool(self, place: Ints) -> None:
        """Find out who comes first in pools."""
        number = self.pool.take(place, axis=0).argmin(axis=1)
        self.first_in_pool[place] = number
        self.head[place] = self.pool.reshape(-1).take(place * self.pool.shape[1] + number)

    def _drain(self, place: Ints, joined: Ints) -> None:
        """Move those who have joined by now from full pools to the rings; make the pools larger if nobody has."""
        keys = self.pool[place]
        order = keys.argsort(axis=1)
        keys = np.take_along_axis(keys, order, axis=1)
        cargo = np.take_along_axis(self.pool_cargo[:, place], order[None], axis=2)
        moved = (keys <= joined[:, None]).sum(axis=1)
        while (self.in_ring[place] + moved).max() > self.ring.shape[1]:
            self._grow_ring()
        self._to_rings(place, keys, cargo, moved)
        source = np.arange(keys.shape[1]) + moved[:, None]
        stays = source < keys.shape[1]
        source = np.where(stays, source, 0)
        self.pool[place] = np.where(stays, np.take_along_axis(keys, source, axis=1), NO_KEY)
        self.pool_cargo[:, place] = np.take_along_axis(cargo, source[None], axis=2)
        self.in_pool[place] -= moved
        self.first_in_pool[place] = 0
        if (moved == 0).any():
            self._grow_pool()

    def _to_rings(self, place: Ints, keys: Ints, cargo: Floats, moved: Ints) -> None:
        visit, number = np.nonzero(np.arange(keys.shape[1]) < moved[:, None])
        to = place[visit]
        target = (self.first[to] + self.in_ring[to] + number) % self.ring.shape[1]
        self.ring[to, target] = keys[visit, number]
        self.ring_cargo[:, to, target] = cargo[:, visit, number]
        self.in_ring[place] += moved
        self.any_ring = True

    def _grow_ring(self) -> None:
        """Double the rings, each of them beginning at its first number."""
        order = (np.arange(self.ring.shape[1]) + self.first[:, None]) % self.ring.shape[1]
        self.ring = _doubled(np.take_along_axis(self.ring, order, axis=1), NO_KEY)
        self.ring_cargo = _doubled(np.take_along_axis(self.ring_cargo, order[None], axis=2), 1.0)
        self.first[:] = 0

    def _grow_pool(self) -> None:
        self.pool, self.pool_cargo = _doubled(self.pool, NO_KEY), _doubled(self.pool_cargo, 1.0)


def _doubled(values: npt.NDArray[Any], fill: float) -> npt.NDArray[Any]:
    return np.concatenate((values, np.full_like(values, fill)), axis=-1)
