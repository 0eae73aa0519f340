"""What must hold in every log of the engine, on random cases over the whole model, and what must not matter to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from invariants import (
    INVARIANTS,
    Invariant,
    Story,
    every_message_is_accounted_for,
    everything_happens_in_time,
    expiry_is_respected,
    no_slot_is_in_two_places,
    nobody_is_idle_while_work_waits,
    patience_is_respected,
    queues_are_served_in_order,
    visits_follow_the_route,
    work_begins_on_duty,
)
from strategies import random_world, worlds
from timelines import MUTANTS
from told import Engine, run
from worked import Checked, Drawn, Message, Stream, Team, World

from simsocial.engines.reference import simulate
from simsocial.model.log import Fates, Log, Visits
from simsocial.units import NEVER

SEEDS = range(1000, 1300)


@given(worlds())
@settings(max_examples=100, deadline=None)
def test_invariants_hold(world: World) -> None:
    story = Story.of(simulate, world)
    for holds in INVARIANTS:
        holds(story)


BREACHES = [
    (every_message_is_accounted_for, "noise_counts_as_lost"),
    (everything_happens_in_time, "horizon_included"),
    (no_slot_is_in_two_places, "suspended_work_frees_its_slot"),
    (work_begins_on_duty, "window_end_is_inside"),
    (work_begins_on_duty, "takes_what_it_does_not_serve"),
    (queues_are_served_in_order, "queue_by_due"),
    (queues_are_served_in_order, "queue_ties_by_last_message"),
    (nobody_is_idle_while_work_waits, "one_start_a_tick"),
    (nobody_is_idle_while_work_waits, "dispatch_before_effects"),
    (nobody_is_idle_while_work_waits, "one_slot_each"),
    (patience_is_respected, "patience_is_endless"),
    (patience_is_respected, "patience_at_every_queue"),
    (expiry_is_respected, "expiry_from_joining"),
    (expiry_is_respected, "expired_still_queues"),
    (expiry_is_respected, "expiry_at_the_first_visit_only"),
    (visits_follow_the_route, "every_step_is_needed"),
    (visits_follow_the_route, "rework_returns_to_its_review"),
    (visits_follow_the_route, "author_takes_no_time"),
    (visits_follow_the_route, "one_round_more"),
]


def _holds(invariant: Invariant, engine: Engine, seed: int) -> bool:
    story = Story.of(engine, random_world(seed))
    try:
        invariant(story)
    except AssertionError:
        return False
    return True


@pytest.mark.parametrize(("invariant", "mutant"), BREACHES)
def test_invariant_notices(invariant: Invariant, mutant: str) -> None:
    """Negative control: an engine with the rule done wrongly breaks the invariant in one of a few hundred cases."""
    assert not all(_holds(invariant, MUTANTS[mutant], seed) for seed in SEEDS)


# ---- time has no scale of its own -----------------------------------------------------------------------------------


def scaled(world: World, k: int) -> World:
    """Return the case with every instant and length of time multiplied by ``k``."""
    return World(
        {name: _scaled_stream(stream, k) for name, stream in world.streams.items()},
        {name: _scaled_team(team, k) for name, team in world.teams.items()},
        world.horizon * k,
    )


def _scaled_stream(stream: Stream, k: int) -> Stream:
    steps = tuple(
        replace(
            step,
            expires=_times(step.expires, k),
            work_factor=_scaled_factor(step.work_factor, k),
            reject_factor=_scaled_factor(step.reject_factor, k),
        )
        for step in stream.steps
    )
    return replace(stream, steps=steps, messages=tuple(_scaled_message(message, k) for message in stream.messages))


def _scaled_message(message: Message, k: int) -> Message:
    return replace(
        message,
        at=k * message.at,
        work={step: _scaled_work(work, k) for step, work in message.work.items()},
        patience=_times(message.patience, k),
        triage=k * message.triage,
        due=_times(message.due, k),
    )


def _scaled_work(work: Drawn | Checked, k: int) -> Drawn | Checked:
    if isinstance(work, Checked):
        return Checked(_each(work.work, k), work.u, _each(work.rework, k), _each(work.delay, k))
    return _each(work, k)


def _each(drawn: Drawn, k: int) -> Drawn:
    return tuple(k * value for value in drawn) if isinstance(drawn, tuple) else k * drawn


def _scaled_factor(factor: Mapping[int, float], k: int) -> dict[int, float]:
    return {k * instant: value for instant, value in factor.items()}


def _scaled_team(team: Team, k: int) -> Team:
    agents = (
        replace(agent, windows=tuple(replace(each, start=k * each.start, end=k * each.end) for each in agent.windows))
        for agent in team.agents
    )
    return replace(team, agents=tuple(agents))


def _times(length: int, k: int) -> int:
    return NEVER if length == NEVER else k * length


EXACT = 8
"""Paces and factors are halves, so that every product of eight ticks of work is whole: nothing is rounded."""


def scales(engine: Engine, world: World, k: int) -> bool:
    """Whether ``k`` times longer in all is ``k`` times later in all, and nothing else."""
    short, long = run(engine, scaled(world, EXACT)), run(engine, scaled(world, EXACT * k))
    return _table(short, k) == _table(long, 1)


def _table(log: Log, k: int) -> list[list[int]]:
    instants = {"joined", "start", "end", "work", "ended", "published"}
    parts: tuple[Visits | Fates, ...] = (log.visits, *log.fates)
    columns = [(field.name, getattr(part, field.name)) for part in parts for field in fields(part)]
    return [
        np.where(column == NEVER, NEVER, column * (k if name in instants else 1)).tolist() for name, column in columns
    ]


@given(worlds())
@settings(max_examples=50, deadline=None)
def test_time_has_no_scale(world: World) -> None:
    assert scales(simulate, world, 3)


@pytest.mark.parametrize("mutant", ["patience_ends_a_tick_later", "expiry_from_a_tick_later", "author_takes_no_time"])
def test_scaling_notices(mutant: str) -> None:
    """Negative control: a tick more somewhere, whatever the scale."""
    assert not all(scales(MUTANTS[mutant], random_world(seed), 3) for seed in SEEDS)
