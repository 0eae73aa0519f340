"""Timelines worked out by hand from the rules about patience and expiry (R26, R36)."""

from __future__ import annotations

from timelines import timeline
from told import Engine, tells
from worked import Checked, Review, Step, Window, World, agent, message, stream, team

ONE = {"desk": team("a.respond", agent())}
FILES_FROM_10 = {"desk": team("a.respond", agent()), "files": team("a.file", agent(Window(10, 1000)))}

# ---- patience -------------------------------------------------------------------------------------------------------


@timeline("leaving_before_dispatch")
def test_patience_that_ends_at_the_tick_of_service_is_served(engine: Engine) -> None:
    """R36: "Patience that ends at the very tick of service is served": a1's ends at 1 + 3 = 4, when a0's work ends."""
    a = stream(Step("respond"), message(0, respond=4), message(1, patience=3, respond=2))
    tells(
        engine,
        World({"a": a}, ONE),
        """
        a0 respond desk1 0 0 4 done
        a1 respond desk1 1 4 6 done
        """,
        "a0 handled 4 @4 \n a1 handled 6 @6",
    )


@timeline("patience_is_endless", "patience_ends_a_tick_later")
def test_patience_that_ends_a_tick_before_leaves(engine: Engine) -> None:
    """R26: "A message whose first visit has not begun leaves when its patience ends", at 1 + 2 = 3."""
    a = stream(Step("respond"), message(0, respond=4), message(1, patience=2, respond=2))
    tells(
        engine,
        World({"a": a}, ONE),
        """
        a0 respond desk1 0 0 4 done
        a1 respond -     1 - 3 abandoned
        """,
        "a0 handled 4 @4 \n a1 abandoned 3",
    )


@timeline("leaving_before_dispatch", "patience_is_endless")
def test_patience_of_zero_is_served_at_once_or_leaves(engine: Engine) -> None:
    """R36: "then dispatch; then patience": a0 finds the agent idle, a1 at the same tick does not; a2 comes as he gets
    free.
    """
    a = stream(Step("respond"), *(message(at, patience=0, respond=4) for at in (3, 3, 7)))
    tells(
        engine,
        World({"a": a}, ONE),
        """
        a0 respond desk1 3 3  7 done
        a1 respond -     3 -  3 abandoned
        a2 respond desk1 7 7 11 done
        """,
    )


@timeline("patience_at_every_queue")
def test_patience_ends_nothing_once_the_first_visit_began(engine: Engine) -> None:
    """R26: only "a message whose first visit has not begun": a0's patience ends at 6, while it waits for its second."""
    a = stream(Step("respond"), Step("file"), message(0, patience=6, respond=3, file=2))
    tells(
        engine,
        World({"a": a}, FILES_FROM_10),
        """
        a0 respond desk1  0  0  3 done
        a0 file    files1 3 10 12 done
        """,
    )


# ---- expiry ---------------------------------------------------------------------------------------------------------


@timeline("expiry_from_joining", "leaving_before_dispatch", "expiry_at_the_first_step_only")
def test_expiry_in_a_later_queue_counts_from_arrival(engine: Engine) -> None:
    """R26: "expiry of a step at arrival + `expires_after`", here 9. Both join the second queue one tick after their
    arrival, and its agent comes at 10: a0 leaves at 0 + 9; a1 is served at 1 + 9, the very tick (R36).
    """
    a = stream(Step("respond"), Step("file", expires=9), *(message(at, respond=1, file=1) for at in (0, 1)))
    tells(
        engine,
        World({"a": a}, FILES_FROM_10),
        """
        a0 respond desk1  0  0  1 done
        a0 file    -      1  -  9 expired
        a1 respond desk1  1  1  2 done
        a1 file    files1 2 10 11 done
        """,
        "a0 expired 9 \n a1 handled 11 @11",
    )


@timeline("leaving_before_dispatch", "expiry_from_a_tick_later")
def test_expiry_in_the_first_queue(engine: Engine) -> None:
    """R26: "One waiting for a step that expires": a1's expiry, 1 + 3 = 4, comes as a0's work ends; a2, behind it,
    leaves at 1 + 3. Expiry stops no work that has begun: a0's was at 3.
    """
    a = stream(Step("respond", expires=3), *(message(at, respond=4) for at in (0, 1, 1)))
    tells(
        engine,
        World({"a": a}, ONE),
        """
        a0 respond desk1 0 0 4 done
        a1 respond desk1 1 4 8 done
        a2 respond -     1 - 4 expired
        """,
    )


