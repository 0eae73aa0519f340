"""What every step of a route needs to know about every message: need, work, and what reviews do (R22, R23, R25)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.draw.durations import durations, uniforms_for
from simsocial.draw.initial import still_needed
from simsocial.draw.randomness import Dice, Floats, Kind, Lineage, Uniforms
from simsocial.draw.rounds import Round, draw_rounds, own_visitors, revisited, those
from simsocial.draw.technology import Automated, draw_automated
from simsocial.model.desk import OUTSIDE, Route
from simsocial.model.laws import Law
from simsocial.model.messages import Bools, Level, PerVisit, StepDraws, Ticks
from simsocial.model.streams import Stream

Indexes = npt.NDArray[np.int64]


def choose(share: float, uniforms: Uniforms, lineage: Lineage) -> Bools:
    """Thin by each message's own uniform, shape (messages,): a larger share keeps all that a smaller one kept."""
    return uniforms.of(lineage) < share if share < 1 else np.ones(len(lineage), dtype=np.bool_)


@dataclass(frozen=True, eq=False)
class Needed:
    """Which steps messages need of people.

    Parameters
    ----------
    needs
        Per step, shape (messages,).
    automated
        Per step, what a tool does there; ``None`` where there is none.
    answered
        Shape (messages,), whose first step a tool does; ``None`` where there is none at all.
    """

    needs: list[Bools]
    automated: list[Automated | None]
    answered: Bools | None

    @property
    def finished_by_a_tool(self) -> Bools | None:
        """Shape (messages,), of which a tool finishes at least one step; ``None`` where there is none at all."""
        alone = [tool.alone for tool in self.automated if tool]
        return np.logical_or.reduce(alone) if alone else None


def draw_needs(
    stream: Stream,
    route: Route,
    *,
    arrival: Ticks,
    lineage: Lineage,
    actionable: Bools,
    dropped: Bools | None,
    dice: Dice,
) -> Needed:
    """Draw the steps that each message needs, and take from people what tools do (R22, R106, R107).

    Parameters
    ----------
    stream, route
        The laws, and the steps to which they belong.
    arrival, lineage, actionable
        Of the stream's messages; noise needs steps too (R17).
    dropped
        Which of them a filter drops: they need nothing.
    dice
        Uniforms of the replication.
    """
    entities = [f"{stream.drawn_as}.{step.name}" for step in route.steps]
    needs = [
        choose(laws.share, dice(entity, Kind.NEED), lineage)
        for entity, laws in zip(entities, stream.steps, strict=True)
    ]
    if stream.waiting:
        needs = still_needed(needs, lineage)
    if dropped is not None:
        needs = [needed & ~dropped for needed in needs]
    automated = [
        None
        if laws.automation is None
        else draw_automated(
            laws.automation, entity=entity, arrival=arrival, lineage=lineage, comes=needed & actionable, dice=dice
        )
        for entity, laws, needed in zip(entities, stream.steps, needs, strict=True)
    ]
    if not any(automated):
        return Needed(needs, automated, None)
    left = [needed & ~tool.alone if tool else needed for needed, tool in zip(needs, automated, strict=True)]
    return Needed(left, automated, _answered(needs, left))


def _answered(needs: list[Bools], left: list[Bools]) -> Bools:
    """Return which messages do not need of people the first step that they need, shape (messages,)."""
    before, answered = np.zeros_like(needs[0]), np.zeros_like(needs[0])
    for needed, by_people in zip(needs, left, strict=True):
        answered |= needed & ~by_people & ~before
        before |= needed
    return answered


def draw_steps(
    stream: Stream,
    route: Route,
    needed: Needed,
    *,
    lineage: Lineage,
    actionable: Bools,
    quality: float,
    dice: Dice,
) -> tuple[StepDraws, ...]:
    """Draw what happens to the messages of a stream at each step of its route.

    Parameters
    ----------
    stream, route
        The laws, and the steps to which they belong.
    needed
        What people do.
    lineage, actionable
        Of the stream's messages; noise is given needs, and no work.
    quality
        The largest quality that any work can have.
    dice
        Uniforms of the replication.
    """
    needs = needed.needs
    rounds = draw_rounds(
        route,
        needs=needs,
        actionable=actionable,
        lineage=lineage,
        quality=quality,
        dice=dice,
        drawn_as=stream.drawn_as,
        leniency=_leniency(route, needed),
    )
    own = own_visitors(route, needs)
    return tuple(
        _draw_step(number, stream, route, needs[number], own[number], rounds, lineage, dice, _heavier(needed, number))
        for number in range(len(route.steps))
    )


def _leniency(route: Route, needed: Needed) -> dict[int, Floats]:
    """Return, by review, the quality of what a tool did at the step it judges; shape (messages,)."""
    judged = {
        number: step.review.judges
        for number, step in enumerate(route.steps)
        if step.review is not None and step.review.judges != OUTSIDE
    }
    return {number: tool.quality for number, at in judged.items() if (tool := needed.automated[at])}


def _heavier(needed: Needed, number: int) -> Floats | None:
    tool = needed.automated[number]
    return tool.work if tool else None


def _draw_step(
    number: int,
    stream: Stream,
    route: Route,
    needs: Bools,
    own: Bools,
    rounds: list[Round],
    lineage: Lineage,
    dice: Dice,
    heavier: Floats | None,
) -> StepDraws:
    step, laws = route.steps[number], stream.steps[number]

    def per_visit(law: Law | None, kind: Kind, visiting: list[Indexes]) -> PerVisit | None:
        entity = f"{stream.drawn_as}.{step.name}"
        return None if law is None else _per_visit(law, dice(entity, kind), lineage, visiting)

    visiting = [those(own, round_.member) for round_ in rounds]
    work = per_visit(laws.work, Kind.WORK, visiting if revisited(route, number) else visiting[:1])
    assert work is not None
    if heavier is not None:
        work = _multiplied(work, heavier)
    if step.review is None:
        return StepDraws(needs, work)
    reject = [round_.reject[number] for round_ in rounds]
    returned = [round_.returned[number] for round_ in rounds]
    return StepDraws(
        needs,
        work,
        reject=PerVisit(reject[0].value, tuple(reject[1:])),
        rework=per_visit(laws.rework, Kind.REWORK, returned),
        author_delay=per_visit(laws.author_delay, Kind.AUTHOR_DELAY, returned),
    )


def _multiplied(work: PerVisit, by: Floats) -> PerVisit:
    """Return work times what a tool that hands messages over makes of it (R107), rounded, at least 1 tick where any."""

    def times(ticks: Indexes, factor: Floats) -> Indexes:
        return np.where(factor == 1, ticks, np.maximum(np.rint(ticks * factor).astype(np.int64), ticks > 0))

    later = (Level(level.member, times(level.value, by[level.member])) for level in work.later)
    return PerVisit(times(work.first, by), tuple(later))


def _per_visit(law: Law, uniforms: Uniforms, lineage: Lineage, visiting: list[Indexes]) -> PerVisit:
    """Draw lengths of time for the messages ``visiting`` in round 1, 2, …; 0 for the others in the first."""
    first = np.zeros(len(lineage), dtype=np.int64)
    first[visiting[0]] = durations(law, uniforms_for(law, uniforms, lineage)[visiting[0]])
    later = (
        Level(messages, durations(law, uniforms_for(law, uniforms, lineage.take(messages), visit=visit)))
        for visit, messages in enumerate(visiting[1:], start=2)
    )
    return PerVisit(first, tuple(later))
