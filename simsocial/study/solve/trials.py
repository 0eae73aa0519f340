"""Values that are tried: their replications on common random numbers, and more of them near the answer (R124)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from simsocial.measure.stats import Estimate
from simsocial.simulation.comparison import difference, values_of
from simsocial.simulation.points import PointResults
from simsocial.study.solve.conditions import Condition
from simsocial.study.solve.effort import Effort, shared
from simsocial.study.solve.search import Judgement

Sampler = Callable[[Sequence[int], int, int], Iterator[PointResults]]
"""From places, the first replication and how many of them, to what each place measured, a row per condition."""


class Trials:
    """The values tried so far, by place."""

    def __init__(self, sampler: Sampler, conditions: Sequence[Condition], effort: Effort) -> None:
        self.sampler, self.conditions, self.effort = sampler, tuple(conditions), effort
        self.points: dict[int, PointResults] = {}

    def places(self) -> Collection[int]:
        return self.points.keys()

    def try_all(self, places: Sequence[int]) -> None:
        """Run the first replications of those places that have none."""
        new = [place for place in places if place not in self.points]
        if new:
            self.points |= zip(new, self.sampler(new, 0, self.effort.start), strict=True)

    def estimates(self, place: int) -> tuple[Estimate, ...]:
        """Return the estimate of each condition's measure, with an interval of the effort's level."""
        self.try_all([place])
        return self.points[place].estimates

    def judgement(self, place: int) -> Judgement:
        """Judge by the replications that there are: all conditions must hold, and one that fails is enough."""
        told = list(zip(self.conditions, self.estimates(place), strict=True))
        holds = all(condition.met_by(estimate.value) for condition, estimate in told)
        return Judgement(holds, min(condition.standing(estimate) for condition, estimate in told))

    def settled(self, place: int) -> Judgement:
        self.try_all([place])
        done, most = len(self.points[place]), self.effort.most
        if done < most:
            (more,) = self.sampler([place], done, most - done)
            self.points[place] = self.points[place].and_more(more)
        return self.judgement(place)

    def disorders(self, order: Sequence[int]) -> list[tuple[int, int]]:
        """Return pairs of places of which the later is surely worse, though the condition holds towards the end.

        Judged by the paired differences of the replications that both have, at the wanted confidence over all pairs.
        """
        tried = [place for place in order if place in self.points]
        pairs = list(combinations(tried, 2))
        level = shared(self.effort.confidence, max(len(pairs) * len(self.conditions), 1))
        return [(one, other) for one, other in pairs if self._worse(one, other, level)]

    def _worse(self, one: int, other: int, level: float) -> bool:
        if not any(map(_away, self.conditions, self.estimates(one), self.estimates(other))):
            return False
        number = min(len(self.points[one]), len(self.points[other]))
        before, after = (self.points[place].only(number) for place in (one, other))
        for row, condition in enumerate(self.conditions):
            made = difference(condition.row.kind, values_of(after, row), values_of(before, row), level)
            if made.low > 0 if condition.at_most else made.high < 0:
                return True
        return False


def _away(condition: Condition, before: Estimate, after: Estimate) -> bool:
    """Say whether an estimate goes the wrong way."""
    return after.value > before.value if condition.at_most else after.value < before.value


def at_level(point: PointResults, level: float) -> PointResults:
    """Return a point whose intervals have another confidence."""
    settings = replace(point.scenario.run, confidence=level)
    return replace(point, scenario=point.scenario.but(run=settings))
