"""What the steps of a desk's routes say, by queue, as arrays that lanes look up."""

from __future__ import annotations

import numpy as np

from simsocial.model.desk import AUTHOR, OUTSIDE, Desk
from simsocial.model.piecewise import Piecewise


class Steps:
    """The steps behind a desk's queues; arrays of shape (queues,).

    Parameters
    ----------
    desk
        The desk.
    vary
        Whether quality differs from 1 anywhere.
    """

    def __init__(self, desk: Desk, *, vary: bool) -> None:
        steps = [desk.routes[queue.stream].steps[queue.step] for queue in desk.queues]
        pairs = list(zip(desk.queues, steps, strict=True))
        judged = {(queue.stream, step.review.judges) for queue, step in pairs if step.review is not None}
        carried = sorted(pair for pair in judged if pair[1] != OUTSIDE and vary)
        number = {pair: place for place, pair in enumerate(carried)}
        self.carried = len(carried)
        """How many qualities a visit carries: one per step that is judged."""
        self.carries = np.array([queue.stream in {stream for stream, _ in carried} for queue in desk.queues])
        self.is_judged = np.array([number.get((queue.stream, queue.step), -1) for queue in desk.queues])
        self.judges = np.array(
            [number.get((queue.stream, step.review.judges), -1) if step.review else -1 for queue, step in pairs]
        )
        self.by_author = np.array([step.review is not None and step.review.returns_to == AUTHOR for step in steps])
        self.review = np.array([step.review is not None for step in steps])
        self.reject = np.array([step.review.reject if step.review else 0.0 for step in steps])
        self.nobody = np.array([step.nobody for step in steps])
        self.suspend = np.array([step.suspend for step in steps]) & ~self.nobody
        self.any_suspend = bool(self.suspend.any())
        self.work_factor = Factors([step.work_factor for step in steps])
        self.reject_factor = Factors([step.reject_factor for step in steps])


class Factors:
    """A factor of each queue's step over time (R27)."""

    def __init__(self, factors: list[Piecewise]) -> None:
        self.first = np.array([float(factor.values[0]) for factor in factors])
        self.is_constant = np.array([factor.is_constant for factor in factors])
        self.is_one = self.is_constant & (self.first == 1)
        self.changing = {queue: factor for queue, factor in enumerate(factors) if not factor.is_constant}
        self.constant = not self.changing
        self.none = bool(self.is_one.all())

    def at(self, queue: np.ndarray, instant: np.ndarray) -> np.ndarray:
        """Return the factors in force."""
        out = self.first.take(queue)
        for number, factor in self.changing.items():
            mine = queue == number
            out[mine] = factor.at(instant[mine])
        return out
