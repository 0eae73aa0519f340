"""Draws of several scenarios: what equal parts of them draw is planned and drawn once, for all of them (R118)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from simsocial.draw.messages import Plan, drawn_by
from simsocial.draw.roster import RosterPlan, staffed_by
from simsocial.model.messages import Messages
from simsocial.model.roster import Roster
from simsocial.model.scenario import Scenario

Planned = TypeVar("Planned")


class SharedDraws:
    """Messages and rosters of scenarios, by their numbers.

    Parameters
    ----------
    scenarios
        Variants of one config.
    seeds
        Of each.
    """

    def __init__(self, scenarios: Sequence[Scenario], seeds: Sequence[int]) -> None:
        pairs = list(zip(scenarios, seeds, strict=True))
        self._plans: _Alike[Plan] = _Alike.of([((drawn_by(each), seed), each) for each, seed in pairs], Plan.of)
        self._people: _Alike[RosterPlan] = _Alike.of(
            [((staffed_by(each), seed), each) for each, seed in pairs], RosterPlan.of
        )
        self._seeds = seeds
        self._messages: dict[tuple[int, int], Messages] = {}
        self._rosters: dict[tuple[int, int], Roster] = {}
        self._sizes: dict[tuple[int, int], int] = {}

    def plan(self, number: int) -> int:
        """Return which of the different plans a scenario's messages are drawn by."""
        return self._plans.number[number]

    def messages(self, number: int, replication: int) -> Messages:
        """Return the messages of a scenario in a replication, the same object for all that share them."""
        key = self.plan(number), replication
        if key not in self._messages:
            self._messages[key] = self._plans.of_number(number).draw(seed=self._seeds[number], replication=replication)
        return self._messages[key]

    def size(self, number: int, replication: int) -> int:
        """Return how many messages a scenario has in a replication, at least 1; they are not kept."""
        key = self.plan(number), replication
        if key not in self._sizes:
            drawn = self._plans.of_number(number).draw(seed=self._seeds[number], replication=replication)
            self._sizes[key] = max(1, sum(len(stream) for stream in drawn.streams))
        return self._sizes[key]

    def roster(self, number: int, replication: int) -> Roster:
        """Return the roster of a scenario in a replication, the same object for all that share it."""
        plan = self._people.of_number(number)
        if not plan.is_random:
            return plan.planned
        key = self._people.number[number], replication
        if key not in self._rosters:
            self._rosters[key] = plan.draw(seed=self._seeds[number], replication=replication)
        return self._rosters[key]

    def forget_all_but(self, numbers: Iterable[int], replications: range) -> None:
        """Free the memory of what is drawn, but for some scenarios and replications."""
        those = list(numbers)
        self._messages = _kept(self._messages, {self.plan(number) for number in those}, replications)
        self._rosters = _kept(self._rosters, {self._people.number[number] for number in those}, replications)


@dataclass(frozen=True)
class _Alike(Generic[Planned]):
    """A plan for each of the different scenarios, made when it is first asked for.

    Parameters
    ----------
    number
        Shape (scenarios,), which plan is its.
    scenarios
        One for each plan.
    make
        Of a scenario, its plan.
    made
        The plans.
    """

    number: list[int]
    scenarios: list[Scenario]
    make: Callable[[Scenario], Planned]
    made: dict[int, Planned] = field(default_factory=dict)

    @classmethod
    def of(cls, keyed: Sequence[tuple[Hashable, Scenario]], make: Callable[[Scenario], Planned]) -> _Alike[Planned]:
        numbers: dict[Hashable, int] = {}
        number = [numbers.setdefault(key, len(numbers)) for key, _ in keyed]
        firsts = dict(zip(reversed(number), (each for _, each in reversed(keyed)), strict=True))
        return cls(number, [firsts[place] for place in range(len(numbers))], make)

    def of_number(self, number: int) -> Planned:
        """Return the plan of a scenario."""
        place = self.number[number]
        if place not in self.made:
            self.made[place] = self.make(self.scenarios[place])
        return self.made[place]


Drawn = TypeVar("Drawn")


def _kept(drawn: dict[tuple[int, int], Drawn], plans: set[int], replications: range) -> dict[tuple[int, int], Drawn]:
    return {key: each for key, each in drawn.items() if key[0] in plans and key[1] in replications}
