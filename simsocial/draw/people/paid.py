"""The paid time of an agent: on the desk or off it, and why (R83)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from simsocial.draw.people.spans import Spans, Ticks, Weeks
from simsocial.model.away import Away
from simsocial.model.intervals import merged
from simsocial.model.teams import Team


@dataclass(frozen=True, eq=False)
class Paid:
    """The paid time of one agent in his shifts.

    Parameters
    ----------
    shifts
        All of it that he works unless he is absent, by shift.
    on_desk
        His windows.
    away
        What is left of the shifts, by reason; of leave and absence what is certain beside the shifts.
    """

    shifts: Spans
    on_desk: Spans
    away: dict[Away, Spans]

    @classmethod
    def of(cls, shifts: Spans, on_desk: Spans, away: Mapping[Away, Spans], slots: Mapping[Away, Ticks]) -> Paid:
        """Let slots, reason by reason, take him off the desk beside what takes him off it anyway (R83)."""
        every = {why: away.get(why, Spans.of([])) for why in Away}
        for why, periods in slots.items():
            every[why] = Spans.joined([every[why], on_desk.inside(periods)])[0].ascending()
            on_desk = on_desk.outside(periods)
        return cls(shifts, on_desk, every)

    def inside(self, periods: Ticks) -> Paid:
        """Return what lies in ``periods``, shape (periods, 2), ascending and disjoint."""
        away = {why: spans.inside(periods) for why, spans in self.away.items()}
        return Paid(self.shifts.inside(periods), self.on_desk.inside(periods), away)


def slots_away(team: Team, groups: tuple[int, ...], weeks: Weeks) -> dict[Away, Ticks]:
    """Return when meetings (R81) and then other duties (R80) take the agents of some groups off the desk."""
    meetings = [weeks.repeated(meeting.hours, meeting.weeks, meeting.cycle) for meeting in team.meetings]
    duties = [
        weeks.repeated(duty.hours[group :: duty.groups]) for duty, group in zip(team.other_duties, groups, strict=True)
    ]
    return {Away.MEETING: _together(meetings), Away.OTHER_DUTY: _together(duties)}


def _together(slots: list[Ticks]) -> Ticks:
    every = np.concatenate([np.empty((0, 2), np.int64), *slots])
    return np.column_stack(merged(every[:, 0], every[:, 1]))
