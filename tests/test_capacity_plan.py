"""The weekly capacity plan against a fortnight worked by hand, and its workbook read back (R85)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from builders import ALWAYS, ShiftSpec, StepSpec, StreamSpec, TeamSpec, at, poisson, scenario, single_stage_scenario

import simsocial as ss
from simsocial.model.laws import Deterministic, Exponential
from simsocial.model.promises import Measured, Promise
from simsocial.model.scenario import RunSettings, Scenario
from simsocial.model.teams import Break
from simsocial.report.workbook import HEADINGS, write_workbook
from simsocial.study.outcomes import oldest
from simsocial.study.weeks import Weeks
from simsocial.units import DAY, HOUR, WEEK

WEDNESDAY = dt.datetime(2025, 1, 8)
OFFICE = tuple((day * DAY + 9 * HOUR, day * DAY + 17 * HOUR) for day in range(5))
WITHIN_8_H = Promise("completion", Measured.COMPLETION, 0, 8 * HOUR, None, 0.8, None)


def fortnight() -> Scenario:
    """Two agents, 9 to 17 with an hour's lunch at noon; four messages of 5 h on Wednesday, one on Saturday noon, eight
    on Monday.

    Nobody is preempted, so on a busy day each agent works 9–14 and 14–19, of which 7 h are in windows. Saturday's
    message is first on Monday, at whose end five are left; four of them go on Tuesday and the last on Wednesday.
    """
    wednesday, saturday, monday = 9 * HOUR, 3 * DAY + 12 * HOUR, 5 * DAY + 9 * HOUR
    lunch = ShiftSpec("day", OFFICE, breaks=(Break(3 * HOUR, HOUR),))
    stream = StreamSpec(
        "mentions",
        at(*[wednesday] * 4, saturday, *[monday] * 8),
        (StepSpec("respond", Deterministic(5 * HOUR)),),
        promises=(WITHIN_8_H,),
    )
    return scenario(stream, teams=(TeamSpec("desk", 2, shifts=(lunch,)),), horizon=12 * DAY, start=WEDNESDAY)


@pytest.fixture(scope="module")
def plan() -> pd.DataFrame:
    return ss.capacity_plan(ss.run(fortnight(), replications=2)).frame()


def of_team(plan: pd.DataFrame, column: str) -> list[float]:
    return plan.loc[plan["stage"] == "", column].tolist()


def test_weeks_are_those_of_the_calendar(plan: pd.DataFrame) -> None:
    assert of_team(plan, "week") == ["2025-W02", "2025-W03"]
    assert of_team(plan, "start") == [dt.date(2025, 1, 8), dt.date(2025, 1, 13)]
    assert of_team(plan, "days") == [5, 7]


def test_work_and_people_by_hand(plan: pd.DataFrame) -> None:
    """R85: 112 net of 128 paid hours, so an FTE of 40 paid hours has 35 in a week and 25 in five days."""
    assert of_team(plan, "volume_visits") == [5, 8]
    assert of_team(plan, "workload_h") == [25, 40]
    assert of_team(plan, "net_h") == [2 * 3 * 7, 2 * 5 * 7]
    assert of_team(plan, "required_fte") == pytest.approx([25 / 25, 40 / 35])
    assert of_team(plan, "available_fte") == pytest.approx([42 / 25, 70 / 35])
    assert of_team(plan, "over_under_fte") == pytest.approx([17 / 25, 30 / 35])


def test_work_carried_in_by_hand(plan: pd.DataFrame) -> None:
    """R85: Saturday's 5 h wait on Monday, so that the second week takes 45 h of 35 h each; over/under knows 40 only."""
    assert of_team(plan, "carried_in_h") == [0, 5]
    assert of_team(plan, "required_with_backlog_fte") == pytest.approx([25 / 25, 45 / 35])
    assert plan.loc[plan["stage"] != "", "carried_in_h"].tolist() == [0, 5]


def test_the_file_has_sensible_digits(tmp_path: Path) -> None:
    ss.write(ss.run(fortnight(), replications=2), tmp_path / "out")
    first = (tmp_path / "out" / "capacity_plan.csv").read_text(encoding="utf-8").splitlines()[2].split(",")
    assert first[:5] == ["2025-W03", "2025-01-13", "7.0", "desk", ""]
    assert first[5:14] == ["8.0", "40.0", "5.0", "70.0", "1.14", "1.29", "2.0", "0.86", "0.4571"]


