"""Timelines worked out by hand from the rule about rejections: rounds, rework, authors (R25)."""

from __future__ import annotations

from timelines import timeline
from told import Engine, tells
from worked import Checked, Review, Step, World, agent, message, stream, team

RESPOND_CHECK = (Step("respond"), Step("check", Review(reject=0.5, returns_to="respond", max_rounds=3)))
PEOPLE = {
    "desk": team("a.respond", agent()),
    "principals": team("a.check", agent()),
}
WITH_LAWYERS = {**PEOPLE, "lawyers": team("a.legal", agent())}
WITH_AUDITORS = {**PEOPLE, "auditors": team("a.audit", agent())}


@timeline("one_round_more")
def test_a_rejection_in_the_last_round_withdraws(engine: Engine) -> None:
    """R25: "Rejection at visit v ≥ `max_rounds` withdraws": at the third, at 7. It is never published (R24)."""
    a = stream(*RESPOND_CHECK, message(0, respond=1, check=Checked(1, 0.1, rework=(2, 1, 9))))
    tells(
        engine,
        World({"a": a}, PEOPLE),
        """
        a0 respond        desk1       0 0 1 done
        a0 check          principals1 1 1 2 rejected
        a0 respond.rework desk1       2 2 4 done        # rework of the first rejection: 2
        a0 check          principals1 4 4 5 rejected
        a0 respond.rework desk1       5 5 6 done        # of the second: 1
        a0 check          principals1 6 6 7 rejected
        """,
        "a0 withdrawn 7",
    )


@timeline("rework_of_a_review_is_no_round")
def test_every_visit_to_a_review_is_a_round(engine: Engine) -> None:
    """R25: the audit returns to the check, whose second visit (a rework of 2) rejects too: `max_rounds` of it is 2."""
    a = stream(
        Step("respond"),
        Step("check", Review(0.5, "respond", max_rounds=2)),
        Step("audit", Review(0.5, "check")),
        message(0, respond=1, check=Checked(1, (0.9, 0.1, 0.9), rework=1), audit=Checked(1, (0.1, 0.9), rework=2)),
    )
    tells(
        engine,
        World({"a": a}, WITH_AUDITORS),
        """
        a0 respond      desk1       0 0 1 done
        a0 check        principals1 1 1 2 passed
        a0 audit        auditors1   2 2 3 rejected
        a0 check.rework principals1 3 3 5 rejected
        """,
        "a0 withdrawn 5",
    )


@timeline("author_takes_no_time", "author_ends_the_review")
def test_an_author_sends_it_back_to_the_review_itself(engine: Engine) -> None:
    """R25: "to the author, and comes back after his delay to the review itself": delays of 5, then 2; new work of 3."""
    a = stream(
        Step("respond"),
        Step("check", Review(0.5, "author")),
        message(0, respond=1, check=Checked((1, 3, 1), (0.1, 0.1, 0.9), delay=(5, 2, 1))),
    )
    tells(
        engine,
        World({"a": a}, PEOPLE),
        """
        a0 respond desk1        0  0  1 done
        a0 check   principals1  1  1  2 rejected
        a0 check   principals1  7  7 10 rejected    # 2 + 5
        a0 check   principals1 12 12 13 passed      # 10 + 2
        """,
        "a0 handled 13 @13",
    )


@timeline("rework_returns_to_its_review", "work_is_drawn_once")
def test_rework_goes_on_along_the_route(engine: Engine) -> None:
    """R25: "After rework it goes on along its route; steps it needs again are visited again in their own queues, with
    work of their own": legal takes 2, then 4; the check 1, then 3.
    """
    a = stream(
        Step("respond"),
        Step("legal"),
        Step("check", Review(0.5, "respond")),
        message(0, respond=1, legal=(2, 4, 1), check=Checked((1, 3, 1), (0.1, 0.9, 0.9), rework=2)),
    )
    tells(
        engine,
        World({"a": a}, WITH_LAWYERS),
        """
        a0 respond        desk1        0  0  1 done
        a0 legal          lawyers1     1  1  3 done
        a0 check          principals1  3  3  4 rejected
        a0 respond.rework desk1        4  4  6 done
        a0 legal          lawyers1     6  6 10 done
        a0 check          principals1 10 10 13 passed
        """,
    )


@timeline("every_step_is_needed")
def test_rework_goes_on_only_to_what_it_needs(engine: Engine) -> None:
    """R22, R25: needs are "decided once": a0 never needs legal."""
    a = stream(
        Step("respond"),
        Step("legal"),
        Step("check", Review(0.5, "respond")),
        message(0, respond=1, legal=3, check=Checked(1, (0.1, 0.9), rework=2), skips=("legal",)),
    )
    tells(
        engine,
        World({"a": a}, WITH_LAWYERS),
        """
        a0 respond        desk1       0 0 1 done
        a0 check          principals1 1 1 2 rejected
        a0 respond.rework desk1       2 2 4 done
        a0 check          principals1 4 4 5 passed
        """,
    )
