"""The verdict of a sensitivity study: on which assumption the answer hangs, in words (R125, R126)."""

from __future__ import annotations

import math
from collections.abc import Sequence

from simsocial.config.ranges import RangedInput
from simsocial.measure.rows import Row
from simsocial.measure.sobol import Indices
from simsocial.measure.stats import Estimate
from simsocial.study.sensitivity import Sensitivity
from simsocial.study.sensitivity.swings import Swing
from simsocial.units import DURATIONS, format_amount, format_duration


def sentences(found: Sensitivity) -> tuple[str, ...]:
    """Return a sentence for each measure: which input it hangs on, and what the others do."""
    return tuple(_sentence(found, row) for row in found.swings)


def by_weight(found: Sensitivity, row: Row) -> list[tuple[Swing, Indices | None]]:
    """Return every input's swing and indices, the weightiest first: by total index, without indices by swing."""
    indices = dict(zip(found.inputs, found.indices[row], strict=True)) if found.indices else {}
    told = [(swing, indices.get(swing.input)) for swing in found.swings[row]]
    return sorted(told, key=lambda each: -(each[1].total.value if each[1] else each[0].size))


def value_in_words(row: Row, value: float) -> str:
    """Write a value of a measure: shares and plain ratios in per cent."""
    if math.isnan(value):
        return "nothing"
    if row.unit in DURATIONS:
        return format_duration(value * DURATIONS[row.unit]) if math.isfinite(value) else "never"
    return f"{format_amount(value)} {row.unit}" if row.unit else f"{100 * value:.3g} %"


def difference_in_words(row: Row, difference: float) -> str:
    """Write how much a measure changes, with its sign; shares and plain ratios in points of a hundred."""
    if math.isnan(difference):
        return "nothing"
    sign, size = "−" if difference < 0 else "+" if difference > 0 else "", abs(difference)
    if math.isinf(size):
        return f"{sign}∞"
    return sign + (value_in_words(row, size) if row.unit else f"{100 * size:.3g} points")


def _sentence(found: Sensitivity, row: Row) -> str:
    told = by_weight(found, row)
    (first, indices), others = told[0], told[1:]
    if not any(_moves(*each) for each in told):
        return f"{row.name} hangs on none of them: {_still(found, row)}"
    return f"{row.name} hangs on {_how(first)}{_explained(indices)}{_besides(first, indices, others)}"


def _moves(swing: Swing, indices: Indices | None) -> bool:
    return swing.told or (indices is not None and indices.total.low > 0)


def _still(found: Sensitivity, row: Row) -> str:
    swings = found.swings[row]
    value = value_in_words(row, swings[0].base)
    if not any(each.size for each in swings):
        return f"it is {value} at both ends of every range"
    return f"no range moves it from {value} by more than {found.replications} replications can tell from chance"


def _how(swing: Swing) -> str:
    row, each = swing.row, swing.input
    ends = f"{value_in_words(row, swing.low)} at {each.low}, {value_in_words(row, swing.high)} at {each.high}"
    if swing.widest is swing.across:
        return f"{each.path}: {ends} ({_briefly(row, swing.across)})"
    return f"{each.path}: {ends}, {value_in_words(row, swing.base)} at {each.value} ({_briefly(row, swing.widest)})"


def _briefly(row: Row, made: Estimate) -> str:
    low, high = (difference_in_words(row, limit) for limit in (made.low, made.high))
    return (
        f"{difference_in_words(row, made.value)}, {100 * made.confidence:g} %: {low.removesuffix(' points')} to {high}"
    )


def _explained(indices: Indices | None) -> str:
    if indices is None:
        return ""
    total = indices.total
    limits = f"{100 * total.confidence:g} %: {100 * total.low:.0f}–{100 * total.high:.0f} %"
    return f"; all in all it explains {100 * total.value:.0f} % of what varies ({limits})"


def _besides(first: Swing, indices: Indices | None, others: Sequence[tuple[Swing, Indices | None]]) -> str:
    """Say which inputs may matter as much, as their intervals meet; else what the next does."""
    if not others:
        return ""
    rivals = [each.input for each, its in others if _moves(each, its) and _meet(first, indices, each, its)]
    if rivals:
        return f"; {_listed(rivals)} may matter as much"
    second = others[0][0]
    if not _moves(*others[0]):
        return "; nothing else moves it by more than chance"
    return f"; next comes {second.input.path} ({difference_in_words(second.row, second.widest.value)})"


def _meet(one: Swing, its: Indices | None, other: Swing, others: Indices | None) -> bool:
    if its is not None and others is not None:
        return others.total.high >= its.total.low
    return _limits(other.widest)[1] >= _limits(one.widest)[0]


def _limits(made: Estimate) -> tuple[float, float]:
    """Return the limits of how large a difference is, whatever its sign."""
    low, high = sorted((abs(made.low), abs(made.high)))
    return (0.0 if made.low <= 0 <= made.high else low), high


def _listed(inputs: Sequence[RangedInput]) -> str:
    paths = [each.path for each in inputs]
    return paths[0] if len(paths) == 1 else f"{', '.join(paths[:-1])} and {paths[-1]}"
