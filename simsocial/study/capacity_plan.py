"""The weekly capacity plan: work against people in hours and full-time equivalents, and what comes of it (R85)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from simsocial.measure.behind.stages import Stage
from simsocial.measure.columns import PLAN, PLAN_OF_EMPLOYEES, Column
from simsocial.measure.offered import Offered, offered
from simsocial.measure.people import people
from simsocial.measure.support import support_ratio
from simsocial.model.adoption import enabled_of
from simsocial.model.capacity import Capacity, capacity
from simsocial.model.scenario import Scenario
from simsocial.simulation.results import Results, Table
from simsocial.study.outcomes import Outcome, outcome
from simsocial.study.shared_work import parts
from simsocial.study.weeks import Weeks, series_named
from simsocial.units import DAY, HOUR

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Staffing:
    """Hours and people of a team; shapes (weeks,).

    Parameters
    ----------
    net_hours
        What the people on duty can do, in hours of work at pace 1.
    hours_per_fte
        Net hours of a full-time equivalent.
    workload_hours
        Expected work of the team, rework included.
    carried_hours
        Work of what waited for the team at the beginning of the week.
    occupancy
        Share of the time on duty that was at work.
    """

    net_hours: Floats
    hours_per_fte: Floats
    workload_hours: Floats
    carried_hours: Floats
    occupancy: Floats

    @property
    def required_fte(self) -> Floats:
        return self._fte(self.workload_hours)

    @property
    def required_with_backlog_fte(self) -> Floats:
        return self._fte(self.workload_hours + self.carried_hours)

    @property
    def available_fte(self) -> Floats:
        return self._fte(self.net_hours)

    def _fte(self, hours: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):  # of a team that is never on duty
            return np.where(self.hours_per_fte > 0, hours / self.hours_per_fte, np.nan)


@dataclass(frozen=True, eq=False)
class Line:
    """The weeks of a team, or of one of the stages; shapes (weeks,).

    Parameters
    ----------
    team
        Its name; of a stage, all teams that serve it.
    stage
        Its name; empty for a team.
    volume
        Expected visits, rework included.
    workload_hours
        Their expected work at pace 1.
    carried_hours
        Drawn work of what waited at the beginning of the week; of a team, its part.
    employees_hours
        What of it comes from streams whose rate counts enabled employees (R102).
    support_ratio
        Enabled employees per person of the team at the end of each week (R103); no numbers for a stage.
    staffing
        Hours and people; ``None`` for a stage.
    outcome
        What came of it in the simulation.
    """

    team: str
    stage: str
    volume: Floats
    workload_hours: Floats
    carried_hours: Floats
    employees_hours: Floats
    support_ratio: Floats
    staffing: Staffing | None
    outcome: Outcome


@dataclass(frozen=True, eq=False, repr=False)
class CapacityPlan:
    """What is planned and expected in each week.

    Parameters
    ----------
    weeks
        ISO weeks after the warm-up; the first and last may be cut.
    teams, stages
        In the scenario's order.
    """

    weeks: Weeks
    teams: tuple[Line, ...]
    stages: tuple[Line, ...]

    def __repr__(self) -> str:
        return f"<CapacityPlan of {len(self.teams)} teams and {len(self.stages)} stages over {len(self.weeks)} weeks>"

    def frame(self) -> pd.DataFrame:
        """Return one row per team and week, then one per stage and week."""
        import pandas as pd

        return pd.DataFrame(self.table(*self.teams, *self.stages))

    @property
    def columns(self) -> tuple[Column, ...]:
        """What its tables say; of employees only where the scenario has adoption."""
        return PLAN + PLAN_OF_EMPLOYEES if self.weeks.scenario.adoptions else PLAN

    @property
    def enabled(self) -> Floats:
        """Employees enabled in each week, mean over its days; shape (weeks,)."""
        adoptions, weeks = self.weeks.scenario.adoptions, pairwise(self.weeks.edges.tolist())
        return np.array([enabled_of(adoptions, np.arange(*week, DAY)).mean() for week in weeks])

    def table(self, *lines: Line) -> Table:
        """Return the columns of some of the lines below one another."""
        parts = [self._columns(line) for line in lines]
        return {column.name: [value for part in parts for value in part[column.name]] for column in self.columns}

    def _columns(self, line: Line) -> dict[str, list[Any]]:
        count, fared = len(self.weeks), line.outcome
        numbers = {
            "volume_visits": line.volume,
            "workload_h": line.workload_hours,
            "carried_in_h": line.carried_hours,
            **_staffing_columns(line.staffing, count),
            "kept_share": fared.kept,
            "promised_share": fared.promised,
            "backlog_visits": fared.backlog,
            "backlog_h": fared.backlog_hours,
            "oldest_age_h": fared.oldest_hours,
            "p_behind_by": fared.behind_by,
            "enabled_employees": enabled_of(self.weeks.scenario.adoptions, self.weeks.edges[1:] - 1),
            "support_ratio": line.support_ratio,
        }
        return {
            "week": self.weeks.names,
            "start": self.weeks.starts,
            "days": self.weeks.days.tolist(),
            "team": [line.team] * count,
            "stage": [line.stage] * count,
            **{name: column.tolist() for name, column in numbers.items()},
        }


def _staffing_columns(staffing: Staffing | None, count: int) -> dict[str, Floats]:
    names = ("net_h", "required_fte", "required_with_backlog_fte", "available_fte", "over_under_fte", "occupancy")
    if staffing is None:
        return dict.fromkeys(names, np.full(count, np.nan))
    required, available = staffing.required_fte, staffing.available_fte
    fte = (required, staffing.required_with_backlog_fte, available, available - required)
    return dict(zip(names, (staffing.net_hours, *fte, staffing.occupancy), strict=True))


def capacity_plan(results: Results) -> CapacityPlan:
    """Put together what workforce planners forward: volume, workload, people and outcome of every week (R85).

    Volume and workload are expected (R53), in the week of a message's arrival; hours on duty and everything that comes
    of them are means over the replications.

    Parameters
    ----------
    results
        From :func:`simsocial.run`.
    """
    scenario, weeks = results.scenario, Weeks.of(results.scenario)
    coming = offered(scenario, results.roster, weeks.edges)
    able = capacity(results.roster, rankings=len(scenario.desk.rankings), edges=weeks.edges)
    part = parts(scenario.desk, coming.work, able)
    return CapacityPlan(
        weeks=weeks,
        teams=tuple(_of_team(results, weeks, coming, able, part[team], team) for team in range(len(scenario.teams))),
        stages=tuple(_of_stage(results, weeks, coming, stage) for stage in _stages(results)),
    )


def _stages(results: Results) -> tuple[Stage, ...]:
    return tuple(each.stage for each in results.stage_outlooks)


def _of_stage(results: Results, weeks: Weeks, coming: Offered, stage: Stage) -> Line:
    queues = list(stage.queues)
    return Line(
        team=stage.team,
        stage=stage.name,
        volume=coming.visits[queues].sum(axis=0),
        workload_hours=coming.work[queues].sum(axis=0) / HOUR,
        carried_hours=_carried(results, weeks, stage),
        employees_hours=(coming.work * _by_employees(results.scenario))[queues].sum(axis=0) / HOUR,
        support_ratio=np.full(len(weeks), np.nan),
        staffing=None,
        outcome=outcome(results, weeks, (stage,), stage.name),
    )


def _of_team(results: Results, weeks: Weeks, coming: Offered, able: Capacity, part: Floats, team: int) -> Line:
    name = results.scenario.desk.teams[team]
    served = tuple(stage for stage in _stages(results) if team in stage.teams)
    workload = (coming.work * part).sum(axis=0) / HOUR
    carried = sum((_carried(results, weeks, stage) * part[stage.queues[0]] for stage in served), np.zeros(len(weeks)))
    there = people(results.scenario, results.roster, (team,), weeks.edges[1:] - 1)
    return Line(
        team=name,
        stage="",
        volume=(coming.visits * part).sum(axis=0),
        workload_hours=workload,
        carried_hours=carried,
        employees_hours=(coming.work * part * _by_employees(results.scenario)).sum(axis=0) / HOUR,
        support_ratio=support_ratio(results.scenario, there, weeks.edges[1:] - 1),
        staffing=_staffing(results, weeks, able, team, workload, carried),
        outcome=outcome(results, weeks, served, name),
    )


def _carried(results: Results, weeks: Weeks, stage: Stage) -> Floats:
    """Return the work that waits for a stage as the weeks begin, hours; what is there at the start is workload."""
    return weeks.at_beginning(series_named(results, (stage.stream, stage.step, "", "backlog_work")))


def _by_employees(scenario: Scenario) -> Floats:
    """Return 1 for the queues of streams whose rate counts enabled employees, else 0; shape (queues, 1)."""
    driven = [scenario.streams[queue.stream].employees is not None for queue in scenario.desk.queues]
    return np.array(driven, dtype=np.float64)[:, None]


def _staffing(results: Results, weeks: Weeks, able: Capacity, team: int, workload: Floats, carried: Floats) -> Staffing:
    name = results.scenario.desk.teams[team]
    mine = [index for index, ranking in enumerate(results.scenario.desk.rankings) if ranking.team == team]
    on_duty, net = able.on_duty[mine].sum(axis=0), able.net[mine].sum(axis=0)
    hours = weeks.total(series_named(results, ("", "", name, "on_duty")))
    with np.errstate(divide="ignore", invalid="ignore"):  # weeks off
        net_hours = hours * np.where(on_duty > 0, net / on_duty, 1.0)
        occupancy = weeks.total(series_named(results, ("", "", name, "busy"))) / hours
    paid, worked = (results.by_name["", "", name, measure].value for measure in ("paid", "on_duty"))
    net_share = worked / paid * net_hours.sum() / hours.sum() if paid > 0 and hours.sum() > 0 else 0.0
    per_fte = results.scenario.run.full_week / HOUR * net_share * weeks.days / 7
    return Staffing(net_hours, per_fte, workload, carried, occupancy)
