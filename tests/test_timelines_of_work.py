"""Timelines worked out by hand from the rules about how long work takes, and for whom (R27–R29, R40)."""

from __future__ import annotations

from timelines import timeline
from told import Engine, tells
from worked import Checked, Review, Step, Window, World, agent, message, stream, team

ONE = {"desk": team("a.respond", agent())}

# ---- R27: factors ---------------------------------------------------------------------------------------------------


@timeline("work_factor_is_forgotten", "work_factor_at_joining")
def test_work_factor_is_that_of_the_start(engine: Engine) -> None:
    """R27: "read as of the start of the visit". It doubles at 10. a0 starts at 9: 4 ticks, though it ends later. a1
    joins at 9 too but starts at 13: 8 ticks.
    """
    a = stream(Step("respond", work_factor={0: 1.0, 10: 2.0}), message(9, respond=4), message(9, respond=4))
    tells(
        engine,
        World({"a": a}, ONE),
        """
        a0 respond desk1 9  9 13 done
        a1 respond desk1 9 13 21 done
        """,
    )


@timeline("work_factor_is_forgotten")
def test_factor_holds_from_its_tick_on(engine: Engine) -> None:
    """R2, R27: constant on [0, 10) and from 10: a start at 10 has the new factor."""
    a = stream(Step("respond", work_factor={0: 1.0, 10: 0.5}), message(10, respond=4))
    tells(engine, World({"a": a}, ONE), "a0 respond desk1 10 10 12 done")


@timeline("reject_factor_is_forgotten", "reject_factor_at_the_end", "reject_factor_at_joining")
def test_reject_factor_is_that_of_the_start_of_the_review(engine: Engine) -> None:
    """R27: the factor falls to 0 at 10. a0's review starts at 9 and ends at 12: 0.1 / (0.5 × 1) = 0.2 < 1 rejects. a1
    joins at 9 but starts at 12: 0.5 × 0 = 0 never rejects.
    """
    a = stream(
        Step("check", Review(reject=0.5, max_rounds=1), reject_factor={0: 1.0, 10: 0.0}),
        message(9, check=Checked(3, 0.1)),
        message(9, check=Checked(3, 0.1)),
    )
    tells(
        engine,
        World({"a": a}, {"desk": team("a.check", agent())}),
        """
        a0 check desk1 9  9 12 rejected
        a1 check desk1 9 12 15 passed
        """,
    )


# ---- R28: nobody ----------------------------------------------------------------------------------------------------


@timeline("nobody_occupies_somebody")
def test_nobody_starts_at_once_and_occupies_nobody(engine: Engine) -> None:
    """R28: "work starts on joining, with pace 1 …; nobody is occupied". Both are worked on at the same time, at pace 1
    (the agent's is 2), and the agent is free for b0.
    """
    world = World(
        {
            "a": stream(Step("wait", nobody=True), message(0, wait=5), message(1, wait=5)),
            "b": stream(Step("respond"), message(1, respond=3)),
        },
        {"desk": team("b.respond", agent(Window(pace=2.0)))},
    )
    tells(
        engine,
        world,
        """
        a0 wait    -     0 0 5 done
        a1 wait    -     1 1 6 done
        b0 respond desk1 1 1 7 done     # 3 × 2
        """,
    )


# ---- R29: suspended work --------------------------------------------------------------------------------------------

SUSPENDED = Step("respond", suspend=True)
AROUND_A_BREAK = {"desk": team("a.respond", agent(Window(0, 5), Window(8, 20)))}


@timeline("nothing_suspends")
def test_suspended_work_counts_only_time_on_duty(engine: Engine) -> None:
    """R29: 7 ticks from 2 on: 3 before the break at 5, 4 from 8 on."""
    a = stream(SUSPENDED, message(2, respond=7))
    tells(engine, World({"a": a}, AROUND_A_BREAK), "a0 respond desk1 2 2 12 done")


