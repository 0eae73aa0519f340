"""The best of several alternatives in 80 columns: the selection and how sure it is, then a row per alternative."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from simsocial.measure.rows import Row
from simsocial.report.change_table import apart, told_as_length, told_value
from simsocial.report.documents import Document
from simsocial.report.sentence import Name, Sentence
from simsocial.report.words import NOTHING, counted, percent
from simsocial.simulation.selection import Fate, Selection


def selection_report(found: Selection) -> RenderableType:
    """Return what the command line prints of a selection."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column("Alternative", overflow="fold")
    for heading in ("Value", "Worse by", "Replications", "Outcome"):
        table.add_column(heading, justify="right")
    for fate in found.fates:
        table.add_row(*_cells(found, fate))
    told = f"{found.row.name}, {'largest' if found.largest else 'smallest'} is best; values over an alternative's own "
    return Group(Sentence(selection_line(found)), "", Sentence(f"{told}replications"), table)


def selection_line(found: Selection) -> str:
    """Return the selection in a sentence: which, how sure, and what was dropped."""
    return f"{_selected(found) if found.decided else _undecided(found)}{_dropped(found)}"


def selection_document(found: Selection) -> Document:
    """Return the selection and what became of every alternative."""
    return {
        "command": "compare",
        "best": found.best,
        "leader": found.leader,
        "decided": found.decided,
        "measure": found.row.name,
        "unit": found.row.unit,
        "direction": "largest" if found.largest else "smallest",
        "indifference": found.indifference,
        "confidence": found.confidence,
        "guarantee": "good selection" if found.in_any_case else "correct selection",
        "alternatives": found.fates,
    }


def _selected(found: Selection) -> str:
    many, by, sure = len(found.fates), found.row.name, f"with a probability of at least {percent(found.confidence)}"
    matters = _in_words(found.row, found.indifference)
    if found.in_any_case:
        return f"{found.leader} is the best of {many} by {by}, or worse by less than {matters}, {sure}"
    return f"{found.leader} is the best of {many} by {by}, {sure} if no other is within {matters} of it"


def _undecided(found: Selection) -> str:
    still = [fate.name for fate in found.fates if not fate.dropped]
    most = max(fate.replications for fate in found.fates)
    told = f"not decided by {found.row.name} after {counted(most, 'replication')}: {'; '.join(still)} still in, "
    return f"{told}{found.leader} ahead so far"


def _dropped(found: Selection) -> str:
    """Say how many were dropped when."""
    after: dict[int, int] = {}
    for fate in sorted(found.fates, key=lambda fate: fate.replications):
        if fate.dropped:
            after[fate.replications] = after.get(fate.replications, 0) + 1
    parts = [f"{number} dropped after {counted(many, 'replication')}" for many, number in after.items()]
    return f"; {', '.join(parts)}" if parts else ""


def _cells(found: Selection, fate: Fate) -> tuple[RenderableType, ...]:
    leads = fate.name == found.leader
    outcome = "dropped" if fate.dropped else "still in"
    if leads:
        outcome = "best" if found.decided else "ahead, not decided"
    worse = NOTHING if leads else _in_words(found.row, fate.worse)
    value = told_value(found.scenario, found.row, fate.value)
    return Name(fate.name), value, worse, f"{fate.replications:,}", Text(outcome, style="bold" if leads else "")


def _in_words(row: Row, value: float) -> str:
    """Write how far two values are apart, with the unit."""
    unit = "" if told_as_length(row) else f" {row.unit or 'points'}"
    return f"{'−' if value < 0 else ''}{apart(row, value)}{unit}"
