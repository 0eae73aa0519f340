"""Outages of a config: which streams and teams they stop, and when (R108, R109)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from simsocial.config import outages as written
from simsocial.config.document import Document
from simsocial.config.laws import Deterministic
from simsocial.config.resolve.laws import resolve_law
from simsocial.config.resolve.size import fits
from simsocial.config.resolve.spot import Spot
from simsocial.config.resolve.world import World
from simsocial.model.outages import AtRandom, Dated, Outage, Weekly
from simsocial.model.streams import Part
from simsocial.model.teams import Team


def resolve_outages(
    document: Document, parts: Mapping[str, Part], people: Sequence[Team], *, world: World, spot: Spot
) -> tuple[Outage, ...]:
    """Resolve all outages.

    Parameters
    ----------
    document, parts
        With a stream for each part of those that are split; an outage may name a part or the whole (R90).
    people
        The teams.
    world, spot
        The run's time; the place of the outages.
    """
    streams = {name: {index} for index, name in enumerate(document.streams)}
    for index, name in enumerate(document.streams):
        if name in parts:
            streams.setdefault(parts[name].of, set()).add(index)
    teams = {name: {index} for index, name in enumerate(document.teams)}
    found = []
    for name, outage in document.outages.items():
        here = spot / name
        stopped = _named("stream", outage.streams, streams, here / "streams")
        idle = _named("team", outage.teams, teams, here / "teams")
        when = _when(outage, world, here)
        if isinstance(when, AtRandom):
            windows = world.span.horizon / when.every * (1 + sum(_agents(people[team]) for team in idle))
            fits("outages of people", windows, "write a longer time between them, or a shorter horizon", here / "every")
        found.append(Outage(name, when, stopped, idle, outage.messages == "are lost"))
    return tuple(found)


def _named(kind: str, names: Sequence[str], known: Mapping[str, set[int]], spot: Spot) -> frozenset[int]:
    for position, name in enumerate(names):
        if name not in known:
            (spot / position).unknown(kind, name, list(known))
        elif name in names[:position]:
            (spot / position).fault(f"names {name} a second time; write each {kind} once")
    return frozenset[int]().union(*(known[name] for name in names if name in known))


def _agents(team: Team) -> int:
    return int(team.headcount.values.max())


def _when(outage: written.Outage, world: World, spot: Spot) -> Dated | Weekly | AtRandom:
    if outage.hours is not None:
        return Weekly(outage.hours, *((outage.weeks.weeks, outage.weeks.cycle) if outage.weeks else ()))
    assert outage.length is not None, "R108: an outage that is not weekly has a length"
    length = resolve_law(outage.length, world=world, spot=spot / "length")
    if outage.every is not None:
        return AtRandom(outage.every, length)
    assert outage.at is not None
    assert isinstance(outage.length, Deterministic)
    begin = world.span.tick(outage.at)
    return Dated(begin, begin + outage.length.value)
