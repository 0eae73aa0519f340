"""The tables of a sensitivity study, from which its figures are drawn (R125, R126)."""

from __future__ import annotations

import math
from typing import Any

from simsocial.measure.columns import SOBOL, TORNADO, Column
from simsocial.measure.rows import Row
from simsocial.study.sensitivity import Sensitivity
from simsocial.study.sensitivity.swings import Swing

Table = dict[str, list[Any]]


def tornado_table(found: Sensitivity) -> Table:
    """Return three rows for every measure and input: its low end, its high end, and from one to the other."""
    rows = [
        (found.scenario.name, *_names(row), swing.input.path, *end)
        for row, swings in found.swings.items()
        for swing in swings
        for end in _ends(swing)
    ]
    return _columns(TORNADO, rows)


def sobol_table(found: Sensitivity) -> Table:
    """Return two rows for every measure and input, its first and its total index; none when they were not asked for."""
    rows = [
        (found.scenario.name, *_names(row), each.path, order, made.value, made.low, made.high, made.confidence, made.n)
        for row, indices in found.indices.items()
        for each, its in zip(found.inputs, indices, strict=True)
        for order, made in (("first", its.first), ("total", its.total))
    ]
    return _columns(SOBOL, rows)


def _names(row: Row) -> tuple[str, ...]:
    return row.stream, row.step, row.team, row.measure, row.unit


def _ends(swing: Swing) -> list[tuple[Any, ...]]:
    each = swing.input
    ends = (
        ("low", str(each.low), swing.low, swing.at_low),
        ("high", str(each.high), swing.high, swing.at_high),
        ("across", "", math.nan, swing.across),
    )
    return [
        (end, at, swing.base, value, made.value, made.low, made.high, made.confidence, made.n)
        for end, at, value, made in ends
    ]


def _columns(columns: tuple[Column, ...], rows: list[tuple[Any, ...]]) -> Table:
    return {column.name: [row[place] for row in rows] for place, column in enumerate(columns)}
