"""What tools do to messages from a date on: drop them unseen, or answer them without people (R105–R107)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.model.piecewise import Piecewise

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Filter:
    """A tool that drops messages before anyone sees them (R106); shares over time, as of the arrival.

    Parameters
    ----------
    noise
        Share of the noise that it drops.
    lost
        Share of the actionable messages that it drops by mistake.
    """

    noise: Piecewise
    lost: Piecewise


@dataclass(frozen=True, eq=False)
class Automation:
    """A tool that does the work of a step (R107); everything over time, as of the message's arrival.

    Parameters
    ----------
    share
        Of the actionable messages that it tries.
    contained
        Share of those that it finishes; the others it hands over to people.
    quality
        Multiplies the rejection of what it finished, at each review's first look.
    handed_over
        Multiplies people's work on what it handed over.
    """

    share: Piecewise
    contained: Piecewise
    quality: Piecewise
    handed_over: Piecewise

    def alone(self, edges: npt.NDArray[np.int64]) -> Floats:
        """Return the mean share that it finishes between ``edges``, shape (buckets + 1,), ticks; shape (buckets,)."""
        return self._mean(edges, self.share, self.contained)

    def harder(self, edges: npt.NDArray[np.int64]) -> Floats:
        """Return what multiplies the work of a message that people do, as :meth:`alone`, on average."""
        every = np.ones(len(edges) - 1)
        tried, done = self.share.average(edges), self.alone(edges)
        heavier = self._mean(edges, self.share, self.handed_over) - self._mean(
            edges, self.share, self.contained, self.handed_over
        )
        left = every - done
        return np.where(left > 0, (every - tried + heavier) / np.where(left > 0, left, 1.0), 1.0)

    @staticmethod
    def _mean(edges: npt.NDArray[np.int64], *factors: Piecewise) -> Floats:
        """Return the mean over time of a product."""
        breaks = np.unique(np.concatenate([factor.breaks for factor in factors]))
        values = np.prod([factor.at(breaks) for factor in factors], axis=0)
        return Piecewise(breaks, values).average(edges)
