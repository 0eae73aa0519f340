"""Timelines worked out by hand from the rules about what a review rejects (R23)."""

from __future__ import annotations

from timelines import timeline
from told import Engine, tells
from worked import Agent, Checked, Review, Step, Team, Window, World, agent, message, stream, team

RESPOND_CHECK = (Step("respond"), Step("check", Review(reject=0.5, returns_to="respond", max_rounds=3)))


def desk_and_principals(*desk: Agent, principal: Agent | None = None) -> dict[str, Team]:
    return {"desk": team("a.respond", *desk), "principals": team("a.check", principal or agent())}


def of_quality(*quality: float) -> Agent:
    """Somebody always on duty."""
    return agent(*(Window(quality=each) for each in quality))


# ---- R23: which work is rejected ------------------------------------------------------------------------------------


@timeline("equality_rejects", "quality_is_forgotten")
def test_a_quotient_equal_to_quality_passes(engine: Engine) -> None:
    """R23: rejects "when `u / (reject × reject factor) < quality`". The quality is 0.5: 0.25 / 0.5 = 0.5 is not below
    it; 0.24 / 0.5 = 0.48 is.
    """
    a = stream(
        *RESPOND_CHECK,
        message(0, respond=1, check=Checked(1, 0.25, rework=1)),
        message(10, respond=1, check=Checked(1, (0.24, 0.9), rework=1)),
    )
    tells(
        engine,
        World({"a": a}, desk_and_principals(of_quality(0.5))),
        """
        a0 respond        desk1        0  0  1 done
        a0 check          principals1  1  1  2 passed
        a1 respond        desk1       10 10 11 done
        a1 check          principals1 11 11 12 rejected
        a1 respond.rework desk1       12 12 13 done
        a1 check          principals1 13 13 14 passed     # 0.9 / 0.5 = 1.8
        """,
    )


@timeline("product_instead_of_quotient")
def test_the_quotient_is_the_definition(engine: Engine) -> None:
    """R23: 0.145 / 0.05 rounds to 2.8999999999999995 < 2.9: rejected, though 0.05 × 2.9 rounds to 0.145 itself."""
    assert 0.145 / 0.05 < 2.9
    assert not 0.145 < 0.05 * 2.9
    a = stream(
        Step("respond"),
        Step("check", Review(reject=0.05, returns_to="respond", max_rounds=1)),
        message(0, respond=1, check=Checked(1, 0.145)),
    )
    tells(
        engine,
        World({"a": a}, desk_and_principals(of_quality(2.9))),
        """
        a0 respond desk1       0 0 1 done
        a0 check   principals1 1 1 2 rejected
        """,
    )


@timeline("chance_zero_rejects", "reject_factor_is_forgotten")
def test_a_chance_of_zero_never_rejects(engine: Engine) -> None:
    """R23: "with reject × factor = 0 never": not even u = 0, which any other chance rejects (0 / 0.5 = 0 < 1)."""
    a = stream(
        Step("respond"),
        Step("check", Review(0.5, "respond", max_rounds=1), reject_factor={0: 0.0, 10: 1.0}),
        message(0, respond=1, check=Checked(1, 0.0)),
        message(10, respond=1, check=Checked(1, 0.0)),
    )
    tells(
        engine,
        World({"a": a}, desk_and_principals(agent())),
        """
        a0 respond desk1        0  0  1 done
        a0 check   principals1  1  1  2 passed
        a1 respond desk1       10 10 11 done
        a1 check   principals1 11 11 12 rejected
        """,
    )


@timeline("one_uniform_for_all_reviews")
def test_each_review_has_a_uniform_of_its_own(engine: Engine) -> None:
    """R23: "The v-th review of a message at a step has a uniform `u` of its own": 0.1 rejects, then 0.9 passes."""
    a = stream(*RESPOND_CHECK, message(0, respond=1, check=Checked(1, (0.1, 0.9, 0.1), rework=1)))
    tells(
        engine,
        World({"a": a}, desk_and_principals(agent())),
        """
        a0 respond        desk1       0 0 1 done
        a0 check          principals1 1 1 2 rejected
        a0 respond.rework desk1       2 2 3 done
        a0 check          principals1 3 3 4 passed
        """,
    )


# ---- R23: whose quality ---------------------------------------------------------------------------------------------


@timeline("quality_at_the_end", "quality_of_the_reviewer", "quality_is_forgotten")
def test_quality_is_that_of_the_window_at_the_start_of_the_work(engine: Engine) -> None:
    """R23: "that of the agent and window at the start". The work starts at 8 at quality 0.5 and ends at 12 in a window
    of quality 2: 0.4 / 0.5 = 0.8 is not below 0.5.
    """
    a = stream(*RESPOND_CHECK, message(8, respond=4, check=Checked(1, 0.4, rework=1)))
    writer = agent(Window(0, 10, quality=0.5), Window(10, 1000, quality=2.0))
    tells(
        engine,
        World({"a": a}, desk_and_principals(writer)),
        """
        a0 respond desk1        8  8 12 done
        a0 check   principals1 12 12 13 passed
        """,
    )


