"""A config to start from whose people work a rota of the planner's own (R68)."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from simsocial.config.csv_columns import read_csv
from simsocial.config.csv_files import CsvFile
from simsocial.config.csv_instants import Clock
from simsocial.config.locating import Locator, dotted
from simsocial.errors import InputError
from simsocial.study.bundled import STARTER, bundled

DESK: Final = "desk"
"""The starter's team that answers, whose people the rota names."""
REVIEWERS: Final = "principals"
"""Its other team, which stays as it is."""
_COLUMNS: Final = ("agent", "start", "end", "activity")
_AT: Final = f"teams.{DESK}.rota.file"


@dataclass(frozen=True)
class Started:
    """A starter config with a rota in it.

    Parameters
    ----------
    text
        Of the config.
    team
        Whose rows the desk works: the file's word, or ``desk`` where it names no teams.
    others
        The other teams of the file → their rows, which the config does not read.
    first, last
        Dates on which the rota begins and ends.
    """

    text: str
    team: str
    others: Mapping[str, int]
    first: dt.date
    last: dt.date


def with_rota(rota: Path, *, beside: Path) -> Started:
    """Return the starter with a rota in place of its desk's people, over the dates that the rota tells of.

    Parameters
    ----------
    rota
        A CSV file with the columns agent, start, end, activity, and team if it holds several; of these ``desk`` is
        taken if it is one, else that with most rows.
    beside
        The config to be written; the file is named as seen from there.

    Raises
    ------
    InputError
        When the file is not there, is no CSV with these columns, tells no instants, or only of reviewers.
    """
    file = read_csv(
        rota,
        columns={name: name for name in _COLUMNS},
        where=Locator(),
        at=_AT,
        name=rota.name,
        optional={"team": "team"},
    )  # what its rows say is judged when the config is read
    team, others = _team_of(file)
    first, last = _dates(file)
    text = _replaced(
        bundled(STARTER).text, "name = .*", _line(f"name = {_quoted(f'A desk by {rota.name}')}", "a title")
    )
    text = _replaced(text, "start = .*", _line(f"start = {first}", "the first day of the rota"))
    length = _line(f"horizon = {_quoted(_length(first, last))}", "to its last day: after it nobody would be on duty")
    text = _replaced(text, "horizon = .*", length)
    seen = Path(os.path.relpath(rota, beside.parent)).as_posix()
    return Started(_with_people(text, team, seen), team, others, first, last)


def _team_of(file: CsvFile) -> tuple[str, Mapping[str, int]]:
    """Return the team whose rows are taken, and the number of rows of the others."""
    rows = Counter(text.strip() for text in file.columns.get("team", [DESK]))
    answering = [name for name, _ in rows.most_common() if name and name != REVIEWERS]
    if not answering:
        wrong = [(0, f"name the team that answers; {REVIEWERS} are those who review in the {STARTER}")]
        raise InputError(file.faults("team", wrong))
    team = DESK if DESK in rows else answering[0]
    return team, {name: count for name, count in rows.most_common() if name != team}


def _dates(file: CsvFile) -> tuple[dt.date, dt.date]:
    """Return the dates on which the rota begins and ends; by UTC where instants have an offset."""
    spans = [file.instants(name, ascending=False, clock=Clock(desk="UTC")) for name in ("start", "end")]
    first, last = spans[0].min(), spans[1].max() - np.timedelta64(1, "ms")
    return _date(first), _date(max(first, last))


def _date(instant: np.datetime64) -> dt.date:
    date: dt.date = instant.astype("datetime64[D]").astype(object)
    return date


def _length(first: dt.date, last: dt.date) -> str:
    weeks, days = divmod((last - first).days + 1, 7)
    return f"{weeks} weeks" if weeks and not days else f"{7 * weeks + days} days"


def _with_people(text: str, team: str, rota: str) -> str:
    """Put the rota in place of the desk's headcount and shifts, and call the desk what the rota does."""
    header = f"[teams.{DESK}]"
    before, _, rest = text.partition(header)
    own, bracket, after = rest.partition("\n[")
    own = _replaced(own, "headcount = .*", _line(f"rota = {_quoted(rota)}", "named people, a row per stretch"))
    own = _replaced(own, r"shifts\.day = .*\n?", "")
    return before + f"[{dotted(('teams', team))}]".ljust(len(header)) + own + bracket + after


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _line(written: str, comment: str) -> str:
    return f"{written:<57} # {comment}"


def _replaced(text: str, pattern: str, line: str) -> str:
    changed, count = re.subn(f"^{pattern}", lambda _: line, text, count=1, flags=re.MULTILINE)
    assert count == 1, "the starter has the line"
    return changed
