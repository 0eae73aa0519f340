"""What came of a week in the simulation: promises kept, what waits at its end, and P(behind) (R85)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.measure.behind.by_checkpoint import by_checkpoint
from simsocial.measure.behind.stages import Stage
from simsocial.model.promises import Measured
from simsocial.model.scenario import Scenario
from simsocial.simulation.results import Results
from simsocial.study.weeks import Name, Weeks, series_named
from simsocial.units import HOUR

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Outcome:
    """Means over the replications; shapes (weeks,).

    Parameters
    ----------
    kept, promised
        Share of the promises due in the week that were kept, and that was promised; NaN where none were due.
    backlog, backlog_hours
        Visits waiting at the week's end, and their drawn work.
    oldest_hours
        How long the oldest of them has waited, as :func:`oldest` reckons it.
    behind_by
        P(behind by the week's end), NaN where nothing is judged (R52).
    """

    kept: Floats
    promised: Floats
    backlog: Floats
    backlog_hours: Floats
    oldest_hours: Floats
    behind_by: Floats


@dataclass(frozen=True)
class Charged:
    """A promise that is charged to a stage: its ``name`` and share, and the series that tell of it."""

    name: str
    share: float
    due: Name
    kept: Name


def outcome(results: Results, weeks: Weeks, stages: Sequence[Stage], name: str) -> Outcome:
    """Tell what came of some stages together; ``name`` is that of the stage or team whose P(behind) is asked."""
    kept, promised = _kept(results, weeks, stages)
    waiting, work, offered = (
        [series_named(results, (stage.stream, stage.step, "", measure)) for stage in stages]
        for measure in ("backlog", "backlog_work", "offered")
    )
    nothing = np.zeros(len(weeks))
    oldest_hours = [oldest(weeks, *flows) for flows in zip(offered, waiting, strict=True)]
    return Outcome(
        kept=kept,
        promised=promised,
        backlog=sum(map(weeks.at_end, waiting), nothing),
        backlog_hours=sum(map(weeks.at_end, work), nothing),
        oldest_hours=np.max([nothing, *oldest_hours], axis=0),
        behind_by=_behind_by(results, weeks, name),
    )


def charged(scenario: Scenario, stage: Stage) -> Iterator[Charged]:
    """Yield the promises charged to a stage (R47), in the order of the config."""
    promises = [(stream.name, promise) for stream in scenario.streams for promise in stream.promises]
    for stream, promise in (promises[row] for row in stage.promises):
        of_step = promise.measured is Measured.STEP
        step, prefix = (stage.step, "") if of_step else ("", f"{promise.name}_")
        due, kept = ((stream, step, "", f"{prefix}{measure}") for measure in ("due", "kept"))
        yield Charged(f"{stream}.{promise.name}", promise.share, due, kept)


def oldest(weeks: Weeks, offered: Floats, waiting: Floats) -> Floats:
    """Reckon how long before the ends of the weeks the visits came of which as many wait then; shape (weeks,), hours.

    It is the age of the oldest visit that waits when visits are served in order of joining and hardly any leaves.

    Parameters
    ----------
    weeks
        At whose ends it is asked.
    offered, waiting
        Shape (intervals,): visits that join in each, and wait at its end, in the mean.
    """
    edges = np.minimum(np.arange(len(offered) + 1) * weeks.scenario.interval, weeks.scenario.horizon)
    joined = np.concatenate(([0.0], offered.cumsum()))
    end = weeks.first[1:]
    before = (joined[end] - waiting[end - 1]).clip(min=0)  # had joined when the oldest came
    place = (joined.searchsorted(before, side="right") - 1).clip(max=end - 1)
    part = (before - joined[place]) / np.maximum(joined[place + 1] - joined[place], 1e-300)
    came = edges[place] + part.clip(0, 1) * (edges[place + 1] - edges[place])
    return np.where(waiting[end - 1] > 0, (edges[end] - came) / HOUR, 0.0)


def _kept(results: Results, weeks: Weeks, stages: Sequence[Stage]) -> tuple[Floats, Floats]:
    """Return the shares of the promises due that were kept and that were promised, over all promises charged."""
    promises = [promise for stage in stages for promise in charged(results.scenario, stage)]
    nothing = np.zeros(len(weeks))
    due = [weeks.total(series_named(results, promise.due)) for promise in promises]
    kept = weeks.total(series_named(results, *(promise.kept for promise in promises)))
    promised = sum((share.share * count for share, count in zip(promises, due, strict=True)), nothing)
    with np.errstate(invalid="ignore"):
        return kept / sum(due, nothing), np.round(promised / sum(due, nothing), 12)  # 0.8 and no less


def _behind_by(results: Results, weeks: Weeks, name: str) -> Floats:
    """Return P(behind by d) at the last checkpoint of each week; of a team that is only named with others, theirs."""
    tables = by_checkpoint(results.paths, confidence=results.scenario.run.confidence)
    names = {table.rows[0].name.removesuffix(".behind_by"): table for table in tables}
    together = [table for of, table in names.items() if name in of.split(" + ")]
    found = [names[name]] if name in names else together
    if not found:
        return np.full(len(weeks), np.nan)
    by_end: Floats = np.max([_by(table.start, table.value[0], weeks.edges[1:]) for table in found], axis=0)
    return by_end


def _by(checkpoints: npt.NDArray[np.int64], value: Floats, instants: npt.NDArray[np.int64]) -> Floats:
    by: Floats = np.concatenate(([0.0], value))[checkpoints.searchsorted(instants, side="right")]
    return by
