"""Tallies of careers: people by stage over time, and when they begin and become fully ramped (R98)."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from simsocial.measure.tally.replications import Index, Replications
from simsocial.model.capacity import time_in_buckets
from simsocial.model.careers import Stage
from simsocial.model.cells import Buckets, Ticks, bucket_cells
from simsocial.model.roster import Roster, stacked
from simsocial.model.scenario import Scenario
from simsocial.model.tallies import CareerCounts
from simsocial.units import NEVER


def career_counts(replications: Replications) -> CareerCounts:
    """Count from the warm-up to the horizon (R9); what the horizon cuts counts up to it."""
    every = _of_rosters(replications.scenario, replications.different_rosters, replications.buckets)
    number = replications.roster_number
    return CareerCounts(**{name: counts[number] for name, counts in vars(every).items()})


@lru_cache(maxsize=1)
def _of_rosters(scenario: Scenario, rosters: tuple[Roster, ...], buckets: Buckets) -> CareerCounts:
    """Count for each roster; shapes (rosters, teams, buckets)."""
    roster, shape = stacked(rosters), (len(rosters), len(scenario.desk.teams))
    row = np.repeat(np.arange(shape[0]), [len(each.team) for each in rosters]) * shape[1] + roster.team
    begin, end = scenario.warmup, scenario.horizon

    def time(stage: Stage) -> Ticks:
        which = np.flatnonzero(roster.stage == stage)
        start, stop = roster.stage_start[which].clip(begin, end), roster.stage_end[which].clip(begin, end)
        group = row[roster.stage_agent[which]]
        table = time_in_buckets(start, stop, buckets, group=group, groups=shape[0] * shape[1])
        return table.reshape(*shape, table.shape[-1])

    def moved(stage: Stage, since: Ticks, instant: Ticks) -> tuple[Ticks, Ticks]:
        """Return how many moved on at an instant of a stage, and Σ of how long they had been due."""
        inside = (instant >= begin) & (instant < end) & (roster.stage_since != NEVER)
        which: Index = np.flatnonzero((roster.stage == stage) & inside)
        rows = row[roster.stage_agent[which]]
        cells = bucket_cells(rows, instant[which], rows=shape, buckets=buckets)
        return cells.count(), cells.sum(instant[which] - since[which])

    begun, waited = moved(Stage.WAITING, roster.stage_start, roster.stage_end)
    became_full, took = moved(Stage.FULL, roster.stage_since, roster.stage_start)
    return CareerCounts(
        waiting=time(Stage.WAITING),
        in_class=time(Stage.IN_CLASS),
        nesting=time(Stage.NESTING),
        ramping=time(Stage.RAMPING),
        full=time(Stage.FULL),
        certified=time(Stage.CERTIFIED),
        begun=begun,
        waited=waited,
        became_full=became_full,
        took=took,
    )
