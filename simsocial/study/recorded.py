"""The numbers of a run as its folder holds them, without running anything again (R63)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from simsocial.draw.roster import compile_roster
from simsocial.errors import Fault, InputError
from simsocial.measure import measures
from simsocial.measure.behind.definitions import STAGE, TEAM, BehindMeasure
from simsocial.measure.behind.kept import Kept, kept_promises
from simsocial.measure.behind.onset import StageOutlook, TeamOutlook
from simsocial.measure.behind.stages import Stage, served_together, stages
from simsocial.measure.behind.verdict import Verdict, stage_verdicts, team_verdicts
from simsocial.measure.fluid import forecast
from simsocial.measure.of_runs import rows_of_run
from simsocial.measure.rows import Row
from simsocial.measure.stats import Estimate
from simsocial.measure.turning_point import turning_points
from simsocial.model.scenario import Scenario
from simsocial.simulation.results import Results
from simsocial.study.provenance import PROVENANCE, REPLICATIONS, Provenance
from simsocial.study.replay import recorded_numbers, recorded_scenario

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Recorded:
    """What a run found, as far as its folder tells; named as in :class:`~simsocial.simulation.results.Results`.

    Parameters
    ----------
    scenario, seed, first
        What was run.
    rows
        What was measured.
    numerators, denominators
        Shape (replications, rows).
    """

    scenario: Scenario
    seed: int
    first: int
    rows: tuple[Row, ...]
    numerators: Floats = field(repr=False)
    denominators: Floats = field(repr=False)

    @classmethod
    def of(cls, results: Results) -> Recorded:
        """Return what a folder would hold of results."""
        return cls(
            results.scenario, results.seed, results.first, results.rows, results.numerators, results.denominators
        )

    @classmethod
    def read(cls, folder: Path) -> Recorded:
        """Read the folder of a run.

        Raises
        ------
        InputError
            When it holds no run, or one with other measures than this version has.
        """
        provenance, scenario = Provenance.read(folder / PROVENANCE), recorded_scenario(folder)
        numbers = recorded_numbers(folder / REPLICATIONS)
        rows = rows_of_run(scenario)
        names = np.array([(row.stream, row.step, row.team, row.measure) for row in rows] * provenance.replications)
        recorded = np.column_stack([numbers[name].astype(str) for name in ("stream", "step", "team", "measure")])
        if not np.array_equal(names, recorded):
            fault = f"does not hold the measures of this version; simsocial replay {folder} makes them again"
            raise InputError(Fault(fault, file=folder / REPLICATIONS))
        shape = (provenance.replications, len(rows))
        above, below = (numbers[name].reshape(shape) for name in ("numerator", "denominator"))
        return cls(scenario, provenance.seed, provenance.first_replication, rows, above, below)

    def __len__(self) -> int:
        return len(self.numerators)

    def only(self, number: int) -> Recorded:
        """Return the first so many replications."""
        return replace(self, numerators=self.numerators[:number], denominators=self.denominators[:number])

    @cached_property
    def estimates(self) -> tuple[Estimate, ...]:
        """One estimate per row."""
        confidence = self.scenario.run.confidence
        return tuple(measures.summarise(self.rows, self.numerators, self.denominators, confidence))

    @cached_property
    def by_name(self) -> Mapping[tuple[str, str, str, str], Estimate]:
        """Estimates by stream, step, team and measure."""
        names = [(row.stream, row.step, row.team, row.measure) for row in self.rows]
        return dict(zip(names, self.estimates, strict=True))

    def verdict(self) -> tuple[Verdict, ...]:
        """Return what becomes of every team, then of every stage; the worst first in each."""
        judged = stages(self.scenario)
        together = [tuple(judged[index] for index in served) for served in served_together(judged)]
        teams = [TeamOutlook(stages=group, **self._of("", "", group[0].team, TEAM)) for group in together]
        alone = [StageOutlook(stage=stage, **self._of(stage.stream, stage.step, "", STAGE)) for stage in judged]
        turning = turning_points(forecast(self.scenario, compile_roster(self.scenario)))
        return team_verdicts(self.scenario, teams, kept=self._kept) + stage_verdicts(
            self.scenario, alone, kept=self._kept, turning=turning
        )

    def _of(self, stream: str, step: str, team: str, definitions: tuple[BehindMeasure, ...]) -> dict[str, Estimate]:
        return {each.name: self.by_name[stream, step, team, each.name] for each in definitions}

    def _kept(self, stage: Stage) -> tuple[Kept, ...]:
        return kept_promises(self.scenario, stage, self.by_name)
