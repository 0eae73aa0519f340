"""What takes a team off the desk, and what calls it in (R78-R82)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simsocial.config import teams as written
from simsocial.config.people import Leave, OnCall, OtherDuty
from simsocial.config.resolve.spot import Spot
from simsocial.model import away
from simsocial.units import WEEK


def resolve_people(team: written.Team, *, ranking: int, spot: Spot) -> dict[str, Any]:
    """Return what :class:`~simsocial.model.teams.Team` knows of it, by field.

    Parameters
    ----------
    team
        As written.
    ranking
        The team's own.
    spot
        Its place.
    """
    _apart(team.other_duties, spot / "other_duties", "at most one group may be away at a time")
    beside_shifts = _beside_shifts(team, ranking, spot) if isinstance(team, written.TeamOfShifts) else {}
    return beside_shifts | {
        "absence": away.Absence(team.absence.share, team.absence.dates) if team.absence else None,
        "meetings": tuple(
            away.Meeting(name, each.hours, *((each.weeks.weeks, each.weeks.cycle) if each.weeks else ()))
            for name, each in team.meetings.items()
        ),
        "other_duties": tuple(
            away.OtherDuty(name, each.hours, each.groups or len(each.hours)) for name, each in team.other_duties.items()
        ),
    }


def _beside_shifts(team: written.TeamOfShifts, ranking: int, spot: Spot) -> dict[str, Any]:
    """Return what only those have who are dealt to shifts."""
    _apart(team.on_call, spot / "on_call", "nobody can be called in twice at a time")
    return {
        "leave": _leave(team.leave) if team.leave else None,
        "on_call": tuple(_on_call(name, each, team, ranking) for name, each in team.on_call.items()),
    }


def _leave(leave: Leave) -> away.Leave:
    return away.Leave(leave.days, leave.season or (1.0,) * 12, leave.at_once, leave.taken_in == "weeks")


def _on_call(name: str, each: OnCall, team: written.Team, ranking: int) -> away.OnCall:
    return away.OnCall(
        name=name,
        hours=each.hours,
        ranking=ranking,
        agents=each.agents,
        for_the_absent=each.called == "for the absent",
        pace=team.pace,
        quality=team.quality,
    )


def _apart(several: Mapping[str, OtherDuty] | Mapping[str, OnCall], spot: Spot, why: str) -> None:
    """Note which of several tables have hours that meet those of one before; each by itself is in order."""
    before: list[tuple[str, tuple[int, int]]] = []
    for name, each in several.items():
        meets = next((other for other, slot in before if any(_overlap(slot, mine) for mine in each.hours)), None)
        if meets is not None:
            (spot / name).fault(f"overlaps the hours of {meets}, but {why}; write other hours")
        before += [(name, slot) for slot in each.hours]


def _overlap(slot: tuple[int, int], other: tuple[int, int]) -> bool:
    """Say whether two weekly slots overlap in any week."""
    return any(slot[0] < other[1] + shift and other[0] + shift < slot[1] for shift in (-WEEK, 0, WEEK))
