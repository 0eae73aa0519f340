"""Every measure, defined once: what it is called, what it means, and how it follows from the tallies (R42)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

import numpy.typing as npt

from simsocial.measure.totals import Totals
from simsocial.measure.wait_quantiles import of_everyone, of_the_served
from simsocial.units import DAY, HOUR, MINUTE

Values = Callable[[Totals], npt.NDArray[Any]]
"""From the totals of a replication, or of several, to a number for each entity, shape (…, entities)."""


class Kind(Enum):
    """How the values of the replications become one estimate (R43)."""

    MEAN = "mean"
    RATIO = "ratio"
    QUANTILE = "quantile"
    SHARE = "share of replications"


class Entity(Enum):
    """What a measure is about."""

    STREAM = "stream"
    STOCKED = "stream with a backlog at the start"
    FILTERED = "stream with a filter"
    AUDITED = "stream with a review after publication"
    PROMISE = "promise"
    STEP = "step"
    REVIEW = "step that is a review"
    TEAM = "team"
    TEAM_AWAY = "team with absence, leave, meetings, other duties or careers"
    TEAM_CAREERS = "team with hiring, leaving, training or people who are new to it"
    TEAM_CERTIFIED = "team with certificates"
    TEAM_OUT = "team with outages"


@dataclass(frozen=True, eq=False)
class Measure:
    """A measure and its definition.

    Parameters
    ----------
    name
        As in tables.
    unit
        Of the value; empty for shares and plain ratios.
    entity, kind
        What it is about, and how it is estimated.
    definition
        In one sentence.
    numerator
        A replication's value, NaN where it has none; of a ratio, the numerator.
    denominator
        Of a ratio.
    """

    name: str
    unit: str
    entity: Entity
    kind: Kind
    definition: str
    numerator: Values
    denominator: Values | None = None


def _count(entity: Entity, name: str, unit: str, definition: str, value: Values) -> Measure:
    return Measure(name, unit, entity, Kind.MEAN, definition, value)


def _ratio(entity: Entity, name: str, unit: str, definition: str, above: Values, below: Values) -> Measure:
    return Measure(name, unit, entity, Kind.RATIO, definition, above, below)


def _fate(name: str, share: str, what: str, value: Values) -> tuple[Measure, Measure]:
    """Return what became of messages as a number and as a share of those that came."""
    said = f"Share of the messages that arrived, or were there at the start, that {what}."
    return (
        _count(Entity.STREAM, name, "messages", f"Messages that {what}.", value),
        _ratio(Entity.STREAM, share, "", said, value, _came),
    )


def _came(t: Totals) -> npt.NDArray[Any]:
    return t.streams.initial + t.streams.arrived


def _pending(t: Totals) -> npt.NDArray[Any]:
    s = t.streams
    return _came(t) - s.handled - s.abandoned - s.expired - s.withdrawn - s.noise


STOCKED: Final = (
    _count(
        Entity.STOCKED, "initial", "messages", "Messages that were there at the start (R91).",
        lambda t: t.streams.initial,
    ),
)  # fmt: skip

STREAM: Final = (
    _count(
        Entity.STREAM, "arrived", "messages", "Messages that arrived, noise included.", lambda t: t.streams.arrived
    ),
    *_fate("handled", "handled_share", "came to the end of their route", lambda t: t.streams.handled),
    *_fate("abandoned", "abandoned_share", "lost patience before work on them began", lambda t: t.streams.abandoned),
    *_fate("expired", "expired_share", "left a queue when their expiry ended", lambda t: t.streams.expired),
    *_fate("withdrawn", "withdrawn_share", "were rejected by their last review", lambda t: t.streams.withdrawn),
    *_fate("noise", "noise_share", "left as noise, triaged or not, or dropped by a filter", lambda t: t.streams.noise),
    *_fate("pending", "pending_share", "were still under way at the horizon", _pending),
    _count(
        Entity.STREAM, "published", "messages", "Messages that were published (R24).", lambda t: t.streams.published
    ),
    _ratio(
        Entity.STREAM, "turnaround_mean", "h", "Mean time from arrival to the end of the route, of those handled.",
        lambda t: t.streams.turnaround_sum / HOUR, lambda t: t.streams.handled,
    ),
    _ratio(
        Entity.STREAM, "response_mean", "h", "Mean time from arrival to publication, of those published.",
        lambda t: t.streams.response_sum / HOUR, lambda t: t.streams.published,
    ),
)  # fmt: skip

FILTERED: Final = (
    _count(
        Entity.FILTERED, "lost", "messages",
        "Messages that needed an answer and were dropped as noise, counted there too (R106).", lambda t: t.streams.lost,
    ),
)  # fmt: skip

AUDITED: Final = (
    _count(
        Entity.AUDITED, "exposed", "messages", "Published items that a review rejected afterwards (R45).",
        lambda t: t.streams.exposed,
    ),
    _ratio(
        Entity.AUDITED, "exposed_share", "", "Share of the published items that a review rejected afterwards (R45).",
        lambda t: t.streams.exposed, lambda t: t.streams.published,
    ),
    _ratio(
        Entity.AUDITED, "exposure_mean", "h",
        "Mean time from publication to the last correction's end, the withdrawal or the horizon, of those exposed.",
        lambda t: t.streams.exposure_sum / HOUR, lambda t: t.streams.exposed,
    ),
    _count(
        Entity.AUDITED, "escaped", "messages",
        "Published items that a review after publication did not sample and would have rejected then (R45).",
        lambda t: t.streams.escaped,
    ),
    _ratio(
        Entity.AUDITED, "escaped_share", "", "Share of the published items that escaped.",
        lambda t: t.streams.escaped, lambda t: t.streams.published,
    ),
)  # fmt: skip

PROMISE: Final = (
    _count(
        Entity.PROMISE, "due", "promises", "Promises due by the horizon, losses within the grace left out (R8).",
        lambda t: t.promises.due,
    ),
    _count(
        Entity.PROMISE, "kept", "promises", "Promises due by the horizon that were kept.", lambda t: t.promises.kept
    ),
    _count(
        Entity.PROMISE, "broken", "promises", "Promises due by the horizon and not kept.",
        lambda t: t.promises.due - t.promises.kept,
    ),
    _ratio(
        Entity.PROMISE, "kept_share", "",
        "Share of the promises due by the horizon that were kept; losses break them (R8).",
        lambda t: t.promises.kept, lambda t: t.promises.due,
    ),
    _ratio(
        Entity.PROMISE, "kept_share_telephone", "",
        "The telephone form of it: those who left by the due instant are left out instead of broken.",
        lambda t: t.promises.kept, lambda t: t.promises.due - t.promises.excused,
    ),
)  # fmt: skip


def _wait_quantile(share: float) -> Measure:
    return Measure(
        f"wait_p{100 * share:.0f}", "min", Entity.STEP, Kind.QUANTILE,
        f"Wait that {100 * share:.0f} % of the visits whose work began did not exceed (R44).",
        lambda t: of_the_served(t.steps.wait_histogram, share) / MINUTE,
    )  # fmt: skip


def _kaplan_meier(share: float) -> Measure:
    return Measure(
        f"wait_km_p{100 * share:.0f}", "min", Entity.STEP, Kind.QUANTILE,
        f"Wait that {100 * share:.0f} % of all visits would not exceed if nobody left and the run went on: "
        "Kaplan–Meier, those who left or still wait as censored; infinite where the waits do not reach so far (R44).",
        lambda t: of_everyone(t.steps.wait_histogram, t.steps.lost_histogram + t.steps.open_histogram, share) / MINUTE,
    )  # fmt: skip


STEP: Final = (
    _count(Entity.STEP, "offered", "visits", "Visits that joined the queue.", lambda t: t.steps.offered),
    _count(Entity.STEP, "served", "visits", "Visits whose work began.", lambda t: t.steps.started),
    _count(Entity.STEP, "finished", "visits", "Visits whose work ended.", lambda t: t.steps.finished),
    _count(
        Entity.STEP, "abandoned", "visits", "Visits that left the queue when patience ended.",
        lambda t: t.steps.abandoned,
    ),
    _count(
        Entity.STEP, "expired", "visits", "Visits that left the queue when expiry ended.", lambda t: t.steps.expired
    ),
    _count(
        Entity.STEP, "pending", "visits", "Visits waiting or at work at the horizon.",
        lambda t: t.steps.offered - t.steps.finished - t.steps.abandoned - t.steps.expired,
    ),
    _ratio(
        Entity.STEP, "lost_share", "", "Share of the visits that joined which left the queue.",
        lambda t: t.steps.abandoned + t.steps.expired, lambda t: t.steps.offered,
    ),
    _ratio(
        Entity.STEP, "wait_mean", "min", "Mean wait from joining to the start of work, of those whose work began.",
        lambda t: t.steps.wait_sum / MINUTE, lambda t: t.steps.started,
    ),
    _ratio(
        Entity.STEP, "waited_share", "", "Share of those whose work began that waited at all.",
        lambda t: t.steps.waited, lambda t: t.steps.started,
    ),
    *(_wait_quantile(share) for share in (0.5, 0.9, 0.95)),
    *(_kaplan_meier(share) for share in (0.5, 0.9)),
    _ratio(
        Entity.STEP, "handling_mean", "min", "Mean time from start to end of work, pauses of suspended work included.",
        lambda t: t.steps.service_sum / MINUTE, lambda t: t.steps.finished,
    ),
    _ratio(
        Entity.STEP, "visit_mean", "min", "Mean time from joining to the end of work, of those whose work ended.",
        lambda t: t.steps.sojourn_sum / MINUTE, lambda t: t.steps.finished,
    ),
    _count(Entity.STEP, "backlog", "visits", "Visits waiting at the horizon.", lambda t: t.left_waiting.count[..., 0]),
    _count(
        Entity.STEP, "backlog_work", "h", "Drawn work, at pace 1, of the visits waiting at the horizon.",
        lambda t: t.left_waiting.work[..., 0] / HOUR,
    ),
    _ratio(
        Entity.STEP, "backlog_age", "h", "Mean time since joining of the visits waiting at the horizon.",
        lambda t: t.left_waiting.age[..., 0] / HOUR, lambda t: t.left_waiting.count[..., 0],
    ),
    _count(
        Entity.STEP, "backlog_mean", "visits", "Visits waiting, averaged over time from the warm-up to the horizon.",
        lambda t: t.mean_waiting,
    ),
    _count(
        Entity.STEP, "backlog_work_mean", "h",
        "Drawn work of the visits waiting, averaged over the ends of the reporting intervals after the warm-up.",
        lambda t: t.backlogs.work.mean(axis=-1) / HOUR,
    ),
    _ratio(
        Entity.STEP, "backlog_age_mean", "h",
        "Mean time since joining of the visits waiting at the ends of the reporting intervals after the warm-up.",
        lambda t: t.backlogs.age.sum(axis=-1) / HOUR, lambda t: t.backlogs.count.sum(axis=-1),
    ),
)  # fmt: skip

REVIEW: Final = (
    _count(
        Entity.REVIEW, "reviews", "visits", "Reviews that decided.", lambda t: t.steps.passed + t.steps.rejected
    ),
    _count(Entity.REVIEW, "rejected", "visits", "Reviews that rejected.", lambda t: t.steps.rejected),
    _ratio(
        Entity.REVIEW, "rejected_share", "", "Share of the reviews that rejected.",
        lambda t: t.steps.rejected, lambda t: t.steps.passed + t.steps.rejected,
    ),
    _ratio(
        Entity.REVIEW, "first_pass_yield", "", "Share of the first reviews of an item that passed it.",
        lambda t: t.steps.first_passed, lambda t: t.steps.first_reviews,
    ),
    _ratio(
        Entity.REVIEW, "rounds", "", "Reviews per reviewed item.",
        lambda t: t.steps.passed + t.steps.rejected, lambda t: t.steps.first_reviews,
    ),
)  # fmt: skip


def _away(t: Totals) -> npt.NDArray[Any]:
    times = t.teams
    known = times.on_break + times.in_meetings + times.at_other_duties + times.on_leave
    away: npt.NDArray[Any] = known + times.absent + times.in_training + times.teaching + times.in_outages
    return away


def _paid(t: Totals) -> npt.NDArray[Any]:
    paid: npt.NDArray[Any] = t.teams.duty_agents + _away(t)
    return paid


def _paid_in(
    name: str, share: str, what: str, value: Values, *, of: Entity = Entity.TEAM_AWAY
) -> tuple[Measure, Measure]:
    """Return paid time of a kind as hours and as a share of all paid time."""
    return (
        _count(of, name, "h", f"Paid time {what}.", lambda t: value(t) / HOUR),
        _ratio(of, share, "", f"Share of the paid time {what}.", value, _paid),
    )


def _people(name: str, what: str, value: Values) -> Measure:
    """Return how many people are in a stage of their careers, averaged over time."""
    said = f"People {what}, on duty or not, averaged over the time after the warm-up (R98)."
    return _count(Entity.TEAM_CAREERS, name, "people", said, lambda t: value(t) / t.span)


def _employed(t: Totals) -> npt.NDArray[Any]:
    c = t.careers
    employed: npt.NDArray[Any] = c.in_class + c.nesting + c.ramping + c.full
    return employed


TEAM: Final = (
    _count(Entity.TEAM, "on_duty", "slot h", "Slot time inside windows.", lambda t: t.teams.on_duty / HOUR),
    _count(Entity.TEAM, "busy", "slot h", "Slot time at work inside windows.", lambda t: t.teams.busy / HOUR),
    _ratio(
        Entity.TEAM, "occupancy", "", "Share of the slot time inside windows that was at work.",
        lambda t: t.teams.busy, lambda t: t.teams.on_duty,
    ),
    _count(
        Entity.TEAM, "overrun", "slot h", "Slot time at work outside windows, on top of paid time (R39).",
        lambda t: t.teams.overrun / HOUR,
    ),
    _count(Entity.TEAM, "paid", "h", "Agents' paid time: working, idle and away (R46).", lambda t: _paid(t) / HOUR),
    _count(
        Entity.TEAM, "working", "h", "Paid time inside windows with at least one slot at work.",
        lambda t: t.teams.worked_agents / HOUR,
    ),
    _count(
        Entity.TEAM, "idle", "h", "Paid time inside windows with no slot at work.",
        lambda t: (t.teams.duty_agents - t.teams.worked_agents) / HOUR,
    ),
    _count(Entity.TEAM, "on_break", "h", "Paid time in breaks.", lambda t: t.teams.on_break / HOUR),
    _ratio(
        Entity.TEAM, "utilisation", "", "Share of the paid time that was working.",
        lambda t: t.teams.worked_agents, _paid,
    ),
    _ratio(
        Entity.TEAM, "shrinkage", "", "Share of the paid time that was spent off duty, for whatever reason (R83).",
        _away, _paid,
    ),
)  # fmt: skip

TEAM_AWAY: Final = (
    *_paid_in("in_meetings", "in_meetings_share", "in meetings", lambda t: t.teams.in_meetings),
    *_paid_in("at_other_duties", "at_other_duties_share", "at other duties", lambda t: t.teams.at_other_duties),
    *_paid_in("on_leave", "on_leave_share", "on leave", lambda t: t.teams.on_leave),
    *_paid_in("absent", "absent_share", "absent, at random (R78) or by the rota (R68)", lambda t: t.teams.absent),
)

TEAM_CAREERS: Final = (
    *_paid_in(
        "in_training", "in_training_share", "learning: in class, continuing education or for a certificate",
        lambda t: t.teams.in_training, of=Entity.TEAM_CAREERS,
    ),
    *_paid_in(
        "teaching", "teaching_share", "training a class of newcomers", lambda t: t.teams.teaching,
        of=Entity.TEAM_CAREERS,
    ),
    _people("headcount_mean", "employed", _employed),
    _people("headcount_in_class", "in class", lambda t: t.careers.in_class),
    _people("headcount_nesting", "nesting", lambda t: t.careers.nesting),
    _people("headcount_ramping", "on the ramp", lambda t: t.careers.ramping),
    _people("headcount_full", "fully ramped", lambda t: t.careers.full),
    _people("headcount_waiting", "due and not begun, for want of room or trainers", lambda t: t.careers.waiting),
    _count(
        Entity.TEAM_CAREERS, "joined", "people", "People who began, in class or on the desk.",
        lambda t: t.careers.begun,
    ),
    _ratio(
        Entity.TEAM_CAREERS, "class_wait_mean", "days", "Mean time from being due to beginning, of those who began.",
        lambda t: t.careers.waited / DAY, lambda t: t.careers.begun,
    ),
    _ratio(
        Entity.TEAM_CAREERS, "proficiency_mean", "days",
        "Mean time from being due to being fully ramped, of those who became so.",
        lambda t: t.careers.took / DAY, lambda t: t.careers.became_full,
    ),
)  # fmt: skip

TEAM_CERTIFIED: Final = (
    _ratio(
        Entity.TEAM_CERTIFIED, "certified_share", "",
        "Share of the time of people employed in which they held every certificate of their team (R97).",
        lambda t: t.careers.certified, _employed,
    ),
)  # fmt: skip

TEAM_OUT: Final = _paid_in(
    "in_outages", "in_outages_share", "in outages (R109)", lambda t: t.teams.in_outages, of=Entity.TEAM_OUT
)

MEASURES: Final[tuple[Measure, ...]] = (
    *STOCKED, *STREAM, *FILTERED, *AUDITED, *PROMISE, *STEP, *REVIEW, *TEAM, *TEAM_AWAY, *TEAM_CAREERS,
    *TEAM_CERTIFIED, *TEAM_OUT,
)  # fmt: skip
"""All measures, in the order of tables."""
