"""Streams: what is drawn for each of them, and what they promise (R10-R17)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from simsocial.config.arrivals import EmployeeArrivals
from simsocial.config.laws import AnyLaw
from simsocial.config.resolve.arrivals import resolve_arrivals
from simsocial.config.resolve.backlog import resolve_backlog
from simsocial.config.resolve.laws import resolve_law, resolve_patience
from simsocial.config.resolve.memory import Memory
from simsocial.config.resolve.open_items import Listed
from simsocial.config.resolve.promises import resolve_promise
from simsocial.config.resolve.spot import Spot
from simsocial.config.resolve.technology import resolve_automation, resolve_filter
from simsocial.config.resolve.world import World
from simsocial.config.steps import Step
from simsocial.config.streams import ELAPSED
from simsocial.config.streams import Stream as Written
from simsocial.model.desk import Route
from simsocial.model.laws import Law
from simsocial.model.streams import Part, StepLaws, Stream


def resolve_stream(
    name: str,
    stream: Written,
    *,
    route: Route,
    world: World,
    spot: Spot,
    memory: Memory,
    part: Part | None = None,
    listed: Sequence[Listed] = (),
) -> Stream:
    """Resolve one stream.

    Parameters
    ----------
    name, stream, route
        Its name, as written, and its route.
    world, spot
        Time, calendars and files; its place.
    memory
        Of arrivals, which take the longest.
    part, listed
        Of a split stream which part it is (R90); the open items of it that a file lists (R89).
    """
    names = [step.name for step in route.steps]
    steps = {step: stream.steps[step] for step in names}
    calendar = _calendar(stream, world, spot)
    promises = [
        resolve_promise(
            key, promise, route=names, published_after=route.published_after, world=world, spot=spot / "promises" / key
        )
        for key, promise in stream.promises.items()
    ]
    triage, patience = stream.actionable.triage, stream.patience
    if triage is not None and names and steps[names[0]].share < 1:
        message = f"needs a first step that every message takes; write share = 1 for {names[0]}"
        (spot / "actionable" / "triage").fault(message)
    law = None if patience is None else resolve_patience(patience, world=world, spot=spot / "patience")
    return Stream(
        name=name,
        arrivals=memory.of(
            resolve_arrivals,
            arrivals=stream.arrivals,
            calendar=None if calendar is None else list(world.calendars.values())[calendar],
            world=world,
            spot=spot / "arrivals",
        ),
        steps=tuple(_laws(step, steps, route, world, spot / "steps") for step in names),
        promises=tuple(promise for promise in promises if promise is not None),
        actionable=stream.actionable.share,
        triage=None if triage is None else resolve_law(triage, world=world, spot=spot / "actionable" / "triage"),
        patience=law,
        filter=resolve_filter(stream.filters, span=world.span, spot=spot / "filters"),
        calendar=calendar,
        waiting=resolve_backlog(stream, listed, route=route, patience=law, world=world, spot=spot / "steps"),
        part=part,
        employees=stream.arrivals.of if isinstance(stream.arrivals, EmployeeArrivals) else None,
    )


def _calendar(stream: Written, world: World, spot: Spot) -> int | None:
    """Return the stream's calendar: its own, that of its first promise on one, or the only one there is (R10)."""
    if stream.calendar is not None:
        return world.calendar(stream.calendar, spot / "calendar")
    names = list(world.calendars)
    clocks = [promise.clock for promise in stream.promises.values() if promise.clock != ELAPSED]
    if clocks:
        return names.index(clocks[0]) if clocks[0] in names else None
    return 0 if len(names) == 1 else None


def _laws(name: str, steps: Mapping[str, Step], route: Route, world: World, spot: Spot) -> StepLaws:
    """Return what is drawn for a step; rework takes as long as the work it repeats unless it has a law of its own."""
    step = steps[name]

    def law(written: AnyLaw | None, at: Spot) -> Law | None:
        return None if written is None else resolve_law(written, world=world, spot=at)

    rework = law(step.rework, spot / name / "rework")
    if rework is None and step.returns_to is not None and step.returns_to in steps:
        rework = law(steps[step.returns_to].work, spot / step.returns_to / "work")
    return StepLaws(
        work=resolve_law(step.work, world=world, spot=spot / name / "work"),
        share=step.share,
        rework=rework,
        author_delay=law(step.author_delay, spot / name / "author_delay"),
        automation=resolve_automation(name, step, route=route, span=world.span, spot=spot / name / "automation"),
    )
