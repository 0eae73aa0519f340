"""What was tried to solve a config: a measure over the value that varied, its limit, and the answer (R124)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from simsocial.report.figures.style import BLUE, INK, RED, finish
from simsocial.study.solve.solution import Solution

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def solved(axes: Axes, solution: Solution, *, condition: int = 0) -> Axes:
    """Draw the measure of one condition at every value tried.

    Parameters
    ----------
    axes
        To draw into.
    solution
        From :func:`simsocial.solve`.
    condition
        Which, from 0.
    """
    asked = solution.conditions[condition]
    percent = 100.0 if asked.is_share else 1.0
    for tried in solution.tried:
        low, high = (percent * limit for limit in (tried.estimates[condition].low, tried.estimates[condition].high))
        axes.vlines(_place(solution, tried.number), low, high, color=BLUE, alpha=0.3, linewidth=3)
    _estimates(axes, solution, condition, percent)
    axes.axhline(percent * asked.limit, color=RED, linestyle="--", linewidth=1, label=f"limit {asked.written}")
    axes.axvline(_place(solution, solution.answer.number), color=INK, linestyle=":", linewidth=1, label="answer")
    axes.axvspan(
        *_span(solution), color=INK, alpha=0.12, linewidth=0, label=f"its {_level(solution.effort.confidence)} interval"
    )
    axes.set_xlabel(f"{solution.vary.path}{f', {solution.vary.unit}' if solution.vary.unit else ''}")
    unit = "%" if asked.is_share else asked.row.unit
    return finish(axes, title=str(asked), ylabel=unit)


def _estimates(axes: Axes, solution: Solution, condition: int, percent: float) -> None:
    """Mark the estimates, hollow where few replications only led the way; a line joins the others."""
    effort = solution.effort
    for number in dict.fromkeys((effort.start, effort.most)):
        told = [tried for tried in solution.tried if tried.replications == number]
        where = [_place(solution, tried.number) for tried in told]
        values = [percent * tried.estimates[condition].value for tried in told]
        judged = number == effort.most
        filled, line = (BLUE, "-") if judged else ("white", "")
        marks = axes.plot(where, values, color=BLUE, marker="o", markersize=4, linewidth=1, linestyle=line)[0]
        marks.set_markerfacecolor(filled)
        marks.set_label(f"{number:,} replications,\n{_level(effort.level)} interval")


def _span(solution: Solution) -> tuple[Any, Any]:
    """Return the ends of the answer's interval, half a step further; those of the range where it goes beyond it."""
    vary = solution.vary
    half = 0.5 * float(vary.step)
    low = vary.low if solution.low is None else solution.low.number
    high = vary.high if solution.high is None else solution.high.number
    return _place(solution, float(low) - half), _place(solution, float(high) + half)


def _level(confidence: float) -> str:
    return f"{100 * confidence:.4g} %"


def _place(solution: Solution, number: float) -> Any:
    if not solution.vary.dates:
        return number
    return dt.datetime.fromordinal(int(number)) + dt.timedelta(days=number - int(number))
