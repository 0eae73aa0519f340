"""What training takes and brings, and when it has paid back, in plain words (R110, R111)."""

from __future__ import annotations

import math
from collections.abc import Iterator

from simsocial.measure.behind.wording import TOO_FEW, replications_in_words
from simsocial.measure.break_even import week_of
from simsocial.measure.stats import Estimate
from simsocial.model.scenario import Scenario
from simsocial.report.sentence import Sentence
from simsocial.report.words import work
from simsocial.simulation.results import Results


def training_report(results: Results) -> Iterator[Sentence]:
    """Yield a sentence for each team that trains, unless training takes nothing in any replication."""
    for team in results.scenario.desk.teams:
        even = results.by_name.get(("", "", team, "break_even"))
        if even is not None and even.n:
            lost, gained, share = (
                results.by_name["", "", team, name] for name in ("capacity_lost", "capacity_gained", "p_break_even")
            )
            yield Sentence(
                f"training in team {team} takes {work(lost.value)} of capacity and brings {work(gained.value)}; "
                f"{_even(results.scenario, even)} in {replications_in_words(share)}"
            )


def _even(scenario: Scenario, even: Estimate) -> str:
    """Say from which week on it has paid back in median, and within which limits; a week beyond the run is unknown."""
    level = f"{100 * even.confidence:.4g} %"
    if math.isinf(even.value):
        earliest = f" ({level}: {week_of(scenario, even.low)} or later)" if math.isfinite(even.low) else ""
        return f"in median it does not pay back within the run{earliest}; it does"
    if math.isnan(even.low):
        between = TOO_FEW
    else:
        later = f"to {week_of(scenario, even.high)}" if math.isfinite(even.high) else "or later"
        between = f"{week_of(scenario, even.low)} {later}"
    return f"it has paid back from week {week_of(scenario, even.value)} on in median ({level}: {between}),"
