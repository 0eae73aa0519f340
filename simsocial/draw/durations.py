"""Lengths of time: a law's quantiles at addressed uniforms, rounded to ticks (R1, R19)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simsocial.draw.randomness import Floats, Lineage, Uniforms
from simsocial.model.laws import Deterministic, Law

Ticks = npt.NDArray[np.int64]

LONGEST = 2**53
"""Ticks, 285 000 years: a heavy tail's rare giant is cut to it, so that sums of instants stay within 64 bits."""


def durations(law: Law, u: Floats) -> Ticks:
    """Return the lengths of time at the uniforms ``u`` (any shape), ticks, at least 1."""
    return _whole(law.quantile(u))


def patience(law: Law, u: Floats) -> Ticks:
    """Return the patience at the uniforms ``u`` (any shape), ticks; only one of exactly zero stays 0."""
    amount = law.quantile(u)
    return _whole(amount) * (amount > 0)


def uniforms_for(law: Law, uniforms: Uniforms, lineage: Lineage, *, visit: int = 1) -> Floats:
    """Return a uniform for every message, shape (messages,); a law that asks for none is given zeros undrawn."""
    return np.zeros(len(lineage)) if isinstance(law, Deterministic) else uniforms.of(lineage, visit=visit)


def _whole(amount: Floats) -> Ticks:
    return np.clip(np.rint(amount), 1, LONGEST).astype(np.int64)
