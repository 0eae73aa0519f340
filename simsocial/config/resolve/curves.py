"""When curves of adoption reach each employee: linear, compound, logistic, Bass, waves (R100)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

from simsocial.config import adoption as written
from simsocial.config.amounts import Rate
from simsocial.config.resolve.world import Span

Floats = npt.NDArray[np.float64]


def reached(adoption: written.AnyAdoption, span: Span) -> Floats:
    """Return when a curve reaches one employee, two, three, … and the population.

    Parameters
    ----------
    adoption
        As written.
    span
        Of the run.

    Returns
    -------
    Shape (population,), ticks, ascending; 0 of those enabled at the start, infinite of those never reached.
    """
    number = np.arange(1.0, adoption.population + 1)
    with np.errstate(divide="ignore", invalid="ignore"):  # a curve that does not rise reaches nobody
        instant = _rising(adoption, number, span)
    instant[: adoption.start or 0] = 0.0
    return np.where(np.isnan(instant), np.inf, instant.clip(min=0))


def _rising(adoption: written.AnyAdoption, number: Floats, span: Span) -> Floats:
    match adoption:
        case written.LinearAdoption(start=start, rate=rate):
            return (number - start) / _per_tick(rate)
        case written.CompoundAdoption(start=start, growth=growth):
            return np.log(number / start) / np.float64(growth.log_per_tick)
        case written.LogisticAdoption():
            return _logistic(adoption, number)
        case written.BassAdoption():
            return _bass(adoption, number)
        case written.WavesAdoption(start=start):
            waves = [wave for _, wave in adoption.in_order]
            dates = np.array([max(span.tick(wave.date), 0) for wave in waves], dtype=np.float64)
            size = [wave.employees for wave in waves]
            never = adoption.population - start - sum(size)
            return np.concatenate([np.zeros(start), np.repeat(dates, size), np.full(never, np.inf)])
    raise AssertionError("a curve that the vocabulary does not have")


def _logistic(adoption: written.LogisticAdoption, number: Floats) -> Floats:
    """Enabled / not enabled = exp(k (t - midpoint)), so that k is the growth of the early ones."""
    odds = special.logit(number / adoption.population)
    if adoption.start is None:
        assert adoption.steepness is not None, "two of three are written"
        return odds / np.float64(adoption.steepness.log_per_tick) + np.float64(adoption.midpoint or 0)
    first = special.logit(adoption.start / adoption.population)
    if adoption.steepness is None:
        return (odds - first) * (np.float64(adoption.midpoint or 0) / -first)
    return (odds - first) / np.float64(adoption.steepness.log_per_tick)


def _bass(adoption: written.BassAdoption, number: Floats) -> Floats:
    """Solve dF/dt = (p + q F) (1 - F), Bass (1969), eq. 3: (p + q F) / (1 - F) grows as exp((p + q) t)."""
    p, q = _per_tick(adoption.innovation), _per_tick(adoption.imitation)

    def growing(share: Floats | float) -> Floats:
        return np.divide(p + q * share, 1.0 - share)

    return np.log(growing(number / adoption.population) / growing(adoption.start / adoption.population)) / (p + q)


def _per_tick(rate: Rate) -> np.float64:
    assert rate.ticks is not None, "a rate per open day is refused"
    return np.float64(rate.number) / rate.ticks
