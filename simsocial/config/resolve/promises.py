"""Promises: what they measure, the stage they are charged to, and the clock that counts (R5-R8, R47)."""

from __future__ import annotations

from collections.abc import Sequence

from simsocial.config.resolve.spot import Spot
from simsocial.config.resolve.world import World
from simsocial.config.streams import ELAPSED
from simsocial.config.streams import Promise as Written
from simsocial.model.promises import Measured, Promise


def resolve_promise(
    name: str, promise: Written, *, route: Sequence[str], published_after: int, world: World, spot: Spot
) -> Promise | None:
    """Resolve one promise of a stream; ``None`` when its name means nothing.

    Parameters
    ----------
    name, promise
        ``pickup``, ``first_response``, ``publication``, ``completion`` or a step's name; as written.
    route, published_after
        Names of the steps; index of the one whose end publishes (R24).
    world, spot
        Calendars; the promise's place.
    """
    found = _measured(name, route, published_after, spot)
    if found is None:
        return None
    measured, step = found
    return Promise(
        name=name,
        measured=measured,
        step=step,
        within=promise.within.ticks,
        end_of_day=promise.within.end_of_day,
        share=promise.share,
        calendar=None if promise.clock == ELAPSED else _clock(promise.clock, world, spot / "clock"),
        grace=promise.grace,
    )


def _measured(name: str, route: Sequence[str], published_after: int, spot: Spot) -> tuple[Measured, int] | None:
    """Return what a promise of that name measures, and the stage it is charged to (R47)."""
    stages = {
        Measured.PICKUP: 0,
        Measured.FIRST_RESPONSE: published_after,
        Measured.PUBLICATION: published_after,
        Measured.COMPLETION: len(route) - 1,
    }
    words = {measured.value: measured for measured in stages}
    if name in route:
        return Measured.STEP, route.index(name)
    if name not in words:
        spot.unknown("step or promise", name, [*words, *route])
        return None
    if route and stages[words[name]] < 0:
        spot.fault("nothing comes before publication in this route; promise a step or completion instead")
        return None
    return words[name], stages[words[name]]


def _clock(name: str, world: World, spot: Spot) -> int | None:
    if name in world.calendars:
        return world.calendar(name, spot)
    spot.unknown("clock", name, [ELAPSED, *world.calendars])
    return None
