"""Files as planners keep them: numbers by the whole file, columns in any case, slips of the pen, what is advised."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from configs_in_short import faults, resolved
from tiny import tiny
from typer.testing import CliRunner

import simsocial as ss
from simsocial.cli import app
from simsocial.config.loading import load
from simsocial.draw.roster import compile_roster
from simsocial.errors import InputError
from simsocial.model.arrivals import RateArrivals
from simsocial.model.scenario import Scenario
from simsocial.units import DAY, HOUR, WEEK

NO_SHIFTS = 'teams.desk = { headcount = "-", shifts = "-" }'
FOUR_WEEKS = ("05.01.2026", "12.01.2026", "19.01.2026", "26.01.2026")


def put(folder: Path, name: str, *lines: str) -> None:
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def said(folder: Path, *changes: str) -> list[str]:
    return [fault.replace(f"{folder}/", "") for fault in faults(*changes, base=folder)]


def notes(scenario: Scenario) -> tuple[str, ...]:
    assert scenario.origin is not None
    return scenario.origin.read[0].notes


# ---- numbers by the whole file ---------------------------------------------------------------------------------------


def forecast(folder: Path, *columns: list[str], more: str = "") -> Scenario:
    rows = [";".join((week, *its)) for week, *its in zip(FOUR_WEEKS, *columns, strict=True)]
    put(folder, "f.csv", ";".join(("timestamp", "value", "lower", "upper")[: len(columns) + 1]), *rows)
    table = f'{{ file = "f.csv"{more} }}' if more else '"f.csv"'
    return resolved(f'streams.m.arrivals = {{ rate = "-", forecast = {table} }}', base=folder)


def weekly(scenario: Scenario) -> list[float]:
    found = scenario.streams[0].arrivals
    assert isinstance(found, RateArrivals)
    mass = np.concatenate([[0.0], np.cumsum(found.rates * np.diff(found.breaks))])
    return np.diff(np.interp(np.arange(5) * WEEK, found.breaks, mass)).round(6).tolist()


THOUSANDS = ["1.150", "1.050", "1.250", "1.300"]


@pytest.mark.parametrize("texts", [THOUSANDS, [text.replace(".", ",") for text in THOUSANDS]])
def test_thousands_or_decimals_are_asked_for(tmp_path: Path, texts: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        forecast(tmp_path, texts)
    (told,) = [fault.message for fault in caught.value.faults]
    thousands, decimals = (",", ".") if "." in texts[0] else (".", ",")
    assert told.startswith("can be read as 1150 or as 1.15, and no other number of the file tells which; write")
    for sign, meant in ((thousands, "1150"), (decimals, "1.15")):
        assert f'streams.m.arrivals.forecast = {{ file = "f.csv", decimal = "{sign}" }} for {meant}' in told
    by_thousands = weekly(forecast(tmp_path, texts, more=f', decimal = "{thousands}"'))
    by_decimals = weekly(forecast(tmp_path, texts, more=f', decimal = "{decimals}"'))
    assert by_thousands == [1150, 1050, 1250, 1300]
    assert by_decimals == [1.15, 1.05, 1.25, 1.3]


def test_one_number_decides_for_the_whole_file(tmp_path: Path) -> None:
    """The upper end of one week has a decimal comma, so points are between thousands in all columns."""
    low, high = ["900"] * 4, ["1.500", "1.500,5", "1.500", "1.500"]
    scenario = forecast(tmp_path, THOUSANDS, low, high, more=", band = 0.8")
    assert weekly(scenario) == [1150, 1050, 1250, 1300]
    assert {"decimal commas in value", "decimal commas in upper"} <= set(notes(scenario))
    points = forecast(tmp_path, ["1,150", "1,050", "0.5", "1,300"])
    assert weekly(points) == [1150, 1050, 0.5, 1300]
    assert "decimal points in value" in notes(points)


def test_a_file_with_both_signs_before_decimals_is_refused_unless_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r'"1,5" in value has a decimal comma, "0\.5" in lower a decimal point'):
        forecast(tmp_path, ["1,5"] * 4, ["0.5"] * 4)
    assert weekly(forecast(tmp_path, ["1,5"] * 4, ["0.5"] * 4, more=', decimal = ","')) == [1.5] * 4


def test_counts_that_can_be_read_in_two_ways_are_not_taken_for_fractions(tmp_path: Path) -> None:
    put(tmp_path, "c.csv", "timestamp;value", "05.01.2026;1.150", "06.01.2026;1.050")
    (told,) = said(tmp_path, 'streams.m.arrivals = { rate = "-", replay = "c.csv" }')
    assert "can be read as 1150 or as 1.15" in told
    put(tmp_path, "c.csv", "timestamp;value", "05.01.2026;1,5", "06.01.2026;2")
    broken = said(tmp_path, 'streams.m.arrivals = { rate = "-", replay = "c.csv" }')
    assert any(
        'write streams.m.arrivals.replay = { file = "c.csv", fractions = "by chance" }' in told for told in broken
    )


# ---- columns and teams -----------------------------------------------------------------------------------------------

ROTA = ("Ann;05.01.2026 09:00;05.01.2026 12:00;on duty", "Bob;05.01.2026 10:00;05.01.2026 14:00;on duty")
TWO_TEAMS = 'teams.night = { rota = "r.csv", serves = ["*"] }'


def rota(folder: Path, *more: str, head: str = "agent;start;end;activity", rows: tuple[str, ...] = ROTA) -> Scenario:
    put(folder, "r.csv", head, *rows)
    return resolved(NO_SHIFTS, 'teams.desk.rota = "r.csv"', *more, base=folder)


def agents(scenario: Scenario) -> list[tuple[str, ...]]:
    return [team.names for team in scenario.teams]


def test_columns_are_found_in_any_case(tmp_path: Path) -> None:
    rows = (f"{ROTA[0]};desk", f"{ROTA[1]};night")
    scenario = rota(tmp_path, TWO_TEAMS, head="Agent;START;End;Activity;Team", rows=rows)
    assert agents(scenario) == [("Ann",), ("Bob",)]
    put(tmp_path, "today.csv", "Stream,Age,Count", "m,2 h,3")
    (waiting,) = resolved('backlog = "today.csv"', base=tmp_path).streams[0].waiting
    assert len(waiting) == 3
    with pytest.raises(InputError, match="two columns are named 'team'"):
        rota(tmp_path, head="agent;start;end;activity;Team;TEAM", rows=tuple(f"{row};desk" for row in rows))


def test_nobody_is_on_duty_in_two_teams_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        rota(tmp_path, TWO_TEAMS)
    assert str(caught.value).endswith(
        "r.csv:2: Ann would be on duty in desk and in night at the same time; write whose row it is in a column "
        '\'team\', or teams.night.rota = { file = "r.csv", rows = { … = "…" } }'
    )


def test_rows_of_a_rota_are_chosen_by_other_names(tmp_path: Path) -> None:
    rows = tuple(f"{row};Social Care" for row in ROTA)
    with pytest.raises(InputError) as caught:
        rota(tmp_path, head="agent;start;end;activity;Team", rows=rows)
    advice = 'rows = { Team = "Social Care" }'
    assert f'call the team as the file does, or write teams.desk.rota = {{ file = "r.csv", {advice} }}' in str(
        caught.value
    )
    chosen = resolved(NO_SHIFTS, f'teams.desk.rota = {{ file = "r.csv", {advice} }}', base=tmp_path)
    assert agents(chosen) == [("Ann", "Bob")]


def test_a_rota_with_dates_and_clock_times(tmp_path: Path) -> None:
    """A night goes over midnight, and 24:00 is the next one."""
    rows = (
        "Ann;05.01.2026;22:00;06:00;on duty",
        "Bob;05.01.2026;09:00;12:00;on duty",
        "Bob;06.01.2026;20:00;24:00;on duty",
    )
    put(tmp_path, "r.csv", "agent;Datum;von;bis;activity", *rows)
    table = 'teams.desk.rota = { file = "r.csv", date = "Datum", start = "von", end = "bis" }'
    found = compile_roster(resolved(NO_SHIFTS, table, base=tmp_path))
    windows = sorted(zip(found.agent.tolist(), (found.start / HOUR).tolist(), (found.end / HOUR).tolist(), strict=True))
    assert windows == [(0, 22, 30), (1, 9, 12), (1, 44, 48)]
    put(tmp_path, "r.csv", "agent;Datum;von;bis;activity", "Ann;05.01.2026;08:00;08:00;on duty")
    assert said(tmp_path, NO_SHIFTS, table) == ['r.csv:2: bis: ends when it begins (got "08:00")']


# ---- slips of the pen ------------------------------------------------------------------------------------------------


def looked_at(scenario: Scenario) -> list[str]:
    return [
        remark.text for remark in ss.check(scenario).remarks if "covers" not in remark.text and remark.where == "desk"
    ]


def test_check_points_at_slips_of_the_pen_in_a_rota(tmp_path: Path) -> None:
    week = 'time.horizon = "7 days"'
    assert looked_at(rota(tmp_path, week)) == []
    rows = (
        "Eve;05.01.2026 09:00;08.01.2026 12:00;on duty",
        "Joe;05.01.2025 09:00;05.01.2025 12:00;on duty",
        "Sue;05.01.2026 09:00;05.01.2026 12:00;leave",
        "ann ;07.01.2026 09:00;07.01.2026 12:00;on duty",
    )
    assert looked_at(rota(tmp_path, week, rows=ROTA + rows)) == [
        "on duty for more than a day without a pause: Eve for 3.12 days from Mon 2026-01-05 09:00",
        "1 row of its file lies outside the run: Joe from Sun 2025-01-05 09:00",
        "never on duty in the run: Joe; Sue",
        "names that may be those of one person: 'Ann' and 'ann'",
    ]


def test_required_headcounts_may_last_for_days(tmp_path: Path) -> None:
    """Negative control: their agents are numbers, not people."""
    put(tmp_path, "h.csv", "start;end;headcount", "05.01.2026;02.02.2026;2")
    assert looked_at(resolved(NO_SHIFTS, 'teams.desk.headcount_by_interval = "h.csv"', base=tmp_path)) == []


# ---- what is advised -------------------------------------------------------------------------------------------------


def test_a_whole_table_is_advised_where_only_the_name_of_the_file_is_written(tmp_path: Path) -> None:
    """What is advised, put in the place of what was written, works."""
    put(tmp_path, "h.csv", "Datum;Fest", "06.01.2026;Heilige Drei Könige")
    (told,) = said(tmp_path, 'calendars.office = { hours = "always", holidays = "h.csv" }')
    advised = 'calendars.office.holidays = { file = "h.csv", date = "Datum" }'
    assert told == f"h.csv:1: no column 'date'; there are: Datum, Fest; write {advised}, or whichever it is"
    assert resolved('calendars.office.hours = "always"', advised, base=tmp_path).calendars[0].holidays


def test_columns_are_offered_only_where_they_are_near(tmp_path: Path) -> None:
    put(tmp_path, "r.csv", "Mitarbeiter;Beginn;Ende;Tätigkeit", *ROTA)
    assert said(tmp_path, NO_SHIFTS, 'teams.desk.rota = "r.csv"') == [
        "r.csv:1: no columns 'agent', 'start', 'end', 'activity'; there are: Mitarbeiter, Beginn, Ende, Tätigkeit; "
        'write teams.desk.rota = { file = "r.csv", agent = "…", start = "Beginn", end = "Ende", activity = "…" }, '
        "with the column that it is in the place of …"
    ]


def test_keys_are_advised_where_a_table_is_written(tmp_path: Path) -> None:
    put(tmp_path, "r.csv", "Wer;start;end;activity", *ROTA)
    text = (tiny(tmp_path)).read_text(encoding="utf-8")
    shifts = next(line for line in text.splitlines() if line.startswith("shifts.day"))
    changed = text.replace("headcount = 1", 'rota = { file = "r.csv", zone = "UTC" }', 1).replace(shifts, "", 1)
    (tmp_path / "named.toml").write_text(changed, encoding="utf-8")
    with pytest.raises(InputError, match=r'write agent = "…" in teams\.desk\.rota, with the column'):
        load(tmp_path / "named.toml")


def test_unknown_activities_are_told_once_with_a_table_to_paste(tmp_path: Path) -> None:
    rows = tuple(
        f"Ann;{day:02}.01.2026 09:00;{day:02}.01.2026 12:00;{'Urlaub' if day > 8 else 'Dienst'}" for day in range(5, 11)
    )
    with pytest.raises(InputError) as caught:
        rota(tmp_path, rows=rows)
    (told,) = caught.value.faults
    assert told.message == (
        'unknown activities: "Dienst" (4), "Urlaub" (2); write teams.desk.rota = { file = "r.csv", '
        'activities = { "Dienst" = "…", "Urlaub" = "…" } }, each one of "on duty", "break", "meeting", "other duty", '
        '"leave", "absent", "off"'
    )


# ---- time ------------------------------------------------------------------------------------------------------------


def test_a_forecast_of_whole_weeks_suffices_for_a_run_that_begins_in_the_morning(tmp_path: Path) -> None:
    """R76: 700, 1400, … a week, evenly; the last 8 h have the level of the last week, and the cv is the band's."""
    put(
        tmp_path,
        "f.csv",
        "timestamp,value,lower,upper",
        *(f"2026-01-{5 + 7 * k:02},{v},{v - 90},{v + 90}" for k, v in enumerate((700, 1400))),
    )
    banded = 'streams.m.arrivals = { rate = "-", forecast = { file = "f.csv", band = 0.9 } }'
    late, early = (
        resolved(banded, f'time = {{ start = {start}, horizon = "2 weeks" }}', base=tmp_path)
        for start in ("2026-01-05T08:00:00", "2026-01-05")
    )
    found, whole = late.streams[0].arrivals, early.streams[0].arrivals
    assert isinstance(found, RateArrivals)
    assert isinstance(whole, RateArrivals)
    assert found.breaks.tolist() == [0, WEEK - 8 * HOUR, 2 * WEEK]
    assert found.rates * DAY == pytest.approx([100, 200])
    assert found.day_cv == whole.day_cv > 0
    assert "the last interval's level goes on for 8 h, to the end of the run" in notes(late)
    assert f"its band gives every date a factor with a cv of {whole.day_cv:.3g}" in notes(early)
    (told,) = said(tmp_path, banded, 'time = { start = 2026-01-06T08:00:00, horizon = "2 weeks" }')
    assert "but the run goes from" in told


