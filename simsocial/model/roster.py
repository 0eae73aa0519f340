"""Who is on duty when: every agent a list of windows; engines know nothing else about people (R30)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields

import numpy as np
import numpy.typing as npt

from simsocial.model.piecewise import frozen

AWAY = ("away_agent", "away_start", "away_end", "away_why")
STAGES = ("stage_agent", "stage_start", "stage_end", "stage", "stage_since")
TWIN = ("twin_agent", "twin_start", "twin_end", "twin_gain")


def _nothing() -> npt.NDArray[np.int64]:
    return np.empty(0, np.int64)


def _no_numbers() -> npt.NDArray[np.float64]:
    return np.empty(0, np.float64)


@dataclass(frozen=True, eq=False)
class Roster:
    """The agents of one replication and their windows.

    Parameters
    ----------
    team
        Shape (agents,), team index; agents are in order of team, then of their number inside it.
    slots
        Shape (agents,), threads at once (R35).
    agent
        Shape (windows,), agent index, ascending.
    start, end
        Shape (windows,), ticks; an agent's windows ascend and do not overlap. They may reach beyond the horizon.
    pace
        Shape (windows,), multiplies work; includes what the slots cost (R35).
    quality
        Shape (windows,), multiplies rejection.
    serves
        Shape (windows,), index into ``Desk.rankings``.
    away_agent
        Shape (stretches,), agent index, in any order.
    away_start, away_end
        Shape (stretches,), ticks; paid time off duty, for the account of R46: it overlaps no window, and no other.
    away_why
        Shape (stretches,), :class:`~simsocial.model.away.Away`.
    stage_agent, stage_start, stage_end
        Shape (stages,), agent index and ticks, in any order: how long people are in which stage of their careers (R98).
    stage
        Shape (stages,), :class:`~simsocial.model.careers.Stage`.
    stage_since
        Shape (stages,), tick at which he was due who enters the stage as the stretch starts; ``NEVER`` where nobody
        enters it then; of ``EMPLOYED``, tick at which he began.
    twin_agent, twin_start, twin_end
        Shape (differences,), agent index and ticks, in any order: when he does more or less than in the untrained twin.
    twin_gain
        Shape (differences,), capacity that the team has more than the twin per unit of time; negative where he learns
        or teaches, positive on duty (R110).
    """

    team: npt.NDArray[np.int64]
    slots: npt.NDArray[np.int64]
    agent: npt.NDArray[np.int64]
    start: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]
    pace: npt.NDArray[np.float64]
    quality: npt.NDArray[np.float64]
    serves: npt.NDArray[np.int64]
    away_agent: npt.NDArray[np.int64]
    away_start: npt.NDArray[np.int64]
    away_end: npt.NDArray[np.int64]
    away_why: npt.NDArray[np.int64]
    stage_agent: npt.NDArray[np.int64] = field(default_factory=_nothing)
    stage_start: npt.NDArray[np.int64] = field(default_factory=_nothing)
    stage_end: npt.NDArray[np.int64] = field(default_factory=_nothing)
    stage: npt.NDArray[np.int64] = field(default_factory=_nothing)
    stage_since: npt.NDArray[np.int64] = field(default_factory=_nothing)
    twin_agent: npt.NDArray[np.int64] = field(default_factory=_nothing)
    twin_start: npt.NDArray[np.int64] = field(default_factory=_nothing)
    twin_end: npt.NDArray[np.int64] = field(default_factory=_nothing)
    twin_gain: npt.NDArray[np.float64] = field(default_factory=_no_numbers)

    def __post_init__(self) -> None:
        for name in ("team", "slots", "agent", "start", "end", "serves", *AWAY, *STAGES, *TWIN[:3]):
            object.__setattr__(self, name, frozen(getattr(self, name), np.int64))
        for name in ("pace", "quality", "twin_gain"):
            object.__setattr__(self, name, frozen(getattr(self, name), np.float64))
        assert (self.end > self.start).all()
        same = self.agent[1:] == self.agent[:-1]
        assert (np.diff(self.agent) >= 0).all()
        assert (self.start[1:] >= self.end[:-1])[same].all()

    @property
    def windows_of(self) -> npt.NDArray[np.int64]:
        """Shape (agents + 1,): agent k's windows are ``[windows_of[k], windows_of[k + 1])``."""
        return np.searchsorted(self.agent, np.arange(len(self.team) + 1))


def stacked(rosters: Sequence[Roster]) -> Roster:
    """Return the agents of several rosters as those of one, numbered on from roster to roster."""
    if len(rosters) == 1:
        return rosters[0]
    columns = {field.name: [getattr(roster, field.name) for roster in rosters] for field in fields(Roster)}
    first = np.cumsum([0] + [len(roster.team) for roster in rosters])
    for name in ("agent", "away_agent", "stage_agent", "twin_agent"):
        columns[name] = [column + begin for column, begin in zip(columns[name], first, strict=False)]
    return Roster(**{name: np.concatenate(column) for name, column in columns.items()})
