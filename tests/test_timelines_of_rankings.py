"""Timelines worked out by hand from the rules about what comes first in queues and rankings (R31, R37)."""

from __future__ import annotations

from timelines import timeline
from told import Engine, tells
from worked import Step, Window, World, agent, message, stream, team

RESPOND = Step("respond")


@timeline("rank_is_forgotten")
def test_the_highest_ranked_queue_comes_first(engine: Engine) -> None:
    """R31: "entries in order": b0 has waited since 1, but a1 and a2 rank above it."""
    world = World(
        {
            "a": stream(RESPOND, message(0, respond=3), message(2, respond=3), message(4, respond=3)),
            "b": stream(RESPOND, message(1, respond=3)),
        },
        {"desk": team("a.respond, b.respond", agent())},
    )
    tells(
        engine,
        world,
        """
        a0 respond desk1 0 0  3 done
        a1 respond desk1 2 3  6 done
        a2 respond desk1 4 6  9 done
        b0 respond desk1 1 9 12 done
        """,
    )


@timeline("queue_by_message")
def test_a_queue_is_in_order_of_joining(engine: Engine) -> None:
    """R31: "in order of joining, then message". a1 joins the second queue at 3, a0 at 5; its agent comes at 8."""
    a = stream(RESPOND, Step("file"), message(0, respond=5, file=1), message(0, respond=3, file=1))
    people = {"desk": team("a.respond", agent(), agent()), "files": team("a.file", agent(Window(8, 99)))}
    tells(
        engine,
        World({"a": a}, people),
        """
        a0 respond desk1  0 0  5 done
        a0 file    files1 5 9 10 done
        a1 respond desk2  0 0  3 done
        a1 file    files1 3 8  9 done
        """,
    )


@timeline("queue_ties_by_last_message", "queue_ties_by_due")
def test_messages_that_join_together_are_in_their_own_order(engine: Engine) -> None:
    """R31: "then message", whatever is due."""
    a = stream(RESPOND, message(2, due=90, respond=1), message(2, due=10, respond=1))
    tells(
        engine,
        World({"a": a}, {"desk": team("a.respond", agent())}),
        """
        a0 respond desk1 2 2 3 done
        a1 respond desk1 2 3 4 done
        """,
    )


GROUP_FROM_5 = agent(Window(5, 99))


@timeline("group_is_ranked", "fifo_order_is_due")
def test_equal_rank_by_joining(engine: Engine) -> None:
    """R31: "`fifo` (joining) … compares the heads": b0 (joined 1, due 90) before a0 (joined 2, due 50)."""
    world = World(
        {"a": stream(RESPOND, message(2, due=50, respond=1)), "b": stream(RESPOND, message(1, due=90, respond=1))},
        {"desk": team("a.respond=b.respond", GROUP_FROM_5)},
    )
    tells(
        engine,
        world,
        """
        a0 respond desk1 2 6 7 done
        b0 respond desk1 1 5 6 done
        """,
    )


@timeline("due_order_is_fifo", "group_is_ranked_backwards")
def test_equal_rank_by_due_instant(engine: Engine) -> None:
    """R31: "`due` (the message's earliest due instant …)": a0 (joined 2, due 50) before b0 (joined 1, due 90)."""
    world = World(
        {"a": stream(RESPOND, message(2, due=50, respond=1)), "b": stream(RESPOND, message(1, due=90, respond=1))},
        {"desk": team("a.respond=b.respond(due)", GROUP_FROM_5)},
    )
    tells(
        engine,
        world,
        """
        a0 respond desk1 2 5 6 done
        b0 respond desk1 1 6 7 done
        """,
    )


@timeline("undue_comes_first", "due_order_is_fifo")
def test_a_message_without_a_due_instant_is_last(engine: Engine) -> None:
    """R31: "A message without a due instant is last in `due`": a0, though it joined first."""
    world = World(
        {"a": stream(RESPOND, message(1, respond=1)), "b": stream(RESPOND, message(2, due=900, respond=1))},
        {"desk": team("a.respond=b.respond(due)", GROUP_FROM_5)},
    )
    tells(
        engine,
        world,
        """
        a0 respond desk1 1 6 7 done
        b0 respond desk1 2 5 6 done
        """,
    )


