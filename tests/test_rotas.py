"""Rotas and required headcounts of files against shifts that say the same, and against hand-worked weeks (R68, R69)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from io import StringIO
from pathlib import Path

import pytest
from configs_in_short import BASE, changed, faults, resolved
from rich.console import Console
from tiny import TINY, tiny

import simsocial as ss
from simsocial.draw.roster import compile_roster
from simsocial.model.roster import Roster
from simsocial.model.scenario import Scenario
from simsocial.report.rota_report import rota_report
from simsocial.study.check import Concern
from simsocial.units import HOUR

MONDAY = dt.datetime(2026, 1, 5)
ARRAYS = (
    "team",
    "slots",
    "agent",
    "start",
    "end",
    "pace",
    "quality",
    "serves",
    "away_agent",
    "away_start",
    "away_end",
    "away_why",
)

NO_SHIFTS = 'teams.desk = { headcount = "-", shifts = "-" }'


def at(day: int, clock: str) -> str:
    hours, minutes = map(int, clock.split(":"))
    return str(MONDAY + dt.timedelta(days=day, hours=hours, minutes=minutes))


def written(folder: Path, rows: Iterable[Iterable[str]], *, head: str = "agent,start,end,activity") -> str:
    (folder / "rota.csv").write_text("\n".join([head, *map(",".join, rows)]) + "\n", encoding="utf-8")
    return "rota.csv"


def by_rota(folder: Path, *changes: str, rota: str = '"rota.csv"') -> Scenario:
    return resolved(NO_SHIFTS, f"teams.desk.rota = {rota}", *changes, base=folder)


def told(folder: Path, *changes: str, rota: str = '"rota.csv"') -> list[str]:
    found = faults(NO_SHIFTS, f"teams.desk.rota = {rota}", *changes, base=folder)
    return [fault.replace(f"{folder}/", "") for fault in found]


def same(one: Roster, other: Roster) -> bool:
    return all(getattr(one, name).tobytes() == getattr(other, name).tobytes() for name in ARRAYS)


def windows(scenario: Scenario, agent: int) -> list[tuple[float, float]]:
    roster = compile_roster(scenario)
    mine = roster.agent == agent
    return [(s / HOUR, e / HOUR) for s, e in zip(roster.start[mine], roster.end[mine], strict=True)]


# ---- a rota that says what shifts say --------------------------------------------------------------------------------


def office_weeks(agents: Iterable[str], weeks: int) -> list[tuple[str, str, str, str]]:
    """Monday to Friday 09:00-17:00 with a break of half an hour at noon, as in the shifts below."""
    stretches = (("09:00", "12:00", "on duty"), ("12:00", "12:30", "break"), ("12:30", "17:00", "on duty"))
    return [
        (agent, at(7 * week + day, begin), at(7 * week + day, end), activity)
        for agent in agents
        for week in range(weeks)
        for day in range(5)
        for begin, end, activity in stretches
    ]


def two_ways(folder: Path, rows: list[tuple[str, str, str, str]]) -> tuple[Scenario, Scenario]:
    """Return the tiny desk by shifts and by a rota."""
    lunch = ', break = { after = "3 h", length = "30 min" } }'
    text = TINY.replace('hours = "09:00-17:00" }', f'hours = "09:00-17:00"{lunch}', 1).replace(
        "headcount = 1", "headcount = 2", 1
    )
    (folder / "shifts.toml").write_text(text, encoding="utf-8")
    shifts = next(line for line in text.splitlines() if lunch in line)
    by_name = text.replace(shifts, "").replace("headcount = 2", f'rota = "{written(folder, rows)}"')
    (folder / "rota.toml").write_text(by_name, encoding="utf-8")
    return ss.load(folder / "shifts.toml"), ss.load(folder / "rota.toml")


@pytest.mark.parametrize("engine", ["simpy", "numpy"])
def test_a_rota_that_says_what_shifts_say_gives_the_same_bytes(tmp_path: Path, engine: str) -> None:
    """The rota goes on for as long after the horizon as shifts are laid out, which R49 looks at."""
    by_shifts, by_name = two_ways(tmp_path, office_weeks(["Ann", "Bob"], 7))
    assert same(compile_roster(by_shifts), compile_roster(by_name))
    for name, scenario in (("shifts", by_shifts), ("rota", by_name)):
        ss.write(ss.run(scenario, replications=2, engine=engine, log=True), tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "shifts").iterdir())
    assert {"summary.csv", "replications.parquet", "visits.parquet"} < set(files)
    for name in files:
        if name != "provenance.json":
            assert (tmp_path / "rota" / name).read_bytes() == (tmp_path / "shifts" / name).read_bytes(), name


def test_a_minute_less_is_another_roster(tmp_path: Path) -> None:
    """Negative control of the comparison above."""
    rows = office_weeks(["Ann", "Bob"], 7)
    rows[2] = (*rows[2][:2], at(0, "16:59"), rows[2][3])
    by_shifts, by_name = two_ways(tmp_path, rows)
    assert not same(compile_roster(by_shifts), compile_roster(by_name))


def test_both_engines_tell_the_same_of_a_rota(tmp_path: Path) -> None:
    _, by_name = two_ways(tmp_path, office_weeks(["Ann", "Bob"], 2))
    assert ss.verify(by_name, replications=3).difference is None


# ---- rows ------------------------------------------------------------------------------------------------------------


def test_people_are_numbered_as_the_file_first_names_them_and_work_any_hours(tmp_path: Path) -> None:
    """Eva works a night, Bob a short morning and a week later an afternoon; rows stand in no order."""
    rows = [
        ("Eva", at(0, "22:00"), at(1, "06:00"), "On Duty"),
        ("Bob", at(7, "13:00"), at(7, "15:30"), "on duty"),
        ("Bob", at(0, "08:00"), at(0, "10:15"), "on duty"),
        ("Bob", at(0, "10:15"), at(0, "10:30"), "Break"),
        ("Bob", at(0, "10:30"), at(0, "18:00"), "off"),
    ]
    scenario = by_rota(tmp_path, rota=f'"{written(tmp_path, rows)}"')
    rota = scenario.teams[0].rota
    assert rota is not None
    assert rota.agents == ("Eva", "Bob")
    assert windows(scenario, 0) == [(22, 30)]
    assert windows(scenario, 1) == [(8, 10.25), (168 + 13, 168 + 15.5)]
    roster = compile_roster(scenario)
    assert (roster.away_agent.tolist(), roster.away_start.tolist()) == ([1], [int(10.25 * HOUR)])


def test_what_began_before_the_run_counts_from_its_start(tmp_path: Path) -> None:
    rows = [("Ann", at(-1, "22:00"), at(0, "06:00"), "on duty"), ("Ann", at(-2, "09:00"), at(-2, "17:00"), "on duty")]
    written(tmp_path, rows)
    assert windows(by_rota(tmp_path), 0) == [(0, 6)]


def test_teams_take_their_rows_of_one_file(tmp_path: Path) -> None:
    rows = [
        ("Ann", at(0, "09:00"), at(0, "12:00"), "on duty", "desk"),
        ("Ann", at(0, "12:00"), at(0, "13:00"), "on duty", "night"),
        ("Bob", at(0, "20:00"), at(1, "04:00"), "on duty", "night"),
    ]
    written(tmp_path, rows, head="agent,start,end,activity,team")
    scenario = by_rota(tmp_path, 'teams.night = { rota = "rota.csv", serves = ["*"] }')
    assert [windows(scenario, agent) for agent in range(3)] == [[(9, 12)], [(12, 13)], [(20, 28)]]
    assert told(tmp_path, 'teams.nigt = { rota = "rota.csv", serves = ["*"] }') == [
        'rota.csv: team: no row with "nigt"; there are night (2), desk (1); call the team as the file does, '
        'or write teams.nigt.rota = { file = "rota.csv", rows = { team = "…" } }'
    ]


def test_people_of_a_rota_are_told_by_name_others_by_number(tmp_path: Path) -> None:
    rows = [("Ann", at(0, "09:00"), at(0, "12:00"), "on duty"), ("Bob", at(0, "09:00"), at(0, "12:00"), "on duty")]
    written(tmp_path, rows)
    (tmp_path / "heads.csv").write_text("start,headcount\n2026-01-05 13:00,2\n2026-01-05 14:00,0\n", encoding="utf-8")
    scenario = by_rota(tmp_path, 'teams.more = { headcount_by_interval = "heads.csv", serves = ["*"] }')
    duties = ss.duties(scenario, weeks=1)
    assert [(duty.team, duty.agent, duty.name) for duty in duties] == [
        ("desk", 0, "Ann"), ("desk", 1, "Bob"), ("more", 0, None), ("more", 1, None),
    ]  # fmt: skip
    console = Console(width=100, record=True, file=StringIO())
    console.print(rota_report(duties))
    told = [line.split() for line in console.export_text().splitlines()]
    assert ["Mon", "2026-01-05", "desk", "Ann,", "Bob", "Mon", "09:00–12:00"] in told
    assert ["Mon", "2026-01-05", "more", "0–1", "Mon", "13:00–14:00"] in told


def test_words_of_the_file_mean_what_the_config_says(tmp_path: Path) -> None:
    rows = [("Ann", at(0, "09:00"), at(0, "12:00"), "Dienst"), ("Ann", at(0, "12:00"), at(0, "13:00"), "Pause (bez.)")]
    written(tmp_path, rows, head="Wer,start,end,Was")
    words = 'activities = { Dienst = "on duty", "Pause (bez.)" = "break" }'
    rota = f'{{ file = "rota.csv", agent = "Wer", activity = "Was", {words} }}'
    assert windows(by_rota(tmp_path, rota=rota), 0) == [(9, 12)]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (
            [("Ann", at(0, "09:00"), at(0, "12:00"), "on duty"), ("Bob", at(0, "09:00"), at(0, "12:00"), "on duty"),
             ("Ann", at(0, "11:30"), at(0, "13:00"), "break")],
            ["rota.csv:4: agent: overlaps line 2 of Ann, 2026-01-05 09:00 to 2026-01-05 12:00; "
             "write one after the other"],
        ),
        (
            [("Ann", at(0, "12:00"), at(0, "12:30"), "break"), ("Ann", at(0, "09:00"), at(0, "17:00"), "on duty"),
             ("Ann", at(0, "13:00"), at(0, "14:00"), "off")],
            ["rota.csv:3: agent: overlaps line 2 of Ann, 2026-01-05 12:00 to 2026-01-05 12:30; "
             "write one after the other",
             "rota.csv:4: agent: overlaps line 3 of Ann, 2026-01-05 09:00 to 2026-01-05 17:00; "
             "write one after the other"],
        ),
        (
            [("Ann", at(0, "09:00"), at(0, "12:00"), "lunch")],
            ['rota.csv: activity: unknown activities: "lunch" (1); write teams.desk.rota = { file = "rota.csv", '
             'activities = { "lunch" = "…" } }, each one of "on duty", "break", "meeting", "other duty", "leave", '
             '"absent", "off"'],
        ),
        (
            [("Ann", at(0, "22:00"), at(0, "06:00"), "on duty")],
            ["rota.csv:2: end: ends before it begins (got 2026-01-05 22:00:00 to 2026-01-05 06:00:00); "
             "a shift over midnight ends on the next date"],
        ),
        ([(" ", at(0, "09:00"), at(0, "12:00"), "on duty")], ["rota.csv:2: agent: write who works then (got nothing)"]),
        (
            [("Ann", "9 am", at(0, "12:00"), "on duty")],
            ['rota.csv:2: start: write a date and time such as 2026-01-05 09:00 (got "9 am")'],
        ),
    ],
)  # fmt: skip
def test_rows_at_fault_are_told_with_their_lines(tmp_path: Path, rows: list[tuple[str, ...]], found: list[str]) -> None:
    written(tmp_path, rows)
    assert told(tmp_path) == found


def test_rows_that_touch_do_not_overlap(tmp_path: Path) -> None:
    """Negative control of the overlaps above."""
    rows = [("Ann", at(0, "12:00"), at(0, "17:00"), "on duty"), ("Ann", at(0, "09:00"), at(0, "12:00"), "on duty")]
    written(tmp_path, rows)
    assert windows(by_rota(tmp_path), 0) == [(9, 12), (12, 17)]


@pytest.mark.parametrize(
    "key",
    [
        "shifts.all.hours = 'always'",
        "rotate = []",
        "changes = {}",
        "holidays = 'office'",
        "leave = '25 days / year'",
        "on_call.late = 'Mon 18:00-20:00'",
    ],
)
def test_what_goes_with_shifts_is_refused_beside_a_rota(tmp_path: Path, key: str) -> None:
    name = key.replace(".", " ").split()[0]
    assert (
        f"teams.desk.{name}: goes with headcount, not with rota; leave it out: one place says who is there when"
        in told(tmp_path, f"teams.desk.{key}")
    )


def test_a_team_says_in_one_way_who_works_when() -> None:
    assert faults('teams.desk.rota = "rota.csv"') == [
        "teams.desk: write a table with exactly one of headcount, rota, headcount_by_interval; "
        "take out headcount or rota (got headcount and rota)"
    ]
    assert "desk" in changed()["teams"]
    assert BASE["teams"]["desk"]["headcount"] == 2


def test_check_points_at_a_rota_that_ends_before_the_run(tmp_path: Path) -> None:
    short, long = (two_ways(tmp_path, office_weeks(["Ann", "Bob"], weeks))[1] for weeks in (2, 3))
    said = [remark.text for remark in ss.check(short).remarks if remark.where == "desk"]
    assert said == [
        "its file covers Mon 2026-01-05 09:00 to Fri 2026-01-16 17:00; nobody is on duty in the rest of the run"
    ]
    beyond = two_ways(tmp_path, office_weeks(["Ann", "Bob"], 4))[1]
    (outside,) = [remark.text for remark in ss.check(beyond).remarks if remark.where == "desk"]
    assert "rows of its file lie outside the run: Ann from Mon 2026-01-26 09:00; " in outside
    assert not [remark for remark in ss.check(long).remarks if "lie outside" in remark.text]
    assert ss.check(long).teams[0].agents == 2


def test_a_rota_of_weekdays_is_whole_where_only_a_weekend_is_left(tmp_path: Path) -> None:
    """R65: on a calendar of business days nothing is open from Friday evening to the horizon on Sunday night."""
    office = """
        calendars.office.hours = "Mon-Fri 09:00-17:00"
        streams.m.promises.first_response = { within = "4 h", share = 0.8, clock = "office" }
    """
    whole, cut = (
        by_rota(tmp_path, office, rota=f'"{written(tmp_path, office_weeks(["Ann"], weeks))}"') for weeks in (4, 3)
    )
    assert [each for each in ss.check(whole).remarks if each.concern is Concern.SHORT_ROTA] == []
    (remark,) = (each for each in ss.check(cut).remarks if each.concern is Concern.SHORT_ROTA)
    assert remark.text.startswith("its file covers Mon 2026-01-05 09:00 to Fri 2026-01-23 17:00")


# ---- required headcount ----------------------------------------------------------------------------------------------


def required(folder: Path, text: str, *, table: str = '"heads.csv"') -> Scenario:
    (folder / "heads.csv").write_text(text, encoding="utf-8")
    changes = f"teams.desk.headcount_by_interval = {table}"
    return resolved(NO_SHIFTS, changes, base=folder)


def test_the_last_to_come_goes_first(tmp_path: Path) -> None:
    """1, 3, 2, 0, 1 an hour from 08:00: agent 0 stays till 11 and comes back at 12, 1 works 9-11, 2 works 9-10."""
    heads = "".join(f"{at(0, f'{8 + hour:02d}:00')},{n}\n" for hour, n in enumerate((1, 3, 2, 0, 1)))
    scenario = required(tmp_path, "start,headcount\n" + heads)
    assert [windows(scenario, agent) for agent in range(3)] == [[(8, 11), (12, 13)], [(9, 11)], [(9, 10)]]
    assert len(compile_roster(scenario).team) == 3


def test_intervals_may_say_their_end_in_any_order(tmp_path: Path) -> None:
    rows = [(at(0, "12:00"), at(0, "13:30"), "1"), (at(0, "09:00"), at(0, "10:00"), "2")]
    scenario = required(tmp_path, "start,end,headcount\n" + "\n".join(map(",".join, rows)))
    assert [windows(scenario, agent) for agent in range(2)] == [[(9, 10), (12, 13.5)], [(9, 10)]]


def test_a_headcount_as_shifts_have_it_gives_the_same_roster(tmp_path: Path) -> None:
    """Two from Monday 09:00 to 17:00, a week long: as two agents of a Monday's shift."""
    rows = f"{at(0, '09:00')},{at(0, '17:00')},2\n"
    by_file = required(tmp_path, "start,end,headcount\n" + rows)
    shifts = 'teams.desk.shifts.all = { days = "Mon", hours = "09:00-17:00" }'
    by_shift = resolved(shifts, base=tmp_path)
    first, second = (compile_roster(scenario, until=168 * HOUR) for scenario in (by_file, by_shift))
    assert same(first, second)


