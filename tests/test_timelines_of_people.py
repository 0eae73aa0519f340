"""Timelines worked out by hand from the rules about windows, slots and ends (R2, R30, R35, R36, R39, R41)."""

from __future__ import annotations

from collections import Counter

from timelines import timeline
from told import Engine, run, tells
from worked import Checked, Review, Step, Window, World, agent, message, stream, team

from simsocial.model.log import MessageOutcome

RESPOND = Step("respond")

# ---- R30, R39: windows ----------------------------------------------------------------------------------------------


@timeline("window_end_is_inside")
def test_nothing_begins_at_a_windows_end(engine: Engine) -> None:
    """R39: "Nothing begins at or after a window's end": a1 comes at 5 and waits for 8; a2 comes after the last end."""
    a = stream(RESPOND, message(4, respond=1), message(5, respond=1), message(20, respond=1))
    tells(
        engine,
        World({"a": a}, {"desk": team("a.respond", agent(Window(0, 5), Window(8, 20)))}),
        """
        a0 respond desk1  4 4 5 done
        a1 respond desk1  5 8 9 done
        a2 respond -     20 - - waiting
        """,
    )


@timeline("everything_suspends")
def test_work_begun_is_finished(engine: Engine) -> None:
    """R39: "Work begun is finished": 7 ticks from 3 on, two of them after the end at 5, and a break until 8. "Then the
    agent … is in the window that has begun": a1 starts as he gets free.
    """
    a = stream(RESPOND, message(3, respond=7), message(4, respond=1))
    tells(
        engine,
        World({"a": a}, {"desk": team("a.respond", agent(Window(0, 5), Window(8, 20)))}),
        """
        a0 respond desk1 3  3 10 done
        a1 respond desk1 4 10 11 done
        """,
    )


@timeline("everything_suspends", "overrun_goes_on")
def test_an_agent_leaves_after_his_overrun(engine: Engine) -> None:
    """R39: "Then the agent leaves": a0 is finished at 6, a tick after the end of duty; a1 stays."""
    a = stream(RESPOND, message(3, respond=3), message(4, respond=1))
    tells(
        engine,
        World({"a": a}, {"desk": team("a.respond", agent(Window(0, 5)))}),
        """
        a0 respond desk1 3 3 6 done
        a1 respond -     4 - - waiting
        """,
        "a0 handled 6 @6 \n a1 pending -",
    )


@timeline("pace_is_forgotten", "pace_of_the_first_window", "pace_of_the_last_window")
def test_pace_is_that_of_the_window_in_force_at_the_start(engine: Engine) -> None:
    """R30, R40: a0 starts at 8 at pace 2: 3 × 2 = 6, though from 10 on the pace is 1; a1 starts at 14 at pace 1."""
    a = stream(RESPOND, message(8, respond=3), message(8, respond=3))
    tells(
        engine,
        World({"a": a}, {"desk": team("a.respond", agent(Window(0, 10, pace=2.0), Window(10, 99)))}),
        """
        a0 respond desk1 8  8 14 done
        a1 respond desk1 8 14 17 done
        """,
    )


@timeline("ranking_of_the_first_window")
def test_each_window_has_its_own_ranking(engine: Engine) -> None:
    """R30: until 10 he serves a alone, from then on b alone: b0 waits for 10, a1 comes then and is not served."""
    people = agent(Window(0, 10, serves="a.respond"), Window(10, 99, serves="b.respond"))
    world = World(
        {
            "a": stream(RESPOND, message(3, respond=1), message(10, respond=1)),
            "b": stream(RESPOND, message(3, respond=1)),
        },
        {"desk": team("a.respond", people)},
    )
    tells(
        engine,
        world,
        """
        a0 respond desk1  3  3  4 done
        a1 respond -     10  -  - waiting
        b0 respond desk1  3 10 11 done
        """,
    )


# ---- R36: ends and starts of windows in a tick ----------------------------------------------------------------------


