"""Ranges without an answer: what was found at their ends, and what the fluid forecast says of it (R124)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, NoReturn

from simsocial.config.vary import Vary
from simsocial.errors import Fault, InputError
from simsocial.measure.definitions import Kind
from simsocial.model.scenario import Scenario
from simsocial.study.check import check
from simsocial.study.solve.conditions import Condition
from simsocial.study.solve.trials import Trials

if TYPE_CHECKING:
    from simsocial.study.solve.finding import Found


def refuse_same_ends(
    trials: Trials, vary: Vary, scenario: Callable[[int], Scenario], *, between: Sequence[int]
) -> NoReturn:
    """Refuse a range at whose ends the conditions hold alike, with what was found there and where it is otherwise."""
    last = len(vary) - 1
    always = trials.judgement(0).holds
    if between:
        told = f"{'fails' if always else 'holds'} at {_listed(vary, between)} but not at the ends of the range"
        _refuse(vary, trials, f"{told}: {_found(trials, vary, (0, *between, last))}; let the range begin or end there")
    ends = _nearest(trials, last, best=not always)
    found = f"{'holds at every value tried, even' if always else 'holds at no value tried; nearest'} at"
    forecast = " and ".join(f"{_forecast(scenario(end))} at {vary.written(end)}" for end in ends)
    beyond = f" beyond {vary.written(ends[0])}" if len(ends) == 1 else ""
    _refuse(
        vary,
        trials,
        f"{found} {_found(trials, vary, ends)}; by the fluid forecast {forecast}; extend the range{beyond}",
    )


def refuse_never_sure(conditions: Collection[Condition]) -> None:
    """Refuse to be sure that something happens in no replication, or in all: no number of them is enough."""
    for each in conditions:
        if each.row.kind is Kind.SHARE and each.limit == (0 if each.at_most else 1):
            less = "1 %" if each.at_most else "99 %"
            told = f"no number of replications makes sure of {each}; ask for such as {less}"
            raise InputError(Fault(told, "--sure"))


def refuse_unsure(trials: Trials, vary: Vary, found: Found) -> None:
    """Refuse to name a sure value where no value tried surely holds."""
    if found.crossing.furthest is None:
        end = found.order[-1]
        told = f"holds at {vary.written(found.crossing.holding)} by the estimate, but nowhere surely"
        more = f"more than {trials.effort.most} replications (--most) may tell, or a wider range"
        _refuse(vary, trials, f"{told}: {_found(trials, vary, [end])}; {more}")


def _refuse(vary: Vary, trials: Trials, message: str) -> NoReturn:
    asked = " and ".join(map(str, trials.conditions))
    raise InputError(Fault(f"{asked} {message}", vary.option))


def _listed(vary: Vary, places: Collection[int]) -> str:
    return ", ".join(map(vary.written, places))


def _found(trials: Trials, vary: Vary, places: Collection[int]) -> str:
    """Tell what the measures are at places, such as ``20: mentions.respond.p_behind 92 % (97.5 %: 75 to 98 %)``."""
    return "; ".join(f"{vary.written(place)}: {_measures(trials, place)}" for place in places)


def _measures(trials: Trials, place: int) -> str:
    told = zip(trials.conditions, trials.estimates(place), strict=True)
    return ", ".join(f"{condition.row.name} {condition.with_interval(estimate)}" for condition, estimate in told)


def _nearest(trials: Trials, last: int, *, best: bool) -> list[int]:
    """Return the end at which the first condition is nearest to being met, or to failing; both when they are equal."""
    condition = trials.conditions[0]
    values = {end: trials.estimates(end)[0].value for end in (0, last)}
    wanted = min(values.values()) if condition.at_most == best else max(values.values())
    return [end for end, value in values.items() if value == wanted]


def _forecast(scenario: Scenario) -> str:
    first = check(scenario).first_overloaded
    if first is None or first.first_overloaded is None:
        return "no stage is overloaded"
    return f"{first.stage} is overloaded from the week of {first.first_overloaded.date()} on"
