"""What is there when a run begins: when it arrived, and what is known of it because it still waits (R87, R88)."""

from __future__ import annotations

import numpy as np

from simsocial.draw.durations import durations, patience_beyond
from simsocial.draw.randomness import Dice, DrawArrivals, Floats, Indexes, Kind, Lineage
from simsocial.model.backlog import Waiting
from simsocial.model.desk import Route
from simsocial.model.laws import Law
from simsocial.model.messages import Bools, Ticks
from simsocial.model.promises import Measured, Promise
from simsocial.model.streams import Part, Stream
from simsocial.units import NEVER

BEFORE = -1
"""Week, in the addresses, of messages that are there at the start; their branch is the step they wait for."""


def plan_initial(stream: Stream) -> DrawArrivals:
    """Prepare to draw when the messages arrived, before the start, that wait for the steps of a stream."""
    lineage = Lineage(
        week=np.full(sum(map(len, stream.waiting)), BEFORE),
        branch=np.concatenate([np.full(len(waiting), waiting.step) for waiting in stream.waiting]),
        index=np.concatenate([waiting.number for waiting in stream.waiting]),
    )
    own = np.repeat([not waiting.shared for waiting in stream.waiting], list(map(len, stream.waiting)))

    def draw(dice: Dice) -> tuple[Ticks, Lineage]:
        uniforms = dice(stream.drawn_as, Kind.ARRIVAL).of(lineage)
        bounds = np.cumsum([len(waiting) for waiting in stream.waiting])[:-1]
        pairs = zip(stream.waiting, np.split(uniforms, bounds), strict=True)
        arrival = -np.concatenate([_ages(waiting, u) for waiting, u in pairs])
        order = np.lexsort((lineage.index, lineage.branch, arrival))
        if stream.part is not None:
            order = order[(own | belonging(stream.part, lineage, dice))[order]]
        return arrival[order], lineage.take(order)

    return draw


def belonging(part: Part, lineage: Lineage, dice: Dice) -> Bools:
    """Return which messages of a split stream are those of a part (R90); shape (messages,)."""
    uniforms = dice(part.of, Kind.PART).of(lineage)
    mine: Bools = (part.low <= uniforms) & (uniforms < part.high)
    return mine


def _ages(waiting: Waiting, u: Floats) -> Ticks:
    if isinstance(waiting.age, np.ndarray):
        return waiting.age
    return np.minimum(durations(waiting.age, u), waiting.longest)


def entered(lineage: Lineage) -> Indexes:
    """Return the step to which each message comes first, shape (messages,): 0, or the one that it waits for."""
    return np.where(lineage.week == BEFORE, lineage.branch, 0)


def not_noise(lineage: Lineage, *, triage: bool) -> Bools:
    """Return which messages wait although noise would not: behind the first step, and there too without triage."""
    known: Bools = (lineage.week == BEFORE) & ((lineage.branch > 0) | (not triage))
    return known


def patience_left(law: Law, u: Floats, ends: Ticks, arrival: Ticks, lineage: Lineage) -> Ticks:
    """Return when patience ends, drawn on condition that it has not ended before the start.

    Parameters
    ----------
    law, u
        The stream's, and the uniform of each message, shape (messages,).
    ends, arrival, lineage
        Shape (messages,); ``ends`` as for messages that have just arrived.
    """
    ends = ends.copy()
    first = np.flatnonzero((lineage.week == BEFORE) & (lineage.branch == 0))
    ends[first] = arrival[first] + patience_beyond(law, u[first], -arrival[first])
    ends[entered(lineage) > 0] = NEVER  # work on it has begun before
    return ends


def before_the_start(promise: Promise, route: Route, lineage: Lineage) -> Bools:
    """Return of which messages the instant that a promise measures came before the start; shape (messages,)."""
    step = entered(lineage)
    if promise.measured is Measured.PICKUP:
        return step > 0
    if promise.measured is Measured.COMPLETION:
        return np.zeros(len(step), dtype=np.bool_)
    published: Bools = (step > route.published_after) & (lineage.week == BEFORE)
    return published


def still_needed(needs: list[Bools], lineage: Lineage) -> list[Bools]:
    """Return, per step, who needs it: what waits needs its step, and none before it."""
    early, step = lineage.week == BEFORE, entered(lineage)
    return [np.where(early & (number <= step), number == step, needed) for number, needed in enumerate(needs)]
