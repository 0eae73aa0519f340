"""The data dictionary: a page generated from the definitions of measures and of columns.

``python -m simsocial.measure.dictionary > docs/measures.md`` writes the copy in the documentation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from simsocial.measure import recovery
from simsocial.measure.behind import definitions as behind
from simsocial.measure.columns import FILES, FILES_OF_EMPLOYEES, FILES_OF_SENSITIVITY, FILES_OF_SOLUTIONS, Column
from simsocial.measure.definitions import MEASURES, Entity, Kind
from simsocial.measure.series_definitions import SERIES

ESTIMATES: Final = {
    Kind.MEAN: "mean over the replications, Student's interval",
    Kind.RATIO: "ratio of two means over the replications, delta method",
    Kind.QUANTILE: "median of the replications' values, interval by order statistics",
    Kind.SHARE: "share of the replications, Wilson's interval",
}

INTRODUCTION: Final = """\
# Measures and tables

Generated from the definitions by `python -m simsocial.measure.dictionary > docs/measures.md`; do not edit it. Rules
(R…) are those of [model.md](model.md).

Measures use messages that arrive after the warm-up and time after it (R9). A step stands for its queue and its rework
queue together (R47). In tables a promise of a message has its name before the measure, as in
`first_response_kept_share`; a promise of a step is told by its step.

A measure is estimated from the replications as one of:
"""

FILES_INTRODUCTION: Final = """\
## Files of a run

A name that does not apply is empty. Dates and times are local, without a time zone.
"""


def dictionary() -> str:
    """Return the page, in Markdown."""
    return "\n".join(
        [
            INTRODUCTION,
            *(f"- **{kind.value}**: {meaning}" for kind, meaning in ESTIMATES.items()),
            "",
            *_measures(),
            *_after_bursts(),
            *_falling_behind(),
            *_series(),
            FILES_INTRODUCTION,
            *_files(),
        ]
    )


def _measures() -> Iterable[str]:
    for entity in Entity:
        yield f"## Of a {entity.value}\n"
        asked = [measure for measure in MEASURES if measure.entity is entity]
        yield _table(
            ("measure", "unit", "estimate", "definition"),
            [(f"`{each.name}`", each.unit, each.kind.value, each.definition) for each in asked],
        )


def _falling_behind() -> Iterable[str]:
    yield "## Falling behind, of a step\n"
    yield _table(
        ("measure", "unit", "estimate", "definition"),
        [(f"`{each.name}`", each.unit, each.kind.value, each.definition) for each in behind.STAGE],
    )
    of_teams = ", ".join(f"`{each.name}`" for each in behind.TEAM)
    yield f"Of a team, or of teams that serve the same steps together: {of_teams} of the first of them (R51).\n"


def _after_bursts() -> Iterable[str]:
    yield "## After a burst with a date, of a step\n"
    name = f"`{recovery.PREFIX}<burst>`"
    yield _table(
        ("measure", "unit", "estimate", "definition"), [(name, recovery.UNIT, Kind.QUANTILE.value, recovery.DEFINITION)]
    )


def _series() -> Iterable[str]:
    yield "## By reporting interval, and by checkpoint\n"
    yield _table(
        ("measure", "unit", "of a", "estimate", "definition"),
        [
            (f"`{each.name}`", each.unit, each.entity.value, each.kind.value, each.definition)
            for each in (*SERIES, behind.STAGE_BEHIND_BY, behind.TEAM_BEHIND_BY)
        ],
    )


def _files() -> Iterable[str]:
    yield from _columns(FILES)
    yield "## Besides, where there is adoption (R100)\n"
    yield from _columns(FILES_OF_EMPLOYEES)
    yield "## Of a sensitivity study (R125)\n"
    yield from _columns(FILES_OF_SENSITIVITY)
    yield "## Of a solved config (R124)\n"
    yield from _columns(FILES_OF_SOLUTIONS)


def _columns(files: Mapping[str, tuple[Column, ...]]) -> Iterable[str]:
    for file, columns in files.items():
        yield f"### `{file}`\n"
        yield _table(
            ("column", "holds", "definition"),
            [(f"`{column.name}`", column.holds, column.definition) for column in columns],
        )


def _table(head: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *body]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    print(dictionary(), end="")
