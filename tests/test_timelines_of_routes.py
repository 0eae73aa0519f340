"""Timelines worked out by hand from the rules about messages on their way (R17, R22, R24)."""

from __future__ import annotations

from timelines import timeline
from told import Engine, tells
from worked import Checked, Review, Step, World, agent, message, stream, team

ONE = {"desk": team("a.respond", agent())}
TWO_STEPS = (Step("respond"), Step("file"))
AUDITED = (Step("respond"), Step("audit", Review(reject=0.5, returns_to="respond", after=True)))

# ---- R17: noise and triage ------------------------------------------------------------------------------------------


@timeline("untriaged_noise_joins")
def test_noise_without_triage_never_joins(engine: Engine) -> None:
    """R17: "Without triage noise never joins a queue." It is over on arrival, at 0, and leaves the agent to a1."""
    world = World({"a": stream(Step("respond"), message(0, noise=True, respond=5), message(1, respond=3))}, ONE)
    tells(engine, world, "a1 respond desk1 1 1 4 done", "a0 noise 0 \n a1 handled 4 @4")


@timeline("noise_takes_all_work")
def test_triage_finds_noise_and_goes_on_with_the_rest(engine: Engine) -> None:
    """R17: each message "first occupies the agent … for the triage time; noise then leaves, an actionable one continues
    in the same visit". a0: 2 of triage. a1: 2 of triage and 3 of work from 2 on.
    """
    a = stream(
        Step("respond"),
        message(0, noise=True, triage=2, respond=9),
        message(1, triage=2, respond=3),
        triage=True,
    )
    tells(
        engine,
        World({"a": a}, ONE),
        """
        a0 respond desk1 0 0 2 noise
        a1 respond desk1 1 2 7 done     # 2 + (2 + 3)
        """,
        """
        a0 noise   2
        a1 handled 7 @7
        """,
    )


@timeline("triage_at_every_visit")
def test_triage_belongs_to_the_first_visit(engine: Engine) -> None:
    """R40: "The first visit's work includes triage", so 2 + 3 ticks, and only 4 at the second step."""
    a = stream(*TWO_STEPS, message(0, triage=2, respond=3, file=4), triage=True)
    tells(
        engine,
        World({"a": a}, {"desk": team("a.respond, a.file", agent())}),
        """
        a0 respond desk1 0 0 5 done
        a0 file    desk1 5 5 9 done
        """,
    )


@timeline("triage_at_every_visit")
def test_triage_is_at_the_first_step_that_the_message_needs(engine: Engine) -> None:
    """R17, R22: a0 needs only the second step, and is triaged there; a1 needs both."""
    a = stream(*TWO_STEPS, message(0, triage=2, file=4), message(10, triage=2, respond=1, file=1), triage=True)
    tells(
        engine,
        World({"a": a}, {"desk": team("a.respond, a.file", agent())}),
        """
        a0 file     desk1  0  0  6 done     # 2 + 4
        a1 respond  desk1 10 10 13 done     # 2 + 1
        a1 file     desk1 13 13 14 done
        """,
    )


@timeline("noise_counts_as_lost")
def test_noise_that_loses_patience_is_noise(engine: Engine) -> None:
    """R17: "Noise that leaves, triaged or not, is `noise`": patience ends at 1 + 4, the agent is free at 10."""
    a = stream(
        Step("respond"),
        message(0, triage=1, respond=9),
        message(1, noise=True, triage=1, patience=4, respond=1),
        triage=True,
    )
    tells(
        engine,
        World({"a": a}, ONE),
        """
        a0 respond desk1 0 0 10 done
        a1 respond -     1 -  5 abandoned
        """,
        "a0 handled 10 @10 \n a1 noise 5",
    )


# ---- R22: needs -----------------------------------------------------------------------------------------------------


@timeline("every_step_is_needed")
def test_a_message_goes_only_where_it_needs_to(engine: Engine) -> None:
    """R22: "A message needs a step with the step's `share`": a0 leaves the middle one out, a1 needs none."""
    a = stream(Step("one"), Step("two"), Step("three"), message(0, one=2, three=3), message(4))
    tells(
        engine,
        World({"a": a}, {"desk": team("a.one, a.two, a.three", agent())}),
        """
        a0 one   desk1 0 0 2 done
        a0 three desk1 2 2 5 done
        """,
        "a0 handled 5 @5 \n a1 handled 4 @4",
    )


REWORKED = stream(
    Step("respond"),
    Step("check", Review(reject=0.5, returns_to="respond")),
    message(0, respond=2, check=Checked(1, (0.1, 0.9), rework=1)),
    message(0, respond=2, check=Checked(1, 0.9, rework=1)),
)


