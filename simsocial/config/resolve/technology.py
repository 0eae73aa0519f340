"""Filters and automation of a config as shares over time (R106, R107)."""

from __future__ import annotations

from collections.abc import Mapping

from simsocial.config import technology as written
from simsocial.config.resolve.changes import apart, over_time
from simsocial.config.resolve.spot import Spot
from simsocial.config.resolve.world import Span
from simsocial.config.steps import Step
from simsocial.model.desk import Route
from simsocial.model.technology import Automation, Filter


def resolve_filter(filters: Mapping[str, written.Filter], *, span: Span, spot: Spot) -> Filter | None:
    """Return what filters drop over time, ``None`` without any; ``spot`` is their place."""
    if not filters:
        return None
    dated = apart(filters, spot)
    return Filter(over_time(dated, "noise", 0.0, span), over_time(dated, "lost", 0.0, span))


def resolve_automation(name: str, step: Step, *, route: Route, span: Span, spot: Spot) -> Automation | None:
    """Return what is done without people over time, ``None`` where nothing is.

    Parameters
    ----------
    name, step, route
        Of the step, as written, and the route that has it.
    span, spot
        Of the run; the automation's place.
    """
    if not step.automation:
        return None
    dated = apart(step.automation, spot)
    at = [one.name for one in route.steps].index(name)
    if not any(one.review is not None and one.review.judges == at for one in route.steps):
        for key, change in dated.items():
            if change.quality is not None:
                (spot / key / "quality").fault(f"no review judges {name}; leave it out")
    return Automation(
        share=over_time(dated, "share", 0.0, span),
        contained=over_time(dated, "contained", 1.0, span),
        quality=over_time(dated, "quality", 1.0, span),
        handed_over=over_time(dated, "handed_over", 1.0, span),
    )
