"""What is known of an experiment before it is run: its points, all judged, and about what they will cost (R116)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from simsocial.config.experiments.experiment import Experiment
from simsocial.config.variants import Variants
from simsocial.draw.roster import RosterPlan
from simsocial.measure.fluid import forecast
from simsocial.model.scenario import Scenario
from simsocial.simulation.numbers import refuse_senseless
from simsocial.study.check.estimate import Estimate, estimate
from simsocial.study.judging import judge_together

SAMPLE: Final = 9
"""Points whose cost is estimated, spread evenly over the design."""


@dataclass(frozen=True)
class Cost:
    """About what all points take; an upper estimate, as that of a single run.

    Parameters
    ----------
    messages
        Of one replication: least, mean and most, of those points that were looked at.
    replications
        Of all points together, at most.
    seconds
        Of all points on one core, at most.
    memory
        Bytes, at the peak of one replication of the largest.
    """

    messages: tuple[float, float, float]
    replications: int
    seconds: float
    memory: float


@dataclass(frozen=True, eq=False)
class Listing:
    """The points of an experiment, judged, and their cost."""

    experiment: Experiment
    cost: Cost

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield a row for each point: its number, its key, and the value of each factor."""
        for point in self.experiment.points:
            yield {"number": point.number, "point": point.key, **point.values}


def list_points(experiment: Experiment, *, workers: int = 1) -> Listing:
    """Judge all points of an experiment and estimate what they take; run nothing.

    Parameters
    ----------
    experiment
        As loaded.
    workers
        Processes that judge them, where one alone would take long.

    Raises
    ------
    InputError
        With the faults of all points.
    """
    refuse_senseless(("workers", workers, 1))
    judge_together(experiment, workers=workers)
    return Listing(experiment, cost_of(experiment))


def cost_of(experiment: Experiment) -> Cost:
    """Return about what the points of an experiment take, by looking at some of them."""
    points, variants = experiment.points, Variants(experiment.base)
    chosen = sorted({round(place * (len(points) - 1) / (SAMPLE - 1)) for place in range(SAMPLE)})
    found = [_estimate(variants.scenario(points[number].changes)) for number in chosen]
    messages = [each.messages for each in found]
    replications = len(points) * experiment.replications
    return Cost(
        messages=(min(messages), sum(messages) / len(found), max(messages)),
        replications=replications,
        seconds=replications * sum(each.seconds for each in found) / len(found),
        memory=max(each.memory for each in found),
    )


def _estimate(scenario: Scenario) -> Estimate:
    return estimate(forecast(scenario, RosterPlan.of(scenario).planned), scenario)