def test_a_band_that_nobody_asked_for_is_pointed_at(tmp_path: Path) -> None:
    found = notes(forecast(tmp_path, ["7"] * 4, ["6"] * 4, ["8"] * 4))
    advised = 'streams.m.arrivals.forecast = { file = "f.csv", band = 0.8 }'
    assert f"lower and upper look like a band; to use it, write {advised}, or which share it holds" in found


def test_a_start_at_fault_adds_no_second_fault(tmp_path: Path) -> None:
    put(tmp_path, "f.csv", "timestamp,value", "2027-01-05,7", "2027-01-12,7")
    put(tmp_path, "today.csv", "stream,since", "m,2027-01-04")
    wrong = ('streams.m.arrivals = { rate = "-", forecast = "f.csv" }', 'backlog = "today.csv"')
    (told,) = said(tmp_path, *wrong, 'time.start = "05.01.2027"')
    assert told.startswith("time.start: write a date")
    assert len(said(tmp_path, *wrong)) == 2  # negative control


# ---- open items and the command line ---------------------------------------------------------------------------------


def test_columns_of_open_items_are_named_as_in_other_files(tmp_path: Path) -> None:
    put(tmp_path, "t.csv", "Kanal;Schritt;offen seit;Anzahl", "m;respond;04.01.2026 22:00;3")
    table = 'backlog = { file = "t.csv", stream = "Kanal", step = "Schritt", since = "offen seit", count = "Anzahl" }'
    scenario = resolved(table, base=tmp_path)
    (waiting,) = scenario.streams[0].waiting
    assert isinstance(waiting.age, np.ndarray)
    assert waiting.age.tolist() == [2 * HOUR] * 3
    (read,) = ss.check(scenario).files
    assert read.columns == (("Kanal", "stream"), ("Schritt", "step"), ("offen seit", "since"), ("Anzahl", "count"))
    put(tmp_path, "t.csv", "Kanal;Schritt;offen seit;Anzahl", "n;respond;04.01.2026 22:00;3")
    assert said(tmp_path, table) == ["t.csv:2: Kanal: there is no stream 'n'; known here: m"]


