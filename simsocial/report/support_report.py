"""The support ratio in plain words: employees per person at the start, at the end, and as were carried (R103)."""

from __future__ import annotations

import math
from collections.abc import Iterator

from simsocial.measure.behind.onset import TeamOutlook
from simsocial.measure.behind.wording import closing_date, teams_in_words
from simsocial.measure.stats import Estimate
from simsocial.measure.support import Support
from simsocial.model.scenario import Scenario
from simsocial.report.sentence import Sentence
from simsocial.report.words import amount
from simsocial.simulation.results import Results


def support_report(results: Results) -> Iterator[Sentence]:
    """Yield a sentence for each team, or teams named together, and for the trainers; nothing without adoption."""
    for each, outlook in zip(results.support, results.team_outlooks, strict=False):
        yield Sentence(f"{_ratios(each, teams_in_words(each.team.split(' + ')))}; {_carried(results, each, outlook)}")
    for each in results.support[len(results.team_outlooks) :]:
        yield Sentence(f"{_ratios(each, f'trainers of {each.adoption}')}")


def _ratios(each: Support, who: str) -> str:
    (start, horizon), (first, last) = each.ratios, each.enabled
    return (
        f"support ratio of {who}: {amount(start)} enabled employees per person at the start ({first:,} to "
        f"{amount(each.people[0])}), {amount(horizon)} at the end ({last:,} to {amount(each.people[1])})"
    )


def _carried(results: Results, each: Support, outlook: TeamOutlook) -> str:
    assert each.carried is not None, "teams carry employees"
    if math.isinf(each.carried.value):
        return "it falls behind in fewer than half of the replications, so it carries that"
    carries = f"it carries {amount(each.carried.value)} {_interval(each.carried)} per person in median"
    return f"{carries} before it first falls behind, which is in {_week(results.scenario, outlook)}"


def _week(scenario: Scenario, outlook: TeamOutlook) -> str:
    """Write the ISO week of the median first onset, such as ``week 2026-W23``."""
    return "week {}-W{:02}".format(*closing_date(scenario, outlook.first_onset.value).isocalendar()[:2])


def _interval(carried: Estimate) -> str:
    level = f"{100 * carried.confidence:.4g} %"
    if math.isnan(carried.low):
        return f"({level}: unknown, too few replications)"
    return f"({level}: {amount(carried.low)} to {amount(carried.high) if math.isfinite(carried.high) else 'more'})"
