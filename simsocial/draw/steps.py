"""What every step of a route needs to know about every message: need, work, and what reviews do (R22, R23, R25)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simsocial.draw.durations import durations, uniforms_for
from simsocial.draw.initial import still_needed
from simsocial.draw.randomness import Dice, Kind, Lineage, Uniforms
from simsocial.draw.rounds import Round, draw_rounds, own_visitors, revisited, those
from simsocial.model.desk import Route
from simsocial.model.laws import Law
from simsocial.model.messages import Bools, Level, PerVisit, StepDraws
from simsocial.model.streams import Stream

Indexes = npt.NDArray[np.int64]


def choose(share: float, uniforms: Uniforms, lineage: Lineage) -> Bools:
    """Thin by each message's own uniform, shape (messages,): a larger share keeps all that a smaller one kept."""
    return uniforms.of(lineage) < share if share < 1 else np.ones(len(lineage), dtype=np.bool_)


def draw_steps(
    stream: Stream, route: Route, *, lineage: Lineage, actionable: Bools, quality: float, dice: Dice
) -> tuple[StepDraws, ...]:
    """Draw what happens to the messages of a stream at each step of its route.

    Parameters
    ----------
    stream, route
        The laws, and the steps to which they belong.
    lineage, actionable
        Of the stream's messages; noise is given needs, and no work.
    quality
        The largest quality that any work can have.
    dice
        Uniforms of the replication.
    """
    needs = [
        choose(laws.share, dice(f"{stream.drawn_as}.{step.name}", Kind.NEED), lineage)
        for step, laws in zip(route.steps, stream.steps, strict=True)
    ]
    if stream.waiting:
        needs = still_needed(needs, lineage)
    rounds = draw_rounds(
        route,
        needs=needs,
        actionable=actionable,
        lineage=lineage,
        quality=quality,
        dice=dice,
        drawn_as=stream.drawn_as,
    )
    own = own_visitors(route, needs)
    return tuple(
        _draw_step(number, stream, route, needs[number], own[number], rounds, lineage, dice)
        for number in range(len(route.steps))
    )


def _draw_step(
    number: int,
    stream: Stream,
    route: Route,
    needs: Bools,
    own: Bools,
    rounds: list[Round],
    lineage: Lineage,
    dice: Dice,
) -> StepDraws:
    step, laws = route.steps[number], stream.steps[number]

    def per_visit(law: Law | None, kind: Kind, visiting: list[Indexes]) -> PerVisit | None:
        entity = f"{stream.drawn_as}.{step.name}"
        return None if law is None else _per_visit(law, dice(entity, kind), lineage, visiting)

    visiting = [those(own, round_.member) for round_ in rounds]
    work = per_visit(laws.work, Kind.WORK, visiting if revisited(route, number) else visiting[:1])
    assert work is not None
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


def _per_visit(law: Law, uniforms: Uniforms, lineage: Lineage, visiting: list[Indexes]) -> PerVisit:
    """Draw lengths of time for the messages ``visiting`` in round 1, 2, …; 0 for the others in the first."""
    first = np.zeros(len(lineage), dtype=np.int64)
    first[visiting[0]] = durations(law, uniforms_for(law, uniforms, lineage)[visiting[0]])
    later = (
        Level(messages, durations(law, uniforms_for(law, uniforms, lineage.take(messages), visit=visit)))
        for visit, messages in enumerate(visiting[1:], start=2)
    )
    return PerVisit(first, tuple(later))
