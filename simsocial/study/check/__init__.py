"""What is known before any simulation: load against capacity, gaps in who is on duty, and the size of the run (R65)."""

from __future__ import annotations

from dataclasses import dataclass

from simsocial.draw.roster import RosterPlan
from simsocial.measure.fluid import forecast
from simsocial.model.files import FileRead
from simsocial.model.scenario import Scenario
from simsocial.study.check.concerns import Concern as Concern
from simsocial.study.check.concerns import Remark as Remark
from simsocial.study.check.estimate import Estimate as Estimate
from simsocial.study.check.estimate import estimate
from simsocial.study.check.headcount import Headcount as Headcount
from simsocial.study.check.headcount import headcounts
from simsocial.study.check.remarks import remarks
from simsocial.study.check.rows import StageLoad as StageLoad
from simsocial.study.check.rows import StageWeek as StageWeek
from simsocial.study.check.rows import StreamLoad as StreamLoad
from simsocial.study.check.rows import TeamLoad as TeamLoad
from simsocial.study.check.rows import TeamWeek as TeamWeek
from simsocial.study.check.rows import stage_load, stage_weeks, stream_load, team_load, team_weeks
from simsocial.study.check.shrinkage import Shrinkage as Shrinkage
from simsocial.study.check.shrinkage import shrinkage


@dataclass(frozen=True)
class Check:
    """What is known of a scenario before it is run, as rows.

    Parameters
    ----------
    scenario
        Its name.
    streams, stages, teams
        In the scenario's order.
    stage_weeks, team_weeks
        The fluid forecast (R53), by stage or team, then week.
    shrinkage
        Paid time by what it is spent on, by team.
    headcounts
        People by stage of development over time, of teams whose people come, learn or leave.
    remarks
        What should be looked at.
    files
        How the files that the config names were read (R72).
    estimate
        Size of the run.
    """

    scenario: str
    streams: tuple[StreamLoad, ...]
    stages: tuple[StageLoad, ...]
    teams: tuple[TeamLoad, ...]
    stage_weeks: tuple[StageWeek, ...]
    team_weeks: tuple[TeamWeek, ...]
    shrinkage: tuple[Shrinkage, ...]
    headcounts: tuple[Headcount, ...]
    remarks: tuple[Remark, ...]
    files: tuple[FileRead, ...]
    estimate: Estimate

    @property
    def first_overloaded(self) -> StageLoad | None:
        """The stage that is overloaded first (of several, the first in order); ``None`` when none is."""
        overloaded = [(stage.first_overloaded, stage) for stage in self.stages if stage.first_overloaded is not None]
        return min(overloaded, key=lambda pair: pair[0])[1] if overloaded else None


def check(scenario: Scenario) -> Check:
    """Look at a scenario without simulating it.

    Parameters
    ----------
    scenario
        What the world is.
    """
    plan = RosterPlan.of(scenario)
    roster = plan.planned
    made = forecast(scenario, roster)
    starts = [scenario.when(edge) for edge in made.edges[:-1]]
    return Check(
        scenario=scenario.name,
        streams=tuple(stream_load(scenario, roster, made, index) for index in range(len(scenario.streams))),
        stages=tuple(stage_load(scenario, stage, made) for stage in made.stages),
        teams=tuple(team_load(scenario, roster, index, made) for index in range(len(scenario.teams))),
        stage_weeks=tuple(row for stage in made.stages for row in stage_weeks(stage, starts)),
        team_weeks=tuple(row for team in made.teams for row in team_weeks(team, starts)),
        shrinkage=shrinkage(scenario, roster),
        headcounts=tuple(headcounts(scenario, roster)),
        remarks=tuple(remarks(scenario, plan, made)),
        files=scenario.origin.read if scenario.origin else (),
        estimate=estimate(made, scenario),
    )


def serious_remarks(scenario: Scenario) -> tuple[Remark, ...]:
    """Return the remarks that make the verdict of a run meaningless (R65)."""
    plan = RosterPlan.of(scenario)
    made = forecast(scenario, plan.planned)
    return tuple(remark for remark in remarks(scenario, plan, made) if remark.concern.serious)
