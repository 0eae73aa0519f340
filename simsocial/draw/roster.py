"""Who is on duty when: laid out once for all replications, and thinned by who is absent, learns or has left in each
(R30–R35, R78–R84, R92–R97)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from simsocial.draw.outages import DrawStretches, plan_outages, stopped
from simsocial.draw.people.absence import draw_absence
from simsocial.draw.people.careers import Lives
from simsocial.draw.people.development import Development, rankings_without, stage_columns
from simsocial.draw.people.dips import pace_of_dates
from simsocial.draw.people.spans import Bools, Index, Spans, Stretches, Weeks
from simsocial.draw.people.teams import TeamTime, lay_out_team
from simsocial.draw.randomness import Dice, Kind
from simsocial.model.alike import said
from simsocial.model.away import Away
from simsocial.model.roster import Roster
from simsocial.model.scenario import Scenario
from simsocial.model.teams import Team
from simsocial.units import WEEK


@dataclass(frozen=True, eq=False)
class RosterPlan:
    """What the rosters of all replications have in common; make one with :meth:`of`.

    Parameters
    ----------
    teams
        What they are.
    times
        Their time, by team.
    weeks
        Whose dates it counts.
    outages
        By team, what draws when it cannot work (R109).
    fails_at_random
        Whether some of that is not planned.
    """

    teams: tuple[Team, ...]
    times: tuple[TeamTime, ...]
    weeks: Weeks
    outages: tuple[DrawStretches, ...]
    fails_at_random: bool

    @classmethod
    def of(cls, scenario: Scenario, *, until: int | None = None) -> RosterPlan:
        """Lay out the time of every agent over ``[0, until)``.

        Parameters
        ----------
        scenario
            Teams, shifts and the start.
        until
            Ticks; by default three weeks beyond the horizon, and as far as every calendar's next checkpoint, because
            R49 compares the backlog at the last checkpoint with the capacity up to the next one.
        """
        until = _laid_out_until(scenario) if until is None else until
        weeks = Weeks.of(scenario.start, until)
        of_teams = [
            [outage for outage in scenario.outages if number in outage.teams] for number in range(len(scenario.teams))
        ]
        return cls(
            teams=scenario.teams,
            times=tuple(lay_out_team(team, weeks) for team in scenario.teams),
            weeks=weeks,
            outages=tuple(plan_outages(outages, start=scenario.start, until=until) for outages in of_teams),
            fails_at_random=any(outage.is_random for outages in of_teams for outage in outages),
        )

    @property
    def is_random(self) -> bool:
        """Whether rosters of different replications differ."""
        leaves = (time.careers is not None and time.careers.is_random for time in self.times)
        return self.fails_at_random or any(team.absent_share for team in self.teams) or any(leaves)

    def draw(self, *, seed: int, replication: int) -> Roster:
        """Return the roster of one replication: :attr:`planned` itself where nothing is random.

        Parameters
        ----------
        seed, replication
            As in :meth:`simsocial.draw.messages.Plan.draw`.
        """
        if not self.is_random:
            return self.planned
        dice = Dice(seed, replication)
        absent = [self._absent(number, dice) for number in range(len(self.teams))]
        lives = [
            time.careers.draw(dice(team.name, Kind.LEAVING), those) if time.careers else None
            for team, time, those in zip(self.teams, self.times, absent, strict=True)
        ]
        return stopped(self._with(absent, lives), [draw(dice) for draw in self.outages])

    @cached_property
    def planned(self) -> Roster:
        """The roster in which nobody is absent and nothing fails but as planned (R84, R109), and people leave as
        expected (R93)."""
        absent = [np.zeros_like(time.works) for time in self.times]
        lives = [
            time.careers.expected(none) if time.careers else None for time, none in zip(self.times, absent, strict=True)
        ]
        return stopped(self._with(absent, lives), [draw(None) for draw in self.outages])

    def _absent(self, number: int, dice: Dice) -> Bools:
        team, works = self.teams[number], self.times[number].works
        if team.absence is None:
            return np.zeros_like(works)
        uniforms = dice(team.name, Kind.ABSENCE)
        return draw_absence(team.absence, uniforms, agents=len(works), weeks=len(self.weeks.numbers))

    def _with(self, absent: list[Bools], lives: list[Lives | None]) -> Roster:
        """Return the roster when, by team, those are absent, shape (agents, dates) each, and careers are those."""
        everyone = _flat(absent)
        off = [life.off_the_desk if life else False for life in lives]
        called = _flat(
            [
                time.calls.called(each | not_there, each & time.works)
                for time, each, not_there in zip(self.times, absent, off, strict=True)
            ]
        )
        windows, away = self._windows, self._away
        happens = away.certain | (everyone[away.place] == away.absent)
        if any(lives):
            every = [life or self._unchanged(time) for life, time in zip(lives, self.times, strict=True)]
            return self._developed(every, everyone, called[windows.call], happens)
        on_duty = ~everyone[windows.place]
        on_duty[windows.is_call] = called[windows.call]
        return self._roster(_kept(windows.columns, on_duty) | _kept(away.columns, happens))

    def _developed(self, lives: list[Lives], absent: Bools, called: Bools, happens: Bools) -> Roster:
        """Return the roster when careers are those; ``happens`` is what absence leaves of other paid time."""
        made, windows, away = Development.of(lives, absent), self._windows, self._away
        left, taken, twin = made.divided(
            windows.columns, windows.place, calls=windows.is_call, called=called, without=self._without
        )
        others = _kept(away.columns, happens & made.there[away.place])
        both = {name: np.concatenate([others[name], taken[name]]) for name in others}
        return self._roster(left | both | twin | stage_columns(lives, self._agents_before))

    def _unchanged(self, time: TeamTime) -> Lives:
        return Lives.unchanged(*time.works.shape)

    def _roster(self, columns: dict[str, Any]) -> Roster:
        slots = np.array([team.slots for team in self.teams], dtype=np.int64)[self._team]
        for column in columns.values():
            column.flags.writeable = False  # so that nothing is copied once more
        return Roster(team=self._team, slots=slots, **columns)

    @cached_property
    def _agents_before(self) -> Index:
        """Shape (teams + 1,)."""
        return np.cumsum([0, *(len(time.works) for time in self.times)])

    @cached_property
    def _without(self) -> Index:
        ranked = [post.ranking for team in self.teams for post in team.posts]
        return rankings_without(self.teams, max(ranked, default=-1) + 1)

    @cached_property
    def _team(self) -> Index:
        """Shape (agents,)."""
        return np.repeat(np.arange(len(self.teams)), [len(time.works) for time in self.times])

    @cached_property
    def _windows(self) -> _Windows:
        return _windows(self.teams, self.times, self.weeks)

    @cached_property
    def _away(self) -> _Away:
        return _away(self.times, self.weeks)


def staffed_by(scenario: Scenario) -> Hashable:
    """Return something that is equal for scenarios which have the same roster in a replication of the same seed."""
    return said((scenario.teams, scenario.outages)), scenario.start, _laid_out_until(scenario)


def _laid_out_until(scenario: Scenario) -> int:
    after = [int(calendar.next_checkpoint(scenario.horizon)) for calendar in scenario.calendars]
    return max(scenario.horizon + 3 * WEEK, *after, 0)


def compile_roster(scenario: Scenario, *, until: int | None = None) -> Roster:
    """Return the roster in which nobody is absent; see :class:`RosterPlan`."""
    return RosterPlan.of(scenario, until=until).planned


@dataclass(frozen=True, eq=False)
class _Windows:
    """All windows that may be.

    Parameters
    ----------
    columns
        As in :class:`~simsocial.model.roster.Roster`, shape (windows,) each.
    place
        Shape (windows,), of its agent and date among all teams' absence.
    is_call
        Shape (calls,), which windows are calls.
    call
        Shape (calls,), their places among all teams' calls.
    """

    columns: Mapping[str, npt.NDArray[np.generic]]
    place: Index
    is_call: Index
    call: Index


@dataclass(frozen=True, eq=False)
class _Away:
    """All other paid time that may be; ``certain`` is leave, and what a rota says of leave and absence (R68); of the
    rest ``absent`` is what happens to those who are absent."""

    columns: Mapping[str, npt.NDArray[np.generic]]
    place: Index
    certain: Bools
    absent: Bools


def _windows(teams: tuple[Team, ...], times: tuple[TeamTime, ...], weeks: Weeks) -> _Windows:
    candidates = [time.calls.candidates() for time in times]
    calls_before = np.cumsum([0, *(time.calls.free.size for time in times)])
    posts_before = np.cumsum([0, *(len(team.posts) for team in teams)])
    parts, call = [], []
    for number, (team, time) in enumerate(zip(teams, times, strict=True)):
        called, place = candidates[number]
        parts += [time.windows.at(posts_before[number]), called.at(posts_before[number] + len(team.shifts))]
        call += [np.full(len(time.windows.agent), -1), place + calls_before[number]]
    agent, spans = _joined(parts, times)
    order = np.lexsort((spans.start, agent))
    agent, spans, which = agent[order], spans.only(order), np.concatenate([np.zeros(0, np.int64), *call])[order]
    posts = [(post, team.slot_pace) for team in teams for post in team.posts]
    pace = np.array([post.pace * slot_pace for post, slot_pace in posts])[spans.post]  # R35
    dipping = any(team.dips for team in teams)
    columns = {
        "agent": agent,
        "start": spans.start,
        "end": spans.end,
        "pace": pace * _dips(teams, times, weeks)[agent, spans.date] if dipping else pace,  # R104
        "quality": np.array([post.quality for post, _ in posts])[spans.post],
        "serves": np.array([post.ranking for post, _ in posts], dtype=np.int64)[spans.post],
    }
    is_call = np.flatnonzero(which >= 0)
    return _Windows(columns, agent * weeks.dates + spans.date, is_call, which[is_call])


def _dips(teams: tuple[Team, ...], times: tuple[TeamTime, ...], weeks: Weeks) -> npt.NDArray[np.float64]:
    """Return what multiplies the pace of every agent on every date; shape (agents, dates)."""
    by_team = np.array([pace_of_dates(team.dips, weeks.midnights) for team in teams])
    return np.repeat(by_team, [len(time.works) for time in times], axis=0)


def _away(times: tuple[TeamTime, ...], weeks: Weeks) -> _Away:
    agent, spans = _joined([time.away for time in times], times)
    columns = {"away_agent": agent, "away_start": spans.start, "away_end": spans.end, "away_why": spans.post}
    certain = _flat([time.certain for time in times])
    return _Away(columns, agent * weeks.dates + spans.date, certain, spans.post == Away.ABSENT)


def _joined(parts: list[Stretches], times: tuple[TeamTime, ...]) -> tuple[Index, Spans]:
    """Return the stretches of teams, equally many of each, one after another, agents counted through all teams."""
    spans, part = Spans.joined([each.spans for each in parts])
    agents_before = np.cumsum([0, *(len(time.works) for time in times)])
    agent = np.concatenate([np.zeros(0, np.int64), *(each.agent for each in parts)])
    return agent + agents_before[part * len(times) // max(len(parts), 1)], spans


def _flat(by_team: list[Bools]) -> Bools:
    return np.concatenate([np.zeros(0, np.bool_), *(each.ravel() for each in by_team)])


def _kept(columns: Mapping[str, npt.NDArray[np.generic]], which: Bools) -> dict[str, Any]:
    """Return those rows of all columns."""
    rows = np.flatnonzero(which)
    return {name: column[rows] for name, column in columns.items()}
