"""Adoption: how many employees of the front line are enabled when, and how many wait for a class (R100, R101)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.model.piecewise import Piecewise, frozen

Ticks = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Adoption:
    """Employees who are enabled one after another; the first to be called is the first to be enabled.

    Parameters
    ----------
    name
        Name in the config.
    population
        All there are.
    called
        Shape (employees called,), ticks, ascending: when the curve says that each is enabled.
    taught
        Shape (employees with a class,), ticks, ascending: when the class of each begins; without classes, ``called``.
    enabled
        Shape (employees enabled,), ticks, ascending: the start, or a midnight.
    trainers
        Over time; ``None`` without classes.
    waves
        Ticks of the dates on which waves with employees begin; ``None`` where the curve has none.
    """

    name: str
    population: int
    called: Ticks
    taught: Ticks
    enabled: Ticks
    trainers: Piecewise | None = None
    waves: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        for name in ("called", "taught", "enabled"):
            object.__setattr__(self, name, frozen(getattr(self, name), np.int64))
        assert len(self.called) >= len(self.taught) >= len(self.enabled), "R101: nobody overtakes"

    def at(self, instant: npt.ArrayLike) -> Ticks:
        """Return how many are enabled (any shape, ticks)."""
        return np.searchsorted(self.enabled, instant, side="right")

    def waiting(self, instant: npt.ArrayLike) -> Ticks:
        """Return how many are called and wait for a class to begin (any shape, ticks)."""
        called = np.searchsorted(self.called, instant, side="right")
        return called - np.searchsorted(self.taught, instant, side="right")


def enabled_of(adoptions: tuple[Adoption, ...], instant: npt.ArrayLike) -> Ticks:
    """Return how many are enabled in all adoptions together (any shape, ticks)."""
    none = np.zeros(np.shape(instant), dtype=np.int64)
    return sum((each.at(instant) for each in adoptions), start=none)