@timeline("window_end_is_inside")
def test_a_window_ends_before_another_starts(engine: Engine) -> None:
    """R36: "ends of windows, starts of windows, then everything else …; then dispatch": at 5 desk1 is off, desk2 on."""
    a = stream(RESPOND, message(5, respond=1))
    world = World({"a": a}, {"desk": team("a.respond", agent(Window(0, 5)), agent(Window(5, 9)))})
    tells(engine, world, "a0 respond desk2 5 5 6 done")


@timeline("leaving_before_dispatch")
def test_a_window_starts_before_patience_ends(engine: Engine) -> None:
    """R36: the agent comes at 5, the tick at which a0's patience ends."""
    a = stream(RESPOND, message(2, patience=3, respond=1))
    tells(engine, World({"a": a}, {"desk": team("a.respond", agent(Window(5, 9)))}), "a0 respond desk1 2 5 6 done")


@timeline("dispatch_before_effects", "window_end_is_inside")
def test_work_that_ends_with_the_window_leaves_nobody_free(engine: Engine) -> None:
    """R36, R39: a0 ends at 5, but so does the window, and before it; desk2 takes a1 at his own end of work, 6."""
    a = stream(RESPOND, message(3, respond=2), message(3, respond=3), message(4, respond=1))
    tells(
        engine,
        World({"a": a}, {"desk": team("a.respond", agent(Window(0, 5)), agent(Window(0, 9)))}),
        """
        a0 respond desk1 3 3 5 done
        a1 respond desk2 3 3 6 done
        a2 respond desk2 4 6 7 done
        """,
    )


@timeline("dispatch_before_effects")
def test_work_ends_before_what_arrives_at_that_tick_is_dispatched(engine: Engine) -> None:
    """R36: a0 ends at 5; a1 arrives at 5 and starts at 5."""
    a = stream(RESPOND, message(0, respond=5), message(5, respond=1))
    tells(
        engine,
        World({"a": a}, {"desk": team("a.respond", agent())}),
        """
        a0 respond desk1 0 0 5 done
        a1 respond desk1 5 5 6 done
        """,
    )


# ---- R35: slots -----------------------------------------------------------------------------------------------------


@timeline("one_slot_each", "highest_slot_first")
def test_an_agent_works_in_all_his_slots(engine: Engine) -> None:
    """R35: "n threads at once", each at the pace given: 4 × 1.5 = 6. The third waits for a slot."""
    a = stream(RESPOND, message(0, respond=4), message(1, respond=4), message(2, respond=2))
    tells(
        engine,
        World({"a": a}, {"desk": team("a.respond", agent(Window(pace=1.5), slots=2))}),
        """
        a0 respond desk1/1 0 0 6 done
        a1 respond desk1/2 1 1 7 done
        a2 respond desk1/1 2 6 9 done
        """,
    )


@timeline("slots_before_agents", "highest_slot_first")
def test_an_agents_slots_come_before_the_next_agent(engine: Engine) -> None:
    """R37: "then the lowest agent and slot": all idle since 0, so desk1's two slots, then desk2's first."""
    a = stream(RESPOND, *(message(1, respond=5) for _ in range(3)))
    tells(
        engine,
        World({"a": a}, {"desk": team("a.respond", agent(slots=2), agent(slots=2))}),
        """
        a0 respond desk1/1 1 1 6 done
        a1 respond desk1/2 1 1 6 done
        a2 respond desk2/1 1 1 6 done
        """,
    )


@timeline("highest_slot_first", "lowest_slot_first")
def test_a_slot_is_idle_by_itself(engine: Engine) -> None:
    """R37, R38: "the slot idle longest", though both are one agent's: slot 2 is free from 3, slot 1 from 6, so it takes
    the message at 7; at 20 slot 1 (free from 6) has waited longer than slot 2 (from 8).
    """
    a = stream(RESPOND, *(message(at, respond=work) for at, work in ((0, 6), (0, 3), (7, 1), (20, 1))))
    tells(
        engine,
        World({"a": a}, {"desk": team("a.respond", agent(slots=2))}),
        """
        a0 respond desk1/1  0  0  6 done
        a1 respond desk1/2  0  0  3 done
        a2 respond desk1/2  7  7  8 done
        a3 respond desk1/1 20 20 21 done
        """,
    )


