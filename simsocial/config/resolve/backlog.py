"""The backlog of a stream at the start: what its steps say of it, and what a file lists (R87–R89)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simsocial.config.backlog import Waiting as Written
from simsocial.config.document import Document
from simsocial.config.resolve.laws import resolve_law
from simsocial.config.resolve.open_items import Listed
from simsocial.config.resolve.size import fits
from simsocial.config.resolve.spot import Spot
from simsocial.config.resolve.world import World
from simsocial.config.streams import Stream
from simsocial.model.backlog import OLDEST, Waiting
from simsocial.model.desk import Route
from simsocial.model.laws import BELOW_ONE, Law, Uniform
from simsocial.units import format_duration

NOBODY = "nobody serves the step, so nothing waits for it; take it out"


def has_backlog(document: Document) -> bool:
    """Say whether anything may be open when the run begins."""
    steps = (step for stream in document.streams.values() for step in stream.steps.values())
    return document.backlog is not None or any(step.backlog is not None for step in steps)


def resolve_backlog(
    stream: Stream, listed: Sequence[Listed], *, route: Route, patience: Law | None, world: World, spot: Spot
) -> tuple[Waiting, ...]:
    """Return what waits for each step of a stream at the start.

    Parameters
    ----------
    stream, listed
        As written; what a file lists of it.
    route, patience
        As resolved.
    world, spot
        Files; the place of the stream's steps.
    """
    found: list[Waiting] = []
    for number, step in enumerate(route.steps):
        written, longest = stream.steps[step.name].backlog, _longest(route, number, patience)
        here = spot / step.name / "backlog"
        if written is not None and step.nobody:
            here.fault(NOBODY)
        elif written is not None and fits("messages", written.count, "write a smaller count", here / "count"):
            law = _age(written, longest, world, here)
            found.append(Waiting(number, np.arange(written.count), law, longest))
        used = 0 if written is None else written.count
        for items in (items for items in listed if items.step == number):
            _check(items, longest, spot, nobody=step.nobody)
            found.append(Waiting(number, used + items.number, items.age, longest, items.shared))
    return tuple(found)


def _longest(route: Route, number: int, patience: Law | None) -> int:
    """Return the greatest age of what waits for a step: none outlasts its expiry, nor the longest patience (R88)."""
    longest = min(OLDEST, route.steps[number].expires_after)
    if number == 0 and patience is not None:
        most = float(patience.quantile(np.array(BELOW_ONE)))
        longest = min(longest, int(min(np.rint(most), OLDEST)) - 1)
    return longest


def _age(written: Written, longest: int, world: World, spot: Spot) -> Law:
    """Return the law of ages; note one of which all values are too long."""
    if written.age is None:
        assert written.oldest is not None
        law: Law = Uniform(0, written.oldest)
    else:
        law = resolve_law(written.age, world=world, spot=spot / "age")
    if float(law.quantile(np.array(0.0))) > longest:
        (spot / "age").fault(_too_old(longest))
    return law


def _check(items: Listed, longest: int, spot: Spot, *, nobody: bool) -> None:
    """Note the listed items that cannot wait where they are said to."""
    rows = np.unique(items.row if nobody else items.row[items.age > longest]).tolist()
    column = "stream" if nobody else next(name for name in ("age", "since") if name in items.file.columns)
    spot.note(items.file.faults(column, [(row, NOBODY if nobody else _too_old(longest)) for row in rows]))


def _too_old(longest: int) -> str:
    if longest < 1:
        return "nothing waits there for any time: its patience or expiry is over at once; take it out"
    return f"is longer than {format_duration(longest)}, after which nothing waits there any more; write at most that"
