"""Oracle: messages walked along random routes, which must find every value they need (R18, R25)."""

from __future__ import annotations

import numpy as np
import pytest
from builders import MONDAY, ReviewSpec, ShiftSpec, StepSpec, StreamSpec, TeamSpec, poisson, scenario

from simsocial.draw.arrivals import plan_arrivals
from simsocial.draw.durations import durations
from simsocial.draw.messages import draw_messages
from simsocial.draw.randomness import Dice, Kind, Lineage
from simsocial.model.desk import AUTHOR, Route
from simsocial.model.laws import Exponential, Gamma, Law, LogNormal
from simsocial.model.messages import PerVisit, StreamMessages
from simsocial.model.piecewise import Piecewise
from simsocial.model.scenario import Scenario
from simsocial.units import DAY, HOUR, MINUTE

HORIZON = 2 * DAY
WORK, REWORK, DELAY = LogNormal(6 * MINUTE, 1.0), Exponential(4 * MINUTE), Gamma(HOUR, 0.5)


def random_steps(rng: np.random.Generator) -> tuple[StepSpec, ...]:
    """Two to six steps, the first an ordinary one; reviews return to any step before them or to the author."""
    steps = [StepSpec("s0", WORK, share=float(rng.choice([0.6, 1.0])))]
    for number in range(1, int(rng.integers(2, 7))):
        back = str(rng.choice([*(step.name for step in steps), "author"]))
        laws = {"author_delay": DELAY} if back == "author" else {"rework": REWORK}
        rule = ReviewSpec(float(rng.choice([0.2, 0.7, 1.0])), back, max_rounds=int(rng.integers(1, 5)), **laws)
        factor = Piecewise(np.array([0, DAY]), rng.choice([0.5, 1.0, 1.5], 2))
        review = rule if rng.random() < 0.6 else None
        share = float(rng.choice([0.6, 1.0]))
        steps.append(StepSpec(f"s{number}", WORK, share=share, review=review, reject_factor=factor))
    return tuple(steps)


def world(steps: tuple[StepSpec, ...], *, quality: float) -> Scenario:
    inbox = StreamSpec("posts", poisson(per_hour=4, horizon=HORIZON), steps, actionable=0.8)
    team = TeamSpec("desk", 3, shifts=(ShiftSpec("good", quality=quality / 2), ShiftSpec("poor", quality=quality)))
    return scenario(inbox, teams=(team,), horizon=HORIZON)


def drawn(steps: tuple[StepSpec, ...], *, quality: float) -> tuple[StreamMessages, Route]:
    made = world(steps, quality=quality)
    return draw_messages(made, seed=9, replication=0).streams[0], made.desk.routes[0]


def walk(
    messages: StreamMessages, route: Route, message: int, *, quality: float, rng: np.random.Generator
) -> dict[tuple[int, str], int]:
    """Take a message along its route, with work of at most ``quality``; return how often it used each kind of value.

    Raises
    ------
    AssertionError, IndexError
        When a value that it needs was not drawn.
    """
    used: dict[tuple[int, str], int] = {}

    def value(number: int, part: str, visit: int | None = None) -> float:
        used[number, part] = visit = visit or used.get((number, part), 0) + 1
        values: PerVisit = getattr(messages.steps[number], part)
        return float(values.at(visit, np.array([message]))[0])

    number, sent_back, reworked = 0, False, False
    while number < len(route.steps):
        step = route.steps[number]
        if not (sent_back or messages.steps[number].needs[message]):
            number += 1
            continue
        assert reworked or value(number, "work") >= 1
        sent_back = reworked = False
        number += 1
        if step.review is None:
            continue
        u, factor = value(number - 1, "reject"), rng.choice(step.reject_factor.values)
        if u / (step.review.reject * factor) < quality * rng.choice([1.0, rng.random()]):
            visit = used[number - 1, "reject"]
            if visit >= step.review.max_rounds:
                break
            part = "author_delay" if step.review.returns_to == AUTHOR else "rework"
            assert value(number - 1, part, visit) >= 1
            sent_back, reworked = True, part == "rework"
            number = step.review.returns_to if reworked else number - 1
    return used


def walk_all(messages: StreamMessages, route: Route, *, quality: float, seed: int = 0) -> list[dict]:
    rng = np.random.default_rng(seed)
    every = np.flatnonzero(messages.actionable)
    return [walk(messages, route, int(message), quality=quality, rng=rng) for message in every]


@pytest.mark.parametrize("seed", range(40))
def test_a_message_finds_every_value_it_needs(seed: int) -> None:
    rng = np.random.default_rng(seed)
    steps, quality = random_steps(rng), float(rng.choice([0.6, 1.0, 1.4]))
    messages, route = drawn(steps, quality=quality)
    assert len(walk_all(messages, route, quality=max(quality, 1.0))) > 80  # work by nobody has quality 1


def test_the_walk_notices_what_was_not_drawn() -> None:
    """Work of a quality that no shift has sends back messages that were not drawn to come back."""
    missing = 0
    for seed in range(40):
        messages, route = drawn(random_steps(np.random.default_rng(seed)), quality=1.0)
        try:
            walk_all(messages, route, quality=1.4)
        except (AssertionError, IndexError):
            missing += 1
    assert missing > 10


