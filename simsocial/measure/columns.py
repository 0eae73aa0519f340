"""The columns of every file that a run writes, defined once (R62)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Column:
    """A column of a file; ``holds`` is what a value is: name, whole number, number, date and time, or yes or no."""

    name: str
    holds: str
    definition: str


_NAME, _WHOLE, _NUMBER, _INSTANT, _FLAG = "name", "whole number", "number", "date and time", "yes or no"

_POINT = (
    Column("scenario", _NAME, "Name of the scenario."),
    Column("point", _NAME, "What distinguishes it from the other scenarios of the run; empty when there is one."),
)
_REPLICATION = Column("replication", _WHOLE, "Number of the replication, from 0.")
_ROW = (
    Column("stream", _NAME, "Stream; empty where the row is about a team."),
    Column("step", _NAME, "Step, with its rework; empty where the row is about a stream, a promise of it, or a team."),
    Column("team", _NAME, "Team, or teams named together (R51); empty where the row is not about any."),
    Column("measure", _NAME, "As listed above; for a promise of a message, its name and `_` stand before it."),
    Column("unit", _NAME, "Of the value; empty for shares and plain ratios."),
)
_ESTIMATE = (
    Column("value", _NUMBER, "The estimate; nothing where nothing happened that it could be measured by."),
    Column("low", _NUMBER, "Lower limit of its interval; nothing where there are too few replications for one."),
    Column("high", _NUMBER, "Upper limit of its interval."),
    Column("confidence", _NUMBER, "Of the interval."),
    Column("n", _WHOLE, "Replications that it rests on."),
)

SUMMARY: Final = (*_POINT, *_ROW, *_ESTIMATE)
REPLICATIONS: Final = (
    *_POINT,
    _REPLICATION,
    *_ROW,
    Column("value", _NUMBER, "In this replication; of a ratio, numerator / denominator."),
    Column("numerator", _NUMBER, "Of a ratio; the value itself of anything else."),
    Column("denominator", _NUMBER, "Of a ratio; 1 for anything else."),
)
SERIES_TABLE: Final = (
    *_POINT,
    Column("start", _INSTANT, "Start of the reporting interval; of `behind_by`, the checkpoint itself (R48)."),
    *_ROW,
    *_ESTIMATE,
)
EPISODES: Final = (
    *_POINT,
    _REPLICATION,
    Column("stream", _NAME, "Stream of the stage."),
    Column("step", _NAME, "Step of the stage."),
    Column("team", _NAME, "Team that serves the stage; all of them when there are several, as in `desk + pool`."),
    Column("episode", _WHOLE, "Counts the stays behind of the stage in this replication, from 1 (R50)."),
    Column("start", _INSTANT, "Checkpoint at which the stage fell behind."),
    Column("end", _INSTANT, "Checkpoint at which it was ahead again; nothing while it is behind at the horizon."),
    Column("drain", _WHOLE, "Length in checkpoints (R52); nothing while it is behind at the horizon."),
)
VISITS: Final = (
    _REPLICATION,
    Column("stream", _NAME, "Stream of the message."),
    Column("message", _WHOLE, "Number of the message in its stream, by arrival, from 0."),
    Column("step", _NAME, "Step that was visited."),
    Column("visit", _WHOLE, "Counts the message's visits to the step, rework included, from 1."),
    Column("team", _NAME, "Team that served it; nothing where nobody did."),
    Column("agent", _WHOLE, "Agent in the team, from 0; nothing where nobody served it."),
    Column("slot", _WHOLE, "Slot of the agent, from 0; nothing where nobody served it."),
    Column("joined", _INSTANT, "When it joined the queue."),
    Column("start", _INSTANT, "When work began; nothing when it did not."),
    Column("end", _INSTANT, "When work ended or the message left; nothing where the horizon came first."),
    Column(
        "outcome",
        _NAME,
        "How it ended: done, passed, rejected, noise, abandoned, expired; waiting or in_service at the horizon.",
    ),
)
MESSAGES: Final = (
    _REPLICATION,
    Column("stream", _NAME, "Stream."),
    Column("message", _WHOLE, "Number in its stream, by arrival, from 0."),
    Column("arrival", _INSTANT, "When it arrived."),
    Column("actionable", _FLAG, "Whether it needs an answer; it is noise otherwise."),
    Column("patience_ends", _INSTANT, "When it leaves unless work on it has begun; nothing without patience."),
    *(
        Column(f"due_{promise}", _INSTANT, f"When its promise of `{promise}` is due; nothing where none is made.")
        for promise in ("pickup", "first_response", "publication", "completion")
    ),
    Column("published", _INSTANT, "When it was published (R24); nothing if it was not."),
    Column("ended", _INSTANT, "When its outcome was reached; nothing while it is pending."),
    Column("outcome", _NAME, "handled, abandoned, expired, withdrawn or noise; pending at the horizon (R41)."),
)

FILES: Final[dict[str, tuple[Column, ...]]] = {
    "summary.csv": SUMMARY,
    "replications.parquet": REPLICATIONS,
    "series.parquet": SERIES_TABLE,
    "episodes.csv": EPISODES,
    "visits.parquet": VISITS,
    "messages.parquet": MESSAGES,
}
"""File name → its columns, in order."""