# ---- R2, R41: the horizon -------------------------------------------------------------------------------------------


@timeline("horizon_included")
def test_nothing_happens_at_the_horizon(engine: Engine) -> None:
    """R2: "what would happen at it does not happen". The horizon is 10: a0 would end then, a1's patience would, desk2
    would come; a2 is still waiting.
    """
    a = stream(RESPOND, message(0, respond=10), message(1, patience=9, respond=1), message(9, respond=1))
    tells(
        engine,
        World({"a": a}, {"desk": team("a.respond", agent(), agent(Window(10, 20)))}, horizon=10),
        """
        a0 respond desk1 0 0 - in_service
        a1 respond -     1 - - waiting
        a2 respond -     9 - - waiting
        """,
        """
        a0 pending -
        a1 pending -
        a2 pending -
        """,
    )


@timeline("horizon_included")
def test_what_happens_a_tick_before_the_horizon_happens(engine: Engine) -> None:
    """R2: at 9 a0 ends, a1's patience ends before its turn (a2 is not there yet), and a2 arrives and starts."""
    a = stream(RESPOND, message(0, respond=9), message(1, patience=7, respond=1), message(9, respond=1))
    tells(
        engine,
        World({"a": a}, {"desk": team("a.respond", agent())}, horizon=10),
        """
        a0 respond desk1 0 0 9 done
        a1 respond -     1 - 8 abandoned
        a2 respond desk1 9 9 - in_service
        """,
        """
        a0 handled 9 @9
        a1 abandoned 8
        a2 pending -
        """,
    )


@timeline("horizon_included")
def test_what_the_author_holds_at_the_horizon_is_pending(engine: Engine) -> None:
    """R25, R41: rejected at 4, the author's correction would come back at 10, the horizon."""
    a = stream(Step("check", Review(0.5, "author")), message(0, check=Checked(4, 0.1, delay=6)))
    world = World({"a": a}, {"desk": team("a.check", agent())}, horizon=10)
    tells(engine, world, "a0 check desk1 0 0 4 rejected", "a0 pending -")


@timeline("untriaged_noise_joins", "patience_is_endless", "one_round_more")
def test_every_message_is_accounted_for_once(engine: Engine) -> None:
    """R41: "arrived = handled + abandoned + expired + withdrawn + noise + pending", here one of each."""
    world = World(
        {
            "a": stream(
                Step("check", Review(0.5, "author", max_rounds=1), expires=8),
                message(0, check=Checked(2, 0.9)),  # handled at 2
                message(0, check=Checked(3, 0.1)),  # withdrawn at 5
                message(0, noise=True, check=Checked(1, 0.9)),  # noise at 0
                message(1, check=Checked(9, 0.9)),  # from 5 to 14, pending at 12
                message(2, patience=2, check=Checked(1, 0.9)),  # abandoned at 4
                message(3, check=Checked(1, 0.9)),  # expired at 11
            )
        },
        {"desk": team("a.check", agent())},
        horizon=12,
    )
    tells(
        engine,
        world,
        """
        a0 check desk1 0 0  2 passed
        a1 check desk1 0 2  5 rejected
        a3 check desk1 1 5  - in_service
        a4 check -     2 -  4 abandoned
        a5 check -     3 - 11 expired
        """,
        """
        a0 handled 2 @2
        a1 withdrawn 5
        a2 noise 0
        a3 pending -
        a4 abandoned 4
        a5 expired 11
        """,
    )
    assert Counter(run(engine, world).fates[0].outcome.tolist()) == dict.fromkeys(MessageOutcome, 1)
