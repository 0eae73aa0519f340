"""The weekly capacity plan as a workbook for Excel, the same bytes for the same run (R63, R85)."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from simsocial.study.capacity_plan import CapacityPlan, Line

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

CREATED: Final = dt.datetime(2000, 1, 1)
"""Stated in every workbook: the true time would make two workbooks of one run differ."""

_COUNT, _HOURS, _PEOPLE, _SHARE = "#,##0", "#,##0.0", "0.00", "0 %"
HEADINGS: Final = {
    "week": ("Week", "@"),
    "start": ("Begins", "yyyy-mm-dd"),
    "days": ("Days", "0.#"),
    "team": ("Team", "@"),
    "stage": ("Stage", "@"),
    "volume_visits": ("Volume, visits", _COUNT),
    "workload_h": ("Workload, h", _HOURS),
    "carried_in_h": ("Carried in, h", _HOURS),
    "net_h": ("Net hours, h", _HOURS),
    "required_fte": ("Required, FTE", _PEOPLE),
    "required_with_backlog_fte": ("Required with backlog, FTE", _PEOPLE),
    "available_fte": ("Available, FTE", _PEOPLE),
    "over_under_fte": ("Over/under, FTE", "+0.00;[Red]-0.00;0.00"),
    "occupancy": ("Occupancy", _SHARE),
    "kept_share": ("Promises kept", _SHARE),
    "promised_share": ("Promised", _SHARE),
    "backlog_visits": ("Backlog, visits", _COUNT),
    "backlog_h": ("Backlog, h", _HOURS),
    "oldest_age_h": ("Oldest age, h", _HOURS),
    "p_behind_by": ("P(behind by then)", _SHARE),
    "enabled_employees": ("Enabled employees", _COUNT),
    "support_ratio": ("Employees per person", "0.0"),
}
"""Column → its heading and number format."""

OF_A_TEAM: Final = tuple(name for name in HEADINGS if name != "stage")
OF_A_STAGE: Final = tuple(
    name for name in HEADINGS if not name.endswith("_fte") and name not in ("net_h", "occupancy", "support_ratio")
)


def write_workbook(plan: CapacityPlan, file: Path) -> None:
    """Write a sheet of teams, one of stages and one that explains the columns."""
    from xlsxwriter import Workbook

    with Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"title": f"Capacity plan: {plan.weeks.scenario.name}", "created": CREATED})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        for title, columns, lines in (("Teams", OF_A_TEAM, plan.teams), ("Stages", OF_A_STAGE, plan.stages)):
            told = tuple(name for name in columns if name in {column.name for column in plan.columns})
            _weeks(book, book.add_worksheet(title), plan, lines, told, head)
        _columns(book, book.add_worksheet("Columns"), plan, head)


def _weeks(
    book: Workbook,
    sheet: Worksheet,
    plan: CapacityPlan,
    lines: tuple[Line, ...],
    columns: tuple[str, ...],
    head: Format,
) -> None:
    table = plan.table(*lines)
    for place, name in enumerate(columns):
        heading, spelling = HEADINGS[name]
        style = book.add_format({"num_format": spelling})
        sheet.set_column(place, place, _width(heading, table[name]))
        sheet.write_string(0, place, heading, head)
        for row, value in enumerate(table[name], 1):
            _write(sheet, row, place, value, style)
    sheet.freeze_panes(1, columns.index("team") + 1)
    sheet.autofilter(0, 0, max(len(table["week"]), 1), len(columns) - 1)


def _width(heading: str, values: list[Any]) -> float:
    """Return a width, in letters, in which names stand on one line and headings on two at most."""
    longest = max((len(value) for value in values if isinstance(value, str)), default=0)
    return max(10, longest + 2, max(map(len, heading.split())) + 2)


def _write(sheet: Worksheet, row: int, place: int, value: Any, style: Format) -> None:
    """Write a cell; text is never a formula, and what is no number stays empty."""
    if isinstance(value, str):
        sheet.write_string(row, place, value, style)
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, place, value, style)
    elif math.isfinite(value):
        sheet.write_number(row, place, value, style)


def _columns(book: Workbook, sheet: Worksheet, plan: CapacityPlan, head: Format) -> None:
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 100)
    sheet.write_row(0, 0, ("Column", "What it says; R… are rules of the model"), head)
    for row, column in enumerate(plan.columns, 1):
        sheet.write_string(row, 0, HEADINGS[column.name][0], wrapped)
        sheet.write_string(row, 1, column.definition, wrapped)
    sheet.freeze_panes(1, 0)