def test_a_shorter_full_week_makes_more_equivalents() -> None:
    shorter = fortnight().but(run=RunSettings(full_week=20 * HOUR))
    frame = ss.capacity_plan(ss.run(shorter, replications=1)).frame()
    assert of_team(frame, "required_fte") == pytest.approx([2 * 25 / 25, 2 * 40 / 35])


def test_outcome_by_hand(plan: pd.DataFrame) -> None:
    """In time are two of the five due in the first week and one of the eight due in the second."""
    assert of_team(plan, "kept_share") == [2 / 5, 1 / 8]
    assert of_team(plan, "promised_share") == [0.8, 0.8]
    assert of_team(plan, "occupancy") == pytest.approx([14 / 42, (14 + 14 + 4) / 70])
    assert of_team(plan, "backlog_visits") == [1, 0]
    assert of_team(plan, "backlog_h") == [5, 0]
    assert of_team(plan, "oldest_age_h") == [36, 0]


def test_a_stage_has_the_work_and_the_outcome_of_its_team_and_no_people(plan: pd.DataFrame) -> None:
    team, stage = plan[plan["stage"] == ""], plan[plan["stage"] == "mentions.respond"]
    same = ["volume_visits", "workload_h", "kept_share", "backlog_visits", "backlog_h", "oldest_age_h", "p_behind_by"]
    pd.testing.assert_frame_equal(team[same].reset_index(drop=True), stage[same].reset_index(drop=True))
    assert stage[["net_h", "required_fte", "available_fte", "over_under_fte", "occupancy"]].isna().all(axis=None)
    assert set(stage["team"]) == {"desk"}


def test_p_behind_is_that_of_the_last_checkpoint_of_the_week() -> None:
    results = ss.run(ss.load("configs/quickstart.toml", overrides=["time.horizon='8 weeks'"]), replications=8)
    plan, series = ss.capacity_plan(results).frame(), results.series()
    by = series[(series["measure"] == "behind_by") & (series["step"] == "respond")]
    asked = plan[plan["stage"] == "mentions.respond"]
    expected = [
        by.loc[by["start"] <= pd.Timestamp(start) + pd.Timedelta(days=7), "value"].iloc[-1] for start in asked["start"]
    ]
    assert asked["p_behind_by"].tolist() == expected
    assert len(set(expected)) > 1


def test_work_of_several_teams_is_parted_by_net_capacity() -> None:
    """One agent and three who take twice as long share a queue: two fifths and three fifths of its work."""
    stream = StreamSpec("mentions", poisson(per_hour=1, horizon=WEEK), (StepSpec("respond", Exponential(HOUR)),))
    slow = ShiftSpec("always", ALWAYS, pace=2.0)
    teams = (TeamSpec("desk", 1), TeamSpec("pool", 3, shifts=(slow,)))
    plan = ss.capacity_plan(ss.run(scenario(stream, teams=teams, horizon=WEEK), replications=2))
    desk, pool = plan.teams
    assert [desk.workload_hours[0], pool.workload_hours[0]] == pytest.approx([168 * 2 / 5, 168 * 3 / 5])
    assert desk.staffing is not None
    assert pool.staffing is not None
    assert [desk.staffing.net_hours[0], pool.staffing.net_hours[0]] == pytest.approx([168, 252])
    assert pool.staffing.hours_per_fte[0] == pytest.approx(20)  # paid for 40 hours, worth 20 at pace 1
    assert pool.staffing.available_fte[0] == pytest.approx(3 * 168 / 40)


@pytest.mark.parametrize(("own", "desk_hours"), [(0.0, 84), (0.5, 112), (2.0, 168)])
def test_shared_work_goes_first_to_whom_it_leaves_time(own: float, desk_hours: float) -> None:
    """An hour of shared work per hour; the pool's own work takes none, half or more than all of its time.

    Half of what the desk has: the pool has 84 of 168 h left, so that two thirds of 168 h are the desk's.
    """
    streams = [StreamSpec("shared", poisson(per_hour=1, horizon=WEEK), (StepSpec("respond", Exponential(HOUR)),))]
    if own:
        streams.append(StreamSpec("own", poisson(per_hour=own, horizon=WEEK), streams[0].steps))
    serves = ("own.respond", "shared.respond") if own else ("shared.respond",)
    teams = (TeamSpec("desk", 1, serves=("shared.respond",)), TeamSpec("pool", 1, serves=serves))
    plan = ss.capacity_plan(ss.run(scenario(*streams, teams=teams, horizon=WEEK), replications=2))
    desk, pool = (line.workload_hours[0] for line in plan.teams)
    assert [desk, pool] == pytest.approx([desk_hours, 168 - desk_hours + own * 168])


