"""Episodes: when a row of late checkpoints is falling behind, and when it is catching up (R50)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Episode:
    """A stay behind.

    Parameters
    ----------
    start
        Index of the checkpoint at which it begins.
    end
        Index of the checkpoint at which the stage is ahead again; ``None`` while it is open at the horizon.
    """

    start: int
    end: int | None = None


def episodes(late: Bools, persistence: int) -> tuple[Episode, ...]:
    """Find the stays behind (R50).

    An onset or a recovery shows only when its ``persistence`` checkpoints have passed. So a longer horizon leaves the
    episodes as they are, may close the last one, and may add some that begin in the last ``persistence - 1``
    checkpoints or later.

    Parameters
    ----------
    late
        Shape (checkpoints,).
    persistence
        Consecutive checkpoints that make a change, at least 1.

    Returns
    -------
    tuple of Episode
        In order; only the last can be open.
    """
    assert persistence >= 1, "R50: persistence counts checkpoints"
    onsets, recoveries = _runs(late, persistence), _runs(~late, persistence)
    found: list[Episode] = []
    start = _first(onsets, 0)
    while start is not None:
        end = _first(recoveries, start)
        found.append(Episode(start, end))
        start = None if end is None else _first(onsets, end)
    return tuple(found)


def struggling(late: Bools, stays: tuple[Episode, ...]) -> bool:
    """Return whether at least a third of the checkpoints outside the episodes are late (R50)."""
    outside = np.ones(len(late), dtype=bool)
    for stay in stays:
        outside[stay.start : stay.end] = False
    return bool(outside.any()) and 3 * int(late[outside].sum()) >= int(outside.sum())


def _runs(flag: Bools, length: int) -> npt.NDArray[np.int64]:
    """Return where ``length`` consecutive checkpoints with ``flag`` begin."""
    if len(flag) < length:
        return np.array([], dtype=np.int64)
    return np.flatnonzero(np.lib.stride_tricks.sliding_window_view(flag, length).all(axis=1))


def _first(places: npt.NDArray[np.int64], at: int) -> int | None:
    """Return the first of the ascending ``places`` that is not before ``at``."""
    index = int(np.searchsorted(places, at))
    return int(places[index]) if index < len(places) else None
