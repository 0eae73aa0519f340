"""Sensitivity: which of the inputs that carry a range decides what comes out (R125, R126)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from simsocial.config.ranges import RangedInput, ranged_inputs
from simsocial.config.variants import Variants
from simsocial.errors import Fault, InputError
from simsocial.measure.of_runs import rows_of_run
from simsocial.measure.rows import Row, row_named
from simsocial.measure.sobol import Indices
from simsocial.model.memory import MEMORY_TOGETHER
from simsocial.model.scenario import Scenario
from simsocial.simulation.crew import Watch, counting, crew
from simsocial.simulation.numbers import refuse_senseless
from simsocial.study.fitting_workers import fitting_workers
from simsocial.study.sensitivity.swings import Swing, swings
from simsocial.study.sensitivity.together import indices_of
from simsocial.study.sensitivity.varied import Varied

REPLICATIONS: Final = 25
"""Of each point, unless the config has fewer."""
BEHIND, LATE = "p_behind", "late_share"


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """What uncertain inputs do to what is measured.

    Parameters
    ----------
    scenario
        With every input at its value.
    inputs
        Those that carry a range.
    swings
        Of each measure asked for, every input's, the other inputs at their values; the largest first.
    indices
        Of each measure asked for, those of each input in the order of ``inputs``; empty without Sobol indices.
    seed, replications
        The same of every point.
    points
        Of each of the two samples of Sobol points; 0 without Sobol indices.
    overrides
        What was put into the config first.
    """

    scenario: Scenario
    inputs: tuple[RangedInput, ...]
    swings: Mapping[Row, tuple[Swing, ...]]
    indices: Mapping[Row, tuple[Indices, ...]]
    seed: int
    replications: int
    points: int
    overrides: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"<Sensitivity of {self.scenario.name!r} to {len(self.inputs)} inputs: {len(self.swings)} measures>"


def sensitivity(
    config: Path | str,
    *,
    measures: Sequence[str] = (),
    points: int = 0,
    replications: int | None = None,
    overrides: Mapping[str, Any] | None = None,
    memory: float = MEMORY_TOGETHER,
    workers: int | None = 1,
    progress: Watch | None = None,
) -> Sensitivity:
    """Vary every input that carries a range, one at a time and, if asked, all together.

    Parameters
    ----------
    config
        A TOML file with ranges, ``{ value = …, range = [low, high] }``.
    measures
        Names such as ``mentions.respond.wait_mean``. Default: P(behind) of every stage; where no input by itself moves
        that, its share of late days.
    points
        A power of two for Sobol indices, which take ``points`` × (inputs + 2) points more; 0 for none.
    replications
        Of every point, the same ones; default: those of the config, at most 25.
    overrides
        Dotted paths → values put into the config first. An input so set has no range.
    memory
        Bytes that may be taken by what is simulated at once; results do not depend on it.
    workers
        How many processes simulate, as in :func:`simsocial.run`; ``None`` for as many as it is expected to be worth.
    progress
        Called with what is run, and how many of its replications are done and planned.

    Raises
    ------
    InputError
        When no value has a range, there is no such measure, a number makes no sense, the config does not hold at a
        point, or a measure is not a finite number at some Sobol point.
    """
    _refuse_senseless(replications, points)
    variants, fixed = Variants(Path(config)), dict(overrides or {})
    scenario = variants.scenario(fixed)
    inputs = ranged_inputs(scenario)
    asked = _asked(scenario, measures)
    number = min(REPLICATIONS, scenario.run.replications) if replications is None else replications
    at_ends = [{each.path: end} for each in inputs for end in (each.low, each.high)]
    planned = 1 + len(at_ends) + points * (len(inputs) + 2)
    workers = fitting_workers(scenario, number * planned) if workers is None else workers
    with crew(workers, memory=memory) as running:
        varied = Varied(variants, fixed, number, running)
        varied.scenarios(at_ends)  # what is wrong is told before anything runs
        finished = counting(progress, f"{planned:,} points", number * planned)
        base, *ends = varied.run([{}, *at_ends], finished)
        found = swings(inputs, base, ends)
        told = {row: found[row] for row in (asked if measures else _most_telling(asked, found))}
        indices = indices_of(varied, inputs, list(told), points=points, base=base, finished=finished) if points else {}
    return Sensitivity(scenario, inputs, told, indices, base.seed, number, points, fixed)


def _refuse_senseless(replications: int | None, points: int) -> None:
    refuse_senseless(("replications", replications, 1), ("points", points, 0))
    if points == 1 or points & (points - 1):
        fault = f"must be a power of two, such as 64, or 0 for no Sobol indices (got {points})"
        raise InputError(Fault(fault, "points"))


def _asked(scenario: Scenario, names: Sequence[str]) -> list[Row]:
    """Return the measures of these names; without names, P(behind) of every stage."""
    rows = rows_of_run(scenario)
    if names:
        return list(dict.fromkeys(rows[row_named(rows, name, asked_by="measure")] for name in names))
    behind = [row for row in rows if row.measure == BEHIND and row.step]
    if not behind:
        raise InputError(Fault("no stage can fall behind; say what is to be judged", path="measure"))
    return behind


def _most_telling(behind: Sequence[Row], found: Mapping[Row, Sequence[Swing]]) -> list[Row]:
    """Return P(behind) of every stage, or its share of late days where no input moves that."""
    late = {(row.stream, row.step): row for row in found if row.measure == LATE}
    return [row if found[row][0].size else late[row.stream, row.step] for row in behind]
