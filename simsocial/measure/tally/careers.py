"""Tallies of careers: people by stage over time, when they move on (R98), and the untrained twin (R110)."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

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

    def time(agent: Index, start: Ticks, stop: Ticks, weight: npt.ArrayLike = 1) -> Ticks:
        first, last = start.clip(begin, end), stop.clip(begin, end)
        groups = shape[0] * shape[1]
        table = time_in_buckets(first, last, buckets, group=row[agent], groups=groups, weight=weight)
        return table.reshape(*shape, table.shape[-1])

    def people(stage: Stage) -> Ticks:
        which = roster.stage == stage
        return time(roster.stage_agent[which], roster.stage_start[which], roster.stage_end[which])

    def apart(sign: int) -> Ticks:
        """Return by how much a team does more, or with -1 less, than its untrained twin (R110)."""
        gain = sign * roster.twin_gain
        which = gain > 0
        return time(roster.twin_agent[which], roster.twin_start[which], roster.twin_end[which], gain[which])

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
        waiting=people(Stage.WAITING),
        in_class=people(Stage.IN_CLASS),
        nesting=people(Stage.NESTING),
        ramping=people(Stage.RAMPING),
        full=people(Stage.FULL),
        certified=people(Stage.CERTIFIED),
        begun=begun,
        waited=waited,
        became_full=became_full,
        took=took,
        lost=apart(-1),
        gained=apart(1),
    )