@timeline("expiry_at_the_first_visit_only")
def test_expiry_at_any_visit(engine: Engine) -> None:
    """R26: "at any visit": a0's rework waits for the agent, who works on a1 from 2 to 12, beyond a0's expiry at 6."""
    a = stream(
        Step("respond", expires=6),
        Step("check", Review(reject=0.5, returns_to="respond")),
        message(0, respond=2, check=Checked(1, 0.1, rework=1)),
        message(2, respond=10, check=Checked(1, 0.9)),
    )
    tells(
        engine,
        World({"a": a}, {"desk": team("a.respond", agent()), "principals": team("a.check", agent())}),
        """
        a0 respond        desk1       0  0  2 done
        a0 check          principals1 2  2  3 rejected
        a0 respond.rework -           3  -  6 expired
        a1 respond        desk1       2  2 12 done
        a1 check          principals1 12 12 13 passed
        """,
        "a0 expired 6 \n a1 handled 13 @13",
    )


@timeline("expiry_goes_before_patience")
def test_patience_comes_before_expiry_at_the_same_tick(engine: Engine) -> None:
    """R26: "if both end together it is the patience": a1's both at 1 + 2."""
    a = stream(Step("respond", expires=2), message(0, respond=9), message(1, patience=2, respond=1))
    tells(
        engine,
        World({"a": a}, ONE),
        """
        a0 respond desk1 0 0 9 done
        a1 respond -     1 - 3 abandoned
        """,
        "a0 handled 9 @9 \n a1 abandoned 3",
    )


@timeline("patience_is_endless", "expiry_goes_before_patience")
def test_the_earlier_of_patience_and_expiry_counts(engine: Engine) -> None:
    """R26: a1's patience ends at 3 and its expiry at 5; a2's patience at 6 and its expiry at 5; a3's both at 5."""
    waiting = [message(1, patience=patience, respond=1) for patience in (2, 5, 4)]
    a = stream(Step("respond", expires=4), message(0, respond=9), *waiting)
    tells(
        engine,
        World({"a": a}, ONE),
        """
        a0 respond desk1 0 0 9 done
        a1 respond -     1 - 3 abandoned
        a2 respond -     1 - 5 expired
        a3 respond -     1 - 5 abandoned
        """,
    )


@timeline("expired_still_queues")
def test_one_that_comes_after_its_expiry_leaves_at_once(engine: Engine) -> None:
    """R26: "One that comes to a queue after its expiry leaves at once", though the agent is idle: it comes at 4,
    and its expiry was at 3.
    """
    a = stream(Step("respond"), Step("file", expires=3), message(0, respond=4, file=1))
    tells(
        engine,
        World({"a": a}, {"desk": team("a.respond, a.file", agent())}),
        """
        a0 respond desk1 0 0 4 done
        a0 file    -     4 - 4 expired
        """,
        "a0 expired 4",
    )


@timeline("too_late_at_the_tick")
def test_one_that_comes_at_the_tick_of_its_expiry_may_be_served(engine: Engine) -> None:
    """R26, R36: a0 comes at 4, the tick of its expiry: not after it, and dispatch is before expiry."""
    a = stream(Step("respond"), Step("file", expires=4), message(0, respond=4, file=1))
    tells(
        engine,
        World({"a": a}, {"desk": team("a.respond, a.file", agent())}),
        """
        a0 respond desk1 0 0 4 done
        a0 file    desk1 4 4 5 done
        """,
    )


@timeline("nobody_takes_the_expired", "too_late_at_the_tick")
def test_the_expired_leave_nobody_too(engine: Engine) -> None:
    """R26, R28: a queue that nobody serves is a queue: a0 comes after its expiry (3 < 4), a1 at the tick of it (13)."""
    a = stream(
        Step("respond"),
        Step("wait", nobody=True, expires=3),
        message(0, respond=4, wait=2),
        message(10, respond=3, wait=2),
    )
    tells(
        engine,
        World({"a": a}, ONE),
        """
        a0 respond desk1  0  0  4 done
        a0 wait    -      4  -  4 expired
        a1 respond desk1 10 10 13 done
        a1 wait    -     13 13 15 done
        """,
        "a0 expired 4 \n a1 handled 15 @15",
    )
