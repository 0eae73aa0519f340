"""A sensitivity study in 80 columns: on which assumption the answer hangs, then a row per input (R125, R126)."""

from __future__ import annotations

from collections.abc import Iterator

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from simsocial.measure.rows import Row
from simsocial.measure.sobol import Indices
from simsocial.measure.stats import Estimate
from simsocial.report.documents import Document, rows
from simsocial.report.sentence import Name, Sentence
from simsocial.report.words import counted
from simsocial.study.sensitivity import Sensitivity
from simsocial.study.sensitivity.swings import Swing
from simsocial.study.sensitivity.tables import sobol_table, tornado_table
from simsocial.study.sensitivity.verdict import by_weight, difference_in_words, sentences, value_in_words

ADVISED = 64
"""Sobol points, where there are none yet."""


def sensitivity_report(found: Sensitivity) -> RenderableType:
    """Return what the command line prints of a sensitivity study."""
    return Group(*(Sentence(said) for said in sentences(found)), *_parts(found))


def sensitivity_document(found: Sensitivity, *, folder: object) -> Document:
    """Return the verdict and every row of both tables."""
    return {
        "command": "sensitivity",
        "folder": folder,
        "scenario": found.scenario.name,
        "seed": found.seed,
        "replications": found.replications,
        "points": found.points,
        "inputs": [{"path": each.path, "value": each.value, "range": [each.low, each.high]} for each in found.inputs],
        "verdict": list(sentences(found)),
        "tornado": rows(tornado_table(found)),
        "sobol": rows(sobol_table(found)),
    }


def _parts(found: Sensitivity) -> Iterator[RenderableType]:
    yield ""
    yield Text(found.scenario.name, style="bold")
    many = counted(len(found.inputs), "input")
    yield Sentence(
        f"{many} with a range, {counted(found.replications, 'replication')} of each point, seed {found.seed}"
        + (f"; {found.points * (len(found.inputs) + 2)} Sobol points" if found.points else "")
    )
    for row, swings in found.swings.items():
        if any(swing.size for swing in swings) or found.indices:
            yield Text(f"\n{row.name}: {value_in_words(row, swings[0].base)} with every input at its value")
            yield _table(found, row)
    if not found.points:
        more = ADVISED * (len(found.inputs) + 2)
        yield Sentence(
            f"One input was moved at a time. --points {ADVISED} moves all together ({more:,} points more) and tells "
            "how much of what varies each explains."
        )


def _table(found: Sensitivity, row: Row) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column("Input", overflow="fold")
    for heading in ("Low", "High", "Change", *(("Explains",) if found.indices else ())):
        table.add_column(heading, justify="right")
    for swing, indices in by_weight(found, row):
        table.add_row(*_cells(swing), *(() if indices is None else (_explained(indices),)))
    return table


def _cells(swing: Swing) -> tuple[RenderableType, ...]:
    row, each = swing.row, swing.input
    low, high = value_in_words(row, swing.low), value_in_words(row, swing.high)
    style = "bold" if swing.told else ""
    change = Text(f"{difference_in_words(row, swing.across.value)}{_limits(row, swing.across)}", style=style)
    return Name(each.path), Text(f"{low}\nat {each.low}"), Text(f"{high}\nat {each.high}"), change


def _limits(row: Row, made: Estimate) -> str:
    if not made.low < made.high:
        return ""
    low, high = (difference_in_words(row, limit) for limit in (made.low, made.high))
    return f"\n{low.removesuffix(' points')} to {high}"


def _explained(indices: Indices) -> Text:
    total, first = indices.total, indices.first
    limits = f"{100 * total.low:.0f}–{100 * total.high:.0f} %"
    alone = f"alone {100 * max(first.value, 0):.0f} %"
    return Text(f"{100 * total.value:.0f} %\n{limits}\n{alone}", style="bold" if total.low > 0 else "")
