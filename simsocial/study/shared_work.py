"""Which part of a queue's expected work falls to each of the teams that serve it (R85)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from simsocial.model.capacity import Capacity
from simsocial.model.desk import Desk

Floats = npt.NDArray[np.float64]


def parts(desk: Desk, work: Floats, able: Capacity) -> Floats:
    """Share out queues among teams.

    A queue that one team serves is all its own. Another falls to its teams in proportion to what the windows that serve
    it have left, in that week, after the work that each team does alone; where none has anything left, to their net
    capacity; where nobody is on duty, to that over the run.

    Parameters
    ----------
    desk
        Who serves what.
    work
        Shape (queues, weeks), expected, ticks.
    able
        Of rankings, in the same weeks.

    Returns
    -------
    ndarray
        Shape (teams, queues, weeks); of a queue that somebody serves they add up to 1 over the teams.
    """
    net = _net_by_queue(desk, able)
    serving = [{ranking.team for ranking in desk.rankings if queue in ranking.queues} for queue in range(len(work))]
    free = _free(desk, work, able, serving)
    choices = [np.minimum(net, free[:, None]), net, np.broadcast_to(net.sum(axis=2, keepdims=True), net.shape)]
    weight = np.select([(each.sum(axis=0) > 0) & np.ones_like(net, np.bool_) for each in choices], choices, default=0.0)
    for queue, teams in enumerate(serving):
        if len(teams) == 1:
            weight[list(teams), queue] = 1.0  # also in weeks in which nobody is on duty
    whole = weight.sum(axis=0)
    part: Floats = np.divide(weight, whole, out=np.zeros_like(weight), where=whole > 0)
    return part


def _net_by_queue(desk: Desk, able: Capacity) -> Floats:
    """Return the net capacity of each team's windows that serve a queue, shape (teams, queues, weeks)."""
    net = np.zeros((len(desk.teams), len(desk.queues), able.net.shape[1]))
    for index, ranking in enumerate(desk.rankings):
        for queue in ranking.queues:
            net[ranking.team, queue] += able.net[index]
    return net


def _free(desk: Desk, work: Floats, able: Capacity, serving: Sequence[set[int]]) -> Floats:
    """Return the net capacity that each team has left after the work that it does alone, shape (teams, weeks)."""
    free = np.zeros((len(desk.teams), able.net.shape[1]))
    for index, ranking in enumerate(desk.rankings):
        free[ranking.team] += able.net[index]
    for queue, teams in enumerate(serving):
        if len(teams) == 1:
            free[list(teams)] -= work[queue]
    return free.clip(min=0)