def test_nobody_on_duty_makes_no_fte() -> None:
    world = single_stage_scenario(arrivals=at(0), work=Deterministic(HOUR), agents=0, horizon=DAY)
    frame = ss.capacity_plan(ss.run(world, replications=2)).frame()
    assert frame[["required_fte", "available_fte", "occupancy"]].isna().all(axis=None)
    assert frame["workload_h"].tolist() == [1, 1]


@pytest.mark.parametrize(
    ("changes", "edges"),
    [
        ({}, [0, 5 * DAY, 12 * DAY]),
        ({"warmup": 6 * DAY + 1}, [6 * DAY + HOUR, 12 * DAY]),
        ({"interval": 2 * DAY}, [0, 6 * DAY, 12 * DAY]),
        ({"interval": 4 * WEEK}, [0, 12 * DAY]),
        ({"start": WEDNESDAY + dt.timedelta(hours=12)}, [0, 4 * DAY + 12 * HOUR, 11 * DAY + 12 * HOUR, 12 * DAY]),
    ],
)
def test_weeks_consist_of_whole_intervals(changes: dict[str, object], edges: list[int]) -> None:
    weeks = Weeks.of(fortnight().but(**changes))
    assert weeks.edges.tolist() == edges


def test_the_oldest_joined_as_long_ago_as_others_that_wait_since() -> None:
    """Two an hour for two hours, then none; three wait after four hours: the first of them came after half an hour."""
    world = single_stage_scenario(arrivals=at(0), work=Deterministic(HOUR), horizon=4 * HOUR)
    weeks = Weeks.of(world)
    offered = np.array([2.0, 2, 0, 0])
    for waiting, age in ((3.0, 3.5), (4.0, 4.0), (5.0, 4.0), (1e-9, 2.0), (0.0, 0.0)):
        assert oldest(weeks, offered, np.array([0, 0, 0, waiting])).tolist() == pytest.approx([age], abs=1e-6)


# ---- the workbook ----------------------------------------------------------------------------------------------------


def test_workbook_holds_the_plan(tmp_path: Path) -> None:
    plan = ss.capacity_plan(ss.run(fortnight(), replications=2))
    write_workbook(plan, tmp_path / "plan.xlsx")
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    assert book.sheetnames == ["Teams", "Stages", "Columns"]
    sheet, table = book["Teams"], plan.table(*plan.teams)
    columns = {HEADINGS[name][0]: name for name in table}
    told = [[cell.value for cell in row] for row in sheet.iter_rows()]
    for place, heading in enumerate(told[0]):
        values = table[columns[heading]]
        expected = [dt.datetime.combine(each, dt.time()) if isinstance(each, dt.date) else each for each in values]
        written = [np.nan if row[place] is None else row[place] for row in told[1:]]
        if isinstance(expected[0], float):
            assert written == pytest.approx(expected, rel=1e-14, nan_ok=True), heading  # Excel keeps 16 digits
        else:
            assert written == expected, heading
    assert sheet.freeze_panes == "E2"
    assert sheet["B2"].number_format == "yyyy-mm-dd"
    assert book.properties.created == dt.datetime(2000, 1, 1)


def test_names_are_never_formulas(tmp_path: Path) -> None:
    stream = StreamSpec("=1+1", at(0), (StepSpec("respond", Deterministic(HOUR)),))
    world = scenario(stream, teams=(TeamSpec("=2+2", 1),), horizon=WEEK)
    write_workbook(ss.capacity_plan(ss.run(world, replications=1)), tmp_path / "plan.xlsx")
    stages = openpyxl.load_workbook(tmp_path / "plan.xlsx")["Stages"]
    assert [(cell.value, cell.data_type) for cell in (stages["D2"], stages["E2"])] == [
        ("=2+2", "s"),
        ("=1+1.respond", "s"),
    ]


def test_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    for seed, name in ((1, "one"), (1, "again"), (2, "other")):
        results = ss.run(
            ss.load("configs/quickstart.toml", overrides=["time.horizon='2 weeks'"]), replications=2, seed=seed
        )
        write_workbook(ss.capacity_plan(results), tmp_path / name)
    one, again, other = ((tmp_path / name).read_bytes() for name in ("one", "again", "other"))
    assert one == again
    assert one != other
