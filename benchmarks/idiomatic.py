"""The reference workload M2 as a SimPy user would write it: the peer against which the reference engine is timed."""

from __future__ import annotations

import math
import random
from collections.abc import Generator
from typing import Any

import simpy

NORMAL, URGENT, REWORK = 2, 1, 0


class Desk:
    """Twenty responders with priorities and four reviewers; times in hours."""

    def __init__(self, *, horizon: float, seed: int) -> None:
        self.dice = random.Random(seed)
        self.env = simpy.Environment()
        self.responders = simpy.PriorityResource(self.env, 20)
        self.reviewers = simpy.Resource(self.env, 4)
        self.messages = 0
        self.env.process(self.arrivals())
        self.env.run(until=horizon)

    def lognormal(self, mean: float) -> float:
        return self.dice.lognormvariate(math.log(mean) - math.log(2) / 2, math.sqrt(math.log(2)))

    def arrivals(self) -> Generator[Any, Any, None]:
        while True:
            yield self.env.timeout(self.dice.expovariate(19 * 1.5))
            if self.dice.random() < (1 + 0.5 * math.sin(2 * math.pi * self.env.now / 24)) / 1.5:
                self.messages += 1
                self.env.process(self.message(URGENT if self.dice.random() < 0.2 else NORMAL))

    def message(self, priority: int) -> Generator[Any, Any, None]:
        with self.responders.request(priority=priority) as turn:
            yield turn | self.env.timeout(self.dice.expovariate(1 / 4))
            if not turn.triggered:
                return
            yield self.env.timeout(self.lognormal(1.0))
        if self.dice.random() < 0.3:
            yield from self.reviewed()

    def reviewed(self) -> Generator[Any, Any, None]:
        while True:
            with self.reviewers.request() as turn:
                yield turn
                yield self.env.timeout(self.lognormal(0.5))
            if self.dice.random() >= 0.1:
                return
            with self.responders.request(priority=REWORK) as turn:
                yield turn
                yield self.env.timeout(self.lognormal(0.5))
