"""Messages of bursts, and those that other messages bring: each indexed under what it comes from (R73–R75)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from scipy import special

from simsocial.draw.durations import durations
from simsocial.draw.randomness import Dice, DrawArrivals, Floats, Kind, Lineage, branch_named
from simsocial.model.bursts import Burst, SelfExciting
from simsocial.model.laws import Exponential, Gamma

Ticks = npt.NDArray[np.int64]
Drawn = tuple[Ticks, Lineage]


def plan_bursty(
    own: DrawArrivals,
    *,
    stream: str,
    excitement: SelfExciting | None,
    bursts: Sequence[tuple[Burst, DrawArrivals]],
) -> DrawArrivals:
    """Prepare to draw a stream's own arrivals together with what comes on top of them.

    Parameters
    ----------
    own
        Draws the stream's own arrivals.
    stream
        Its name.
    excitement
        Of the own arrivals.
    bursts
        Every kind of burst, each with what draws their beginnings.
    """

    def draw(dice: Dice) -> Drawn:
        parts = [own(dice)]
        if excitement is not None:
            parts += _descendants(*parts[0], excitement, stream, dice)
        parts += [_messages_of(burst, *begin(dice), stream, dice) for burst, begin in bursts]
        return _merged(parts)

    return draw


def poisson(mean: float | Floats, u: Floats) -> Ticks:
    """Return the Poisson quantiles at the uniforms ``u``, found as by ``scipy.stats.poisson.ppf``; 0 of mean 0."""
    some = np.asarray(mean) > 0
    at_most = np.ceil(special.pdtrik(u, np.where(some, mean, 1.0)))
    one_less = np.maximum(at_most - 1, 0)
    number: Ticks = (np.where(special.pdtr(one_less, mean) >= u, one_less, at_most) * some).astype(np.int64)
    return number


def _messages_of(burst: Burst, begun: Ticks, at: Lineage, stream: str, dice: Dice) -> Drawn:
    """Draw the messages of bursts that have ``begun``; a larger size adds messages and moves none (R73)."""
    name = f"{stream}.{burst.name}"
    size: float | Floats = burst.size
    if burst.size > 0 and burst.size_cv > 0:
        size = Gamma(burst.size, burst.size_cv).quantile(dice(name, Kind.BURST_SIZE).of(at))
    number = poisson(size, dice(name, Kind.FOLLOWERS).of(at))
    of = np.repeat(np.arange(len(begun)), number)
    index = np.arange(len(of)) - (np.cumsum(number) - number)[of]
    lineage = Lineage(at.week[of], branch_named(name, at.index)[of], index)
    return begun[of] + durations(burst.decay, dice(stream, Kind.FOLLOWER_DELAY).of(lineage)), lineage


def _descendants(
    arrival: Ticks, lineage: Lineage, excitement: SelfExciting, stream: str, dice: Dice
) -> Iterator[Drawn]:
    """Yield the generations that come of a stream's own messages, to the last, whatever the horizon.

    Under a message its descendants are numbered from 1 by generation, then parent, then child: that is their branch
    (R75). A generation is in the order of ancestors, so children of the same ancestor are neighbours.
    """
    brings, after = dice(stream, Kind.FOLLOWERS), dice(stream, Kind.FOLLOWER_DELAY)
    kernel = Exponential(excitement.decay)
    up_to = special.pdtr(np.arange(32), excitement.ratio)  # Poisson; of a mean below 1 the 32nd is 1 to the last bit
    ancestor = np.arange(len(arrival))
    numbered = np.zeros_like(ancestor)
    while len(arrival):
        parent = np.repeat(np.arange(len(arrival)), np.searchsorted(up_to, brings.of(lineage)))
        ancestor = ancestor[parent]
        rank = np.arange(len(ancestor)) - np.searchsorted(ancestor, ancestor)
        lineage = Lineage(lineage.week[parent], numbered[ancestor] + rank + 1, lineage.index[parent])
        numbered += np.bincount(ancestor, minlength=len(numbered))
        arrival = arrival[parent] + durations(kernel, after.of(lineage))
        yield arrival, lineage


def _merged(parts: Sequence[Drawn]) -> Drawn:
    """Sort by arrival, then week, branch and index."""
    arrival = np.concatenate([each for each, _ in parts])
    fields = (np.concatenate([getattr(each, name) for _, each in parts]) for name in ("week", "branch", "index"))
    lineage = Lineage(*fields)
    order = np.argsort(arrival, kind="stable")
    ascending = arrival[order]
    again = np.flatnonzero(ascending[1:] == ascending[:-1])
    tied = np.union1d(again, again + 1)
    equal = order[tied]
    order[tied] = equal[np.lexsort((lineage.index[equal], lineage.branch[equal], lineage.week[equal], arrival[equal]))]
    return ascending, lineage.take(order)
