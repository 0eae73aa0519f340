"""A team's time laid out for all replications: what is certain, and what depends on who is absent (R78–R83)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.draw.people.calls import Calls, plan_calls
from simsocial.draw.people.careers import CareerPlan
from simsocial.draw.people.leave import Dealt, deal_leave
from simsocial.draw.people.paid import Paid
from simsocial.draw.people.rotas import time_by_rota
from simsocial.draw.people.sessions import plan_sessions
from simsocial.draw.people.shifts import in_force_of_all, paid_time
from simsocial.draw.people.spans import Bools, Spans, Stretches, Ticks, Weeks
from simsocial.model.away import Away
from simsocial.model.teams import Team


@dataclass(frozen=True, eq=False)
class TeamTime:
    """The time of a team's agents.

    Parameters
    ----------
    windows
        In shifts, for those who are not absent.
    away
        Other paid time; what is not ``certain`` only if they are absent when it is ``ABSENT``, else if they are not.
    certain
        Shape (stretches away,): leave, and what a rota says of leave and absence.
    works
        Shape (agents, dates), whether a shift begins that he works unless he is absent.
    calls
        Beside the shifts.
    leave_owed
        Shape (agents,), dates of leave earned up to the end and not taken.
    careers
        Of its people, ``None`` where nothing of them changes anything.
    """

    windows: Stretches
    away: Stretches
    certain: Bools
    works: Bools
    calls: Calls
    leave_owed: npt.NDArray[np.float64]
    careers: CareerPlan | None = None


def lay_out_team(team: Team, weeks: Weeks) -> TeamTime:
    """Lay out the time of a team."""
    paid = paid_time(team, weeks) if team.rota is None else time_by_rota(team, team.rota, weeks)
    in_run = _inside(paid, weeks.run)
    shifts = _of_agents([one.shifts for one in paid])
    works = np.zeros((len(paid), weeks.dates), np.bool_)
    works[shifts.agent, shifts.spans.date] = True
    employed = [periods.clip(min=0) for periods in in_force_of_all(team)]
    leave = _leave(team, works, weeks)
    away, certain = _away(in_run, leave.away)
    windows = _but(_of_agents([one.on_desk for one in in_run]), leave.away)
    return TeamTime(
        windows=windows,
        away=away,
        certain=certain,
        works=works & ~leave.away,
        calls=plan_calls(
            team.on_call, shifts=shifts.spans, agent=shifts.agent, in_force=employed, leave=leave.away, weeks=weeks
        ),
        leave_owed=leave.owed,
        careers=_careers(team, employed, windows, works & ~leave.away, weeks),
    )


def _careers(team: Team, employed: list[Ticks], windows: Stretches, works: Bools, weeks: Weeks) -> CareerPlan | None:
    if team.career is None:
        return None
    sessions = plan_sessions(team.career.continuing, works, weeks)
    return CareerPlan.of(team.career, in_force=employed, windows=windows, sessions=sessions, weeks=weeks)


def _inside(paid: list[Paid], periods: Ticks) -> list[Paid]:
    """Cut the paid time of every agent; many share theirs."""
    different = {id(one): one for one in paid}
    cut = {key: one.inside(periods) for key, one in different.items()}
    return [cut[id(one)] for one in paid]


def _of_agents(spans: list[Spans]) -> Stretches:
    joined, agent = Spans.joined(spans)
    return Stretches(agent, joined)


def _but(stretches: Stretches, leave: Bools) -> Stretches:
    """Leave out what is of a date of leave."""
    return stretches.only(~leave[stretches.agent, stretches.spans.date])


def _leave(team: Team, works: Bools, weeks: Weeks) -> Dealt:
    if team.leave is None:
        return Dealt(np.zeros_like(works), np.zeros(len(works)))
    return deal_leave(team.leave, shifts=works, employed=_earns(team, len(works), weeks.midnights), weeks=weeks)


def _earns(team: Team, agents: int, midnights: Ticks) -> Bools:
    """Return who is employed as a date from the start's begins, or as the run does; shape (agents, dates)."""
    there: Bools = team.headcount.at(midnights.clip(min=0)) > np.arange(agents)[:, None]
    if team.career:
        since = np.repeat([hire.tick for hire in team.career.hires], [hire.seats for hire in team.career.hires])
        there[agents - len(since) :] = midnights >= np.array(since)[:, None]
    first = np.searchsorted(midnights, 0, side="right") - 1
    there[:, :first] = False
    return there


def _away(paid: list[Paid], leave: Bools) -> tuple[Stretches, Bools]:
    """Return all paid time off the desk, reason by reason, as what may be, and what of it is certain."""
    parts = list(_reasons(paid, leave))
    spans, place = Spans.joined([part.spans for _, _, part in parts])
    agent = np.concatenate([part.agent for _, _, part in parts])
    why = np.array([why for why, _, _ in parts], dtype=np.int64)[place]
    certain = np.array([certain for _, certain, _ in parts], dtype=np.bool_)[place]
    return Stretches(agent, Spans(spans.start, spans.end, why, spans.date)), certain


def _reasons(paid: list[Paid], leave: Bools) -> Iterator[tuple[Away, bool, Stretches]]:
    for why in (Away.BREAK, Away.MEETING, Away.OTHER_DUTY):
        yield why, False, _but(_of_agents([one.away[why] for one in paid]), leave)
    shifts = _of_agents([one.shifts for one in paid])
    on_leave = leave[shifts.agent, shifts.spans.date]
    yield Away.LEAVE, True, shifts.only(on_leave)
    yield Away.ABSENT, False, shifts.only(~on_leave)
    for why in (Away.LEAVE, Away.ABSENT):
        yield why, True, _of_agents([one.away[why] for one in paid])
