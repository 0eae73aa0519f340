"""What a sweep says in a few lines: at how many of its points each stage and team falls behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from simsocial.study.sweep.reading import SweepTables

HARDLY, NEARLY = 0.05, 0.95
"""P(behind) below and above which a point counts as one where it hardly ever, and nearly always, falls behind."""
BEHIND: Final = "p_behind"
MOST_TOLD: Final = 3


@dataclass(frozen=True)
class Behind:
    """How a stage or team fares over the points of a sweep.

    Parameters
    ----------
    name
        Such as ``mentions.respond``.
    points
        That measured it.
    hardly, between, nearly
        At how many of them P(behind) is below 5 %, from there to 95 %, and above that.
    """

    name: str
    points: int
    hardly: int
    between: int
    nearly: int


def fared(folder: Path) -> list[Behind]:
    """Return how each stage and team fares whose P(behind) the sweep has kept, the worst first."""
    sweep = SweepTables.read(folder)
    names = [name for name in sweep.measures if name.rpartition(".")[2] == BEHIND]
    found = [_behind(sweep, name) for name in names]
    return sorted((each for each in found if each.points), key=lambda each: (each.hardly - each.nearly) / each.points)


def lines(found: Sequence[Behind]) -> list[str]:
    """Return a line for each of the worst, under a head line, and how many more there are; none where none is told."""
    if not found:
        return []
    told, more = found[:MOST_TOLD], len(found) - MOST_TOLD
    names = [f"P(behind) at {max(each.points for each in found):,} points", *(each.name for each in told)]
    shares = [_shares(each) for each in told]
    width = max(map(len, names))
    rows = zip(names, [("below 5 %", "between", "above 95 %"), *shares], strict=True)
    made = [f"{name:<{width}}  {below:>9}  {between:>7}  {above:>10}" for name, (below, between, above) in rows]
    return [*made, f"and {more} more, see the results"] if more > 0 else made


def _shares(each: Behind) -> tuple[str, ...]:
    """Return parts of the points in per cent; neither 0 nor 100 where it is not none or all."""
    parts = (each.hardly, each.between, each.nearly)
    whole = [100 * number / each.points for number in parts]
    return tuple(f"{part if part in (0, 100) else min(max(part, 1), 99):.0f} %" for part in whole)


def _behind(sweep: SweepTables, name: str) -> Behind:
    value = sweep.told(name).value
    value = value[~np.isnan(value)]
    hardly, nearly = int((value < HARDLY).sum()), int((value > NEARLY).sum())
    return Behind(name.removesuffix(f".{BEHIND}"), len(value), hardly, len(value) - hardly - nearly, nearly)
