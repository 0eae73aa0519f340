"""Measures of teams: paid time by what it is spent on, and people by how far they are (R46, R98, R109)."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simsocial.measure.definitions.measure import Entity, Kind, Measure, Values, count, ratio
from simsocial.measure.totals import Totals
from simsocial.units import DAY, HOUR


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
        count(of, name, "h", f"Paid time {what}.", lambda t: value(t) / HOUR),
        ratio(of, share, "", f"Share of the paid time {what}.", value, _paid),
    )


def _people(name: str, what: str, value: Values) -> Measure:
    """Return how many people are in a stage of their careers, averaged over time."""
    said = f"People {what}, on duty or not, averaged over the time after the warm-up (R98)."
    return count(Entity.TEAM_CAREERS, name, "people", said, lambda t: value(t) / t.span)


def _employed(t: Totals) -> npt.NDArray[Any]:
    c = t.careers
    employed: npt.NDArray[Any] = c.in_class + c.nesting + c.ramping + c.full
    return employed


TEAM: Final = (
    count(Entity.TEAM, "on_duty", "slot h", "Slot time inside windows.", lambda t: t.teams.on_duty / HOUR),
    count(Entity.TEAM, "busy", "slot h", "Slot time at work inside windows.", lambda t: t.teams.busy / HOUR),
    ratio(
        Entity.TEAM, "occupancy", "", "Share of the slot time inside windows that was at work.",
        lambda t: t.teams.busy, lambda t: t.teams.on_duty,
    ),
    count(
        Entity.TEAM, "overrun", "slot h", "Slot time at work outside windows, on top of paid time (R39).",
        lambda t: t.teams.overrun / HOUR,
    ),
    count(Entity.TEAM, "paid", "h", "Agents' paid time: working, idle and away (R46).", lambda t: _paid(t) / HOUR),
    count(
        Entity.TEAM, "working", "h", "Paid time inside windows with at least one slot at work.",
        lambda t: t.teams.worked_agents / HOUR,
    ),
    count(
        Entity.TEAM, "idle", "h", "Paid time inside windows with no slot at work.",
        lambda t: (t.teams.duty_agents - t.teams.worked_agents) / HOUR,
    ),
    count(Entity.TEAM, "on_break", "h", "Paid time in breaks.", lambda t: t.teams.on_break / HOUR),
    ratio(
        Entity.TEAM, "utilisation", "", "Share of the paid time that was working.",
        lambda t: t.teams.worked_agents, _paid,
    ),
    ratio(
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
    count(
        Entity.TEAM_CAREERS, "joined", "people", "People who began, in class or on the desk.",
        lambda t: t.careers.begun,
    ),
    ratio(
        Entity.TEAM_CAREERS, "class_wait_mean", "days", "Mean time from being due to beginning, of those who began.",
        lambda t: t.careers.waited / DAY, lambda t: t.careers.begun,
    ),
    ratio(
        Entity.TEAM_CAREERS, "proficiency_mean", "days",
        "Mean time from being due to being fully ramped, of those who became so.",
        lambda t: t.careers.took / DAY, lambda t: t.careers.became_full,
    ),
)  # fmt: skip

TEAM_TRAINED: Final = (
    count(
        Entity.TEAM_TRAINED, "capacity_lost", "h",
        "Capacity of the untrained twin in the time that learning and teaching take, hours of somebody fully ramped "
        "(R110).",
        lambda t: t.careers.lost / HOUR,
    ),
    count(
        Entity.TEAM_TRAINED, "capacity_gained", "h",
        "Capacity on duty that better pace brings above that of the untrained twin, hours of somebody fully ramped "
        "(R110).",
        lambda t: t.careers.gained / HOUR,
    ),
    Measure(
        "break_even", "weeks", Entity.TEAM_TRAINED, Kind.QUANTILE,
        "Calendar week from which on the capacity gained so far is never again less than that lost so far, 1 for that "
        "of the start: the median over replications, infinite where fewer than half break even within the horizon; "
        "replications that lose nothing are left out (R111).",
        lambda t: t.break_even,
    ),
    Measure(
        "p_break_even", "", Entity.TEAM_TRAINED, Kind.SHARE,
        "Share of replications that break even within the horizon, or lose nothing (R111).",
        lambda t: ~np.isposinf(t.break_even),
    ),
)  # fmt: skip

TEAM_CERTIFIED: Final = (
    ratio(
        Entity.TEAM_CERTIFIED, "certified_share", "",
        "Share of the time of people employed in which they held every certificate of their team (R97).",
        lambda t: t.careers.certified, _employed,
    ),
)  # fmt: skip

TEAM_OUT: Final = _paid_in(
    "in_outages", "in_outages_share", "in outages (R109)", lambda t: t.teams.in_outages, of=Entity.TEAM_OUT
)
