"""The tables of a finished sweep: its design, and what each of its points measured (R127)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simsocial.errors import Fault, InputError
from simsocial.study.kinds import refusal
from simsocial.study.sweep.meant import Level, matching, units_of
from simsocial.study.sweep.names import CHANGES, DESIGN, ESTIMATE, KEY, NAMES, RESULTS

EXAMPLE: Final = "such as teams.desk.headcount=3"
MOST_TOLD: Final = 12
"""Values of a factor that a message lists."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Told:
    """One measure at every point.

    Parameters
    ----------
    name, unit
        Of the measure; the unit of shares and plain ratios is empty.
    value, low, high
        Shape (points,): estimate and interval, NaN where the point does not have it.
    """

    name: str
    unit: str
    value: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, eq=False)
class SweepTables:
    """Some or all points of a sweep.

    Parameters
    ----------
    folder
        Where the tables are.
    points
        Keys.
    changes
        What each of them changes in the base config, as TOML.
    settings
        Factor → its value at each of the points.
    """

    folder: Path
    points: tuple[str, ...]
    changes: tuple[str, ...]
    settings: Mapping[str, tuple[Level, ...]]

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.points)

    def __repr__(self) -> str:
        factors = ", ".join(self.settings) or "none"
        return f"<SweepTables of {str(self.folder)!r}: {len(self)} points, factors {factors}>"

    @classmethod
    def read(cls, folder: Path | str) -> SweepTables:
        """Read the design of a sweep.

        Raises
        ------
        InputError
            When the folder does not hold a sweep.
        """
        if not (Path(folder) / DESIGN).exists():
            otherwise = "is of a sweep whose tables are gone; simsocial sweep writes them again"
            raise refusal(Path(folder), wanted="a sweep", otherwise=otherwise)
        table = read_table(Path(folder) / DESIGN)
        columns = {name: tuple(table[name].to_pylist()) for name in table.column_names}
        if missing := [name for name in (KEY, CHANGES) if name not in columns]:
            fault = f"is no design: it has no column {' and no column '.join(missing)}; give the folder of a sweep"
            raise InputError(Fault(fault, file=Path(folder) / DESIGN))
        return cls(Path(folder), columns.pop(KEY), columns.pop(CHANGES), columns)

    # ---- factors -----------------------------------------------------------------------------------------------------

    def levels(self, factor: str) -> list[Level]:
        """Return the different values of a factor at these points: numbers in their order, texts as they first come."""
        found = list(dict.fromkeys(self.settings[factor]))
        numbers = [level for level in found if isinstance(level, int | float)]
        return sorted(numbers) if len(numbers) == len(found) else found

    @property
    def varying(self) -> list[str]:
        """The factors with more than one value at these points."""
        return [factor for factor in self.settings if len(set(self.settings[factor])) > 1]

    def name(self, place: int) -> str:
        """Name a point by its values, or by its key where there are no factors."""
        told = ", ".join(f"{factor} = {values[place]}" for factor, values in self.settings.items())
        return told or self.points[place]

    def factor(self, asked: str, *, given_by: str = "") -> str:
        """Return the name of the factor that is meant: in full, or an end of it that no other has.

        ``given_by`` names what asks for it, such as an option.

        Raises
        ------
        InputError
            When there is none; names the nearest.
        """
        ends = [name for name in self.settings if name == asked or name.endswith(f".{asked}")]
        if asked in self.settings:
            return asked
        if len(ends) != 1:
            near = ends or difflib.get_close_matches(asked, self.settings, n=1, cutoff=0)
            meant = f"did you mean {' or '.join(near)}?" if near else "the design has no factors"
            raise InputError(Fault(f"there is no factor {asked!r}; {meant}", given_by))
        return ends[0]

    def where(self, factor: str, *values: Level) -> SweepTables:
        """Return the points at which a factor has one of these values: numbers, or texts as they are written.

        Raises
        ------
        InputError
            When it has one of them nowhere; lists the values there are.
        """
        name = self.factor(factor)
        levels = self.levels(name)
        meant = {value: matching(value, levels, ()) or matching(value, levels, self._units(name)) for value in values}
        if strange := [value for value, found in meant.items() if not found]:
            more = ", …" if len(levels) > MOST_TOLD else ""
            listed = ", ".join(str(level) for level in levels[:MOST_TOLD]) + more
            raise InputError(
                [Fault(f"is never {str(value).strip()} at these points; it is {listed}", name) for value in strange]
            )
        wanted = {level for found in meant.values() for level in found}
        return self.at([place for place, level in enumerate(self.settings[name]) if level in wanted])

    def _units(self, factor: str) -> set[str]:
        """Return the unit of a factor, as far as the points tell it."""
        first = {level: place for place, level in reversed([*enumerate(self.settings[factor])])}
        changes = [self.changes[place] for place in first.values()]
        return units_of(factor, list(first), changes, self.settings.keys() - {factor})

    def chosen(self, asked: str | None) -> SweepTables:
        """Return the points that are meant by a key, or by values of factors; all without either.

        Raises
        ------
        InputError
            When there is none.
        """
        if asked is None:
            return self
        if asked in self.points:
            return self.at([self.points.index(asked)])
        sweep = self
        for part in re.split(r",\s*(?=[^,=]+=)", asked):
            factor, equals, value = part.partition("=")
            if not equals:
                fault = f"there is no point with the key {part.strip()!r}; give one, or values of factors, {EXAMPLE}"
                raise InputError(Fault(fault, path="point"))
            sweep = sweep.where(self.factor(factor.strip(), given_by="point"), value.strip())
        return sweep

    def at(self, places: Sequence[int]) -> SweepTables:
        """Return the points at these places only."""
        settings = {name: tuple(values[place] for place in places) for name, values in self.settings.items()}
        points, changes = (tuple(each[place] for place in places) for each in (self.points, self.changes))
        return replace(self, points=points, changes=changes, settings=settings)

    # ---- measures ----------------------------------------------------------------------------------------------------

    @cached_property
    def measures(self) -> list[str]:
        """Names of the measures that the results have, in their order."""
        table = read_table(self.folder / RESULTS, columns=NAMES).group_by(list(NAMES), use_threads=False).aggregate([])
        rows = zip(*(table[name].to_pylist() for name in NAMES), strict=True)
        return [".".join(filter(None, row)) for row in rows]

    @property
    def usual_measures(self) -> list[str]:
        """P(behind) of every stage, if the results have any; else their first measure."""
        behind = [name for name in self.measures if name.endswith(".p_behind") and name.count(".") > 1]
        return behind or self.measures[:1]

    def told(self, name: str) -> Told:
        """Return one measure at every point.

        Raises
        ------
        InputError
            When the results do not have it; names the nearest.
        """
        if name not in self.measures:
            near = difflib.get_close_matches(name, self.measures, n=1, cutoff=0)
            raise InputError(Fault(f"there is no {name!r} in the results; did you mean {''.join(near)!r}?", "measure"))
        last = name.rpartition(".")[2]
        wanted = (KEY, *NAMES, "unit", *ESTIMATE)
        table = read_table(self.folder / RESULTS, columns=wanted, only=("measure", "==", last))
        columns = {each: table[each].to_pylist() for each in table.column_names}
        named = [".".join(filter(None, row)) == name for row in zip(*(columns[n] for n in NAMES), strict=True)]
        found = {
            columns[KEY][row]: [columns[each][row] for each in ESTIMATE] for row, meant in enumerate(named) if meant
        }
        value, low, high = (
            np.array([found.get(point, [np.nan] * 3) for point in self.points], np.float64).reshape(-1, 3).T
        )
        return Told(name, columns["unit"][named.index(True)], value, low, high)


def read_table(file: Path, *, columns: Sequence[str] | None = None, only: tuple[str, str, str] | None = None) -> Any:
    """Read columns of a table, of the rows that a filter leaves.

    Raises
    ------
    InputError
        When it cannot be read.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.read_table(
            file,
            columns=None if columns is None else list(columns),
            filters=None if only is None else [only],
            read_dictionary=NAMES,  # a name for thousands of points takes the place of one
        )
    except (OSError, pa.ArrowException) as error:
        told = (
            "is not there" if isinstance(error, FileNotFoundError) else f"cannot be read: {str(error).splitlines()[0]}"
        )
        raise InputError(Fault(f"{told}; give the folder of a finished sweep", file=file)) from None


read_sweep: Final = SweepTables.read
