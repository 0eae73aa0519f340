"""Draws of M2 as plain arrays for peers that loop over events, and the five figures by which peers are checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from benchmarks.workloads import CONFIGS
from simsocial.config.loading import load
from simsocial.draw.messages import draw_messages
from simsocial.model.messages import Messages, PerVisit, StreamMessages
from simsocial.units import HOUR, MINUTE

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
RESPONDERS: Final = 20
REVIEWERS: Final = 4
PROMISE: Final = 15 * MINUTE
FIGURES: Final = ("within 0.25", "abandoned", "review visit", "occupancy", "first wait")
"""As KERNEL names them: shares of all arrivals, hours, share, hours of those handled."""
PUBLISHED: Final = ((0.5019, 0.0002), (0.1243, 0.0001), (0.731, 0.001), (0.8455, 0.0001), (0.4778, 0.0005))
"""From 1000 long runs, with standard errors."""


@dataclass(frozen=True)
class Futures:
    """All that will happen to the messages of one replication; times in ticks, shapes (messages,) or (reviews,).

    Parameters
    ----------
    horizon
        Ticks.
    arrival, leaves, work
        When each message comes, when it leaves if its handling has not begun, and how long that takes.
    urgent
        1 for messages that are served first.
    first_review, reviews
        Index of a message's first review, and how many it will have; all but the last are rejected.
    review_work, rework
        Length of each review, and of the rework that follows.
    """

    horizon: int
    arrival: Ints
    leaves: Ints
    work: Ints
    urgent: npt.NDArray[np.int8]
    first_review: Ints
    reviews: Ints
    review_work: Ints
    rework: Ints


def futures(hours: float, replication: int) -> Futures:
    """Draw a replication of M2, the same as an engine's."""
    scenario = load(CONFIGS / "m2.toml", overrides={"time.horizon": f"{hours} h"})
    return as_arrays(scenario.horizon, draw_messages(scenario, seed=1, replication=replication))


def as_arrays(horizon: int, drawn: Messages) -> Futures:
    """Lay out what was drawn, both classes in one order of arrival."""
    arrival = np.concatenate([stream.arrival for stream in drawn.streams])
    order = np.argsort(arrival, kind="stable")
    counts = [_reviews(stream) for stream in drawn.streams]
    reviews = np.concatenate(counts)[order]
    work, rework = (_by_review(drawn, counts, order, name) for name in ("work", "rework"))
    return Futures(
        horizon=horizon,
        arrival=arrival[order],
        leaves=np.concatenate([stream.patience_ends for stream in drawn.streams])[order],
        work=np.concatenate([stream.steps[0].work.first for stream in drawn.streams])[order],
        urgent=np.repeat(np.array([1, 0], np.int8), [len(stream) for stream in drawn.streams])[order],
        first_review=np.cumsum(reviews) - reviews,
        reviews=reviews,
        review_work=work,
        rework=rework,
    )


def _reviews(stream: StreamMessages) -> Ints:
    """Return how many reviews each message will have."""
    reviews = stream.steps[1].needs.astype(np.int64)
    for level in _drawn(stream, "work").later:
        reviews[level.member] += 1
    return reviews


def _drawn(stream: StreamMessages, name: str) -> PerVisit:
    drawn = getattr(stream.steps[1], name)
    assert isinstance(drawn, PerVisit)
    return drawn


def _by_review(drawn: Messages, counts: list[Ints], order: Ints, name: str) -> Ints:
    """Return a value of every review, message by message; 0 where none was drawn."""
    values = np.zeros((max(int(count.max(initial=0)) for count in counts), len(order)), np.int64)
    first = 0
    for stream in drawn.streams:
        column = _drawn(stream, name)
        values[0, first : first + len(stream)] = column.first
        for row, level in enumerate(column.later[: len(values) - 1], start=1):
            values[row, first + level.member] = level.value
        first += len(stream)
    there = np.arange(len(values))[:, None] < np.concatenate(counts)
    return values.T[order][there.T[order]]


def five(counted: tuple[int, int, int, int, int, int, int], messages: int, horizon: int) -> Floats:
    """Return the figures, as in ``FIGURES``.

    Parameters
    ----------
    counted
        Messages whose handling began within the promise, that left, that began; ticks that those waited; reviews done;
        ticks from joining to end of these; ticks that responders worked before the horizon.
    messages, horizon
        All that arrived; ticks.
    """
    prompt, left, begun, waited, reviewed, in_review, worked = counted
    return np.array(
        [
            prompt / messages,
            left / messages,
            in_review / reviewed / HOUR,
            worked / RESPONDERS / horizon,
            waited / begun / HOUR,
        ]
    )