@timeline("window_end_is_inside")
def test_suspended_work_may_end_with_the_window(engine: Engine) -> None:
    """R29: 3 ticks from 2 on are over at 5, when the window ends: none of them is left for 8."""
    a = stream(SUSPENDED, message(2, respond=3), message(5, respond=1))
    tells(
        engine,
        World({"a": a}, AROUND_A_BREAK),
        """
        a0 respond desk1 2 2 5 done
        a1 respond desk1 5 8 9 done
        """,
    )


@timeline("suspended_work_frees_its_slot")
def test_an_agent_keeps_suspended_work(engine: Engine) -> None:
    """R29: "he keeps it (and the slot) over breaks": a1 waits until 12, though he is back on duty at 8."""
    a = stream(SUSPENDED, message(2, respond=7), message(3, respond=2))
    tells(
        engine,
        World({"a": a}, AROUND_A_BREAK),
        """
        a0 respond desk1 2  2 12 done
        a1 respond desk1 3 12 14 done
        """,
    )


@timeline("suspended_work_ends_somehow", "nothing_suspends")
def test_suspended_work_without_a_window_left_never_ends(engine: Engine) -> None:
    """R29: from 2 on he is on duty for 3 + 12 = 15 ticks, and the work takes 16."""
    a = stream(SUSPENDED, message(2, respond=16))
    tells(engine, World({"a": a}, AROUND_A_BREAK), "a0 respond desk1 2 2 - in_service", "a0 pending -")


@timeline("pace_of_the_last_window")
def test_suspended_work_keeps_the_pace_of_its_start(engine: Engine) -> None:
    """R29, R40: "pace and factor as of the start": 2 × 2 = 4 ticks, 3 before the break, 1 after it at pace 1."""
    a = stream(SUSPENDED, message(2, respond=2))
    people = {"desk": team("a.respond", agent(Window(0, 5, pace=2.0), Window(8, 20)))}
    tells(engine, World({"a": a}, people), "a0 respond desk1 2 2 9 done")


# ---- R40: ticks of work ---------------------------------------------------------------------------------------------


@timeline("halves_round_up", "work_is_cut_off")
def test_halves_round_to_even(engine: Engine) -> None:
    """R40: "halves round to even": 1 × 2.5 = 2.5 → 2, 3 × 2.5 = 7.5 → 8, 5 × 2.5 = 12.5 → 12."""
    a = stream(Step("respond"), *(message(0, respond=work) for work in (1, 3, 5)))
    tells(
        engine,
        World({"a": a}, {"desk": team("a.respond", agent(Window(pace=2.5)))}),
        """
        a0 respond desk1 0  0  2 done
        a1 respond desk1 0  2 10 done
        a2 respond desk1 0 10 22 done
        """,
    )


@timeline("work_may_vanish")
def test_work_takes_a_tick_at_least(engine: Engine) -> None:
    """R40: "max(1, …)": 1 × 0.25 rounds to 0."""
    a = stream(Step("respond"), message(0, respond=1))
    world = World({"a": a}, {"desk": team("a.respond", agent(Window(pace=0.25)))})
    tells(engine, world, "a0 respond desk1 0 0 1 done")


@timeline("work_is_cut_off", "work_factor_is_forgotten", "pace_is_forgotten")
def test_work_is_rounded_once(engine: Engine) -> None:
    """R40: "round(work × pace × work factor)", with triage: (1 + 4) × 1.5 × 0.5 = 3.75 → 4; (1 + 2) × 1.5 × 0.5 =
    2.25 → 2, where triage (0.75 → 1) and the rest (1.5 → 2) rounded by themselves would give 3.
    """
    a = stream(
        Step("respond", work_factor={0: 0.5}),
        message(0, triage=1, respond=4),
        message(10, triage=1, respond=2),
        triage=True,
    )
    tells(
        engine,
        World({"a": a}, {"desk": team("a.respond", agent(Window(pace=1.5)))}),
        """
        a0 respond desk1  0  0  4 done
        a1 respond desk1 10 10 12 done
        """,
    )
