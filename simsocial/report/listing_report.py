"""The points of an experiment in 80 columns: how many, of which factors, the first of them, and what they take."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table

from simsocial.config.experiments.experiment import Experiment, Factor
from simsocial.report.figures.sweep_axes import brief
from simsocial.report.sentence import Name, Sentence
from simsocial.report.words import amount, counted, roughly
from simsocial.study.listing import Cost, Listing
from simsocial.units import SECOND, format_duration, format_size

SHOWN: Final = 12
"""Points that are shown; all are in the JSON document."""

KINDS: Final = {
    "grid": "a grid",
    "list": "a list",
    "latin_hypercube": "a Latin hypercube",
    "sobol": "Sobol points",
}


def listing_report(listing: Listing) -> RenderableType:
    """Return what the command line prints of an experiment that is not run."""
    experiment = listing.experiment
    return Group(
        Sentence(experiment.question),
        Sentence(*_counts(experiment)),
        _factors(experiment),
        _points(experiment),
        Sentence(*_cost(listing.cost, experiment)),
    )


def listing_document(listing: Listing) -> dict[str, object]:
    """Return the listing for programs; their names are for ever."""
    experiment, cost = listing.experiment, listing.cost
    return {
        "command": "sweep --list",
        "question": experiment.question,
        "design": experiment.design.kind,
        "dropped": experiment.design.dropped,
        "repeated": experiment.design.repeated,
        "factors": [{"name": factor.name, "unit": factor.unit, "levels": _levels(factor)} for factor in
                    experiment.factors],
        "cost": cost,
        "points": list(listing.rows()),
    }  # fmt: skip


def _levels(factor: Factor) -> list[object]:
    return [level.value for level in factor.levels]


def _counts(experiment: Experiment) -> Iterator[str]:
    design, points = experiment.design, len(experiment.points)
    of = " × ".join(str(len(factor.levels)) for factor in experiment.factors) if design.kind == "grid" else ""
    yield f"{counted(points, 'point')}, all in order: {KINDS[design.kind]}{of and f' of {of}'}"
    if design.dropped:
        yield f", without {design.dropped:,} that the constraints do not allow"
    if design.repeated:
        yield f", without {design.repeated:,} that would come again"


def _factors(experiment: Experiment) -> Table:
    table = Table("factor", "values", "", box=SIMPLE_HEAD)
    for factor in experiment.factors:
        levels = [str(level.value) for level in factor.levels]
        told = ", ".join(levels) if len(levels) <= SHOWN else f"{levels[0]} to {levels[-1]}"
        table.add_row(Name(factor.name), str(len(levels)), f"{told} {factor.unit}".strip())
    return table


def _points(experiment: Experiment) -> RenderableType:
    table = Table("point", box=SIMPLE_HEAD)
    for name in brief([factor.name for factor in experiment.factors]).values():
        table.add_column(Name(name), overflow="fold")
    for point in experiment.points[:SHOWN]:
        table.add_row(str(point.number), *(str(value) for value in point.values.values()))
    more = len(experiment.points) - SHOWN
    return Group(table, Sentence(f"and {more:,} more; --json lists all")) if more > 0 else table


def _cost(cost: Cost, experiment: Experiment) -> Iterator[str]:
    least, _, most = cost.messages
    messages = amount(least) if amount(least) == amount(most) else f"{amount(least)} to {amount(most)}"
    each = f"{'up to ' if experiment.precision else ''}{counted(experiment.replications, 'replication')}"
    yield f"a sweep: {each} of each point, of about {messages} messages; "
    yield f"{format_duration(cost.seconds * SECOND, digits=2)} on one core, {format_size(roughly(cost.memory))}"
