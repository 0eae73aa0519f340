"""Lengths of time: a law's quantiles at addressed uniforms, rounded to ticks (R1, R19)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simsocial.draw.randomness import Floats, Lineage, Uniforms
from simsocial.model.laws import BELOW_ONE, Deterministic, Law

Ticks = npt.NDArray[np.int64]

HALVINGS = 54
"""Of [0, 1), until its halves are neighbouring doubles."""
LONGEST = 2**53
"""Ticks, 285 000 years: a heavy tail's rare giant is cut to it, so that sums of instants stay within 64 bits."""


def durations(law: Law, u: Floats) -> Ticks:
    """Return the lengths of time at the uniforms ``u`` (any shape), ticks, at least 1."""
    return _whole(law.quantile(u))


def patience(law: Law, u: Floats) -> Ticks:
    """Return the patience at the uniforms ``u`` (any shape), ticks; only one of exactly zero stays 0."""
    amount = law.quantile(u)
    return _whole(amount) * (amount > 0)


def patience_beyond(law: Law, u: Floats, age: Ticks) -> Ticks:
    """Return the patience at the uniforms ``u`` on condition that it exceeds ``age``; both of shape (messages,), ticks.

    The levels of the law at and below the age are found by halving, those above it are stretched over [0, 1).
    """
    low, high = np.zeros(len(age)), np.full(len(age), BELOW_ONE)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        beyond = law.quantile(middle) > age
        low, high = np.where(beyond, low, middle), np.where(beyond, middle, high)
    level = np.where(law.quantile(np.zeros(len(age))) > age, 0.0, high)
    amount = law.quantile(np.minimum(level + u * (1 - level), BELOW_ONE))
    return np.maximum(_whole(amount), age + 1)


def uniforms_for(law: Law, uniforms: Uniforms, lineage: Lineage, *, visit: int = 1) -> Floats:
    """Return a uniform for every message, shape (messages,); a law that asks for none is given zeros undrawn."""
    return np.zeros(len(lineage)) if isinstance(law, Deterministic) else uniforms.of(lineage, visit=visit)


def _whole(amount: Floats) -> Ticks:
    return np.clip(np.rint(amount), 1, LONGEST).astype(np.int64)
