"""Offered work: expected messages, visits and work of every queue by bucket of time, rework included (R53)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.measure.coming import Coming, arriving, expected_messages, waiting
from simsocial.measure.passes import expected_passes, first_steps
from simsocial.model.capacity import rankings_serving, time_in_buckets
from simsocial.model.cells import Buckets
from simsocial.model.desk import OUTSIDE, Route, RouteStep
from simsocial.model.roster import Roster
from simsocial.model.scenario import Scenario
from simsocial.model.streams import Stream

Ticks = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Offered:
    """What is expected to come, all of a message's visits in the bucket of its arrival.

    Parameters
    ----------
    messages
        Shape (streams, buckets), noise included.
    visits
        Shape (queues, buckets).
    work
        Shape (queues, buckets), ticks at pace 1, triage and work factor included; 0 for work by nobody (R28).
    """

    messages: Floats
    visits: Floats
    work: Floats


def offered(scenario: Scenario, roster: Roster, edges: Ticks) -> Offered:
    """Reckon the messages, visits and work that come when nobody leaves.

    Parameters
    ----------
    scenario
        Streams and desk.
    roster
        Windows, for the quality of what reviews judge: the qualities of a step's windows count by what they can do.
    edges
        Shape (buckets + 1,), ticks, ascending. Factors count with their mean over a bucket.
    """
    desk = scenario.desk
    messages = np.zeros((len(scenario.streams), len(edges) - 1))
    visits, work = np.zeros((2, len(desk.queues), len(edges) - 1))
    for number, (stream, route) in enumerate(zip(scenario.streams, desk.routes, strict=True)):
        come = stream.share * np.diff(expected_messages(scenario, number, edges))
        later = _reject_chances(scenario, route, roster, edges)
        there = list(waiting(stream, len(edges) - 1))
        messages[number] = sum((those.messages for those in there), start=come)
        for those in (*arriving(stream, route, come, edges), *there):
            chances = _with_first_looks(scenario, route, roster, edges, later, those.quality)
            for queue, came, brought in _of_stream(stream, route, those, chances, edges):
                visits[queue] += came
                work[queue] += brought
    return Offered(messages, visits, work)


def _of_stream(
    stream: Stream, route: Route, coming: Coming, chances: Floats, edges: Ticks
) -> Iterator[tuple[int, Floats, Floats]]:
    """Yield (queue, visits, work) of the visits to each step's own queue and of the rework each review causes."""
    passes, sent_back = _passes(route, coming.shares, chances)
    actionable, triage = coming.actionable, coming.triage
    triaged = coming.messages * (triage > 0)
    for at, first in enumerate(first_steps(coming.shares)):
        step, laws = route.steps[at], stream.steps[at]
        own = actionable * passes[:, at]
        noise = coming.noise * (triage > 0) * first  # R17: it occupies somebody for its triage, then leaves
        work = own * laws.work.mean * coming.heavier.get(at, 1.0) + triaged * first * triage
        yield step.queue, own + noise, _factor(step, edges) * work
        if step.review is not None and laws.rework is not None:
            returned, again = route.steps[step.review.returns_to], actionable * sent_back[:, at]
            yield returned.rework_queue, again, _factor(returned, edges) * again * laws.rework.mean


def _factor(step: RouteStep, edges: Ticks) -> Floats:
    return step.work_factor.average(edges) * (not step.nobody)  # R28


def _passes(route: Route, shares: Sequence[float], chances: Floats) -> tuple[Floats, Floats]:
    """Return visits to own queues and rejections sent back, shapes (buckets, steps)."""
    distinct, which = np.unique(chances.reshape(len(chances), -1), axis=0, return_inverse=True)
    followed = [expected_passes(route, shares, chance.reshape(chances.shape[1:])) for chance in distinct]
    visits, sent_back = (np.array([getattr(passes, name) for passes in followed]) for name in ("visits", "sent_back"))
    return visits[which.ravel()], sent_back[which.ravel()]


def _reject_chances(
    scenario: Scenario, route: Route, roster: Roster, edges: Ticks, quality: Mapping[int, Floats] | None = None
) -> Floats:
    """Return the chances to reject work of quality 1 and work of the judged step's people, (buckets, 2, steps).

    They are multiplied by the ``quality`` of what a tool did at the judged step.
    """
    chances = np.zeros((len(edges) - 1, 2, len(route.steps)))
    for at, step in enumerate(route.steps):
        if step.review is not None:
            reject = (
                step.review.reject * step.reject_factor.average(edges) * (quality or {}).get(step.review.judges, 1.0)
            )
            chances[:, :, at] = reject[:, None].clip(max=1)
            if step.review.judges != OUTSIDE:
                chances[:, 1, at] = _of_people(scenario, route.steps[step.review.judges], roster, edges, reject)
    return chances


def _with_first_looks(
    scenario: Scenario, route: Route, roster: Roster, edges: Ticks, later: Floats, quality: Mapping[int, Floats]
) -> Floats:
    """Return the chances at the first and at a ``later`` look (R107), shape (buckets, looks, 2, steps)."""
    first = _reject_chances(scenario, route, roster, edges, quality) if quality else later
    return np.stack([first, later], axis=1)


def _of_people(scenario: Scenario, judged: RouteStep, roster: Roster, edges: Ticks, reject: Floats) -> Floats:
    """Return the mean chance that a review with these rejects the work of the judged step's windows (R23)."""
    serving = np.isin(roster.serves, rankings_serving(scenario.desk, {judged.queue, judged.rework_queue}))
    kinds, kind = np.unique(np.column_stack([roster.quality, roster.pace])[serving], axis=0, return_inverse=True)
    slots = roster.slots[roster.agent][serving]
    start, end = roster.start[serving], roster.end[serving]
    time = time_in_buckets(start, end, Buckets(edges), group=kind.ravel(), groups=len(kinds), weight=slots)
    able = time / kinds[:, 1:]
    able = np.where(able.any(axis=0), able, able.sum(axis=1, keepdims=True))  # a week off is judged like all the others
    total = able.sum(axis=0)
    mean = (able * np.minimum(reject * kinds[:, :1], 1)).sum(axis=0) / np.where(total > 0, total, 1)
    return np.where(total > 0, mean, reject.clip(max=1))
