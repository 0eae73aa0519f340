"""Bursts and excitement of a config on top of a stream's own arrivals (R73, R74)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from simsocial.config import bursts as written
from simsocial.config.resolve.laws import resolve_law
from simsocial.config.resolve.spot import Spot
from simsocial.config.resolve.world import World
from simsocial.model.arrivals import Arrivals, OwnArrivals, RateArrivals, Timetable
from simsocial.model.bursts import Burst, BurstyArrivals, SelfExciting


def with_bursts(
    own: OwnArrivals,
    bursts: Mapping[str, written.Burst],
    excitement: written.SelfExciting | None,
    *,
    world: World,
    spot: Spot,
) -> Arrivals:
    """Put bursts and excitement on top of what comes anyway.

    Parameters
    ----------
    own
        What comes anyway; returned as it is when nothing is put on top.
    bursts, excitement
        As written.
    world, spot
        The run's time; the place of the arrivals.
    """
    if not bursts and excitement is None:
        return own
    resolved = tuple(_burst(name, each, world, spot / "bursts" / name) for name, each in bursts.items())
    excited = None if excitement is None else SelfExciting(excitement.branching_ratio, excitement.decay)
    return BurstyArrivals(own, resolved, excited)


def _burst(name: str, burst: written.Burst, world: World, spot: Spot) -> Burst:
    decay = resolve_law(burst.decay, world=world, spot=spot / "decay")
    return Burst(name, _begins(burst, world, spot), burst.size, decay, burst.size_cv)


def _begins(burst: written.Burst, world: World, spot: Spot) -> RateArrivals | Timetable:
    if burst.every is not None:
        return RateArrivals(np.array([0, world.span.horizon]), np.array([1 / burst.every]))
    assert burst.at is not None, "R73: a burst is at random or on a date"
    if (tick := world.span.tick(burst.at)) < 0:
        begin = f"{world.span.when(0):%Y-%m-%d %H:%M}"
        (spot / "at").fault(f"lies before the run, which begins {begin}; what was left of it then nobody knows")
    return Timetable(np.array([tick]).clip(min=0))
