"""How several alternatives differ: paired differences whose intervals hold all together (R122)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from simsocial.errors import Fault, InputError
from simsocial.measure.measures import estimate
from simsocial.measure.rows import Row
from simsocial.measure.stats import Estimate
from simsocial.model.memory import MEMORY_TOGETHER
from simsocial.model.scenario import Scenario
from simsocial.simulation.alternatives import Alternatives, Offered
from simsocial.simulation.comparison import Values, difference
from simsocial.simulation.crew import Watch, crew
from simsocial.simulation.numbers import refuse_senseless

if TYPE_CHECKING:
    import pandas as pd

BEHIND: Final = "p_behind"
KEPT: Final = "kept_share"
"""What is compared unless something else is asked for: whether stages fall behind and promises are kept."""
COLUMNS: Final = (
    *("stream", "step", "team", "measure", "unit", "alternative", "against", "value", "value_against"),
    *("difference", "low", "high", "confidence", "together", "n"),
)


class Pair(NamedTuple):
    """A measure of two alternatives, and by how much the replications of the first exceed those of the second."""

    row: Row
    name: str
    against: str
    difference: Estimate


@dataclass(frozen=True, eq=False)
class Several:
    """How several alternatives differ.

    Parameters
    ----------
    scenario
        Of the first alternative.
    names
        Of all.
    replications
        Of each.
    rows
        Measures that were compared.
    values
        One estimate per measure and alternative, whose interval holds for itself.
    pairs
        Paired differences, measure by measure; all their intervals hold together.
    confidence
        Of all intervals of ``pairs`` together.
    """

    scenario: Scenario
    names: tuple[str, ...]
    replications: int
    rows: tuple[Row, ...]
    values: Mapping[tuple[Row, str], Estimate]
    pairs: tuple[Pair, ...]
    confidence: float

    @property
    def all_pairs(self) -> bool:
        """Whether not only the first was compared with others."""
        return any(pair.against != self.names[0] for pair in self.pairs)

    def frame(self) -> pd.DataFrame:
        """Return a row per measure and pair; ``confidence`` is each interval's own, ``together`` that of all."""
        import pandas as pd

        return pd.DataFrame([self._line(pair) for pair in self.pairs], columns=list(COLUMNS))

    def _line(self, pair: Pair) -> tuple[str | float, ...]:
        row, made = pair.row, pair.difference
        return (
            *(row.stream, row.step, row.team, row.measure, row.unit, pair.name, pair.against),
            *(self.values[row, pair.name].value, self.values[row, pair.against].value),
            *(made.value, made.low, made.high, made.confidence, self.confidence, made.n),
        )


def compare_several(
    alternatives: Mapping[str, Offered],
    *,
    measures: Sequence[str] = (),
    all_pairs: bool = False,
    confidence: float | None = None,
    replications: int | None = None,
    seed: int | None = None,
    engine: str | None = None,
    memory: float = MEMORY_TOGETHER,
    workers: int = 1,
    watch: Watch | None = None,
) -> Several:
    """Compare several alternatives on the same draws, with intervals that hold all together.

    Parameters
    ----------
    alternatives
        By name: scenarios, which are run, or runs, which are taken as they are.
    measures
        Names such as ``desk.occupancy``; default: P(behind) of every stage, and the share to which promises were kept.
    all_pairs
        Compare each with each; otherwise all others with the first.
    confidence
        With which all intervals hold together; default: that of the first alternative's run settings.
    replications
        Of those that are run; default: as many as the shortest run has, or those of the first one's run settings.
    seed, engine, memory, workers
        As in :func:`simsocial.run`.
    watch
        Called with what is run, and how many of its replications are done and planned.

    Returns
    -------
    Several
        The pairs with an interval each, as :func:`simsocial.compare` makes them (R43) but by Bonferroni's inequality at
        the confidence 1 − (1 − ``confidence``) / (number of intervals), so that all hold together whatever the
        alternatives have in common.

    Raises
    ------
    InputError
        When they cannot be compared, or there is no such measure.
    """
    refuse_senseless(("replications", replications, 1))
    with crew(workers, memory=memory) as running:
        offered = Alternatives.of(alternatives, running, seed=seed, engine=engine, watch=watch)
        settings = offered.scenario.run
        confidence = refuse_confidence(settings.confidence if confidence is None else confidence)
        rows = _asked(offered, measures)
        many = _many(offered, replications)
        values = list(offered.measured(offered.names, rows, done=0, many=many))
    found = {(row, name): each[place] for name, each in zip(offered.names, values, strict=True)
             for place, row in enumerate(rows)}  # fmt: skip
    estimates = {key: estimate(key[0].kind, *found[key], settings.confidence) for key in found}
    pairs = tuple(_pairs(found, rows, offered.names, all_pairs=all_pairs, confidence=confidence))
    return Several(offered.scenario, offered.names, many, rows, estimates, pairs, confidence)


def refuse_confidence(confidence: float) -> float:
    """Return a confidence that makes sense, and refuse any other.

    Raises
    ------
    InputError
        When it is not between ½ and 1.
    """
    if not 0.5 < confidence < 1:
        raise InputError(Fault(f"must be more than 0.5 and less than 1 (got {confidence:g})", path="confidence"))
    return confidence


def _asked(offered: Alternatives, measures: Sequence[str]) -> tuple[Row, ...]:
    if measures:
        return tuple(dict.fromkeys(offered.row(name, asked_by="--measure") for name in measures))
    told = tuple(row for row in offered.rows if row.stream and (row.measure == BEHIND or row.measure.endswith(KEPT)))
    if not told:
        some = ", ".join(row.name for row in offered.rows[:3])
        raise InputError(Fault(f"say by what they are compared, such as {some}", path="--measure"))
    return told


def _many(offered: Alternatives, replications: int | None) -> int:
    there = offered.most
    if replications is None:
        return offered.scenario.run.replications if there is None else there
    if there is not None and replications > there:
        raise InputError(Fault(f"a run has no more than {there} (got {replications})", path="replications"))
    return replications


def _pairs(
    found: Mapping[tuple[Row, str], Values],
    rows: Sequence[Row],
    names: Sequence[str],
    *,
    all_pairs: bool,
    confidence: float,
) -> Iterator[Pair]:
    compared = [pair for pair in itertools.combinations(names, 2) if all_pairs or pair[0] == names[0]]
    each = 1 - (1 - confidence) / (len(rows) * len(compared))
    for row in rows:
        for against, name in compared:
            yield Pair(row, name, against, difference(row.kind, found[row, name], found[row, against], each))
