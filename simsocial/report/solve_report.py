"""The answer of a solved config in 80 columns: the value first, then every value that was tried."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from simsocial.report.documents import Document
from simsocial.report.sentence import Name, Sentence
from simsocial.report.words import counted, day
from simsocial.study.solve.conditions import Condition, Standing
from simsocial.study.solve.solution import Disorder, Solution, Tried

HOLDS = {
    (True, Standing.HOLDS): "surely",
    (True, Standing.OPEN): "yes",
    (False, Standing.OPEN): "no",
    (False, Standing.FAILS): "surely not",
}


def solve_report(solution: Solution) -> RenderableType:
    """Return what the command line prints of a solution."""
    sentences = (Sentence(*parts) for parts in _sentences(solution))
    return Group(*sentences, "", _effort(solution), _table(solution))


def solve_lines(solution: Solution) -> list[str]:
    """Return the answer in sentences, a line each."""
    return [Sentence(*parts).text.plain for parts in _sentences(solution)]


def solve_document(solution: Solution) -> Document:
    """Return the answer, its interval, and every value tried."""
    effort = solution.effort
    return {
        "command": "solve",
        "scenario": solution.scenario.name,
        "path": solution.vary.path,
        "sought": "smallest" if solution.smallest else "largest",
        "sure": solution.sure,
        "value": solution.value,
        "low": None if solution.low is None else solution.low.value,
        "high": None if solution.high is None else solution.high.value,
        "confidence": effort.confidence,
        "sentence": " ".join(solve_lines(solution)[:1]),
        "seed": solution.seed,
        "replications": effort.start,
        "most_replications": effort.most,
        "conditions": [_condition(each) for each in solution.conditions],
        "tried": [_tried(solution, each) for each in solution.tried],
        "not_monotone": [{"better": each.better.value, "worse": each.worse.value} for each in solution.disorders],
    }


def _condition(condition: Condition) -> Document:
    return {
        "measure": condition.row.name,
        "unit": condition.row.unit,
        "sign": "<=" if condition.at_most else ">=",
        "limit": condition.limit,
    }


def _tried(solution: Solution, tried: Tried) -> Document:
    measures = zip(solution.conditions, tried.estimates, strict=True)
    return {
        "value": tried.value,
        "replications": tried.replications,
        "holds": tried.holds,
        "standing": tried.standing.name.lower(),
        "measures": {condition.row.name: estimate for condition, estimate in measures},
    }


# ---- the answer in words ---------------------------------------------------------------------------------------------


def _sentences(solution: Solution) -> Iterator[tuple[str | tuple[str, str], ...]]:
    kept = " and ".join(f"{each.row.name} stays {_limit(each)}" for each in solution.conditions)
    neighbour = f"; at {_spelled(solution.failing)} {_unmet(solution, solution.failing)}"
    yield from ((*_value(solution), f" ({_interval(solution)}) {_purpose(solution)} {kept}{neighbour}"),)
    yield (f"at {_spelled(solution.answer)} {_measures(solution, solution.answer)}; {_how_sure(solution)}",)
    for each in solution.disorders[:1]:
        yield ((f"not monotone: {_disorder(solution, each)}", "bold yellow"),)


def _value(solution: Solution) -> tuple[str | tuple[str, str], ...]:
    """Name the value, such as ``2 people are needed on desk``."""
    answer, path = _spelled(solution.answer), solution.vary.path
    team = re.fullmatch(r"teams\.(.+)\.headcount", path)
    if team and solution.smallest:
        people = "person is" if answer == "1" else "people are"
        return (f"{answer} {people}", "bold green"), f" needed on {team[1]}"
    return f"the {_sought(solution)} {path} is ", (answer, "bold green")


def _sought(solution: Solution) -> str:
    if solution.vary.dates:
        return "earliest" if solution.smallest else "latest"
    return "smallest" if solution.smallest else "largest"


def _purpose(solution: Solution) -> str:
    return "so that" if solution.vary.path.endswith(".headcount") and solution.smallest else "at which"


def _limit(condition: Condition) -> str:
    return f"at or {'below' if condition.at_most else 'above'} {condition.written}"


def _interval(solution: Solution) -> str:
    """Write the interval of the answer; what lies beyond the range is not known."""
    sure, low, high = f"{100 * solution.effort.confidence:.4g} %", solution.low, solution.high
    less, more = ("earlier", "later") if solution.vary.dates else ("less", "more")
    if low is None or high is None:
        end = high if low is None else low
        between = "unknown" if end is None else f"{end.written} or {less if low is None else more}"
    else:
        between = f"{low.written} alone" if low == high else f"{low.written} to {high.written}"
    return f"{sure}: {between}"


def _how_sure(solution: Solution) -> str:
    """Say which bound counts, and what the other would make of it."""
    furthest = solution.high if solution.smallest else solution.low
    if solution.sure:
        return "it holds there by the whole interval, as --sure asks"
    if furthest is None:
        return "it holds there by the estimate, and at no value tried by the whole interval"
    if furthest == solution.answer:
        return "it holds there by the whole interval, not just by the estimate"
    where = f"from {furthest.written} on" if solution.smallest else f"up to {furthest.written}"
    return f"it holds there by the estimate, by the whole interval {where} (--sure)"


def _measures(solution: Solution, tried: Tried) -> str:
    """Tell every measure with its interval."""
    told = list(zip(solution.conditions, tried.estimates, strict=True))
    if len(told) == 1:
        return f"it is {told[0][0].with_interval(told[0][1])}"
    return "; ".join(f"{condition.row.name} is {condition.with_interval(each)}" for condition, each in told)


def _unmet(solution: Solution, tried: Tried) -> str:
    """Tell the measures that break their limits, in brief; all of them where none does."""
    told = list(zip(solution.conditions, tried.estimates, strict=True))
    unmet = [(condition, each) for condition, each in told if not condition.met_by(each.value)] or told
    if len(told) == 1:
        return f"it is {told[0][0].spelled(told[0][1].value)}"
    return ", ".join(f"{condition.row.name} is {condition.spelled(each.value)}" for condition, each in unmet)


def _disorder(solution: Solution, disorder: Disorder) -> str:
    better, worse = disorder.better, disorder.worse
    told = f"{_unmet(solution, better)} at {better.written}, {_unmet(solution, worse)}"
    way = "on" if solution.smallest else "down"
    return (
        f"{told} at {worse.written}, which is no luck; of {len(solution.tried)} values tried, "
        f"all from {solution.answer.written} {way} hold"
    )


def _spelled(tried: Tried) -> str:
    return day(tried.value) if isinstance(tried.value, dt.date) else tried.written


# ---- what was tried --------------------------------------------------------------------------------------------------


def _effort(solution: Solution) -> Text:
    effort = solution.effort
    more = f", {effort.most:,} near the answer" if effort.most > effort.start else ""
    return Text(
        f"{solution.scenario.name}\n{counted(len(solution.tried), 'value')} tried on the same draws, "
        f"{counted(effort.start, 'replication')} each{more}; seed {solution.seed}"
    )


def _table(solution: Solution) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column(Name(solution.vary.path))
    table.add_column("Repli-\ncations", justify="right")
    for condition in solution.conditions:
        table.add_column(Name(condition.row.name, f"({100 * solution.effort.level:.4g} %)"), justify="right")
    table.add_column("Holds")
    for tried in solution.tried:
        table.add_row(*_cells(solution, tried), style="bold" if tried == solution.answer else "")
    return table


def _cells(solution: Solution, tried: Tried) -> Iterator[str]:
    yield _spelled(tried)
    yield f"{tried.replications:,}"
    for condition, estimate in zip(solution.conditions, tried.estimates, strict=True):
        yield ("\n" if len(tried.estimates) > 1 else " ").join(condition.in_brief(estimate))
    yield HOLDS[tried.holds, tried.standing]