LAWS: dict[str, tuple[Kind, Law]] = {
    "work": (Kind.WORK, WORK),
    "rework": (Kind.REWORK, REWORK),
    "author_delay": (Kind.AUTHOR_DELAY, DELAY),
}


def lineage_of(made: Scenario) -> Lineage:
    inbox = made.streams[0]
    return plan_arrivals(inbox.arrivals, stream="posts", start=MONDAY, horizon=HORIZON)(Dice(9, 0))[1]


@pytest.mark.parametrize("seed", range(10))
def test_what_is_drawn_for_some_is_what_would_be_drawn_for_all(seed: int) -> None:
    steps = random_steps(np.random.default_rng(seed))
    messages, lineage = drawn(steps, quality=1.0)[0], lineage_of(world(steps, quality=1.0))
    for number, step in enumerate(messages.steps):
        for part, (kind, law) in LAWS.items():
            values: PerVisit | None = getattr(step, part)
            if values is None:
                continue
            uniforms = Dice(9, 0)(f"posts.s{number}", kind)
            first = durations(law, uniforms.of(lineage))
            assert set(np.unique(values.first[values.first != first])) <= {0}
            for visit, level in enumerate(values.later, start=2):
                assert np.array_equal(level.value, durations(law, uniforms.of(lineage, visit=visit))[level.member])
                assert (np.diff(level.member) > 0).all()


def test_reviews_have_a_uniform_for_those_that_are_not_sampled() -> None:
    """R45 asks whether they would have been rejected."""
    review = StepSpec("check", WORK, share=0.1, review=ReviewSpec(0.3, "respond", rework=REWORK))
    messages, _ = drawn((StepSpec("respond", WORK), review), quality=1.0)
    reject = messages.steps[1].reject
    assert reject is not None
    unsampled = reject.first[~messages.steps[1].needs]
    assert len(np.unique(unsampled)) == len(unsampled) > 100


def test_with_one_review_nothing_is_drawn_in_vain() -> None:
    """At quality 1 the members of every level are exactly those that come so far."""
    review = StepSpec("check", WORK, share=0.7, review=ReviewSpec(0.6, "respond", rework=REWORK, max_rounds=4))
    messages, route = drawn((StepSpec("respond", WORK), StepSpec("polish", WORK, share=0.5), review), quality=1.0)
    actionable = np.flatnonzero(messages.actionable)
    always = [
        walk(messages, route, int(message), quality=1.0, rng=Certain())  # type: ignore[arg-type]
        for message in actionable
    ]
    for number, part in ((1, "work"), (2, "work"), (2, "reject"), (2, "rework")):
        times = np.array([used.get((number, part), 0) for used in always])
        values: PerVisit = getattr(messages.steps[number], part)
        for visit, level in enumerate(values.later, start=2):
            assert np.array_equal(level.member, actionable[times >= visit])
        drawn_for = [len(level.member) for level in values.later]
        assert times.max() == 1 + np.count_nonzero(drawn_for)
    assert messages.steps[0].work.later == ()  # what returns to a step comes to its rework queue


@pytest.mark.parametrize("back", ["respond", "author"])
def test_a_review_is_ready_for_messages_that_only_another_review_brings_to_it(back: str) -> None:
    """Messages that do not need a review by its share come to it when a later review returns to it (R25)."""
    laws = {"author_delay": DELAY} if back == "author" else {"rework": REWORK}
    check = StepSpec("check", WORK, share=0.5, review=ReviewSpec(1.0, back, max_rounds=3, **laws))
    audit = StepSpec("audit", WORK, review=ReviewSpec(1.0, "check", rework=REWORK, max_rounds=5))
    messages, route = drawn((StepSpec("respond", WORK), check, audit), quality=1.0)
    brought = np.flatnonzero(messages.actionable & ~messages.steps[1].needs)
    assert len(brought) > 40
    for message in brought:
        used = walk(messages, route, int(message), quality=1.0, rng=Certain())  # type: ignore[arg-type]
        # returned to the author twice and then withdrawn; or, returned to respond, brought back by the audit each time
        assert used[1, "reject"] == 3
        assert used.get((1, "work"), 0) == (2 if back == "author" else 0)


class Certain:
    """A generator that always takes the first choice: factor and quality as they are."""

    def choice(self, options: list[float]) -> float:
        return options[0]

    def random(self) -> float:
        return 1.0


@pytest.mark.parametrize("reject", [0.0, 1.0])
def test_reviews_that_never_or_always_reject(reject: float) -> None:
    review = StepSpec("check", WORK, review=ReviewSpec(reject, "respond", rework=REWORK, max_rounds=3))
    messages, _ = drawn((StepSpec("respond", WORK), review), quality=1.0)
    levels = messages.steps[1].reject.later  # type: ignore[union-attr]
    everyone = int(messages.actionable.sum()) if reject else 0
    assert [len(level.member) for level in levels if len(level.member)] == [everyone] * (2 if reject else 0)
