"""Two configs or runs side by side in 80 columns: both verdicts, what differs in the config, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from simsocial.report.change_table import change_table, forecast_table
from simsocial.report.check_report import first_overloaded
from simsocial.report.documents import Document, verdicts
from simsocial.report.run_report import quiet_lines, verdict_report
from simsocial.report.sentence import Sentence
from simsocial.report.words import NOTHING, counted
from simsocial.simulation.comparison import Change
from simsocial.study.diff import Comparison, Side, Written, flat

LONGEST = 60
"""Characters of a value that are shown; the JSON document has all."""
WIDEST = 20
"""Columns of a value, so that the paths have the rest of 80."""


def diff_report(found: Comparison) -> RenderableType:
    """Return what the command line prints of a comparison."""
    return Group(*_parts(found))


def quiet_report(found: Comparison) -> list[str]:
    """Return the verdict lines of both sides."""
    return [f"{letter}: {line}" for letter, side in _sides(found) for line in _quiet(side)]


def diff_document(found: Comparison) -> Document:
    """Return both sides, every difference, and every measure that both have."""
    return {
        "command": "diff",
        **{letter.lower(): _side_document(side) for letter, side in _sides(found)},
        "config": found.config,
        "unpaired": found.unpaired,
        "replications": found.replications,
        "changes": None if found.changes is None else list(map(_change_document, found.changes)),
    }


def _sides(found: Comparison) -> tuple[tuple[str, Side], ...]:
    return ("A", found.a), ("B", found.b)


def _side_document(side: Side) -> Document:
    first = side.check.first_overloaded
    return {
        "name": side.name,
        "scenario": side.scenario.name,
        "seed": None if side.results is None else side.results.seed,
        "replications": None if side.results is None else len(side.results),
        "verdict": None if side.results is None else verdicts(side.results.verdict()),
        "first_overloaded": None if first is None else {"stage": first.stage, "week_of": first.first_overloaded},
    }


def _change_document(change: Change) -> Document:
    row, made = change.row, change.difference
    names = {name: getattr(row, name) for name in ("stream", "step", "team", "measure", "unit")}
    values = {"before": change.before, "after": change.after, "difference": made.value}
    return names | values | {"low": made.low, "high": made.high, "confidence": made.confidence, "n": made.n}


# ---- verdicts --------------------------------------------------------------------------------------------------------


def _parts(found: Comparison) -> Iterator[RenderableType]:
    for letter, side in _sides(found):
        yield Text(f"{letter}: {side.name}", style="bold")
        if side.results is None:
            yield first_overloaded(side.check)
        else:
            yield from verdict_report(side.results.verdict())
        yield ""
    yield from _config(found)
    yield from _results(found)


def _quiet(side: Side) -> list[str]:
    if side.results is None:
        return [first_overloaded(side.check).text.plain]
    return quiet_lines(side.results.verdict())


# ---- configs ---------------------------------------------------------------------------------------------------------


def _config(found: Comparison) -> Iterator[RenderableType]:
    if not found.config:
        yield Sentence("the configs say the same")
        return
    yield Sentence(f"the configs differ in {counted(len(found.config), 'value')}")
    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column("Value", overflow="fold")
    for heading in ("A", "B"):
        table.add_column(heading, overflow="fold", max_width=WIDEST)
    for each in found.config:
        table.add_row(Text(each.path), _value(each.a), _value(each.b))
    yield table


def _value(written: Written | None) -> Text:
    if written is None:
        return Text(NOTHING)
    words = "\n".join(_lines(written.value))
    return Text(words if written.line is None else f"{words}\nline {written.line}")


def _lines(value: Any) -> Iterator[str]:
    """Yield a value as it is written; of a table a line for each key with a value."""
    for path, below in flat(value, ""):
        words = _spelled(below)
        words = words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
        yield f"{path} = {words}" if path else words


def _spelled(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_spelled, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


# ---- results ---------------------------------------------------------------------------------------------------------


def _results(found: Comparison) -> Iterator[RenderableType]:
    if found.changes is None:
        yield Sentence("\nforecast without a simulation; --replications N of two configs runs both")
        yield forecast_table(found.a.check, found.b.check)
        return
    if not found.changes:
        yield Sentence("\nthey have no measure in common")
        return
    if found.unpaired is None:
        yield Sentence(f"\n{counted(found.replications, 'replication')} of both, on the same draws")
    else:
        yield Sentence(f"\nnot compared one by one, as {found.unpaired}: luck differs too")
    yield change_table(found.a.scenario, found.b.scenario, found.changes, pairs=found.replications)
