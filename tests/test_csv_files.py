"""CSV files that a config names: what is read, and every fault with its line."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from simsocial.config.csv_columns import read_csv
from simsocial.config.csv_files import CsvFile
from simsocial.config.locating import Locator
from simsocial.errors import InputError

WHERE = Locator("desk.toml", {"streams.x.arrivals.replay": 7})
AT = "streams.x.arrivals.replay.file"
COLUMNS = {"timestamp": "time", "value": "value"}


def written(folder: Path, text: str | bytes) -> Path:
    file = folder / "counts.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def read(file: Path, *columns: str) -> CsvFile:
    return read_csv(file, columns=dict.fromkeys(columns) or COLUMNS, where=WHERE, at=AT, name="counts.csv")


def counted(file: Path, *, repeats: bool) -> None:
    counts = read(file)
    counts.instants("timestamp", repeats=repeats)
    counts.numbers("value", low=0, whole=True)


def faults(folder: Path, text: str | bytes, *, repeats: bool = False) -> list[str]:
    file = written(folder, text)
    with pytest.raises(InputError) as caught:
        counted(file, repeats=repeats)
    return [str(fault).replace(f"{folder}/", "") for fault in caught.value.faults]


def test_columns_are_read_by_name(tmp_path: Path) -> None:
    text = '\ufefftimestamp, value ,note\r\n2026-01-05 00:00:00,3,"two\nlines"\r\n\r\n2026-01-05T00:05,4.0,\r\n'
    file = read(written(tmp_path, text))
    assert list(file.columns) == ["timestamp", "value"]
    assert file.lines == [3, 5]
    assert file.numbers("value", low=0, whole=True).tolist() == [3, 4]
    assert file.instants("timestamp").tolist() == np.array(["2026-01-05", "2026-01-05T00:05"], "M8[ms]").tolist()
    assert file.sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_the_same_instant_may_come_twice_only_where_said(tmp_path: Path) -> None:
    text = "timestamp,value\n2026-01-05,1\n2026-01-05,1\n"
    assert len(read(written(tmp_path, text)).instants("timestamp", repeats=True)) == 2
    assert faults(tmp_path, text) == ["counts.csv:3: timestamp: time stands still (got 2026-01-05 after 2026-01-05)"]


ROW = "2026-01-05 00:00,1\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [f"counts.csv: is empty; write a header line with timestamp, value, and rows, or name another with {AT}"]),
        ("timestamp,value\n", ["counts.csv:1: has a header line, but no rows"]),
        (
            "time,value\n" + ROW,
            [
                "counts.csv:1: no column 'timestamp'; there are: time, value; "
                'write streams.x.arrivals.replay = { file = "counts.csv", time = "time" }, or whichever it is'
            ],
        ),
        ("timestamp,value,value\n2026-01-05,1,2\n", ["counts.csv:1: two columns are named 'value'"]),
        ("timestamp,value\n" + ROW + "2026-01-06\n", ["counts.csv:3: this row has 1 field, the header 2"]),
        ("timestamp,value\n" + ROW + '2026-01-06,"1\n', ["counts.csv:3: is not valid CSV: unexpected end of data"]),
        (
            "timestamp,value\n" + ROW + "2026-01-06,many\n2026-01-07,nan\n2026-01-08,-1\n2026-01-09,1.5\n",
            [
                'counts.csv:3: value: write a whole number, 0 or more (got "many")',
                'counts.csv:4: value: write a whole number, 0 or more (got "nan")',
                'counts.csv:5: value: write a whole number, 0 or more (got "-1")',
                'counts.csv:6: value: write a whole number, 0 or more (got "1.5")',
            ],
        ),
        (
            "timestamp,value\n2026-01-06,1\nMonday,1\n",
            ['counts.csv:3: timestamp: write a date and time such as 2026-01-05 09:00 (got "Monday")'],
        ),
        (
            "timestamp,value\n2026-01-06T00:00Z,1\n",
            [
                "counts.csv:2: timestamp: has a time zone; write that of the desk's clock, "
                'such as time.zone = "Europe/Berlin" (got "2026-01-06T00:00Z")'
            ],
        ),
        (
            "timestamp,value\n2026-01-06,1\n2026-01-05,1\n",
            ["counts.csv:3: timestamp: time goes back (got 2026-01-05 after 2026-01-06)"],
        ),
        (
            b"timestamp,value\n2026-01-06,1\n\xff\n",
            [
                f"desk.toml:7: {AT}: counts.csv:3: is not text in UTF-8; save it as CSV UTF-8; "
                f"or name another with --set {AT}=FILE"
            ],
        ),
    ],
)
def test_faults_name_their_line(tmp_path: Path, text: str | bytes, found: list[str]) -> None:
    assert faults(tmp_path, text) == found


def test_time_going_back_is_told_apart_from_time_standing_still(tmp_path: Path) -> None:
    text = "timestamp,value\n2026-01-06,1\n2026-01-06,1\n2026-01-05,1\n"
    assert faults(tmp_path, text, repeats=True) == [
        "counts.csv:4: timestamp: time goes back (got 2026-01-05 after 2026-01-06)"
    ]


def test_a_file_full_of_faults_is_summed_up(tmp_path: Path) -> None:
    found = faults(tmp_path, "timestamp,value\n" + "Monday,x\n" * 1000)
    assert found[0].startswith("counts.csv:2: timestamp: ")
    assert found[5:] == ["counts.csv: timestamp: and 995 more rows like these"]


def test_a_missing_file_is_a_fault_of_the_config(tmp_path: Path) -> None:
    written(tmp_path, "timestamp,value\n")
    with pytest.raises(InputError) as caught:
        read(tmp_path / "a folder" / ".." / "count.csv")
    assert str(caught.value) == (
        f"desk.toml:7: {AT}: {tmp_path}/count.csv: "
        f"there is no such file; did you mean 'counts.csv'? or name another with --set {AT}=FILE"
    )
    with pytest.raises(InputError, match="is a folder; name a file in it"):
        read(tmp_path)
