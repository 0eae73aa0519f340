"""Tallies of what reviews say of work by its author's time on the job (R112)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from simsocial.measure.tally.replications import Index, Replications
from simsocial.model.careers import BANDS, Stage, band_of
from simsocial.model.cells import Bools, Cells, Ticks
from simsocial.model.desk import OUTSIDE, Desk
from simsocial.units import NEVER

NONE: Final = -2
"""No step, inside or outside the desk."""


def by_tenure(replications: Replications, reviews: Index) -> tuple[Index, Cells]:
    """Book reviews by queue and the tenure of whoever did the work.

    Parameters
    ----------
    replications
        Whose they are.
    reviews
        Shape (reviews,), rows of the logs, ascending.

    Returns
    -------
    tuple
        Shape (booked,): the place in ``reviews`` of those of what agents did; and their cells (replication, queue, band
        of tenure). None are booked where no team has careers.
    """
    shape = len(replications), len(replications.scenario.desk.queues), len(BANDS) + 1
    if all(team.career is None for team in replications.scenario.teams):
        reviews = reviews[:0]
    work = _judged(replications, reviews)
    booked = np.flatnonzero(work >= 0)
    band = band_of(_tenure(replications, work[booked]))
    return booked, Cells(replications.queue_row[reviews[booked]] * shape[-1] + band, shape)


def _judged(replications: Replications, reviews: Index) -> Index:
    """Return the row of the latest visit to the step that each review judges, by an agent; -1 without one (R23)."""
    visits, work = replications.visits, np.full(len(reviews), -1)
    for judge, judged in _judges(replications.scenario.desk):
        asks = np.flatnonzero(judge[visits.queue[reviews]])
        if not len(asks):
            continue
        done = np.append(np.flatnonzero(judged[visits.queue]), -1)
        latest = done[np.searchsorted(done[:-1], reviews[asks]) - 1]  # a log is in order of message and happening
        same = replications.message[latest] == replications.message[reviews[asks]]
        by_agent = (latest >= 0) & same & (visits.agent[latest] >= 0)
        work[asks] = np.where(by_agent, latest, -1)
    return work


def _judges(desk: Desk) -> Iterator[tuple[Bools, Bools]]:
    """Yield queues of reviews, and of the steps that these judge: one step of every stream at a time."""
    rule = [desk.routes[queue.stream].steps[queue.step].review for queue in desk.queues]
    judges = [OUTSIDE if each is None else each.judges for each in rule]
    pairs = sorted({(queue.stream, at) for queue, at in zip(desk.queues, judges, strict=True) if at != OUTSIDE})
    while pairs:
        one = dict(reversed(pairs))
        pairs = sorted({*pairs} - one.items())
        step = np.array([one.get(queue.stream, NONE) for queue in desk.queues])
        yield np.array(judges) == step, np.array([queue.step for queue in desk.queues]) == step


def _tenure(replications: Replications, work: Index) -> Ticks:
    """Return how long the agents of some visits had been there as they began; ``NEVER`` where that is not known."""
    roster, horizon = replications.roster, replications.scenario.horizon
    people = np.flatnonzero(roster.stage == Stage.EMPLOYED)
    agent, comes = roster.stage_agent[people], roster.stage_start[people].clip(0, horizon)
    people = people[np.lexsort((comes, agent))]
    order = np.sort(agent * (horizon + 1) + comes)
    his, start = replications.agent[work], replications.visits.start[work]
    place = np.searchsorted(order, his * (horizon + 1) + start, side="right") - 1
    last = np.append(people, -1)[place]
    known = (place >= 0) & (np.append(roster.stage_agent, -1)[last] == his)
    tenure: Ticks = np.where(known, start - np.append(roster.stage_since, 0)[last], NEVER)
    return tenure
