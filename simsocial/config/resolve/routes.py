"""Routes: what happens at each step, where reviews return, and when a message is published (R22-R29)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from simsocial.config.resolve.changes import apart, over_time
from simsocial.config.resolve.layout import REWORK, Layout
from simsocial.config.resolve.spot import Spot
from simsocial.config.resolve.world import Span
from simsocial.config.steps import Step
from simsocial.config.streams import Stream
from simsocial.model.desk import AUTHOR, OUTSIDE, ReviewRule, Route, RouteStep, When
from simsocial.units import NEVER

BEFORE_ALL = -1
"""``published_after`` of a route in which all is reviewed after publication: a message is published as it arrives."""


def resolve_route(name: str, stream: Stream, *, layout: Layout, teams: Sequence[str], span: Span, spot: Spot) -> Route:
    """Resolve the route of one stream; ``spot`` is the stream's place."""
    names = layout.routes[name]
    steps = {step: stream.steps[step] for step in names}
    _check_publication(steps, spot / "steps")
    return Route(
        stream=name,
        steps=tuple(
            _step(name, step, steps, layout=layout, teams=teams, span=span, spot=spot / "steps" / step)
            for step in names
        ),
        published_after=published_after(steps),
        triage=stream.actionable.triage is not None,
    )


def published_after(steps: Mapping[str, Step]) -> int:
    """Return the index of the last step that is not a review after publication (R24)."""
    publishing = [index for index, step in enumerate(steps.values()) if step.when != When.AFTER.value]
    return max(publishing, default=BEFORE_ALL)


def _check_publication(steps: Mapping[str, Step], spot: Spot) -> None:
    """Note steps before publication that come after a review after it: they would move it (R24)."""
    published = ""
    for name, step in steps.items():
        if step.when == When.AFTER.value:
            published = published or name
        elif published:
            (spot / name).fault(
                f"comes after {published}, a review after publication; write it before that in the route"
            )


def _step(
    stream: str,
    name: str,
    steps: Mapping[str, Step],
    *,
    layout: Layout,
    teams: Sequence[str],
    span: Span,
    spot: Spot,
) -> RouteStep:
    step = steps[name]
    queue, rework = layout.index(f"{stream}.{name}"), layout.index(f"{stream}.{name}{REWORK}")
    assert queue is not None
    return RouteStep(
        name=name,
        queue=queue,
        rework_queue=-1 if rework is None else rework,
        review=_review(name, steps, spot) if step.when else None,
        expires_after=step.expires_after or NEVER,
        nobody=step.served_by is not None,
        suspend=step.suspend,
        prefer=_preference(step.prefer, teams, spot / "prefer"),
        work_factor=over_time(step.factors, "work", 1.0, span),
        reject_factor=over_time(apart(step.factors, spot / "factors"), "reject", 1.0, span),
    )


def _review(name: str, steps: Mapping[str, Step], spot: Spot) -> ReviewRule:
    """Return the rule of a review; where it returns to a place at fault it goes to the author instead."""
    review, order = steps[name], list(steps)
    here, back = order.index(name), review.returns_to
    assert review.reject is not None
    assert review.max_rounds is not None
    returns_to = AUTHOR
    if back is not None and back in order[:here]:
        returns_to = order.index(back)
    elif back in steps:
        (spot / "returns_to").fault(
            f"{back} does not come before {name}; write an earlier step of the route, or author"
        )
    elif back is not None and back != "author":
        (spot / "returns_to").unknown("step", back, [*order[:here], "author"])
    ordinary = [index for index, step in enumerate(order[:here]) if not steps[step].when]
    judges = returns_to if returns_to != AUTHOR else max(ordinary, default=OUTSIDE)
    return ReviewRule(When(review.when), review.reject, returns_to, judges, review.max_rounds)


def _preference(prefer: Sequence[str], teams: Sequence[str], spot: Spot) -> tuple[int, ...]:
    """Return all teams, the preferred ones first, then in the config's order (R37)."""
    for position, team in enumerate(prefer):
        if team not in teams:
            (spot / position).unknown("team", team, list(teams))
        elif team in prefer[:position]:
            (spot / position).fault(f"names {team} a second time; write each team once")
    first = dict.fromkeys(team for team in prefer if team in teams)
    return tuple(teams.index(team) for team in dict.fromkeys([*first, *teams]))
