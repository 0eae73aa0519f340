"""The best of several alternatives, with replications added only where they decide (R123)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from simsocial.errors import Fault, InputError
from simsocial.measure.definitions import Kind
from simsocial.measure.direction import largest_is_best
from simsocial.measure.rows import Row
from simsocial.measure.selecting import FIRST_STAGE, Question, Standing, betting, kim_nelson
from simsocial.model.memory import MEMORY_TOGETHER
from simsocial.model.scenario import Scenario
from simsocial.simulation.alternatives import Alternatives, Offered
from simsocial.simulation.crew import Watch, crew
from simsocial.simulation.numbers import refuse_senseless
from simsocial.simulation.several import refuse_confidence
from simsocial.units import DURATIONS, parse_duration

Floats = npt.NDArray[np.float64]

MOST: Final = 1000
"""Replications of an alternative at most, unless something else is asked for."""
MEANS_IN_PLACE: Final = {"first_onset": "days_ahead", "onset_for_good": "p_behind_for_good", "wait": "wait_mean"}
"""What to select by in place of medians of replications, by the beginning of their names."""


class Fate(NamedTuple):
    """What became of an alternative.

    Parameters
    ----------
    name, value
        Its value over its own replications.
    worse
        By how much it is worse than the one that leads, over the replications of both; negative where it is better.
    replications
        That it was run.
    dropped
        Whether it was dropped after these; otherwise it was in to the end.
    """

    name: str
    value: float
    worse: float
    replications: int
    dropped: bool


@dataclass(frozen=True, eq=False)
class Selection:
    """Which of several alternatives is the best.

    Parameters
    ----------
    scenario
        Of the first alternative.
    row
        The measure by which it is.
    largest
        Whether the largest is best.
    indifference
        In the measure's unit.
    confidence
        With which the best was selected.
    leader
        The best, or while that is not sure the best so far.
    decided
        Whether it is sure.
    fates
        In the order of the alternatives.
    """

    scenario: Scenario
    row: Row
    largest: bool
    indifference: float
    confidence: float
    leader: str
    decided: bool
    fates: tuple[Fate, ...]

    def __repr__(self) -> str:
        sure = "decided" if self.decided else "not decided"
        return f"<Selection of {self.leader!r} by {self.row.name}: {len(self.fates)} alternatives, {sure}>"

    @property
    def best(self) -> str | None:
        return self.leader if self.decided else None

    @property
    def in_any_case(self) -> bool:
        """Whether what was selected is within the indifference of the best even where several are (R123)."""
        return self.row.kind is Kind.SHARE


def select_best(
    alternatives: Mapping[str, Offered],
    measure: str,
    *,
    indifference: float | str,
    largest: bool | None = None,
    confidence: float | None = None,
    most: int = MOST,
    seed: int | None = None,
    engine: str | None = None,
    memory: float = MEMORY_TOGETHER,
    workers: int = 1,
    watch: Watch | None = None,
) -> Selection:
    """Select the best of several alternatives on the same draws.

    Parameters
    ----------
    alternatives
        By name: scenarios, which are run as often as it takes; or runs, of which there is what there is.
    measure
        Name such as ``mentions.respond.p_behind``: a mean, a ratio or a share of replications.
    indifference
        Less than this is no difference that matters: a number in the measure's unit, or with a unit of time or per
        cent, such as ``"5 min"`` or ``"2 %"``.
    largest
        Whether the largest is best; may be left out where nobody would doubt it.
    confidence
        With which the selection is to be right; default: that of the first alternative's run settings.
    most
        Replications of an alternative at most.
    seed, engine, memory, workers
        As in :func:`simsocial.run`.
    watch
        Called with what is run, and how many of its replications are done and planned.

    Returns
    -------
    Selection
        By :func:`~simsocial.measure.selecting.betting` for shares of replications, else by
        :func:`~simsocial.measure.selecting.kim_nelson`.

    Raises
    ------
    InputError
        When they cannot be compared, there is no such measure, or it is not said which way it is better.
    """
    refuse_senseless(("most", most, FIRST_STAGE))
    with crew(workers, memory=memory) as running:
        offered = Alternatives.of(alternatives, running, seed=seed, engine=engine, watch=watch)
        confidence = refuse_confidence(offered.scenario.run.confidence if confidence is None else confidence)
        if offered.most is not None and offered.most < FIRST_STAGE:
            fault = f"to select the best takes at least {FIRST_STAGE} of each (got runs of {offered.most})"
            raise InputError(Fault(fault, path="replications"))
        row = _selectable(offered, measure)
        largest = _direction(row) if largest is None else largest
        matters = _number(row, indifference)
        race = _Race(offered, row, largest, Question(len(offered.names), matters, confidence))
        best = race.run(min(most, offered.most or most))
        return Selection(
            offered.scenario, row, largest, matters, confidence, race.leader(best), best is not None, race.fates(best)
        )


def rounds(most: int) -> Iterator[int]:
    """Yield how many replications of each there are when those still in are judged: more by 20, or by a quarter."""
    done = FIRST_STAGE
    while done < most:
        yield done
        done += max(FIRST_STAGE, done // 4)
    yield most


class _Race:
    """What was measured of each so far, and who is still in."""

    def __init__(self, offered: Alternatives, row: Row, largest: bool, question: Question) -> None:
        self.offered, self.row, self.question = offered, row, question
        self.sign = 1.0 if largest else -1.0
        self.alive = list(offered.names)
        self.values: dict[str, Floats] = {name: np.empty((0, 2)) for name in offered.names}

    def run(self, most: int) -> str | None:
        """Add replications until one is the best, and return it; ``None`` when that is not sure by ``most``."""
        done = 0
        for total in rounds(most):
            self._measure(done, total - done)
            done, judged, standing = total, self.alive, self._judged()
            self.alive = [name for name, kept in zip(judged, standing.kept, strict=True) if kept]
            if standing.best is not None:
                return judged[standing.best]
        return None

    def _measure(self, done: int, many: int) -> None:
        measured = self.offered.measured(self.alive, [self.row], done=done, many=many)
        for name, ((above, below),) in zip(self.alive, measured, strict=True):
            self.values[name] = np.vstack([self.values[name], np.column_stack([above, below])])
            if np.isnan(self.values[name]).any() or not self.values[name][:, 1].any():
                fault = f"in {name} nothing happened that it could be measured by; choose another measure"
                raise InputError(Fault(fault, path=self.row.name))

    def _judged(self) -> Standing:
        together = np.stack([self.values[name] for name in self.alive], axis=1)
        above, below = self.sign * together[..., 0], together[..., 1]
        return betting(above, self.question) if self.row.kind is Kind.SHARE else kim_nelson(above, below, self.question)

    def leader(self, best: str | None) -> str:
        return max(self.alive, key=lambda name: self.sign * self._value(name)) if best is None else best

    def fates(self, best: str | None) -> tuple[Fate, ...]:
        """Return what became of each; when one is the best, who was not dropped was in to the end with it."""
        leader = self.leader(best)
        return tuple(self._fate(name, leader) for name in self.offered.names)

    def _fate(self, name: str, leader: str) -> Fate:
        n = len(self.values[name])
        worse = self.sign * (self._value(leader, n) - self._value(name, n))
        return Fate(name, self._value(name), worse, n, name not in self.alive)

    def _value(self, name: str, n: int | None = None) -> float:
        above, below = self.values[name][:n].mean(axis=0)
        return float(above / below)


def _selectable(offered: Alternatives, measure: str) -> Row:
    row = offered.row(measure, asked_by="--best")
    if row.kind is not Kind.QUANTILE:
        return row
    instead = next((name for start, name in MEANS_IN_PLACE.items() if row.measure.startswith(start)), "backlog_mean")
    named = row.name.removesuffix(row.measure) + instead
    raise InputError(Fault(f"is a quantile, by which no best is selected; choose a mean, such as {named}", row.name))


def _direction(row: Row) -> bool:
    told = largest_is_best(row)
    if told is None:
        raise InputError(Fault("say which is best, --largest or --smallest", path=row.name))
    return told


def _number(row: Row, indifference: float | str) -> float:
    """Return an indifference in the unit of a measure."""
    number = indifference if isinstance(indifference, int | float) else _read(row, indifference.strip())
    if not 0 < number < np.inf:
        raise InputError(Fault(f"must be greater than 0 (got {indifference})", path="indifference"))
    if row.kind is Kind.SHARE and number >= 1:
        fault = f"must be less than 1 (100 %), which is the most that shares can differ by (got {indifference})"
        raise InputError(Fault(fault, path="indifference"))
    return number


def _read(row: Row, text: str) -> float:
    per_cent = text.endswith("%") and not row.unit
    try:
        return float(text.removesuffix("%")) / 100 if per_cent else float(text)
    except ValueError:
        if row.unit not in DURATIONS:
            told = f"write a number{f' of {row.unit}' if row.unit else ' or per cent, such as 0.02 or 2 %'}"
            raise InputError(Fault(f"{told} (got {text!r})", path="indifference")) from None
    try:
        return parse_duration(text) / DURATIONS[row.unit]
    except ValueError as error:
        raise InputError(Fault(str(error), path="indifference")) from None
