"""Files as exports are: separators, marks, commas, ways to write instants, time zones, and what check tells of them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from configs_in_short import faults, resolved

import simsocial as ss
from simsocial.config.csv_columns import read_csv
from simsocial.config.csv_files import CsvFile
from simsocial.config.csv_instants import Clock, read_format
from simsocial.config.locating import Locator
from simsocial.draw.messages import Plan
from simsocial.errors import InputError
from simsocial.measure.volume import expected_arrivals
from simsocial.model.arrivals import ReplayCounts, ReplayStamps
from simsocial.model.files import FileRead
from simsocial.units import DAY, HOUR, MINUTE


def column(folder: Path, text: str, *wanted: str) -> CsvFile:
    file = folder / "c.csv"
    file.write_text(text, encoding="utf-8")
    return read_csv(file, columns=dict.fromkeys(wanted), where=Locator(), at="x.replay.file", name="c.csv")


def said(folder: Path, text: str, *, clock: Clock | None = None) -> list[str]:
    """Return the faults of a column of numbers, or of instants if there is a clock."""
    with pytest.raises(InputError) as caught:
        _ = numbers(folder, text) if clock is None else instants(folder, text, clock)
    return [str(fault).replace(f"{folder}/", "") for fault in caught.value.faults]


def numbers(folder: Path, text: str) -> list[float]:
    return column(folder, text, "v").numbers("v").tolist()


def instants(folder: Path, text: str, clock: Clock) -> list[dt.datetime]:
    return column(folder, text, "v").instants("v", clock=clock).astype(dt.datetime).tolist()


def listed(values: list[str]) -> str:
    return "\n".join(["v;w", *(f"{value};1" for value in values)])


# ---- separators ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_any_separator_with_or_without_a_mark(tmp_path: Path, sign: str, mark: str) -> None:
    file = column(tmp_path, f"{mark}v{sign}w\r\n1{sign}2\r\n\r\n3{sign}4\r\n", "v", "w")
    assert file.numbers("v").tolist() == [1, 3]
    assert file.lines == [2, 4]
    assert file.told("c.csv", "x").notes == (("a byte-order mark",) if mark else ())


def test_of_two_signs_in_a_header_the_one_by_which_the_columns_are_there(tmp_path: Path) -> None:
    assert column(tmp_path, "when, local;v\nx, y;7\n", "v").numbers("v").tolist() == [7]
    assert column(tmp_path, "v,how; why\n7,x; y\n", "v").numbers("v").tolist() == [7]


def test_a_comma_that_might_be_of_decimals_is_told_so(tmp_path: Path) -> None:
    assert said(tmp_path, "v\n0,5\n") == [
        "c.csv:2: this row has 2 fields, the header 1; quote numbers with decimal commas, or write points"
    ]


# ---- numbers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "numbers", "style"),
    [
        (["1.5", "2", "1e3"], [1.5, 2, 1000], "decimal points"),
        (["5", "1e3"], [5, 1000], None),
        (["1,5", "1,234", "2"], [1.5, 1.234, 2], "decimal commas"),
        (["0,250"], [0.25], "decimal commas"),
        (["1.234,5", "1.234", "-3,0"], [1234.5, 1234, -3], "decimal commas"),
        (["1,234.5", "1,234", "7.25"], [1234.5, 1234, 7.25], "decimal points"),
        (["1,234,567"], [1234567], "decimal points"),
    ],
)
def test_numbers_with_commas_are_read_where_only_one_reading_fits(
    tmp_path: Path, texts: list[str], numbers: list[float], style: str | None
) -> None:
    file = column(tmp_path, listed(texts), "v")
    assert file.numbers("v").tolist() == numbers
    assert file.told("c.csv", "x").notes == ((f"{style} in v",) if style else ())


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (
            ["5", "1,234", "2,345"],
            [
                "c.csv:3: v: can be read as 1234 or as 1.234, and no other number of the file tells which; "
                'write x.replay = { file = "c.csv", decimal = "." } for 1234, '
                'x.replay = { file = "c.csv", decimal = "," } for 1.234 (got "1,234")'
            ],
        ),
        (
            ["1,5", "1,234.5"],
            [
                'c.csv:2: v: "1,5" in v has a decimal comma, "1,234.5" in v a decimal point; write all numbers alike, '
                'or x.replay = { file = "c.csv", decimal = "," } (got "1,5")'
            ],
        ),
        (
            ["1,5", "1.5"],
            [
                'c.csv:2: v: "1,5" in v has a decimal comma, "1.5" in v a decimal point; write all numbers alike, '
                'or x.replay = { file = "c.csv", decimal = "," } (got "1,5")'
            ],
        ),
        (["1,23,4"], ['c.csv:2: v: write a number (got "1,23,4")']),
        (["1,234,567", "1,2,3"], ['c.csv:3: v: write a number (got "1,2,3")']),
    ],
)
def test_numbers_that_can_be_read_in_two_ways_are_refused(tmp_path: Path, texts: list[str], found: list[str]) -> None:
    assert said(tmp_path, listed(texts)) == found


# ---- instants --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "pattern"),
    [
        (["2026-03-04 05:06:07", "2026-03-04T17:06"], None),
        (["4.3.2026 05:06:07", "04.03.2026 17:06"], None),
        (["2026/3/4 5:06:07", "2026/03/04 17:06"], None),
        (["3/4/2026 5:06:07 AM", "3/4/2026 5:06 PM", "3/13/2026"], None),
        (["04/03/2026, 5:06:07", "04/03/2026 17:06", "13/03/2026"], None),
        (["3/4/2026 05:06:07", "3/4/2026 17:06:00"], "%m/%d/%Y %H:%M:%S"),
        (["Mar 4 2026 05:06:07", "Mar 4 2026 17:06:00"], "%b %d %Y %H:%M:%S"),
        (["18367", "61560"], "s since 2026-03-04"),
    ],
)
def test_instants_are_read_as_exports_write_them(tmp_path: Path, texts: list[str], pattern: str | None) -> None:
    quoted = "v;w\n" + "".join(f'"{text}";1\n' for text in texts)
    clock = Clock(read_format(pattern)) if pattern else Clock()
    found = column(tmp_path, quoted, "v").instants("v", clock=clock)
    assert found[:2].astype(dt.datetime).tolist() == [dt.datetime(2026, 3, 4, 5, 6, 7), dt.datetime(2026, 3, 4, 17, 6)]


def test_noon_and_midnight_by_twelve_hours(tmp_path: Path) -> None:
    file = column(tmp_path, listed(["1/13/2026 12:05 am", "1/13/2026 12:05 pm"]), "v")
    assert [instant.hour for instant in file.instants("v").astype(dt.datetime).tolist()] == [0, 12]


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (
            ["3/4/2026 17:06", "5/4/2026 17:06"],
            "c.csv:2: v: can be read as month/day or day/month; "
            'write x.replay = { file = "c.csv", format = "%m/%d/%Y %H:%M" }, or as it is (got "3/4/2026 17:06")',
        ),
        (
            ["13/1/2026", "1/13/2026"],
            'c.csv:3: v: begins with the month while "13/1/2026" begins with the day; '
            'write x.replay = { file = "c.csv", format = "%m/%d/%Y" }, or as it is (got "1/13/2026")',
        ),
        (
            ["13/1/2026", "2026-01-13"],
            "c.csv:3: v: is written as year-month-day, but most of the column as a date with slashes; write all alike "
            '(got "2026-01-13")',
        ),
        (["30.2.2026"], 'c.csv:2: v: there is no such date (got "30.2.2026")'),
        (["2026-02-30"], 'c.csv:2: v: there is no such date (got "2026-02-30")'),
        (["5.2.2026 24:00"], 'c.csv:2: v: a day has no 24:00; write 00:00 of the next date (got "5.2.2026 24:00")'),
        (["5.2.2026 9:60"], 'c.csv:2: v: there is no such time of day (got "5.2.2026 9:60")'),
        (["5.2.26"], 'c.csv:2: v: write the year with four digits, such as 5.2.2026 (got "5.2.26")'),
        (["2026-2-5"], 'c.csv:2: v: write a date and time such as 2026-01-05 09:00 (got "2026-2-5")'),
        (["1/13/2026 13:00 PM"], 'c.csv:2: v: there is no such time of day (got "1/13/2026 13:00 PM")'),
        (
            ["KW14.2026", "6.4.2026", "13.4.2026"],
            'c.csv:2: v: write a date and time such as 2026-01-05 09:00 (got "KW14.2026")',
        ),
        (
            ["2026-04-05", "6.4.2026", "13.4.2026"],
            "c.csv:2: v: is written as year-month-day, but most of the column as day.month.year; write all alike "
            '(got "2026-04-05")',
        ),
        (["1770000000"], 'c.csv:2: v: write a date and time such as 2026-01-05 09:00 (got "1770000000")'),
    ],
)
def test_instants_that_can_be_read_in_two_ways_or_in_none_are_refused(
    tmp_path: Path, texts: list[str], found: str
) -> None:
    assert said(tmp_path, listed(texts), clock=Clock()) == [found]


def test_a_format_that_does_not_fit(tmp_path: Path) -> None:
    clock = Clock(read_format("%d/%m/%Y"))
    assert said(tmp_path, listed(["2026-01-05"]), clock=clock) == [
        'c.csv:2: v: write it as the format says: "%d/%m/%Y" (got "2026-01-05")'
    ]
    for wrong in ("dd/mm/yyyy", "s since then", 5, "%"):
        with pytest.raises(ValueError, match="write "):
            read_format(wrong)


# ---- time zones ------------------------------------------------------------------------------------------------------

BERLIN = ZoneInfo("Europe/Berlin")


def stamped(
    folder: Path, texts: list[str], *, more: str = "", start: str = "2026-03-29", zone: str = ""
) -> list[float]:
    """Return the arrivals of stamps in hours of the day of the start."""
    (folder / "s.csv").write_text("timestamp\n" + "\n".join(texts) + "\n", encoding="utf-8")
    replay = f'streams.m.arrivals = {{ rate = "-", replay = {{ file = "s.csv", kind = "stamps"{more} }} }}'
    desk = f'time = {{ start = {start}, horizon = "2 days"{f", zone = {zone!r}" if zone else ""} }}'
    found = resolved(replay, desk, base=folder).streams[0].arrivals
    assert isinstance(found, ReplayStamps)
    return (found.stamps / HOUR).tolist()


def test_instants_with_an_offset_move_to_the_clock_of_the_desk(tmp_path: Path) -> None:
    """29 March 2026: clocks in Berlin go from 02:00 to 03:00, which is 01:00 in UTC."""
    texts = ["2026-03-29T00:30Z", "2026-03-29T00:59:00+00:00", "2026-03-29T03:00+02:00", "2026-03-29T10:00-04:00"]
    assert stamped(tmp_path, texts, zone="Europe/Berlin") == [1.5, 1 + 59 / 60, 3, 16]
    by_library = [dt.datetime.fromisoformat(text).astimezone(BERLIN) for text in texts]
    assert [at.hour + at.minute / 60 for at in by_library] == [1.5, 1 + 59 / 60, 3, 16]


def test_instants_of_another_zone_move_and_those_of_the_desk_stay(tmp_path: Path) -> None:
    texts = ["2026-03-29 09:00"]
    assert stamped(tmp_path, texts, more=', zone = "UTC"', zone="Europe/Berlin") == [11]
    assert stamped(tmp_path, texts, more=', zone = "Europe/Berlin"', zone="Europe/Berlin") == [9]
    assert stamped(tmp_path, texts, zone="Europe/Berlin") == [9]


def test_unix_time_is_in_utc(tmp_path: Path) -> None:
    seconds = str(int(dt.datetime(2026, 3, 29, 7, tzinfo=dt.UTC).timestamp()))
    more = ', format = "s since 1970-01-01T00:00Z"'
    assert stamped(tmp_path, [seconds], more=more, zone="Europe/Berlin") == [9]


def test_the_hour_that_the_clock_repeats_has_the_messages_of_both_passes(tmp_path: Path) -> None:
    """25 October 2026: 03:00 in Berlin, 01:00 in UTC, is 02:00 again."""
    texts = [f"2026-10-25T0{hour}:30Z" for hour in range(3)]
    assert stamped(tmp_path, texts, start="2026-10-25", zone="Europe/Berlin") == [2.5, 2.5, 3.5]
    (tmp_path / "c.csv").write_text("timestamp,value\n" + "".join(f"{t},{n}\n" for n, t in enumerate(texts, 1)))
    counts = 'streams.m.arrivals = { rate = "-", replay = "c.csv" }'
    desk = 'time = { start = 2026-10-25, horizon = "2 days", zone = "Europe/Berlin" }'
    scenario = resolved(counts, desk, base=tmp_path)
    found = scenario.streams[0].arrivals
    assert isinstance(found, ReplayCounts)
    assert (found.start / HOUR).tolist() == [2.5, 3.5]
    assert found.counts.tolist() == [1 + 2, 3]
    assert scenario.origin is not None
    assert "clocks are put back: counts of the hour that comes twice are added up" in scenario.origin.read[0].notes


@pytest.mark.parametrize(
    ("text", "more", "zone", "found"),
    [
        ("2026-03-29T00:30Z", "", "", "has a time zone; write that of the desk's clock, such as time.zone ="),
        ("2026-03-29 00:30", ', zone = "UTC"', "", "has a time zone; write that of the desk's clock"),
        ("2026-03-29 02:30", ', zone = "Europe/Berlin"', "UTC", "there is no such instant in Europe/Berlin: clocks"),
        ("2026-10-25 02:30", ', zone = "Europe/Berlin"', "UTC", "comes twice in Europe/Berlin, when clocks are put"),
        ("2026-03-29 00:30", ', zone = "Berlin"', "UTC", "there is no such time zone; write a name such as"),
    ],
)
def test_zones_at_fault(tmp_path: Path, text: str, more: str, zone: str, found: str) -> None:
    with pytest.raises(InputError, match=found):
        stamped(tmp_path, [text], more=more, zone=zone)


# ---- rows and columns ------------------------------------------------------------------------------------------------


def test_streams_share_a_file(tmp_path: Path) -> None:
    rows = "2026-01-05 10:00,dm,de\n2026-01-05 09:00,mention,de\n2026-01-05 11:00,dm,fr\n2026-01-05 12:00,ad,de\n"
    (tmp_path / "e.csv").write_text("created_at,channel,lang\n" + rows, encoding="utf-8")
    replay = 'file = "e.csv", kind = "stamps", time = "created_at", order = "any"'
    one, two = ('{ channel = "dm", lang = ["de", "fr"] }', '{ channel = ["mention", "ad"] }')
    scenario = resolved(
        f'streams.m.arrivals = {{ rate = "-", replay = {{ {replay}, rows = {one} }} }}',
        f'streams.n = {{ route = ["a"], steps.a.work = "6 min", arrivals.replay = {{ {replay}, rows = {two} }} }}',
        base=tmp_path,
    )
    found = [stream.arrivals for stream in scenario.streams]
    assert [(a.stamps / HOUR).tolist() for a in found if isinstance(a, ReplayStamps)] == [[10, 11], [9, 12]]
    (none,) = faults(
        f'streams.m.arrivals = {{ rate = "-", replay = {{ {replay}, rows = {{ channel = "DM" }} }} }}', base=tmp_path
    )
    assert none.endswith('e.csv: channel: no row with "DM"; there are dm (2), ad (1), mention (1)')


def test_a_time_of_day_is_added_to_the_date(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("day,clock,minute,n\n2026-01-05,09:30,570,1\n2026-01-05,9:36,576,2\n")
    counts = (
        'streams.m.arrivals = { rate = "-", replay = { file = "d.csv", time = "day", value = "n", time_of_day = %s } }'
    )
    (tmp_path / "e.csv").write_text("day,clock,n\n05.01.2026,9:30 AM,1\n05.01.2026,9:36 AM,2\n")
    for of_day, name in (('{ column = "minute", unit = "min" }', "d.csv"), ('"clock"', "e.csv")):
        found = resolved((counts % of_day).replace("d.csv", name), base=tmp_path).streams[0].arrivals
        assert isinstance(found, ReplayCounts)
        assert (found.start / MINUTE).tolist() == [570, 576]
        assert (found.end / MINUTE).tolist() == [576, 582]


def test_fractions_come_by_chance_and_whole_counts_as_they_are(tmp_path: Path) -> None:
    """2.5 a day for 400 days: 2 or 3 messages, 1000 in the mean; twice as many with a scale of 2, which is whole."""
    days = [dt.date(2026, 1, 5) + dt.timedelta(days=day) for day in range(400)]
    (tmp_path / "half.csv").write_text("timestamp,value\n" + "".join(f"{day},2.5\n" for day in days))
    by_day = {}
    for scale in (1, 2):
        replay = f'{{ rate = "-", replay = {{ file = "half.csv", fractions = "by chance", scale = {scale} }} }}'
        scenario = resolved(f"streams.m.arrivals = {replay}", 'time.horizon = "400 days"', base=tmp_path)
        assert expected_arrivals(scenario.streams[0].arrivals, 400 * DAY, horizon=400 * DAY) == 1000 * scale
        arrival = Plan.of(scenario).draw(seed=1, replication=0).streams[0].arrival
        by_day[scale] = np.bincount(arrival // DAY, minlength=400)
    assert set(by_day[1]) == {2, 3}
    assert abs(by_day[1].sum() - 1000) / (400 * 0.25) ** 0.5 < 4.5
    assert set(by_day[2]) == {5}


# ---- holidays --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ['"h.csv"', '{ file = "h.csv", date = "date" }'])
def test_holidays_of_a_file_are_those_of_a_list(tmp_path: Path, written: str) -> None:
    (tmp_path / "h.csv").write_text("date;name\n25.12.2026;Weihnachten\n01.01.2026;Neujahr\n25.12.2026;noch einmal\n")
    office = 'calendars.office = {{ hours = "Mon-Fri 09:00-17:00", holidays = {} }}'
    by_file = resolved(office.format(written), base=tmp_path)
    by_list = resolved(office.format("[2026-01-01, 2026-12-25]"))
    assert by_file.calendars[0].holidays == by_list.calendars[0].holidays
    assert by_file.origin is not None
    assert "dates that come again: 1" in by_file.origin.read[0].notes
    again = ss.parse(by_file.origin.config, base=tmp_path)
    assert again.calendars[0].holidays == by_list.calendars[0].holidays


def test_a_holiday_is_a_date(tmp_path: Path) -> None:
    (tmp_path / "h.csv").write_text("date\n2026-01-01 09:00\n")
    (found,) = faults('calendars.office = { hours = "Mon-Fri 09:00-17:00", holidays = "h.csv" }', base=tmp_path)
    assert found.endswith('h.csv:2: date: write a date, without a time (got "2026-01-01 09:00")')


# ---- what check tells ------------------------------------------------------------------------------------------------


def test_check_tells_how_a_file_was_read(tmp_path: Path) -> None:
    text = "\ufeffid;when;n\n1;05.01.2026 00:00;1,0\n2;05.01.2026 06:00;2,5\n3;05.01.2026 18:00;0,5\n"
    (tmp_path / "c.csv").write_text(text, encoding="utf-8")
    table = '{ file = "c.csv", time = "when", value = "n", fractions = "by chance" }'
    scenario = resolved(f'streams.m.arrivals = {{ rate = "-", replay = {table} }}', base=tmp_path)
    assert ss.check(scenario).files == (
        FileRead(
            at="streams.m.arrivals.replay.file",
            name="c.csv",
            separator="semicolons",
            rows=3,
            columns=(("when", "time"), ("n", "value")),
            unused=("id",),
            first=dt.datetime(2026, 1, 5),
            last=dt.datetime(2026, 1, 5, 18),
            notes=(
                "a byte-order mark",
                "when read as day.month.year",
                "decimal commas in n",
                "2 counts with fractions, by chance",
                "intervals of 6 h",
                "gaps: 1, the first 2026-01-05 12:00 to 2026-01-05 18:00, the longest of 6 h",
            ),
        ),
    )


def test_check_tells_of_duplicates_and_disorder(tmp_path: Path) -> None:
    rows = ["a,2026-01-05 10:00", "b,2026-01-05 09:00", "b,2026-01-05 09:00", "c,2026-01-05 10:00"]
    (tmp_path / "s.csv").write_text("id,timestamp\n" + "\n".join(rows) + "\n")
    table = '{ file = "s.csv", kind = "stamps", order = "any" }'
    scenario = resolved(f'streams.m.arrivals = {{ rate = "-", replay = {table} }}', base=tmp_path)
    assert ss.check(scenario).files[0].notes == (
        "at the same instant as another: 2, repeating another row in every column: 1",
        "not in order of time: sorted",
    )


@pytest.mark.parametrize("rows", [100_000, pytest.param(1_000_000, marks=pytest.mark.long)])
def test_a_million_rows_are_read(tmp_path: Path, rows: int) -> None:
    """No clock is asked: what is read must be right, and not run out of memory."""
    start = np.datetime64("2026-01-05T00:00:00")
    stamps = np.datetime_as_string(start + np.arange(rows) // 2)
    (tmp_path / "s.csv").write_text("timestamp;n\n" + ";1\n".join(stamps.tolist()) + ";1\n")
    table = '{ file = "s.csv", kind = "stamps" }'
    scenario = resolved(f'streams.m.arrivals = {{ rate = "-", replay = {table} }}', base=tmp_path)
    found = scenario.streams[0].arrivals
    assert isinstance(found, ReplayStamps)
    assert found.stamps.tolist() == [1000 * (row // 2) for row in range(rows)]
