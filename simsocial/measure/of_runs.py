"""What a run measures: the rows of its tables, known before it is run."""

from __future__ import annotations

from simsocial.measure import measures, recovery
from simsocial.measure.behind import onset
from simsocial.measure.behind.stages import stages
from simsocial.measure.rows import Row
from simsocial.model.scenario import Scenario


def rows_of_run(scenario: Scenario) -> tuple[Row, ...]:
    """Return the rows of a run of ``scenario``, in the order of its tables."""
    return (*measures.rows(scenario), *recovery.rows(scenario), *onset.rows(stages(scenario)))
