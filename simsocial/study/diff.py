"""Two configs, or two runs, side by side: what was written differently, and what came of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from simsocial.config.loading import load
from simsocial.config.locating import dotted
from simsocial.config.overrides import backlog_change
from simsocial.config.reading import read_document
from simsocial.config.scalar import is_sourced
from simsocial.errors import Fault, InputError
from simsocial.measure.stats import Estimate
from simsocial.model.scenario import Scenario
from simsocial.simulation.comparison import Change, Measured, changes
from simsocial.simulation.run import run
from simsocial.study.check import Check, check
from simsocial.study.recorded import Recorded

ABSENT = object()
"""Stands for a value that a config does not have."""


@dataclass(frozen=True)
class Written:
    """A value of a resolved config, and the line of the file on which it, or the table around it, stands."""

    value: Any
    line: int | None


@dataclass(frozen=True)
class Difference:
    """A dotted path at which two configs differ; ``None`` where one has no such value.

    A table that only one has, such as a new team, is one difference: its value is the table as it was written.
    """

    path: str
    a: Written | None
    b: Written | None


@dataclass(frozen=True, eq=False)
class Side:
    """One of the two.

    Parameters
    ----------
    name
        As given.
    scenario
        That it describes, or ran.
    document
        The tables as they were written in a config file; of a run, its resolved config.
    lines
        Dotted path → line, of a config file.
    results
        Of a run; ``None`` for a config that was not run.
    """

    name: str
    scenario: Scenario
    document: Mapping[str, Any] = field(repr=False)
    lines: Mapping[str, int] = field(repr=False)
    results: Recorded | None

    @cached_property
    def check(self) -> Check:
        return check(self.scenario)

    @property
    def config(self) -> Mapping[str, Any]:
        """The resolved config."""
        assert self.scenario.origin is not None, "it was read from a file"
        return self.scenario.origin.config

    def written(self, path: str, value: Any) -> Written | None:
        """Return the resolved value at a path with its line."""
        return None if value is ABSENT else Written(value, self._line(path))

    def written_table(self, parts: Sequence[str], table: Mapping[str, Any]) -> Written:
        """Return a table with its line: as it was written, or as it is resolved where the file has it otherwise."""
        written: Any = self.document
        for part in parts:
            written = written.get(part) if isinstance(written, Mapping) else None
        return Written(written if isinstance(written, Mapping) else table, self._line(dotted(parts)))

    def _line(self, path: str) -> int | None:
        while path and path not in self.lines:
            path = path.rpartition(".")[0]
        return self.lines.get(path)


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two sides, and how they differ.

    Parameters
    ----------
    a, b
        The sides.
    config
        Differences of the resolved configs, in the order of ``a``, then of what only ``b`` has.
    replications
        How many of both are compared, one by one; 0 when they are not.
    changes
        Every measure that both runs have; ``None`` when they were not run.
    unpaired
        Why the replications cannot be compared one by one, so that no change has a difference; ``None`` when they can.
    """

    a: Side
    b: Side
    config: tuple[Difference, ...]
    replications: int
    changes: tuple[Change, ...] | None
    unpaired: str | None


def diff(
    a: Path | str, b: Path | str, *, replications: int | None = None, from_backlog: Path | str | None = None
) -> Comparison:
    """Compare two configs, or the folders of two runs, or one with the other.

    Parameters
    ----------
    a, b
        Config files, or folders of runs.
    replications
        Run both configs, this many times each, on the same draws as far as they are the same.
    from_backlog
        A file of open items with which both configs begin (R89).

    Raises
    ------
    InputError
        When one of them cannot be read; when replications or a backlog are asked for of a folder, or their number makes
        no sense.
    """
    backlog = None if from_backlog is None else Path(from_backlog)
    one, other = (_side(Path(each), replications, backlog) for each in (a, b))
    differences = tuple(_differences(one, other))
    if one.results is None or other.results is None:
        return Comparison(one, other, differences, 0, None, None)
    why_not = _why_unpaired(one.results, other.results)
    if why_not is not None:
        return Comparison(one, other, differences, 0, tuple(_side_by_side(one.results, other.results)), why_not)
    number = min(len(one.results), len(other.results))
    paired = tuple(changes(one.results.only(number), other.results.only(number)))
    return Comparison(one, other, differences, number, paired, None)


def _side_by_side(one: Recorded, other: Recorded) -> Iterator[Change]:
    """Yield every measure that both have, without a difference."""
    earlier = dict(zip(one.rows, one.estimates, strict=True))
    nothing = Estimate(math.nan, math.nan, math.nan, other.scenario.run.confidence, 0)
    for row, after in zip(other.rows, other.estimates, strict=True):
        if row in earlier:
            yield Change(row, earlier[row].value, after.value, nothing)


def _side(place: Path, replications: int | None, backlog: Path | None) -> Side:
    if place.is_dir():
        for name, asked in (("replications", replications), ("from_backlog", backlog)):
            if asked is not None:
                fault = f"{place} is the folder of a run and is not run again; give two configs"
                raise InputError(Fault(fault, path=name))
        recorded = Recorded.read(place)
        assert recorded.scenario.origin is not None, "it was read from a file"
        return Side(str(place), recorded.scenario, recorded.scenario.origin.config, {}, recorded)
    scenario = load(place, overrides=[] if backlog is None else [backlog_change(place, backlog)])
    document, lines = read_document(place)
    results = None if replications is None else Recorded.of(run(scenario, replications=replications))
    return Side(str(place), scenario, document, lines, results)


def _why_unpaired(one: Measured, other: Measured) -> str | None:
    """Say why replications of the same number do not have the same draws."""
    if one.seed != other.seed:
        return f"their seeds differ ({one.seed} and {other.seed})"
    if one.first != other.first:
        return f"their first replications differ ({one.first} and {other.first})"
    return None


def _differences(a: Side, b: Side) -> Iterator[Difference]:
    yield from _between(a, b, a.config, b.config, ())


def _between(
    a: Side, b: Side, one: Mapping[str, Any], other: Mapping[str, Any], above: tuple[str, ...]
) -> Iterator[Difference]:
    """Yield the differences of two tables at the path ``above``, key by key."""
    for key in dict.fromkeys((*one, *other)):
        parts, (mine, its) = (*above, key), (table.get(key, ABSENT) for table in (one, other))
        if _is_table(mine) and _is_table(its):
            yield from _between(a, b, mine, its, parts)
        elif _is_table(mine) and its is ABSENT:
            yield Difference(dotted(parts), a.written_table(parts, mine), None)
        elif mine is ABSENT and _is_table(its):
            yield Difference(dotted(parts), None, b.written_table(parts, its))
        else:
            yield from _of_values(a, b, *(dict(flat(each, dotted(parts))) for each in (mine, its)))


def _of_values(a: Side, b: Side, one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[Difference]:
    for path in dict.fromkeys((*one, *other)):
        mine, its = one.get(path, ABSENT), other.get(path, ABSENT)
        if mine != its:
            yield Difference(path, a.written(path, mine), b.written(path, its))


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping) and not is_sourced(value)


def flat(config: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield the values of a config by dotted path; a value in its long form stands at its own path (R58)."""
    if not isinstance(config, Mapping) or not config:
        yield path, config
        return
    sourced = is_sourced(config)
    for key, below in config.items():
        yield from flat(below, path if sourced and key == "value" else f"{path}.{key}" if path else key)