@timeline("queue_by_due", "due_order_is_fifo")
def test_only_heads_are_compared(engine: Engine) -> None:
    """R31: "A queue itself is always in order of joining": a1 (due 10) is behind a0 (90), so b0 (50) is first."""
    world = World(
        {
            "a": stream(RESPOND, message(1, due=90, respond=1), message(2, due=10, respond=1)),
            "b": stream(RESPOND, message(3, due=50, respond=1)),
        },
        {"desk": team("a.respond=b.respond(due)", GROUP_FROM_5)},
    )
    tells(
        engine,
        world,
        """
        a0 respond desk1 1 6 7 done
        a1 respond desk1 2 7 8 done
        b0 respond desk1 3 5 6 done
        """,
    )


@timeline("ties_by_message_before_stream")
def test_ties_in_a_group_go_by_stream(engine: Engine) -> None:
    """R37: "inside a group by its order, then stream, then message": a1 and b0 both joined at 3."""
    world = World(
        {
            "a": stream(RESPOND, message(0, respond=5), message(3, respond=1)),
            "b": stream(RESPOND, message(3, respond=1)),
        },
        {"desk": team("a.respond=b.respond", agent())},
    )
    tells(
        engine,
        world,
        """
        a0 respond desk1 0 0 5 done
        a1 respond desk1 3 5 6 done
        b0 respond desk1 3 6 7 done
        """,
    )


@timeline("due_ties_by_joining", "due_order_is_fifo")
def test_ties_of_due_instants_go_by_stream_too(engine: Engine) -> None:
    """R37: both are due at 50; a0 is of the first stream, though b0 joined before it."""
    world = World(
        {"a": stream(RESPOND, message(2, due=50, respond=1)), "b": stream(RESPOND, message(1, due=50, respond=1))},
        {"desk": team("a.respond=b.respond(due)", GROUP_FROM_5)},
    )
    tells(
        engine,
        world,
        """
        a0 respond desk1 2 5 6 done
        b0 respond desk1 1 6 7 done
        """,
    )


@timeline("ties_by_message_backwards")
def test_ties_in_a_stream_go_by_message(engine: Engine) -> None:
    """R37: "then message": two queues of one stream in a group, both joined at 2: a0's file, a1's respond."""
    a = stream(RESPOND, Step("file"), message(2, file=1), message(2, respond=1))
    tells(
        engine,
        World({"a": a}, {"desk": team("a.respond=a.file", agent())}),
        """
        a0 file    desk1 2 2 3 done
        a1 respond desk1 2 3 4 done
        """,
    )


BEHIND_A_DEAD_HEAD = World(
    {
        "a": stream(RESPOND, message(1, respond=2, due=90, patience=2), message(2, respond=2, due=20)),
        "b": stream(RESPOND, message(0, respond=5, due=10), message(1, respond=2, due=30)),
    },
    {"desk": team("a.respond=b.respond(due)", agent())},
)


@timeline("due_order_is_fifo")
def test_who_has_left_hides_nobody_who_is_due_earlier(engine: Engine) -> None:
    """R26, R31: a0 left at 3, so that at 5 the heads are a1, due at 20, and b1, due at 30."""
    tells(
        engine,
        BEHIND_A_DEAD_HEAD,
        """
        a0 respond -     1 - 3 abandoned
        a1 respond desk1 2 5 7 done
        b0 respond desk1 0 0 5 done
        b1 respond desk1 1 7 9 done
        """,
    )


@timeline("due_order_is_fifo")
def test_due_instants_in_a_far_future_are_still_compared(engine: Engine) -> None:
    """R31: b0 is due nine ticks before a1, 73 million years from now; a1 would come first if they were due together."""
    far = 2**61
    world = World(
        {
            "a": stream(RESPOND, message(0, respond=5), message(1, respond=1, due=far + 9)),
            "b": stream(RESPOND, message(1, respond=1, due=far)),
        },
        {"desk": team("a.respond=b.respond(due)", agent())},
    )
    tells(
        engine,
        world,
        """
        a0 respond desk1 0 0 5 done
        a1 respond desk1 1 6 7 done
        b0 respond desk1 1 5 6 done
        """,
    )
