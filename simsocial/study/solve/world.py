"""The config with each value in place, its faults told by that value, and its replications (R124)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from simsocial.config.overrides import Overrides, by_path
from simsocial.config.variants import Variants
from simsocial.config.vary import Vary
from simsocial.errors import Fault, InputError
from simsocial.measure.rows import row_named
from simsocial.model.scenario import Scenario
from simsocial.simulation.crew import Crew, Watch, counting
from simsocial.simulation.points import PointResults
from simsocial.study.solve.conditions import Condition
from simsocial.study.solve.trials import Sampler, at_level


class World:
    """A config of which one value varies.

    Parameters
    ----------
    config
        The file.
    overrides
        What else is changed in it.
    vary
        The values.
    """

    def __init__(self, config: Path, overrides: Overrides, vary: Vary) -> None:
        self.vary, self.variants, self.changes = vary, Variants(config), by_path(overrides)
        self.made: dict[int, Scenario] = {}

    @cached_property
    def first(self) -> Scenario:
        """The scenario at the lower end; faults of both ends are told at once."""
        faults: list[Fault] = []
        for end in (0, len(self.vary) - 1):
            try:
                self.scenario(end)
            except InputError as error:
                faults += [fault for fault in error.faults if fault not in faults]
        if faults:
            raise InputError(faults)
        return self.scenario(0)

    def scenario(self, place: int) -> Scenario:
        """Return the scenario with the value at a place."""
        if place not in self.made:
            try:
                self.made[place] = self.variants.scenario({**self.changes, self.vary.path: self.vary.value(place)})
            except InputError as error:
                raise InputError([self._told_of_vary(fault) for fault in error.faults]) from None
        return self.made[place]

    def _told_of_vary(self, fault: Fault) -> Fault:
        """Say ``--vary``, as the user did, of a fault of the value that varies."""
        own = f"--set {self.vary.path}"
        if fault.path == own or fault.path.startswith(f"{own}."):
            return replace(fault, path=fault.path.replace("--set", "--vary", 1))
        return fault

    def sampler(
        self,
        conditions: Sequence[Condition],
        level: float,
        crew: Crew,
        watch: Watch | None,
        settings: Mapping[str, Any],
    ) -> Sampler:
        """Return what runs values and keeps what the conditions need, with intervals of a level."""

        def sample(places: Sequence[int], beginning: int, number: int) -> Iterator[PointResults]:
            finished = counting(watch, ", ".join(map(self.vary.written, places)), number * len(places))
            scenarios = list(map(self.scenario, places))
            made = crew.run_points(scenarios, replications=number, first=beginning, finished=finished, **settings)
            for place, point in zip(places, made, strict=True):
                kept = only(at_level(point, level), conditions)
                self._refuse_without_value(kept, place)
                yield kept

        return sample

    def _refuse_without_value(self, point: PointResults, place: int) -> None:
        for row, estimate in zip(point.rows, point.estimates, strict=True):
            if math.isnan(estimate.value):
                told = f"{row.name} has no value at {self.vary.written(place)}: nothing happened to measure it by"
                raise InputError(Fault(f"{told}; take another measure or another range", self.vary.option))


def only(point: PointResults, conditions: Sequence[Condition]) -> PointResults:
    """Return a point with the rows of the conditions alone, in their order."""
    places = [row_named(point.rows, condition.row.name) for condition in conditions]
    return replace(
        point,
        rows=tuple(point.rows[place] for place in places),
        numerators=point.numerators[:, places],
        denominators=point.denominators[:, places],
    )
