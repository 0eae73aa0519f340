"""From the document to the scenario: names become indexes, units ticks, and every fault on the way is reported."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from simsocial.config.adoption import AnyAdoption
from simsocial.config.document import Document
from simsocial.config.locating import Locator
from simsocial.config.resolve.adoption import resolve_adoptions
from simsocial.config.resolve.backlog import has_backlog
from simsocial.config.resolve.layout import lay_out
from simsocial.config.resolve.memory import Memory
from simsocial.config.resolve.open_items import read_open_items
from simsocial.config.resolve.outages import resolve_outages
from simsocial.config.resolve.rankings import Rankings
from simsocial.config.resolve.routes import resolve_route
from simsocial.config.resolve.run import resolve_run
from simsocial.config.resolve.service import check_service
from simsocial.config.resolve.size import intervals_fit
from simsocial.config.resolve.splits import check_shares, split_streams, with_parts
from simsocial.config.resolve.spot import Spot
from simsocial.config.resolve.streams import resolve_stream
from simsocial.config.resolve.teams import resolve_team
from simsocial.config.resolve.world import Span, World, compile_calendars
from simsocial.config.streams import ELAPSED
from simsocial.config.time import OpenHours
from simsocial.model.backlog import OLDEST
from simsocial.model.desk import Desk
from simsocial.model.scenario import Origin, Scenario
from simsocial.units import YEAR

LONG_ENOUGH: Final = 50 * YEAR
"""Of a horizon that is at fault, so much is laid out to find other faults; more would take long for nothing."""


def resolve(
    document: Document,
    *,
    base: Path = Path(),
    where: Locator | None = None,
    timed: bool = True,
    memory: Memory | None = None,
) -> Scenario:
    """Turn a document into the scenario that it describes.

    Parameters
    ----------
    document
        As read; every value is of its kind.
    base
        Folder in which the files that it names are looked for before the current one.
    where
        Knows file and lines, for faults.
    timed
        Whether start and horizon are what the user wrote.
    memory
        Of the variants of this document that were resolved before, with the same ``base`` and ``timed``.

    Returns
    -------
    Scenario
        Its origin knows the folder and the files that were read.

    Raises
    ------
    InputError
        With every fault that is found: names of nothing, files at fault, parts that do not fit together.
    """
    memory = memory or Memory()
    parts = split_streams(document)
    spot = Spot(where or Locator(), written_as={name: part.of for name, part in parts.items()})
    unsettled = check_shares(document, spot / "streams")
    document = with_parts(document, parts)
    world = _world(document, base, spot, timed=timed, memory=memory)
    teams = list(document.teams)
    layout = lay_out(document.streams, spot / "streams", unsettled=unsettled)
    rankings = Rankings()
    people = [
        memory.of(
            resolve_team,
            name=name,
            team=team,
            number=number,
            layout=layout,
            rankings=rankings,
            world=world,
            spot=spot / "teams" / name,
        )
        for number, (name, team) in enumerate(document.teams.items())
    ]
    routes = [
        memory.of(
            resolve_route,
            name=name,
            stream=stream,
            layout=layout,
            teams=teams,
            span=world.span,
            spot=spot / "streams" / name,
        )
        for name, stream in document.streams.items()
    ]
    check_service(document, rankings.listed, routes, layout=layout, spot=spot)
    listed = read_open_items(document, routes, parts, world=world, spot=spot / "backlog" / "file")
    streams = [
        memory.of(
            resolve_stream,
            name=name,
            stream=stream,
            route=route,
            world=world,
            spot=spot / "streams" / name,
            part=parts.get(name),
            listed=[item for item in listed if item.stream == name],
            memory=memory,
        )
        for (name, stream), route in zip(document.streams.items(), routes, strict=True)
    ]
    outages = resolve_outages(document, parts, people, world=world, spot=spot / "outages")
    run = resolve_run(document, spot=spot / "run")
    spot.raise_noted()
    return Scenario(
        name=document.name,
        start=world.span.start,
        desk=Desk(world.span.horizon, layout.queues, tuple(routes), tuple(rankings.listed), tuple(teams)),
        streams=tuple(streams),
        teams=tuple(people),
        calendars=tuple(world.calendars.values()),
        adoptions=tuple(world.adoptions.values()),
        interval=document.time.interval,
        warmup=document.time.warmup,
        run=run,
        origin=Origin({}, str(base), world.files, read=world.readings),
        outages=outages,
    )


def _world(document: Document, base: Path, spot: Spot, *, timed: bool, memory: Memory) -> World:
    """Return time, calendars and files; note a document without streams, and intervals too many to report."""
    time = document.time
    fit = intervals_fit(document, spot / "time" / "interval")
    if not document.streams:
        (spot / "streams").fault("there is no stream; write at least one, such as [streams.mentions]")
    if ELAPSED in document.calendars:
        (spot / "calendars" / ELAPSED).fault("elapsed time needs no calendar; give it another name")
    since = -OLDEST if has_backlog(document) else 0
    span = Span(time.start, time.horizon if fit else min(time.horizon, LONG_ENOUGH), since)
    laid_out = memory.of(
        _laid_out,
        span=span,
        base=base,
        zone=time.zone,
        timed=timed,
        calendars=document.calendars,
        adoption=document.adoption,
        spot=spot,
    )
    return laid_out.again()


def _laid_out(
    *,
    span: Span,
    base: Path,
    zone: str | None,
    timed: bool,
    calendars: Mapping[str, OpenHours],
    adoption: Mapping[str, AnyAdoption],
    spot: Spot,
) -> World:
    """Return a world with the calendars and adoptions."""
    world = World(span, base, zone, timed)
    compile_calendars(calendars, world, spot / "calendars")
    resolve_adoptions(adoption, world, spot / "adoption")
    return world
