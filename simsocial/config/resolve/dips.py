"""Dips of a team's pace: from a date, or from every wave of an adoption (R104)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from simsocial.config import people as written
from simsocial.config.resolve.spot import Spot
from simsocial.config.resolve.world import World
from simsocial.model.teams import Dip


def resolve_dips(dips: Mapping[str, written.AnyDip], *, world: World, spot: Spot) -> tuple[Dip, ...]:
    """Return the dips of a team; ``spot`` is their place."""
    return tuple(
        Dip(begin, dip.pace, dip.recovers_in)
        for name, dip in dips.items()
        for begin in _begins(dip, world, spot / name)
    )


def _begins(dip: written.AnyDip, world: World, spot: Spot) -> Iterator[int]:
    if isinstance(dip, written.DatedDip):
        yield world.span.tick(dip.date)
        return
    adoption = world.adoption(dip.waves_of, spot / "waves_of")
    if adoption is not None and adoption.waves is None:
        (spot / "waves_of").fault(f'{dip.waves_of} has no waves; write the date of the dip, or curve = "waves" there')
    elif adoption is not None:
        yield from adoption.waves or ()
