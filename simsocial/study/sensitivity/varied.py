"""Points around a config: the same replications of it with other values, run as they are needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from simsocial.config.variants import Variants
from simsocial.errors import Fault, InputError
from simsocial.model.scenario import Scenario
from simsocial.simulation.crew import Crew
from simsocial.simulation.points import PointResults

Changes = Mapping[str, Any]
TOGETHER: Final = 64
"""Scenarios held at once."""


@dataclass(frozen=True)
class Varied:
    """A config at several points.

    Parameters
    ----------
    variants
        Of the config.
    fixed
        Changes that all points have.
    replications
        Of each point.
    crew
        Who runs them.
    """

    variants: Variants
    fixed: Changes
    replications: int
    crew: Crew

    def run(self, points: Iterable[Changes], finished: Callable[[int], None]) -> Iterator[PointResults]:
        """Yield what each point measured, in their order; ``finished`` is called with replications as they are done.

        Raises
        ------
        InputError
            When the config does not hold at a point.
        """
        waiting = iter(points)
        while some := list(islice(waiting, TOGETHER)):
            scenarios = self.scenarios(some)
            yield from self.crew.run_points(scenarios, replications=self.replications, finished=finished)

    def scenarios(self, points: Sequence[Changes]) -> list[Scenario]:
        """Return the scenario of each point.

        Raises
        ------
        InputError
            With the faults of all of them, each named by its changes.
        """
        made, faults = [], []
        for changes in points:
            try:
                made.append(self.variants.scenario({**self.fixed, **changes}))
            except InputError as error:
                at = ", ".join(f"{path} = {value}" for path, value in changes.items())
                faults += [Fault(f"with {at}: {fault}" if at else str(fault)) for fault in error.faults]
        if faults:
            raise InputError(faults)
        return made
