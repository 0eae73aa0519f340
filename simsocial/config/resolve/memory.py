"""What was resolved before, so that variants of one config resolve again only what their changes touch (R116)."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar, cast

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel

from simsocial.config.resolve.layout import Layout
from simsocial.config.resolve.rankings import Rankings
from simsocial.config.resolve.spot import Spot
from simsocial.config.resolve.world import Span, World
from simsocial.model.desk import Queue, Ranking
from simsocial.model.streams import Part

T = TypeVar("T")

_ATOMS: Final = {str, int, float, bool, type(None), Queue, Ranking, Part, Span}
"""Types of values that are their own key, looked up first as most are of them."""
MOST_KEPT: Final = 20_000
"""Results that are kept at most."""
MOST_BYTES: Final = 128e6
"""Of the arrays in them, each counted once."""


@dataclass(frozen=True)
class _Kept:
    """A result, the rankings listed after it, and what it was made of.

    The latter lives as long as its identity is in a key, so that nothing else takes it.
    """

    result: Any
    listed: tuple[Any, ...] | None
    given: Mapping[str, Any]


@dataclass(eq=False)
class Memory:
    """Results of functions by all that they were given; one that noted a fault or read a file is not kept.

    Documents that are to share results must hold the very same tables where they are alike.
    """

    _kept: OrderedDict[Hashable, _Kept] = field(default_factory=OrderedDict)
    _holders: Counter[int] = field(default_factory=Counter)
    _octets: int = 0

    def of(self, function: Callable[..., T], *, spot: Spot, world: World | None = None, **given: Any) -> T:
        """Return what a function makes of what it is given, at a spot and in a world; from memory if it can be.

        Parameters
        ----------
        function
            Depends on nothing else, and changes nothing but the rankings among what it is given.
        spot, world, given
            Its arguments; with no ``world`` it takes none.
        """
        rankings: Rankings | None = given.get("rankings")
        alive = given if world is None else {**given, "calendars": world.calendars}
        key = (function, key_of(world), *map(key_of, given.values()))
        if (kept := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
            if rankings is not None:
                rankings.listed[:] = kept.listed or ()
            return cast(T, kept.result)
        before = self._noted(spot, world)
        result = function(spot=spot, **given) if world is None else function(spot=spot, world=world, **given)
        if before == self._noted(spot, world):
            self._keep(key, _Kept(result, None if rankings is None else tuple(rankings.listed), alive))
        return result

    def _noted(self, spot: Spot, world: World | None) -> tuple[int, int]:
        return len(spot.noted), 0 if world is None else len(world.read_at)

    def _keep(self, key: Hashable, kept: _Kept) -> None:
        """Keep a result, and forget those that were not asked for the longest where it gets too much."""
        self._kept[key] = kept
        for array in arrays_in(kept.result):
            self._octets += 0 if self._holders[id(array)] else array.nbytes
            self._holders[id(array)] += 1
        while len(self._kept) > MOST_KEPT or (self._octets > MOST_BYTES and len(self._kept) > 1):
            self._forget(self._kept.popitem(last=False)[1])

    def _forget(self, kept: _Kept) -> None:
        for array in arrays_in(kept.result):
            self._holders[id(array)] -= 1
            if not self._holders[id(array)]:
                del self._holders[id(array)]
                self._octets -= array.nbytes


def key_of(value: Any) -> Hashable:
    """Return what stands for a value in a key: what can change by its contents, tables and worlds by their identity."""
    if type(value) in _ATOMS:
        return cast(Hashable, value)
    if isinstance(value, BaseModel):
        return id(value)
    if isinstance(value, dict):
        return tuple((name, key_of(each)) for name, each in value.items())
    if isinstance(value, list | tuple):
        return tuple(map(key_of, value))
    if isinstance(value, set):
        return frozenset(value)
    if isinstance(value, Layout | Rankings):
        return tuple(map(key_of, vars(value).values()))
    return id(value.calendars) if isinstance(value, World) else cast(Hashable, value)  # copies of a world share them


def arrays_in(value: Any) -> Iterator[npt.NDArray[Any]]:
    """Yield the arrays that a value and what it holds consist of."""
    if isinstance(value, np.ndarray):
        yield value
    elif hasattr(value, "__dict__"):
        for each in vars(value).values():
            yield from arrays_in(each)
