"""Timelines of messages that are there at the start, worked out by hand (R87, R88): an arrival at -5 is 5 ticks old."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from invariants import INVARIANTS, Story
from strategies import random_world
from told import Engine, Otherwise, compiled, equal, tells
from worked import Message, Step, Stream, Window, World, agent, message, stream, team

from simsocial.engines import lanes, reference
from simsocial.model.desk import Desk
from simsocial.model.log import Log
from simsocial.model.messages import Messages
from simsocial.model.roster import Roster
from simsocial.units import NEVER

ONE = {"desk": team("a.respond", agent())}
EQUALS = {"desk": team("a.respond=b.respond", agent())}
FROM_3 = {"desk": team("a.respond", agent(Window(3, 1000)))}

both = pytest.mark.parametrize("engine", [reference.simulate, lanes.simulate], ids=["reference", "lanes"])


def ageless(engine: Engine) -> Engine:
    """An engine for which everything that is there has just come: a wrong one."""

    def simulate(desk: Desk, messages: Messages, roster: Roster) -> Log:
        young = (replace(each, arrival=np.maximum(each.arrival, 0)) for each in messages.streams)
        return engine(desk, Messages(tuple(young)), roster)

    return simulate


@both
def test_it_joins_at_the_start_before_what_arrives_then(engine: Engine) -> None:
    """R87: "joins its queue at the start"; R88: "in order of arrival": a0 and a1 before a2, which comes at 0."""
    a = stream(Step("respond"), message(-9, respond=4), message(-5, respond=2), message(0, respond=1))
    tells(
        engine,
        World({"a": a}, ONE),
        """
        a0 respond desk1 0 0 4 done
        a1 respond desk1 0 4 6 done
        a2 respond desk1 0 6 7 done
        """,
        "a0 handled 4 @4 \n a1 handled 6 @6 \n a2 handled 7 @7",
    )


def _older_in_the_second_queue(engine: Engine) -> None:
    a = stream(Step("respond"), message(-5, respond=2))
    b = stream(Step("respond"), message(-9, respond=3), message(-2, respond=4))
    tells(
        engine,
        World({"a": a, "b": b}, EQUALS),
        """
        a0 respond desk1 0 3 5 done
        b0 respond desk1 0 0 3 done
        b1 respond desk1 0 5 9 done
        """,
    )


@both
def test_queues_of_equal_rank_take_the_oldest_first(engine: Engine) -> None:
    """R88: b0 is 9 old, a0 5, b1 2; R31 compares heads by joining, which is the same instant for all."""
    _older_in_the_second_queue(engine)
    with pytest.raises(Otherwise):
        _older_in_the_second_queue(ageless(engine))


@both
def test_patience_counts_from_arrival(engine: Engine) -> None:
    """R26, R88: a0's patience ends at -7 + 9 = 2, before anyone is there; a1's at -4 + 7 = 3, when he comes."""
    a = stream(Step("respond"), message(-7, patience=9, respond=4), message(-4, patience=7, respond=2))
    tells(
        engine,
        World({"a": a}, FROM_3),
        """
        a0 respond -     0 - 2 abandoned
        a1 respond desk1 0 3 5 done
        """,
        "a0 abandoned 2 \n a1 handled 5 @5",
    )


def _expires(engine: Engine) -> None:
    a = stream(Step("respond", expires=8), message(-6, respond=4), message(-5, respond=4))
    tells(
        engine,
        World({"a": a}, FROM_3),
        """
        a0 respond -     0 - 2 expired
        a1 respond desk1 0 3 7 done
        """,
    )


@both
def test_expiry_counts_from_arrival(engine: Engine) -> None:
    """R26, R88: -6 + 8 = 2 is before anyone is there, -5 + 8 = 3 is not."""
    _expires(engine)
    with pytest.raises(Otherwise):
        _expires(ageless(engine))


@both
def test_it_waits_for_a_later_step(engine: Engine) -> None:
    """R88: a0 needs no step before the one that it waits for, and goes on behind it."""
    a = stream(
        Step("respond"), Step("file"), Step("close"), message(-5, file=2, close=3), message(1, respond=1, file=1)
    )
    tells(
        engine,
        World({"a": a}, {"desk": team("a.respond, a.file, a.close", agent())}),
        """
        a0 file    desk1 0 0 2 done
        a0 close   desk1 2 4 7 done
        a1 respond desk1 1 2 3 done
        a1 file    desk1 3 3 4 done
        """,
        "a0 handled 7 @7 \n a1 handled 4 @4",
    )


def test_engines_agree_and_invariants_hold_on_random_cases() -> None:
    there = 0
    for seed in range(150):
        arrays = compiled(earlier(random_world(seed)))
        there += sum(int((each.arrival < 0).sum()) for each in arrays[1].streams)
        assert equal(lanes.simulate(*arrays), reference.simulate(*arrays)), f"seed {seed}"
    assert there > 300
    for seed in range(60):
        story = Story.of(reference.simulate, earlier(random_world(seed)))
        for holds in INVARIANTS:
            holds(story)


def test_random_cases_would_notice_an_engine_without_ages() -> None:
    """Negative control."""
    wrong = ageless(lanes.simulate)
    cases = (compiled(earlier(random_world(seed))) for seed in range(150))
    assert not all(equal(wrong(*arrays), reference.simulate(*arrays)) for arrays in cases)


def earlier(world: World) -> World:
    """The case with all messages 7 ticks earlier; none has left, or is noise that would not wait, at the start."""
    return replace(world, streams={name: _earlier(each) for name, each in world.streams.items()})


def _earlier(each: Stream) -> Stream:
    steps = tuple(replace(step, expires=max(step.expires, 7)) for step in each.steps)
    return Stream(steps, tuple(_moved(one) for one in each.messages), each.triage)


def _moved(one: Message) -> Message:
    at = one.at - 7
    return replace(one, at=at, patience=one.patience if one.patience == NEVER else max(one.patience, 1 - at))