def test_a_missing_file_of_open_items_names_the_option(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["check", str(tiny(tmp_path)), "--from-backlog", "nope.csv"])
    assert done.exit_code == 2
    assert done.output.startswith("--from-backlog nope.csv: there is no such file")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"PK\x03\x04\x14\x00", "r.csv: is a workbook, not text; export its sheet as CSV UTF-8"),
        ("agent;start\nMüller;x\n".encode("cp1252"), "r.csv:2: is not text in UTF-8; save it as CSV UTF-8"),
        ("agent;start\n".encode("utf-16"), "r.csv:1: is text in UTF-16; save it as CSV UTF-8"),
    ],
)
def test_what_a_spreadsheet_saved_in_another_way_is_told(tmp_path: Path, data: bytes, told: str) -> None:
    (tmp_path / "r.csv").write_bytes(data)
    assert told in said(tmp_path, NO_SHIFTS, 'teams.desk.rota = "r.csv"')[0]


# ---- splits and words ------------------------------------------------------------------------------------------------

SPLIT = "streams.m.split = { de = 0.7, en = 0.3 }"


def test_a_split_stream_is_served_by_its_parts() -> None:
    assert faults(SPLIT, 'teams.desk.serves = ["m.respond"]') == [
        "teams.desk.serves.0: m is split; write m.*.respond for all parts, or one, such as m.de.respond"
    ]
    assert resolved(SPLIT, 'teams.desk.serves = ["m.*.respond"]').desk.rankings


@pytest.mark.parametrize("split", ["{ de = 0.7 }", '{ de = "most", en = 0.3 }', '"de"'])
def test_a_wrong_split_brings_no_other_faults(split: str) -> None:
    (told,) = faults(f"streams.m.split = {split}", 'teams.desk.serves = ["m.de.respond", "m.en.respond", "m.fr.*"]')
    assert told.startswith("streams.m.split")


def test_words_that_are_no_weekdays_are_named() -> None:
    told = "there is no weekday 'Mo'; known: Mon, Tue, Wed, Thu, Fri, Sat, Sun"
    assert faults('teams.desk.meetings.all = "Mo 09:00-10:00"') == [
        f'teams.desk.meetings.all: {told} (got "Mo 09:00-10:00")'
    ]
    assert resolved('teams.desk.absence = "6 %"').teams[0].absent_share == 0.06
