"""How many people a team has at an instant: those employed, in class and on leave too (R98, R103)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from simsocial.model.careers import Stage
from simsocial.model.roster import Roster
from simsocial.model.scenario import Scenario

Floats = npt.NDArray[np.float64]


def people(scenario: Scenario, roster: Roster, teams: Iterable[int], instant: npt.ArrayLike) -> Floats:
    """Return how many people are employed in ``teams`` (indexes) together; shape of ``instant``, ticks.

    Who is due and still waits for a class is not there yet, and a seat whose leaver has no successor is empty.

    Parameters
    ----------
    scenario, teams
        Whose people.
    roster
        Of a replication, or the planned one: as many leave in it as are to be expected (R93).
    instant
        Ticks.
    """
    at = np.asarray(instant, np.int64)
    return sum((_of_team(scenario, roster, team, at) for team in teams), start=np.zeros(at.shape))


def mean_people(scenario: Scenario, roster: Roster, team: int) -> float:
    """Return how many people are employed in a team, by index, averaged over the run."""
    if scenario.teams[team].career is None:
        return float(scenario.teams[team].headcount.average(np.array([0, scenario.horizon]))[0])
    mine = _employed(roster, team)
    start, end = (column[mine].clip(0, scenario.horizon) for column in (roster.stage_start, roster.stage_end))
    return float((end - start).sum()) / scenario.horizon


def _employed(roster: Roster, team: int) -> npt.NDArray[np.bool_]:
    """Return which stretches of development are of people employed in a team; shape (stages,)."""
    employed = (roster.stage >= Stage.IN_CLASS) & (roster.stage <= Stage.FULL)
    return np.asarray(employed & (roster.team[roster.stage_agent] == team))


def _of_team(scenario: Scenario, roster: Roster, team: int, at: npt.NDArray[np.int64]) -> Floats:
    if scenario.teams[team].career is None:
        return np.asarray(scenario.teams[team].headcount.at(at), np.float64)
    mine = _employed(roster, team)
    come, gone = (np.sort(column[mine]) for column in (roster.stage_start, roster.stage_end))
    there = np.searchsorted(come, at, side="right") - np.searchsorted(gone, at, side="right")
    return np.asarray(there, np.float64)