def test_of_the_hour_that_the_clock_repeats_the_first_counts(tmp_path: Path) -> None:
    """25 October 2026: 00:00, 01:00 and 02:00 in UTC are 02:00, 02:00 and 03:00 in Berlin."""
    (tmp_path / "heads.csv").write_text(
        "start,headcount\n" + "".join(f"2026-10-25T0{hour}:00Z,{heads}\n" for hour, heads in enumerate((2, 1, 1)))
    )
    time = 'time = { start = 2026-10-25, horizon = "1 day", zone = "Europe/Berlin" }'
    scenario = resolved(NO_SHIFTS, 'teams.desk.headcount_by_interval = "heads.csv"', time, base=tmp_path)
    assert [windows(scenario, agent) for agent in range(2)] == [[(2, 4)], [(2, 3)]]


@pytest.mark.parametrize(
    ("text", "table", "found"),
    [
        ("start,headcount\n2026-01-05,1.5\n", '"heads.csv"', "heads.csv:2: headcount: write a whole number, 0 or more"),
        ("start,headcount\n2026-01-05,1\n", '"heads.csv"', "headcount_by_interval.interval: missing; the file has a"),
        (
            "start,end,headcount\n2026-01-05,2026-01-07,1\n2026-01-06,2026-01-08,1\n",
            '"heads.csv"',
            "heads.csv:3: start: overlaps line 2, 2026-01-05 00:00 to 2026-01-07 00:00; write one after the other",
        ),
        (
            "start,headcount\n2026-01-05,1\n2026-01-06,1\n",
            '{ file = "heads.csv", interval = "2 days" }',
            "headcount_by_interval.interval: is longer than the 24 h between two rows of the file; write at most that",
        ),
        ("start,headcount\n2026-01-05,1\n2026-01-05,1\n", '"heads.csv"', "heads.csv:3: start: time stands still"),
    ],
)
def test_headcounts_at_fault(tmp_path: Path, text: str, table: str, found: str) -> None:
    (tmp_path / "heads.csv").write_text(text, encoding="utf-8")
    changes = f"teams.desk.headcount_by_interval = {table}"
    said = faults(NO_SHIFTS, changes, base=tmp_path)
    assert len(said) == 1
    assert found in said[0]


def test_both_engines_tell_the_same_of_required_headcounts(tmp_path: Path) -> None:
    tiny(tmp_path)
    hours = [at(day, f"{hour:02d}:00") for day in range(21) for hour in range(24)]
    rows = "".join(f"{hour},{number % 3}\n" for number, hour in enumerate(hours))
    (tmp_path / "heads.csv").write_text("start,headcount\n" + rows, encoding="utf-8")
    text = (tmp_path / "tiny.toml").read_text(encoding="utf-8")
    shifts = next(line for line in text.splitlines() if line.startswith("shifts.day"))
    text = text.replace("headcount = 1", 'headcount_by_interval = "heads.csv"', 1).replace(shifts, "", 1)
    (tmp_path / "heads.toml").write_text(text, encoding="utf-8")
    assert ss.verify(ss.load(tmp_path / "heads.toml"), replications=3).difference is None
