"""The lanes engine where its tables and buffers must grow, or where there is next to nothing, against the reference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
from loops import LOOPS, only
from overloads import overloaded, peak, with_slow_authors
from strategies import random_world, wide_world
from test_engine_properties import scaled
from test_lanes_against_reference import agrees, differing
from test_timelines_of_backlogs import earlier
from told import compiled, run
from worked import Agent, Step, Stream, Window, World, agent, message, stream, team

import simsocial as ss
from simsocial.engines import reference
from simsocial.engines.lanes import Lane, simulate
from simsocial.engines.lanes.batch import Batch
from simsocial.units import NEVER


@pytest.fixture(params=LOOPS, autouse=True, scope="module")
def loop(request: pytest.FixtureRequest) -> Iterator[None]:
    """Test everything with both loops."""
    with only(request.param):
        yield


# ---- long queues -----------------------------------------------------------------------------------------------------


def deepest(world: World, queue: str) -> int:
    """Return how many waited at most in a queue at once."""
    desk = compiled(world)[0]
    visits = run(reference.simulate, world).visits
    here = visits.queue == [each.name for each in desk.queues].index(queue)
    instants = np.concatenate((visits.joined[here], visits.start[here]))
    steps = np.repeat([1, -1], here.sum())[np.argsort(instants, kind="stable")]
    return int(np.cumsum(steps).max())


def on_their_way(world: World) -> int:
    """Return how many messages were at their authors at once, at most."""
    log = run(reference.simulate, world)
    rows = np.flatnonzero((log.visits.outcome == 2) & (log.visits.end < NEVER))
    back = np.where(log.visits.message[(rows + 1) % len(log.visits)] == log.visits.message[rows], rows + 1, -1)
    until = np.where(back < 0, NEVER, log.visits.joined[back])
    return max(int(((log.visits.end[rows] <= now) & (until > now)).sum()) for now in range(0, world.horizon, 50))


def test_a_queue_may_be_more_than_a_thousand_deep() -> None:
    world = overloaded(1, "respond")
    assert deepest(world, "a.check") > 1000
    assert agrees(world)


def test_a_deep_queue_may_empty_again() -> None:
    world = peak(7)
    visits = run(reference.simulate, world).visits
    assert deepest(world, "a.check") > 300
    assert (visits.end < NEVER).all()
    assert agrees(world)


def test_hundreds_may_be_on_their_way_to_one_queue() -> None:
    world = with_slow_authors(2)
    world = World(
        world.streams, {"many": world.teams["many"], "one": team("a.check", *(agent() for _ in range(9)))}, 30_000
    )
    assert on_their_way(world) > 256
    assert agrees(world)


def test_a_long_queue_in_one_lane_is_none_of_the_others() -> None:
    worlds = [overloaded(3, "respond"), overloaded(4, "respond", horizon=2100), overloaded(5, "respond", horizon=2500)]
    assert not any(differing([Lane(*compiled(world)) for world in worlds * 4]))


# ---- many queues, many people ----------------------------------------------------------------------------------------


def _queues(world: World) -> int:
    return len(compiled(world)[0].queues)


@pytest.mark.parametrize(
    ("streams", "least", "most"), [(3, 7, 8), (4, 9, 12), (6, 13, 16), (9, 17, 30), (28, 60, 80), (120, 257, 400)]
)
def test_a_desk_may_have_so_many_queues(streams: int, least: int, most: int) -> None:
    worlds = (wide_world(seed, streams) for seed in range(60))
    number = 10 if most < 50 else 3
    fitting = list(islice((world for world in worlds if least <= _queues(world) <= most), number))
    assert len(fitting) == number
    assert all(map(agrees, fitting))


@pytest.mark.parametrize("slots", [1, 3])
def test_hundreds_may_be_idle_at_once(slots: int) -> None:
    people = [agent(Window(number % 3, 40, pace=1 + number % 2), slots=slots) for number in range(300)]
    few = [message(at, one=3) for at in range(20) for _ in range(60)]
    world = World({"a": stream(Step("one"), *few)}, {"x": team("a.one", *people), "y": team("a.one", agent())}, 40)
    assert agrees(world)


# ---- next to nothing -------------------------------------------------------------------------------------------------

NOTHING_IN_B = {
    "a": stream(Step("one"), Step("two"), message(0, one=3, two=2), message(1, one=3, two=2, patience=0)),
    "b": stream(Step("one")),
}


@pytest.mark.parametrize(
    ("streams", "people"),
    [
        (NOTHING_IN_B, [agent()]),
        (NOTHING_IN_B, []),
        ({"b": stream(Step("one"))}, [agent()]),
        ({"b": stream(Step("one"))}, []),
        (NOTHING_IN_B, [Agent(())]),
        (NOTHING_IN_B, [agent(Window(-9, -3)), agent(Window(-5, 0))]),
        (NOTHING_IN_B, [agent(Window(1000, 2000))]),
    ],
    ids=[
        "a stream without messages",
        "no agents",
        "no messages",
        "nothing at all",
        "an agent without windows",
        "all gone before the start",
        "all come after the end",
    ],
)
def test_there_may_be(streams: dict[str, Stream], people: list[Agent]) -> None:
    world = World(streams, {"x": team(", ".join(f"{name}.one" for name in streams), *people)})
    assert agrees(world)


def test_lanes_with_nothing_among_others_with_something() -> None:
    full, empty = overloaded(6, "respond", horizon=900), overloaded(6, "respond", horizon=900)
    steps = empty.streams["a"].steps
    nobody = {name: team(each.serves) for name, each in empty.teams.items()}
    early = tuple(each for each in full.streams["a"].messages if each.at < 900)
    worlds = [
        World({"a": Stream(steps, early)}, full.teams, 900),
        World({"a": Stream(steps, ())}, full.teams, 900),
        World({"a": Stream(steps, early)}, nobody, 900),
        World({"a": Stream(steps, ())}, nobody, 1),
    ]
    assert not any(differing([Lane(*compiled(world)) for world in worlds]))


# ---- long times ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("k", [2**20, 2**40, 2**50, 2**56])
def test_instants_may_be_large(k: int) -> None:
    """Where instant and identity do not fit into 64 bits any more, lanes go one after the other (R67)."""
    assert [seed for seed in range(20) if not agrees(scaled(random_world(seed), k))] == []


def test_lanes_together_may_have_large_instants() -> None:
    worlds = [scaled(random_world(9), k) for k in (2**20, 2**56, 2**56)]
    assert not any(differing([Lane(*compiled(world)) for world in worlds * 2]))


@pytest.mark.parametrize(("age", "fits"), [(2**40, True), (2**61, False)])
def test_ages_may_be_large(age: int, fits: bool) -> None:
    """What is there at the start stands in its queue by when it arrived (R88), in the sign bit too."""
    a = stream(Step("respond"), message(-age, respond=4), message(2, respond=1))
    arrays = compiled(World({"a": a}, {"desk": team("a.respond", agent())}))
    assert Batch([Lane(*arrays)]).fits is fits
    assert simulate(*arrays).visits.start.tolist() == [0, 4]


def with_early_windows(seed: int) -> World:
    """Return a case with a backlog, and with windows that end before the start."""
    world = earlier(random_world(seed))
    teams = {name: replace(each, agents=tuple(map(_early, each.agents))) for name, each in world.teams.items()}
    return replace(world, teams=teams)


def _early(one: Agent) -> Agent:
    first = one.windows[:1]
    return replace(one, windows=(*(replace(each, start=-12, end=-7) for each in first), *one.windows))


def test_nothing_starts_before_the_start() -> None:
    """R87, whenever windows began."""
    cases = [
        make(seed) for make in (with_early_windows, lambda seed: earlier(random_world(seed))) for seed in range(350)
    ]
    assert [world for world in cases if not agrees(world)] == []


def test_there_may_be_no_horizon() -> None:
    messages, people = ss.messages(arrival=[1, 1, 5], work=[2, 3, 1], unit="h"), ss.roster(agents=2)
    trace = ss.simulate(messages, people, engine="numpy")
    assert trace.visits().equals(ss.simulate(messages, people, engine="simpy").visits())
