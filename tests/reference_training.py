"""TRAIN-01: agents who go off for training while they serve, as a roster of arrays, and the chain that solves it.

In the case an agent leaves at once and what he was at returns to the head of the queue. Ours finish the visit in hand
(R39), or keep it until they are back (R29). So there are two ways to compare: the limit in which visits are so short
that it makes no difference who finishes one (:func:`limit`), and the exact values of our own ways (:func:`own_way`), by
the Markov chain (:func:`stationary`) that gives the values of the case where work returns to the queue.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from reference_samples import Floats, Sample, Target, in_system, queue_metrics, span
from reference_trials import batches, seen

import simsocial as ss
from simsocial.model.desk import Desk, Group, Queue, Ranking, Route, RouteStep
from simsocial.model.messages import Messages, PerVisit, StepDraws, StreamMessages
from simsocial.model.roster import Roster
from simsocial.units import NEVER

Ticks = npt.NDArray[np.int64]
TICK = 360_000
"""Ticks in one unit of the case, a mean service."""
PIECE, PIECES = 0.05, 80
"""Length of a piece of work in the limit, mean services, and after how many the rest is done in one."""
QUEUE = 160
"""The chain's longest queue: longer ones have a probability under 10^-10."""
MEMORY = 10.0
"""Units in which the queue forgets."""


# ---- the chain -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Held:
    """What becomes of work in hand as its agent goes: he ends a piece of it at ``rate``, which is ``done`` of it all.

    A rate of infinity returns it to the queue at once, the rate of service with ``done`` = 1 finishes it, and 0 keeps
    it until he is back.
    """

    rate: float
    done: float = 1.0


State = tuple[int, int, int, int]
"""Agents serving on duty and off duty, those free on duty, and messages in the queue."""


def stationary(p: Mapping[str, Any], held: Held) -> dict[str, float]:
    """Return the metrics of the case when work in hand is ``held`` so, by the chain's balance equations."""
    from scipy.sparse import csc_array
    from scipy.sparse.linalg import spsolve

    states = [*_states(p["agents"], holds=math.isfinite(held.rate))]
    place, size = {state: number for number, state in enumerate(states)}, len(states)
    moves = [(place[new], place[old], rate) for old in states for new, rate in _moves(p, held, old) if rate > 0]
    into, out, rate = (np.array(each) for each in zip(*moves, strict=True))
    leaving = np.bincount(out, rate, minlength=size)
    every = np.arange(size)
    balance = csc_array(
        (np.append(rate, -leaving), (np.append(into, every), np.append(out, every))), shape=(size, size)
    )
    share = np.append(1.0, spsolve(balance[1:, 1:], -balance[1:, [0]].toarray()[:, 0]))
    share /= share.sum()
    serving, holding, free, queue = np.array(states).T
    waiting, present = share @ queue, share @ (queue + serving + holding)
    return {
        "mean_agents_on_duty": share @ (serving + free),
        "P_no_free_agent": share @ (free == 0),
        "Lq": waiting,
        "L": present,
        "W": present / p["arrival_rate"],
        "Wq": waiting / p["arrival_rate"],
        "P_abandon": 0.0,
    }


def _states(agents: int, *, holds: bool) -> Iterator[State]:
    for serving in range(agents + 1):
        for holding in range(agents - serving + 1 if holds else 1):
            yield from ((serving, holding, free, 0) for free in range(1, agents - serving - holding + 1))
            yield from ((serving, holding, 0, queue) for queue in range(QUEUE + 1))


def _moves(p: Mapping[str, Any], held: Held, state: State) -> Iterator[tuple[State, float]]:
    """Yield where a state goes, at which rate."""
    serving, holding, free, queue = state
    goes, returns, ends = p["training_start_rate_per_agent"], p["training_end_rate"], p["service_rate"]
    away = p["agents"] - serving - holding - free
    if queue < QUEUE:
        yield _settled(serving, holding, free, queue + 1), p["arrival_rate"]
    yield _settled(serving - 1, holding, free + 1, queue), serving * ends
    yield _settled(serving, holding, free - 1, queue), free * goes
    yield _settled(serving, holding, free + 1, queue), away * returns
    if math.isinf(held.rate):
        yield _settled(serving - 1, holding, free, min(queue + 1, QUEUE)), serving * goes
        return
    yield (serving - 1, holding + 1, free, queue), serving * goes
    yield (serving + 1, holding - 1, free, queue), holding * returns
    yield _settled(serving, holding - 1, free, queue), holding * held.rate * held.done
    yield _settled(serving, holding - 1, free, min(queue + 1, QUEUE)), holding * held.rate * (1 - held.done)