@timeline("rank_is_forgotten")
def test_rework_is_ranked_directly_before_its_step(engine: Engine) -> None:
    """R22: the rework queue is "ranked directly before it": at 3 a0's rework (joined 3) goes before a1 (joined 0)."""
    world = World({"a": REWORKED}, {"desk": team("a.check, a.respond", agent())})
    tells(
        engine,
        world,
        """
        a0 respond        desk1 0 0 2 done
        a0 check          desk1 2 2 3 rejected    # 0.1 / 0.5 = 0.2 < 1
        a0 respond.rework desk1 3 3 4 done
        a0 check          desk1 4 4 5 passed      # 0.9 / 0.5 = 1.8
        a1 respond        desk1 0 5 7 done
        a1 check          desk1 7 7 8 passed
        """,
    )


@timeline("rank_is_forgotten")
def test_rework_may_be_listed_elsewhere(engine: Engine) -> None:
    """R22: "unless it is listed elsewhere", here last: a1 goes through before a0's rework."""
    world = World({"a": REWORKED}, {"desk": team("a.check, a.respond, a.respond.rework", agent())})
    tells(
        engine,
        world,
        """
        a0 respond        desk1 0 0 2 done
        a0 check          desk1 2 2 3 rejected
        a0 respond.rework desk1 3 6 7 done
        a0 check          desk1 7 7 8 passed
        a1 respond        desk1 0 3 5 done
        a1 check          desk1 5 5 6 passed
        """,
    )


# ---- R24: publication -----------------------------------------------------------------------------------------------


@timeline("publication_at_the_end", "publication_before_review")
def test_publication_waits_for_reviews_before_it_only(engine: Engine) -> None:
    """R24: "at the end of the last step, in route order, that is not a review `after publication`": the check, at 5."""
    a = stream(
        Step("respond"),
        Step("check", Review(reject=0.5, returns_to="respond")),
        Step("audit", Review(reject=0.5, returns_to="respond", after=True)),
        message(0, respond=3, check=Checked(2, 0.9), audit=Checked(4, 0.9)),
    )
    tells(
        engine,
        World({"a": a}, {"desk": team("a.respond, a.check, a.audit", agent())}),
        """
        a0 respond desk1 0 0 3 done
        a0 check   desk1 3 3 5 passed
        a0 audit   desk1 5 5 9 passed
        """,
        "a0 handled 9 @5",
    )


@timeline("publication_at_the_end", "every_step_is_needed")
def test_publication_counts_needed_steps(engine: Engine) -> None:
    """R24: "of those the message needs; at its arrival if it needs none". a0 needs respond and audit: at 3. a1 needs
    only the audit: at its arrival, 10.
    """
    a = stream(*AUDITED, message(0, respond=3, audit=Checked(4, 0.9)), message(10, audit=Checked(4, 0.9)))
    tells(
        engine,
        World({"a": a}, {"desk": team("a.respond, a.audit", agent())}),
        """
        a0 respond desk1  0  0  3 done
        a0 audit   desk1  3  3  7 passed
        a1 audit   desk1 10 10 14 passed
        """,
        "a0 handled 7 @3 \n a1 handled 14 @10",
    )


@timeline("publication_moves", "publication_at_the_end")
def test_corrections_do_not_move_publication(engine: Engine) -> None:
    """R24: "Corrections after it do not move it": published at 3, rejected at 4, corrected at 6."""
    a = stream(*AUDITED, message(0, respond=3, audit=Checked(1, (0.1, 0.9), rework=2)))
    tells(
        engine,
        World({"a": a}, {"desk": team("a.respond, a.audit", agent())}),
        """
        a0 respond        desk1 0 0 3 done
        a0 audit          desk1 3 3 4 rejected
        a0 respond.rework desk1 4 4 6 done
        a0 audit          desk1 6 6 7 passed
        """,
        "a0 handled 7 @3",
    )


@timeline("noise_is_published")
def test_noise_is_never_published(engine: Engine) -> None:
    """R17, R24: what is noise is never answered: a0, sampled for audit alone, is triaged there and leaves."""
    a = stream(
        *AUDITED,
        message(0, noise=True, triage=2, audit=Checked(9, 0.9)),
        message(0, triage=2, audit=Checked(1, 0.9)),
        triage=True,
    )
    tells(
        engine,
        World({"a": a}, {"desk": team("a.respond, a.audit", agent())}),
        """
        a0 audit desk1 0 0 2 noise
        a1 audit desk1 0 2 5 passed     # 2 + 1
        """,
        "a0 noise 2 \n a1 handled 5 @0",
    )
