"""Stays behind as a table: one row per episode of each replication."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from simsocial.measure.behind.path import Path
from simsocial.model.scenario import Scenario


class Stay(NamedTuple):
    """One episode (R50).

    Parameters
    ----------
    replication
        Counted from 0.
    stream, step, team
        The stage, and the teams that serve it (``desk + pool``).
    episode
        Counted from 1 within the replication and stage.
    start
        The checkpoint at which it begins.
    end
        The checkpoint at which the stage is ahead again; ``None`` while it is behind at the horizon.
    drain
        Length in checkpoints (R52); ``None`` while it is behind at the horizon.
    """

    replication: int
    stream: str
    step: str
    team: str
    episode: int
    start: dt.datetime
    end: dt.datetime | None
    drain: int | None


def stays(scenario: Scenario, replication: int, paths: Sequence[Path]) -> Iterator[Stay]:
    """List the episodes of one replication, from one path per stage."""
    for path in paths:
        stage = path.stage
        for number, episode in enumerate(path.episodes, 1):
            yield Stay(
                replication,
                stage.stream,
                stage.step,
                stage.team,
                number,
                start=scenario.when(stage.checkpoints[episode.start]),
                end=None if episode.end is None else scenario.when(stage.checkpoints[episode.end]),
                drain=None if episode.end is None else episode.end - episode.start,
            )
