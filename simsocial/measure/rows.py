"""Rows of tables: each definition asked of every stream, promise, step and team of a scenario that it fits."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from simsocial.errors import Fault, InputError
from simsocial.measure.definitions import Entity, Kind, Measure
from simsocial.measure.series_definitions import SeriesMeasure
from simsocial.model.capacity import rankings_serving
from simsocial.model.desk import OUTSIDE, Route, RouteStep, When
from simsocial.model.promises import Measured
from simsocial.model.scenario import Scenario
from simsocial.model.streams import Stream
from simsocial.model.teams import Team

Definition = TypeVar("Definition", Measure, SeriesMeasure)


@dataclass(frozen=True)
class Row:
    """One measure of one stream, promise, step or team; names are empty where they do not apply.

    Parameters
    ----------
    stream, step, team
        Names. A step stands for its queue and its rework queue together (R47).
    measure
        Name; that of a message's promise is ``<promise>_<measure>``.
    unit
        Of the value; empty for shares and plain ratios.
    kind
        How it is estimated.
    """

    stream: str
    step: str
    team: str
    measure: str
    unit: str
    kind: Kind

    @property
    def name(self) -> str:
        """Dotted name, as ``run.replications.of`` gives it."""
        return ".".join(part for part in (self.stream, self.step, self.team, self.measure) if part)


@dataclass(frozen=True)
class Subject:
    """Something that measures are about.

    Parameters
    ----------
    entities
        The kinds of entity that it is.
    place
        Its place in the counters of those.
    stream, step, team, prefix
        What its rows are called, and what stands before the names of their measures.
    """

    entities: frozenset[Entity]
    place: int
    stream: str = ""
    step: str = ""
    team: str = ""
    prefix: str = ""


@lru_cache(maxsize=4)
def asked(scenario: Scenario, definitions: tuple[Definition, ...]) -> tuple[tuple[Subject, Definition], ...]:
    """Return every subject with each definition that fits it: streams, each with promises and steps, then teams."""
    return tuple(
        (about, each) for about in _subjects(scenario) for each in definitions if each.entity in about.entities
    )


def rows_of(scenario: Scenario, definitions: tuple[Definition, ...]) -> tuple[Row, ...]:
    """Return the rows of those pairs, in the same order."""
    return tuple(
        Row(about.stream, about.step, about.team, about.prefix + each.name, each.unit, each.kind)
        for about, each in asked(scenario, definitions)
    )


def row_named(rows: Sequence[Row], name: str, *, asked_by: str = "run.replications.of") -> int:
    """Return the place of the row called ``name``, such as ``mentions.respond.wait_mean`` or ``desk.occupancy``.

    Parameters
    ----------
    rows
        Those there are.
    name
        Dotted.
    asked_by
        The key or option that named it, for the fault.

    Raises
    ------
    InputError
        When there is none; names the nearest.
    """
    names = [row.name for row in rows]
    if name in names:
        return names.index(name)
    nearest = difflib.get_close_matches(name, names, n=1, cutoff=0)[0]
    raise InputError(Fault(f"there is no measure {name!r}; did you mean {nearest!r}?", path=asked_by))


def _subjects(scenario: Scenario) -> Iterable[Subject]:
    steps = promises = 0
    for place, (stream, route) in enumerate(zip(scenario.streams, scenario.desk.routes, strict=True)):
        yield Subject(_stream_kinds(stream, route), place, stream.name)
        for promise, about in enumerate(_promises(stream, route), promises):
            yield Subject(frozenset({Entity.PROMISE}), promise, stream.name, *about)
        for step, part in enumerate(route.steps, steps):
            yield Subject(_step_kinds(part, authors=_authors(scenario, route, part)), step, stream.name, part.name)
        promises, steps = promises + len(stream.promises), steps + len(route.steps)
    for place, team in enumerate(scenario.teams):
        fails = any(place in outage.teams for outage in scenario.outages)
        yield Subject(_team_kinds(team, fails=fails), place, team=team.name)


def _promises(stream: Stream, route: Route) -> Iterable[tuple[str, str, str]]:
    """Return (step, team, prefix) of each promise: one of a step is told by its step, one of a message by its name."""
    for promise in stream.promises:
        if promise.measured is Measured.STEP:
            yield route.steps[promise.step].name, "", ""
        else:
            yield "", "", f"{promise.name}_"


def _stream_kinds(stream: Stream, route: Route) -> frozenset[Entity]:
    audited = any(step.review is not None and step.review.when is When.AFTER for step in route.steps)
    filtered = stream.filter is not None
    return _those(
        {
            Entity.STREAM: True,
            Entity.STOCKED: bool(stream.waiting),
            Entity.FILTERED: filtered,
            Entity.AUTOMATED: any(step.automation is not None for step in stream.steps),
            Entity.AUDITED: audited,
        }
    )


def _team_kinds(team: Team, *, fails: bool) -> frozenset[Entity]:
    career = team.career
    return _those(
        {
            Entity.TEAM: True,
            Entity.TEAM_AWAY: team.has_time_away,
            Entity.TEAM_CAREERS: career is not None,
            Entity.TEAM_TRAINED: career is not None and career.trains,
            Entity.TEAM_CERTIFIED: career is not None and bool(career.certificates),
            Entity.TEAM_OUT: fails,
        }
    )


def _those(kinds: Mapping[Entity, bool]) -> frozenset[Entity]:
    return frozenset(kind for kind, applies in kinds.items() if applies)


def _step_kinds(step: RouteStep, *, authors: Iterable[Team]) -> frozenset[Entity]:
    return _those(
        {
            Entity.STEP: True,
            Entity.REVIEW: step.review is not None,
            Entity.REVIEW_OF_CAREERS: any(team.career for team in authors),
        }
    )


def _authors(scenario: Scenario, route: Route, step: RouteStep) -> Iterable[Team]:
    """Yield the teams, as often as they have rankings for it, that serve what a step reviews."""
    if step.review is not None and step.review.judges != OUTSIDE:
        judged = route.steps[step.review.judges]
        for ranking in rankings_serving(scenario.desk, {judged.queue, judged.rework_queue}):
            yield scenario.teams[scenario.desk.rankings[ranking].team]
