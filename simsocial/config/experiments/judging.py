"""Every point of an experiment judged before any is run: all faults at once, named by the values that cause them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from simsocial.config.experiments.experiment import Cell, Experiment, Factor, Point
from simsocial.config.locating import dotted
from simsocial.config.variants import Variants
from simsocial.config.wording import in_order
from simsocial.errors import Fault, InputError

MOST_AT_FAULT: Final = 1000
"""Points at fault after which no more are looked at: the others will hardly be wrong in another way."""
MOST_NAMED: Final = 3
"""Values of a factor that a fault names."""


@dataclass
class _Reason:
    """Why some points are at fault.

    Parameters
    ----------
    fault
        That of the first of them.
    points
        All that are so.
    """

    fault: Fault
    points: list[Point] = field(default_factory=list)


def judge_points(experiment: Experiment, *, found: Iterable[tuple[Fault, ...]] | None = None) -> None:
    """Judge every point as strictly as loading it would, at a fraction of the time (R116).

    Parameters
    ----------
    experiment
        Whose points are judged.
    found
        What is wrong with each point, in their order; default: what :meth:`~simsocial.config.variants.Variants.faults`
        tells here, one after another.

    Raises
    ------
    InputError
        With a fault for each reason, which says how many points fail for it, and which values they have in common.
    """
    reasons, at_fault, judged = dict[tuple[str, str], _Reason](), 0, 0
    for point, faults in _each(experiment, found):
        judged += 1
        for fault in faults:
            key = (fault.path, re.sub(r" \(got .*\)$", "", fault.message))
            reasons.setdefault(key, _Reason(fault)).points.append(point)
        at_fault += bool(faults)
        if at_fault == MOST_AT_FAULT:
            break
    if at_fault:
        raise InputError(in_order(_worded(reasons.values(), experiment, judged, at_fault)))


def _each(
    experiment: Experiment, found: Iterable[tuple[Fault, ...]] | None
) -> Iterator[tuple[Point, tuple[Fault, ...]]]:
    """Yield every point with what is wrong with it."""
    if found is not None:
        yield from zip(experiment.points, found, strict=True)
        return
    variants = Variants(experiment.base)
    for point in experiment.points:
        yield point, variants.faults(point.changes)


def _worded(reasons: Iterable[_Reason], experiment: Experiment, judged: int, at_fault: int) -> Iterable[Fault]:
    varied = [factor for factor in experiment.factors if len(factor.levels) > 1]
    for reason in reasons:
        shared = _shared(reason, varied, judged)
        where = _which(len(reason.points), judged, shared, reason.points[0])
        yield replace(_placed(reason.fault, experiment), message=f"{reason.fault.message} ({where})")
    if judged < len(experiment.points):
        told = f"{at_fault:,} of the first {judged:,} points are at fault; the others were not looked at"
        yield experiment.where.fault("factors", told)


def _which(number: int, judged: int, shared: Sequence[str], first: Point) -> str:
    """Say which points are meant: all, those with some values, or some of which one is named."""
    if number == judged:
        return "in every point" if number > 1 else f"in the only point: {first.name}"
    points = f"in {number:,} of {judged:,} points"
    return f"{points}: {', '.join(shared)}" if shared else f"{points}, such as {first.name}"


def _shared(reason: _Reason, varied: Sequence[Factor], judged: int) -> list[str]:
    """Return the values that points at fault have in common, of the factors of which they do not have all."""
    found = []
    for factor in varied:
        values: dict[Cell, None] = dict.fromkeys(point.values[factor.name] for point in reason.points)
        if len(values) <= MOST_NAMED and len(values) < len(factor.levels) and len(reason.points) < judged:
            found.append(f"{factor.name} = {' or '.join(map(str, values))}")
    return found


def _placed(fault: Fault, experiment: Experiment) -> Fault:
    """Return a fault of a changed value at the factor or fixed value that changed it; others where they are."""
    if not fault.path.startswith("--set "):
        return fault
    path = fault.path.removeprefix("--set ")
    for table, name, changed in _changed(experiment):
        if f"{path}.".startswith(f"{changed}.") or f"{changed}.".startswith(f"{path}."):
            here = experiment.where.fault(dotted((table, name)), fault.message)
            return here if name == path else replace(here, path=f"{here.path}: {path}")
    return fault


def _changed(experiment: Experiment) -> Iterable[tuple[str, str, str]]:
    """Yield table, name and dotted path of all that is changed."""
    for path in experiment.fixed:
        yield "fixed", path, path
    for factor in experiment.factors:
        for path in factor.levels[0].changes:
            yield "factors", factor.name, path
