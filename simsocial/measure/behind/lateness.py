"""Lateness: at each checkpoint, whether a stage broke its promise or holds too much work (R49)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from simsocial.measure.behind.stages import Stage
from simsocial.model.capacity import capacity
from simsocial.model.roster import Roster
from simsocial.model.scenario import Scenario
from simsocial.model.tallies import Tallies, so_far

Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

FINEST_SHARE = 1_000_000
"""Shares are compared as fractions of at most this denominator, so that 4 of 5 is exactly a promised 0.8."""


def lateness(
    scenario: Scenario, stages: Sequence[Stage], tallies: Tallies, rosters: Sequence[Roster]
) -> tuple[npt.NDArray[np.bool_], ...]:
    """Return, for each stage, the checkpoints of each replication at which it is late.

    Parameters
    ----------
    scenario
        What was run.
    stages
        Its :func:`~simsocial.measure.behind.stages.stages`.
    tallies
        What happened in several replications; every checkpoint's own tick must be the last of a bucket (R48).
    rosters
        Who was on duty in each of them, as far as the first checkpoint after the horizon.

    Returns
    -------
    tuple of ndarray of bool
        One per stage, shape (replications, checkpoints).
    """
    waiting, due, kept = tallies.flows.waiting_work, so_far(tallies.promises.due), so_far(tallies.promises.kept)

    def late_at(stage: Stage, capacity_ahead: Floats) -> Bools:
        edge = _edges_after(tallies.edges, stage.marks[:-1])
        rows, queues = list(stage.promises), [*stage.queues, *stage.above]
        due_since, kept_since = (np.diff(counts[:, rows][..., edge]) for counts in (due, kept))
        backlog = waiting[:, queues][..., edge[1:]].sum(axis=1)
        return late(due_since, kept_since, stage.shares, backlog, capacity_ahead)

    ahead = {roster: _capacity_ahead(tuple(stages), roster, len(scenario.desk.rankings)) for roster in set(rosters)}
    return tuple(map(late_at, stages, map(np.array, zip(*(ahead[roster] for roster in rosters), strict=True))))


def late(due: Counts, kept: Counts, share: Sequence[float], backlog_work: Counts, capacity: Floats) -> Bools:
    """Return the checkpoints at which a stage is late (R49).

    Parameters
    ----------
    due, kept
        Shape (…, promises, checkpoints): messages due since the checkpoint before, and those of them that kept it.
    share
        The promised share of each promise, 0–1.
    backlog_work
        Shape (…, checkpoints), ticks at pace 1: work waiting in the stage and above it.
    capacity
        Shape (…, checkpoints), ticks at pace 1: what its teams can do until the next checkpoint.

    Returns
    -------
    ndarray of bool
        Shape (…, checkpoints).
    """
    return broken(due, kept, share).any(axis=-2) | (backlog_work > capacity)


def broken(due: Counts, kept: Counts, share: Sequence[float]) -> Bools:
    """Return where fewer than ``share`` of those due kept a promise; with none due it stays as it was (R49 a).

    Parameters and result have shape (…, promises, checkpoints), ``share`` has one entry per promise.
    """
    promised = list(map(_fraction, share))
    numerator = np.array([fraction.numerator for fraction in promised], dtype=np.int64)[:, None]
    denominator = np.array([fraction.denominator for fraction in promised], dtype=np.int64)[:, None]
    missed = kept * denominator < due * numerator
    checkpoint = np.arange(due.shape[-1])
    last_due = np.maximum.accumulate(np.where(due > 0, checkpoint, -1), axis=-1)
    return np.take_along_axis(missed, last_due.clip(min=0), axis=-1) & (last_due >= 0)


@lru_cache
def _fraction(share: float) -> Fraction:
    return Fraction(str(share)).limit_denominator(FINEST_SHARE)


@lru_cache(maxsize=1)
def _capacity_ahead(stages: tuple[Stage, ...], roster: Roster, rankings: int) -> list[Floats]:
    """Return what the teams of each stage can do from each checkpoint to the next, ticks at pace 1.

    Those who will be absent are left out (R84). Where nobody is at random, replications share their roster.
    """
    clocks = {stage.marks.tobytes(): stage.marks for stage in stages}  # most stages share theirs
    net = {clock: capacity(roster, rankings=rankings, edges=marks[1:]).net for clock, marks in clocks.items()}
    return [net[stage.marks.tobytes()][list(stage.rankings)].sum(axis=0) for stage in stages]


def _edges_after(edges: Counts, marks: Counts) -> Counts:
    """Return the indexes of the edges directly after ``marks``: a mark's own tick is before it (R48)."""
    index = np.searchsorted(edges, marks + 1)
    assert (edges[index.clip(max=len(edges) - 1)] == marks + 1).all(), "R48: a checkpoint inside a bucket"
    return index