@timeline("quality_at_first", "quality_is_forgotten")
def test_quality_is_that_of_the_latest_visit(engine: Engine) -> None:
    """R23: "the latest visit to the step judged", rework too. desk1 (quality 2) writes and goes at 5; 0.4 / 0.5 = 0.8
    < 2 rejects at 7; desk2 (quality 0.5) reworks; 0.8 is not below 0.5.
    """
    a = stream(*RESPOND_CHECK, message(0, respond=2, check=Checked(1, 0.4, rework=1)))
    writers = agent(Window(0, 5, quality=2.0)), agent(Window(5, 1000, quality=0.5))
    tells(
        engine,
        World({"a": a}, desk_and_principals(*writers, principal=agent(Window(6, 1000)))),
        """
        a0 respond        desk1       0 0 2 done
        a0 check          principals1 2 6 7 rejected
        a0 respond.rework desk2       7 7 8 done
        a0 check          principals1 8 8 9 passed
        """,
    )


@timeline("quality_of_the_step_before")
def test_the_step_judged_is_the_one_it_returns_to(engine: Engine) -> None:
    """R23: the check returns to draft (quality 0.5), not to respond just before it (quality 2): 0.8 passes."""
    a = stream(
        Step("draft"),
        Step("respond"),
        Step("check", Review(0.5, "draft", max_rounds=1)),
        message(0, draft=1, respond=1, check=Checked(1, 0.4)),
    )
    teams = {**desk_and_principals(of_quality(2.0)), "writers": team("a.draft", of_quality(0.5))}
    tells(
        engine,
        World({"a": a}, teams),
        """
        a0 draft   writers1    0 0 1 done
        a0 respond desk1       1 1 2 done
        a0 check   principals1 2 2 3 passed
        """,
    )


@timeline("nobody_makes_few_errors")
def test_work_by_nobody_is_of_quality_one(engine: Engine) -> None:
    """R23: "it is 1 for work by nobody": 0.4 / 0.5 = 0.8 < 1 rejects."""
    a = stream(
        Step("respond", nobody=True),
        Step("check", Review(0.5, "respond", max_rounds=1)),
        message(0, respond=1, check=Checked(1, 0.4)),
    )
    tells(
        engine,
        World({"a": a}, desk_and_principals(of_quality(2.0))),
        """
        a0 respond -           0 0 1 done
        a0 check   principals1 1 1 2 rejected
        """,
    )


@timeline("quality_of_the_reviewer")
def test_a_step_that_was_not_needed_is_of_quality_one(engine: Engine) -> None:
    """R23: "for a step the message did not need": 0.8 < 1 rejects, though the reviewer's own quality is 0.5. The rework
    (quality 0.5) is judged then: 0.8 passes.
    """
    a = stream(*RESPOND_CHECK, message(0, check=Checked(1, 0.4, rework=3)))
    tells(
        engine,
        World({"a": a}, desk_and_principals(of_quality(0.5), principal=of_quality(0.5))),
        """
        a0 check          principals1 0 0 1 rejected
        a0 respond.rework desk1       1 1 4 done
        a0 check          principals1 4 4 5 passed
        """,
    )


@timeline("author_corrects_nothing", "quality_is_forgotten")
def test_an_authors_correction_is_of_quality_one(engine: Engine) -> None:
    """R23: "1 … after an author's correction". u / reject = 0.6 / 0.5 = 1.2: below the writer's 2, not below 1."""
    a = stream(
        Step("respond"),
        Step("check", Review(0.5, "author")),
        message(0, respond=1, check=Checked(1, 0.6, delay=3)),
    )
    tells(
        engine,
        World({"a": a}, desk_and_principals(of_quality(2.0))),
        """
        a0 respond desk1       0 0 1 done
        a0 check   principals1 1 1 2 rejected
        a0 check   principals1 5 5 6 passed      # back at 2 + 3
        """,
    )


@timeline("quality_of_the_step_before", "quality_is_forgotten")
def test_a_return_to_the_author_judges_the_last_step_that_is_no_review(engine: Engine) -> None:
    """R23: "the last step before it that is not a review": respond (quality 2), not the check between: 1.2 < 2."""
    a = stream(
        Step("respond"),
        Step("check", Review(0.0, "author")),
        Step("audit", Review(0.5, "author", max_rounds=1)),
        message(0, respond=1, check=Checked(1, 0.9, delay=1), audit=Checked(1, 0.6)),
    )
    teams = {**desk_and_principals(of_quality(2.0)), "auditors": team("a.audit", agent())}
    tells(
        engine,
        World({"a": a}, teams),
        """
        a0 respond desk1       0 0 1 done
        a0 check   principals1 1 1 2 passed
        a0 audit   auditors1   2 2 3 rejected
        """,
    )


@timeline("quality_of_the_reviewer")
def test_what_comes_from_outside_is_of_quality_one(engine: Engine) -> None:
    """R23: "if there is one": no step before the check, so quality 1: 0.4 / 0.5 = 0.8 < 1 rejects, 0.6 / 0.5 passes."""
    a = stream(Step("check", Review(0.5, "author")), message(0, check=Checked(2, (0.4, 0.6), delay=4)))
    tells(
        engine,
        World({"a": a}, {"principals": team("a.check", of_quality(0.5))}),
        """
        a0 check principals1 0 0 2 rejected
        a0 check principals1 6 6 8 passed
        """,
        "a0 handled 8 @8",
    )
