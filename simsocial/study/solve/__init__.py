"""Solves a config for one value: the smallest, largest or latest that keeps a measure within a limit (R124)."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

from simsocial.config.overrides import Overrides
from simsocial.config.vary import Vary, read_vary
from simsocial.errors import Fault, InputError
from simsocial.model.memory import MEMORY_TOGETHER
from simsocial.model.scenario import RunSettings
from simsocial.simulation.crew import Watch, crew
from simsocial.simulation.numbers import refuse_senseless
from simsocial.study.fitting_memory import refuse_too_large
from simsocial.study.fitting_workers import fitting_workers
from simsocial.study.solve.conditions import Condition, read_conditions
from simsocial.study.solve.effort import Effort, expected_replications, most_by_default
from simsocial.study.solve.finding import Found, find
from simsocial.study.solve.refusals import refuse_never_sure, refuse_unsure
from simsocial.study.solve.solution import Disorder, Solution, Tried
from simsocial.study.solve.trials import Trials
from simsocial.study.solve.world import World


def solve(
    config: str | Path,
    *,
    vary: str,
    until: str,
    step: str | None = None,
    sure: bool = False,
    replications: int | None = None,
    most: int | None = None,
    seed: int | None = None,
    engine: str | None = None,
    overrides: Overrides = (),
    memory: float = MEMORY_TOGETHER,
    workers: int | None = 1,
    progress: Watch | None = None,
) -> Solution:
    """Find the smallest value that keeps a condition, or the largest where it holds at the lower end.

    Parameters
    ----------
    config
        A TOML file.
    vary
        ``PATH=LOW..HIGH``: a key and its range, such as ``teams.desk.headcount=1..20``,
        ``streams.mentions.arrivals.growth=0..10 % / month`` or ``teams.desk.hiring.june.date=2026-03-01..2026-12-01``.
    until
        ``MEASURE <= VALUE`` or ``>=``, several joined with ``and``: ``mentions.respond.p_behind <= 5 %``.
    step
        How finely the value is told; see :func:`simsocial.config.vary.read_vary`.
    sure
        Ask for a value that holds by the whole interval of its measure, not just by the estimate.
    replications
        Of every value tried, by which it is found where the answer lies. Default: those of the run settings.
    most
        Of the values near the answer, by which it is judged. Default: four times as many, or as many as it takes to be
        sure of a share that is never seen.
    seed, engine, memory
        As in :func:`simsocial.run`.
    overrides
        As in :func:`simsocial.load`.
    workers
        How many processes simulate, as in :func:`simsocial.run`; ``None`` for as many as it is expected to be worth.
    progress
        Called with the values that are run, and how many of their replications are done and planned.

    Returns
    -------
    Solution
        Found by bisection on common random numbers. Its interval has every value that tests of it and of its neighbour
        do not rule out (R124).

    Raises
    ------
    InputError
        When something cannot be read; when the condition holds at both ends of the range, or at neither.
    """
    started, begun = dt.datetime.now(), time.process_time()
    asked = read_vary(vary, Path(config), step=step)
    world = World(Path(config), overrides, asked)
    first = world.first
    for end in (0, len(asked) - 1):
        refuse_too_large(world.scenario(end))
    conditions = read_conditions(until, first)
    if sure:
        refuse_never_sure(conditions)
    seed = first.run.seed if seed is None else seed
    effort = _effort(first.run, conditions, replications, most, seed)
    told = {"seed": seed, "engine": engine}
    workers = fitting_workers(first, expected_replications(effort, len(asked))) if workers is None else workers
    with crew(workers, memory=memory) as running:
        trials = Trials(world.sampler(conditions, effort.level, running, progress, told), conditions, effort)
        found = find(trials, asked, world.scenario)
        if sure:
            refuse_unsure(trials, asked, found)
    seconds = time.process_time() - begun
    return _solution(trials, asked, found, sure=sure, world=world, seed=seed, started=started, seconds=seconds)


def _effort(
    settings: RunSettings, conditions: tuple[Condition, ...], replications: int | None, most: int | None, seed: int
) -> Effort:
    refuse_senseless(("replications", replications, 1), ("most", most, 1), ("seed", seed, 0))
    planned = settings.replications if settings.precision is None else settings.precision.least
    start = planned if replications is None else replications
    most = most_by_default(start, conditions, settings.confidence) if most is None else most
    if most < start:
        raise InputError(Fault(f"must be at least the {start} replications of every value (got {most})", "most"))
    return Effort(start, most, settings.confidence, len(conditions))


def _solution(
    trials: Trials,
    asked: Vary,
    found: Found,
    *,
    sure: bool,
    world: World,
    seed: int,
    started: dt.datetime,
    seconds: float,
) -> Solution:
    tried = {place: _tried(trials, asked, place) for place in sorted(trials.places())}
    crossing = found.crossing
    ends = [None if place is None else tried[place] for place in (crossing.nearest, crossing.furthest)]
    answer, failing = found.answer(sure=sure)
    return Solution(
        vary=asked,
        conditions=trials.conditions,
        smallest=found.smallest,
        sure=sure,
        answer=tried[answer],
        failing=tried[failing],
        low=ends[0 if found.smallest else 1],
        high=ends[1 if found.smallest else 0],
        effort=trials.effort,
        tried=tuple(tried.values()),
        disorders=tuple(Disorder(tried[one], tried[other]) for one, other in found.disorders),
        scenario=world.scenario(answer),
        seed=seed,
        started=started,
        process_seconds=seconds,
    )


def _tried(trials: Trials, asked: Vary, place: int) -> Tried:
    return Tried(
        value=asked.value(place),
        written=asked.written(place),
        number=float(asked.number(place)),
        replications=len(trials.points[place]),
        estimates=trials.estimates(place),
        holds=trials.judgement(place).holds,
        standing=trials.judgement(place).standing,
    )
