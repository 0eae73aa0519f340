"""Adoption as the instants at which employees are enabled: curves, classes, trainers, midnights (R100, R101)."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from simsocial.config import adoption as written
from simsocial.config.resolve.curves import reached
from simsocial.config.resolve.spot import Spot
from simsocial.config.resolve.world import Span, World
from simsocial.model.adoption import Adoption
from simsocial.model.piecewise import Piecewise
from simsocial.units import DAY, WEEK

Ticks = npt.NDArray[np.int64]


def resolve_adoptions(adoptions: Mapping[str, written.AnyAdoption], world: World, spot: Spot) -> None:
    """Lay out every adoption, into the world; ``spot`` is their place."""
    for name, adoption in adoptions.items():
        world.adoptions[name] = _resolved(name, adoption, world, spot / name)


def _resolved(name: str, adoption: written.AnyAdoption, world: World, spot: Spot) -> Adoption:
    """Return when each employee is called, taught and enabled."""
    span, classes = world.span, adoption.classes
    waves = _waves(adoption, span, spot / "waves") if isinstance(adoption, written.WavesAdoption) else None
    instants = reached(adoption, span)
    called = instants[instants <= span.horizon + WEEK].round().astype(np.int64)
    first = int(np.searchsorted(called, 0, side="right")) if adoption.start is None else adoption.start
    taught, ended, trainers = called, called, None
    if classes is not None:
        trainers = _trainers(classes, span)
        begins = _begins(classes, world, spot / "classes")
        begun = hold_classes(called[first:], begins, size=classes.size, length=classes.length, trainers=trainers)
        taught, ended = (np.append(called[:first], later) for later in (begun, begun + classes.length))
    enabled = np.append(called[:first], _next_midnight(ended[first:], span))
    return Adoption(name, adoption.population, called, taught, enabled, trainers, waves)


def hold_classes(called: Ticks, begins: Ticks, *, size: int, length: int, trainers: Piecewise) -> Ticks:
    """Return when the class of each employee begins (R101).

    Parameters
    ----------
    called
        Shape (employees,), ticks, ascending: when each is called.
    begins
        Shape (times,), ticks, ascending: when classes may begin.
    size, length
        Employees in a class, and its length in ticks.
    trainers
        Over time; each gives one class at a time, to its end.

    Returns
    -------
    Shape (employees taught,), ticks, ascending; those who are still waiting at the end are left out.
    """
    begun: list[int] = []
    running: deque[int] = deque()
    for instant, there in zip(begins.tolist(), np.searchsorted(called, begins, side="right").tolist(), strict=True):
        while running and running[0] <= instant:
            running.popleft()
        free = max(int(trainers.at(instant)) - len(running), 0)
        taught = min(there - len(begun), free * size)
        begun += [instant] * taught
        running.extend([instant + length] * -(-taught // size))
    return np.array(begun, dtype=np.int64)


def _next_midnight(instant: Ticks, span: Span) -> Ticks:
    """Return the first midnights at or after instants: who is enabled counts by the date (R100)."""
    midnight: Ticks = span.midnight - (span.midnight - instant) // DAY * DAY
    return midnight


def _begins(classes: written.Classes, world: World, spot: Spot) -> Ticks:
    """Return when classes may begin in the run, ticks, ascending."""
    span = world.span
    if classes.length >= span.horizon:
        (spot / "length").fault("nobody would be taught before the horizon; write less, or a longer horizon")
    begins = np.add.outer(np.arange(span.monday, span.horizon, WEEK), classes.begin).ravel()
    begins = np.sort(begins[(begins >= 0) & (begins < span.horizon)])
    if classes.holidays is not None and world.calendar(classes.holidays, spot / "holidays") is not None:
        closed = np.array(sorted(world.calendars[classes.holidays].holidays), dtype="datetime64[D]")
        begins = begins[~np.isin(span.dates_of(begins), closed)]
    return begins


def _trainers(classes: written.Classes, span: Span) -> Piecewise:
    """Return the trainers over time; changes from before the start hold at the start, the latest of them last."""
    trainers = {0: classes.trainers}
    for change in sorted(classes.changes.values(), key=lambda change: change.date):
        trainers[max(span.tick(change.date), 0)] = change.trainers
    return Piecewise(np.array(list(trainers)), np.array(list(trainers.values())))


def _waves(adoption: written.WavesAdoption, span: Span, spot: Spot) -> tuple[int, ...]:
    """Return the ticks at which the dates of waves with employees begin."""
    for name, wave in adoption.in_order:
        if wave.date < span.start.date():
            (spot / name / "date").fault("lies before the start; count these employees in start")
    return tuple(span.tick(wave.date) for _, wave in adoption.in_order if wave.employees)
