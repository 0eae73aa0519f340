"""What comes on top of a stream's own arrivals: bursts, and messages that other messages bring (R73, R74)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simsocial.model.laws import Law

if TYPE_CHECKING:
    from simsocial.model.arrivals import OwnArrivals, RateArrivals, Timetable


@dataclass(frozen=True, eq=False)
class Burst:
    """Bursts of one kind: shot noise, or one on a date (R73).

    Parameters
    ----------
    name
        Inside its stream.
    begins
        When they begin: at a rate, or at given instants.
    size
        Mean number of messages of a burst.
    decay
        Law of the time from the burst's beginning to each of its messages, ticks.
    size_cv
        Coefficient of variation of the expected number from burst to burst.
    """

    name: str
    begins: RateArrivals | Timetable
    size: float
    decay: Law
    size_cv: float = 0.0


@dataclass(frozen=True)
class SelfExciting:
    """Every message brings further ones: Hawkes' process with an exponential kernel (R74).

    Parameters
    ----------
    ratio
        Branching ratio: mean number of messages that one brings directly; less than 1.
    decay
        Time constant of the kernel, ticks: the mean time from a message to one that it brings.
    """

    ratio: float
    decay: int

    def __post_init__(self) -> None:
        assert 0 <= self.ratio < 1, "R74: more would never come to an end"


@dataclass(frozen=True, eq=False)
class BurstyArrivals:
    """A stream's own arrivals and what comes on top of them.

    Parameters
    ----------
    own
        What would come without bursts.
    bursts
        Of every kind, in the config's order.
    excitement
        Of the own arrivals; messages of bursts bring none.
    """

    own: OwnArrivals
    bursts: tuple[Burst, ...] = ()
    excitement: SelfExciting | None = None
