"""Alternatives: several scenarios, or runs there are already, whose replications have the same draws."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from simsocial.errors import Fault, InputError
from simsocial.measure.of_runs import rows_of_run
from simsocial.measure.rows import Row, row_named
from simsocial.model.scenario import Scenario
from simsocial.simulation.comparison import Measured, Values, values_of
from simsocial.simulation.crew import Crew, Watch, counting
from simsocial.units import format_duration

Offered: TypeAlias = Scenario | Measured
"""A scenario, which is run as often as it takes; or a run, of which there is what there is."""


@dataclass(frozen=True, eq=False)
class Alternatives:
    """What is compared.

    Parameters
    ----------
    offered
        By name.
    seed, first
        Of the draws that all share, and the number of the first replication.
    engine
        As in :func:`simsocial.run`.
    crew
        Who runs scenarios.
    watch
        Told of what is run.
    """

    offered: Mapping[str, Offered]
    seed: int
    first: int
    engine: str | None
    crew: Crew
    watch: Watch | None

    @classmethod
    def of(
        cls,
        offered: Mapping[str, Offered],
        crew: Crew,
        *,
        seed: int | None = None,
        engine: str | None = None,
        watch: Watch | None = None,
    ) -> Alternatives:
        """Return alternatives that can be compared replication by replication.

        Parameters
        ----------
        offered
            At least two, by name.
        crew
            Who runs scenarios.
        seed, engine
            As in :func:`simsocial.run`; the seed is by default that of the alternatives.
        watch
            Told of what is run.

        Raises
        ------
        InputError
            When there are fewer than two, or they differ in seed, first replication, start, warm-up or horizon.
        """
        if len(offered) < 2:
            raise InputError(Fault(f"give at least two to compare (got {len(offered)})", path="alternatives"))
        _refuse_other_dates({name: _scenario(each) for name, each in offered.items()})
        runs = {name: each for name, each in offered.items() if not isinstance(each, Scenario)}
        seeds = _seeds(offered, seed)
        firsts = {name: each.first for name, each in runs.items()}
        _refuse_differing(seeds, "seed")
        _refuse_differing(firsts, "first")
        return cls(offered, next(iter(seeds.values())), next(iter(firsts.values()), 0), engine, crew, watch)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.offered)

    @property
    def scenario(self) -> Scenario:
        """The first one's."""
        return _scenario(next(iter(self.offered.values())))

    @property
    def most(self) -> int | None:
        """How many replications there are of all of them; ``None`` when as many as wanted."""
        return min((len(each) for each in self.offered.values() if not isinstance(each, Scenario)), default=None)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """What all of them measure, in the order of the first; refused when that is nothing."""
        first, *others = (
            rows_of_run(each) if isinstance(each, Scenario) else each.rows for each in self.offered.values()
        )
        common = set(first).intersection(*others)
        if not common:
            raise InputError(Fault("they have no measure in common", path="alternatives"))
        return tuple(row for row in first if row in common)

    def row(self, name: str, *, asked_by: str) -> Row:
        """Return the row of that name.

        Raises
        ------
        InputError
            When not all of them have it; names the nearest.
        """
        return self.rows[row_named(self.rows, name, asked_by=asked_by)]

    def measured(self, names: Sequence[str], rows: Sequence[Row], *, done: int, many: int) -> Iterator[list[Values]]:
        """Yield what the replications after those ``done`` measured, ``many`` of each of ``names``, row by row."""
        simulated = self._simulated([name for name in names if isinstance(self.offered[name], Scenario)], done, many)
        for name in names:
            each, start = self.offered[name], done
            if isinstance(each, Scenario):
                each, start = next(simulated), 0
            taken = slice(start, start + many)
            values = (values_of(each, each.rows.index(row)) for row in rows)
            yield [(above[taken], below[taken]) for above, below in values]

    def _simulated(self, names: Sequence[str], done: int, many: int) -> Iterator[Measured]:
        if not names:
            return iter(())
        what = names[0] if len(names) == 1 else f"{len(names)} alternatives"
        return self.crew.run_points(
            [_scenario(self.offered[name]) for name in names],
            replications=many,
            first=self.first + done,
            seed=self.seed,
            engine=self.engine,
            finished=counting(self.watch, what, many * len(names)),
        )


def _scenario(offered: Offered) -> Scenario:
    return offered if isinstance(offered, Scenario) else offered.scenario


def _seeds(offered: Mapping[str, Offered], asked: int | None) -> dict[str, int]:
    """Return the seed of each run, and that of each scenario unless another is asked for."""
    seeds = {} if asked is None else {"what is asked for": asked}
    for name, each in offered.items():
        if not isinstance(each, Scenario):
            seeds[name] = each.seed
        elif asked is None:
            seeds[name] = each.run.seed
    return seeds


def _refuse_other_dates(scenarios: Mapping[str, Scenario]) -> None:
    _refuse_differing({name: each.start.isoformat() for name, each in scenarios.items()}, "time.start")
    _refuse_differing({name: format_duration(each.warmup) for name, each in scenarios.items()}, "time.warmup")
    _refuse_differing({name: format_duration(each.horizon) for name, each in scenarios.items()}, "time.horizon")


def _refuse_differing(values: Mapping[str, object], path: str) -> None:
    """Refuse alternatives that do not say the same of something without which their draws or measures differ."""
    names = list(values)
    for name in names[1:]:
        if values[name] != values[names[0]]:
            told = f"alternatives are compared on the same draws and dates (got {values[names[0]]} of {names[0]} and "
            raise InputError(Fault(f"{told}{values[name]} of {name})", path=path))
