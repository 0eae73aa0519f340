"""What waits where at an instant, and what ranks before what (R31)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.model.capacity import rankings_serving
from simsocial.model.desk import Desk, Ranking
from simsocial.model.log import Visits
from simsocial.units import HOUR

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Amount:
    """Some visits, and their drawn work at pace 1, in hours."""

    visits: int
    hours: float


def amount(visits: Visits, which: Bools) -> Amount:
    """Sum up the visits where ``which`` holds."""
    return Amount(int(which.sum()), float(visits.work[which].sum()) / HOUR)


def waiting(visits: Visits, tick: int, queues: Iterable[int]) -> Bools:
    """Return which visits wait in ``queues`` when all that happens at ``tick`` has happened; shape (visits,)."""
    stops = np.minimum(visits.start, visits.end)
    return np.isin(visits.queue, list(queues)) & (visits.joined <= tick) & (stops > tick)


def ranked_above(desk: Desk, queue: int) -> frozenset[int]:
    """Return the queues that a ranking which serves ``queue`` puts above it."""
    return frozenset(
        other
        for ranking in (desk.rankings[row] for row in rankings_serving(desk, [queue]))
        for group in ranking.groups[: _place(ranking, queue)]
        for other in group.queues
    )


def of_equal_rank(desk: Desk, queue: int) -> frozenset[int]:
    """Return the other queues that are in its group in a ranking."""
    rankings = (desk.rankings[row] for row in rankings_serving(desk, [queue]))
    together = frozenset(other for ranking in rankings for other in ranking.groups[_place(ranking, queue)].queues)
    return together - {queue}


def _place(ranking: Ranking, queue: int) -> int:
    return next(place for place, group in enumerate(ranking.groups) if queue in group.queues)