def _settled(serving: int, holding: int, free: int, queue: int) -> State:
    """Return the state after free agents have taken what waits."""
    begun = min(max(free, 0), queue)
    return serving + begun, holding, free - begun, queue - begun


# ---- the simulation --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TrainingTrial:
    """Agents who come and go, and messages whose work is cut into pieces, given to the engine as arrays.

    Parameters
    ----------
    parameters
        Of the case.
    targets, windows
        As in :class:`~reference_trials.Trial`.
    piece, pieces
        Length of a piece of work, units; the last of so many holds the rest.
    suspend
        Whether agents keep their work while they are off.
    work
        Factor of all work.
    control
        A trial whose values are known: how far it is off them on the same draws is taken off (a control variate).
    """

    parameters: Mapping[str, Any]
    targets: tuple[Target, ...]
    windows: tuple[tuple[float, float], ...]
    piece: float
    pieces: int
    suspend: bool = False
    work: float = 1.0
    control: TrainingTrial | None = None

    def quicker(self, factor: float) -> TrainingTrial:
        return replace(self, work=self.work * factor)

    def rows(self, _folder: Path, *, numbers: range, seed: int) -> Iterator[Floats]:
        """Yield shape (2, targets) for every window of each replication, less the luck of its control."""
        for number in numbers:
            drawn = self._drawn(np.random.default_rng((seed, number)))
            if self.control is None:
                yield from self._seen(*drawn)
                continue
            known = np.array([target.value for target in self.control.targets])
            drawn_alone = [target.queue == "agents" for target in self.targets]
            for row, other in zip(self._seen(*drawn), self.control._seen(*drawn), strict=True):
                luck = np.where(drawn_alone, 0.0, other[0] - known * row[1])
                yield np.stack([row[0] - luck, row[1]])

    def _seen(self, arrival: Ticks, work: Floats, roster: Roster) -> Iterator[Floats]:
        """Simulate; stretches of duty are told as visits to ``agents``."""
        import pandas as pd

        trace = ss.simulate(self._messages(arrival, work), roster, desk=self._desk(), engine="numpy")
        duty = pd.DataFrame({"joined": roster.start, "start": roster.end, "end": roster.end})
        duty = duty.assign(stream="agents", step="", message=np.arange(len(duty)), outcome="done")
        columns = list(duty)
        yield from seen(self, pd.concat([trace.visits()[columns], duty]), TICK)

    @property
    def _until(self) -> float:
        """Twice the last window's end, so that all counted have ended."""
        return 2 * self.windows[-1][1]

    def _drawn(self, dice: np.random.Generator) -> tuple[Ticks, Floats, Roster]:
        """Draw arrivals, their work in ticks, and who is on duty when."""
        rate = self.parameters["arrival_rate"]
        arrival = np.cumsum(dice.exponential(1 / rate, int(rate * self._until + 8 * math.sqrt(rate * self._until))))
        work = dice.exponential(1 / self.parameters["service_rate"], len(arrival))[arrival < self._until]
        return np.rint(arrival[arrival < self._until] * TICK).astype(np.int64), work * TICK, self._roster(dice)

    def _roster(self, dice: np.random.Generator) -> Roster:
        """Draw duty; everybody is there at first, which is forgotten before anything is counted."""
        on, off = (1 / self.parameters[f"training_{end}"] for end in ("start_rate_per_agent", "end_rate"))
        agents, cycles = self.parameters["agents"], int(2 * self._until / (on + off)) + 40
        lengths = np.stack([dice.exponential(on, (agents, cycles)), dice.exponential(off, (agents, cycles))], axis=2)
        edges = np.cumsum(np.rint(lengths * TICK).astype(np.int64).reshape(agents, -1) + 1, axis=1)
        start = np.concatenate([np.zeros((agents, 1), np.int64), edges[:, 1:-1:2]], axis=1).ravel()
        end, agent = edges[:, ::2].ravel(), np.repeat(np.arange(agents), cycles)
        ones, zeros, none = np.ones(len(agent)), np.zeros(len(agent), np.int64), np.zeros(0, np.int64)
        return Roster(
            team=np.zeros(agents, np.int64), slots=np.ones(agents, np.int64), agent=agent, start=start, end=end,
            pace=ones, quality=ones, serves=zeros, away_agent=none, away_start=none, away_end=none, away_why=none,
        )  # fmt: skip

    def _messages(self, arrival: Ticks, work: Floats) -> Messages:
        nothing = np.zeros(len(arrival), np.int64)
        stream = StreamMessages(
            arrival=arrival, patience_ends=nothing + NEVER, actionable=nothing == 0, triage=nothing,
            due=np.zeros((0, len(arrival)), np.int64), promises=(), steps=tuple(self._pieces(work * self.work)),
        )  # fmt: skip
        return Messages((stream,))

    def _pieces(self, work: Floats) -> Iterator[StepDraws]:
        """Cut work, ticks, into pieces, each of which is a step that only those need who have so much work."""
        for number in range(self.pieces):
            begin = number * self.piece * TICK
            longest = self.piece * TICK if number < self.pieces - 1 else math.inf
            part: Ticks = np.maximum(np.rint(np.clip(work - begin, 0, longest)), 1).astype(np.int64)
            yield StepDraws(needs=work > begin, work=PerVisit(part))

    def _desk(self) -> Desk:
        """Return a desk that goes on with what is begun before it begins anything: the head of the queue."""
        names = [f"piece_{number}" for number in range(self.pieces)]
        steps = tuple(RouteStep(name, n, prefer=(0,), suspend=self.suspend) for n, name in enumerate(names))
        return Desk(
            horizon=round(self._until * TICK) + 1,
            queues=tuple(Queue(f"items.{name}", 0, n) for n, name in enumerate(names)),
            routes=(Route("items", steps, self.pieces - 1),),
            rankings=(Ranking(0, tuple(Group((n,)) for n in reversed(range(self.pieces)))),),
            teams=("agents",),
        )


