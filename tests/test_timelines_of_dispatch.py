"""Timelines worked out by hand from the rules about who takes what (R37, R38)."""

from __future__ import annotations

from timelines import timeline
from told import Engine, tells
from worked import Step, Window, World, agent, message, stream, team

RESPOND = Step("respond")

# ---- R37: dispatch --------------------------------------------------------------------------------------------------


@timeline("one_start_a_tick")
def test_dispatch_repeats_until_nothing_can_start(engine: Engine) -> None:
    """R37: three agents, four messages at 2: three start at once."""
    a = stream(RESPOND, *(message(2, respond=3) for _ in range(4)))
    tells(
        engine,
        World({"a": a}, {"desk": team("a.respond", agent(), agent(), agent())}),
        """
        a0 respond desk1 2 2 5 done
        a1 respond desk2 2 2 5 done
        a2 respond desk3 2 2 5 done
        a3 respond desk1 2 5 8 done
        """,
    )


@timeline("last_ranking_names_first", "preference_within_the_naming_ranking", "preference_is_forgotten")
def test_the_first_team_names_and_the_preferred_takes(engine: Engine) -> None:
    """R37: "the first team (in the config's order …) names the message": x names a0, the head of its highest queue; it
    "goes to the first team, in the step's `prefer` order": y. Then x, still idle, names b0; y is not idle: x takes it.
    """
    step = Step("respond", prefer=("y",))
    world = World(
        {"a": stream(step, message(2, respond=3)), "b": stream(step, message(2, respond=3))},
        {"x": team("a.respond, b.respond", agent()), "y": team("b.respond, a.respond", agent())},
    )
    tells(
        engine,
        world,
        """
        a0 respond y1 2 2 5 done
        b0 respond x1 2 2 5 done
        """,
    )


@timeline("last_ranking_names_first")
def test_a_teams_rankings_name_in_the_order_they_are_first_named(engine: Engine) -> None:
    """R37: the team's first ranking, in force for desk2, names a0; of the team's idle agents who serve it the lowest
    takes it: desk1, although his own ranking would have named b0.
    """
    world = World(
        {"a": stream(RESPOND, message(2, respond=3)), "b": stream(RESPOND, message(2, respond=3))},
        {"desk": team("a.respond, b.respond", agent(Window(serves="b.respond, a.respond")), agent())},
    )
    tells(
        engine,
        world,
        """
        a0 respond desk1 2 2 5 done
        b0 respond desk2 2 2 5 done
        """,
    )


@timeline("preference_is_forgotten", "other_teams_follow_backwards")
def test_another_team_takes_what_the_preferred_cannot(engine: Engine) -> None:
    """R37: "`prefer` order (then the config's), that has an idle agent": z takes a0, then x a1, then y a2."""
    a = stream(Step("respond", prefer=("z",)), *(message(2, respond=3) for _ in range(3)))
    world = World({"a": a}, {name: team("a.respond", agent()) for name in "xyz"})
    tells(
        engine,
        world,
        """
        a0 respond z1 2 2 5 done
        a1 respond x1 2 2 5 done
        a2 respond y1 2 2 5 done
        """,
    )


EACH_ITS_OWN = World(
    {
        "a": stream(Step("respond", prefer=("x",)), message(2, respond=3)),
        "b": stream(Step("respond", prefer=("y",)), message(7, respond=3)),
    },
    {name: team("a.respond=b.respond", agent()) for name in "xy"},
)


@timeline("preference_is_forgotten")
def test_queues_of_equal_rank_prefer_each_its_own_team(engine: Engine) -> None:
    """R37: "`prefer` order" is that of the message's own step: a0's is x, b0's is y, though x is idle as well."""
    tells(
        engine,
        EACH_ITS_OWN,
        """
        a0 respond x1 2 2 5 done
        b0 respond y1 7 7 10 done
        """,
    )


@timeline("takes_what_it_does_not_serve")
def test_only_those_whose_ranking_serves_the_queue_take_it(engine: Engine) -> None:
    """R37: "an idle agent whose ranking serves the queue": a0's preferred team y is idle but serves b alone."""
    world = World(
        {"a": stream(Step("respond", prefer=("y",)), message(2, respond=3)), "b": stream(RESPOND)},
        {"x": team("a.respond", agent()), "y": team("b.respond", agent())},
    )
    tells(engine, world, "a0 respond x1 2 2 5 done")


@timeline("highest_agent_first")
def test_the_lowest_agent_of_those_idle_equally_long(engine: Engine) -> None:
    """R37: "then the lowest agent": both idle since 0."""
    a = stream(RESPOND, message(2, respond=3))
    world = World({"a": a}, {"desk": team("a.respond", agent(), agent())})
    tells(engine, world, "a0 respond desk1 2 2 5 done")


# ---- R38: idle since ------------------------------------------------------------------------------------------------


@timeline("latest_idle_first", "lowest_agent_first", "idle_since_stretch")
def test_the_slot_idle_longest(engine: Engine) -> None:
    """R37: "the slot idle longest": desk1 is free from 7, desk2 from 5."""
    a = stream(RESPOND, message(0, respond=7), message(0, respond=5), message(9, respond=1))
    tells(
        engine,
        World({"a": a}, {"desk": team("a.respond", agent(), agent())}),
        """
        a0 respond desk1 0 0  7 done
        a1 respond desk2 0 0  5 done
        a2 respond desk2 9 9 10 done
        """,
    )


@timeline("each_window_is_a_stretch", "idle_since_completion")
def test_windows_without_a_gap_are_one_stretch(engine: Engine) -> None:
    """R38: "Windows without a gap between them are one stretch": desk2 is idle since 0, not since 10; desk1 since 5."""
    a = stream(RESPOND, message(12, respond=1))
    people = agent(Window(5, 99)), agent(Window(0, 10), Window(10, 99))
    tells(engine, World({"a": a}, {"desk": team("a.respond", *people)}), "a0 respond desk2 12 12 13 done")


@timeline("idle_since_completion", "lowest_agent_first")
def test_a_gap_begins_a_new_stretch(engine: Engine) -> None:
    """R38: "the later of the slot's last completion and the start of the on-duty stretch": desk1 finished at 3 but came
    back at 9 from a break; desk2 finished at 6.
    """
    a = stream(RESPOND, message(0, respond=3), message(0, respond=6), message(12, respond=1))
    people = agent(Window(0, 7), Window(9, 99)), agent()
    tells(
        engine,
        World({"a": a}, {"desk": team("a.respond", *people)}),
        """
        a0 respond desk1  0  0  3 done
        a1 respond desk2  0  0  6 done
        a2 respond desk2 12 12 13 done
        """,
    )


@timeline("idle_since_stretch")
def test_a_completion_in_overrun_is_before_the_next_stretch(engine: Engine) -> None:
    """R38, R39: desk1's overrun ends at 8, in his break: idle since he is back, at 9. desk2 ends at 10. Then desk1 has
    been idle longest; by their stretches (9 and 0) it would be desk2.
    """
    a = stream(RESPOND, message(0, respond=8), message(0, respond=10), message(12, respond=1))
    people = agent(Window(0, 7), Window(9, 99)), agent()
    tells(
        engine,
        World({"a": a}, {"desk": team("a.respond", *people)}),
        """
        a0 respond desk1  0  0  8 done
        a1 respond desk2  0  0 10 done
        a2 respond desk1 12 12 13 done
        """,
    )
