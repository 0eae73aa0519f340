"""How much a change changes: every measure of two runs on the same draws, paired by replication."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from simsocial.errors import InputError
from simsocial.measure.definitions import Kind
from simsocial.measure.rows import Row
from simsocial.measure.stats import Estimate, order_quantile, paired, paired_ratios, paired_shares
from simsocial.model.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]
Values = tuple[Floats, Floats]
"""Numerator and denominator of a measure, shape (replications,) each."""


class Measured(Protocol):
    """A run as far as it is compared: :class:`~simsocial.simulation.results.Results`, or what a folder holds of it."""

    @property
    def scenario(self) -> Scenario: ...
    @property
    def seed(self) -> int: ...
    @property
    def first(self) -> int: ...
    @property
    def rows(self) -> tuple[Row, ...]: ...
    @property
    def numerators(self) -> Floats: ...
    @property
    def denominators(self) -> Floats: ...
    @property
    def estimates(self) -> Sequence[Estimate]: ...
    def __len__(self) -> int: ...


class Change(NamedTuple):
    """A measure before and after, and by how much the replications differ (R43)."""

    row: Row
    before: float
    after: float
    difference: Estimate


def compare(before: Measured, after: Measured) -> pd.DataFrame:
    """Compare two runs whose replications have the same draws.

    Replication i has the same messages in both, as far as their config is the same, so that the difference is the
    change's and little of it is luck.

    Parameters
    ----------
    before, after
        Runs of the same seed and the same replications.

    Returns
    -------
    DataFrame
        One row per measure that both have: ``stream``, ``step``, ``team``, ``measure``, ``unit``, ``before`` and
        ``after`` (their values), ``difference`` (after − before) and its limits ``low`` and ``high``, ``confidence``,
        ``n``. Means by Student's interval of the paired differences, ratios by the delta method, shares of replications
        by Newcombe's paired interval, quantiles by the median of the paired differences, infinite where it never
        happens in one of the two; pairs in which it never happens in both are left out (R43).

    Raises
    ------
    InputError
        When seeds or replications differ.
    """
    import pandas as pd

    rows = [
        (
            *(each.row.stream, each.row.step, each.row.team, each.row.measure, each.row.unit),
            *(each.before, each.after),
            *(each.difference.value, each.difference.low, each.difference.high),
            *(each.difference.confidence, each.difference.n),
        )
        for each in changes(before, after)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def changes(before: Measured, after: Measured) -> Iterator[Change]:
    """Yield every measure that both runs have, in the order of ``after``; see :func:`compare`.

    Raises
    ------
    InputError
        When seeds or replications differ.
    """
    _refuse_unpaired(before, after)
    earlier = {row: number for number, row in enumerate(before.rows)}
    for number, row in enumerate(after.rows):
        if row in earlier:
            place = earlier[row]
            made = difference(
                row.kind, values_of(after, number), values_of(before, place), after.scenario.run.confidence
            )
            yield Change(row, before.estimates[place].value, after.estimates[number].value, made)


COLUMNS = (
    *("stream", "step", "team", "measure", "unit", "before", "after"),
    *("difference", "low", "high", "confidence", "n"),
)


def values_of(results: Measured, row: int) -> Values:
    """Return what the replications of a run measured in one row."""
    return results.numerators[:, row], results.denominators[:, row]


def difference(kind: Kind, after: Values, before: Values, confidence: float) -> Estimate:
    """Estimate how much larger a measure is in one run than in another, replication by replication (R43)."""
    if kind is Kind.RATIO:
        return paired_ratios(after, before, confidence)
    if kind is Kind.QUANTILE:
        told = np.isfinite(after[0]) | np.isfinite(before[0])  # never less never is nothing that has a sign
        later = after[0][told] - before[0][told]
        return order_quantile(later[~np.isnan(later)], 0.5, confidence)
    if kind is Kind.SHARE:
        return paired_shares(after[0], before[0], confidence)
    return paired(after[0], before[0], confidence)


def _refuse_unpaired(before: Measured, after: Measured) -> None:
    for name in ("seed", "first"):
        one, other = getattr(before, name), getattr(after, name)
        if one != other:
            raise InputError(f"{name}: runs are compared on the same draws (got {one} and {other})")
    if len(before) != len(after):
        raise InputError(f"replications: runs are compared one by one (got {len(before)} and {len(after)})")
