"""The columns of every file that a run writes, defined once (R62)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Column:
    """A column of a file; ``holds`` is what a value is: name, whole number, number, date (and time), or yes or no."""

    name: str
    holds: str
    definition: str


_NAME, _WHOLE, _NUMBER, _INSTANT, _FLAG = "name", "whole number", "number", "date and time", "yes or no"
_DATE = "date"

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
PLAN: Final = (
    Column("week", _NAME, "ISO year and week, such as 2026-W02 (R85)."),
    Column("start", _DATE, "Date on which the week begins; the first may be cut by the start or the warm-up."),
    Column("days", _NUMBER, "Length of the week; the first and last may be cut."),
    Column("team", _NAME, "Team; in the row of a stage, the teams that serve it, as in `desk + pool`."),
    Column(
        "stage", _NAME, "Stage, as in `mentions.respond`; empty in the row of a team, which has all that it serves."
    ),
    Column("volume_visits", _NUMBER, "Visits expected of the messages that arrive in the week, rework included (R53)."),
    Column("workload_h", _NUMBER, "Their expected work, hours at pace 1."),
    Column("carried_in_h", _NUMBER, "Drawn work that waits as the week begins, hours at pace 1; on top of it (R85)."),
    Column("net_h", _NUMBER, "Work that the people on duty can do, hours at pace 1; nothing in the row of a stage."),
    Column("required_fte", _NUMBER, "Full-time equivalents that the workload takes, without any slack (R85)."),
    Column(
        "required_with_backlog_fte",
        _NUMBER,
        "Full-time equivalents that take the workload and all work carried in, so that nothing is left (R85).",
    ),
    Column("available_fte", _NUMBER, "Full-time equivalents that the net hours are worth (R85)."),
    Column("over_under_fte", _NUMBER, "Available less required, by workload alone: negative when people are missing."),
    Column("occupancy", _NUMBER, "Share of the slot time on duty that was at work."),
    Column("kept_share", _NUMBER, "Share of the promises due in the week that were kept; nothing where none were due."),
    Column("promised_share", _NUMBER, "Share of them that was promised; of several promises, the mean over those due."),
    Column("backlog_visits", _NUMBER, "Visits waiting at the end of the week."),
    Column("backlog_h", _NUMBER, "Their drawn work, hours at pace 1."),
    Column("oldest_age_h", _NUMBER, "Age of the oldest of them if visits are taken in order of joining, hours (R85)."),
    Column("p_behind_by", _NUMBER, "P(behind by the end of the week), at its last checkpoint (R52)."),
)
PLAN_OF_EMPLOYEES: Final = (
    Column("enabled_employees", _WHOLE, "Employees enabled at the end of the week (R100)."),
    Column("support_ratio", _NUMBER, "They per person of the team (R103); nothing in the row of a stage."),
)
"""Further columns of the capacity plan where there is adoption."""
SUPPORT: Final = (
    Column("team", _NAME, "Team, or teams named together (R51); empty in the row of trainers."),
    Column("adoption", _NAME, "Whose trainers they are; empty in the row of teams, which support all employees."),
    Column("people_at_start", _NUMBER, "People employed in the teams, or trainers, at the start (R103)."),
    Column("people_at_horizon", _NUMBER, "The same at the horizon, mean over the replications."),
    Column("enabled_at_start", _WHOLE, "Enabled employees at the start."),
    Column("enabled_at_horizon", _WHOLE, "The same at the horizon."),
    Column("ratio_at_start", _NUMBER, "Enabled employees per person at the start (R103)."),
    Column("ratio_at_horizon", _NUMBER, "The same at the horizon."),
    Column(
        "carried",
        _NUMBER,
        "Largest ratio before the first onset, median over the replications (R103); infinite where fewer than half "
        "fall behind; nothing for trainers.",
    ),
    Column("low", _NUMBER, "Lower limit of its interval."),
    Column("high", _NUMBER, "Upper limit of its interval."),
    Column("confidence", _NUMBER, "Of the interval."),
    Column("n", _WHOLE, "Replications that it rests on."),
)
TORNADO: Final = (
    _POINT[0],
    *_ROW,
    Column("input", _NAME, "Dotted path of the input that was moved while the others kept their values (R125)."),
    Column("end", _NAME, "low or high, compared with the config's value; across, high compared with low."),
    Column("at", _NAME, "The input's value there, as written; empty across."),
    Column("base", _NUMBER, "The measure with every input at its value."),
    Column("value", _NUMBER, "The measure at that end; nothing across."),
    Column("difference", _NUMBER, "Paired difference (R43)."),
    Column("low", _NUMBER, "Lower limit of its interval."),
    Column("high", _NUMBER, "Upper limit of its interval."),
    Column("confidence", _NUMBER, "Of the interval."),
    Column("n", _WHOLE, "Replications that it rests on."),
)
SOBOL: Final = (
    _POINT[0],
    *_ROW,
    Column("input", _NAME, "Dotted path of the input (R126)."),
    Column("order", _NAME, "first, what it explains by itself; total, with all that it does together with others."),
    Column("value", _NUMBER, "Share of the measure's variance over the ranges of all inputs."),
    Column("low", _NUMBER, "Lower limit of its interval."),
    Column("high", _NUMBER, "Upper limit of its interval."),
    Column("confidence", _NUMBER, "Of the interval."),
    Column("n", _WHOLE, "Points of each of the two samples."),
)
TRIED: Final = (
    Column("path", _NAME, "Dotted path of the value that varied (R124)."),
    Column("tried", _NAME, "The value, as a user writes it."),
    Column("number", _NUMBER, "Its number without the unit; of a date, days since 0000-12-31."),
    *_ROW,
    *_ESTIMATE,
    Column("sign", _NAME, "`<=` where the measure must be at most the limit, `>=` where at least."),
    Column("limit", _NUMBER, "In the unit of the measure."),
    Column("met", _FLAG, "Whether the estimate is on the right side of the limit: true or false."),
    Column("standing", _NAME, "`holds` or `fails` where all of the interval does, else `open`."),
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
    "capacity_plan.csv": PLAN,
    "visits.parquet": VISITS,
    "messages.parquet": MESSAGES,
}
"""File name → its columns, in order."""
FILES_OF_EMPLOYEES: Final = {"capacity_plan.csv": PLAN_OF_EMPLOYEES, "support_ratio.csv": SUPPORT}
"""What there is besides where there is adoption."""
FILES_OF_SENSITIVITY: Final = {"tornado.csv": TORNADO, "sobol.csv": SOBOL}
"""What `simsocial sensitivity` writes."""
FILES_OF_SOLUTIONS: Final = {"tried.csv": TRIED}
"""What `solve` writes."""
