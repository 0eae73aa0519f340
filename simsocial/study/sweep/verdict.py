"""What a sweep says in a sentence: at how many of its points a stage or team falls behind, surely or never."""

from __future__ import annotations

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

    @property
    def sentence(self) -> str:
        """Return that in words."""
        parts = ((self.hardly, "below 5 %"), (self.between, "between"), (self.nearly, "above 95 %"))
        told = ", ".join(f"{where} at {_share(number, self.points)}" for number, where in parts)
        return f"P(behind) of {self.name}: {told} of {self.points:,} points"


def fared(folder: Path) -> list[Behind]:
    """Return how each stage and team fares whose P(behind) the sweep has kept, the worst first."""
    sweep = SweepTables.read(folder)
    names = [name for name in sweep.measures if name.rpartition(".")[2] == BEHIND]
    found = [_behind(sweep, name) for name in names]
    return sorted((each for each in found if each.points), key=lambda each: (each.hardly - each.nearly) / each.points)


def sentences(found: list[Behind]) -> list[str]:
    """Return a sentence for each of the worst, and how many more there are."""
    more = len(found) - MOST_TOLD
    told = [each.sentence for each in found[:MOST_TOLD]]
    return [*told, f"and {more} more, see the results"] if more > 0 else told


def _behind(sweep: SweepTables, name: str) -> Behind:
    value = sweep.told(name).value
    value = value[~np.isnan(value)]
    hardly, nearly = int((value < HARDLY).sum()), int((value > NEARLY).sum())
    return Behind(name.removesuffix(f".{BEHIND}"), len(value), hardly, len(value) - hardly - nearly, nearly)


def _share(number: int, points: int) -> str:
    if number in (0, points):
        return "none" if not number else "all"
    return f"{min(max(100 * number / points, 1), 99):.0f} %"
