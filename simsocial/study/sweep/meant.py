"""Which values of a factor somebody means by what is written: 3 for 3.0, and a number with its unit for the number."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping, Sequence

Level = str | int | float | bool
"""A value of a factor, as the design tells it."""


def matching(asked: Level, levels: Sequence[Level], units: Collection[str]) -> list[Level]:
    """Return the levels that are meant by a value, or by a text in which one of the units may follow a number."""
    written = str(asked).strip()
    found = [level for level in levels if _is(level, written)]
    if found:
        return found
    ends = [(number, unit) for number, unit in [_parted(written)] if unit in units]
    return [level for number, _ in ends for level in levels if _is(level, number)]


def units_of(factor: str, levels: Sequence[Level], changes: Sequence[str], others: Collection[str]) -> set[str]:
    """Return the unit that follows a factor's numbers in the config, without spaces; none where no unit does (R115).

    Parameters
    ----------
    factor, levels
        Its name, and a level for each of ``changes``.
    changes
        What points change in the base config, as TOML.
    others
        Names of the other factors, which have units of their own.
    """
    tables = [tomllib.loads(each) for each in changes]
    paths = [factor] if tables and factor in tables[0] else [path for path in _shared(tables) if path not in others]
    return {unit for path in paths for unit in [_unit([table[path] for table in tables], levels)] if unit}


def _shared(tables: Sequence[Mapping[str, object]]) -> list[str]:
    return [path for path in (tables[0] if tables else ()) if all(path in table for table in tables)]


def _unit(values: Sequence[object], levels: Sequence[Level]) -> str:
    """Return what follows the level in all of the values; nothing when that is not the same, or not the level."""
    parts = [_parted(str(value)) for value in values]
    ours = all(_is(level, number) for level, (number, _) in zip(levels, parts, strict=True))
    units = {unit for _, unit in parts}
    return units.pop() if ours and len(units) == 1 else ""


def _parted(written: str) -> tuple[str, str]:
    """Part a quantity into its number and its unit, whose spaces mean nothing."""
    number, _, unit = written.partition(" ")
    return number, "".join(unit.split())


def _is(level: Level, written: str) -> bool:
    """Say whether a level is what is written, where 3 need not be written as 3.0."""
    if str(level) == written:
        return True
    try:
        return isinstance(level, int | float) and float(written) == level
    except ValueError:
        return False
