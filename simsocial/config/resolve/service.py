"""Whether every queue is served by somebody, by the preferred teams, and not by its own reviewers (R55)."""

from __future__ import annotations

from collections.abc import Sequence

from simsocial.config.document import Document
from simsocial.config.resolve.layout import Layout
from simsocial.config.resolve.spot import Spot
from simsocial.model.desk import OUTSIDE, Ranking, Route


def check_service(
    document: Document, rankings: Sequence[Ranking], routes: Sequence[Route], *, layout: Layout, spot: Spot
) -> None:
    """Note steps without a team, preferences for teams that do not serve, and teams that review their own work.

    Parameters
    ----------
    document
        As written.
    rankings, routes, layout
        As resolved.
    spot
        The place of the document.
    """
    serving = {team: _served_by(number, rankings) for number, team in enumerate(document.teams)}
    for route in routes:
        for step in route.steps:
            queues = {step.queue, step.rework_queue} - {-1}
            here = spot / "streams" / route.stream / "steps" / step.name
            name = layout.queues[step.queue].name
            if not step.nobody and not layout.excuses(name) and not any(step.queue in s for s in serving.values()):
                here.fault(f'no team serves {name}; name it in a team\'s serves, or write served_by = "nobody"')
            for position, team in enumerate(document.streams[route.stream].steps[step.name].prefer):
                if team in serving and not queues & serving[team]:
                    (here / "prefer" / position).fault(f"{team} does not serve {name}; name a team that does")
        for team, served in serving.items():
            if not document.teams[team].self_review:
                _check_own_work(route, served, layout, spot / "teams" / team)


def _served_by(team: int, rankings: Sequence[Ranking]) -> set[int]:
    return {queue for ranking in rankings if ranking.team == team for queue in ranking.queues}


def _check_own_work(route: Route, served: set[int], layout: Layout, spot: Spot) -> None:
    """Note the reviews that a team does of steps that it serves too."""
    for step in route.steps:
        if step.review is None or step.review.judges == OUTSIDE:
            continue
        judged = route.steps[step.review.judges]
        if {judged.queue, judged.rework_queue} & served and {step.queue, step.rework_queue} - {-1} & served:
            both = f"{layout.queues[judged.queue].name} and its review {layout.queues[step.queue].name}"
            spot.fault(f"serves {both}; take one of them out, or write self_review = true")
