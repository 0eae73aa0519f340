"""Time on duty and net capacity of a roster, by ranking and bucket of time, as exact sums (R35, R46, R49)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.model.cells import Buckets, Cells
from simsocial.model.desk import Desk
from simsocial.model.roster import Roster

Ticks = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Capacity:
    """What the people of a roster can do; shapes (rankings, buckets), rows as ``Desk.rankings``.

    Parameters
    ----------
    on_duty
        Slot time inside windows, ticks.
    net
        Slot time divided by pace: the work at pace 1 that it does, ticks; exactly 0 where nobody is on duty.
    """

    on_duty: Ticks
    net: npt.NDArray[np.float64]


def capacity(roster: Roster, *, rankings: int, edges: npt.ArrayLike) -> Capacity:
    """Sum the time on duty of every ranking in every bucket.

    Parameters
    ----------
    roster
        Windows.
    rankings
        Number of rankings of the desk; a ranking belongs to one team, so sums over a team's rankings are the team's.
    edges
        Shape (buckets + 1,), ticks, ascending: bucket i is ``[edges[i], edges[i + 1])``.
    """
    paces, pace_of = np.unique(roster.pace, return_inverse=True)
    codes, pair = np.unique(roster.serves * len(paces) + pace_of, return_inverse=True)
    slots, buckets = roster.slots[roster.agent], Buckets(np.asarray(edges, dtype=np.int64))
    # Exact time of each (ranking, pace) first: a running sum of 1 / pace would not come back to exactly 0 at night.
    time = time_in_buckets(roster.start, roster.end, buckets, group=pair, groups=len(codes), weight=slots)
    on_duty = np.zeros((rankings, time.shape[1]), dtype=np.int64)
    net = np.zeros(on_duty.shape)
    for code, row in zip(codes.tolist(), time, strict=True):
        ranking, place = divmod(code, len(paces))
        on_duty[ranking] += row
        net[ranking] += row / paces[place]
    return Capacity(on_duty=on_duty, net=net)


def rankings_serving(desk: Desk, queues: Iterable[int]) -> tuple[int, ...]:
    """Return the indexes of the rankings that serve at least one of ``queues`` (indexes into ``Desk.queues``)."""
    wanted = frozenset(queues)
    return tuple(index for index, ranking in enumerate(desk.rankings) if ranking.queues & wanted)


def time_in_buckets(
    start: Ticks, end: Ticks, buckets: Buckets, *, group: Ticks, groups: int, weight: npt.ArrayLike = 1
) -> Ticks:
    """Sum the parts of intervals that lie in each bucket, by group; exactly, or to the nearest where weights are not
    whole.

    Parameters
    ----------
    start, end
        Shape (intervals,), ticks; intervals may overlap each other and reach beyond the buckets.
    buckets
        Of time.
    group
        Shape (intervals,), from 0 to ``groups`` − 1.
    weight
        Number(s) that broadcast with ``start``; what an interval counts for.

    Returns
    -------
    Shape (groups, buckets), ticks.
    """
    edges, shape = buckets.edges, (groups, len(buckets.edges))
    instant = np.concatenate([start, end]).clip(edges[0], edges[-1])
    weights = np.broadcast_to(weight, start.shape)
    begun = np.concatenate([weights, -weights])
    bucket = buckets.of(instant)
    cells = Cells(np.tile(group, 2) * shape[1] + bucket, shape)
    before = cells.sum(begun * (instant - edges[bucket]))
    # Of a bucket that has begun all, less what lies before the instant.
    total = cells.sum(begun).cumsum(axis=1)[:, :-1] * np.diff(edges) - before[:, :-1]
    whole: Ticks = total if total.dtype == np.int64 else np.rint(total).astype(np.int64)
    return whole