def limit(case: Mapping[str, Any], messages: float) -> TrainingTrial:
    """Return the case as the limit of short visits: who goes ends his piece, half of one later in the mean."""
    made = _trial(case["parameters"], case["metrics"], messages / 3, piece=PIECE, pieces=PIECES)
    return replace(made, control=own_way(case, messages / 3, suspend=False))


def own_way(case: Mapping[str, Any], messages: float, *, suspend: bool) -> TrainingTrial:
    """Return the case in our way: visits are finished, or kept (``suspend``), and the values are the chain's."""
    p = case["parameters"]
    values = stationary(p, Held(0.0 if suspend else p["service_rate"]))
    return replace(_trial(p, values, messages, piece=1.0, pieces=1), suspend=suspend)


def _trial(
    p: Mapping[str, Any], values: Mapping[str, float], messages: float, *, piece: float, pieces: int
) -> TrainingTrial:
    begin = 10 + 6 * MEMORY
    windows = batches(begin=begin, end=begin + max(messages / p["arrival_rate"], 60 * MEMORY))
    metrics = queue_metrics(servers=p["agents"])
    metrics |= {name: (metrics[name][0], _fresh) for name in ("Wq", "W")}  # of messages, not of pieces
    metrics |= {"P_no_free_agent": (_fresh_delayed, _fresh), "mean_agents_on_duty": (in_system, span)}
    queues = {"mean_agents_on_duty": "agents"}
    targets = tuple(Target(name, queues.get(name, "items"), metrics[name], value) for name, value in values.items())
    return TrainingTrial(p, targets, windows, piece, pieces)


def _fresh(s: Sample) -> float:
    return float(np.sum(s.fresh[s.inside]))


def _fresh_delayed(s: Sample) -> float:
    return float(np.sum((s.wait > 0) & s.fresh[s.inside]))
