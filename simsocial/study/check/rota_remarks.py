"""What in a rota of named people may be a slip of the pen: duty for days, other years, idle people, names (R68)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from simsocial.model.rota import ON_DUTY, Rota
from simsocial.model.scenario import Scenario
from simsocial.units import DAY, format_duration

SHOWN = 3
"""Names that are written out; the others are counted."""


def slips(scenario: Scenario, rota: Rota) -> Iterator[str]:
    """Yield a sentence for each kind of what should be looked at."""
    yield from _endless(scenario, rota)
    yield from _outside(scenario, rota)
    yield from _never(scenario, rota)
    yield from _alike(rota)


def _endless(scenario: Scenario, rota: Rota) -> Iterator[str]:
    """Yield the stretches on duty, of rows that touch, of more than a day."""
    on_duty = rota.why == ON_DUTY
    agent, start, end = rota.agent[on_duty], rota.start[on_duty], rota.end[on_duty]
    apart = (np.diff(agent) > 0) | (start[1:] > end[:-1])
    first = np.flatnonzero(np.append(True, apart)[: len(agent)])
    last = np.flatnonzero(np.append(apart, True)[: len(agent)])
    lengths = end[last] - start[first]
    said = [
        f"{rota.agents[agent[first[k]]]} for {format_duration(int(lengths[k]))} "
        f"from {scenario.when(start[first[k]]):%a %Y-%m-%d %H:%M}"
        for k in np.flatnonzero(lengths > DAY).tolist()
    ]
    if said:
        yield f"on duty for more than a day without a pause: {_some(said)}"


def _outside(scenario: Scenario, rota: Rota) -> Iterator[str]:
    """Yield the rows that count for nothing because they lie before or after the run."""
    rows = np.flatnonzero((rota.end <= 0) | (rota.start >= scenario.horizon)).tolist()
    said = [f"{rota.agents[rota.agent[row]]} from {scenario.when(rota.start[row]):%a %Y-%m-%d %H:%M}" for row in rows]
    if said:
        number = "1 row of its file lies" if len(said) == 1 else f"{len(said):,} rows of its file lie"
        yield f"{number} outside the run: {_some(said)}"


def _never(scenario: Scenario, rota: Rota) -> Iterator[str]:
    """Yield the people who are never on duty in the run."""
    inside = (rota.why == ON_DUTY) & (rota.end > 0) & (rota.start < scenario.horizon)
    there = set(rota.agent[inside].tolist())
    said = [name for number, name in enumerate(rota.agents) if number not in there]
    if said:
        yield f"never on duty in the run: {_some(said)}"


def _alike(rota: Rota) -> Iterator[str]:
    """Yield the names that differ only in case or spaces."""
    same: defaultdict[str, list[str]] = defaultdict(list)
    for name in rota.agents:
        same["".join(name.split()).casefold()].append(name)
    said = [" and ".join(f"'{name}'" for name in names) for names in same.values() if len(names) > 1]
    if said:
        yield f"names that may be those of one person: {_some(said)}"


def _some(said: Sequence[str]) -> str:
    more = f", and {len(said) - SHOWN:,} more" if len(said) > SHOWN else ""
    return f"{'; '.join(said[:SHOWN])}{more}"
