"""Several alternatives in 80 columns: which are better in what, then every value with its paired difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table

from simsocial.measure.direction import largest_is_best
from simsocial.measure.rows import Row
from simsocial.report.change_table import told_as_length, told_difference, told_value
from simsocial.report.documents import Document
from simsocial.report.sentence import Name, Sentence
from simsocial.report.words import NOTHING, counted, percent
from simsocial.simulation.several import Pair, Several

MOST_NAMED: Final = 6
"""Alternatives that a sentence names."""


def several_report(found: Several) -> RenderableType:
    """Return what the command line prints of several alternatives."""
    pairs = len(found.pairs)
    held = "1 interval holds" if pairs == 1 else f"all {pairs} intervals hold together"
    told = f"{counted(found.replications, 'replication')} of each, on the same draws; {held} with "
    sentences = [Sentence(line) for line in several_lines(found)]
    return Group(*sentences, "", Sentence(f"{told}{percent(found.confidence)}"), _table(found))


def several_lines(found: Several) -> list[str]:
    """Return sentences that say which alternatives have been shown to be better than which, measure by measure."""
    return [f"{row.name}: {finding}" for row in found.rows for finding in _findings(row, _of(found, row))]


def several_document(found: Several) -> Document:
    """Return every value and paired difference."""
    return {
        "command": "compare",
        "alternatives": found.names,
        "replications": found.replications,
        "confidence": found.confidence,
        "measures": [_measure_document(found, row) for row in found.rows],
    }


def _measure_document(found: Several, row: Row) -> Document:
    pairs = [{"alternative": each.name, "against": each.against} | _limits(each) for each in _of(found, row)]
    values = {name: found.values[row, name] for name in found.names}
    return {"measure": row.name, "unit": row.unit, "values": values, "pairs": pairs}


def _limits(pair: Pair) -> Document:
    made = pair.difference
    limits = {"low": made.low, "high": made.high, "confidence": made.confidence, "n": made.n}
    return {"difference": made.value} | limits


def _of(found: Several, row: Row) -> list[Pair]:
    return [pair for pair in found.pairs if pair.row == row]


# ---- sentences -------------------------------------------------------------------------------------------------------


def _findings(row: Row, pairs: Iterable[Pair]) -> Iterator[str]:
    largest = largest_is_best(row)
    word = "larger" if largest is None else "better"
    said: dict[tuple[str, str], list[str]] = {}
    for pair in pairs:
        more, less = pair.difference.low > 0, pair.difference.high < 0
        if not more and not less:
            said.setdefault(("not told apart from", pair.against), []).append(pair.name)
        elif more is (largest is not False):
            said.setdefault((f"{word} than", pair.against), []).append(pair.name)
        else:
            said.setdefault((f"{word} than", pair.name), []).append(pair.against)
    yield from (f"{_listed(names)} {relation} {other}" for (relation, other), names in said.items())


def _listed(names: Sequence[str]) -> str:
    """Name alternatives; of a whole sweep only some, as the table has them all."""
    left = [f"and {len(names) - MOST_NAMED} more"] if len(names) > MOST_NAMED else []
    return "; ".join([*names[:MOST_NAMED], *left])


# ---- table -----------------------------------------------------------------------------------------------------------


def _table(found: Several) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column("Measure and alternative", overflow="fold")
    for heading in ("Value", "Difference" if found.all_pairs else "Difference from the first"):
        table.add_column(heading, justify="right")
    for row in found.rows:
        table.add_row(Name(row.name), "" if told_as_length(row) else row.unit, "")
        for cells in _rows(found, row):
            table.add_row(*cells)
    return table


def _rows(found: Several, row: Row) -> Iterator[tuple[RenderableType, ...]]:
    """Yield the row of every alternative, and where each is compared with each, below it those of its pairs."""
    pairs = _of(found, row)
    for name in found.names:
        mine = [pair for pair in pairs if pair.name == name]
        value = told_value(found.scenario, row, found.values[row, name].value)
        first = told_difference(row, mine[0].difference, found.replications) if mine else NOTHING
        yield Name(f"  {name}"), value, "" if found.all_pairs else first
        for pair in mine if found.all_pairs else ():
            yield Name(f"    − {pair.against}"), "", told_difference(row, pair.difference, found.replications)
