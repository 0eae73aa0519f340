"""Tables of what a change changes: measures before and after, or load and capacity where nothing was run."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from simsocial.measure.behind.wording import closing_date
from simsocial.measure.recovery import PREFIX
from simsocial.measure.rows import Row
from simsocial.measure.stats import Estimate
from simsocial.model.scenario import Scenario
from simsocial.report.words import NOTHING, amount, duration, percent
from simsocial.simulation.comparison import Change
from simsocial.study.check import Check
from simsocial.units import DURATIONS

SHOWN = {
    "wait_p90": "wait p90",
    "backlog_mean": "backlog, mean",
    "late_share": "late days",
    "p_behind": "P(behind)",
    "first_onset": "first onset",
    "occupancy": "occupancy",
}
"""Measures that are told beside the shares to which promises were kept, in words; the JSON document has all."""
KEPT = "kept_share"


def change_table(before: Scenario, after: Scenario, changes: Iterable[Change], *, pairs: int) -> Table:
    """Return a row per measure: both values, and the difference with its interval.

    Parameters
    ----------
    before, after
        What was run.
    changes
        Of which those that matter most are shown.
    pairs
        Replications that were compared; where a difference rests on fewer, that is said.
    """
    table = _table("Measure", "A", "B", "Difference")
    for each in _together(each for each in changes if _matters(each.row)):
        values = told_value(before, each.row, each.before), told_value(after, each.row, each.after)
        table.add_row(_name(each.row), *values, told_difference(each.row, each.difference, pairs))
    return table


def forecast_table(before: Check, after: Check) -> Table:
    """Return load and capacity of both, in rows."""
    table = _table("Forecast", "A", "B")
    one, other = dict(_forecasts(before)), dict(_forecasts(after))
    for name in dict.fromkeys((*one, *other)):
        table.add_row(name, one.get(name, NOTHING), other.get(name, NOTHING))
    return table


def _table(*head: str) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    for place, heading in enumerate(head):
        table.add_column(heading, justify="right" if place else "left", overflow="fold")
    return table


# ---- measures --------------------------------------------------------------------------------------------------------


def _matters(row: Row) -> bool:
    """Say whether a row is told: of teams only the occupancy, as their stages tell the rest."""
    told = row.measure in SHOWN or row.measure.endswith(KEPT) or row.measure.startswith(PREFIX)
    return row.measure == "occupancy" or bool(row.stream and told)


def _together(changes: Iterable[Change]) -> list[Change]:
    """Return the changes with all that is about one stream, stage or team in a row."""
    by_subject: dict[tuple[str, str, str], list[Change]] = {}
    for each in changes:
        by_subject.setdefault((each.row.stream, each.row.step, each.row.team), []).append(each)
    return list(itertools.chain.from_iterable(by_subject.values()))


def _name(row: Row) -> Text:
    about = ".".join(part for part in (row.stream, row.step, row.team) if part)
    if row.measure.startswith(PREFIX):
        return Text(f"{about} back after {row.measure.removeprefix(PREFIX)}")
    promise = row.measure.removesuffix(KEPT).rstrip("_")
    return Text(f"{about} {SHOWN.get(row.measure) or f'{promise} kept'.lstrip()}")


def told_value(scenario: Scenario, row: Row, value: float) -> Text:
    """Write the value of a measure, onsets by their date."""
    if row.measure == "first_onset":
        return Text(closing_date(scenario, value).isoformat() if math.isfinite(value) else "not within\nthe horizon")
    if row.unit == "min" or row.measure.startswith(PREFIX):
        return Text(duration(value * DURATIONS[row.unit]))
    return Text(amount(value) if row.unit else percent(value))


def told_difference(row: Row, made: Estimate, pairs: int) -> Text:
    """Write a difference with its interval below it, in the unit of the value."""
    if math.isnan(made.value):
        return Text(NOTHING)
    words = _written_in(row)
    unit = "" if row.unit else " points"
    rests_on = f"\nin {made.n} of {pairs} pairs" if made.n < pairs else ""
    style = "bold" if made.low > 0 or made.high < 0 else ""
    return Text(f"{words(made.value)}{unit}{_limits(made, words)}{rests_on}", style=style)


def _limits(made: Estimate, words: Callable[[float], str]) -> str:
    """Write an interval on a line of its own; one that is open on a side by its other end."""
    if not made.low < made.high:
        return ""
    if math.isfinite(made.low) and made.high == math.inf:
        return f"\nat least {words(made.low)}"
    if math.isfinite(made.high) and made.low == -math.inf:
        return f"\nat most {words(made.high)}"
    return f"\n{words(made.low)} to {words(made.high)}"


def _written_in(row: Row) -> Callable[[float], str]:
    return lambda value: _signed(value, apart(row, value))


def apart(row: Row, value: float) -> str:
    """Write how far two values of a measure are apart, without a sign; shares in points."""
    if told_as_length(row):
        return duration(abs(value) * DURATIONS[row.unit])
    return amount(abs(value)) if row.unit else f"{100 * abs(value):.3g}"


def told_as_length(row: Row) -> bool:
    """Return whether a measure is a length of time: hours are also amounts of work, or of paid time."""
    return row.unit in DURATIONS and (row.unit != "h" or row.measure.startswith(PREFIX))


def _signed(value: float, words: str) -> str:
    words = "∞" if math.isinf(value) else words
    return f"{'−' if value < 0 else '+' if value > 0 else ''}{words}"


# ---- forecasts -------------------------------------------------------------------------------------------------------


def _forecasts(check: Check) -> Iterator[tuple[str, str]]:
    for stream in check.streams:
        yield f"{stream.stream} messages a week", amount(stream.messages_per_week)
    for stage in check.stages:
        since = stage.first_overloaded
        yield f"{stage.stage} work, h a week", amount(stage.hours_per_week)
        yield f"{stage.stage} capacity, h a week", amount(stage.capacity_hours)
        yield f"{stage.stage} overloaded from", "never" if since is None else since.date().isoformat()
    for team in check.teams:
        yield f"{team.team} on duty, h a week", amount(team.on_duty_hours)
