"""Cases in which hundreds or thousands are in one queue, or on their way to it."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from worked import Agent, Checked, Message, Review, Step, Stream, Window, World, agent, team

ALWAYS = 10**6


def _quick(seed: int) -> Iterator[Agent]:
    """Twelve agents of different quality, some of whom change it, so that visits carry that of the work before."""
    random = Random(seed)
    for _ in range(12):
        change = random.randrange(1, 3000)
        early, late = random.choice((0.5, 1.0, 2.0)), random.choice((0.5, 1.0, 2.0))
        yield agent(Window(-1, change, quality=early), Window(change, ALWAYS, quality=late))


def overloaded(seed: int, returns_to: str, *, number: int = 2000, delay: int = 1, horizon: int = 4000) -> World:
    """Return a desk at which many respond and one reviews, so that most of so many messages wait for review."""
    random = Random(seed)

    def checked() -> Checked:
        work = tuple(random.randrange(1, 6) for _ in range(6))
        uniform = tuple(random.choice((0.0, 0.25, 0.5, 0.75)) for _ in range(6))
        back = tuple(delay * random.randrange(1, 9) for _ in range(6))
        return Checked(work, uniform, delay=back) if returns_to == "author" else Checked(work, uniform, rework=back)

    messages = [
        Message(at, {"respond": tuple(random.randrange(1, 9) for _ in range(7)), "check": checked()})
        for at in sorted(random.randrange(number) for _ in range(number))
    ]
    steps = Step("respond"), Step("check", review=Review(0.5, returns_to, max_rounds=6))
    return World(
        {"a": Stream(steps, tuple(messages))},
        {"many": team("a.respond", *_quick(seed)), "one": team("a.check", agent(Window(0, ALWAYS)))},
        horizon,
    )


def with_slow_authors(seed: int) -> World:
    """Return a desk at which hundreds of messages are at their authors at once."""
    world = overloaded(seed, "author", number=700, delay=1000, horizon=30_000)
    return World(
        world.streams, {**world.teams, "one": team("a.check", *(agent(Window(0, ALWAYS)) for _ in range(9)))}, 30_000
    )


def peak(seed: int) -> World:
    """Return a desk at which hundreds wait for review, and at last nobody."""
    return overloaded(seed, "respond", number=500, horizon=4000)
