"""How far a sweep has come, and how fast it goes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from simsocial.study.sweep.work import Done


@dataclass(frozen=True)
class Progress:
    """How far a sweep has come.

    Where a precision is wanted, a point that is whole counts for the most replications that it might have taken.

    Parameters
    ----------
    points, of_points
        Whose replications are all there, and how many there are.
    replications, of_replications
        Of all points: that are there, and that there will be.
    before
        Replications that were there when this call began.
    chunks
        Written in this call.
    simulated, messages
        Replications that this call has simulated, and the messages in them.
    seconds
        Since this call began to simulate.
    """

    points: int
    of_points: int
    replications: int
    of_replications: int
    before: int = 0
    chunks: int = 0
    simulated: int = 0
    messages: int = 0
    seconds: float = 0.0

    @property
    def seconds_left(self) -> float | None:
        """How long the rest will take at this rate; ``None`` before anything is simulated."""
        done, left = self.replications - self.before, self.of_replications - self.replications
        return self.seconds / done * left if done else None

    def rate(self, number: float) -> float:
        """Return how many of something there were in a second of this call."""
        return number / self.seconds if self.seconds else 0.0

    def and_done(self, done: Done, *, wanted: int, begun: float) -> Progress:
        """Return how far it has come with one more task.

        Parameters
        ----------
        done
            The task; one that aimed at a precision makes its points whole (R57).
        wanted
            Replications that make a point whole.
        begun
            When this call began to simulate, as :func:`time.monotonic` tells it.
        """
        task, points = done.task, len(done.task.points)
        whole = points if task.first + task.replications == wanted else 0
        return replace(
            self,
            points=self.points + whole,
            replications=self.replications + points * task.replications,
            chunks=self.chunks + 1,
            simulated=self.simulated + sum(map(len, done.chunk.parts)),
            messages=self.messages + done.messages,
            seconds=time.monotonic() - begun,
        )


Watch = Callable[[Progress], None]
"""Called when a sweep begins to simulate, and whenever a chunk is written."""
